import contextlib
import select
import socket
import sys

from Crypto.Cipher import AES

SERVER = (socket.gethostbyname(socket.gethostname()), 12000)
ASK = "\nEnter another mode, or quit application to end the connection"


def wait_for(sock, size):
    parts = []
    while size:
        ready, _, _ = select.select([sock], [], [], 10)
        part = sock.recv(size) if ready else b""
        if not part:
            sys.exit("the server did not answer")
        parts.append(part)
        size -= len(part)
    return b"".join(parts)


def open_mode(sock):
    print("\nYou chose open mode.")
    print("Input lowercase word:", end="", flush=True)
    word = sys.stdin.readline().rstrip("\n")
    print("Word will capitalize by the Server.")
    print("Sending word to Server...")
    sock.sendall(word.encode())
    sock.sendall(b"1")
    print("Received the word from Server after capitalized it:", wait_for(sock, len(word)).decode(), ".")


def secure_mode(sock):
    print("\nYou chose secure mode.")
    print("Input secret word: ", end="", flush=True)
    word = sys.stdin.readline().rstrip("\n").encode()
    cipher = AES.new(mode=AES.MODE_CBC, key=b"This is a key123", iv=b"This is an IV456")
    print("Word will encrypt with AES.")
    print("The word is", word.decode())
    encrypted = cipher.encrypt(word)
    print("After encryption is", repr(encrypted))
    print("Sending encrypted word to Server...")
    sock.sendall(encrypted)
    sock.sendall(b"2")
    both = wait_for(sock, 2 * len(word))
    print("\nThe first receive: Received the word as cleartext from the Server"
          " after decrypted it:", both[:len(word)].decode())
    print("The second receive: Received the word as ciphertext from the Server"
          " after encrypted it:", both[len(word):])


def main():
    try:
        sock = socket.create_connection(SERVER)
    except ConnectionError:
        print("Error: Server is down! So we can not establish the connection at the client")
        return
    print("Connection Established in Client.", "Select one of the options.",
          "1.Open mode(to exchange messages as cleartext).",
          "2.Secure mode(to exchange messages as ciphertext).",
          "3.Quit application(to end the connection).", sep="\n")
    with contextlib.closing(sock):
        for line in sys.stdin:
            match line.split()[:1]:
                case ["open" | "Open" | "OPEN"]:
                    open_mode(sock)
                case ["secure" | "Secure" | "SECURE"]:
                    secure_mode(sock)
                case ["quit" | "Quit" | "QUIT"]:
                    print("\nYou chose quit mode, the connection release...")
                    sock.sendall(b"No data")
                    sock.sendall(b"3")
                    break
            print(ASK)
    print("Connection End.")


main()
