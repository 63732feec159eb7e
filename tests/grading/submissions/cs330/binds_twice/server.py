import socket
import sys
import threading
from Crypto.Cipher import AES

# one socket for open mode, one for secure mode
open_socket = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
open_socket.bind(("localhost", 12000))
open_socket.listen(1)

secure_socket = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
secure_socket.bind(("localhost", 12000))
secure_socket.listen(1)

print("The server is ready to receive")


def serve_open():
    connection, address = open_socket.accept()
    print("Connection Established in Server. Client IP address", address[0], "Client port number", address[1])
    while True:
        word = connection.recv(1024).decode()
        print("Received word from client:", word[:-1])
        print("Word is cleartext, so I will capitalize.")
        print("Send the word to Client after capitalized it...")
        connection.send(word[:-1].upper().encode())
        print()


def serve_secure():
    connection, address = secure_socket.accept()
    while True:
        word = connection.recv(1024)[:-1]
        print("Received word from client:", word)
        print("The word is encrypted, so I will decrypt.")
        word = AES.new(b"This is a key123", AES.MODE_CBC, b"This is an IV456").decrypt(word)
        print("The word after decrypted is:", word.decode())
        print()
        connection.send(word)


threading.Thread(target=serve_open).start()
threading.Thread(target=serve_secure).start()
