"""The client of the fourth assignment."""

import base64
import contextlib
import hashlib
import socket
import struct
import sys


def key_of(password):
    digest = b""
    for _ in range(21):
        digest = hashlib.sha256(digest + password).digest()
    return digest


def code(key, text):
    words = struct.unpack("!4Q", key)
    missing = 32 - len(text) % 32
    text += struct.pack("B", missing) * missing
    mixed = b"".join(
        struct.pack("!4Q", *(a ^ b for a, b in zip(reversed(block), words)))
        for block in struct.iter_unpack("<4Q", text)
    )
    return base64.b64encode(mixed)


def main(path, password):
    with open(path, "rb") as file:
        text = file.read()
    key = key_of(password.encode())
    with contextlib.closing(socket.create_connection(("localhost", 8089))) as sock:
        print("Client: Connected to server localhost...")
        sock.sendall(key + code(key, text))
        print("Client: Message data sent to server localhost")


main(*sys.argv[1:])
