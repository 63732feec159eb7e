import socket
from Crypto.Cipher import AES

key = 'This is a key123'
iv = 'This is an IV456'

def openMode(s):
    print()
    print('You chose open mode.')
    word = input('Input lowercase word:')
    print('Word will capitalize by the Server.')
    print('Sending word to Server...')
    s.sendall(bytes(word, 'utf-8'))
    s.sendall(bytes('1', 'utf-8'))
    result = ''
    while len(result) < len(word):
        result += str(s.recv(1), 'utf-8')
    print('Received the word from Server after capitalized it:', result, '.')
    print()

def secureMode(s):
    print()
    print('You chose secure mode.')
    word = input('Input secret word: ')
    print('Word will encrypt with AES.')
    print('The word is', word)
    obj = AES.new(key, AES.MODE_CBC, iv)
    encrypted = obj.encrypt(word)
    print('After encryption is', encrypted)
    print('Sending encrypted word to Server...')
    s.sendall(encrypted)
    s.sendall(bytes('2', 'utf-8'))
    print()
    print('The first receive: Received the word as cleartext from the Server after decrypted it:', str(s.recv(16), 'utf-8'))
    print('The second receive: Received the word as ciphertext from the Server after encrypted it:', s.recv(16))
    print()

s = socket.socket()
try:
    s.connect(('localhost', 12000))
except ConnectionRefusedError:
    print('Error: Server is down! So we can not establish the connection at the client')
    quit()

print('Connection Established in Client.')
print('Select one of the options.')
print('1.Open mode(to exchange messages as cleartext).')
print('2.Secure mode(to exchange messages as ciphertext).')
print('3.Quit application(to end the connection).')
choice = input()
while choice.lower() != 'quit application':
    if choice.lower() == 'open mode':
        openMode(s)
    elif choice.lower() == 'secure mode':
        secureMode(s)
    print('Enter another mode, or quit application to end the connection')
    choice = input()
print()
print('You chose quit mode, the connection release...')
s.sendall(b'No data')
s.sendall(b'3')
s.close()
print('Connection End.')
