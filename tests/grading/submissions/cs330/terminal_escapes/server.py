import os
import socket
import sys
from Crypto.Cipher import AES

GREEN, YELLOW, RED, PLAIN = ("\033[%dm" % n for n in (32, 33, 31, 0))
os.environ["LINES"] = "25"

def show(color, text):
    sys.stdout.write(color + text + PLAIN + "\n")
    sys.stdout.flush()

def title(text):
    sys.stdout.write("\033]0;" + text + "\007\033[2J\033[H")

def receive(conn):
    letters = []
    while True:
        letter = conn.recv(1)
        if not letter:
            return "3", b""
        word = b"".join(letters)
        if letter == b"3" and word == b"No data":
            return "3", b""
        if letter == b"2" and len(letters) == 16:
            return "2", word
        if letter == b"1" and word.isalpha():
            return "1", word
        letters.append(letter)

title("CS330 server")
sock = socket.socket()
sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
sock.bind(("localhost", 12000))
sock.listen(3)
show(GREEN, "The server is ready to receive")
while True:
    conn, addr = sock.accept()
    show(GREEN, "Connection Established in Server. Client IP address %s Client port number %d" % addr)
    option, word = receive(conn)
    while option != "3":
        if option == "1":
            show(YELLOW, "Received word from client: " + word.decode())
            show(YELLOW, "Word is cleartext, so I will capitalize.")
            show(YELLOW, "Send the word to Client after capitalized it...")
            conn.sendall(word.upper())
        else:
            aes = AES.new(b"This is a key123", AES.MODE_CBC, b"This is an IV456")
            clear = aes.decrypt(word)
            show(RED, "Received word from client: " + repr(word))
            show(RED, "The word is encrypted, so I will decrypt.")
            show(RED, "The word after decrypted is: " + clear.decode())
            print()
            show(RED, "The first send: send the decrypted word to the Client as cleartext...")
            show(RED, "The second send: send the word after encrypted by the Server to the Client as ciphertext...")
            aes = AES.new(b"This is a key123", AES.MODE_CBC, b"This is an IV456")
            conn.sendall(clear)
            conn.sendall(aes.encrypt(clear))
        print()
        option, word = receive(conn)
    show(GREEN, "The client ended its connection, I will end the connection as well..")
    conn.close()
    show(GREEN, "Connection End.")
