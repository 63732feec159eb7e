#!/usr/bin/env python3
import socket
from functools import partial
from Crypto.Cipher import AES

new_aes = partial(AES.new, b"This is a key123", AES.MODE_CBC, b"This is an IV456")

def answer(conn, length):
    return b"".join(iter_exact(conn, length))

def iter_exact(conn, length):
    while length > 0:
        part = conn.recv(length)
        if part == b"":
            raise OSError("no answer")
        length -= len(part)
        yield part

def talk(conn):
    print("Connection Established in Client.")
    print("Select one of the options.")
    print("1.Open mode(to exchange messages as cleartext).")
    print("2.Secure mode(to exchange messages as ciphertext).")
    print("3.Quit application(to end the connection).")
    while True:
        option = input().casefold()
        print()
        if option == "open mode":
            print("You chose open mode.")
            word = input("Input lowercase word:")
            print("Word will capitalize by the Server.")
            print("Sending word to Server...")
            conn.sendall(word.encode())
            conn.sendall(b"1")
            capitals = answer(conn, len(word))
            print("Received the word from Server after capitalized it: %s ." % capitals.decode())
            print()
        elif option == "secure mode":
            print("You chose secure mode.")
            word = input("Input secret word: ")
            print("Word will encrypt with AES.")
            print("The word is %s" % word)
            hidden = new_aes().encrypt(word.encode())
            print("After encryption is %s" % hidden)
            print("Sending encrypted word to Server...")
            print()
            conn.sendall(hidden)
            conn.sendall(b"2")
            print("The first receive: Received the word as cleartext from the Server after decrypted it: %s"
                  % answer(conn, len(word)).decode())
            print("The second receive: Received the word as ciphertext from the Server after encrypted it: %s"
                  % answer(conn, len(hidden)))
            print()
        elif option == "quit application":
            print("You chose quit mode, the connection release...")
            conn.sendall(b"No data")
            conn.sendall(b"3")
            break
        print("Enter another mode, or quit application to end the connection")

def main():
    conn = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        conn.connect(("localhost", 12000))
    except OSError:
        print("Error: Server is down! So we can not establish the connection at the client")
        return
    talk(conn)
    conn.close()
    print("Connection End.")

main()
