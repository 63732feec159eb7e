import asyncio

from lab import secret, wire


async def serve(reader, writer):
    ip, port = writer.get_extra_info("peername")
    print(f"Connection Established in Server. Client IP address {ip} Client port number {port}")
    while True:
        body, option = await wire.receive(reader)
        if option is wire.Option.QUIT:
            break
        replies = open_word(body) if option is wire.Option.OPEN else secure_word(body)
        for reply in replies:
            writer.write(reply)
            await writer.drain()
    print("The client ended its connection, I will end the connection as well..")
    writer.close()
    print("Connection End.")


def open_word(body):
    word = body.decode("utf8")
    print("Received word from client: " + word)
    print("Word is cleartext, so I will capitalize.")
    print("Send the word to Client after capitalized it...\n")
    return [word.upper().encode("utf8")]


def secure_word(body):
    print("Received word from client: " + repr(body))
    print("The word is encrypted, so I will decrypt.")
    word = secret.decrypt(body)
    print("The word after decrypted is: " + word + "\n")
    print("The first send: send the decrypted word to the Client as cleartext...")
    print("The second send: send the word after encrypted by the Server to the Client as ciphertext...\n")
    return [word.encode("utf8"), secret.encrypt(word)]


async def main():
    server = await asyncio.start_server(serve, "", wire.PORT)
    print("The server is ready to receive")
    await server.serve_forever()


asyncio.run(main())
