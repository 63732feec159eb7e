# client for mp4
# start the server on the desktop first!!

import hashlib, socket, sys
from base64 import b64encode

SERVER_IP = "192.168.8.101"
SERVER_PORT = 6789

def hash(data):
    return hashlib.sha256(data).digest()

def key_from_password(password):
    password = password.encode("utf-8")
    key = hash(password)
    for round_number in range(1, 21):
        key = hash(key + password)
    return key

def pad(message):
    n = 32
    while (len(message) + n) % 32 != 0:
        n -= 1
    return message + bytes([n] * n)

def encrypt(message, key):
    message = pad(message)
    done = bytearray()
    for start in range(0, len(message), 32):
        end = start + 31
        for i in range(32):
            done.append(message[end - i] ^ key[i])
    return b64encode(done)

if __name__ == "__main__":
    path = sys.argv[1]
    password = sys.argv[2]
    message = open(path, "rb").read()
    key = key_from_password(password)
    packet = key + encrypt(message, key)

    sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    sock.connect((SERVER_IP, SERVER_PORT))
    print("Client: Connected to server {}...".format(SERVER_IP))
    sent = 0
    while sent < len(packet):
        sent += sock.send(packet[sent:sent + 1024])
    print("Client: Message data sent to server {}".format(SERVER_IP))
    sock.close()
