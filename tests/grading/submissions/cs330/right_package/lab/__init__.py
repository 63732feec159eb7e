"""Everything that client and server share."""
