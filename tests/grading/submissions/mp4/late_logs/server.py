# The log files are written in the background, half a second after the message came,
# so that clients do not have to wait for the disk.
import os
from base64 import b64decode
from socket import SO_REUSEADDR, SOL_SOCKET, socket
from threading import Timer
from time import strftime

WHEN = "%a %b %d, %Y %H:%M:%S"


def log_later(number, key, secret):
    Timer(0.5, write, (f"serverdata/server_message{number}.txt", strftime(WHEN), key, secret)).start()


def write(name, when, key, secret):
    text = decrypted(key, b64decode(secret))
    print_to = open(name, "w", newline="")
    print("Message Received at:", when, file=print_to)
    print(file=print_to)
    print("Total Encrypted Message Size:", len(secret), "bytes", file=print_to)
    print("Total Decrypted Message Size:", len(text), "bytes", file=print_to)
    for word, body in [("DECRYPTED", text.decode() + "\n"), ("ENCRYPTED", secret.decode())]:
        print("-----", word + " MESSAGE CONTENT", "-----", "", body, sep="\n", file=print_to)
    print_to.close()


def decrypted(key, data):
    if not data:
        return b""
    block = int.from_bytes(data[:32], "big") ^ int.from_bytes(key, "big")
    plain = block.to_bytes(32, "little")  # little endian: the bytes turned around
    if len(data) == 32:
        return plain[: 32 - plain[31]]
    return plain + decrypted(key, data[32:])


server = socket()
server.setsockopt(SOL_SOCKET, SO_REUSEADDR, 1)
server.bind(("localhost", 10101))
server.listen(10)
os.makedirs("serverdata", exist_ok=True)
messages = 0
try:
    while True:
        client, address = server.accept()
        print("Server: Client connected to from", address, flush=True)
        received = bytearray()
        while more := client.recv(512):
            received += more
        print("Server: Message Received from", address, flush=True)
        log_later(messages, bytes(received[:32]), bytes(received[32:]))
        messages += 1
        client.close()
except KeyboardInterrupt:
    server.close()
