"""
MP4 Client

Connects, sends the key and the encrypted message, waits for the
acknowledgement of the server.
"""
from base64 import b64encode
from hashlib import sha256
import socket
import sys

BUFSIZE = 1024
ADDR = ('localhost', 21567)


def stretch(pw):
    d = sha256(pw).digest()
    for rnd in range(20):
        d = sha256(d + pw).digest()
    return d


def blocks(text):
    fill = 32 - len(text) % 32
    text += bytes((fill,)) * fill
    return [text[i:i + 32] for i in range(0, len(text), 32)]


def crypt(block, key):
    return bytes(p ^ k for p, k in zip(block[::-1], key))


with open(sys.argv[1], 'rb') as f:
    message = f.read()
key = stretch(sys.argv[2].encode())
sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
sock.connect(ADDR)
print('Client: Connected to server {0}...'.format(ADDR[0]))
sock.sendall(key + b64encode(b''.join(crypt(b, key) for b in blocks(message))))
print('Client: Message data sent to server {0}'.format(ADDR[0]))
ack = sock.recv(BUFSIZE)
