"""The canonical facts of a transaction: the exact bytes that are shown and signed.

``canonical`` makes them, ``shown`` reads them back into labelled lines, so that nobody signs anything but what the
screen rendered. Pure; no keys and no store.
"""

from __future__ import annotations

import hashlib
import json
from decimal import Decimal
from typing import Any

from desk.domain.capitals import capitals
from desk.domain.cash import CountStage
from desk.domain.events import (
    CursorAdjusted,
    MachineBound,
    NameOverridden,
    PrintPrepared,
    SealCompared,
    WithholdingCertified,
)
from desk.domain.masking import group_number
from desk.domain.money import plain_amount
from desk.domain.procedure_kinds import Text
from desk.domain.transaction import Transaction

DIGEST_TAG = b"teller-desk/facts/v1\0"
VERDICT_TAG = b"teller-desk/verdict/v1\0"
PRINT_AGAIN_TAG = b"teller-desk/print-again/v1\0"
MACHINE_TAG = b"teller-desk/machine/v1\0"
OVERRIDE_TAG = b"teller-desk/override-name/v1\0"
CURSOR_TAG = b"teller-desk/adjust-cursor/v1\0"

PRINT_AGAIN = "print_again"
"""The act of a statement that permits a second print."""

WARNING_TAG = b"teller-desk/accept-warning/v1\0"
CUSTODY_TAG = b"teller-desk/custody/v1\0"
SEAL_TAG = b"teller-desk/seal/v1\0"

ACCEPT_WARNING = "accept_warning"
"""The act of a statement by which a second person takes a warning on."""

CUSTODY = "custody"
"""The act of a statement by which a person takes withheld notes into custody."""

SEAL = "seal"
"""The act of a statement that says how a seal compares."""

ADJUST_CURSOR = "adjust_cursor"
"""The act of a statement that permits a book's cursor to be moved by hand."""

LABELS: dict[str, Text] = {
    "number": Text("业务号", "Transaction no."),
    "business_date": Text("业务日期", "Business date"),
    "account_number": Text("账号", "Account number"),
    "account_name": Text("户名", "Account name"),
    "amount": Text("金额", "Amount"),
    "capitals": Text("大写金额", "Amount in capitals"),
    "cash": Text("券别明细", "Denominations"),
    "match": Text("账号户名", "Number and name"),
    "maker": Text("经办", "Maker"),
}


LABELS_AT_TIMES: dict[str, Text] = {
    "override": Text("户名书写差异，核对证件、授权", "Name differs in writing: document, authoriser"),
}
"""Lines that stand among the facts only where they are so."""


def template_of(procedure: str, version: int) -> str:
    """The name of what was shown; it changes whenever the facts or their order do."""
    return f"{procedure}/{version}/facts-2"


