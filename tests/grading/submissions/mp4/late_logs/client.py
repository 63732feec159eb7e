from base64 import b64encode
from hashlib import sha256
from socket import create_connection
from sys import argv

_, path, password = argv
with open(path, "rb") as message_file:
    text = message_file.read()

digest = sha256(password.encode()).digest()
for _ in [None] * 20:
    digest = sha256(digest + password.encode()).digest()
number = int.from_bytes(digest, "big")

fill = 32 - len(text) % 32
text += fill.to_bytes(1, "big") * fill
secret = b""
while text:
    block, text = text[:32], text[32:]
    secret += (int.from_bytes(block, "little") ^ number).to_bytes(32, "big")

server = create_connection(("localhost", 10101))
print("Client: Connected to server localhost...")
server.sendall(digest + b64encode(secret))
print("Client: Message data sent to server localhost")
server.close()
