from Crypto.Cipher import AES

_KEY = "This is a key123"
_IV = "This is an IV456"


def _aes():
    return AES.new(_KEY.encode("utf8"), AES.MODE_CBC, _IV.encode("utf8"))


def encrypt(word):
    return _aes().encrypt(word.encode("utf8"))


def decrypt(ciphertext):
    return _aes().decrypt(ciphertext).decode("utf8")
