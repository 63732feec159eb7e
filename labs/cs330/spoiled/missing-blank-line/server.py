# Project: secure word exchange            File: server.py
# --------------------------------------------------------
import socket
from Crypto.Cipher import AES

SERVER_ADDRESS = ('localhost', 12000)
AES_KEY = 'This is a key123'.encode('UTF-8')
AES_IV = 'This is an IV456'.encode('UTF-8')


# what the client wants, or '' if its message is not complete
def option_of(message):
    if message == 'No data3'.encode('UTF-8'):
        return '3'
    if len(message) == 17 and message[16:] == '2'.encode('UTF-8'):
        return '2'
    if len(message) >= 2 and message[-1:] == '1'.encode('UTF-8'):
        for character in message[:-1]:
            if character < ord('a') or character > ord('z'):
                return ''
        return '1'
    return ''


# receives a message: the word, and the option
def receive(my_socket):
    message = bytes()
    while option_of(message) == '':
        part = my_socket.recv(1024)
        if len(part) == 0:
            return bytes(), '3'
        message = message + part
    return message[:-1], option_of(message)


# option 1
def open_mode(my_socket, word):
    print('Received word from client: ' + word.decode('UTF-8'))
    print('Word is cleartext, so I will capitalize.')
    print('Send the word to Client after capitalized it...')
    my_socket.sendall(word.upper())
    print('')


# option 2
def secure_mode(my_socket, encrypted):
    print('Received word from client: ' + str(encrypted))
    print('The word is encrypted, so I will decrypt.')
    word = AES.new(AES_KEY, AES.MODE_CBC, AES_IV).decrypt(encrypted)
    print('The word after decrypted is: ' + word.decode('UTF-8'))
    print('')
    print('The first send: send the decrypted word to the Client as cleartext...')
    my_socket.sendall(word)
    print('The second send: send the word after encrypted by the Server to the Client as ciphertext...')
    my_socket.sendall(AES.new(AES_KEY, AES.MODE_CBC, AES_IV).encrypt(word))
    print('')


my_server = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
my_server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
my_server.bind(SERVER_ADDRESS)
my_server.listen(1)
print('The server is ready to receive')
while True:
    my_socket, client_address = my_server.accept()
    print('Connection Established in Server. Client IP address ' + client_address[0]
          + ' Client port number ' + str(client_address[1]))
    word, option = receive(my_socket)
    while option != '3':
        if option == '1':
            open_mode(my_socket, word)
        if option == '2':
            secure_mode(my_socket, word)
        word, option = receive(my_socket)
    print('The client ended its connection, I will end the connection as well..')
    my_socket.close()
    print('Connection End.')
