#!/usr/bin/python3
# CS 417 Machine Problem 4
# Client

import base64
import hashlib
import socket
import sys


def create_key(password):
    """Creates the key from the password"""
    sha = hashlib.sha256()
    sha.update(password)
    key = sha.digest()
    for i in range(0, 20):
        sha = hashlib.sha256()
        sha.update(key)
        sha.update(password)
        key = sha.digest()
    return key


def encrypt_block(block, key):
    """Encrypts one block"""
    encrypted_block = []
    for i in range(0, 32):
        encrypted_block.append(block[31 - i] ^ key[i])
    return bytes(encrypted_block)


def encrypt_message(message, key):
    """Encrypts a message"""
    encrypted = b""
    while len(message) >= 32:
        encrypted = encrypted + encrypt_block(message[0:32], key)
        message = message[32:]
    padding = 32 - len(message)
    message = message + bytes([padding] * padding)
    encrypted = encrypted + encrypt_block(message, key)
    return base64.b64encode(encrypted)


def main():
    """Main function"""
    message_file = open(sys.argv[1], "rb")
    message = message_file.read()
    message_file.close()
    key = create_key(sys.argv[2].encode("utf-8"))

    client_socket = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    client_socket.connect(("localhost", 10000))
    print("Client: Connected to server localhost...")
    client_socket.sendall(key + encrypt_message(message, key))
    print("Client: Message data sent to server localhost")
    client_socket.close()


main()
