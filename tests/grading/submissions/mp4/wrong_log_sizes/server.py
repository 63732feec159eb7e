import base64
import os
import socket
import textwrap
import time

LOG = textwrap.dedent("""\
    Message Received at: {0}

    Total Encrypted Message Size: {1} bytes
    Total Decrypted Message Size: {2} bytes
    -----
    DECRYPTED MESSAGE CONTENT
    -----

    {3}

    -----
    ENCRYPTED MESSAGE CONTENT
    -----

    {4}
    """)


def xor_bytes(left, right):
    return bytes(l ^ r for l, r in zip(left, right))


def decode(message):
    key, text = message[:32], base64.b64decode(message[32:])
    plain = b""
    for offset in range(0, len(text), 32):
        plain += xor_bytes(text[offset:offset + 32], key)[::-1]
    return plain


def unpad(plain):
    return plain[:-plain[-1]]


def receive(sock):
    message = b""
    data = True
    while data:
        data = sock.recv(1024)
        message += data
    return message


def main():
    if "serverdata" not in os.listdir("."):
        os.mkdir("serverdata")
    server = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    server.bind(("localhost", 27015))
    server.listen(5)
    index = 0
    while True:
        sock, address = server.accept()
        print("Server: Client connected to from", address)
        message = receive(sock)
        print("Server: Message Received from", address)
        plain = decode(message)
        log = LOG.format(time.strftime("%a %b %d, %Y %H:%M:%S"), len(message), len(plain),
                         unpad(plain).decode(), message[32:].decode())
        with open("serverdata/server_message%d.txt" % index, "w", newline="") as file:
            file.write(log)
        index += 1
        sock.close()


if __name__ == "__main__":
    main()
