# Project: secure word exchange            File: client.py
# --------------------------------------------------------
import socket
from Crypto.Cipher import AES

SERVER_ADDRESS = ('localhost', 12000)
AES_KEY = 'This is a key123'.encode('UTF-8')
AES_IV = 'This is an IV456'.encode('UTF-8')


# connects to the server, None if there is none
def connect():
    my_socket = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        my_socket.connect(SERVER_ADDRESS)
    except socket.error:
        return None
    return my_socket


# prints the menu
def show_menu():
    print('Connection Established in Client.')
    print('Select one of the options.')
    print('1.Open mode(to exchange messages as cleartext).')
    print('2.Secure mode(to exchange messages as ciphertext).')
    print('3.Quit application(to end the connection).')


# receives exactly this number of bytes
def receive(my_socket, number_of_bytes):
    result = bytearray(number_of_bytes)
    view = memoryview(result)
    while view:
        received = my_socket.recv_into(view)
        if received == 0:
            raise EOFError('the server closed the connection')
        view = view[received:]
    return bytes(result)


# option 1
def open_mode(my_socket):
    print('You chose open mode.')
    word = input('Input lowercase word:')
    print('Word will capitalize by the Server.')
    print('Sending word to Server...')
    my_socket.sendall(word.encode('UTF-8'))
    my_socket.sendall('1'.encode('UTF-8'))
    answer = receive(my_socket, len(word.encode('UTF-8')))
    print('Received the word from Server after capitalized it: ' + answer.decode('UTF-8') + ' .')


# option 2
def secure_mode(my_socket):
    print('You chose secure mode.')
    word = input('Input secret word: ')
    print('Word will encrypt with AES.')
    print('The word is ' + word)
    aes = AES.new(AES_KEY, AES.MODE_CBC, AES_IV)
    encrypted = aes.encrypt(word.encode('UTF-8'))
    print('After encryption is ' + str(encrypted))
    print('Sending encrypted word to Server...')
    my_socket.sendall(encrypted)
    my_socket.sendall('2'.encode('UTF-8'))
    print('')
    answer = receive(my_socket, len(encrypted))
    print('The first receive: Received the word as cleartext from the Server after decrypted it: ' + answer.decode('UTF-8'))
    answer = receive(my_socket, len(encrypted))
    print('The second receive: Received the word as ciphertext from the Server after encrypted it: ' + str(answer))


my_socket = connect()
if my_socket is None:
    print('Error: Server is down! So we can not establish the connection at the client')
else:
    show_menu()
    mode = input('')
    while mode.lower() != 'quit application':
        if mode.lower() == 'open mode':
            open_mode(my_socket)
        if mode.lower() == 'secure mode':
            secure_mode(my_socket)
        print('')
        print('Enter another mode, or quit application to end the connection')
        mode = input('')
    print('')
    print('You chose quit mode, the connection release...')
    my_socket.sendall('No data'.encode('UTF-8'))
    my_socket.sendall('3'.encode('UTF-8'))
    my_socket.close()
    print('Connection End.')
