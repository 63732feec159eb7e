from Crypto.Cipher import AES
import socketserver


class Handler(socketserver.BaseRequestHandler):

    def handle(self):
        print('Connection Established in Server. Client IP address {} Client port number {}'.format(
            *self.client_address))
        self.buffer = bytearray()
        while self.one_request():
            self.buffer.clear()
        print('The client ended its connection, I will end the connection as well..')

    def finish(self):
        print('Connection End.')

    def one_request(self):
        while True:
            data = self.request.recv(1024)
            if not data:
                return False
            self.buffer.extend(data)
            if self.buffer == b'No data3':
                return False
            *word, digit = self.buffer
            if digit == 49 and bytes(word).islower() and bytes(word).isalpha():
                self.open(bytes(word))
                return True
            if digit == 50 and len(word) == 16:
                self.secure(bytes(word))
                return True

    def open(self, word):
        print('Received word from client: {}'.format(word.decode()))
        print('Word is cleartext, so I will capitalize.')
        print('Send the word to Client after capitalized it...')
        print()
        self.request.sendall(word.decode().upper().encode())

    def secure(self, encrypted):
        print('Received word from client: {}'.format(encrypted))
        print('The word is encrypted, so I will decrypt.')
        aes = AES.new(b'This is a key123', AES.MODE_CBC, b'This is an IV456')
        word = aes.decrypt(encrypted)
        print('The word after decrypted is: {}'.format(word.decode()))
        print()
        print('The first send: send the decrypted word to the Client as cleartext...')
        self.request.sendall(word)
        print('The second send: send the word after encrypted by the Server to the Client as ciphertext...')
        self.request.sendall(AES.new(b'This is a key123', AES.MODE_CBC, b'This is an IV456').encrypt(word))
        print()


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True

    def server_activate(self):
        super().server_activate()
        print('The server is ready to receive')


Server(('127.0.0.1', 12000), Handler).serve_forever()
