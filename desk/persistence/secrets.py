"""Private keys at rest: persons' keys sealed by their password, the desk's and the vault's in a key store.

The key store's backend is chosen here by name and never guessed (``keyring`` alone would take a plain-text
file where one is installed). A machine without one may hold training keys only, in a marked file of mode
0600. Nothing secret reaches a log, a command line, or the text of an error.
"""

from __future__ import annotations

import base64
import importlib
import json
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import msgspec
from argon2.low_level import Type, hash_secret_raw
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from keyring.backend import KeyringBackend
from keyring.errors import KeyringError

from desk.domain.refusals import Refusal, RefusalCode, refuse
from desk.journal.keys import SigningKey
from desk.persistence.personal_store import PersonalVault

SERVICE = "teller-desk"
_NONCE, _SALT, _KEY = 12, 16, 32


@dataclass(frozen=True)
class HashCost:
    """argon2id parameters: passes, KiB of memory, lanes."""

    passes: int
    memory_kib: int
    lanes: int


LIVE_COST = HashCost(3, 65536, 4)
"""RFC 9106's second recommended set; about 0.2 s on a desk."""

TRAINING_COST = HashCost(1, 1024, 1)
"""Quick, for keys that sign nothing but training."""


class _SealedKey(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    v: int
    training: bool
    passes: int
    memory_kib: int
    lanes: int
    salt: str
    sealed: str


def _wrap_key(password: str, cost: HashCost, salt: bytes) -> bytes:
    return hash_secret_raw(password.encode(), salt, cost.passes, cost.memory_kib, cost.lanes, _KEY, Type.ID)


def _mark(training: bool) -> bytes:
    return b"teller-desk/person-key/v1 " + (b"training" if training else b"live")


def seal_person_key(key: SigningKey, password: str, *, training: bool = False) -> str:
    """A person's private key under their password, as text. ``training`` takes the quick parameters and
    marks it."""
    cost = TRAINING_COST if training else LIVE_COST
    salt, nonce = os.urandom(_SALT), os.urandom(_NONCE)
    cipher = AESGCM(_wrap_key(password, cost, salt))
    sealed = nonce + cipher.encrypt(nonce, key.private_bytes(), _mark(training))
    made = _SealedKey(
        1, training, cost.passes, cost.memory_kib, cost.lanes, salt.hex(), base64.b64encode(sealed).decode()
    )
    return msgspec.json.encode(made).decode()


def open_person_key(sealed: str, password: str) -> SigningKey | Refusal:
    """The key for signing; WRONG_PASSWORD, or KEY_STORE when the text is no sealed key or asks too little
    of a guesser for a live one."""
    try:
        found = msgspec.json.decode(sealed, type=_SealedKey)
        salt, raw = bytes.fromhex(found.salt), base64.b64decode(found.sealed, validate=True)
    except (msgspec.MsgspecError, ValueError):
        return refuse(RefusalCode.KEY_STORE, reason="not a sealed key")
    cost = HashCost(found.passes, found.memory_kib, found.lanes)
    if cost not in ((TRAINING_COST, LIVE_COST) if found.training else (LIVE_COST,)):
        return refuse(RefusalCode.KEY_STORE, reason="hash parameters are not ours")
    cipher = AESGCM(_wrap_key(password, cost, salt))
    try:
        private = cipher.decrypt(raw[:_NONCE], raw[_NONCE:], _mark(found.training))
    except (InvalidTag, ValueError):
        return refuse(RefusalCode.WRONG_PASSWORD)
    return SigningKey.from_private_bytes(private)


# --- the desk's own keys ------------------------------------------------------------------------------


class KeyStore(Protocol):
    """Where a desk's secrets rest. ``load`` answers None when nothing of that name is there."""

    def load(self, name: str) -> bytes | Refusal | None: ...

    def save(self, name: str, secret: bytes) -> Refusal | None: ...


_BACKENDS = {
    "win32": ("keyring.backends.Windows", "WinVaultKeyring"),
    "darwin": ("keyring.backends.macOS", "Keyring"),
    "linux": ("keyring.backends.SecretService", "Keyring"),
}


def system_backend(platform: str = sys.platform) -> KeyringBackend | Refusal:
    """This system's own key store, or KEY_STORE when it has none that works now."""
    module, name = _BACKENDS.get(platform, ("keyring.backends.fail", "Keyring"))
    backend: type[KeyringBackend] = getattr(importlib.import_module(module), name)
    if not backend.viable or module.endswith(".fail"):
        return refuse(RefusalCode.KEY_STORE, reason=f"{module} does not work here")
    return backend()


class KeyringStore:
    """Secrets in the operating system's key store, through the backend handed in."""

    def __init__(self, backend: KeyringBackend) -> None:
        self._backend = backend

    def load(self, name: str) -> bytes | Refusal | None:
        try:
            text = self._backend.get_password(SERVICE, name)
        except KeyringError as error:
            return refuse(RefusalCode.KEY_STORE, reason=type(error).__name__)
        return base64.b64decode(text) if text else None

    def save(self, name: str, secret: bytes) -> Refusal | None:
        try:
            self._backend.set_password(SERVICE, name, base64.b64encode(secret).decode())
        except KeyringError as error:
            return refuse(RefusalCode.KEY_STORE, reason=type(error).__name__)
        return None


class TrainingKeyFile:
    """Training secrets in a file of the training branch's folder, readable by its owner only."""

    MARK = "training keys: they open nothing but this folder"

    def __init__(self, path: Path) -> None:
        self._path = path

    def _content(self) -> dict[str, str] | Refusal:
        if not self._path.exists():
            return {"mark": self.MARK}
        try:
            found: dict[str, str] = json.loads(self._path.read_text(encoding="utf-8"))
        except ValueError:
            return refuse(RefusalCode.KEY_STORE, reason="the training key file is damaged")
        if found.get("mark") != self.MARK:
            return refuse(RefusalCode.KEY_STORE, reason="not a training key file")
        return found

    def load(self, name: str) -> bytes | Refusal | None:
        content = self._content()
        if isinstance(content, Refusal):
            return content
        return base64.b64decode(content[name]) if name in content else None

    def save(self, name: str, secret: bytes) -> Refusal | None:
        content = self._content()
        if isinstance(content, Refusal):
            return content
        content[name] = base64.b64encode(secret).decode()
        fresh = self._path.with_name(self._path.name + ".new")
        file = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(file, "w", encoding="utf-8") as out:
            json.dump(content, out, indent=1)
            out.flush()
            os.fsync(out.fileno())
        fresh.replace(self._path)
        return None


@dataclass(frozen=True)
class DeskKeys:
    """A desk's own secrets, open: the key that seals its chain, and the vault of its personal records."""

    desk: SigningKey
    vault: PersonalVault


def desk_keys(store: KeyStore, label: str, *, make: bool = True) -> DeskKeys | Refusal:
    """This desk's keys, made and saved on first use when ``make``. KEY_STORE when the store does not answer
    or has none."""
    signing = _secret(store, f"{label}/desk", lambda: SigningKey.generate().private_bytes(), make)
    if isinstance(signing, Refusal):
        return signing
    vault = _secret(store, f"{label}/vault", PersonalVault.new_key, make)
    if isinstance(vault, Refusal):
        return vault
    return DeskKeys(SigningKey.from_private_bytes(signing), PersonalVault(vault))


def _secret(store: KeyStore, name: str, fresh: Callable[[], bytes], make: bool) -> bytes | Refusal:
    found = store.load(name)
    if found is not None:
        return found
    if not make:
        return refuse(RefusalCode.KEY_STORE, reason="no such key", name=name)
    made = fresh()
    return store.save(name, made) or made