def canonical(
    state: Transaction, account_number: str, account_name: str, business_date: str, language: str, salt: str
) -> bytes:
    """The facts as canonical JSON (UTF-8, sorted keys, no floats). ``salt`` keeps the digest unguessable."""
    assert state.slip is not None
    first, second = state.accepted.get("first"), state.accepted.get("second")
    facts: dict[str, Any] = {
        "salt": salt,
        "language": language,
        "transaction": state.transaction_id,
        "procedure": state.procedure_digest,
        "number": state.number,
        "business_date": business_date,
        "account_number": account_number,
        "account_name": account_name,
        "currency": state.slip.currency,
        "amount": plain_amount(state.slip.amount_minor),
        "capitals": capitals(state.slip.amount_minor),
        "cash": [[row.denomination_minor, row.pieces] for row in state.rows_of(CountStage.FIRST)],
        "first_count": list(first.batch_ids) if first else [],
        "second_count": list(second.batch_ids) if second else [],
        "notes": [[note.note_id, note.outcome] for note in state.notes],
        "checks": sorted([name, check.outcome] for name, check in state.checks.items()),
        "match": state.match.result if state.match else "",
        "maker": state.maker,
    }
    if state.rules:
        facts["rules"] = state.rules
    if state.override is not None:
        facts["override"] = [state.override.document, state.override.second_person]
    return json.dumps(facts, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def digest_of(plain: bytes) -> str:
    """The digest that signatures bind (hex)."""
    return hashlib.sha256(DIGEST_TAG + plain).hexdigest()


def verdict_digest(
    transaction: str, note_id: str, reading_id: str, verdict: str, denomination_minor: int
) -> str:
    """The digest of one verdict as shown (hex)."""
    text = "\0".join((transaction, note_id, reading_id, verdict, str(denomination_minor)))
    return hashlib.sha256(VERDICT_TAG + text.encode()).hexdigest()


def print_again_digest(transaction: str, job: PrintPrepared) -> str:
    """The digest of what is printed a second time (hex): of which job and book, on which page and lines, which entries,
    in which words and bytes. The statement's nonce is the new job's own id, so that it permits that one job. What older
    jobs could not say is left out where it is not said."""
    facts: dict[str, Any] = {
        "transaction": transaction,
        "replaces": job.replaces,
        "book": job.book_id,
        "page": job.page,
        "lines": list(job.lines),
        "entries": list(job.entry_nos),
        "words": job.job.digest,
        "bytes": job.digest,
    }
    if job.covers:
        facts["covers"] = [list(entries) for entries in job.covers]
    plain = json.dumps(facts, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    return hashlib.sha256(PRINT_AGAIN_TAG + plain).hexdigest()


def cursor_digest(transaction: str, move: CursorAdjusted) -> str:
    """The digest of one move of a book's cursor (hex): which book, from where to where. The statement's nonce is the
    move's own id."""
    facts: dict[str, Any] = {
        "transaction": transaction,
        "book": move.book_id,
        "from": [move.from_page, move.from_line],
        "to": [move.page, move.line],
    }
    plain = json.dumps(facts, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    return hashlib.sha256(CURSOR_TAG + plain).hexdigest()


def override_digest(state: Transaction, override: NameOverridden) -> str:
    """The digest of one difference between two names and of the document that settled it (hex). The statements' nonce
    is the override's own id."""
    match = state.match
    facts: dict[str, Any] = {
        "transaction": state.transaction_id,
        "compared": match.compared.digest if match else "",
        "result": match.result if match else "",
        "reasons": list(match.reasons) if match else [],
        "document": override.document,
        "evidence": override.evidence.digest,
    }
    plain = json.dumps(facts, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    return hashlib.sha256(OVERRIDE_TAG + plain).hexdigest()


def warning_digest(state: Transaction, check: str, said: str) -> str:
    """The digest of one warning and the reason for which it is taken on (hex)."""
    slip = state.slip
    facts = [
        state.transaction_id,
        slip.version_no if slip else 0,
        slip.written.digest if slip else "",
        check,
        said,
    ]
    plain = json.dumps(facts, ensure_ascii=False, separators=(",", ":")).encode()
    return hashlib.sha256(WARNING_TAG + plain).hexdigest()


def custody_digest(transaction: str, certificate: WithholdingCertified) -> str:
    """The digest of which notes, under which certificate, come into a person's custody (hex)."""
    facts = [transaction, certificate.certificate_no, list(certificate.note_ids), certificate.digest]
    plain = json.dumps(facts, ensure_ascii=False, separators=(",", ":")).encode()
    return hashlib.sha256(CUSTODY_TAG + plain).hexdigest()


def seal_digest(state: Transaction, compared: SealCompared) -> str:
    """The digest of one comparison of seals (hex): which pictures, how the specimen lay, and the verdict."""
    facts = [
        state.transaction_id, compared.staff_no, compared.verdict, compared.specimen.digest, compared.scan.digest,
        compared.dx_px, compared.dy_px, compared.rotation_centidegrees, compared.scale_permille,
    ]  # fmt: skip
    plain = json.dumps(facts, ensure_ascii=False, separators=(",", ":")).encode()
    return hashlib.sha256(SEAL_TAG + plain).hexdigest()


def machine_digest(desk: str, bound: MachineBound) -> str:
    """The digest of which machine comes to which place of which desk, and whose place it takes (hex). The statements'
    nonce is the binding's own id, so that each permits that one binding."""
    facts: dict[str, Any] = {
        "desk": desk,
        "place": bound.place,
        "model": bound.model,
        "identity": bound.identity,
        "value": bound.value,
        "port": bound.port,
        "replaces": bound.replaces,
    }
    plain = json.dumps(facts, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    return hashlib.sha256(MACHINE_TAG + plain).hexdigest()


def shown(plain: bytes) -> tuple[tuple[Text, str], ...]:
    """Labelled lines rendered from the very bytes that get signed."""
    facts = json.loads(plain)
    lines: list[tuple[Text, str]] = []
    told = {name: label for name, label in (*LABELS.items(), *LABELS_AT_TIMES.items()) if name in facts}
    for name, label in told.items():
        value = facts[name]
        if name == "amount":
            value = f"{Decimal(value):,.2f}"
        elif name == "account_number":
            value = group_number(value)
        elif name == "override":
            value = " · ".join(value)
        elif name == "cash":
            value = "  ".join(f"{plain_amount(unit)}×{pieces}" for unit, pieces in value)
        lines.append((label, str(value)))
    return tuple(lines)


def words(digest: str) -> str:
    """A short form of a digest that two people can compare by eye: four groups of four."""
    return " ".join(digest[at : at + 4].upper() for at in range(0, 16, 4))
