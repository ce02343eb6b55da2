"""The journal of one desk and everything that commits beside it, over one writer and one reader connection.

``append`` is the only way anything is recorded: journal rows, seals, personal records and read models in
ONE database commit, then the witness. ``moment`` is called at every point where a power cut would hurt, so
that tests can kill the process exactly there. Decides nothing: contradictions were refused before they came
here and raise if they did not. A disk that is full or fails is NotRecorded, and what stood still stands.
"""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Callable, Sequence

from desk.domain.events import (
    AccountOpened,
    Event,
    PersonalErased,
)
from desk.domain.refusals import Refusal, RefusalCode, refuse
from desk.journal.chain import SEAL_EVERY, genesis, is_sealed, link, seal
from desk.journal.codec import encode
from desk.journal.entry import EventHead, Recorded
from desk.journal.keys import SigningKey
from desk.persistence.engine import DeskDatabase, in_the_way, open_database
from desk.persistence.journal_reads import JournalReads
from desk.persistence.personal_store import PersonalVault, SealedRecord
from desk.persistence.projections import project
from desk.persistence.witness import Witness
from desk.records import NotRecorded, Sealed

Moment = Callable[[str], None]
_Head = tuple[int, bytes]
"""The last sequence, the chain's digest after it, and the last sealed sequence."""


def nothing(name: str) -> None:
    """The moment hook in service: no moment is special."""


