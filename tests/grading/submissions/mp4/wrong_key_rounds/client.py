"""mp4 client (Alice & Bob, team 12)

The key is the SHA-256 of the password, hashed again 20 times together with the password.
"""
import base64
import hashlib
import socket
import sys

SERVER = ("localhost", 12012)


def key_from(password):
    digest = hashlib.sha256(password).hexdigest()
    for _ in range(20):
        digest = hashlib.sha256(digest.encode() + password).hexdigest()
    return bytes.fromhex(digest)


def pieces(message):
    count = len(message) // 32
    for number in range(count):
        yield message[number * 32 : number * 32 + 32]
    rest = message[count * 32 :]
    fill = 32 - len(rest)
    yield rest + bytes([fill]) * fill


def hide(message, key):
    hidden = []
    for piece in pieces(message):
        for index, byte in enumerate(reversed(piece)):
            hidden.append(byte ^ key[index])
    return base64.b64encode(bytes(hidden))


def main():
    with open(sys.argv[1], mode="rb") as file:
        message = file.read()
    key = key_from(sys.argv[2].encode())
    sock = socket.create_connection(SERVER)
    print("Client: Connected to server %s..." % SERVER[0])
    sock.sendall(key)
    sock.sendall(hide(message, key))
    sock.close()
    print("Client: Message data sent to server %s" % SERVER[0])


main()
