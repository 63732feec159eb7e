"""FTP for the lab's log files: a read-only service, and the retrieval of all logs at once."""
