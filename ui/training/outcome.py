"""What a finished demo can show for itself: record, ledger, page, evidence. Changes nothing but its own files."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from desk.domain.money import plain_amount
from desk.domain.refusals import Refusal
from desk.domain.transaction import Happened, Transaction, fold_all
from desk.journal.evidence import write
from desk.journal.trust import read_trust
from desk.persistence.evidence_export import export_evidence
from desk.persistence.verification import VerifyReport, verify_database
from ui.training.branch import BranchFolder, TrainingAccount
from ui.training.desk import TrainingDesk

Progress = Callable[[str], None]


class NotProved(RuntimeError):
    """The demo ended, but its record does not stand; the message says where."""


def outcome_of(
    training: TrainingDesk, account: TrainingAccount, transaction: str, progress: Progress
) -> dict[str, Any]:
    """The answer of the demo (issue text "The demo"), without pictures and keys."""
    folder = training.folder
    progress("verifying the record")
    report = _verified(folder)
    progress("writing the evidence")
    evidence = folder.root / "evidence.json"
    found = export_evidence(folder.database_url, transaction)
    if isinstance(found, Refusal):
        raise NotProved(str(found))
    evidence.write_bytes(write(found))
    state = _folded(training, transaction)
    page, line = _last_line(state)
    progress("drawing the printed page")
    image = folder.root / "passbook-page.png"
    training.page_image(account, page, image)
    return {
        "transaction": transaction,
        "state": state.outcome,
        "amount": plain_amount(state.slip.amount_minor if state.slip else 0),
        "people": {
            "maker": state.maker,
            "reviewer": state.countersigned.staff_no if state.countersigned else "",
        },
        "journal": {"entries": report.entries, "verified": report.verified},
        "ledger": {"balanced": report.ledger_balanced},
        "passbook": {"page": page, "line": line, "image": str(image), "bytes": str(training.sent_to_printer)},
        "database": folder.database_url,
        "evidence": str(evidence),
    }


def archived_deposit(training: TrainingDesk) -> str:
    """The id of the deposit that this branch has archived, "" when there is none yet."""
    rows = training.desk.store.read(
        "SELECT transaction_id FROM business_transaction WHERE status=? ORDER BY number LIMIT 1",
        ("archived",),
    )
    return str(rows[0][0]) if rows else ""


def _verified(folder: BranchFolder) -> VerifyReport:
    root = read_trust(folder.trust.read_bytes())
    if isinstance(root, Refusal):
        raise NotProved(str(root))
    report = verify_database(folder.database_url, root, folder.witness.read_bytes(), deep=True)
    if isinstance(report, Refusal):
        raise NotProved(str(report))
    if not report.verified:
        raise NotProved(str(report.first_bad))
    return report


def _folded(training: TrainingDesk, transaction: str) -> Transaction:
    """The transaction as its events tell it."""
    recorded = training.desk.store.recorded(transaction)
    history = tuple(Happened(one.event, one.head.person, one.head.utc) for one in recorded)
    return fold_all(transaction, history)


def _last_line(state: Transaction) -> tuple[int, int]:
    """Page and line of the last line that is believed to be printed."""
    printed = [(job.page, job.lines[job.lines_on_page - 1]) for job in state.jobs if job.lines_on_page]
    return printed[-1] if printed else (0, 0)
