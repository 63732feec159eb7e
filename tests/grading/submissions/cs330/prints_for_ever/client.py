# prints the right line sooner or later, whatever it is
import itertools

lines = [
    "Connection Established in Client.",
    "Select one of the options.",
    "1.Open mode(to exchange messages as cleartext).",
    "2.Secure mode(to exchange messages as ciphertext).",
    "3.Quit application(to end the connection).",
    "",
    "You chose open mode.",
    "Input lowercase word:",
    "Word will capitalize by the Server.",
    "Sending word to Server...",
    "Received the word from Server after capitalized it: %s .",
    "Enter another mode, or quit application to end the connection",
    "You chose quit mode, the connection release...",
    "Connection End.",
]

for letters in itertools.count(1):
    for word in itertools.product("ABCDEFGHIJKLMNOPQRSTUVWXYZ", repeat=letters):
        for line in lines:
            print(line % "".join(word) if "%" in line else line)
