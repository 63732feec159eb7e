#!/usr/bin/python3
# CS 417 Machine Problem 4
# Server

import base64
import os
import socket
import time


def main():
    """Main function"""
    # create the folder for the logs if it is not there
    if os.access("serverdata", os.F_OK) == False:
        os.mkdir("serverdata")

    # create the server socket
    server_socket = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    server_socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    server_address = ("localhost", 10000)
    server_socket.bind(server_address)
    server_socket.listen(1)

    message_number = 0
    while True:
        # wait for a client
        client_socket, client_address = server_socket.accept()
        print("Server: Client connected to from " + str(client_address))

        # receive the message
        received = receive_message(client_socket)
        print("Server: Message Received from " + str(client_address))
        print()

        # decrypt the message and write the log
        write_log_file(message_number, received)
        message_number += 1
        client_socket.close()


def receive_message(client_socket):
    """Receives until the client closed"""
    received = b""
    done = False
    while not done:
        data = client_socket.recv(1024)
        if data:
            received = received + data
        else:
            done = True
    return received


def decrypt_message(key, encrypted):
    """Decrypts a message"""
    encrypted = base64.b64decode(encrypted)
    decrypted = []
    for position in range(len(encrypted)):
        decrypted.append(encrypted[position] ^ key[position % 32])
    result = []
    for start in range(0, len(decrypted), 32):
        for position in range(31, -1, -1):
            result.append(decrypted[start + position])
    padding = result[-1]
    for i in range(padding):
        result.pop()
    return bytes(result)


def write_log_file(message_number, received):
    """Writes a log file"""
    key = received[0:32]
    encrypted = received[32:]
    decrypted = decrypt_message(key, encrypted)
    log_file = open("serverdata/server_message" + str(message_number) + ".txt", "w", newline="\n")
    log_file.write("Message Received at: " + time.strftime("%a %b %d, %Y %H:%M:%S") + "\n")
    log_file.write("\n")
    log_file.write("Total Encrypted Message Size: " + str(len(encrypted)) + " bytes\n")
    log_file.write("Total Decrypted Message Size: " + str(len(decrypted)) + " bytes\n")
    log_file.write("-----\n")
    log_file.write("DECRYPTED MESSAGE CONTENT\n")
    log_file.write("-----\n")
    log_file.write("\n")
    log_file.write(decrypted.decode("utf-8") + "\n")
    log_file.write("\n")
    log_file.write("-----\n")
    log_file.write("ENCRYPTED MESSAGE CONTENT\n")
    log_file.write("-----\n")
    log_file.write("\n")
    log_file.write(encrypted.decode("utf-8") + "\n")
    log_file.close()


main()
