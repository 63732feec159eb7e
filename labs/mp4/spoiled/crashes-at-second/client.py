import base64
import hashlib
import socket
import sys


class Sender(object):

    def __init__(self, filename, password):
        self.filename = filename
        self.key = self.makekey(password.encode('utf-8'))

    @staticmethod
    def makekey(password):
        key = hashlib.sha256(password).digest()
        for i in range(20):
            key = hashlib.sha256(b''.join((key, password))).digest()
        return key

    def message(self):
        f = open(self.filename, 'rb')
        try:
            return f.read()
        finally:
            f.close()

    def encrypted(self):
        text = self.message()
        pad = 32 - len(text) % 32
        text += bytes([pad] * pad)
        raw = []
        for i in range(0, len(text), 32):
            for j, k in zip(range(i + 31, i - 1, -1), self.key):
                raw.append(text[j] ^ k)
        return base64.b64encode(bytes(raw))

    def send(self, host, port):
        s = socket.socket()
        s.connect((host, port))
        print('Client: Connected to server', host + '...')
        s.sendall(self.key + self.encrypted())
        print('Client: Message data sent to server', host)
        s.close()


if __name__ == '__main__':
    Sender(sys.argv[1], sys.argv[2]).send('127.0.0.1', 2012)
