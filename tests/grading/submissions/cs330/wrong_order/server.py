import socket
from Crypto.Cipher import AES

class SecureServer:
    def __init__(self):
        self.key = b'This is a key123'
        self.iv = b'This is an IV456'
        self.handlers = {b'1': self.open, b'2': self.secure}
        self.sock = socket.create_server(('127.0.0.1', 12000))
        print('The server is ready to receive')

    def aes(self):
        return AES.new(self.key, AES.MODE_CBC, self.iv)

    def read(self, conn):
        # a word has letters only, a secret has 16 bytes
        word = b''
        while True:
            byte = conn.recv(1)
            if byte == b'' or (byte == b'3' and word == b'No data'):
                return None, None
            if (byte == b'1' and word.isalpha()) or (byte == b'2' and len(word) == 16):
                return word, byte
            word += byte

    def open(self, conn, word):
        print('Received word from client:', word.decode())
        print('Word is cleartext, so I will capitalize.')
        print('Send the word to Client after capitalized it...')
        conn.send(word.upper())
        print()

    def secure(self, conn, word):
        print('Received word from client:', word)
        print('The word is encrypted, so I will decrypt.')
        clear = self.aes().decrypt(word)
        print('The word after decrypted is:', clear.decode(), end='\n\n')
        print('The first send: send the decrypted word to the Client as cleartext...')
        conn.send(clear)
        print('The second send: send the word after encrypted by the Server to the Client as ciphertext...')
        conn.send(self.aes().encrypt(clear))
        print()

    def main(self):
        conn, (ip, port) = self.sock.accept()
        print('Connection Established in Server. Client IP address', ip, 'Client port number', port)
        word, digit = self.read(conn)
        while digit:
            self.handlers[digit](conn, word)
            word, digit = self.read(conn)
        print('The client ended its connection, I will end the connection as well..')
        conn.close()
        print('Connection End.')

SecureServer().main()
