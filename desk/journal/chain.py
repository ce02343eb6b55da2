"""The hash chain of one desk, and the seals its key sets on it. Pure: bytes in, bytes out.

``digest_n = SHA-256(tag || digest_(n-1) || body_n)``, sequence from 1 without gaps; the digest before the
first entry depends on the desk's id, so that no entry can be moved to another chain. A seal is the desk
key's signature over (tag, desk, sequence, digest).
"""

from __future__ import annotations

import hashlib

from desk.journal.keys import SigningKey, is_signed_by

ENTRY_TAG = b"teller-desk/entry/v1\0"
GENESIS_TAG = b"teller-desk/genesis/v1\0"
SEAL_TAG = b"teller-desk/seal/v1\0"

SEAL_EVERY = 1024
"""At most so many entries stand from one seal to the next."""


def genesis(desk: str) -> bytes:
    """The digest that stands before entry 1 of this desk."""
    return hashlib.sha256(GENESIS_TAG + desk.encode()).digest()


def link(previous: bytes, body: bytes) -> bytes:
    """The digest after ``body``, 32 bytes."""
    return hashlib.sha256(ENTRY_TAG + previous + body).digest()


def _seal_message(desk: str, sequence: int, digest: bytes) -> bytes:
    return SEAL_TAG + desk.encode() + b"\0" + sequence.to_bytes(8, "big") + digest


def seal(key: SigningKey, sequence: int, digest: bytes) -> bytes:
    """The desk's signature over its chain up to ``sequence``; the desk's id is the key's own."""
    return key.sign(_seal_message(key.key_id, sequence, digest))


def is_sealed(public_key: bytes, desk: str, sequence: int, digest: bytes, signature: bytes) -> bool:
    """Whether this seal stands over this chain head."""
    return is_signed_by(public_key, signature, _seal_message(desk, sequence, digest))
