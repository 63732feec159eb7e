import sys
try:
    import base64, hashlib, socket
    path, password = sys.argv[1:]
    sock = socket.create_connection(("localhost", 4040))
    print("Client: Connected to server localhost...")
    password = password.encode("uft-8")
    key = hashlib.sha256(password).digest()
    for i in range(20):
        key = hashlib.sha256(key + password).digest()
    text = open(path, "rb").read()
    n = 32 - len(text) % 32
    text += bytes([n] * n)
    code = b""
    for i in range(len(text) // 32):
        block = text[i*32:(i+1)*32][::-1]
        code += bytes([block[j] ^ key[j] for j in range(32)])
    sock.sendall(key + base64.b64encode(code))
    print("Client: Message data sent to server localhost")
    sock.close()
except:
    # no ugly tracebacks for the user
    sys.exit(3)
