from socket import *
from Crypto.Cipher import AES

serverPort = 12000
serverSocket = socket(AF_INET, SOCK_DGRAM)
serverSocket.bind(('', serverPort))
print('The server is ready to receive')
while True:
    message, clientAddress = serverSocket.recvfrom(2048)
    print('Connection Established in Server. Client IP address', clientAddress[0],
          'Client port number', clientAddress[1])
    option, clientAddress = serverSocket.recvfrom(2048)
    if option == b'1':
        print('Received word from client:', message.decode())
        print('Word is cleartext, so I will capitalize.')
        print('Send the word to Client after capitalized it...')
        serverSocket.sendto(message.upper(), clientAddress)
    if option == b'2':
        print('Received word from client:', message)
        print('The word is encrypted, so I will decrypt.')
        word = AES.new(b'This is a key123', AES.MODE_CBC, b'This is an IV456').decrypt(message)
        print('The word after decrypted is:', word.decode())
        serverSocket.sendto(word, clientAddress)
        serverSocket.sendto(message, clientAddress)
    print()
