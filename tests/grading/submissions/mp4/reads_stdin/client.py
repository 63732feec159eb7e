# client - asks before it sends, so that nobody sends a wrong file by accident
import sys
import socket
import hashlib
import base64

if len(sys.argv) < 3:
    print("please give me a file and a password")
    exit(2)

fname, pw = sys.argv[1:3]
print("Send", fname, "to the server? (y/n)")
answer = ""
while answer not in ("y", "n"):
    answer = sys.stdin.readline().strip().lower()
if answer == "n":
    exit(0)

k = hashlib.sha256(pw.encode()).digest()
for x in range(20):
    k = hashlib.sha256(k + pw.encode()).digest()
t = open(fname, "rb").read()
z = 32 - len(t) % 32
t = t + bytes([z] * z)
e = bytearray()
for q in range(0, len(t), 32):
    for w in range(32):
        e.append(t[q + 31 - w] ^ k[w])
s = socket.socket()
s.connect(("localhost", 3456))
print("Client: Connected to server localhost...")
s.sendall(k + base64.b64encode(e))
print("Client: Message data sent to server localhost")
s.close()
