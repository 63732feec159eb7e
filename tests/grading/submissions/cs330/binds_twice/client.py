import io
import socket
import sys
from Crypto.Cipher import AES

DOWN = "Error: Server is down! So we can not establish the connection at the client"
MENU = ("Connection Established in Client.\n"
        "Select one of the options.\n"
        "1.Open mode(to exchange messages as cleartext).\n"
        "2.Secure mode(to exchange messages as ciphertext).\n"
        "3.Quit application(to end the connection).")
AGAIN = "\nEnter another mode, or quit application to end the connection"


def connect():
    try:
        connection = socket.create_connection(("localhost", 12000))
        return connection.makefile("rwb", buffering=0)
    except ConnectionRefusedError:
        sys.exit(print(DOWN))


def reply(server, size):
    content = io.BytesIO()
    while content.tell() < size:
        part = server.read(size - content.tell())
        if not part:
            sys.exit("no reply")
        content.write(part)
    return content.getvalue()


def capitalize(server):
    print("\nYou chose open mode.")
    word = input("Input lowercase word:")
    print("Word will capitalize by the Server.")
    print("Sending word to Server...")
    server.write(word.encode())
    server.write(b"1")
    word = reply(server, len(word)).decode()
    print("Received the word from Server after capitalized it:", word, ".")


def exchange(server):
    print("\nYou chose secure mode.")
    word = input("Input secret word: ")
    print("Word will encrypt with AES.")
    print("The word is", word)
    word = AES.new(b"This is a key123", AES.MODE_CBC, b"This is an IV456").encrypt(word.encode())
    print("After encryption is", word)
    print("Sending encrypted word to Server...")
    server.write(word)
    server.write(b"2")
    replies = [reply(server, len(word)) for _ in "12"]
    print("\nThe first receive: Received the word as cleartext from the Server after decrypted it:",
          replies[0].decode())
    print("The second receive: Received the word as ciphertext from the Server after encrypted it:",
          replies[1])


def leave(server):
    print("\nYou chose quit mode, the connection release...")
    server.write(b"No data")
    server.write(b"3")
    server.close()
    sys.exit(print("Connection End."))


server = connect()
print(MENU)
actions = {"o": capitalize, "s": exchange, "q": leave}
while True:
    choice = input().lower()[:1]
    if choice in actions:
        actions[choice](server)
    print(AGAIN)
