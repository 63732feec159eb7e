import asyncio

from lab import secret, wire
from lab.wire import Option

HOST = "127.0.0.1"


async def open_mode(reader, writer):
    print()
    print("You chose open mode.")
    word = input("Input lowercase word:")
    print("Word will capitalize by the Server.")
    print("Sending word to Server...")
    await wire.send(writer, word.encode("utf8"), Option.OPEN)
    capitals = await reader.readexactly(len(word))
    print("Received the word from Server after capitalized it: %s ." % capitals.decode("utf8"))


async def secure_mode(reader, writer):
    print()
    print("You chose secure mode.")
    word = input("Input secret word: ")
    print("Word will encrypt with AES.")
    print("The word is %s" % word)
    hidden = secret.encrypt(word)
    print("After encryption is %s" % hidden)
    print("Sending encrypted word to Server...")
    print()
    await wire.send(writer, hidden, Option.SECURE)
    clear = await reader.readexactly(len(word))
    print("The first receive: Received the word as cleartext from the Server after decrypted it: %s"
          % clear.decode("utf8"))
    again = await reader.readexactly(len(hidden))
    print("The second receive: Received the word as ciphertext from the Server after encrypted it: %s"
          % again)


async def main():
    try:
        reader, writer = await asyncio.open_connection(HOST, wire.PORT)
    except OSError:
        print("Error: Server is down! So we can not establish the connection at the client")
        return
    print("Connection Established in Client.")
    print("Select one of the options.")
    print("1.Open mode(to exchange messages as cleartext).")
    print("2.Secure mode(to exchange messages as ciphertext).")
    print("3.Quit application(to end the connection).")
    while True:
        mode = input().lower()
        if mode == "quit application":
            break
        if mode == "open mode":
            await open_mode(reader, writer)
        elif mode == "secure mode":
            await secure_mode(reader, writer)
        print()
        print("Enter another mode, or quit application to end the connection")
    print()
    print("You chose quit mode, the connection release...")
    await wire.send(writer, b"No data", Option.QUIT)
    writer.close()
    await writer.wait_closed()
    print("Connection End.")


asyncio.run(main())
