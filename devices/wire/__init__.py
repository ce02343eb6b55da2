"""Wire protocols, sans-I/O: bytes to frozen messages and back. No time, no threads, no ports."""
