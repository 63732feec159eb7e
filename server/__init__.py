"""The server program: keeps messages and answers words, for many clients at once."""
