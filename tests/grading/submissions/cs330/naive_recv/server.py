from socket import *
from Crypto.Cipher import AES

serverPort = 12000
serverSocket = socket(AF_INET, SOCK_STREAM)
serverSocket.setsockopt(SOL_SOCKET, SO_REUSEADDR, 1)
serverSocket.bind(('', serverPort))
serverSocket.listen(1)
print("The server is ready to receive")
connectionSocket, addr = serverSocket.accept()
print("Connection Established in Server. Client IP address", addr[0], "Client port number", addr[1])

while True:
    word = connectionSocket.recv(1024)
    option = connectionSocket.recv(1024).decode()
    if (option == "1"):
        print("Received word from client:", word.decode())
        print("Word is cleartext, so I will capitalize.")
        capitalizedWord = word.decode().upper()
        print("Send the word to Client after capitalized it...\n")
        connectionSocket.send(capitalizedWord.encode())
    elif (option == "2"):
        print("Received word from client:", word)
        print("The word is encrypted, so I will decrypt.")
        obj = AES.new(b'This is a key123', AES.MODE_CBC, b'This is an IV456')
        decryptedWord = obj.decrypt(word)
        print("The word after decrypted is:", decryptedWord.decode())
        print("\nThe first send: send the decrypted word to the Client as cleartext...")
        connectionSocket.send(decryptedWord)
        obj2 = AES.new(b'This is a key123', AES.MODE_CBC, b'This is an IV456')
        encryptedWord = obj2.encrypt(decryptedWord)
        print("The second send: send the word after encrypted by the Server to the Client as ciphertext...\n")
        connectionSocket.send(encryptedWord)
    elif (option == "3"):
        print("The client ended its connection, I will end the connection as well..")
        connectionSocket.close()
        print("Connection End.")
        break
