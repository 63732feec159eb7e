"""Word server: capitalizes words, and decrypts secret ones."""
from Crypto.Cipher import AES
import io
import socket

SECRET = dict(key=b"This is a key123", mode=AES.MODE_CBC, iv=b"This is an IV456")


def kind(data):
    tail = data[-1:].decode("latin-1")
    if tail == "1" and len(data) > 1 and max(data) < 128 and data[:-1].islower():
        return "word"
    if tail == "2" and len(data) % 16 == 1:
        return "secret"
    if tail == "3" and data.startswith(b"No data"):
        return "end"
    return None


def read_message(sock):
    data = io.BytesIO()
    while kind(data.getvalue()) is None:
        piece = sock.recv(1024)
        if not piece:
            return "end", b""
        data.write(piece)
    return kind(data.getvalue()), data.getvalue()[:-1]


def answer(sock, what, text):
    if what == "word":
        print("Received word from client:", text.decode())
        print("Word is cleartext, so I will capitalize.")
        sock.sendall(text.upper())
        print("Send the word to Client after capitalized it...")
    else:
        print("Received word from client:", text)
        print("The word is encrypted, so I will decrypt.")
        word = AES.new(**SECRET).decrypt(text)
        print("The word after decrypted is:", word.decode())
        print()
        sock.sendall(word)
        print("The first send: send the decrypted word to the Client as cleartext...")
        sock.sendall(AES.new(**SECRET).encrypt(word))
        print("The second send: send the word after encrypted by the Server to the Client as ciphertext...")
    print()


listener = socket.create_server(("0.0.0.0", 12000))
print("The server is ready to receive")
sock, address = listener.accept()
print("Connection Established in Server. Client IP address {0} Client port number {1}".format(*address))
for what, text in iter(lambda: read_message(sock), ("end", b"No data")):
    if what == "end":
        break
    answer(sock, what, text)
print("The client ended its connection, I will end the connection as well..")
sock.close()
print("Connection End.")
