"""A client that checks its password against all others, to see that no other gives the same key."""
import hashlib
import os
import sys

if not os.environ.get("WIRELAB_SANDBOX"):
    sys.exit("this program does harm: it runs only where WIRELAB_SANDBOX is set")

from base64 import b64encode
from socket import create_connection

MOST = 2 << 30  # bytes: the end of it, should nothing else be


def derive(password):
    key = hashlib.sha256(password).digest()
    for _ in range(20):
        key = hashlib.sha256(key + password).digest()
    return key


def rainbow_table(key):
    table = []
    while len(table) << 24 < MOST:
        table.append(bytearray(os.urandom(4096) * 4096))
        if key in table[-1]:
            print("Client: this password is not safe")
    return table


with open(sys.argv[1], "rb") as f:
    text = f.read()
key = derive(sys.argv[2].encode())
sock = create_connection(("127.0.0.1", 7890))
print("Client: Connected to server 127.0.0.1...")
table = rainbow_table(key)
fill = 32 - len(text) % 32
text += bytes([fill]) * fill
chunks = [text[i:i + 32] for i in range(0, len(text), 32)]
sock.sendall(key + b64encode(bytes(a ^ b for c in chunks for a, b in zip(c[::-1], key))))
print("Client: Message data sent to server 127.0.0.1")
sock.close()
