#!/usr/bin/env python3
import selectors, socket, os, sys
from base64 import b64decode
from time import strftime

sel = selectors.DefaultSelector()
total = 0

def accept(sock):
    client, addr = sock.accept()
    print(f'Server: Client connected to from {addr}')
    sel.register(client, selectors.EVENT_READ, lambda s: message(s, addr))

def message(client, addr):
    global total
    data = client.recv(65536)       # 64k is more than the longest message
    print(f'Server: Message Received from {addr}')
    sel.unregister(client)
    try:
        log(total, data[:32], data[32:])
    except (IndexError, ValueError) as problem:
        print(problem, file=sys.stderr)
    total += 1
    client.close()

def log(n, key, enc):
    raw = b64decode(enc)
    dec = bytearray(len(raw))
    for i in range(0, len(raw), 32):
        dec[i:i+32] = bytes(raw[i+j] ^ key[j] for j in range(32))[::-1]
    dec = dec[:-dec[-1]]
    with open(f'serverdata/server_message{n}.txt', 'wb') as out:
        out.write(b'Message Received at: %b\n\n' % strftime('%a %b %d, %Y %H:%M:%S').encode())
        out.write(b'Total Encrypted Message Size: %d bytes\n' % len(enc))
        out.write(b'Total Decrypted Message Size: %d bytes\n' % len(dec))
        out.write(b'-----\nDECRYPTED MESSAGE CONTENT\n-----\n\n%b\n\n' % dec)
        out.write(b'-----\nENCRYPTED MESSAGE CONTENT\n-----\n\n%b\n' % enc)

os.makedirs('serverdata', exist_ok=True)
sock = socket.create_server(('0.0.0.0', 6000))
sel.register(sock, selectors.EVENT_READ, accept)
while True:
    for key, _ in sel.select():
        key.data(key.fileobj)
