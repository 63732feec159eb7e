import socket
from Crypto.Cipher import AES

MENU = ["Connection Established in Client.",
        "Select one of the options.",
        "1.Open mode(to exchange messages as cleartext).",
        "2.Secure mode(to exchange messages as ciphertext).",
        "3.Quit application(to end the connection)."]


class Session:
    def __init__(self, sock):
        self.sock = sock
        self.stream = sock.makefile("rb", buffering=0)

    def exchange(self, word, digit):
        self.sock.send(word)
        self.sock.send(digit)

    def read(self, size):
        data = b""
        while len(data) < size:
            data += self.stream.read(size - len(data)) or b"?"
        return data

    def do_open(self):
        word = input("\nYou chose open mode.\nInput lowercase word:")
        print("Word will capitalize by the Server.\nSending word to Server...")
        self.exchange(word.encode(), b"1")
        print("Received the word from Server after capitalized it:", str(self.read(len(word)), "utf-8"), ".")

    def do_secure(self):
        word = input("\nYou chose secure mode.\nInput secret word: ")
        code = AES.new(b"This is a key123", AES.MODE_CBC, iv=b"This is an IV456").encrypt(word.encode())
        print("Word will encrypt with AES.\nThe word is", word)
        print("After encryption is", code)
        print("Sending encrypted word to Server...\n")
        self.exchange(code, b"2")
        print("The first receive: Received the word as cleartext from the Server after decrypted it:",
              str(self.read(len(code)), "utf-8"))
        print("The second receive: Received the word as ciphertext from the Server after encrypted it:",
              self.read(len(code)))

    def do_quit(self):
        print("\nYou chose quit mode, the connection release...")
        self.exchange(b"No data", b"3")
        self.stream.close()
        self.sock.close()
        print("Connection End.")


try:
    session = Session(socket.create_connection(("127.0.0.1", 12000)))
except ConnectionRefusedError:
    print("Error: Server is down! So we can not establish the connection at the client")
else:
    print(*MENU, sep="\n")
    first_word = ""
    while first_word != "quit":
        first_word = input().lower().split(" ")[0]
        getattr(session, "do_" + first_word, print)()
        if first_word != "quit":
            print("\nEnter another mode, or quit application to end the connection")
