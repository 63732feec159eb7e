"""What client and server agree on; pure: no socket, thread, file or print."""
