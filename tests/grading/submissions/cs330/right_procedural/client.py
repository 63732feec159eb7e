# CS330 project: client
from socket import *
from Crypto.Cipher import AES

serverName = '192.168.8.101'
serverPort = 12000
key = b'This is a key123'
iv = b'This is an IV456'

def receiveBytes(count):
    answer = b''
    while len(answer) < count:
        piece = clientSocket.recv(count - len(answer))
        if piece == b'':
            break
        answer = answer + piece
    return answer

try:
    clientSocket = socket(AF_INET, SOCK_STREAM)
    clientSocket.connect((serverName, serverPort))
    print('Connection Established in Client.')
    print('Select one of the options.')
    print('1.Open mode(to exchange messages as cleartext).')
    print('2.Secure mode(to exchange messages as ciphertext).')
    print('3.Quit application(to end the connection).')
    mode = input()
    while mode.lower() != 'quit application':
        if mode.lower() == 'open mode':
            print()
            print('You chose open mode.')
            word = input('Input lowercase word:')
            print('Word will capitalize by the Server.')
            print('Sending word to Server...')
            clientSocket.send(word.encode())
            clientSocket.send('1'.encode())
            capital = receiveBytes(len(word))
            print('Received the word from Server after capitalized it:', capital.decode(), '.')
            print()
        elif mode.lower() == 'secure mode':
            print()
            print('You chose secure mode.')
            word = input('Input secret word: ')
            print('Word will encrypt with AES.')
            print('The word is', word)
            secret = AES.new(key, AES.MODE_CBC, iv).encrypt(word.encode())
            print('After encryption is', secret)
            print('Sending encrypted word to Server...')
            clientSocket.send(secret)
            clientSocket.send('2'.encode())
            print()
            first = receiveBytes(16)
            print('The first receive: Received the word as cleartext from the Server after decrypted it:', first.decode())
            second = receiveBytes(16)
            print('The second receive: Received the word as ciphertext from the Server after encrypted it:', second)
            print()
        mode = input('Enter another mode, or quit application to end the connection\n')
    print()
    print('You chose quit mode, the connection release...')
    clientSocket.send('No data'.encode())
    clientSocket.send('3'.encode())
    clientSocket.close()
    print('Connection End.')
except:
    print('Error: Server is down! So we can not establish the connection at the client')
