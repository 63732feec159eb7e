# pip install pycryptodome
import socket
from Crypto.Cipher import AES


def menu():
    yield 'Select one of the options.'
    yield '1.Open mode(to exchange messages as cleartext).'
    yield '2.Secure mode(to exchange messages as ciphertext).'
    yield '3.Quit application(to end the connection).'


def read(client, count):
    client.settimeout(10)
    data = b''
    while len(data) != count:
        data += client.recv(count - len(data)) or exit('no answer')
    return data


def chosen(mode, client):
    if mode == 'open':
        word = input('Input lowercase word:')
        print('Word will capitalize by the Server.')
        print('Sending word to Server...')
        for part in (word.encode(), b'1'):
            client.sendall(part)
        print(f'Received the word from Server after capitalized it: {read(client, len(word)).decode()} .')
    else:
        word = input('Input secret word: ')
        code = AES.new(b'This is a key123', AES.MODE_CBC, b'This is an IV456').encrypt(word.encode())
        print('Word will encrypt with AES.')
        print(f'The word is {word}')
        print(f'After encryption is {code}')
        print('Sending encrypted word to Server...')
        for part in (code, b'2'):
            client.sendall(part)
        print(f'\nThe first receive: Received the word as cleartext from the Server after decrypted it: {read(client, 16).decode()}')
        print(f'The second receive: Received the word as ciphertext from the Server after encrypted it: {read(client, 16)}')


def main():
    try:
        client = socket.create_connection(('localhost', 12000), timeout=10)
    except OSError:
        return print('Error: Server is down! So we can not establish the connection at the client')
    print('Connection Established in Client.')
    for line in menu():
        print(line)
    while (answer := input().lower()) != 'quit application':
        if answer in ('open mode', 'secure mode'):
            print(f'\nYou chose {answer}.')
            chosen(answer.split()[0], client)
        print('\nEnter another mode, or quit application to end the connection')
    print('\nYou chose quit mode, the connection release...')
    client.sendall(b'No data')
    client.sendall(b'3')
    client.close()
    print('Connection End.')


if __name__ == '__main__':
    main()
