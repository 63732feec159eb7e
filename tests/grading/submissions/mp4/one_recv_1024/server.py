import socket
import base64
import time
import os

HOST = 'localhost'
PORT = 8000
BUFFER_SIZE = 1024

def decryptMessage(key, encrypted):
    data = base64.b64decode(encrypted + b'=' * (-len(encrypted) % 4))
    decrypted = b''
    start = 0
    while start < len(data):
        block = data[start:start + 32]
        xored = [block[i] ^ key[i] for i in range(len(block))]
        xored.reverse()
        decrypted += bytes(xored)
        start += 32
    paddingLength = decrypted[-1]
    return decrypted[:-paddingLength]

def saveLog(messageNumber, encrypted, decrypted):
    logFile = open('serverdata/server_message%d.txt' % messageNumber, 'wb')
    timeString = time.strftime('%a %b %d, %Y %H:%M:%S')
    logFile.write(('Message Received at: ' + timeString + '\n\n').encode())
    logFile.write(('Total Encrypted Message Size: %d bytes\n' % len(encrypted)).encode())
    logFile.write(('Total Decrypted Message Size: %d bytes\n' % len(decrypted)).encode())
    logFile.write(b'-----\nDECRYPTED MESSAGE CONTENT\n-----\n\n')
    logFile.write(decrypted)
    logFile.write(b'\n\n-----\nENCRYPTED MESSAGE CONTENT\n-----\n\n')
    logFile.write(encrypted)
    logFile.write(b'\n')
    logFile.close()

def startServer():
    if not os.path.isdir('serverdata'):
        os.mkdir('serverdata')
    serverSocket = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    serverSocket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    serverSocket.bind((HOST, PORT))
    serverSocket.listen(10)
    messageNumber = 0
    while True:
        connection, address = serverSocket.accept()
        print('Server: Client connected to from ' + str(address))
        packet = connection.recv(BUFFER_SIZE)
        print('Server: Message Received from ' + str(address))
        key = packet[:32]
        encrypted = packet[32:]
        saveLog(messageNumber, encrypted, decryptMessage(key, encrypted))
        messageNumber += 1
        connection.close()

startServer()
