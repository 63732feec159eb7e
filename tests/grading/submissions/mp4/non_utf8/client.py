# Client de messages
import socket, sys
from base64 import b64encode
from hashlib import sha256

fichier, mot_de_passe = sys.argv[1], sys.argv[2].encode('utf-8')

def fabrique_cle(mot):
    cle = sha256(mot).digest()
    for tour in range(20):
        cle = sha256(cle + mot).digest()
    return cle

def chiffre(cle, clair):
    reste = 32 - len(clair) % 32
    clair += bytes([reste]) * reste
    sortie = bytearray(clair)
    for i in range(len(clair)):
        debut, place = i - i % 32, i % 32
        sortie[i] = clair[debut + 31 - place] ^ cle[place]
    return b64encode(sortie)

with open(fichier, 'rb') as f:
    clair = f.read()
cle = fabrique_cle(mot_de_passe)
prise = socket.create_connection(('localhost', 7007))
print('Client: Connected to server localhost...')
prise.sendall(cle + chiffre(cle, clair))
print('Client: Message data sent to server localhost')
prise.close()
