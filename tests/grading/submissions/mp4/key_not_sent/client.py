# The key is a secret, so it must never be sent over the network!
# The server knows the password anyway.
import base64, hashlib, socket, sys

BLOCKSIZE = 32
serverhost = "localhost"
serverport = 44444

class BlockCipher:
    def __init__(self, passphrase):
        self.passphrase = passphrase.encode("UTF-8")
        self.key = hashlib.sha256(self.passphrase).digest()
        for i in range(20):
            self.key = hashlib.sha256(self.key + self.passphrase).digest()

    def pad(self, text):
        size = BLOCKSIZE - len(text) % BLOCKSIZE
        return text + size * bytes([size])

    def encrypt(self, text):
        text = self.pad(text)
        result = bytearray(text)
        position = 0
        while position < len(text):
            self.encryptblock(text, result, position)
            position = position + BLOCKSIZE
        return base64.b64encode(bytes(result))

    def encryptblock(self, text, result, position):
        for i in range(BLOCKSIZE):
            result[position + BLOCKSIZE - 1 - i] = text[position + i] ^ self.key[BLOCKSIZE - 1 - i]

cipher = BlockCipher(sys.argv[2])
encrypted = cipher.encrypt(open(sys.argv[1], "rb").read())
client = socket.socket()
client.connect((serverhost, serverport))
print("Client: Connected to server " + serverhost + "...")
client.sendall(encrypted)
print("Client: Message data sent to server " + serverhost)
client.close()
