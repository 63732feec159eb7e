print(r"""Connection Established in Client.
Select one of the options.
1.Open mode(to exchange messages as cleartext).
2.Secure mode(to exchange messages as ciphertext).
3.Quit application(to end the connection).
open mode

You chose open mode.
Input lowercase word:abcd
Word will capitalize by the Server.
Sending word to Server...
Received the word from Server after capitalized it: ABCD .

Enter another mode, or quit application to end the connection
secure mode

You chose secure mode.
Input secret word: the answer is no
Word will encrypt with AES.
The word is the answer is no
After encryption is b'utgs\x8a\t\x0c\x8b\xef\x19\xa89\xf5\x06\xc5U'
Sending encrypted word to Server...

The first receive: Received the word as cleartext from the Server after decrypted it: the answer is no
The second receive: Received the word as ciphertext from the Server after encrypted it: b'utgs\x8a\t\x0c\x8b\xef\x19\xa89\xf5\x06\xc5U'

Enter another mode, or quit application to end the connection
quit application

You chose quit mode, the connection release...
Connection End.""")
