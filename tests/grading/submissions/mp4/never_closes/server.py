"""
MP4 Server
"""
from base64 import b64decode
from time import ctime, strftime
import os
import socket

BUFSIZE = 1024
ADDR = ('localhost', 21567)
LOG = 'serverdata/server_message{0}.txt'


def crypt(block, key):
    return bytes(c ^ k for c, k in zip(block, key))[::-1]


def uncover(data, key):
    data = b64decode(data)
    text = b''.join(crypt(data[i:i + 32], key) for i in range(0, len(data), 32))
    return text[:-text[-1]]


def entry(data, text):
    yield strftime('Message Received at: %a %b %d, %Y %H:%M:%S').encode()
    yield b''
    yield 'Total Encrypted Message Size: {0} bytes'.format(len(data)).encode()
    yield 'Total Decrypted Message Size: {0} bytes'.format(len(text)).encode()
    for name, content in (b'DECRYPTED', text + b'\n'), (b'ENCRYPTED', data):
        yield b'-----\n' + name + b' MESSAGE CONTENT\n-----\n'
        yield content


if not os.path.exists('serverdata'):
    os.makedirs('serverdata')
sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
sock.bind(ADDR)
sock.listen(5)
count = 0
try:
    while True:
        cli, addr = sock.accept()
        print('Server: Client connected to from {0}'.format(addr))
        data = b''
        while True:
            got = cli.recv(BUFSIZE)
            if not got:
                break
            data += got
        print('Server: Message Received from {0}'.format(addr))
        with open(LOG.format(count), 'wb') as log:
            for line in entry(data[32:], uncover(data[32:], data[:32])):
                log.write(line + b'\n')
        count += 1
        cli.close()
except (EOFError, KeyboardInterrupt):
    sock.close()
