"""The two files outside the database that a proof trusts: the bank's root key and the witness.

Those beside a SQLite database are taken when none is named. Says what to do when a named one does not serve.
"""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from pathlib import Path

from desk.domain.refusals import Refusal
from desk.journal.trust import read_trust
from desk.persistence.engine import sqlite_path

TRUST_FILE, WITNESS_FILE = "trust.json", "witness.log"


@dataclass(frozen=True)
class ProofFiles:
    """``root`` is b"" when no trust file was found; ``witnessed`` None when no witness was."""

    trust: Path | None
    root: bytes
    witness: Path | None
    witnessed: bytes | None


def find(database: str, trust: Path | None, witness: Path | None) -> ProofFiles | str:
    """The files, or a sentence about the one that does not serve."""
    for given in (trust, witness):
        if given is not None and not given.is_file():
            return f"there is no file {given}"
    trust, witness = trust or _beside(database, TRUST_FILE), witness or _beside(database, WITNESS_FILE)
    root = read_trust(trust.read_bytes()) if trust else b""
    if isinstance(root, Refusal):
        return f"{trust} is not a trust file: {root}"
    return ProofFiles(trust, root, witness, witness.read_bytes() if witness else None)


def _beside(database: str, name: str) -> Path | None:
    path = sqlite_path(database)
    if isinstance(path, Refusal):
        return None
    found = path.with_name(name)
    return found if found.is_file() else None


def unusable(text: str, as_json: bool) -> int:
    """Say what stands in the way; exit code 2."""
    if as_json:
        print(json.dumps({"error": text}, ensure_ascii=False))
    print(text, file=sys.stderr)
    return 2
