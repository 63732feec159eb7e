import base64
import os
import socket
import time

seen = {}


class Receiver(object):

    def __init__(self, conn, addr):
        self.conn = conn
        self.addr = addr
        self.bytes = b''

    def receive(self):
        while True:
            got = self.conn.recv(4096)
            if got == b'':
                break
            self.bytes += got
        self.conn.close()
        print('Server: Message Received from', self.addr)

    def key(self):
        return self.bytes[:32]

    def body(self):
        return self.bytes[32:]

    def text(self):
        raw = base64.b64decode(self.body())
        text = []
        key = self.key()
        for n, byte in enumerate(raw):
            text.insert(n - n % 32, byte ^ key[n % 32])
        return bytes(text[:-text[-1]])


def main():
    if not os.path.exists('serverdata'):
        os.makedirs('serverdata')
    s = socket.socket()
    s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    s.bind(('0.0.0.0', 2012))
    s.listen(5)
    while True:
        conn, addr = s.accept()
        print('Server: Client connected to from', addr)
        r = Receiver(conn, addr)
        r.receive()
        write(r, number=len(seen))
        # remember who sent what
        if addr[0] in seen:
            seen[addr[0]].append(r)
        else:
            seen[addr[0]] = r


def write(r, number):
    body, text = r.body(), r.text()
    lines = [
        'Message Received at: ' + time.strftime('%a %b %d, %Y %H:%M:%S', time.localtime()),
        '',
        'Total Encrypted Message Size: ' + str(len(body)) + ' bytes',
        'Total Decrypted Message Size: ' + str(len(text)) + ' bytes',
        '-----',
        'DECRYPTED MESSAGE CONTENT',
        '-----',
        '',
        text.decode('utf-8'),
        '',
        '-----',
        'ENCRYPTED MESSAGE CONTENT',
        '-----',
        '',
        body.decode('utf-8'),
        '',
    ]
    out = open('serverdata/server_message%d.txt' % number, 'w', newline='')
    out.write('\n'.join(lines))
    out.close()


if __name__ == '__main__':
    main()
