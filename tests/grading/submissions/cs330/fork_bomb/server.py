import socket
import threading
from Crypto.Cipher import AES

# one lock, so that the lines of two clients do not mix
console = threading.Lock()


def lines(*texts):
    with console:
        for text in texts:
            print(text)


def crypt(method, data):
    aes = AES.new(b'This is a key123', AES.MODE_CBC, b'This is an IV456')
    return getattr(aes, method)(data)


def complete(data):
    """How long the first message in data is, 0 if it is not all there."""
    if data[16:17] == b'2':
        return 17
    for end in range(2, len(data) + 1):
        digit, word = data[end - 1], data[:end - 1]
        if digit == 0x31 and word.isalpha():
            return end
        if digit == 0x33 and word == b'No data':
            return end
    return 0


def client(sock):
    data = b''
    while True:
        end = complete(data)
        if end == 0:
            more = sock.recv(1024)
            if more == b'':
                break
            data += more
            continue
        word, digit, data = data[:end - 1], data[end - 1:end], data[end:]
        if digit == b'1':
            lines('Received word from client: ' + word.decode(),
                  'Word is cleartext, so I will capitalize.',
                  'Send the word to Client after capitalized it...', '')
            sock.sendall(word.upper())
        elif digit == b'2':
            clear = crypt('decrypt', word)
            lines('Received word from client: ' + repr(word),
                  'The word is encrypted, so I will decrypt.',
                  'The word after decrypted is: ' + clear.decode(), '',
                  'The first send: send the decrypted word to the Client as cleartext...',
                  'The second send: send the word after encrypted by the Server to the Client as ciphertext...', '')
            sock.sendall(clear)
            sock.sendall(crypt('encrypt', clear))
        else:
            break
    lines('The client ended its connection, I will end the connection as well..', 'Connection End.')
    sock.close()


server = socket.socket()
server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
server.bind(('0.0.0.0', 12000))
server.listen(8)
lines('The server is ready to receive')
while True:
    sock, addr = server.accept()
    lines('Connection Established in Server. Client IP address %s Client port number %d' % addr)
    threading.Thread(target=client, args=[sock]).start()
