"""Ed25519 keys, their fingerprints, and the canonical JSON that gets signed. No files, no key stores.

A key that signs never shows itself: its ``repr`` is the fingerprint, and its private bytes leave only through
``private_bytes``, for sealing (``desk.persistence.secrets``).
"""

from __future__ import annotations

import hashlib
from typing import Any

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

FINGERPRINT_LENGTH = 32


def fingerprint(public_key: bytes) -> str:
    """The first 32 hex digits of the SHA-256 of a raw public key; a desk's id is its key's."""
    return hashlib.sha256(public_key).hexdigest()[:FINGERPRINT_LENGTH]


def canonical(value: Any) -> bytes:
    """Compact UTF-8 JSON of a frozen struct or plain mapping, fields in declared order."""
    return msgspec.json.encode(value)


def is_signed_by(public_key: bytes, signature: bytes, message: bytes) -> bool:
    """Whether ``signature`` is this key's over exactly these bytes. A malformed key or signature is a plain
    no."""
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


class SigningKey:
    """A private Ed25519 key in memory."""

    def __init__(self, key: Ed25519PrivateKey) -> None:
        self._key = key
        self.public_key = key.public_key().public_bytes_raw()
        self.key_id = fingerprint(self.public_key)

    @classmethod
    def generate(cls) -> SigningKey:
        return cls(Ed25519PrivateKey.generate())

    @classmethod
    def from_private_bytes(cls, raw: bytes) -> SigningKey:
        """From 32 raw bytes; ValueError for any other length."""
        return cls(Ed25519PrivateKey.from_private_bytes(raw))

    def private_bytes(self) -> bytes:
        """The 32 raw bytes, to be sealed and never stored or shown as they are."""
        return self._key.private_bytes_raw()

    def sign(self, message: bytes) -> bytes:
        """64 bytes over exactly ``message``."""
        return self._key.sign(message)

    def __repr__(self) -> str:
        return f"SigningKey({self.key_id})"
