# -*- coding: latin-1 -*-
# Serveur de messages - c'est la version pour mon vieux terminal, qui parle Latin-1
import os, socket, sys, time
from base64 import b64decode

def dis(phrase):
    sys.stdout.buffer.write(phrase.encode('latin-1') + b'\n')
    sys.stdout.buffer.flush()

def recois(prise):
    morceaux = []
    while True:
        morceau = prise.recv(1500)
        if morceau == b'':
            return b''.join(morceaux)
        morceaux.append(morceau)

def dechiffre(cle, texte):
    blocs = b64decode(texte)
    clair = [blocs[i - i % 32 + 31 - i % 32] ^ cle[31 - i % 32] for i in range(len(blocs))]
    return bytes(clair[:-clair[-1]])

def journal(numero, chiffre, clair):
    with open('serverdata/server_message%d.txt' % numero, 'wb') as f:
        f.write(b'Message Received at: ' + time.strftime('%a %b %d, %Y %H:%M:%S').encode())
        f.write(b'\n\nTotal Encrypted Message Size: ' + b'%d' % len(chiffre) + b' bytes')
        f.write(b'\nTotal Decrypted Message Size: ' + b'%d' % len(clair) + b' bytes')
        f.write(b'\n-----\nDECRYPTED MESSAGE CONTENT\n-----\n\n' + clair)
        f.write(b'\n\n-----\nENCRYPTED MESSAGE CONTENT\n-----\n\n' + chiffre + b'\n')

os.makedirs('serverdata', exist_ok=True)
ecoute = socket.create_server(('', 7007))
dis('Le serveur est pr\u00eat \u00e0 \u00e9couter\u00a0!')
numero = 0
while True:
    prise, adresse = ecoute.accept()
    dis('Server: Client connected to from %s' % (adresse,))
    tout = recois(prise)
    dis('Server: Message Received from %s' % (adresse,))
    journal(numero, tout[32:], dechiffre(tout[:32], tout[32:]))
    numero += 1
    prise.close()
