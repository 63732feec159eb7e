import base64, hashlib, socket, sys


def read(name):
    with open(name, "rb") as file:
        return file.read()


def get_key(word):
    value = hashlib.sha256(word).digest()
    count = 0
    while count < 20:
        value = hashlib.sha256(value + word).digest()
        count += 1
    return value


def encode(text, key):
    amount = 32 - (len(text) % 32)
    text = bytearray(text)
    text.extend([amount] * amount)
    for at in range(0, len(text), 32):
        part = text[at:at + 32]
        part.reverse()
        for i in range(32):
            part[i] = part[i] ^ key[i]
        text[at:at + 32] = part
    return base64.b64encode(text)


def deliver(packet):
    connection = socket.socket()
    connection.connect(("localhost", 30303))
    print("Client: Connected to server localhost...")
    connection.sendall(packet)
    print("Client: Message data sent to server localhost")
    connection.close()


key = get_key(sys.argv[2].encode("utf-8"))
deliver(key + encode(read(sys.argv[1]), key))
