# server
import os
import socket
import base64
import time

os.makedirs("serverdata", exist_ok=True)
s = socket.socket()
s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
s.bind(("localhost", 3456))
s.listen(20)
nr = 0
try:
    while True:
        c, who = s.accept()
        print("Server: Client connected to from", who)
        all = b""
        d = c.recv(777)
        while d:
            all = all + d
            d = c.recv(777)
        print("Server: Message Received from", who)
        k = all[:32]
        e = all[32:]
        r = base64.b64decode(e)
        t = bytearray()
        for q in range(0, len(r), 32):
            for w in range(32):
                t.append(r[q + 31 - w] ^ k[31 - w])
        t = t[:-t[-1]]
        f = open("serverdata/server_message" + str(nr) + ".txt", "w", newline="\n")
        print("Message Received at:", time.strftime("%a %b %d, %Y %H:%M:%S"), file=f)
        print("", file=f)
        print("Total Encrypted Message Size:", len(e), "bytes", file=f)
        print("Total Decrypted Message Size:", len(t), "bytes", file=f)
        print("-----\nDECRYPTED MESSAGE CONTENT\n-----\n", file=f)
        print(t.decode(), file=f)
        print("\n-----\nENCRYPTED MESSAGE CONTENT\n-----\n", file=f)
        print(e.decode(), file=f)
        f.close()
        nr = nr + 1
        c.close()
except KeyboardInterrupt:
    print("", end="")
