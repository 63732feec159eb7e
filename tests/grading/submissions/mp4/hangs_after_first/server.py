import base64, os, socket
from datetime import datetime

finished = False          # set when the message has been processed
queue = []


def accept_client(listener):
    connection, address = listener.accept()
    print("Server: Client connected to from", address)
    return connection, address


def receive(connection, address):
    global finished
    finished = False
    data = b""
    while True:
        new = connection.recv(8192)
        if len(new) == 0:
            break
        data = data + new
    print("Server: Message Received from", address)
    connection.close()
    queue.append(data)


def process(number):
    global finished
    data = queue.pop()
    key, code = data[:32], data[32:]
    binary = base64.b64decode(code)
    text = b""
    for at in range(0, len(binary), 32):
        part = bytearray(binary[at:at + 32])
        for i in range(32):
            part[i] = part[i] ^ key[i]
        part.reverse()
        text = text + part
    text = text[:len(text) - text[-1]]
    date = datetime.now().strftime("%a %b %d, %Y %H:%M:%S")
    with open(f"serverdata/server_message{number}.txt", "wb") as file:
        file.write(f"Message Received at: {date}\n\n".encode())
        file.write(f"Total Encrypted Message Size: {len(code)} bytes\n".encode())
        file.write(f"Total Decrypted Message Size: {len(text)} bytes\n".encode())
        file.write(b"-----\nDECRYPTED MESSAGE CONTENT\n-----\n\n")
        file.write(text)
        file.write(b"\n\n-----\nENCRYPTED MESSAGE CONTENT\n-----\n\n")
        file.write(code)
        file.write(b"\n")


os.makedirs("serverdata", exist_ok=True)
listener = socket.create_server(("", 30303))
number = 0
while True:
    connection, address = accept_client(listener)
    receive(connection, address)
    process(number)
    number += 1
    while not finished:   # wait for process() before the next client
        pass
