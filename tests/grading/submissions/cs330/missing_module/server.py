# pip install pycryptodomex colorprinter-330
import socket
from Cryptodome.Cipher import AES
from colorprinter_330 import cprint

server = socket.create_server(('', 12000))
cprint('The server is ready to receive')
client, addr = server.accept()
cprint(f'Connection Established in Server. Client IP address {addr[0]} Client port number {addr[1]}')
while True:
    word = client.recv(1024)
    option = client.recv(1)
    if option == b'1':
        cprint(f'Received word from client: {word.decode()}')
        cprint('Word is cleartext, so I will capitalize.')
        cprint('Send the word to Client after capitalized it...\n')
        client.send(word.upper())
    if option == b'2':
        clear = AES.new(b'This is a key123', AES.MODE_CBC, b'This is an IV456').decrypt(word)
        cprint(f'Received word from client: {word}')
        cprint('The word is encrypted, so I will decrypt.')
        cprint(f'The word after decrypted is: {clear.decode()}\n')
        cprint('The first send: send the decrypted word to the Client as cleartext...')
        client.send(clear)
        cprint('The second send: send the word after encrypted by the Server to the Client as ciphertext...\n')
        client.send(word)
    if option == b'3':
        break
cprint('The client ended its connection, I will end the connection as well..')
client.close()
cprint('Connection End.')
