import base64, hashlib, socket, sys

def make_key(pw, rounds=20):
    """Recursive: round 0 is the hash of the password alone."""
    if rounds == 0:
        return hashlib.sha256(pw).digest()
    return hashlib.sha256(make_key(pw, rounds - 1) + pw).digest()

def encrypt(key, plain):
    missing = 32 - len(plain) % 32
    plain = plain + missing * bytes((missing,))
    data = b""
    for i in range(0, len(plain), 32):
        block = plain[i:i + 32][::-1]
        for j in range(32):
            data += (block[j] ^ key[j]).to_bytes(1, "big")
    return base64.b64encode(data)

file_name, password = sys.argv[1], sys.argv[2].encode()
key = make_key(password)
server = socket.create_connection(("localhost", 9999))
print("Client: Connected to server localhost...")
stream = server.makefile("rwb")
stream.write(key)
stream.write(encrypt(key, open(file_name, "rb").read()))
stream.flush()
print("Client: Message data sent to server localhost")
stream.close()
server.close()
