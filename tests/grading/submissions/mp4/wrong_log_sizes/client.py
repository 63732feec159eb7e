import base64
import hashlib
import socket
import sys


def xor_bytes(left, right):
    return bytes(l ^ r for l, r in zip(left, right))


def pad(plain):
    size = 32 - len(plain) % 32
    return plain + bytes([size] * size)


def encode(plain, key):
    plain = pad(plain)
    text = b""
    for offset in range(0, len(plain), 32):
        text += xor_bytes(plain[offset:offset + 32][::-1], key)
    return base64.b64encode(text)


def key_for(password):
    key = hashlib.sha256(password).digest()
    for _ in range(20):
        key = hashlib.sha256(key + password).digest()
    return key


def main(filename, password):
    with open(filename, "rb") as file:
        plain = file.read()
    key = key_for(password.encode())
    sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    sock.connect(("localhost", 27015))
    print("Client: Connected to server localhost...")
    message = key + encode(plain, key)
    while message:
        message = message[sock.send(message):]
    print("Client: Message data sent to server localhost")
    sock.close()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
