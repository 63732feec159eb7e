import socket
import sys
from Crypto.Cipher import AES

def line(text=""):
    sys.stdout.write(text + "\n")

def read(question=""):
    sys.stdout.write(question)
    sys.stdout.flush()
    text = ""
    while not text.endswith("\n"):
        text += sys.stdin.read(1)
    return text[:-1]

def receive(sock, size):
    letters = []
    while len(letters) < size:
        letter = sock.recv(1)
        if not letter:
            line("The server closed the connection.")
            sys.exit(1)
        letters.append(letter)
    return b"".join(letters)

sock = socket.socket()
try:
    sock.connect(("localhost", 12000))
except ConnectionRefusedError:
    line("Error: Server is down! So we can not establish the connection at the client")
    sys.exit(0)

line("Connection Established in Client.")
line("Select one of the options.")
line("1.Open mode(to exchange messages as cleartext).")
line("2.Secure mode(to exchange messages as ciphertext).")
line("3.Quit application(to end the connection).")
mode = ""
while "quit" not in mode:
    mode = read().lower()
    line()
    if "open" in mode:
        line("You chose open mode.")
        word = read("Input lowercase word:")
        line("Word will capitalize by the Server.")
        line("Sending word to Server...")
        sock.sendall(word.encode())
        sock.sendall(b"1")
        word = receive(sock, len(word)).decode()
        line("Received the word from Server after capitalized it: " + word + " .")
        line()
    elif "secure" in mode:
        line("You chose secure mode.")
        word = read("Input secret word: ")
        line("Word will encrypt with AES.")
        line("The word is " + word)
        word = AES.new(b"This is a key123", AES.MODE_CBC, b"This is an IV456").encrypt(word.encode())
        line("After encryption is " + repr(word))
        line("Sending encrypted word to Server...")
        sock.sendall(word)
        sock.sendall(b"2")
        line()
        word = receive(sock, 16).decode()
        line("The first receive: Received the word as cleartext from the Server after decrypted it: " + word)
        word = receive(sock, 16)
        line("The second receive: Received the word as ciphertext from the Server after encrypted it: " + repr(word))
        line()
    elif "quit" in mode:
        line("You chose quit mode, the connection release...")
        sock.sendall(b"No data")
        sock.sendall(b"3")
        sock.close()
        line("Connection End.")
        continue
    line("Enter another mode, or quit application to end the connection")
