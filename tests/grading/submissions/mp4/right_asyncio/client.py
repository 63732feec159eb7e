import asyncio
import base64
import functools
import hashlib
import socket
import sys


def make_key(password: bytes) -> bytes:
    def step(digest: bytes, _: int) -> bytes:
        return hashlib.sha256(digest + password).digest()

    return functools.reduce(step, range(20), hashlib.sha256(password).digest())


def scramble(key: bytes, plain: bytes) -> bytes:
    fill = 32 - len(plain) % 32
    plain = plain.ljust(len(plain) + fill, bytes((fill,)))
    scrambled = bytearray(len(plain))
    for position, byte in enumerate(plain):
        block, column = divmod(position, 32)
        target = block * 32 + 31 - column
        scrambled[target] = byte ^ key[31 - column]
    return base64.b64encode(scrambled)


async def main(path: str, password: str) -> None:
    with open(path, "rb") as file:
        plain = file.read()
    key = make_key(password.encode())
    host = socket.gethostbyname(socket.gethostname())
    reader, writer = await asyncio.open_connection(host, 8765)
    print(f"Client: Connected to server {host}...")
    writer.write(key)
    writer.write(scramble(key, plain))
    await writer.drain()
    print(f"Client: Message data sent to server {host}")
    writer.close()
    await writer.wait_closed()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:3]))
