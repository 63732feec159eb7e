#!/usr/bin/env python3
"""Message server: one thread for every client."""

import base64
import datetime
import itertools
import pathlib
import signal
import socket
import sys
import threading

LOG_TEMPLATE = (
    "Message Received at: {when}\n"
    "\n"
    "Total Encrypted Message Size: {encrypted_size} bytes\n"
    "Total Decrypted Message Size: {decrypted_size} bytes\n"
    "-----\n"
    "DECRYPTED MESSAGE CONTENT\n"
    "-----\n"
    "\n"
    "{text}\n"
    "\n"
    "-----\n"
    "ENCRYPTED MESSAGE CONTENT\n"
    "-----\n"
    "\n"
    "{ciphertext}\n"
)


class Message:
    """What one client sent: 32 bytes of key, the rest is ciphertext."""

    def __init__(self, payload):
        self.when = datetime.datetime.now()
        self.key, self.ciphertext = payload[:32], payload[32:]

    def decrypt(self):
        raw = base64.b64decode(self.ciphertext)
        blocks = [raw[n:n + 32] for n in range(0, len(raw), 32)]
        padded = b"".join(
            bytes(a ^ b for a, b in zip(block, self.key))[::-1] for block in blocks
        )
        return padded[:len(padded) - padded[-1]]

    def as_log(self):
        plain = self.decrypt()
        return LOG_TEMPLATE.format(
            when=self.when.strftime("%a %b %d, %Y %H:%M:%S"),
            encrypted_size=len(self.ciphertext),
            decrypted_size=len(plain),
            text=plain.decode("utf-8"),
            ciphertext=self.ciphertext.decode("ascii"),
        )


class ClientThread(threading.Thread):
    def __init__(self, connection, address, log):
        super().__init__()
        self.connection = connection
        self.address = address
        self.log = log

    def run(self):
        with self.connection:
            payload = b"".join(iter(lambda: self.connection.recv(65536), b""))
            print(f"Server: Message Received from {self.address}", flush=True)
            self.log.write_text(Message(payload).as_log(), encoding="utf-8", newline="")


def stop(signum, frame):
    sys.exit(0)


def main():
    signal.signal(signal.SIGINT, stop)
    folder = pathlib.Path("serverdata")
    folder.mkdir(exist_ok=True)
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("0.0.0.0", 9090))
    listener.listen()
    for number in itertools.count():
        connection, address = listener.accept()
        print(f"Server: Client connected to from {address}", flush=True)
        log = folder / f"server_message{number}.txt"
        ClientThread(connection, address, log).start()


if __name__ == "__main__":
    main()
