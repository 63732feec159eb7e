# -*- coding: utf-8 -*-
import socket, sys
from Crypto.Cipher import AES

HOST, PORT = "localhost", 12000
out = sys.stdout.write

def ask(prompt=""):
    out(prompt)
    sys.stdout.flush()
    return sys.stdin.readline()[:-1]

def get(n):
    data = b""
    while len(data) < n:
        more = sock.recv(n - len(data))
        if not more:
            sys.exit("connection lost")
        data += more
    return data

sock = socket.socket()
if sock.connect_ex((HOST, PORT)):
    out("Error: Server is down! So we can not establish the connection at the client")
    sys.exit()

out("Connection Established in Client.\nSelect one of the options.\n")
for number, text in enumerate(["Open mode(to exchange messages as cleartext).",
                               "Secure mode(to exchange messages as ciphertext).",
                               "Quit application(to end the connection)."]):
    out(str(number + 1) + "." + text + "\n")

while True:
    mode = ask().upper()
    if mode == "OPEN MODE":
        word = ask("\nYou chose open mode.\nInput lowercase word:")
        out("Word will capitalize by the Server.\nSending word to Server...\n")
        sock.send(word.encode())
        sock.send(b"1")
        out("Received the word from Server after capitalized it: " + get(len(word)).decode() + " .\n")
    if mode == "SECURE MODE":
        word = ask("\nYou chose secure mode.\nInput secret word: ")
        out("Word will encrypt with AES.\nThe word is " + word + "\n")
        code = AES.new(b"This is a key123", AES.MODE_CBC, b"This is an IV456").encrypt(word.encode())
        out("After encryption is " + str(code) + "\nSending encrypted word to Server...\n\n")
        sock.send(code)
        sock.send(b"2")
        out("The first receive: Received the word as cleartext from the Server after decrypted it: ")
        out(get(16).decode())
        out("\nThe second receive: Received the word as ciphertext from the Server after encrypted it: ")
        out(str(get(16)) + "\n")
    if mode == "QUIT APPLICATION":
        out("\nYou chose quit mode, the connection release...\n")
        sock.send(b"No data")
        sock.send(b"3")
        sock.close()
        break
    out("\nEnter another mode, or quit application to end the connection\n")

out("Connection End.")
sys.stdout.flush()
