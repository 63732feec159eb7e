"""One message, one log: the server of the fourth assignment."""

import base64
import contextlib
import os
import socket
import struct
import time


@contextlib.contextmanager
def listening(port):
    sock = socket.socket()
    try:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.bind(("localhost", port))
        sock.listen(1)
        yield sock
    finally:
        sock.close()


def whole(connection):
    with connection.makefile("rb") as stream:
        return stream.read()


def clear(key, code):
    words = struct.unpack("!4Q", key)
    raw = base64.b64decode(code)
    text = []
    for block in struct.iter_unpack("!4Q", raw):
        mixed = [a ^ b for a, b in zip(block, words)]
        text.append(struct.pack("<4Q", *reversed(mixed)))
    text = b"".join(text)
    return text[: -text[-1]]


def main():
    os.makedirs("serverdata", exist_ok=True)
    with listening(8089) as sock:
        connection, address = sock.accept()
        print(f"Server: Client connected to from {address}")
        data = whole(connection)
        print(f"Server: Message Received from {address}")
        code = data[32:]
        text = clear(data[:32], code)
        with open("serverdata/server_message0.txt", "w", newline="") as log:
            log.write(f"""\
Message Received at: {time.strftime("%a %b %d, %Y %H:%M:%S")}

Total Encrypted Message Size: {len(code)} bytes
Total Decrypted Message Size: {len(text)} bytes
-----
DECRYPTED MESSAGE CONTENT
-----

{text.decode()}

-----
ENCRYPTED MESSAGE CONTENT
-----

{code.decode()}
""")
        connection.close()


if __name__ == "__main__":
    main()
