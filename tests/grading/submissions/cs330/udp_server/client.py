from socket import *
from Crypto.Cipher import AES

serverName = 'localhost'
serverPort = 12000
clientSocket = socket(AF_INET, SOCK_STREAM)

def recvAll(size):
    word = b''
    while len(word) < size:
        part = clientSocket.recv(size - len(word))
        if not part:
            raise SystemExit('the server closed the connection')
        word = word + part
    return word

def askMode(question=''):
    return input(question).lower()

def openMode():
    print()
    print('You chose open mode.')
    sentence = input('Input lowercase word:')
    print('Word will capitalize by the Server.')
    print('Sending word to Server...')
    clientSocket.send(sentence.encode())
    clientSocket.send(b'1')
    modifiedSentence = recvAll(len(sentence))
    print('Received the word from Server after capitalized it:', modifiedSentence.decode(), '.')

def secureMode():
    print()
    print('You chose secure mode.')
    sentence = input('Input secret word: ')
    print('Word will encrypt with AES.')
    print('The word is', sentence)
    cipher = AES.new(b'This is a key123', AES.MODE_CBC, b'This is an IV456')
    hiddenSentence = cipher.encrypt(sentence.encode())
    print('After encryption is', hiddenSentence)
    print('Sending encrypted word to Server...')
    clientSocket.send(hiddenSentence)
    clientSocket.send(b'2')
    print()
    print('The first receive: Received the word as cleartext from the Server after decrypted it:',
          recvAll(len(sentence)).decode())
    print('The second receive: Received the word as ciphertext from the Server after encrypted it:',
          recvAll(len(hiddenSentence)))

def isServerUp():
    return clientSocket.connect_ex((serverName, serverPort)) == 0

if isServerUp():
    print('Connection Established in Client.')
    print('Select one of the options.')
    print('1.Open mode(to exchange messages as cleartext).')
    print('2.Secure mode(to exchange messages as ciphertext).')
    print('3.Quit application(to end the connection).')
    mode = askMode()
    while not mode.startswith('quit'):
        if mode.startswith('open'): openMode()
        if mode.startswith('secure'): secureMode()
        mode = askMode('\nEnter another mode, or quit application to end the connection\n')
    print()
    print('You chose quit mode, the connection release...')
    clientSocket.send(b'No data')
    clientSocket.send(b'3')
    clientSocket.close()
    print('Connection End.')
else:
    print('Error: Server is down! So we can not establish the connection at the client')
