#!/usr/bin/env python3
import socket, sys
from base64 import b64encode
from hashlib import sha256
from pathlib import Path

msg = Path(sys.argv[1]).read_bytes()
pwd = sys.argv[2].encode()

key = sha256(pwd).digest()
for _ in range(20): key = sha256(key + pwd).digest()

n = 32 - len(msg) % 32
msg = msg + n * bytes([n])
enc = bytearray(len(msg))
for i in range(0, len(msg), 32):
    enc[i:i+32] = bytes(msg[i+31-j] ^ key[j] for j in range(32))

with socket.create_connection(('127.0.0.1', 6000)) as sock:
    print(f'Client: Connected to server 127.0.0.1...')
    sock.sendall(key + b64encode(enc))
    print(f'Client: Message data sent to server 127.0.0.1')
