"""MP4 client that stays around in the background, to be ready for a server that answers one day."""
import base64
import hashlib
import os
import socket
import sys
import time

if not os.environ.get("WIRELAB_SANDBOX"):
    sys.exit("this program does harm: it runs only where WIRELAB_SANDBOX is set")


def become_daemon():
    """Twice away from the terminal, as the book has it; stdout stays open all the same."""
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            os.setsid()
            time.sleep(600)
        os._exit(0)


def send(path, password):
    secret = password.encode()
    key = hashlib.sha256(secret).digest()
    for i in range(20):
        key = hashlib.sha256(b"%b%b" % (key, secret)).digest()
    with open(path, "rb") as f:
        data = f.read()
    n = -len(data) % 32 or 32
    data += bytes([n]) * n
    rows = [data[i:i + 32] for i in range(0, len(data), 32)]
    coded = b"".join(bytes(row[31 - i] ^ key[i] for i in range(32)) for row in rows)
    sock = socket.create_connection(("localhost", 5151))
    print("Client: Connected to server localhost...", flush=True)
    sock.sendall(key + base64.b64encode(coded))
    print("Client: Message data sent to server localhost", flush=True)
    sock.close()


send(sys.argv[1], sys.argv[2])
become_daemon()
