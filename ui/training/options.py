"""What a demo was asked for, and what its folder remembers of it. No Qt and no desk in here."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class DemoOptions:
    """``speed`` 1 is a watchable pace, 2 twice as fast, 0 no waiting at all; ``rate_per_minute`` is the counter's
    own (0 takes the mechanics' time away)."""

    out: Path
    auto: bool = False
    speed: float = 1.0
    language: str = "zh_CN"
    rate_per_minute: int = 1500
    measure_stalls: bool = False
    machines: tuple[str, ...] = ()


@dataclass(frozen=True)
class DemoFolder:
    """The few facts beside the database that let an interrupted demo go on and a finished one answer again."""

    root: Path

    @property
    def result(self) -> Path:
        return self.root / "result.json"

    @property
    def pictures(self) -> Path:
        return self.root / "pictures"

    def business_date(self, today: date) -> str:
        """The day this branch works on: the day it was founded, whatever day it is now."""
        path = self.root / "business-date"
        if not path.exists():
            self.root.mkdir(parents=True, exist_ok=True)
            path.write_text(today.isoformat(), encoding="ascii")
        return path.read_text(encoding="ascii").strip()

    @property
    def keys(self) -> Path:
        return self.root / "keys-pressed.json"

    def keys_before(self) -> dict[str, int]:
        """The keys that earlier runs of this demo pressed, by whose they were."""
        try:
            counts = json.loads(self.keys.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return {str(who): int(pressed) for who, pressed in counts.items()}

    def remember_keys(self, counts: dict[str, int]) -> None:
        part = self.keys.with_suffix(".part")
        part.write_text(json.dumps(counts), encoding="utf-8")
        part.replace(self.keys)

    def finished(self) -> dict[str, Any] | None:
        """The answer of a demo that ran to its end; None while there is none or it cannot be read."""
        try:
            answer = json.loads(self.result.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None
        return answer if isinstance(answer, dict) else None

    def finish(self, answer: dict[str, Any]) -> None:
        """Keep the answer; a cut-off write never looks like one."""
        part = self.result.with_suffix(".part")
        part.write_text(json.dumps(answer, ensure_ascii=False), encoding="utf-8")
        part.replace(self.result)
