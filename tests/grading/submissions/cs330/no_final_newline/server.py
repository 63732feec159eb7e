# -*- coding: utf-8 -*-
import socket, sys
from Crypto.Cipher import AES

out = sys.stdout.write

def split(data):
    """(word, option), or None while something is missing"""
    if data[-7:] == b"No data" or not data:
        return None
    if data == b"No data3":
        return data[:-1], 3
    if len(data) == 17 and data[16] == ord("2"):
        return data[:16], 2
    if len(data) > 1 and data.isalnum() and data[-1] == ord("1"):
        return data[:-1], 1

def next_message(sock):
    data = b""
    while not split(data):
        more = sock.recv(1024)
        if not more:
            return b"", 3
        data += more
    return split(data)

listener = socket.socket()
listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
listener.bind(("localhost", 12000))
listener.listen(1)
out("The server is ready to receive\n")
sock, (ip, port) = listener.accept()
out("Connection Established in Server. Client IP address " + ip + " Client port number " + str(port) + "\n")
word, option = next_message(sock)
while option != 3:
    if option == 1:
        out("Received word from client: " + word.decode() + "\n")
        out("Word is cleartext, so I will capitalize.\n")
        out("Send the word to Client after capitalized it...\n\n")
        sock.send(word.upper())
    else:
        out("Received word from client: " + str(word) + "\n")
        out("The word is encrypted, so I will decrypt.\n")
        clear = AES.new(b"This is a key123", AES.MODE_CBC, b"This is an IV456").decrypt(word)
        out("The word after decrypted is: " + clear.decode() + "\n\n")
        out("The first send: send the decrypted word to the Client as cleartext...\n")
        sock.send(clear)
        out("The second send: send the word after encrypted by the Server to the Client as ciphertext...\n\n")
        sock.send(AES.new(b"This is a key123", AES.MODE_CBC, b"This is an IV456").encrypt(clear))
    word, option = next_message(sock)
out("The client ended its connection, I will end the connection as well..\n")
sock.close()
out("Connection End.")
