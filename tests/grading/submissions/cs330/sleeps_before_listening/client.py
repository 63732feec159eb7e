import socket
from Crypto.Cipher import AES

key = b"This is a key123"
iv = b"This is an IV456"


def receive(conn, length):
    word = conn.recv(length)
    if 0 < len(word) < length:
        word += receive(conn, length - len(word))
    return word


def open_mode(conn):
    word = input("Input lowercase word:")
    print("Word will capitalize by the Server.")
    print("Sending word to Server...")
    conn.send(word.encode())
    conn.send(b"1")
    print("Received the word from Server after capitalized it:", receive(conn, len(word)).decode(), ".")


def secure_mode(conn):
    word = input("Input secret word: ")
    while len(word) != 16:
        word = input("The word must have 16 letters: ")
    print("Word will encrypt with AES.")
    print("The word is", word)
    word = AES.new(key, AES.MODE_CBC, iv).encrypt(word.encode())
    print("After encryption is", word)
    print("Sending encrypted word to Server...")
    conn.send(word)
    conn.send(b"2")
    print()
    print("The first receive: Received the word as cleartext from the Server after decrypted it:",
          receive(conn, 16).decode())
    print("The second receive: Received the word as ciphertext from the Server after encrypted it:",
          receive(conn, 16))


def main():
    conn = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    if conn.connect_ex(("localhost", 12000)) != 0:
        print("Error: Server is down! So we can not establish the connection at the client")
        return
    print("Connection Established in Client.")
    print("Select one of the options.")
    print("1.Open mode(to exchange messages as cleartext).")
    print("2.Secure mode(to exchange messages as ciphertext).")
    print("3.Quit application(to end the connection).")
    option = input()
    while True:
        print()
        match option.lower():
            case "open mode":
                print("You chose open mode.")
                open_mode(conn)
            case "secure mode":
                print("You chose secure mode.")
                secure_mode(conn)
            case "quit application":
                print("You chose quit mode, the connection release...")
                conn.send(b"No data")
                conn.send(b"3")
                conn.close()
                print("Connection End.")
                return
        print()
        print("Enter another mode, or quit application to end the connection")
        option = input()


main()
