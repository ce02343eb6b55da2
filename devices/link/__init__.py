"""Links move bytes and know no protocol: serial, TCP, null modem, and the trace and fault wrappers."""
