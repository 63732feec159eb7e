from socket import *
from Crypto.Cipher import AES

serverName = '127.0.0.1'
serverPort = 12000
clientSocket = socket(AF_INET, SOCK_STREAM)
try:
    clientSocket.connect((serverName, serverPort))
except:
    print("Error: Server is down! So we can not establish the connection at the client")
    exit()

print("Connection Established in Client.")
print("Select one of the options.")
print("1.Open mode(to exchange messages as cleartext).")
print("2.Secure mode(to exchange messages as ciphertext).")
print("3.Quit application(to end the connection).")
option = input()

while (option.lower() != "quit application"):
    if (option.lower() == "open mode"):
        print("\nYou chose open mode.")
        word = input("Input lowercase word:")
        print("Word will capitalize by the Server.")
        print("Sending word to Server...")
        clientSocket.send(word.encode())
        clientSocket.send("1".encode())
        capitalizedWord = clientSocket.recv(1024)
        print("Received the word from Server after capitalized it:", capitalizedWord.decode(), ".")
    elif (option.lower() == "secure mode"):
        print("\nYou chose secure mode.")
        secretWord = input("Input secret word: ")
        print("Word will encrypt with AES.")
        obj = AES.new(b'This is a key123', AES.MODE_CBC, b'This is an IV456')
        print("The word is", secretWord)
        encryptedWord = obj.encrypt(secretWord.encode())
        print("After encryption is", encryptedWord)
        print("Sending encrypted word to Server...\n")
        clientSocket.send(encryptedWord)
        clientSocket.send("2".encode())
        receivedWord1 = clientSocket.recv(1024)
        print("The first receive: Received the word as cleartext from the Server after decrypted it:", receivedWord1.decode(errors="replace"))
        receivedWord2 = clientSocket.recv(1024)
        print("The second receive: Received the word as ciphertext from the Server after encrypted it:", receivedWord2)
    print("\nEnter another mode, or quit application to end the connection")
    option = input()

print("\nYou chose quit mode, the connection release...")
clientSocket.send("No data".encode())
clientSocket.send("3".encode())
clientSocket.close()
print("Connection End.")
