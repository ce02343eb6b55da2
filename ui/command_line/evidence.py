"""``teller-desk evidence export|verify``: carry the proof of one transaction to where there is no database.

Export reads a database and writes one file; verify needs that file and the bank's root key, nothing else.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from desk.domain.refusals import Refusal
from desk.journal.evidence import EvidenceReport, check, read, write
from desk.journal.trust import read_trust
from desk.journal.verify import BadEntry
from desk.persistence.evidence_export import export_evidence
from desk.persistence.personal_store import PersonalVault
from desk.persistence.secrets import KeyringStore, TrainingKeyFile, desk_keys, system_backend
from ui.command_line.proof_files import unusable

OK, FAILED = 0, 1


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """``export --database URL --transaction ID --out FILE [--with-personal --desk LABEL [--keys FILE]]`` and
    ``verify FILE --trust FILE``."""
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    export = actions.add_parser("export", help="write the proof of one transaction to a file")
    export.add_argument("--database", required=True, metavar="URL")
    export.add_argument("--transaction", required=True, metavar="ID", help="its id or its printed number")
    export.add_argument("--out", required=True, type=Path, metavar="FILE")
    export.add_argument("--with-personal", action="store_true", help="add names and numbers in the clear")
    export.add_argument("--desk", default="", metavar="LABEL", help="whose keys open them (--with-personal)")
    export.add_argument("--keys", type=Path, metavar="FILE", help="a training key file (else the key store)")
    export.add_argument("--json", action="store_true", help="one JSON line on stdout")
    verify = actions.add_parser("verify", help="prove an evidence file offline")
    verify.add_argument("file", type=Path, metavar="FILE")
    verify.add_argument("--trust", required=True, type=Path, metavar="FILE", help="the bank's root key")
    verify.add_argument("--json", action="store_true", help="one JSON line on stdout")


def run(arguments: argparse.Namespace) -> int:
    """0 done or proved, 1 the evidence does not hold, 2 something is missing."""
    return _export(arguments) if arguments.action == "export" else _verify(arguments)


def _export(arguments: argparse.Namespace) -> int:
    vault = _vault(arguments) if arguments.with_personal else None
    if isinstance(vault, Refusal):
        return unusable(f"the keys of desk {arguments.desk!r} do not open: {vault}", arguments.json)
    found = export_evidence(arguments.database, arguments.transaction, vault)
    if isinstance(found, Refusal):
        return unusable(f"no evidence of {arguments.transaction}: {found}", arguments.json)
    content = write(found)
    try:
        arguments.out.write_bytes(content)
    except OSError as error:
        return unusable(f"{arguments.out} cannot be written: {error.strerror}", arguments.json)
    answer = {"evidence": str(arguments.out), "transaction": found.transaction, "entries": len(found.bodies)}
    text = f"{arguments.out}: {len(found.bodies)} entries, {len(content):,} bytes"
    print(json.dumps(answer, ensure_ascii=False) if arguments.json else text)
    return OK


def _vault(arguments: argparse.Namespace) -> PersonalVault | Refusal:
    if arguments.keys:
        keys = desk_keys(TrainingKeyFile(arguments.keys), arguments.desk, make=False)
    else:
        backend = system_backend()
        if isinstance(backend, Refusal):
            return backend
        keys = desk_keys(KeyringStore(backend), arguments.desk, make=False)
    return keys if isinstance(keys, Refusal) else keys.vault


def _verify(arguments: argparse.Namespace) -> int:
    for path in (arguments.file, arguments.trust):
        if not path.is_file():
            return unusable(f"there is no file {path}", arguments.json)
    root = read_trust(arguments.trust.read_bytes())
    if isinstance(root, Refusal):
        return unusable(f"{arguments.trust} is not a trust file: {root}", arguments.json)
    evidence = read(arguments.file.read_bytes())
    if isinstance(evidence, Refusal):
        return _answer(arguments.json, {"verified": False, "error": str(evidence)}, [f"BAD {evidence}"])
    report = check(evidence, root)
    return _answer(arguments.json, as_json(report), as_text(report))


def _answer(as_json_line: bool, answer: dict[str, Any], lines: list[str]) -> int:
    print(json.dumps(answer, ensure_ascii=False) if as_json_line else "\n".join(lines))
    return OK if answer["verified"] else FAILED


def as_json(report: EvidenceReport) -> dict[str, Any]:
    """The answer for programs."""
    found = _in_order(report)
    return {
        "verified": report.verified,
        "transaction": report.transaction,
        "number": report.number,
        "entries": report.entries,
        "signatures": report.signatures,
        "ended": report.ended,
        "people": {staff: list(acts) for staff, acts in report.people.items()},
        "personal": report.personal,
        "first_bad": _bad(found[0]) if found else None,
        "findings": [_bad(one) for one in found],
    }


def _in_order(report: EvidenceReport) -> list[BadEntry]:
    """The findings in the order of the entries they are about, and then what stands beside them."""
    return sorted(report.findings, key=lambda one: (not one.sequence, one.sequence))


def _bad(one: BadEntry) -> dict[str, Any]:
    return {"sequence": one.sequence, "reason": one.reason.value, "text": one.text}


def as_text(report: EvidenceReport) -> list[str]:
    """The answer for people."""
    return [
        f"transaction {report.number or report.transaction}: {report.entries} entries, "
        f"{report.signatures} signatures, {'ended' if report.ended else 'still open'}",
        *(f"  {staff}: {', '.join(acts)}" for staff, acts in report.people.items()),
        *(f"BAD entry {one.sequence}: {one.reason.value}: {one.text}" for one in _in_order(report)),
        "VERIFIED" if report.verified else "NOT VERIFIED",
    ]
