"""A receipt printer: skips commands by its own table, keeps the paper, answers DLE EOT, draws the receipt."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw, ImageFont

from devices.simulators.ledger import PhysicalLedger
from devices.simulators.page import FONT

_ESC_ARGUMENTS = {0x40: 0, 0x21: 1, 0x61: 1, 0x45: 1, 0x74: 1, 0x64: 1, 0x4D: 1, 0x2D: 1, 0x33: 1, 0x32: 0,
                  0x52: 1, 0x7B: 1, 0x56: 1, 0x47: 1, 0x63: 2, 0x70: 3}  # fmt: skip
_GS_ARGUMENTS = {0x21: 1, 0x42: 1, 0x62: 1, 0x61: 1, 0x48: 1, 0x68: 1, 0x77: 1, 0x4C: 2, 0x57: 2}


class EscposSimulator:
    """hands: paper {"present"}, receipt_image {"path"}, fault {"kind"}, report."""

    def __init__(self, directory: Path, options: Mapping[str, str]) -> None:
        self._ledger = PhysicalLedger(directory / "escpos-paper.jsonl")
        self._held = b""
        self._text = b""
        self._out = b""
        self._paper = True
        self._silent = False

    def receive(self, data: bytes, now: float) -> None:
        self._held += data
        while self._held:
            used = self._take(self._held)
            if not used:
                break
            self._held = self._held[used:]

    def pending(self, now: float) -> bytes:
        sent, self._out = self._out, b""
        return b"" if self._silent else sent

    def next_due(self, now: float) -> float | None:
        return None

    def hands(self, command: dict[str, Any]) -> dict[str, Any]:
        if command["do"] == "paper":
            self._paper = bool(command["present"])
        elif command["do"] == "fault":
            self._silent = not self._silent
        elif command["do"] == "receipt_image":
            self._draw(Path(command["path"]))
        return {"receipts": [fact["text"] for fact in self._ledger.facts], "paper": self._paper}

    def _take(self, held: bytes) -> int:
        first = held[0]
        if first == 0x10:
            return self._real_time(held)
        if first in (0x1B, 0x1D):
            return self._skip(held)
        if first == 0x1C:
            return 2 if len(held) > 1 else 0
        self._text += held[:1]
        return 1

    def _real_time(self, held: bytes) -> int:
        if len(held) < 3:
            return 0
        answer = 0x12
        if held[2] == 1 and not self._paper:
            answer |= 0x08
        if held[2] == 4 and not self._paper:
            answer |= 0x60
        self._out += bytes([answer])
        return 3

    def _skip(self, held: bytes) -> int:
        if len(held) < 2:
            return 0
        if held[0] == 0x1D and held[1] == 0x56:
            return self._cut(held)
        table = _ESC_ARGUMENTS if held[0] == 0x1B else _GS_ARGUMENTS
        size = 2 + table.get(held[1], 0)
        return size if len(held) >= size else 0

    def _cut(self, held: bytes) -> int:
        if len(held) < 3:
            return 0
        text = self._text.decode("gb18030", "replace").strip("\n")
        if self._paper and text:  # a cut with nothing above it leaves a blank piece
            self._ledger.add({"fact": "receipt", "text": text})
        self._text = b""
        return 4 if held[2] in (65, 66) else 3

    def _draw(self, path: Path) -> None:
        lines = str(self._ledger.facts[-1]["text"]).split("\n") if self._ledger.facts else []
        image = Image.new("RGB", (576, 60 + 40 * len(lines)), (252, 252, 250))
        draw = ImageDraw.Draw(image)
        font = ImageFont.truetype(str(FONT), 26)
        for number, line in enumerate(lines):
            draw.text((24, 24 + 40 * number), line, fill=(30, 30, 30), font=font)
        image.save(path)
