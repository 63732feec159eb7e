import socket
from Crypto.Cipher import AES

KEY = b"This is a key123"
IV  = b"This is an IV457"

class Buffer:
    def __init__(self, connection):
        self.connection = connection
        self.content = b""

    def fill(self):
        content = self.connection.recv(1024)
        self.content += content
        return len(content) > 0

    def cut(self):
        """takes a message out of the buffer, None if there is none"""
        content = self.content
        if content[-8:] == b"No data3":
            message = ("3", b"")
        elif len(content) == 17 and content[16:] == b"2":
            message = ("2", content[:16])
        elif content[-1:] == b"1" and content[:-1].isalpha():
            message = ("1", content[:-1])
        else:
            return None
        self.content = b""
        return message

def serve(connection):
    buffer = Buffer(connection)
    while buffer.fill():
        message = buffer.cut()
        if message is None:
            continue
        (option, word) = message
        if option == "3":
            return
        if option == "1":
            print("Received word from client: " + word.decode())
            print("Word is cleartext, so I will capitalize.")
            print("Send the word to Client after capitalized it...")
            print("")
            connection.send(word.upper())
        if option == "2":
            print("Received word from client: " + repr(word))
            print("The word is encrypted, so I will decrypt.")
            clear = AES.new(KEY, AES.MODE_CBC, IV).decrypt(word)
            print("The word after decrypted is: " + clear.decode())
            print("")
            print("The first send: send the decrypted word to the Client as cleartext...")
            connection.send(clear)
            print("The second send: send the word after encrypted by the Server to the Client as ciphertext...")
            connection.send(AES.new(KEY, AES.MODE_CBC, IV).encrypt(clear))
            print("")

listener = socket.create_server(("localhost", 12000))
print("The server is ready to receive")
(connection, (ip, port)) = listener.accept()
print("Connection Established in Server. Client IP address " + ip + " Client port number " + str(port))
serve(connection)
print("The client ended its connection, I will end the connection as well..")
connection.close()
print("Connection End.")
