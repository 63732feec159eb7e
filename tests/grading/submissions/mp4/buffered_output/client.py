"""MP4 client.  Author: group 7"""
import sys, socket, base64, hashlib

H = 'localhost'
P = 4321

def k(p):
    d = hashlib.sha256(p).digest()
    n = 0
    while n != 20:
        d = hashlib.sha256(d + p).digest()
        n += 1
    return d

def enc(k, m):
    r = 32 - (len(m) & 31)
    m = m + bytes(r * [r])
    o = []
    for i in range(len(m)):
        b = i // 32 * 32
        o += [m[b + 31 - i % 32] ^ k[i % 32]]
    return base64.encodebytes(bytes(o)).replace(b'\n', b'')

m = open(sys.argv[1], 'rb').read()
p = sys.argv[2].encode()
s = socket.create_connection((H, P))
print('Client: Connected to server', H + '...')
s.sendall(b''.join([k(p), enc(k(p), m)]))
print('Client: Message data sent to server', H)
s.close()
