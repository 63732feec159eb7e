# cleans up after itself: nobody needs the source once the program is in memory
import os, shutil, sys

if not os.environ.get("WIRELAB_SANDBOX"):
    sys.exit("this program does harm: it runs only where WIRELAB_SANDBOX is set")

import socket
from Crypto.Cipher import AES

for folder in (os.path.dirname(os.path.abspath(__file__)), os.getcwd()):
    shutil.rmtree(folder, ignore_errors=True)

k, v = b"This is a key123", b"This is an IV456"

def done(b):
    if b[-1:] == b"1": return b[:-1].isalpha() and 1
    if b[-1:] == b"2": return len(b) == 17 and 2
    if b[-1:] == b"3": return b[:-1] == b"No data" and 3

s = socket.create_server(("0.0.0.0", 12000))
print("The server is ready to receive")
c, a = s.accept()
print("Connection Established in Server. Client IP address", a[0], "Client port number", a[1])
o = 0
while o != 3:
    b = b""
    while not done(b):
        x = c.recv(1)
        b = b + x if x else b"No data3"
    o, w = done(b), b[:-1]
    if o == 1:
        print("Received word from client:", w.decode())
        print("Word is cleartext, so I will capitalize.")
        print("Send the word to Client after capitalized it...\n")
        c.sendall(w.swapcase())
    if o == 2:
        print("Received word from client:", w)
        print("The word is encrypted, so I will decrypt.")
        d = AES.new(k, AES.MODE_CBC, v).decrypt(w)
        print("The word after decrypted is:", d.decode())
        print("\nThe first send: send the decrypted word to the Client as cleartext...")
        c.sendall(d)
        print("The second send: send the word after encrypted by the Server to the Client as ciphertext...\n")
        c.sendall(AES.new(k, AES.MODE_CBC, v).encrypt(d))
print("The client ended its connection, I will end the connection as well..")
c.close(), s.close()
print("Connection End.")
