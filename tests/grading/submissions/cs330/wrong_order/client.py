import socket, time
from Crypto.Cipher import AES

class SecureClient:
    def __init__(self):
        self.key = b'This is a key123'
        self.iv = b'This is an IV456'
        self.sock = socket.socket()
        self.sock.connect(('127.0.0.1', 12000))
        print('Connection Established in Client.')

    def menu(self):
        print('Select one of the options.')
        print('1.Open mode(to exchange messages as cleartext).')
        print('2.Secure mode(to exchange messages as ciphertext).')
        print('3.Quit application(to end the connection).')

    def recv(self, n):
        chunks = []
        while sum(map(len, chunks)) < n:
            chunk = self.sock.recv(n - sum(map(len, chunks)))
            if not chunk:
                raise ConnectionError('server gone')
            chunks.append(chunk)
        return b''.join(chunks)

    def open(self):
        print('\nYou chose open mode.')
        word = input('Input lowercase word:').encode()
        print('Sending word to Server...')
        print('Word will capitalize by the Server.')
        self.sock.send(word)
        self.sock.send(b'1')
        print('Received the word from Server after capitalized it:', self.recv(len(word)).decode(), '.')

    def secure(self):
        print('\nYou chose secure mode.')
        word = input('Input secret word: ')
        print('Word will encrypt with AES.')
        print('The word is', word)
        crypt = AES.new(self.key, AES.MODE_CBC, self.iv).encrypt(word.encode())
        print('After encryption is', crypt)
        print('Sending encrypted word to Server...')
        self.sock.send(crypt)
        self.sock.send(b'2')
        print()
        print('The first receive: Received the word as cleartext from the Server after decrypted it:', self.recv(16).decode())
        print('The second receive: Received the word as ciphertext from the Server after encrypted it:', self.recv(16))

    def quit(self):
        print('\nYou chose quit mode, the connection release...')
        self.sock.send(b'No data')
        self.sock.send(b'3')
        self.sock.close()
        print('Connection End.')

    def main(self):
        self.menu()
        while 1:
            choice = input().lower()
            if choice == 'open mode': self.open()
            elif choice == 'secure mode': self.secure()
            elif choice == 'quit application': return self.quit()
            print('\nEnter another mode, or quit application to end the connection')

try:
    SecureClient().main()
except ConnectionError:
    print('Error: Server is down! So we can not establish the connection at the client')
