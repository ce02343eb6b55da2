"""``teller-desk journal verify``: prove the record in a database and say where it does not hold.

Holds no proof of its own: ``desk.persistence.verification`` does the work, and what it trusts are files
outside the database (``ui.command_line.proof_files``).
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from desk.domain.refusals import Refusal
from desk.journal.verify import BadEntry
from desk.persistence.verification import VerifyReport, verify_database
from ui.command_line.progress import on_stderr
from ui.command_line.proof_files import TRUST_FILE, WITNESS_FILE, ProofFiles, find, unusable

OK, FAILED = 0, 1
SHOWN_FINDINGS = 20


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """``verify --database URL [--trust FILE] [--witness FILE] [--deep] [--json]``."""
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    verify = actions.add_parser("verify", help="prove chain, seals, people; everything if small or --deep")
    verify.add_argument(
        "--database", required=True, metavar="URL", help="such as sqlite:////var/desk/desk.db"
    )
    verify.add_argument("--trust", type=Path, metavar="FILE", help=f"the root key ({TRUST_FILE} beside it)")
    verify.add_argument("--witness", type=Path, metavar="FILE", help=f"heads seen ({WITNESS_FILE} beside it)")
    verify.add_argument("--deep", action="store_true", help="every signature and every rule, on all cores")
    verify.add_argument("--json", action="store_true", help="one JSON line on stdout")


def run(arguments: argparse.Namespace) -> int:
    """0 the record holds, 1 it does not, 2 there is nothing to prove."""
    files = find(arguments.database, arguments.trust, arguments.witness)
    if isinstance(files, str):
        return unusable(files, arguments.json)
    with on_stderr() as progress:
        report = verify_database(
            arguments.database, files.root, files.witnessed, arguments.deep or None, progress
        )
    if isinstance(report, Refusal):
        return unusable(f"no record to prove at {arguments.database}: {report}", arguments.json)
    if arguments.json:
        print(json.dumps(as_json(report, files), ensure_ascii=False))
    else:
        print("\n".join(as_text(report, files)))
    return OK if report.verified else FAILED


def _bad(one: BadEntry) -> dict[str, Any]:
    return {"desk": one.desk, "sequence": one.sequence, "reason": one.reason.value, "text": one.text}


def as_json(report: VerifyReport, files: ProofFiles) -> dict[str, Any]:
    """The answer for programs."""
    return {
        "verified": report.verified,
        "trusted": report.trusted,
        "deep": report.deep,
        "desks": list(report.desks),
        "entries": report.entries,
        "seals": report.seals,
        "seals_proved": report.seals_proved,
        "signatures_proved": report.signatures_proved,
        "witnessed": report.witnessed,
        "witnessed_to": report.witnessed_to,
        "unsealed_tail": report.unsealed_tail,
        "ledger": {"balanced": report.ledger_balanced},
        "first_bad": _bad(report.first_bad) if report.first_bad else None,
        "findings": [_bad(one) for one in report.findings],
        "trust": str(files.trust) if files.trust else None,
        "witness": str(files.witness) if files.witness else None,
    }


def as_text(report: VerifyReport, files: ProofFiles) -> list[str]:
    """The answer for people."""
    depth = "everything" if report.deep else "chain, seals and people (--deep proves everything)"
    lines = [
        f"entries {report.entries:,}   seals {report.seals_proved:,} of {report.seals:,}   "
        f"signatures {report.signatures_proved:,}   proved: {depth}",
        f"trust: {files.trust}" if report.trusted else "NO TRUST FILE: nothing says whose keys these are",
        f"witness: {files.witness}, up to {report.witnessed_to:,} of {report.entries:,} entries"
        if files.witness
        else "NO WITNESS: entries cut off at the end would not be missed (--witness)",
    ]
    if report.unsealed_tail:
        lines.append(f"the last {report.unsealed_tail:,} entries are under no seal")
    for one in report.findings[:SHOWN_FINDINGS]:
        place = f"desk {one.desk} entry {one.sequence}" if one.sequence else "beside the chain"
        lines.append(f"BAD {place}: {one.reason.value}: {one.text}")
    if len(report.findings) > SHOWN_FINDINGS:
        lines.append(f"and {len(report.findings) - SHOWN_FINDINGS} more")
    lines.append("VERIFIED" if report.verified else "NOT VERIFIED")
    return lines
