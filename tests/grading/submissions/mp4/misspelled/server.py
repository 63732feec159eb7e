from socket import *
from base64 import b64decode
from time import strftime
from os import mkdir
from os.path import isdir

serverPort = 12345
serverSocket = socket(AF_INET, SOCK_STREAM)
serverSocket.setsockopt(SOL_SOCKET, SO_REUSEADDR, 1)
serverSocket.bind(('', serverPort))
serverSocket.listen(1)
if not isdir('serverdata'):
    mkdir('serverdata')

def readAll(connectionSocket):
    total = bytes()
    piece = connectionSocket.recv(2048)
    while piece:
        total = total + piece
        piece = connectionSocket.recv(2048)
    return total

def myDecrypt(theKey, theMessage):
    result = bytes()
    theMessage = b64decode(theMessage)
    blockCount = len(theMessage) // 32
    for blockNumber in range(blockCount):
        oneBlock = theMessage[blockNumber * 32:(blockNumber + 1) * 32]
        clearBlock = [0] * 32
        for k in range(32):
            clearBlock[31 - k] = oneBlock[k] ^ theKey[k]
        result = result + bytes(clearBlock)
    return result[:len(result) - result[len(result) - 1]]

messageCount = 0
while 1:
    connectionSocket, addr = serverSocket.accept()
    print('Server: Client connected to from', addr)
    received = readAll(connectionSocket)
    print('Server: Mesage Recieved from', addr)
    theKey = received[:32]
    cipherText = received[32:]
    clearText = myDecrypt(theKey, cipherText)
    logFile = open('serverdata/server_message%s.txt' % messageCount, 'w', newline='\n')
    logFile.write('Message Received at: %s\n\n' % strftime('%a %b %d, %Y %H:%M:%S'))
    logFile.write('Total Encrypted Message Size: %s bytes\n' % len(cipherText))
    logFile.write('Total Decrypted Message Size: %s bytes\n' % len(clearText))
    logFile.write('-----\nDECRYPTED MESSAGE CONTENT\n-----\n\n%s\n\n' % clearText.decode())
    logFile.write('-----\nENCRYPTED MESSAGE CONTENT\n-----\n\n%s\n' % cipherText.decode())
    logFile.close()
    messageCount = messageCount + 1
    connectionSocket.close()
