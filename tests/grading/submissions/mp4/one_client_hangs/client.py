# MP4: client
import base64, hashlib, socket, sys

with open(sys.argv[1], "rb") as f:
    m = f.read()
w = sys.argv[2].encode()
k = hashlib.sha256(w).digest()
for r in range(20):
    k = hashlib.sha256(k + w).digest()
l = 32 - len(m) % 32
m += bytes([l for _ in range(l)])
x = bytearray()
for b in range(0, len(m), 32):
    for c in range(32):
        x.append(m[b + 31 - c] ^ k[c])
sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
sock.connect(("127.0.0.1", 5005))
print("Client: Connected to server", "127.0.0.1...")
sock.sendall(k + base64.b64encode(x))
print("Client: Message data sent to server", "127.0.0.1")
sock.shutdown(socket.SHUT_RDWR)
sock.close()
