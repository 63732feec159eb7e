"""The cipher of the assignment, used by client and server."""
import base64
import hashlib

SIZE = 32


def generate_key(passwd):
    passwd = bytes(passwd, 'utf8')
    h = hashlib.new('sha256', passwd).digest()
    rounds = 20
    while rounds > 0:
        m = hashlib.new('sha256')
        m.update(h)
        m.update(passwd)
        h = m.digest()
        rounds -= 1
    return h


def _xor(one, two):
    return bytes(map(int.__xor__, one, two))


def _split(data):
    while data:
        yield data[:SIZE]
        data = data[SIZE:]


def encrypt(key, text):
    n = SIZE - (len(text) % SIZE)
    text = text + n * chr(n).encode('latin1')
    result = b''
    for block in _split(text):
        result += _xor(block[::-1], key)
    return base64.standard_b64encode(result)


def decrypt(key, text):
    result = b''
    for block in _split(base64.standard_b64decode(text)):
        result += _xor(block, key)[::-1]
    n = result[-1]
    return result[:-n]
