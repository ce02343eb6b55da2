"""``devices decode PROTOCOL HEX…``: what a captured frame says. Drives nothing, opens nothing."""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from devices.decode.reading import DEVICE, HOST, Reading
from devices.decode.table import EXPLAINERS, NotExplained, explain
from ui.command_line.unusable import unusable

OK, FAILED = 0, 1
_BETWEEN = re.compile(r"[\s,;:_-]+")
_HEX = re.compile(r"(?:0[xX])?([0-9a-fA-F]+)")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """``PROTOCOL HEX… [--direction host|device] [--request HEX] [--json]``."""
    parser.add_argument("protocol", metavar="PROTOCOL", help=", ".join(EXPLAINERS))
    parser.add_argument("hex", nargs="+", metavar="HEX", help="02081060…, 02 08 10, 0x02,0x08: all are fine")
    parser.add_argument(
        "--direction", choices=(HOST, DEVICE), default="", help="who sent it (default: either)"
    )
    parser.add_argument("--request", default="", metavar="HEX", help="the host's frame that this one answers")
    parser.add_argument("--json", action="store_true", help="one JSON line on stdout")


def run(arguments: argparse.Namespace) -> int:
    """0 the frame is valid, 1 it is not, 2 the bytes or the protocol cannot be read."""
    data, request = read_hex(arguments.hex), read_hex([arguments.request])
    for one in (data, request):
        if isinstance(one, str):
            return unusable(one, arguments.json)
    assert isinstance(data, bytes)
    assert isinstance(request, bytes)
    if not data:
        return unusable(
            "no bytes are given: write them as hex, such as 02 08 10 7F 00 00 03 67", arguments.json
        )
    readings = explain(arguments.protocol, data, arguments.direction, request)
    if isinstance(readings, NotExplained):
        return unusable(str(readings), arguments.json)
    answer = answer_of(readings)
    print(json.dumps(answer, ensure_ascii=False) if arguments.json else "\n".join(as_text(readings)))
    return OK if answer["valid"] else FAILED


def read_hex(parts: Sequence[str]) -> bytes | str:
    """Bytes from hex in any usual writing, or a sentence that says what is wrong with it."""
    digits = ""
    for word in _BETWEEN.split(" ".join(parts).strip()):
        if not word:
            continue
        match = _HEX.fullmatch(word)
        if match is None:
            return f"{word!r} is not hex: write bytes as two digits 0-9 A-F each, such as 02 08 1F"
        found = match.group(1)
        if len(found) > 1 and len(found) % 2:
            return (
                f"{word[:20]!r} has {len(found)} digits, which are no whole bytes: one is missing or too many"
            )
        digits += found.zfill(2)
    return bytes.fromhex(digits)


def answer_of(readings: Sequence[Reading]) -> dict[str, Any]:
    """The answer for programs: the first reading's own words, and every reading."""
    first = readings[0] if readings else Reading("", False, error="nothing of this protocol")
    return {
        "valid": first.valid,
        "name": first.name,
        "direction": first.direction,
        "fields": dict(first.fields),
        "readings": [_reading(one) for one in readings],
        "error": first.error,
    }


def _reading(one: Reading) -> dict[str, Any]:
    return {
        "direction": one.direction, "valid": one.valid, "name": one.name, "fields": dict(one.fields),
        "error": one.error,
    }  # fmt: skip


def as_text(readings: Sequence[Reading]) -> list[str]:
    """The answer for people. An invalid reading is only shown when there is no valid one."""
    shown = [one for one in readings if one.valid] or list(readings)
    lines: list[str] = []
    for one in shown:
        head = f"{one.direction or 'either'}: {one.name or '?'}"
        lines.append(head if one.valid else f"{head}   NOT VALID: {one.error}")
        lines += _fields(one.fields, "  ")
    return lines or ["NOT VALID: nothing of this protocol"]


def _fields(fields: Mapping[str, Any], indent: str) -> list[str]:
    lines = []
    for name, value in fields.items():
        if isinstance(value, list) and value and all(isinstance(one, Mapping) for one in value):
            lines.append(f"{indent}{name}:")
            for one in value:
                lines += [f"{indent}- {_inline(one)}"]
        else:
            lines.append(f"{indent}{name}: {value if value != '' else '(empty)'}")
    return lines


def _inline(fields: Mapping[str, Any]) -> str:
    return ", ".join(f"{name} {value}" for name, value in fields.items())
