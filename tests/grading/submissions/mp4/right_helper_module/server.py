import os
import socketserver
import time

import mp4crypto

HOST, PORT = "localhost", 21000


class MessageHandler(socketserver.StreamRequestHandler):
    counter = 0

    def setup(self):
        super().setup()
        print("Server: Client connected to from %s" % (self.client_address,))

    def handle(self):
        key = self.rfile.read(32)
        data = self.rfile.read()
        print("Server: Message Received from %s" % (self.client_address,))
        text = mp4crypto.decrypt(key, data)
        self.write_log(text, data)

    def write_log(self, text, data):
        name = "server_message%d.txt" % MessageHandler.counter
        MessageHandler.counter += 1
        with open(os.path.join("serverdata", name), "wb") as log:
            log.write(b"Message Received at: %s\n\n" % time.strftime(
                "%a %b %d, %Y %H:%M:%S").encode())
            log.write(b"Total Encrypted Message Size: %d bytes\n" % len(data))
            log.write(b"Total Decrypted Message Size: %d bytes\n" % len(text))
            for title, content in ((b"DECRYPTED", text + b"\n"), (b"ENCRYPTED", data)):
                log.write(b"-----\n%s MESSAGE CONTENT\n-----\n\n%s\n" % (title, content))


if __name__ == "__main__":
    os.makedirs("serverdata", exist_ok=True)
    socketserver.TCPServer.allow_reuse_address = True
    with socketserver.TCPServer((HOST, PORT), MessageHandler) as server:
        server.serve_forever()
