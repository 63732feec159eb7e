"""Answers each datagram with its text in capitals."""

import socket

with socket.socket(type=socket.SOCK_DGRAM) as server:
    server.bind(("", 12000))
    while True:
        text, client = server.recvfrom(2048)
        print(text.decode(), "from", client[0], flush=True)
        server.sendto(text.upper(), client)