class JournalStore(JournalReads):
    """One desk's record. ``append`` runs on the desk's thread; reads may come from any."""

    def __init__(
        self,
        database: DeskDatabase,
        key: SigningKey,
        vault: PersonalVault,
        moment: Moment,
        witness: Witness | None,
    ) -> None:
        super().__init__(database.reader, vault, key.key_id)
        self._database, self._key = database, key
        self._moment, self._witness = moment, witness
        self._writing = threading.Lock()
        self._sequence, self._digest = 0, genesis(self.desk_id)
        self._witness_is_behind = False

    @classmethod
    def open(
        cls,
        url: str,
        desk: SigningKey,
        personal: PersonalVault,
        moment: Moment = nothing,
        witness: Witness | None = None,
    ) -> JournalStore | Refusal:
        """Open (and first make) the record of the desk whose key this is. DATABASE_UNSAFE, EVENT_NEWER,
        ALREADY_RUNNING, NOT_RECORDED when the witness cannot be written, or CHAIN_BROKEN when what was written last
        does not stand."""
        database = open_database(url)
        if isinstance(database, Refusal):
            return database
        store = cls(database, desk, personal, moment, witness)
        try:
            refusal = store._stand_at_head()
        except sqlite3.DatabaseError as error:
            refusal = refuse(RefusalCode.DATABASE_UNSAFE, reason=in_the_way(error) or error)
        if refusal:
            store.close()
            return refusal
        return store

    def close(self) -> None:
        with self._writing, self._reading:
            self._database.close()

    # --- writing ----------------------------------------------------------------------------------------

    def append(
        self,
        items: Sequence[tuple[EventHead, Event]],
        personal: Sequence[Sealed] = (),
    ) -> tuple[Recorded, ...]:
        """Record ``items`` in order, in one commit that ends in a seal: an entry that is not under the desk's own
        signature could be written by anyone who reaches the database, and the next seal would make it true."""
        with self._writing:
            if self._witness_is_behind and not self._witness_caught_up():
                raise NotRecorded(refuse(RefusalCode.NOT_RECORDED, reason="witness"))
            (self._sequence, self._digest), recorded = self._commit(items, personal)
            self._moment("commit:after")
            self._bear_witness()
        return recorded

    def _commit(
        self, items: Sequence[tuple[EventHead, Event]], personal: Sequence[Sealed]
    ) -> tuple[_Head, tuple[Recorded, ...]]:
        """One commit; nothing of it stands when it fails, whatever SQLite had rolled back by itself."""
        writer = self._database.writer
        try:
            cursor = writer.cursor()
            cursor.execute("BEGIN IMMEDIATE")
            written = self._write(cursor, items, personal)
            self._moment("commit:before")
            cursor.execute("COMMIT")
        except sqlite3.OperationalError as error:
            reason = in_the_way(error)
            if not reason:
                raise
            raise NotRecorded(refuse(RefusalCode.NOT_RECORDED, reason=reason)) from error
        finally:
            if writer.in_transaction:
                writer.rollback()
        return written

    def _write(
        self,
        cursor: sqlite3.Cursor,
        items: Sequence[tuple[EventHead, Event]],
        personal: Sequence[Sealed],
    ) -> tuple[_Head, tuple[Recorded, ...]]:
        records = {one.ref.record_id: one for one in personal if isinstance(one, SealedRecord)}
        cursor.executemany(
            "INSERT INTO personal_record VALUES (?,?,?)",
            [(name, one.wrapped_key, one.sealed) for name, one in records.items()],
        )
        sequence, digest = self._sequence, self._digest
        written: list[Recorded] = []
        for number, (head, event) in enumerate(items, 1):
            self._moment(f"append:{event.name}")
            sequence += 1
            body = encode(head, sequence, event)
            digest = link(digest, body)
            cursor.execute(
                "INSERT INTO journal VALUES (?,?,?,?,?)",
                (self.desk_id, sequence, head.transaction, body, digest),
            )
            recorded = Recorded(head, sequence, event)
            project(cursor, recorded)
            self._beside(cursor, event, records)
            written.append(recorded)
            if number % SEAL_EVERY == 0 or number == len(items):
                self._seal(cursor, sequence, digest)
        return (sequence, digest), tuple(written)

    def _seal(self, cursor: sqlite3.Cursor, sequence: int, digest: bytes) -> None:
        signature = seal(self._key, sequence, digest)
        cursor.execute("INSERT INTO seal VALUES (?,?,?)", (self.desk_id, sequence, signature))

    def _beside(self, cursor: sqlite3.Cursor, event: Event, records: dict[str, SealedRecord]) -> None:
        """What a read model cannot know without the vault: account numbers, and what is erased."""
        if isinstance(event, PersonalErased):
            cursor.execute("DELETE FROM personal_record WHERE record_id=?", (event.record_id,))
        if isinstance(event, AccountOpened) and event.holder and event.holder.record_id in records:
            plain = self._vault.open(records[event.holder.record_id])
            if not isinstance(plain, Refusal):
                number = str(json.loads(plain)["account_number"])
                cursor.execute(
                    "INSERT INTO account_lookup VALUES (?,?)", (self._vault.lookup(number), event.account_id)
                )

    def _bear_witness(self) -> None:
        """The commit stands, so a witness that cannot be written fails nothing now; but it must come up before
        anything more is recorded."""
        if self._witness is None:
            return
        self._moment("witness:before")
        try:
            self._witness.append(self._sequence, self._digest)
        except OSError:
            self._witness_is_behind = True
        self._moment("witness:after")

    def _witness_caught_up(self) -> bool:
        try:
            self._witness_is_behind = self._agree_with_witness() is not None
        except OSError:
            return False
        return not self._witness_is_behind

    def moment(self, name: str) -> None:
        self._moment(name)

    def seal_personal(self, plain: bytes) -> SealedRecord:
        """Encrypt a personal record; it is stored by the ``append`` it is given to."""
        return self._vault.seal(plain)

    def erase(self, head: EventHead, record_id: str, ground: str) -> None:
        """Erase a personal record and say so in the chain, which still verifies. ``ground`` names the law."""
        self.append([(head, PersonalErased(record_id, ground))])
        with self._writing:
            self._database.writer.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    # --- standing at the head -----------------------------------------------------------------------------

    def _stand_at_head(self) -> Refusal | None:
        """Find the head, prove the last commit link by link under this desk's own seal, bring the witness up after a
        power cut. An entry after the last seal is nobody's: it is refused, not taken over."""
        seals = self.read(
            "SELECT sequence, signature FROM seal WHERE desk_id=? ORDER BY sequence DESC LIMIT 2",
            (self.desk_id,),
        )
        at, signature = seals[0] if seals else (0, b"")
        before = seals[1][0] if len(seals) > 1 else 0
        rows = self.read(
            "SELECT sequence, body, digest FROM journal WHERE desk_id=? AND sequence>=? ORDER BY sequence",
            (self.desk_id, before),
        )
        if not all(map(_is_whole, [*((one, mark, mark) for one, mark in seals), *rows])):
            return refuse(RefusalCode.CHAIN_BROKEN, sequence=at, reason="columns")
        digest = genesis(self.desk_id)
        if before:
            first, _, digest = rows.pop(0) if rows else (0, b"", b"")
            if first != before:
                return refuse(RefusalCode.CHAIN_BROKEN, sequence=before, reason="seal")
        for sequence, (stored, body, after) in enumerate(rows, before + 1):
            digest = link(digest, body)
            if stored != sequence or digest != after:
                return refuse(RefusalCode.CHAIN_BROKEN, sequence=sequence, reason="digest")
        if before + len(rows) != at:
            return refuse(RefusalCode.CHAIN_BROKEN, sequence=at + 1, reason="unsealed")
        if at and not is_sealed(self._key.public_key, self.desk_id, at, digest, signature):
            return refuse(RefusalCode.CHAIN_BROKEN, sequence=at, reason="seal")
        self._sequence, self._digest = at, digest
        try:
            return self._agree_with_witness()
        except OSError:
            return refuse(RefusalCode.NOT_RECORDED, reason="witness")

    def _agree_with_witness(self) -> Refusal | None:
        """Below or beside the witness the record was cut or rewritten; a witness left behind by a power cut
        between commit and line is brought up to the last seal."""
        if self._witness is None:
            return None
        seen = self._witness.last()
        digests = dict(
            self.read(
                "SELECT sequence, digest FROM journal WHERE desk_id=? AND sequence IN (?,?)",
                (self.desk_id, seen.sequence if seen else 0, self._sequence),
            )
        )
        if seen and digests.get(seen.sequence, b"").hex() != seen.digest:
            return refuse(RefusalCode.CHAIN_BROKEN, sequence=seen.sequence, reason="witness")
        if self._sequence > (seen.sequence if seen else 0):
            self._witness.append(self._sequence, digests[self._sequence])
        return None

    def head(self) -> tuple[int, bytes]:
        """The last sequence (0 when empty) and the chain's digest after it."""
        return self._sequence, self._digest


def _is_whole(row: tuple[object, object, object]) -> bool:
    """Whether a row of the record has a number and bytes, as this program alone writes them."""
    return isinstance(row[0], int) and isinstance(row[1], bytes) and isinstance(row[2], bytes)
