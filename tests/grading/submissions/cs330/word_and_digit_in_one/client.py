from Crypto.Cipher import AES
import socket


class ServerIsDown(Exception):
    pass


class Connection:
    """The digit goes at the end of the word, in one send: less to get wrong."""

    def __init__(self, host, port):
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        try:
            self.socket.connect((host, port))
        except OSError as e:
            raise ServerIsDown() from e
        self.stream = self.socket.makefile('rb')

    def request(self, word, digit, *sizes):
        self.socket.sendall(word + str(digit).encode('ascii'))
        for size in sizes:
            yield self.stream.read(size)

    def close(self):
        self.stream.close()
        self.socket.close()


def open_mode(connection):
    print('\nYou chose open mode.')
    word = input('Input lowercase word:').encode()
    print('Word will capitalize by the Server.')
    print('Sending word to Server...')
    for reply in connection.request(word, 1, len(word)):
        print('Received the word from Server after capitalized it: {} .'.format(reply.decode()))


def secure_mode(connection):
    print('\nYou chose secure mode.')
    word = input('Input secret word: ')
    aes = AES.new(b'This is a key123', AES.MODE_CBC, b'This is an IV456')
    encrypted = aes.encrypt(word.encode())
    print('Word will encrypt with AES.')
    print('The word is {}'.format(word))
    print('After encryption is {}'.format(encrypted))
    print('Sending encrypted word to Server...\n')
    first, second = connection.request(encrypted, 2, len(word), len(encrypted))
    print('The first receive: Received the word as cleartext from the Server '
          'after decrypted it: {}'.format(first.decode()))
    print('The second receive: Received the word as ciphertext from the Server '
          'after encrypted it: {}'.format(second))


def main():
    connection = Connection('127.0.0.1', 12000)
    print('Connection Established in Client.')
    print('Select one of the options.')
    print('1.Open mode(to exchange messages as cleartext).')
    print('2.Secure mode(to exchange messages as ciphertext).')
    print('3.Quit application(to end the connection).')
    mode = input('').lower().strip()
    while mode != 'quit application':
        {'open mode': open_mode, 'secure mode': secure_mode}.get(mode, print)(connection)
        print('\nEnter another mode, or quit application to end the connection')
        mode = input('').lower().strip()
    print('\nYou chose quit mode, the connection release...')
    list(connection.request(b'No data', 3))
    connection.close()
    print('Connection End.')


try:
    main()
except ServerIsDown:
    print('Error: Server is down! So we can not establish the connection at the client')
