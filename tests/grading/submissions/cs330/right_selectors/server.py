# One process, no threads: a select loop with a generator for each client.
import selectors
import socket
import sys

from Crypto.Cipher import AES

PORT = 12000
selector = selectors.DefaultSelector()


def say(*lines):
    sys.stdout.write("".join(line + "\n" for line in lines))
    sys.stdout.flush()


def aes():
    return AES.new(b"This is a key123", AES.MODE_CBC, b"This is an IV456")


def conversation(client, address):
    """Gets sent what arrives; ends when the client does."""
    say(f"Connection Established in Server. Client IP address {address[0]}"
        f" Client port number {address[1]}")
    buffer = b""
    while True:
        data = yield
        buffer += data
        if not data or buffer == b"No data3":
            break
        word, digit = buffer[:-1], buffer[-1:]
        if digit == b"1" and word and all(97 <= letter <= 122 for letter in word):
            say(f"Received word from client: {word.decode()}",
                "Word is cleartext, so I will capitalize.",
                "Send the word to Client after capitalized it...",
                "")
            client.sendall(bytes(letter - 32 for letter in word))
            buffer = b""
        elif digit == b"2" and word and len(word) % AES.block_size == 0:
            clear = aes().decrypt(word)
            say(f"Received word from client: {word!r}",
                "The word is encrypted, so I will decrypt.",
                f"The word after decrypted is: {clear.decode()}",
                "",
                "The first send: send the decrypted word to the Client as cleartext...",
                "The second send: send the word after encrypted by the Server to the Client as ciphertext...",
                "")
            client.sendall(clear)
            client.sendall(aes().encrypt(clear))
            buffer = b""
    say("The client ended its connection, I will end the connection as well..",
        "Connection End.")


def readable(key):
    try:
        key.data.send(key.fileobj.recv(1024))
    except StopIteration:
        selector.unregister(key.fileobj)
        key.fileobj.close()


host = socket.gethostbyname(socket.gethostname())
with socket.create_server((host, PORT)) as listener:
    selector.register(listener, selectors.EVENT_READ)
    say("The server is ready to receive")
    while True:
        for key, _ in selector.select():
            if key.fileobj is listener:
                client, address = listener.accept()
                talk = conversation(client, address)
                next(talk)
                selector.register(client, selectors.EVENT_READ, talk)
            else:
                readable(key)
