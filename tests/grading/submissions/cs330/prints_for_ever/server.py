import socket, sys
from Crypto.Cipher import AES

def encrypt(b): return AES.new(b"This is a key123", AES.MODE_CBC, b"This is an IV456").encrypt(b)
def decrypt(b): return AES.new(b"This is a key123", AES.MODE_CBC, b"This is an IV456").decrypt(b)

def upper(b):
    return bytes([n & ~32 for n in b])

def p(*a): print(*a, flush=True)

def words(c):
    """Yields every word with its number; b"" ends."""
    have = b""
    for piece in iter(lambda: c.recv(1024), b""):
        have = have + piece
        n = have[-1] - 48
        if n == 1 and not any(b - 97 not in range(26) for b in have[:-1]) and have != b"1" or n == 2 and len(have) == 17:
            yield n, have[:-1]
            have = b""
        if n == 3 and have == b"No data3":
            return

s = socket.socket()
s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
s.bind(("127.0.0.1", 12000))
s.listen()
p("The server is ready to receive")
c, a = s.accept()
p("Connection Established in Server. Client IP address", a[0], "Client port number", a[1])
for n, w in words(c):
    if n == 1:
        p("Received word from client:", w.decode())
        p("Word is cleartext, so I will capitalize.")
        p("Send the word to Client after capitalized it...")
        c.sendall(upper(w))
    else:
        p("Received word from client:", w)
        p("The word is encrypted, so I will decrypt.")
        p("The word after decrypted is:", decrypt(w).decode())
        p()
        p("The first send: send the decrypted word to the Client as cleartext...")
        p("The second send: send the word after encrypted by the Server to the Client as ciphertext...")
        c.sendall(decrypt(w))
        c.sendall(encrypt(decrypt(w)))
    p()
p("The client ended its connection, I will end the connection as well..")
c.close()
p("Connection End.")
