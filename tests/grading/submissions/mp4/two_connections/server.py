import os
import socket
import threading
import time
from base64 import b64decode

HOST = 'localhost'
PORT = 55555
LOG_DIR = 'serverdata'

counter_lock = threading.Lock()
counter = 0


def decrypt(ciphertext, key):
    raw = b64decode(ciphertext)
    plaintext = []
    for i in range(len(raw) // 32):
        chunk = raw[i * 32: (i + 1) * 32]
        plaintext += [chunk[-1 - j] ^ key[-1 - j] for j in range(32)]
    return bytes(plaintext[:-plaintext[-1]])


def log_message(ciphertext, plaintext):
    global counter
    with counter_lock:
        path = os.path.join(LOG_DIR, 'server_message{}.txt'.format(counter))
        counter += 1
    with open(path, 'wb') as f:
        f.write('Message Received at: {}\n\n'.format(
            time.strftime('%a %b %d, %Y %H:%M:%S', time.localtime())).encode())
        f.write('Total Encrypted Message Size: {} bytes\n'.format(len(ciphertext)).encode())
        f.write('Total Decrypted Message Size: {} bytes\n'.format(len(plaintext)).encode())
        f.write('{0}\nDECRYPTED MESSAGE CONTENT\n{0}\n\n'.format('-' * 5).encode())
        f.write(plaintext)
        f.write('\n\n{0}\nENCRYPTED MESSAGE CONTENT\n{0}\n\n'.format('-' * 5).encode())
        f.write(ciphertext)
        f.write('\n'.encode())


def handle_client(conn, addr):
    message = b''
    while True:
        data = conn.recv(1024)
        if not data:
            break
        message += data
    if message:     # the client's test connection sends nothing
        print('Server: Message Received from {}'.format(addr), flush=True)
        log_message(message[32:], decrypt(message[32:], message[:32]))
    conn.close()


def main():
    if not os.path.isdir(LOG_DIR):
        os.makedirs(LOG_DIR)
    s = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    s.bind((HOST, PORT))
    s.listen(5)
    while True:
        conn, addr = s.accept()
        print('Server: Client connected to from {}'.format(addr), flush=True)
        threading.Thread(target=handle_client, args=(conn, addr)).start()


if __name__ == '__main__':
    main()
