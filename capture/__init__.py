"""What crosses the wire, recorded: a relay between client and server, and its faults."""
