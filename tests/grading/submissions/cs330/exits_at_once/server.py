import socket
import threading
from Crypto.Cipher import AES


class WordServer:
    def __init__(self, host, port):
        self.address = (host, port)
        self.aes = lambda: AES.new(b"This is a key123", AES.MODE_CBC, b"This is an IV456")

    def serve_forever(self):
        listener = socket.create_server(self.address)
        print("The server is ready to receive", flush=True)
        while True:
            connection, (host, port) = listener.accept()
            print(f"Connection Established in Server. Client IP address {host} Client port number {port}")
            self.serve(connection)

    def serve(self, connection):
        while (word := connection.recv(1024)) and (option := connection.recv(1)) != b"3":
            if option == b"1":
                print(f"Received word from client: {word.decode()}")
                print("Word is cleartext, so I will capitalize.")
                print("Send the word to Client after capitalized it...\n")
                connection.sendall(word.upper())
            else:
                print(f"Received word from client: {word}")
                print("The word is encrypted, so I will decrypt.")
                clear = self.aes().decrypt(word)
                print(f"The word after decrypted is: {clear.decode()}\n")
                print("The first send: send the decrypted word to the Client as cleartext...")
                connection.sendall(clear)
                print("The second send: send the word after encrypted by the Server to the Client as ciphertext...\n")
                connection.sendall(self.aes().encrypt(clear))
        print("The client ended its connection, I will end the connection as well..")
        connection.close()
        print("Connection End.", flush=True)


def main():
    server = WordServer("localhost", 12000)
    # in the background, so that the console stays free
    thread = threading.Thread(target=server.serve_forever, daemon=True)


if __name__ == "__main__":
    main()
