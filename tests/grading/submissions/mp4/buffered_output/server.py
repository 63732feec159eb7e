"""MP4 server.  Author: group 7

Writing to the console is slow, so all output is collected and written when the
buffer is full or the program ends.
"""
import sys, os, io, socket, base64, datetime

sys.stdout = io.TextIOWrapper(io.BufferedWriter(io.FileIO(1, 'w', closefd=False), 1 << 16))

def main():
    os.makedirs('serverdata', exist_ok=True)
    listening = socket.create_server(('', 4321))
    n = 0
    while 1:
        (c, a) = listening.accept()
        print("Server: Client connected to from (%r, %d)" % a)
        f = c.makefile('rb')
        k = f.read(32)
        e = f.read()
        print("Server: Message Received from (%r, %d)" % a)
        d = dec(k, e)
        log(n, e, d)
        n += 1
        f.close(); c.close()

def dec(k, e):
    x = bytearray(base64.decodebytes(e))
    for i in range(len(x)):
        x[i] ^= k[i % 32]
    for i in range(0, len(x), 32):
        x[i:i + 32] = x[i:i + 32][::-1]
    return bytes(x[:len(x) - x[len(x) - 1]])

def log(n, e, d):
    now = datetime.datetime.today()
    h = ("Message Received at: {:%a %b %d, %Y %H:%M:%S}\n\nTotal Encrypted Message Size: {} bytes\n"
         "Total Decrypted Message Size: {} bytes\n").format(now, len(e), len(d))
    with open('serverdata/server_message%d.txt' % n, 'wb') as out:
        out.write(h.encode() + b'-----\nDECRYPTED MESSAGE CONTENT\n-----\n\n' + d
                  + b'\n\n-----\nENCRYPTED MESSAGE CONTENT\n-----\n\n' + e + b'\n')

try:
    main()
except KeyboardInterrupt:
    pass
finally:
    sys.stdout.flush()
