"""Taking one transaction's evidence out of a database, read-only. Writes no file and judges nothing."""

from __future__ import annotations

import sqlite3

from desk.domain.events import DeskEnrolled, PersonalRef
from desk.domain.refusals import Refusal, RefusalCode, refuse
from desk.journal.chain import genesis
from desk.journal.codec import BodyError, decode
from desk.journal.evidence import EVIDENCE_VERSION, Evidence
from desk.journal.verify import personal_refs
from desk.persistence.chain_reading import open_record
from desk.persistence.personal_store import PersonalVault, SealedRecord


def export_evidence(url: str, transaction: str, vault: PersonalVault | None = None) -> Evidence | Refusal:
    """The evidence of a transaction, named by its id or its printed number; with ``vault`` its personal
    records in the clear. TRANSACTION_UNKNOWN when there is none, CHAIN_BROKEN when no seal stands behind
    it yet."""
    opened = open_record(url)
    if isinstance(opened, Refusal):
        return opened
    _, connection = opened
    try:
        return _export(connection, transaction, vault)
    except sqlite3.DatabaseError as error:
        return refuse(RefusalCode.CHAIN_BROKEN, reason=error)
    except BodyError as error:
        return refuse(RefusalCode.CHAIN_BROKEN, reason=error)
    finally:
        connection.close()


def _export(connection: sqlite3.Connection, named: str, vault: PersonalVault | None) -> Evidence | Refusal:
    row = connection.execute(
        "SELECT transaction_id FROM business_transaction WHERE number=? OR transaction_id=?", (named, named)
    ).fetchone()
    transaction = row[0] if row else named
    desk, first, last = connection.execute(
        "SELECT min(desk_id), min(sequence), max(sequence) FROM journal "
        "WHERE transaction_id=? AND transaction_id!=''",
        (transaction,),
    ).fetchone()
    if desk is None:
        return refuse(RefusalCode.TRANSACTION_UNKNOWN)
    (start,) = connection.execute(
        "SELECT coalesce(max(sequence), 0) FROM seal WHERE desk_id=? AND sequence<?", (desk, first)
    ).fetchone()
    end = connection.execute(
        "SELECT sequence, signature FROM seal WHERE desk_id=? AND sequence>=? ORDER BY sequence LIMIT 1",
        (desk, last),
    ).fetchone()
    if end is None:
        return refuse(RefusalCode.CHAIN_BROKEN, reason="not sealed yet", sequence=last)
    rows = connection.execute(
        "SELECT body, digest FROM journal WHERE desk_id=? AND sequence BETWEEN ? AND ? ORDER BY sequence",
        (desk, max(start, 1), end[0]),
    ).fetchall()
    before = rows.pop(0)[1] if start else genesis(desk)
    enrolled = _enrolled(connection, desk)
    return Evidence(
        v=EVIDENCE_VERSION,
        desk=desk,
        transaction=transaction,
        branch_certificate=enrolled.branch_certificate,
        desk_certificate=enrolled.certificate,
        first=start + 1,
        before=before.hex(),
        bodies=tuple(body.decode() for body, _ in rows),
        seal=end[1].hex(),
        personal=_personal(connection, transaction, [body for body, _ in rows], vault) if vault else {},
    )


def _enrolled(connection: sqlite3.Connection, desk: str) -> DeskEnrolled:
    row = connection.execute("SELECT body FROM journal WHERE desk_id=? AND sequence=1", (desk,)).fetchone()
    event = decode(row[0]).event if row else None
    return event if isinstance(event, DeskEnrolled) else DeskEnrolled("", "", "", training=False)


def _personal(
    connection: sqlite3.Connection, transaction: str, bodies: list[bytes], vault: PersonalVault
) -> dict[str, str]:
    recorded = [decode(body) for body in bodies]
    refs: dict[str, PersonalRef] = {
        ref.record_id: ref
        for one in recorded
        if one.head.transaction == transaction
        for ref in personal_refs(one.event)
    }
    shown: dict[str, str] = {}
    for record_id, ref in sorted(refs.items()):
        row = connection.execute(
            "SELECT wrapped_key, sealed FROM personal_record WHERE record_id=?", (record_id,)
        ).fetchone()
        salted = vault.open_salted(SealedRecord(ref, *row)) if row else b""
        if salted and not isinstance(salted, Refusal):
            shown[record_id] = salted.hex()
    return shown
