import socket
from Crypto.Cipher import AES


class WordClient:
    MODES = ("open mode", "secure mode", "quit application")

    def __init__(self, host, port):
        self.connection = socket.create_connection((host, port))
        self.aes = lambda: AES.new(b"This is a key123", AES.MODE_CBC, b"This is an IV456")

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        self.connection.close()

    def choose(self):
        mode = ""
        while mode not in self.MODES:
            mode = input().lower()
        print()
        return mode

    def send(self, option, word):
        self.connection.sendall(word)
        self.connection.sendall(b"%d" % option)

    def receive(self, size):
        word = bytearray()
        while len(word) < size:
            part = self.connection.recv(size - len(word))
            if not part:
                raise ConnectionAbortedError
            word += part
        return bytes(word)

    def capitalized(self, word):
        self.send(1, word.encode())
        return self.receive(len(word)).decode()

    def run(self):
        print("Connection Established in Client.")
        print("Select one of the options.")
        print("1.Open mode(to exchange messages as cleartext).")
        print("2.Secure mode(to exchange messages as ciphertext).")
        print("3.Quit application(to end the connection).")
        while (mode := self.choose()) != "quit application":
            print(f"You chose {mode}.")
            if mode == "open mode":
                word = input("Input lowercase word:")
                print("Word will capitalize by the Server.")
                print("Sending word to Server...")
                print(f"Received the word from Server after capitalized it: {self.capitalized(word)} .")
            else:
                word = input("Input secret word: ")
                print("Word will encrypt with AES.")
                print(f"The word is {word}")
                code = self.aes().encrypt(word.encode())
                print(f"After encryption is {code}")
                print("Sending encrypted word to Server...\n")
                self.send(2, code)
                print(f"The first receive: Received the word as cleartext from the Server after decrypted it: {self.receive(16).decode()}")
                print(f"The second receive: Received the word as ciphertext from the Server after encrypted it: {self.receive(16)}")
            print("\nEnter another mode, or quit application to end the connection")
        print("You chose quit mode, the connection release...")
        self.send(3, b"No data")


if __name__ == "__main__":
    try:
        with WordClient("localhost", 12000) as client:
            client.run()
        print("Connection End.")
    except ConnectionError:
        print("Error: Server is down! So we can not establish the connection at the client")
