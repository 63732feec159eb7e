#!/usr/bin/env python
# written with python 2.7

import sys
import socket
from base64 import b64encode
from hashlib import sha256

host = "localhost"
port = 2727

def makeKey(password):
    k = sha256(password).digest()
    for i in xrange(20):
        k = sha256(k + password).digest()
    return k

def encrypt(key, text):
    padding = 32 - len(text) % 32
    text += chr(padding) * padding
    out = ""
    for i in xrange(0, len(text), 32):
        block = text[i:i+32][::-1]
        out += "".join([chr(ord(a) ^ ord(b)) for a, b in zip(block, key)])
    return b64encode(out)

text = open(sys.argv[1]).read()
key = makeKey(sys.argv[2])
s = socket.socket()
s.connect((host, port))
print "Client: Connected to server %s..." % host
s.sendall(key + encrypt(key, text))
print "Client: Message data sent to server %s" % host
s.close()
