# MP4 - client
# usage: python client.py <message file> <password>

import base64
import hashlib
import socket
import sys

HOST = 'localhost'
PORT = 50007

filename = sys.argv[1]
password = sys.argv[2].encode('utf-8')

f = open(filename, 'rb')
message = f.read()
f.close()

# make the key
key = hashlib.sha256(password).digest()
for i in range(20):
    key = hashlib.sha256(key + password).digest()

# pad to a multiple of 32
pad = 32 - len(message) % 32
message = message + bytes([pad]) * pad

# encrypt block by block
cipher = bytearray()
for i in range(0, len(message), 32):
    block = message[i:i+32][::-1]
    for j in range(32):
        cipher.append(block[j] ^ key[j])

s = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
s.connect((HOST, PORT))
print("Client: Connected to server " + HOST + "...")
s.sendall(key + base64.b64encode(bytes(cipher)))
print("Client: Message data sent to server " + HOST)
s.close()
