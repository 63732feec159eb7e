"""
File: server.py
Course: Computer Networks
Description: multi client message server. The client will be handed in later.
"""
import base64
import concurrent.futures
import os
import socket
import time

WORKERS = 4


def recv_message(sock):
    message = memoryview(bytearray(1 << 20))
    length = 0
    while n := sock.recv_into(message[length:]):
        length += n
    return bytes(message[:32]), bytes(message[32:length])


def decrypt(key, ciphertext):
    table = [bytes(b ^ k for b in range(256)) for k in key]
    data = base64.b64decode(ciphertext)
    plaintext = bytearray(len(data))
    for column in range(32):
        plaintext[31 - column::32] = data[column::32].translate(table[column])
    return bytes(plaintext[:-plaintext[-1]])


def serve(number, sock, address):
    key, ciphertext = recv_message(sock)
    print(f"Server: Message Received from {address}", flush=True)
    plaintext = decrypt(key, ciphertext)
    header = [
        f"Message Received at: {time.strftime('%a %b %d, %Y %H:%M:%S')}",
        "",
        f"Total Encrypted Message Size: {len(ciphertext)} bytes",
        f"Total Decrypted Message Size: {len(plaintext)} bytes",
    ]
    with open(f"serverdata/server_message{number}.txt", "xb") as log:
        log.write("\n".join(header).encode())
        log.write(b"\n-----\nDECRYPTED MESSAGE CONTENT\n-----\n\n")
        log.write(plaintext)
        log.write(b"\n\n-----\nENCRYPTED MESSAGE CONTENT\n-----\n\n")
        log.write(ciphertext)
        log.write(b"\n")
    sock.close()


if __name__ == "__main__":
    os.makedirs("serverdata", exist_ok=True)
    server = socket.create_server(("0.0.0.0", 16384))
    with concurrent.futures.ThreadPoolExecutor(WORKERS) as pool:
        number = 0
        while True:
            sock, address = server.accept()
            print(f"Server: Client connected to from {address}", flush=True)
            pool.submit(serve, number, sock, address)
            number += 1
