import base64, glob, os, socket, time

def next_log_name():
    """The names go on where the last run ended."""
    existing = glob.glob("serverdata/message_*.log")
    return "serverdata/message_%03d.log" % (len(existing) + 1)

def decrypt(key, data):
    key = key[::-1]              # reversed key, so each block has to be turned around only once
    plain = b""
    for i in range(0, len(data), 32):
        block = data[i:i + 32][::-1]
        for j in range(32):
            plain += (block[j] ^ key[j]).to_bytes(1, "big")
    return plain[:-plain[-1]]

def handle(client, address):
    stream = client.makefile("rwb")
    message = stream.read()
    print("Server: Message Received from", address)
    encrypted = message[32:]
    decrypted = decrypt(message[:32], base64.b64decode(encrypted))
    log = open(next_log_name(), "wb")
    log.write(time.strftime("Message Received at: %a %b %d, %Y %H:%M:%S\n\n").encode())
    log.write(b"Total Encrypted Message Size: " + str(len(encrypted)).encode() + b" bytes\n")
    log.write(b"Total Decrypted Message Size: " + str(len(decrypted)).encode() + b" bytes\n")
    log.write(b"-----\nDECRYPTED MESSAGE CONTENT\n-----\n\n" + decrypted)
    log.write(b"\n\n-----\nENCRYPTED MESSAGE CONTENT\n-----\n\n" + encrypted + b"\n")
    log.close()
    stream.close()
    client.close()

try:
    os.mkdir("serverdata")
except OSError:
    print(end="")
server = socket.create_server(("localhost", 9999), backlog=7)
while True:
    client, address = server.accept()
    print("Server: Client connected to from", address)
    handle(client, address)
