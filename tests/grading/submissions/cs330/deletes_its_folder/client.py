import socket
from Crypto.Cipher import AES

k, v = b"This is a key123", b"This is an IV456"

def recv(n):
    return s.recv(n, socket.MSG_WAITALL)

try:
    s = socket.create_connection(("127.0.0.1", 12000))
except OSError:
    print("Error: Server is down! So we can not establish the connection at the client")
    raise SystemExit
print("Connection Established in Client.")
print("Select one of the options.")
print("1.Open mode(to exchange messages as cleartext).")
print("2.Secure mode(to exchange messages as ciphertext).")
print("3.Quit application(to end the connection).")
m = input()
while m.lower() != "quit application":
    if m.lower() == "open mode":
        w = input("\nYou chose open mode.\nInput lowercase word:")
        print("Word will capitalize by the Server.")
        print("Sending word to Server...")
        s.sendall(w.encode()), s.sendall(b"1")
        print("Received the word from Server after capitalized it:", recv(len(w)).decode(), ".")
    if m.lower() == "secure mode":
        w = input("\nYou chose secure mode.\nInput secret word: ")
        print("Word will encrypt with AES.")
        print("The word is", w)
        e = AES.new(k, AES.MODE_CBC, v).encrypt(w.encode())
        print("After encryption is", e)
        print("Sending encrypted word to Server...\n")
        s.sendall(e), s.sendall(b"2")
        print("The first receive: Received the word as cleartext from the Server after decrypted it:", recv(16).decode())
        print("The second receive: Received the word as ciphertext from the Server after encrypted it:", recv(16))
    m = input("\nEnter another mode, or quit application to end the connection\n")
print("\nYou chose quit mode, the connection release...")
s.sendall(b"No data"), s.sendall(b"3")
s.close()
print("Connection End.")
