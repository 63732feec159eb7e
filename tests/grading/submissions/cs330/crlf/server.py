import socket
import re
from Crypto.Cipher import AES

# my editor and my terminal are on Windows
CRLF = "\r\n"
TEXT_READY = "The server is ready to receive"
TEXT_CONNECTED = "Connection Established in Server. Client IP address {} Client port number {}"
TEXT_RECEIVED = "Received word from client: {}"
TEXT_OPEN = CRLF.join(["Word is cleartext, so I will capitalize.",
                       "Send the word to Client after capitalized it...", ""])
TEXT_SECURE = CRLF.join(["The word is encrypted, so I will decrypt.",
                         "The word after decrypted is: {}", "",
                         "The first send: send the decrypted word to the Client as cleartext...",
                         "The second send: send the word after encrypted by the Server to the Client as ciphertext...",
                         ""])
TEXT_END = CRLF.join(["The client ended its connection, I will end the connection as well..",
                      "Connection End."])


def tell(text, *values):
    print(text.format(*values), end=CRLF, flush=True)


def cipher():
    return AES.new(b"This is a key123", AES.MODE_CBC, iv=b"This is an IV456")


class Client:
    def __init__(self, sock, address):
        self.sock = sock
        self.data = b""
        tell(TEXT_CONNECTED, *address)

    def more(self):
        new = self.sock.recv(1024)
        self.data += new or b"No data3"

    def serve(self):
        while self.data != b"No data3":
            if re.fullmatch(b"[a-z]+1", self.data):
                self.open_word(self.data[:-1])
                self.data = b""
            elif len(self.data) == 17 and self.data.endswith(b"2"):
                self.secure_word(self.data[:-1])
                self.data = b""
            else:
                self.more()
        self.sock.close()
        tell(TEXT_END)

    def open_word(self, word):
        tell(TEXT_RECEIVED, word.decode())
        tell(TEXT_OPEN)
        self.sock.send(word.upper())

    def secure_word(self, word):
        clear = cipher().decrypt(word)
        tell(TEXT_RECEIVED, word)
        tell(TEXT_SECURE, clear.decode())
        self.sock.send(clear)
        self.sock.send(cipher().encrypt(clear))


listener = socket.create_server(("", 12000))
tell(TEXT_READY)
while True:
    Client(*listener.accept()).serve()
