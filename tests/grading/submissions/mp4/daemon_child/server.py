"""MP4 server, for clients of any kind."""
import base64
import os
import socket
import time


def logs():
    number = 0
    os.makedirs("serverdata", exist_ok=True)
    while True:
        yield open(os.path.join("serverdata", "server_message%i.txt" % number), "wb")
        number += 1


def serve(sock, files):
    while True:
        peer, address = sock.accept()
        print("Server: Client connected to from %s" % str(address), flush=True)
        data = b""
        chunk = peer.recv(2048)
        while len(chunk) > 0:
            data += chunk
            chunk = peer.recv(2048)
        print("Server: Message Received from %s" % str(address), flush=True)
        log(next(files), data[:32], data[32:])
        peer.close()


def log(f, key, coded):
    raw = base64.b64decode(coded)
    plain = b"".join(bytes(raw[j] ^ key[j % 32] for j in range(i + 31, i - 1, -1))
                     for i in range(0, len(raw), 32))
    plain = plain[:-plain[-1]]
    f.write(b"\n".join([
        time.strftime("Message Received at: %a %b %d, %Y %H:%M:%S").encode(),
        b"",
        b"Total Encrypted Message Size: %d bytes" % len(coded),
        b"Total Decrypted Message Size: %d bytes" % len(plain),
        b"-----", b"DECRYPTED MESSAGE CONTENT", b"-----", b"", plain, b"",
        b"-----", b"ENCRYPTED MESSAGE CONTENT", b"-----", b"", coded, b""]))
    f.close()


serve(socket.create_server(("127.0.0.1", 5151)), logs())
