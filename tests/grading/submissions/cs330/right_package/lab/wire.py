"""What crosses the network: a word, then the digit of what to do with it."""
import asyncio
import enum

PORT = 12000


class Option(enum.Enum):
    OPEN = b"1"
    SECURE = b"2"
    QUIT = b"3"


def is_complete(data):
    body, option = data[:-1], data[-1:]
    if option == b"3":
        return body == b"No data"
    if option == b"2":
        return len(body) == 16
    return option == b"1" and body.isalpha() and body.islower()


async def receive(reader):
    data = b""
    while not is_complete(data):
        try:
            data += await reader.readexactly(1)
        except asyncio.IncompleteReadError:
            return b"", Option.QUIT
    return data[:-1], Option(data[-1:])


async def send(writer, body, option):
    for part in (body, option.value):
        writer.write(part)
        await writer.drain()
