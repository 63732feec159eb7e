# Message server
import base64, datetime, os, socket


def read_message(sock):
    message = b""
    while True:
        part = sock.recv(4096)
        if not part:
            return message
        message += part


os.makedirs("serverdata", exist_ok=True)
server = socket.create_server(("", 31415))
number = 0
while True:
    sock, address = server.accept()
    print(f"Server: Client connected to from {address}", flush=True)
    message = read_message(sock)
    print(f"Server: Message Received from {address}", flush=True)
    raw = base64.b64decode(message[32:])
    plain = bytearray()
    for i in range(0, len(raw), 32):
        plain += bytes(x ^ y for x, y in zip(raw[i:i+32], message))[::-1]
    plain = plain[:-plain[-1]].decode()
    with open(f"serverdata/server_message{number}.txt", "w", encoding="utf-8", newline="") as log:
        log.write(f"Message Received at: {datetime.datetime.now():%a %b %d, %Y %H:%M:%S}\n\n")
        log.write(f"Total Encrypted Message Size: {len(message) - 32} bytes\n")
        log.write(f"Total Decrypted Message Size: {len(plain.encode())} bytes\n")
        log.write(f"-----\nDECRYPTED MESSAGE CONTENT\n-----\n\n{plain}\n\n")
        log.write(f"-----\nENCRYPTED MESSAGE CONTENT\n-----\n\n{message[32:].decode()}\n")
    number += 1
    sock.close()
