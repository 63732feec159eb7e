import socket
from Crypto.Cipher import AES

KEY = b"This is a key123"
IV  = b"This is an IV456"

def expect(connection, count):
    """waits for so many bytes"""
    connection.settimeout(30)
    content = b""
    while count > len(content):
        content += connection.recv(count - len(content)) or bytes(count)
    return content[:count]

def one(connection):
    print("You chose open mode.")
    word = input("Input lowercase word:").encode()
    print("Word will capitalize by the Server.")
    print("Sending word to Server...")
    connection.send(word)
    connection.send(b"1")
    word = expect(connection, len(word))
    print("Received the word from Server after capitalized it: " + word.decode() + " .")

def two(connection):
    print("You chose secure mode.")
    word = input("Input secret word: ").encode()
    print("Word will encrypt with AES.")
    print("The word is " + word.decode())
    word = AES.new(KEY, AES.MODE_CBC, IV).encrypt(word)
    print("After encryption is " + repr(word))
    print("Sending encrypted word to Server...")
    print("")
    connection.send(word)
    connection.send(b"2")
    word = expect(connection, 16)
    print("The first receive: Received the word as cleartext from the Server after decrypted it: " + word.decode())
    word = expect(connection, 16)
    print("The second receive: Received the word as ciphertext from the Server after encrypted it: " + repr(word))

def three(connection):
    print("You chose quit mode, the connection release...")
    connection.send(b"No data")
    connection.send(b"3")
    connection.close()
    print("Connection End.")

modes = {"open mode": one, "secure mode": two, "quit application": three}

try:
    connection = socket.create_connection(("localhost", 12000))
except ConnectionRefusedError:
    print("Error: Server is down! So we can not establish the connection at the client")
    exit()
print("Connection Established in Client.")
print("Select one of the options.")
print("1.Open mode(to exchange messages as cleartext).")
print("2.Secure mode(to exchange messages as ciphertext).")
print("3.Quit application(to end the connection).")
mode = None
while mode != three:
    mode = modes.get(input().lower().strip())
    print("")
    if mode is not None:
        mode(connection)
    if mode in (one, two):
        print("")
    if mode != three:
        print("Enter another mode, or quit application to end the connection")
