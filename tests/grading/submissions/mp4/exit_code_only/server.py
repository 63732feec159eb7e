import base64, os, socket, time


def receive(sock):
    return receive_rest(sock, sock.recv(65536))


def receive_rest(sock, so_far):
    more = sock.recv(65536)
    return receive_rest(sock, so_far + more) if more else so_far


def decrypt(key, code):
    data = base64.b64decode(code)
    out = b""
    for i in range(len(data) // 32):
        block = data[i*32:(i+1)*32]
        out += bytes([block[j] ^ key[j] for j in range(32)])[::-1]
    return out[:-out[-1]]


def log_text(code, text):
    head = time.strftime("Message Received at: %a %b %d, %Y %H:%M:%S") + "\n\n"
    head += "Total Encrypted Message Size: " + format(len(code)) + " bytes\n"
    head += "Total Decrypted Message Size: " + format(len(text)) + " bytes\n"
    one = heading("DECRYPTED").encode() + text + b"\n\n"
    two = heading("ENCRYPTED").encode() + code + b"\n"
    return head.encode() + one + two


def heading(what):
    return "-----\n%s MESSAGE CONTENT\n-----\n\n" % what


def main():
    os.makedirs("serverdata", exist_ok=True)
    count = 0
    with socket.create_server(("localhost", 4040)) as listener:
        while True:
            sock, address = listener.accept()
            with sock:
                print("Server: Client connected to from", address)
                data = receive(sock)
                print("Server: Message Received from", address)
                with open("serverdata/server_message" + str(count) + ".txt", "wb") as log:
                    log.write(log_text(data[32:], decrypt(data[:32], data[32:])))
            count += 1


main()
