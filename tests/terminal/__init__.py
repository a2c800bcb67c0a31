"""The whole program in a real pseudo-terminal, against a protocol server on loopback."""
