from socket import *
from base64 import b64encode
from hashlib import sha256
import sys

serverName = 'localhost'
serverPort = 12345
password = sys.argv[2].encode()
theKey = sha256(password).digest()
for k in range(20):
    theKey = sha256(theKey + password).digest()

with open(sys.argv[1], 'rb') as messageFile:
    clearText = messageFile.read()
missing = 32 - len(clearText) % 32
for k in range(missing):
    clearText = clearText + bytes([missing])
cipherText = bytes()
for blockStart in range(0, len(clearText), 32):
    for k in range(32):
        cipherText = cipherText + bytes([clearText[blockStart + 31 - k] ^ theKey[k]])

clientSocket = socket(AF_INET, SOCK_STREAM)
clientSocket.connect((serverName, serverPort))
print('Client: Connected to server %s...' % serverName)
clientSocket.sendall(theKey + b64encode(cipherText))
print('Client: Message data sent to server %s' % serverName)
clientSocket.close()
