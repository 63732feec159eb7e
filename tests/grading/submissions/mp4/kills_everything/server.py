import base64, os, socket, time

template = """Message Received at: %s

Total Encrypted Message Size: %d bytes
Total Decrypted Message Size: %d bytes
-----
DECRYPTED MESSAGE CONTENT
-----

%s

-----
ENCRYPTED MESSAGE CONTENT
-----

%s
"""

if not os.path.exists("serverdata"): os.mkdir("serverdata")
sock = socket.socket()
sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, True)
sock.bind(("127.0.0.1", 12321))
sock.listen()
number = -1
while True:
    conn, addr = sock.accept()
    print("Server: Client connected to from {0!s}".format(addr))
    everything = b""
    while True:
        something = conn.recv(10000)
        everything += something
        if something == b"": break
    print("Server: Message Received from {0!s}".format(addr))
    number += 1
    key = list(everything[:32])
    code = everything[32:].decode()
    numbers = list(base64.b64decode(code))
    text = []
    while numbers:
        block = [n ^ k for (n, k) in zip(numbers[0:32], key)]
        text += reversed(block)
        del numbers[0:32]
    text = bytes(text[0:-text[-1]])
    file = open("serverdata/server_message%d.txt" % number, "wb")
    file.write((template % (time.strftime("%a %b %d, %Y %H:%M:%S"), len(code), len(text),
                            text.decode("utf-8"), code)).encode("utf-8"))
    file.close()
    conn.close()
