import socket
import sys

import mp4crypto
from mp4crypto import generate_key

HOST, PORT = "localhost", 21000


def main(argv):
    if len(argv) != 3:
        print("usage: client.py FILE PASSWORD")
        return 2
    with open(argv[1], "rb") as message_file:
        message = message_file.read()
    key = generate_key(argv[2])
    sock = socket.socket()
    try:
        sock.connect((HOST, PORT))
        print("Client: Connected to server %s..." % HOST)
        sock.send(key)
        sock.sendall(mp4crypto.encrypt(key, message))
        sock.shutdown(socket.SHUT_WR)
        print("Client: Message data sent to server %s" % HOST)
    finally:
        sock.close()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
