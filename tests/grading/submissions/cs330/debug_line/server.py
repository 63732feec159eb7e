#!/usr/bin/env python3
import socket
from functools import partial
from Crypto.Cipher import AES

new_aes = partial(AES.new, b"This is a key123", AES.MODE_CBC, b"This is an IV456")

def recv_until(conn, is_whole):
    data = b""
    while not is_whole(data):
        part = conn.recv(64)
        if part == b"":
            return b"No data3"
        data += part
    return data

def whole(data):
    rules = {ord("1"): lambda w: w.isalpha(),
             ord("2"): lambda w: len(w) == 16,
             ord("3"): lambda w: w == b"No data"}
    return len(data) > 0 and data[-1] in rules and rules[data[-1]](data[:-1])

def main():
    sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    sock.bind(("0.0.0.0", 12000))
    sock.listen(0)
    print("The server is ready to receive")
    conn, addr = sock.accept()
    print("Connection Established in Server. Client IP address %s Client port number %s" % addr)
    while True:
        data = recv_until(conn, whole)
        word, option = data[:-1], int(data[-1:])
        if option == 3:
            break
        elif option == 1:
            print("DEBUG option=%d len=%d" % (option, len(word)))
            print("Received word from client: %s" % word.decode())
            print("Word is cleartext, so I will capitalize.")
            print("Send the word to Client after capitalized it...")
            conn.sendall(word.upper())
        elif option == 2:
            print("Received word from client: %s" % word)
            print("The word is encrypted, so I will decrypt.")
            clear = new_aes().decrypt(word)
            print("The word after decrypted is: %s" % clear.decode())
            print()
            print("The first send: send the decrypted word to the Client as cleartext...")
            conn.sendall(clear)
            print("The second send: send the word after encrypted by the Server to the Client as ciphertext...")
            conn.sendall(new_aes().encrypt(clear))
        print()
    print("The client ended its connection, I will end the connection as well..")
    conn.close()
    print("Connection End.")

main()
