from socket import socket, AF_INET, SOCK_STREAM, SOL_SOCKET, SO_REUSEADDR
from Crypto.Cipher import AES

# 12000 was taken on my machine
PORT = 12001
K = b'This is a key123'
V = b'This is an IV456'

def start():
    s = socket(AF_INET, SOCK_STREAM)
    s.setsockopt(SOL_SOCKET, SO_REUSEADDR, 1)
    s.bind(('0.0.0.0', PORT))
    s.listen(1)
    print('The server is ready to receive')
    return s

def next_word(c):
    b = c.recv(1024)
    while len(b) and not (b[:-1].isalpha() and b[-1:] == b'1' or len(b) == 17 or b == b'No data3'):
        b = b + c.recv(1024)
    return b[:-1], b[-1:].decode()

s = start()
while True:
    c, (ip, port) = s.accept()
    print('Connection Established in Server. Client IP address %s Client port number %s' % (ip, port))
    w, o = next_word(c)
    while o in ('1', '2'):
        if o == '1':
            print('Received word from client: %s' % w.decode())
            print('Word is cleartext, so I will capitalize.')
            print('Send the word to Client after capitalized it...\n')
            c.send(w.upper())
        else:
            print('Received word from client: %s' % w)
            print('The word is encrypted, so I will decrypt.')
            d = AES.new(K, AES.MODE_CBC, V).decrypt(w)
            print('The word after decrypted is: %s\n' % d.decode())
            print('The first send: send the decrypted word to the Client as cleartext...')
            print('The second send: send the word after encrypted by the Server to the Client as ciphertext...\n')
            c.send(d)
            c.send(AES.new(K, AES.MODE_CBC, V).encrypt(d))
        w, o = next_word(c)
    print('The client ended its connection, I will end the connection as well..')
    c.close()
    print('Connection End.')
