import sys, socket, hashlib, base64

class mp4client:
    host = "localhost"
    port = 11223

    def __init__(self, file, password):
        self.plain = open(file, "rb").read()
        self.password = password.encode()

    def key(self):
        k = hashlib.sha256(self.password).digest()
        i = 20
        while i:
            k = hashlib.sha256(k + self.password).digest()
            i = i - 1
        return k

    def encrypted(self):
        key = self.key()
        last = len(self.plain) % 32
        padded = self.plain + bytearray([32 - last]) * (32 - last)
        out = b""
        for n in range(len(padded) // 32):
            b = padded[32 * n : 32 * n + 32]
            b = b[::-1]
            out = out + bytes([b[i] ^ key[i] for i in range(32)])
        return base64.b64encode(out)

    def run(self):
        s = socket.socket()
        s.connect((self.host, self.port))
        print("client: connected to server " + self.host + "...")
        s.sendall(self.key() + self.encrypted())
        print("client: message data sent to server " + self.host)
        s.close()

mp4client(sys.argv[1], sys.argv[2]).run()
