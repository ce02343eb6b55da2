"""The physical ledger of a simulated machine: what really happened to paper and notes, one JSON line a fact.

Appended and synced before the machine says anything about it, and read back at start: ink outlives a killed desk.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

Fact = dict[str, Any]


class PhysicalLedger:
    """An append-only file of facts."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._path = path
        self.facts: list[Fact] = []
        if path.exists():
            whole, _, cut = path.read_bytes().rpartition(b"\n")
            self.facts = [json.loads(line) for line in whole.splitlines()]
            if cut:  # the last writer was killed in the middle: nothing was said about that fact yet
                os.truncate(path, len(whole) + 1 if whole else 0)

    def add(self, fact: Fact) -> None:
        """Write one fact and sync it."""
        self.facts.append(fact)
        with open(self._path, "a", encoding="utf-8") as file:
            file.write(json.dumps(fact, ensure_ascii=False) + "\n")
            file.flush()
            os.fsync(file.fileno())
