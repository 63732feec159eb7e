import socket
from Crypto.Cipher import AES

key = bytes('This is a key123', 'utf-8')
iv = bytes('This is an IV456', 'utf-8')

def isComplete(message):
    if message.endswith(b'1'):
        return message[:-1].islower() and b'\0' not in message
    if message.endswith(b'2'):
        return len(message) - 1 == 16
    return message == b'No data3'

def getMessage(c):
    message = b''
    while not isComplete(message):
        part = c.recv(1024)
        if part == b'':
            message = b'No data3'
        else:
            message += part
    return message[:-1], str(message[-1:], 'utf-8')

def openMode(c, word):
    print('Received word from client:', str(word, 'utf-8'))
    print('Word is cleartext, so I will capitalize.')
    print('Send the word to Client after capitalized it...')
    c.sendall(bytes(str(word, 'utf-8').upper(), 'utf-8'))
    print()

def secureMode(c, word):
    print('Received word from client:', word)
    print('The word is encrypted, so I will decrypt.')
    decrypted = AES.new(key, AES.MODE_CBC, iv).decrypt(word)
    print('The word after decrypted is:', str(decrypted, 'utf-8'))
    print()
    print('The first send: send the decrypted word to the Client as cleartext...')
    c.sendall(decrypted)
    encrypted = AES.new(key, AES.MODE_CBC, iv).encrypt(decrypted)
    print('The second send: send the word after encrypted by the Server to the Client as ciphertext...')
    c.sendall(encrypted)
    print()

s = socket.socket()
s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
s.bind(('localhost', 12000))
s.listen(5)
print('The server is ready to receive')
try:
    while True:
        c, (host, port) = s.accept()
        print('Connection Established in Server. Client IP address', host, 'Client port number', port)
        option = ''
        while option != '3':
            word, option = getMessage(c)
            if option == '1':
                openMode(c, word)
            elif option == '2':
                secureMode(c, word)
        print('The client ended its connection, I will end the connection as well..')
        c.close()
        print('Connection End.')
except KeyboardInterrupt:
    s.close()
