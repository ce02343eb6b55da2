"""``devices ticket PATTERN SAMPLE``: what a text ticket's pattern makes of one ticket, line by line.

For branch IT that writes a pattern (``resources/tickets/example.toml`` says how). Both may be files anywhere. Whatever
it says is unverified: it proves the pattern on that sample, never the machine.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from devices.wire.ticket import BadLine, Ended, Ignored, Message, RejectedRead, RowRead, Started, TotalRead
from devices.wire.ticket_pattern import TicketFlaw, Trial, load_pattern, try_pattern
from ui.command_line.devices_actions.common import FAILED, OK, add_json, answer
from ui.command_line.unusable import unusable

MAX_BYTES = 100_000
UNVERIFIED = {
    "zh": "未经验证：请持二十张小票与现钞逐张核对后再使用",
    "en": "UNVERIFIED: compare twenty tickets with the notes in hand before you trust this pattern",
}
READ_AS: Mapping[type[Message], tuple[str, str]] = {
    Started: ("start", "开始"), RowRead: ("row", "券别行"), TotalRead: ("total", "合计"),
    RejectedRead: ("rejected", "废钞"), Ended: ("end", "结束"), Ignored: ("ignored", "略过"),
    BadLine: ("NOT READ", "未识别"),
}  # fmt: skip


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """``PATTERN SAMPLE [--json]``."""
    parser.add_argument(
        "pattern", type=Path, metavar="PATTERN", help="such as resources/tickets/example.toml"
    )
    parser.add_argument(
        "sample", type=Path, metavar="SAMPLE", help="one ticket, as the machine sends or prints it"
    )
    add_json(parser)


def run(arguments: argparse.Namespace) -> int:
    """0 read whole and the sums agree, 1 not, 2 a file cannot be read or the pattern has a flaw."""
    text, ticket = _read(arguments.pattern), _read(arguments.sample)
    for one in (text, ticket):
        if isinstance(one, str):
            return unusable(one, arguments.json)
    assert isinstance(text, bytes)
    assert isinstance(ticket, bytes)
    try:
        pattern = load_pattern(text.decode("utf-8"), str(arguments.pattern))
    except UnicodeDecodeError:
        return unusable(f"{arguments.pattern} is no UTF-8 text", arguments.json)
    if isinstance(pattern, TicketFlaw):
        return unusable(str(pattern), arguments.json)
    trial = try_pattern(pattern, ticket)
    value = _value(pattern.ticket, pattern.currency, trial)
    answer(arguments.json, value, _lines(value))
    return OK if value["read"] else FAILED


def _read(path: Path) -> bytes | str:
    try:
        if path.stat().st_size > MAX_BYTES:
            return f"{path} is larger than a ticket or its pattern: at most {MAX_BYTES} bytes"
        return path.read_bytes()
    except OSError as error:
        return f"{path} cannot be read: {error.strerror}"


def _value(name: str, currency: str, trial: Trial) -> dict[str, Any]:
    return {
        "ticket": name, "verified": False, "read": not trial.problem, "problem": trial.problem,
        "lines": [_line(number, text, one) for number, (text, one) in enumerate(trial.lines, 1)],
        "not_read": [number for number, (_, one) in enumerate(trial.lines, 1) if isinstance(one, BadLine)],
        "currency": currency, "pieces": trial.pieces, "total": _money(trial.total_minor), "rejected": trial.rejected,
    }  # fmt: skip


def _line(number: int, text: str, message: Message) -> dict[str, Any]:
    return {"line": number, "text": text, "read_as": READ_AS[type(message)][0], "fields": _fields(message)}


def _fields(message: Message) -> dict[str, Any]:
    if isinstance(message, RowRead):
        amount = None if message.amount_minor is None else _money(message.amount_minor)
        return {
            "denomination": _money(message.denomination_minor),
            "pieces": message.pieces,
            "amount": amount,
        }
    if isinstance(message, TotalRead):
        return {"pieces": message.pieces, "amount": _money(message.amount_minor)}
    if isinstance(message, RejectedRead):
        return {"pieces": message.pieces}
    return {"reason": message.reason} if isinstance(message, BadLine) else {}


def _money(minor: int) -> str:
    return f"{minor // 100:,}.{minor % 100:02d}"


def _lines(value: dict[str, Any]) -> list[str]:
    words = dict(READ_AS.values())
    lines = [f"{value['ticket']}: {UNVERIFIED['zh']}", f"{value['ticket']}: {UNVERIFIED['en']}", ""]
    for one in value["lines"]:
        fields = "  ".join(f"{name}={told}" for name, told in one["fields"].items() if told is not None)
        lines.append(
            f"{one['line']:3}  {one['read_as']:8} {words[one['read_as']]}\t{one['text']}   {fields}".rstrip()
        )
    total = f"{value['pieces']} 张 pieces, {value['total']} {value['currency']}"
    lines += ["", f"合计 total: {total}   废钞 rejected: {value['rejected']}"]
    if value["not_read"]:
        lines.append(f"未识别的行 lines that no pattern took: {', '.join(map(str, value['not_read']))}")
    return [*lines, "整张读通 READ" if value["read"] else f"未读通 NOT READ: {value['problem']}"]
