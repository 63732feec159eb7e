"""Client for the capitalizing and encrypting server."""

import queue
import socket
import threading

from Crypto.Cipher import AES

MENU = """Connection Established in Client.
Select one of the options.
1.Open mode(to exchange messages as cleartext).
2.Secure mode(to exchange messages as ciphertext).
3.Quit application(to end the connection)."""


class Receiver(threading.Thread):
    """Reads what the server sends, byte by byte, into a queue."""

    def __init__(self, sock):
        super().__init__(daemon=True)
        self.sock = sock
        self.bytes = queue.Queue()

    def run(self):
        try:
            while data := self.sock.recv(1024):
                for byte in data:
                    self.bytes.put(byte)
        except OSError:
            pass

    def take(self, count):
        return bytes(self.bytes.get(timeout=10) for _ in range(count))


class Client:
    def __init__(self, host, port):
        self.sock = socket.create_connection((host, port))
        self.receiver = Receiver(self.sock)
        self.receiver.start()
        self.actions = {"open mode": self.open_mode, "secure mode": self.secure_mode}

    def send(self, word, digit):
        self.sock.sendall(word)
        self.sock.sendall(digit)

    def run(self):
        print(MENU)
        while (choice := input().strip().lower()) != "quit application":
            action = self.actions.get(choice)
            if action:
                action()
            print("\nEnter another mode, or quit application to end the connection")
        print("\nYou chose quit mode, the connection release...")
        self.send(b"No data", b"3")
        self.sock.close()
        print("Connection End.")

    def open_mode(self):
        print("\nYou chose open mode.")
        word = input("Input lowercase word:").encode()
        print("Word will capitalize by the Server.\nSending word to Server...")
        self.send(word, b"1")
        answer = self.receiver.take(len(word)).decode()
        print(f"Received the word from Server after capitalized it: {answer} .")

    def secure_mode(self):
        print("\nYou chose secure mode.")
        word = input("Input secret word: ")
        secret = AES.new(b"This is a key123", AES.MODE_CBC, b"This is an IV456").encrypt(word.encode())
        print(f"Word will encrypt with AES.\nThe word is {word}\nAfter encryption is {secret}")
        print("Sending encrypted word to Server...\n")
        self.send(secret, b"2")
        clear = self.receiver.take(len(word)).decode()
        print("The first receive: Received the word as cleartext from the Server after decrypted it:", clear)
        again = self.receiver.take(len(secret))
        print("The second receive: Received the word as ciphertext from the Server after encrypted it:", again)


def main():
    try:
        client = Client("127.0.0.1", 12000)
    except OSError:
        print("Error: Server is down! So we can not establish the connection at the client")
        return
    client.run()


if __name__ == "__main__":
    main()
