# MP4: server
import base64, os, socket, time

sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
sock.bind(("127.0.0.1", 5005))
sock.listen(1)
conn, addr = sock.accept()
print("Server: Client connected to from", addr)

os.makedirs("serverdata", exist_ok=True)
i = 0
buffer = b""
while True:
    data = conn.recv(1024)
    if data:
        buffer += data
        continue
    if not buffer:
        time.sleep(0.01)
        continue
    # no more data: the message is complete
    print("Server: Message Received from", addr)
    k, m = buffer[:32], buffer[32:]
    x = base64.b64decode(m)
    p = bytearray()
    for b in range(0, len(x), 32):
        for c in reversed(range(32)):
            p.append(x[b + c] ^ k[c])
    p = p[:-p[-1]]
    with open("serverdata/server_message%d.txt" % i, "wb") as f:
        f.write(b"Message Received at: " + time.strftime("%a %b %d, %Y %H:%M:%S").encode() + b"\n\n")
        f.write(b"Total Encrypted Message Size: %d bytes\n" % len(m))
        f.write(b"Total Decrypted Message Size: %d bytes\n" % len(p))
        f.write(b"-----\nDECRYPTED MESSAGE CONTENT\n-----\n\n%s\n\n" % p)
        f.write(b"-----\nENCRYPTED MESSAGE CONTENT\n-----\n\n%s\n" % m)
    i += 1
    buffer = b""
