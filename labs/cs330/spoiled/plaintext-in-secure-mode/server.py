"""
server.py
"""
import socket
import string

from Crypto.Cipher import AES


def aes():
    return AES.new(b"This is a key123", AES.MODE_CBC, b"This is an IV456")


def take(s, limit=1024):
    """A word and its option; the option of a client that is gone is 3."""
    word = b""
    while True:
        new = s.recv(limit)
        if not new:
            return "", 3
        word += new
        if word == b"No data3":
            return "", 3
        if len(word) == 17 and word[-1] == 50:
            return word[:-1], 2
        try:
            text = word.decode("ascii")
        except UnicodeDecodeError:
            continue
        if text[-1] == "1" and text[:-1] and set(text[:-1]) <= set(string.ascii_letters):
            return text[:-1], 1


def main(host="", port=12000):
    server = socket.socket()
    server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    server.bind((host, port))
    server.listen(2)
    print("The server is ready to receive")
    while True:
        s, address = server.accept()
        print("Connection Established in Server. Client IP address", address[0],
              "Client port number", address[1])
        word, option = take(s)
        while option < 3:
            print("Received word from client:", word)
            if option == 1:
                print("Word is cleartext, so I will capitalize.")
                print("Send the word to Client after capitalized it...\n")
                s.sendall(word.upper().encode())
            else:
                print("The word is encrypted, so I will decrypt.")
                word = aes().decrypt(word)
                print("The word after decrypted is:", word.decode())
                print("\nThe first send: send the decrypted word to the Client as cleartext...")
                s.sendall(word)
                print("The second send: send the word after encrypted by the Server "
                      "to the Client as ciphertext...\n")
                s.sendall(aes().encrypt(word))
            word, option = take(s)
        print("The client ended its connection, I will end the connection as well..")
        s.close()
        print("Connection End.")


main()
