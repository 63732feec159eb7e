import asyncio
import binascii
import itertools
import os
import socket
from time import localtime, strftime

numbers = itertools.count()
RULE = "-----"


def unscramble(key: bytes, ciphertext: bytes) -> bytes:
    # whole message as one big number: xor once instead of once per byte
    raw = binascii.a2b_base64(ciphertext)
    stream = key * (len(raw) // 32)
    mixed = int.from_bytes(raw, "big") ^ int.from_bytes(stream, "big")
    mixed = mixed.to_bytes(len(raw), "big")
    # reversing everything turns the blocks around and swaps them; walk backwards to unswap
    back = mixed[::-1]
    plain = b"".join(back[i : i + 32] for i in range(len(back) - 32, -1, -32))
    return plain.removesuffix(plain[-1:] * plain[-1])


def save(payload: bytes) -> None:
    key, ciphertext = payload[:32], payload[32:]
    plain = unscramble(key, ciphertext)
    lines = [
        "Message Received at: " + strftime("%a %b %d, %Y %H:%M:%S", localtime()),
        "",
        f"Total Encrypted Message Size: {len(ciphertext)} bytes",
        f"Total Decrypted Message Size: {len(plain)} bytes",
        RULE, "DECRYPTED MESSAGE CONTENT", RULE, "",
        plain.decode(),
        "",
        RULE, "ENCRYPTED MESSAGE CONTENT", RULE, "",
        ciphertext.decode(),
    ]
    name = os.path.join("serverdata", f"server_message{next(numbers)}.txt")
    with open(name, "w", encoding="utf-8", newline="\n") as log:
        log.writelines(line + "\n" for line in lines)


async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    peer = writer.get_extra_info("peername")
    print("Server: Client connected to from", peer, flush=True)
    payload = await reader.read()
    print("Server: Message Received from", peer, flush=True)
    save(payload)
    writer.close()
    await writer.wait_closed()


async def main() -> None:
    os.makedirs("serverdata", exist_ok=True)
    here = socket.gethostbyname(socket.gethostname())
    server = await asyncio.start_server(handle, here, 8765)
    async with server:
        await server.serve_forever()


try:
    asyncio.run(main())
except KeyboardInterrupt:
    pass
