# server for mp4, tested at home between my laptop and my desktop
# TODO put the address into a config file

import os, socket, time
from base64 import b64decode

MY_IP = "192.168.8.101"      # desktop
MY_PORT = 6789

def receive_all(sock):
    parts = []
    part = sock.recv(1024)
    while part != b"":
        parts.append(part)
        part = sock.recv(1024)
    return b"".join(parts)

def decrypt_block(block, key):
    plain = bytearray(32)
    for i in range(32):
        plain[31 - i] = block[i] ^ key[i]
    return plain

def decrypt(data, key):
    data = b64decode(data)
    plain = bytearray()
    while len(plain) < len(data):
        start = len(plain)
        plain.extend(decrypt_block(data[start:start + 32], key))
    del plain[-plain[-1]:]
    return bytes(plain)

def write_log(number, encrypted, decrypted):
    log = open("serverdata/server_message{}.txt".format(number), "wb")
    def put(text):
        log.write(text.encode("utf-8"))
    def title(text):
        put("-----\n" + text + "\n-----\n\n")
    put(time.strftime("Message Received at: %a %b %d, %Y %H:%M:%S\n\n"))
    put("Total Encrypted Message Size: {} bytes\n".format(len(encrypted)))
    put("Total Decrypted Message Size: {} bytes\n".format(len(decrypted)))
    title("DECRYPTED MESSAGE CONTENT")
    log.write(decrypted)
    put("\n\n")
    title("ENCRYPTED MESSAGE CONTENT")
    log.write(encrypted)
    put("\n")
    log.close()

def main():
    try:
        os.mkdir("serverdata")
    except FileExistsError:
        pass
    sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    sock.bind((MY_IP, MY_PORT))
    sock.listen(1)
    number = 0
    try:
        while True:
            client, where = sock.accept()
            print("Server: Client connected to from {}".format(where))
            data = receive_all(client)
            print("Server: Message Received from {}".format(where))
            write_log(number, data[32:], decrypt(data[32:], data[:32]))
            number += 1
            client.close()
    except KeyboardInterrupt:
        sock.close()

main()
