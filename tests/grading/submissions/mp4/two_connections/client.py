import hashlib
import socket
import sys
from base64 import b64encode

HOST = 'localhost'
PORT = 55555


def is_server_up():
    """Check that the server is there before doing all the work."""
    probe = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    up = probe.connect_ex((HOST, PORT)) == 0
    probe.close()
    return up


def calculate_key(password):
    password = password.encode('utf-8')
    result = hashlib.sha256(password).digest()
    for _ in range(0, 20):
        hasher = hashlib.sha256(result)
        hasher.update(password)
        result = hasher.digest()
    return result


def encrypt(plaintext, key):
    padding = 32 - (len(plaintext) % 32)
    plaintext = plaintext + bytes([padding for _ in range(padding)])
    ciphertext = []
    for i in range(len(plaintext) // 32):
        chunk = plaintext[i * 32: (i + 1) * 32]
        ciphertext += [chunk[-1 - j] ^ key[j] for j in range(32)]
    return b64encode(bytes(ciphertext))


def main():
    if not is_server_up():
        print('Client: Server is not running')
        sys.exit(1)
    with open(sys.argv[1], 'rb') as f:
        plaintext = f.read()
    key = calculate_key(sys.argv[2])
    ciphertext = encrypt(plaintext, key)
    s = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    s.connect((HOST, PORT))
    print('Client: Connected to server {}...'.format(HOST))
    s.sendall(key)
    s.sendall(ciphertext)
    print('Client: Message data sent to server {}'.format(HOST))
    s.close()


if __name__ == '__main__':
    main()
