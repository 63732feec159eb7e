import socket
from Crypto.Cipher import AES

MODES = "123"
answers = {
    "ready": "The server is ready to receive",
    "new": "Connection Established in Server. Client IP address {ip} Client port number {port}",
    "1": "Received word from client: {word}\n"
         "Word is cleartext, so I will capitalize.\n"
         "Send the word to Client after capitalized it...\n",
    "2": "Received word from client: {word}\n"
         "The word is encrypted, so I will decrypt.\n"
         "The word after decrypted is: {clear}\n\n"
         "The first send: send the decrypted word to the Client as cleartext...\n"
         "The second send: send the word after encrypted by the Server to the Client as ciphertext...\n",
    "3": "The client ended its connection, I will end the connection as well..\nConnection End.",
}


def whole_message(conn):
    text = ""
    while True:
        data = conn.recv(1024).decode("latin1")
        text += data
        if data == "" or text == "No data3":
            return "No data", "3"
        body, mode = text[:-1], text[-1]
        if mode == "2" and len(body) == 16 or mode == "1" and body.isalpha() and body.isascii():
            return body, mode


def encrypted(text, turn="encrypt"):
    aes = AES.new(b"This is a key123", AES.MODE_CBC, b"This is an IV456")
    return getattr(aes, turn)(text.encode("latin1")).decode("latin1")


with socket.create_server(("localhost", 12000)) as server:
    print(answers["ready"])
    conn, (ip, port) = server.accept()
    print(answers["new"].format(ip=ip, port=port))
    mode = ""
    while mode != "3":
        word, mode = whole_message(conn)
        if mode == "1":
            print(answers["1"].format(word=word))
            conn.sendall(word.upper().encode("latin1"))
        if mode == "2":
            clear = encrypted(word, "decrypt")
            print(answers["2"].format(word=word.encode("latin1"), clear=clear))
            conn.sendall(clear.encode("latin1"))
            conn.sendall(encrypted(clear).encode("latin1"))
    conn.close()
    print(answers["3"])
