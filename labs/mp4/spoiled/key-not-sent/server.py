import base64, os, socket, time

BLOCKSIZE = 32
serverport = 44444

class BlockDecipher:
    def __init__(self, key):
        self.key = key

    def decrypt(self, encrypted):
        data = base64.b64decode(encrypted)
        result = bytearray()
        for position in range(0, len(data), BLOCKSIZE):
            result.extend(self.decryptblock(data, position))
        return bytes(result[:-result[-1]])

    def decryptblock(self, data, position):
        for i in range(BLOCKSIZE - 1, -1, -1):
            yield data[position + i] ^ self.key[i]

class LogFile:
    def __init__(self, number):
        self.file = open(os.path.join("serverdata", "server_message" + str(number) + ".txt"), "wb")

    def line(self, text=b""):
        if isinstance(text, str):
            text = text.encode("UTF-8")
        self.file.write(text + b"\n")

    def section(self, title, content):
        for text in ("-----", title + " MESSAGE CONTENT", "-----", "", content):
            self.line(text)

    def close(self):
        self.file.close()

class Server:
    def __init__(self):
        self.number = 0
        self.socket = socket.socket()
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.socket.bind(("", serverport))
        self.socket.listen(7)

    def serve(self):
        client, address = self.socket.accept()
        print("Server: Client connected to from " + str(address))
        message = b"".join(self.receive(client))
        print("Server: Message Received from " + str(address))
        self.writelog(message[BLOCKSIZE:], BlockDecipher(message[:BLOCKSIZE]).decrypt(message[BLOCKSIZE:]))
        client.close()

    def receive(self, client):
        data = client.recv(1000)
        while len(data):
            yield data
            data = client.recv(1000)

    def writelog(self, encrypted, decrypted):
        log = LogFile(self.number)
        log.line(time.strftime("Message Received at: %a %b %d, %Y %H:%M:%S"))
        log.line()
        log.line("Total Encrypted Message Size: " + str(len(encrypted)) + " bytes")
        log.line("Total Decrypted Message Size: " + str(len(decrypted)) + " bytes")
        log.section("DECRYPTED", decrypted)
        log.line()
        log.section("ENCRYPTED", encrypted)
        log.close()
        self.number = self.number + 1

if not os.path.exists("serverdata"):
    os.mkdir("serverdata")
server = Server()
while True:
    server.serve()
