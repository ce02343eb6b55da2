"""Accounts by their holder's name: an index file beside the record, exact on disk and near in memory.

Customer names are personal data, so nothing readable stands in the file. A row holds the keyed hash (HMAC-SHA-256) of
the name's normal form, by which an exact search finds it, and the name itself sealed for its account (AES-256-GCM).
Hashes of parts of names are not kept: without the key, too, the counts of single characters would give surnames away.
So the near search lives in memory only (``near_names``), made from the opened names when it is first wanted. What the
file does give away without the key: how many accounts have one and the same name.

The index is no part of the record: it is made from the personal records, and made anew when its key, its layout or what
a normal form is has changed (``is_new``). A name that the law wants erased is erased here too (``erase``). Judges no
name: what it finds are accounts to look at.
"""

from __future__ import annotations

import contextlib
import hmac
import os
import sqlite3
import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from desk.domain.account_name import normalised
from desk.domain.refusals import Refusal, RefusalCode, refuse
from desk.persistence.engine import in_the_way
from desk.persistence.near_names import LONGEST_QUERY, NearNames, simplified_form

KEY_LENGTH = 32
HASH_LENGTH = 16
NONCE_LENGTH = 12
PAGES_KIB = 16 * 1024

_HASH_TAG, _SEAL_TAG, _ABOUT_TAG = (
    b"teller-desk/name-index/" + name for name in (b"hash/v1", b"seal/v1", b"about/v1")
)
_PROBE = "Ａ１ｂ　（é•﨑\u200b·ǆ) –．"
"""A text that every step of the normal form changes: when its form changes, the file's hashes are old."""
_TABLES = """
CREATE TABLE account_name (
    account_id TEXT PRIMARY KEY, name_hash BLOB NOT NULL, sealed BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE about (made_by BLOB NOT NULL);
"""
_BY_HASH = "CREATE INDEX account_name_hash ON account_name (name_hash)"
_EXACT = "SELECT account_id FROM account_name WHERE name_hash=?"
_INSERT = "INSERT INTO account_name VALUES (?,?,?)"

_Row = tuple[str, bytes, bytes]


@dataclass(frozen=True)
class NameHit:
    """A name in normal form that is near what was typed, how many edits away (simplified), and whose it is."""

    name: str
    distance: int
    account_ids: tuple[str, ...]


class NameIndex:
    """One open index file. The near search may be loaded on another thread than the one that writes."""

    def __init__(self, connection: sqlite3.Connection, key: bytes, is_new: bool) -> None:
        self._connection = connection
        self.is_new = is_new
        """Whether it waits to be filled: it is empty, or holds only what was put since it was begun."""
        self._about = _about(key)
        self._hash_key = hmac.digest(key, _HASH_TAG, "sha256")
        self._cipher = AESGCM(hmac.digest(key, _SEAL_TAG, "sha256"))
        self._turn = threading.RLock()
        self._near: _Near | None = None

    @classmethod
    def open(cls, path: Path, key: bytes) -> NameIndex | Refusal:
        """Open the file, or begin a new one where there is none that this key made; NOT_RECORDED when the disk does not
        let it."""
        if len(key) != KEY_LENGTH:
            raise ValueError("a name index's key has 32 bytes")
        try:
            is_new = not _is_ours(path, _about(key))
            if is_new:
                _begin(path)
            return cls(_connect(path), key, is_new)
        except sqlite3.Error as error:
            return refuse(RefusalCode.NOT_RECORDED, reason=in_the_way(error) or error)
        except OSError as error:
            return refuse(RefusalCode.NOT_RECORDED, reason=error.strerror)

    def close(self) -> None:
        self._connection.close()

    def __len__(self) -> int:
        """How many accounts it holds."""
        return int(self._connection.execute("SELECT COUNT(*) FROM account_name").fetchone()[0])

    # --- searching -----------------------------------------------------------------------------------------

    def exact(self, name: str) -> tuple[str, ...]:
        """The accounts whose holder's name has the same normal form; none for a name with nothing in it."""
        return self._accounts(normalised(name))

    def near(self, name: str, limit: int = 10) -> tuple[NameHit, ...] | Refusal:
        """The nearest names, nearest first. The first call opens every name; call ``load`` beforehand, off the GUI
        thread. What is longer than any name finds nothing."""
        if len(name) > LONGEST_QUERY:
            return ()
        near = self._near or self.load()
        if isinstance(near, Refusal):
            return near
        hits: list[NameHit] = []
        with self._turn:
            for found in near.names.nearest(simplified_form(normalised(name)), limit):
                for written in near.written_as(found.name):
                    accounts = self._accounts(written)
                    if accounts:
                        hits.append(NameHit(written, found.distance, accounts))
        return tuple(hits[:limit]) if limit > 0 else ()

    def load(self) -> _Near | Refusal:
        """Make the near search ready; CHAIN_BROKEN when a row does not open: the file was changed, make it anew."""
        near = _Near()
        with self._turn:
            try:
                for account_id, sealed in self._connection.execute(
                    "SELECT account_id, sealed FROM account_name"
                ):
                    near.gather(normalised(self._open(account_id, sealed)))
            except (InvalidTag, ValueError):
                return refuse(RefusalCode.CHAIN_BROKEN)
            near.settle()
            self._near = near
        return near

    def _accounts(self, form: str) -> tuple[str, ...]:
        if not form:
            return ()
        return tuple(row[0] for row in self._connection.execute(_EXACT, (self._hash(form),)))

    # --- keeping -------------------------------------------------------------------------------------------

    def fill(self, accounts: Iterable[tuple[str, str]]) -> None:
        """Hold these (account id, holder's name), each account once, and nothing else."""
        rows = (self._row(account_id, name) for account_id, name in accounts if normalised(name))
        with self._turn, self._commit():
            self._connection.execute("DROP INDEX IF EXISTS account_name_hash")
            self._connection.execute("DELETE FROM account_name")
            self._connection.executemany(_INSERT, rows)
            self._connection.execute(_BY_HASH)
            self._connection.execute("DELETE FROM about")
            self._connection.execute("INSERT INTO about VALUES (?)", (self._about,))
            self._near = None
        self.is_new = False

    def put(self, account_id: str, name: str) -> None:
        """Hold an account under its holder's name as it is now; a name with nothing in it is not held."""
        with self._turn, self._commit():
            self._remove(account_id)
            if normalised(name):
                self._connection.execute(_INSERT, self._row(account_id, name))
                if self._near:
                    self._near.add(normalised(name))

    def erase(self, account_id: str) -> None:
        """Hold the account no longer; its bytes are overwritten in the file."""
        with self._turn, self._commit():
            self._remove(account_id)

    def _remove(self, account_id: str) -> None:
        found = self._connection.execute(
            "DELETE FROM account_name WHERE account_id=? RETURNING sealed", (account_id,)
        ).fetchone()
        if found is None or self._near is None:
            return
        try:
            form = normalised(self._open(account_id, found[0]))
        except (InvalidTag, ValueError):
            self._near = None
            return
        left = self._near.unwrite(form, bool(self._accounts(form)))
        if not any(map(self._accounts, left)):
            self._near.names.remove(left[0])

    @contextlib.contextmanager
    def _commit(self) -> Iterator[None]:
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._connection.execute("ROLLBACK")
            self._near = None
            raise
        self._connection.execute("COMMIT")

    # --- keys ----------------------------------------------------------------------------------------------

    def _hash(self, form: str) -> bytes:
        return hmac.digest(self._hash_key, form.encode("utf-8", "surrogatepass"), "sha256")[:HASH_LENGTH]

    def _row(self, account_id: str, name: str) -> _Row:
        nonce = os.urandom(NONCE_LENGTH)
        plain = name.encode("utf-8", "surrogatepass")
        return (
            account_id,
            self._hash(normalised(name)),
            nonce + self._cipher.encrypt(nonce, plain, account_id.encode()),
        )

    def _open(self, account_id: str, sealed: bytes) -> str:
        plain = self._cipher.decrypt(sealed[:NONCE_LENGTH], sealed[NONCE_LENGTH:], account_id.encode())
        return plain.decode("utf-8", "surrogatepass")


