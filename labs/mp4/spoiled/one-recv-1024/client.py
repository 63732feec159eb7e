import socket
import base64
import hashlib
import sys

HOST = 'localhost'
PORT = 8000

def createKey(password):
    passwordBytes = password.encode('utf-8')
    currentDigest = hashlib.sha256(passwordBytes).digest()
    for i in range(1, 21):
        currentDigest = hashlib.sha256(currentDigest + passwordBytes).digest()
    return currentDigest

def encryptMessage(key, message):
    paddingLength = 32 - len(message) % 32
    message += bytes([paddingLength]) * paddingLength
    encrypted = b''
    start = 0
    while start < len(message):
        block = list(message[start:start + 32])
        block.reverse()
        encrypted += bytes([block[i] ^ key[i] for i in range(32)])
        start += 32
    return base64.b64encode(encrypted)

def sendMessage(fileName, password):
    messageFile = open(fileName, 'rb')
    message = messageFile.read()
    messageFile.close()
    key = createKey(password)
    clientSocket = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    clientSocket.connect((HOST, PORT))
    print('Client: Connected to server ' + HOST + '...')
    clientSocket.sendall(key + encryptMessage(key, message))
    print('Client: Message data sent to server ' + HOST)
    clientSocket.close()

sendMessage(sys.argv[1], sys.argv[2])
