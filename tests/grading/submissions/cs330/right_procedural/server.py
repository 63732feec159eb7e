# CS330 project: server
from socket import *
from Crypto.Cipher import AES

serverName = '192.168.8.101'
serverPort = 12000
key = b'This is a key123'
iv = b'This is an IV456'

serverSocket = socket(AF_INET, SOCK_STREAM)
serverSocket.setsockopt(SOL_SOCKET, SO_REUSEADDR, 1)
serverSocket.bind((serverName, serverPort))
serverSocket.listen(1)
print('The server is ready to receive')

connectionSocket, addr = serverSocket.accept()
print('Connection Established in Server. Client IP address', addr[0], 'Client port number', addr[1])

option = ''
while option != '3':
    # the word and its option can come in pieces, so collect until both are there
    received = b''
    option = ''
    while option == '':
        piece = connectionSocket.recv(1024)
        if piece == b'':
            option = '3'
        received = received + piece
        if received.endswith(b'1') and received[:-1].isalpha():
            option = '1'
        if received.endswith(b'2') and len(received) == 17:
            option = '2'
        if received == b'No data3':
            option = '3'
    word = received[:-1]

    if option == '1':
        word = word.decode()
        print('Received word from client:', word)
        print('Word is cleartext, so I will capitalize.')
        print('Send the word to Client after capitalized it...')
        print()
        connectionSocket.send(word.upper().encode())

    if option == '2':
        print('Received word from client:', word)
        print('The word is encrypted, so I will decrypt.')
        decryptor = AES.new(key, AES.MODE_CBC, iv)
        clear = decryptor.decrypt(word)
        print('The word after decrypted is:', clear.decode())
        print()
        print('The first send: send the decrypted word to the Client as cleartext...')
        connectionSocket.send(clear)
        encryptor = AES.new(key, AES.MODE_CBC, iv)
        print('The second send: send the word after encrypted by the Server to the Client as ciphertext...')
        connectionSocket.send(encryptor.encrypt(clear))
        print()

print('The client ended its connection, I will end the connection as well..')
connectionSocket.close()
print('Connection End.')
serverSocket.close()
