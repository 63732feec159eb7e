from base64 import b64decode
from datetime import datetime
from pathlib import Path
from socket import SOCK_STREAM, AF_INET, SHUT_RDWR, socket


def take(sock):
    while (data := sock.recv(4096)):
        yield data


def undo(key, chunk):
    return bytes(a ^ b for a, b in zip(chunk, key))[::-1]


def serve():
    place = Path("serverdata")
    if not place.exists():
        place.mkdir()
    listener = socket(AF_INET, SOCK_STREAM)
    listener.bind(("127.0.0.1", 7890))
    listener.listen()
    count = 0
    while True:
        sock, peer = listener.accept()
        print("Server: Client connected to from", peer, flush=True)
        packet = b"".join(take(sock))
        print("Server: Message Received from", peer, flush=True)
        key, code = packet[:32], packet[32:]
        raw = b64decode(code)
        text = b"".join(undo(key, raw[i:i + 32]) for i in range(0, len(raw), 32))
        text = text[:-text[-1]]
        (place / f"server_message{count}.txt").write_bytes(b"".join((
            datetime.now().strftime("Message Received at: %a %b %d, %Y %H:%M:%S\n").encode(),
            f"\nTotal Encrypted Message Size: {len(code)} bytes".encode(),
            f"\nTotal Decrypted Message Size: {len(text)} bytes".encode(),
            b"\n-----\nDECRYPTED MESSAGE CONTENT\n-----\n\n", text, b"\n",
            b"\n-----\nENCRYPTED MESSAGE CONTENT\n-----\n\n", code, b"\n",
        )))
        count += 1
        sock.close()


serve()
