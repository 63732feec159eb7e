import socket

TEXT = r"""
Received word from client: abcd
Word is cleartext, so I will capitalize.
Send the word to Client after capitalized it...

Received word from client: b'utgs\x8a\t\x0c\x8b\xef\x19\xa89\xf5\x06\xc5U'
The word is encrypted, so I will decrypt.
The word after decrypted is: the answer is no

The first send: send the decrypted word to the Client as cleartext...
The second send: send the word after encrypted by the Server to the Client as ciphertext...

The client ended its connection, I will end the connection as well..
Connection End.
"""

REPLIES = [b"ABCD", b"the answer is no" + b"utgs\x8a\t\x0c\x8b\xef\x19\xa89\xf5\x06\xc5U", b""]

server = socket.create_server(("", 12000))
print("The server is ready to receive")
client, address = server.accept()
print("Connection Established in Server. Client IP address", address[0], "Client port number", address[1])
for reply in REPLIES:
    client.recv(1024)
    client.send(reply)
print(TEXT.strip())
