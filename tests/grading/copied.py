"""One student's programs for the mp4 lab, and the same as another handed them in.

The second has other names, texts and comments, its functions in another order,
its lines laid out anew, and a few of them taken out or put in.
"""

from __future__ import annotations

ORIGINAL = {
    "server.py": '''\
import base64
import os
import socket
import time

PORT = 9099
LOGS = "serverdata"


def xor_block(block, key):
    out = bytearray()
    for i in range(32):
        out.append(block[31 - i] ^ key[31 - i])
    return bytes(out)


def decrypt(data):
    """The key is in front."""
    key = data[:32]
    cipher = data[32:]
    raw = base64.b64decode(cipher)
    text = b""
    for start in range(0, len(raw), 32):
        text += xor_block(raw[start:start + 32], key)
    pad = text[-1]
    return cipher, text[:-pad]


def read_all(conn):
    data = b""
    while True:
        part = conn.recv(4096)
        if not part:
            break
        data += part
    return data


def write_log(number, cipher, text):
    # same layout as in the assignment
    path = os.path.join(LOGS, "server_message%d.txt" % number)
    with open(path, "wb") as log:
        now = time.strftime("%a %b %d, %Y %H:%M:%S")
        log.write(("Message Received at: %s\\n\\n" % now).encode())
        log.write(("Total Encrypted Message Size: %d bytes\\n" % len(cipher)).encode())
        log.write(("Total Decrypted Message Size: %d bytes\\n" % len(text)).encode())
        log.write(b"-----\\nDECRYPTED MESSAGE CONTENT\\n-----\\n\\n")
        log.write(text)
        log.write(b"\\n\\n-----\\nENCRYPTED MESSAGE CONTENT\\n-----\\n\\n")
        log.write(cipher + b"\\n")


def main():
    if not os.path.isdir(LOGS):
        os.mkdir(LOGS)
    s = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    s.bind(("", PORT))
    s.listen(5)
    count = 0
    while True:
        conn, addr = s.accept()
        print("Server: Client connected to from", addr, flush=True)
        data = read_all(conn)
        print("Server: Message Received from", addr, flush=True)
        cipher, text = decrypt(data)
        write_log(count, cipher, text)
        count += 1
        conn.close()


main()
''',
    "client.py": """\
import base64
import hashlib
import socket
import sys


def make_key(password):
    pw = password.encode()
    digest = hashlib.sha256(pw).digest()
    for i in range(20):
        digest = hashlib.sha256(digest + pw).digest()
    return digest


def encrypt(text, key):
    pad = 32 - len(text) % 32
    text = text + bytes([pad] * pad)
    out = bytearray()
    for start in range(0, len(text), 32):
        block = text[start:start + 32][::-1]
        for i in range(32):
            out.append(block[i] ^ key[i])
    return base64.b64encode(bytes(out))


with open(sys.argv[1], "rb") as f:
    message = f.read()
key = make_key(sys.argv[2])
sock = socket.create_connection(("localhost", 9099))
print("Client: Connected to server localhost...")
sock.sendall(key + encrypt(message, key))
sock.close()
print("Client: Message data sent to server localhost")
""",
}

DISGUISED = {
    "server.py": '''\
#!/usr/bin/env python3
# MP4 -- server
# This is my own work.
import socket, time, os, base64

verzeichnis = 'serverdata'   # where the logs go
portnummer = 23456

def schreibe_datei(nr, geheim, klar):
    """Writes one file."""
    ziel = os.path.join(verzeichnis, 'server_message%d.txt' % nr)
    with open(ziel, 'wb') as datei:
        jetzt = time.strftime('%a %b %d, %Y %H:%M:%S')
        datei.write(('Message Received at: %s\\n\\n' % jetzt).encode())
        # the sizes
        datei.write(('Total Encrypted Message Size: %d bytes\\n' % len(geheim)).encode())
        datei.write(('Total Decrypted Message Size: %d bytes\\n' % len(klar)).encode())
        # the text
        datei.write(b'-----\\nDECRYPTED MESSAGE CONTENT\\n-----\\n\\n')
        datei.write(klar)
        datei.write(b'\\n\\n-----\\nENCRYPTED MESSAGE CONTENT\\n-----\\n\\n')
        datei.write(geheim + b'\\n')

def empfange(verbindung):
    puffer = b''
    while True:
        # take what is there
        stueck = verbindung.recv(65536)
        if not stueck:
            break
        puffer += stueck
    return puffer

def ein_block(b, schluessel):
    ergebnis = bytearray()
    for stelle in range(32):
        ergebnis.append(b[31 - stelle]
                        ^ schluessel[31 - stelle])
    return bytes(ergebnis)

def entschluesseln(daten):
    schluessel = daten[:32]
    geheim = daten[32:]
    roh = base64.b64decode(geheim)
    klar = b''
    for anfang in range(0, len(roh), 32):
        klar += ein_block(roh[anfang:anfang + 32], schluessel)
    fuellung = klar[-1]
    return geheim, klar[:-fuellung]

def los():
    if not os.path.isdir(verzeichnis):
        os.mkdir(verzeichnis)
    steckdose = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    steckdose.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    steckdose.bind(('', portnummer))
    steckdose.listen(1)
    zaehler = 0
    # for ever
    while True:
        verbindung, wer = steckdose.accept()
        print('Server: Client connected to from', wer, flush=True)
        daten = empfange(verbindung)
        print('Server: Message Received from', wer, flush=True)
        verbindung.close()
        geheim, klar = entschluesseln(daten)
        schreibe_datei(zaehler, geheim, klar)
        zaehler += 1

if __name__ == '__main__':
    los()
''',
    "client.py": """\
# MP4 -- client
import sys, socket, hashlib, base64

def verschluesseln(klar, schluessel):
    fuellung = 32 - len(klar) % 32
    klar = klar + bytes([fuellung] * fuellung)

    ergebnis = bytearray()
    for anfang in range(0, len(klar), 32):
        b = klar[anfang:anfang + 32][::-1]     # backwards
        for stelle in range(32):
            ergebnis.append(b[stelle] ^ schluessel[stelle])
    return base64.b64encode(bytes(ergebnis))

def schluessel_aus(passwort):
    p = passwort.encode()
    summe = hashlib.sha256(p).digest()
    for runde in range(20):
        summe = hashlib.sha256(summe + p).digest()
    return summe

if len(sys.argv) != 3:
    sys.exit('usage: client.py file password')
with open(sys.argv[1], 'rb') as datei:
    nachricht = datei.read()
schluessel = schluessel_aus(sys.argv[2])
steckdose = socket.create_connection(('localhost', 23456))
print('Client: Connected to server localhost...')
steckdose.sendall(schluessel + verschluesseln(nachricht, schluessel))
steckdose.close()
print('Client: Message data sent to server localhost')
""",
}
