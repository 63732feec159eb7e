#!/usr/bin/env python3
# moved to python 3 (the client is still to do)

import os
import socket
import sys
import time
from base64 import b64decode

port = 2727

def decrypt(key, text):
    text = b64decode(text)
    out = []
    for i in range(0, len(text), 32):
        block = "".join([chr(a ^ b) for a, b in zip(text[i:i+32], key)])
        out.append(block[::-1])
    out = "".join(out)
    return out[:-ord(out[-1])].encode("latin-1")

def recvall(c):
    buf = []
    while 1:
        d = c.recv(4096)
        if not d: break
        buf.append(d)
    return b"".join(buf)

def savelog(n, enc, dec):
    f = open("serverdata/server_message%d.txt" % n, "wb")
    p = lambda text: f.write(text + b"\n")
    p(b"Message Received at: " + time.strftime("%a %b %d, %Y %H:%M:%S").encode())
    p(b"")
    p(b"Total Encrypted Message Size: %d bytes" % len(enc))
    p(b"Total Decrypted Message Size: %d bytes" % len(dec))
    for title, body in [(b"DECRYPTED MESSAGE CONTENT", dec), (b"ENCRYPTED MESSAGE CONTENT", enc)]:
        p(b"-----\n" + title + b"\n-----\n\n" + body + (b"\n" if body is dec else b""))
    f.close()

if not os.path.isdir("serverdata"): os.mkdir("serverdata")
s = socket.socket()
s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
s.bind(("", port))
s.listen(1)
n = 0
try:
    while 1:
        c, a = s.accept()
        sys.stdout.write("Server: Client connected to from %s\n" % (a,))
        d = recvall(c)
        sys.stdout.write("Server: Message Received from %s\n" % (a,))
        savelog(n, d[32:], decrypt(d[:32], d[32:]))
        n += 1
        c.close()
finally:
    s.close()
