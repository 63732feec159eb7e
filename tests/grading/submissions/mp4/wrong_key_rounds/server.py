"""mp4 server (Alice & Bob, team 12)"""
import base64
import os
import socket
import threading
import time

SERVER = ("localhost", 12012)
FORMAT = "%a %b %d, %Y %H:%M:%S"

# Alice: one thread takes the clients, this one writes the logs
arrived = []
wake_up = threading.Condition()


def take_clients(listener):
    while True:
        sock, address = listener.accept()
        print("Server: Client connected to from", address, flush=True)
        received = b""
        while not received or more:
            more = sock.recv(1024)
            if not more:
                break
            received += more
        print("Server: Message Received from", address, flush=True)
        with wake_up:
            arrived.append((sock, received))
            wake_up.notify()


# Bob: the decryption
def show(hidden, key):
    bits = base64.b64decode(hidden)
    message = b""
    while bits:
        piece, bits = bits[:32], bits[32:]
        message += bytes(piece[31 - index] ^ key[31 - index] for index in range(32))
    return message[: len(message) - message[-1]]


def main():
    os.makedirs("serverdata", exist_ok=True)
    listener = socket.create_server(SERVER)
    threading.Thread(target=take_clients, args=(listener,), daemon=True).start()
    number = 0
    while True:
        with wake_up:
            wake_up.wait_for(lambda: arrived)
            sock, received = arrived.pop(0)
        key, hidden = received[:32], received[32:]
        message = show(hidden, key)
        with open("serverdata/server_message%d.txt" % number, "wb") as log:
            log.write(("Message Received at: %s\n\n" % time.strftime(FORMAT)).encode())
            log.write(("Total Encrypted Message Size: %d bytes\n" % len(hidden)).encode())
            log.write(("Total Decrypted Message Size: %d bytes\n" % len(message)).encode())
            log.write(b"-----\nDECRYPTED MESSAGE CONTENT\n-----\n\n")
            log.write(message + b"\n\n")
            log.write(b"-----\nENCRYPTED MESSAGE CONTENT\n-----\n\n")
            log.write(hidden + b"\n")
        number += 1
        sock.close()


if __name__ == "__main__":
    main()
