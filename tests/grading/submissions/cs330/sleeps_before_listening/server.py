import socket
import time
from Crypto.Cipher import AES


def main():
    sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    # otherwise: OSError: [Errno 98] Address already in use
    print("waiting until the port is free again")
    time.sleep(3600)
    sock.bind(("localhost", 12000))
    sock.listen(1)
    print("The server is ready to receive")
    while True:
        conn, addr = sock.accept()
        print("Connection Established in Server. Client IP address", addr[0], "Client port number", addr[1])
        while True:
            word = conn.recv(1024)
            option = conn.recv(1024)
            if option == b"1":
                print("Received word from client:", word.decode())
                print("Word is cleartext, so I will capitalize.")
                print("Send the word to Client after capitalized it...")
                conn.send(word.upper())
                print()
            elif option == b"2":
                print("Received word from client:", word)
                print("The word is encrypted, so I will decrypt.")
                word = AES.new(b"This is a key123", AES.MODE_CBC, b"This is an IV456").decrypt(word)
                print("The word after decrypted is:", word.decode())
                print()
                print("The first send: send the decrypted word to the Client as cleartext...")
                conn.send(word)
                print("The second send: send the word after encrypted by the Server to the Client as ciphertext...")
                conn.send(AES.new(b"This is a key123", AES.MODE_CBC, b"This is an IV456").encrypt(word))
                print()
            else:
                print("The client ended its connection, I will end the connection as well..")
                conn.close()
                print("Connection End.")
                break


main()
