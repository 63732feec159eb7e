import os, socket, base64, time

class mp4server:
    port = 11223
    folder = "serverdata/"

    def __init__(self):
        os.makedirs(self.folder, exist_ok=True)
        self.number = 0
        self.s = socket.socket()
        self.s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.s.bind(("0.0.0.0", self.port))
        self.s.listen(7)

    def run(self):
        while True:
            c, a = self.s.accept()
            print("Server: Client connected to from " + repr(a))
            everything = self.read(c)
            print("Server: Message Received from " + repr(a))
            self.log(everything[32:], self.decrypted(everything[:32], everything[32:]))
            c.close()

    def read(self, c):
        r = c.recv(100)
        return r + self.read2(c) if r else r

    def read2(self, c):
        l = []
        while True:
            r = c.recv(100)
            if not r:
                return b"".join(l)
            l.append(r)

    def decrypted(self, key, e):
        e = base64.b64decode(e)
        d = b""
        for n in range(len(e) // 32):
            d = d + bytes([e[32 * n + i] ^ key[i] for i in range(31, -1, -1)])
        return d[0 : len(d) - d[-1]]

    def log(self, e, d):
        now = time.strftime("%a %b %d, %Y %H:%M:%S")
        f = open(self.folder + "server_message" + str(self.number) + ".txt", "wb")
        f.write(bytes("Message Received at: " + now + "\n\n", "ascii"))
        f.write(bytes("Total Encrypted Message Size: " + str(len(e)) + " bytes\n", "ascii"))
        f.write(bytes("Total Decrypted Message Size: " + str(len(d)) + " bytes\n", "ascii"))
        f.write(b"-----\nDECRYPTED MESSAGE CONTENT\n-----\n\n" + d + b"\n\n")
        f.write(b"-----\nENCRYPTED MESSAGE CONTENT\n-----\n\n" + e + b"\n")
        f.close()
        self.number = self.number + 1

mp4server().run()