class _Near:
    """The near search of one index: names simplified, and how each is written where that is not the same."""

    def __init__(self) -> None:
        self.names = NearNames()
        self._written: dict[str, set[str]] = {}
        self._gathered: set[str] = set()

    def gather(self, form: str) -> None:
        """One of many; ``settle`` follows."""
        self._gathered.add(form)

    def settle(self) -> None:
        """Sorted, so that the same names are the same index, however they came."""
        simple = set()
        for form in self._gathered:
            simple.add(self._note(form))
        self._gathered = set()
        for one in sorted(simple):
            self.names.add(one)

    def _note(self, form: str) -> str:
        simple = simplified_form(form)
        if simple != form:
            self._written.setdefault(simple, set()).add(form)
        return simple

    def add(self, form: str) -> None:
        simple = self._note(form)
        if simple not in self.names:
            self.names.add(simple)

    def unwrite(self, form: str, is_held: bool) -> tuple[str, ...]:
        """One account has the form no longer; how the name is written yet, the simplified form first."""
        simple = simplified_form(form)
        others = self._written.get(simple, set())
        if not is_held:
            others.discard(form)
        return (simple, *sorted(others))

    def written_as(self, simple: str) -> tuple[str, ...]:
        return (simple, *sorted(self._written.get(simple, ())))


def _about(key: bytes) -> bytes:
    """What a file says that was filled under this key, this layout and this normal form."""
    return hmac.digest(key, _ABOUT_TAG + normalised(_PROBE).encode(), "sha256")


def _connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    connection.execute("PRAGMA secure_delete=ON")
    connection.execute(f"PRAGMA cache_size=-{PAGES_KIB}")
    return connection


def _is_ours(path: Path, about: bytes) -> bool:
    if not path.exists():
        return False
    try:
        with contextlib.closing(_connect(path)) as connection:
            return bool(connection.execute("SELECT made_by FROM about").fetchone() == (about,))
    except sqlite3.DatabaseError as error:
        if in_the_way(error):
            raise
        return False


def _begin(path: Path) -> None:
    """An empty index in the place of whatever lies there."""
    path.unlink(missing_ok=True)
    path.with_name(path.name + "-journal").unlink(missing_ok=True)
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    with contextlib.closing(_connect(path)) as connection:
        connection.executescript(_TABLES + _BY_HASH)
