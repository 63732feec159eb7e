from socket import socket, timeout, AF_INET, SOCK_STREAM, MSG_WAITALL
from Crypto.Cipher import AES

PORT = 12000
K = b'This is a key123'
V = b'This is an IV456'

def start():
    c = socket(AF_INET, SOCK_STREAM)
    c.connect(('127.0.0.1', PORT))
    print('Connection Established in Client.')
    print('Select one of the options.')
    print('1.Open mode(to exchange messages as cleartext).')
    print('2.Secure mode(to exchange messages as ciphertext).')
    print('3.Quit application(to end the connection).')
    return c

def send(c, *parts):
    for p in parts:
        c.sendall(p)

def recv(c, n):
    return c.recv(n, MSG_WAITALL)

def main():
    try:
        c = start()
    except (OSError, timeout):
        print('Error: Server is down! So we can not establish the connection at the client')
        return
    m = input().lower()
    while m != 'quit application':
        print()
        if m == 'open mode':
            print('You chose open mode.')
            w = input('Input lowercase word:')
            print('Word will capitalize by the Server.')
            print('Sending word to Server...')
            send(c, w.encode(), b'1')
            print('Received the word from Server after capitalized it: %s .\n' % recv(c, len(w)).decode())
        if m == 'secure mode':
            print('You chose secure mode.')
            w = input('Input secret word: ')
            e = AES.new(K, AES.MODE_CBC, V).encrypt(w.encode())
            print('Word will encrypt with AES.\nThe word is %s\nAfter encryption is %s' % (w, e))
            print('Sending encrypted word to Server...\n')
            send(c, e, b'2')
            print('The first receive: Received the word as cleartext from the Server '
                  'after decrypted it: %s' % recv(c, 16).decode())
            print('The second receive: Received the word as ciphertext from the Server '
                  'after encrypted it: %s\n' % recv(c, 16))
        print('Enter another mode, or quit application to end the connection')
        m = input().lower()
    print('\nYou chose quit mode, the connection release...')
    send(c, b'No data', b'3')
    c.close()
    print('Connection End.')

main()
