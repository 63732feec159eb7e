"""Client of the word server. It waits until there is enough entropy for a good key."""
import threading
from Crypto.Cipher import AES
from Crypto.Random import get_random_bytes
import socket

ready = threading.Event()


def gather(pool):
    while len(set(pool)) < 257:      # until every byte has been seen
        pool.extend(get_random_bytes(16))
        del pool[:-4096]
    ready.set()


threading.Thread(target=gather, args=(bytearray(),), daemon=True).start()
ready.wait()

sock = socket.create_connection(("localhost", 12000))
print("Connection Established in Client.")
print("Select one of the options.")
print("1.Open mode(to exchange messages as cleartext).")
print("2.Secure mode(to exchange messages as ciphertext).")
print("3.Quit application(to end the connection).")
while True:
    mode = input().lower()
    if mode.startswith("o"):
        print("\nYou chose open mode.")
        word = input("Input lowercase word:")
        print("Word will capitalize by the Server.\nSending word to Server...")
        sock.sendall(word.encode() + b"1")
        print("Received the word from Server after capitalized it:", sock.recv(1024).decode(), ".")
    elif mode.startswith("s"):
        print("\nYou chose secure mode.")
        word = input("Input secret word: ")
        code = AES.new(b"This is a key123", AES.MODE_CBC, b"This is an IV456").encrypt(word.encode())
        print("Word will encrypt with AES.\nThe word is", word)
        print("After encryption is", code)
        print("Sending encrypted word to Server...\n")
        sock.sendall(code + b"2")
        print("The first receive: Received the word as cleartext from the Server after decrypted it:",
              sock.recv(16).decode())
        print("The second receive: Received the word as ciphertext from the Server after encrypted it:",
              sock.recv(16))
    else:
        print("\nYou chose quit mode, the connection release...")
        sock.sendall(b"No data3")
        sock.close()
        print("Connection End.")
        break
    print("\nEnter another mode, or quit application to end the connection")
