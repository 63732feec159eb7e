# MP4 - server
# Receives messages from clients, decrypts them and writes a log file for each.

import base64
import os
import socket
import time

PORT = 50007

if not os.path.isdir('serverdata'):
    os.mkdir('serverdata')

s = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
s.bind(('', PORT))
s.listen(5)

count = 0
while True:
    conn, addr = s.accept()
    print("Server: Client connected to from", addr)

    # read until the client closes its side
    data = b''
    while True:
        chunk = conn.recv(4096)
        if not chunk:
            break
        data += chunk
    print("Server: Message Received from", addr)

    key = data[:32]
    encrypted = data[32:]

    # decrypt: xor with the key, then turn every block around again
    raw = base64.b64decode(encrypted)
    plain = b''
    for i in range(0, len(raw), 32):
        block = raw[i:i+32]
        out = []
        for j in range(32):
            out.append(block[j] ^ key[j])
        out.reverse()
        plain += bytes(out)
    plain = plain[:-plain[-1]]

    f = open('serverdata/server_message' + str(count) + '.txt', 'wb')
    f.write(b'Message Received at: ')
    f.write(time.strftime('%a %b %d, %Y %H:%M:%S').encode())
    f.write(b'\n\n')
    f.write(b'Total Encrypted Message Size: ' + str(len(encrypted)).encode() + b' bytes\n')
    f.write(b'Total Decrypted Message Size: ' + str(len(plain)).encode() + b' bytes\n')
    f.write(b'-----\nDECRYPTED MESSAGE CONTENT\n-----\n\n')
    f.write(plain)
    f.write(b'\n\n-----\nENCRYPTED MESSAGE CONTENT\n-----\n\n')
    f.write(encrypted)
    f.write(b'\n')
    f.close()

    count = count + 1
    conn.close()
