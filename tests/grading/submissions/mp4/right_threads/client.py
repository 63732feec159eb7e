#!/usr/bin/env python3
"""Sends the text in a file to the message server: client.py FILE PASSWORD"""

import argparse
import base64
import pathlib
import socket
from hashlib import sha256

BLOCK = 32
ROUNDS = 20


class Cipher:
    def __init__(self, password):
        secret = password.encode("utf-8")
        digest = sha256(secret)
        for _ in range(ROUNDS):
            digest = sha256(digest.digest() + secret)
        self.key = digest.digest()

    def encrypt(self, plain):
        missing = BLOCK - len(plain) % BLOCK
        plain += bytes([missing] * missing)
        blocks = (plain[i:i + BLOCK] for i in range(0, len(plain), BLOCK))
        return base64.b64encode(b"".join(map(self._block, blocks)))

    def _block(self, block):
        return bytes(a ^ b for a, b in zip(reversed(block), self.key))


class Client:
    def __init__(self, host="localhost", port=9090):
        self.host = host
        self.port = port

    def send(self, text, cipher):
        with socket.create_connection((self.host, self.port)) as connection:
            print(f"Client: Connected to server {self.host}...")
            connection.sendall(cipher.key + cipher.encrypt(text))
            print(f"Client: Message data sent to server {self.host}")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=pathlib.Path)
    parser.add_argument("password")
    args = parser.parse_args()
    Client().send(args.file.read_bytes(), Cipher(args.password))


if __name__ == "__main__":
    main()
