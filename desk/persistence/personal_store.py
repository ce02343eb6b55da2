"""Personal records beside the chain: encrypted one by one, so that each can be erased and the chain still
verifies.

A record's bytes are ``nonce || AES-256-GCM(record key, salt || plain)``; its random key is wrapped by the
vault key. The event keeps the record's id, the SHA-256 of salt and plain, and that of all that is stored.
Account numbers are looked up by HMAC-SHA256, never in the clear. Holds no SQL; rows are the journal
store's.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from desk.domain.events import PersonalRef
from desk.domain.refusals import Refusal, RefusalCode, refuse

NONCE_LENGTH = 12
SALT_LENGTH = 16
KEY_LENGTH = 32

_WRAP_TAG = b"teller-desk/vault/wrap/v1"
_LOOKUP_TAG = b"teller-desk/vault/account-lookup/v1"


@dataclass(frozen=True)
class SealedRecord:
    """A personal record ready to commit. Holds nothing readable."""

    ref: PersonalRef
    wrapped_key: bytes
    sealed: bytes


def stored_digest(wrapped_key: bytes, sealed: bytes) -> str:
    """What an event says of the stored bytes, both of them: a wrapped key that was changed has lost its record too."""
    return hashlib.sha256(len(wrapped_key).to_bytes(4) + wrapped_key + sealed).hexdigest()


class PersonalVault:
    """Seals and opens personal records under one 32-byte vault key."""

    def __init__(self, vault_key: bytes) -> None:
        if len(vault_key) != KEY_LENGTH:
            raise ValueError("a vault key has 32 bytes")
        self._vault = AESGCM(hmac.digest(vault_key, _WRAP_TAG, "sha256"))
        self._lookup_key = hmac.digest(vault_key, _LOOKUP_TAG, "sha256")

    @staticmethod
    def new_key() -> bytes:
        """A fresh vault key; losing it loses every record, so it belongs in the key store."""
        return os.urandom(KEY_LENGTH)

    def seal(self, plain: bytes) -> SealedRecord:
        """Encrypt a new record under a key of its own."""
        record_id, key = secrets.token_hex(16), os.urandom(KEY_LENGTH)
        salted = os.urandom(SALT_LENGTH) + plain
        name = record_id.encode()
        wrapped, sealed = _encrypt(self._vault, key, name), _encrypt(AESGCM(key), salted, name)
        digest = hashlib.sha256(salted).hexdigest()
        return SealedRecord(PersonalRef(record_id, digest, stored_digest(wrapped, sealed)), wrapped, sealed)

    def open(self, record: SealedRecord) -> bytes | Refusal:
        """The plain bytes; CHAIN_BROKEN when they are not those the event speaks of."""
        salted = self.open_salted(record)
        return salted if isinstance(salted, Refusal) else salted[SALT_LENGTH:]

    def open_salted(self, record: SealedRecord) -> bytes | Refusal:
        """Salt and plain bytes: what the event's digest is made of, for evidence that shows them."""
        name = record.ref.record_id.encode()
        try:
            key = _decrypt(self._vault, record.wrapped_key, name)
            salted = _decrypt(AESGCM(key), record.sealed, name)
        except (InvalidTag, ValueError):
            return refuse(RefusalCode.CHAIN_BROKEN, record=record.ref.record_id)
        if hashlib.sha256(salted).hexdigest() != record.ref.digest:
            return refuse(RefusalCode.CHAIN_BROKEN, record=record.ref.record_id)
        return salted

    def lookup(self, account_number: str) -> bytes:
        """What an account number is found by, 32 bytes."""
        return hmac.digest(self._lookup_key, account_number.encode(), "sha256")


def _encrypt(cipher: AESGCM, plain: bytes, name: bytes) -> bytes:
    nonce = os.urandom(NONCE_LENGTH)
    return nonce + cipher.encrypt(nonce, plain, name)


def _decrypt(cipher: AESGCM, sealed: bytes, name: bytes) -> bytes:
    return cipher.decrypt(sealed[:NONCE_LENGTH], sealed[NONCE_LENGTH:], name)
