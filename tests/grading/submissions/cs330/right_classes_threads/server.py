"""Capitalizing and encrypting server, a thread per client."""

import re
import socket
import threading

from Crypto.Cipher import AES


class Crypto:
    KEY = b"This is a key123"
    IV = b"This is an IV456"

    @classmethod
    def _cipher(cls):
        return AES.new(cls.KEY, AES.MODE_CBC, iv=cls.IV)

    @classmethod
    def encrypt(cls, text):
        return cls._cipher().encrypt(text)

    @classmethod
    def decrypt(cls, text):
        return cls._cipher().decrypt(text)


class Session(threading.Thread):
    """The conversation with one client."""

    MESSAGE = re.compile(
        rb"(?P<quit>No data3)|(?P<word>[A-Za-z]+)1|(?P<secret>.{16})2", re.DOTALL
    )

    def __init__(self, sock, address):
        super().__init__(name="client %s:%d" % address)
        self.sock = sock
        self.address = address

    def run(self):
        print("Connection Established in Server. Client IP address %s Client port number %d"
              % self.address, flush=True)
        with self.sock:
            for message in self.messages():
                if message["word"]:
                    self.capitalize(message["word"])
                else:
                    self.reveal(message["secret"])
        print("The client ended its connection, I will end the connection as well..", flush=True)
        print("Connection End.", flush=True)

    def messages(self):
        pending = b""
        while data := self.sock.recv(1024):
            pending += data
            message = self.MESSAGE.fullmatch(pending)
            if message is None:
                continue
            if message["quit"]:
                return
            yield message
            pending = b""

    def capitalize(self, word):
        print("Received word from client:", word.decode())
        print("Word is cleartext, so I will capitalize.")
        print("Send the word to Client after capitalized it...\n", flush=True)
        self.sock.sendall(word.upper())

    def reveal(self, secret):
        text = Crypto.decrypt(secret)
        print("Received word from client:", secret)
        print("The word is encrypted, so I will decrypt.")
        print("The word after decrypted is:", text.decode(errors="replace"))
        print("\nThe first send: send the decrypted word to the Client as cleartext...")
        self.sock.sendall(text)
        print("The second send: send the word after encrypted by the Server"
              " to the Client as ciphertext...\n", flush=True)
        self.sock.sendall(Crypto.encrypt(text))


class Server:
    def __init__(self, host="0.0.0.0", port=12000):
        self.listener = socket.socket()
        self.listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.listener.bind((host, port))
        self.listener.listen()

    def run(self):
        print("The server is ready to receive", flush=True)
        while True:
            Session(*self.listener.accept()).start()


if __name__ == "__main__":
    try:
        Server().run()
    except KeyboardInterrupt:
        pass
