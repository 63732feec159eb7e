"""Sends a word five times, and says how long each reply took."""

import socket
import sys
import time

host, word = sys.argv[1:]
with socket.socket(type=socket.SOCK_DGRAM) as client:
    client.settimeout(0.2)
    for number in range(1, 6):
        sent = time.perf_counter()
        client.sendto(word.encode(), (host, 12000))
        try:
            reply = client.recv(2048).decode()
        except TimeoutError:
            print(f"Ping {number}: lost")
        else:
            print(f"Ping {number}: {reply} after {(time.perf_counter() - sent) * 1000:.3f} ms")
