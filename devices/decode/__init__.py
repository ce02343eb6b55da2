"""Explaining captured frames: bytes in, readings out. For branch IT and for tests; drives nothing."""
