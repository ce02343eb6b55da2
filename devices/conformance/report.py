"""What a run found, as JSON for programs and as text for people: each fault on each line, and why.

A verdict is passed, failed (with every finding) or not applicable (with the reason); nothing is left out. Pure.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

from devices.conformance.faults import BY_ID
from devices.conformance.suite import Result, Verdict
from devices.registry import Manifest

_MARKS = {Verdict.PASSED: "passed", Verdict.FAILED: "FAILED", Verdict.NOT_APPLICABLE: "n/a"}


def as_data(
    model: Manifest, results: Sequence[Result], when: str, machine: str = "simulator"
) -> dict[str, Any]:
    """The report as plain data. ``machine`` is what stood at the other end; ``hash`` covers all but itself, so that a
    manifest can name the report its evidence rests on."""
    data: dict[str, Any] = {
        "model": model.name,
        "title": model.model,
        "protocol": model.protocol,
        "kind": model.kind.value,
        "machine": machine,
        "when": when,
        "passed": all(one.verdict is not Verdict.FAILED for one in results),
        "faults": [
            _of_fault(fault, [one for one in results if one.fault == fault]) for fault in _in_order(results)
        ],
    }
    text = json.dumps(data, ensure_ascii=False, sort_keys=True)
    return {**data, "hash": hashlib.sha256(text.encode()).hexdigest()}


def _in_order(results: Sequence[Result]) -> list[str]:
    return [fault for fault in BY_ID if any(one.fault == fault for one in results)]


def _of_fault(fault: str, results: Sequence[Result]) -> dict[str, Any]:
    return {
        "fault": fault,
        "title": BY_ID[fault].title,
        "lines": {
            one.line.value: {
                "verdict": one.verdict.value, "why": list(one.why), "variants": one.variants,
                "seconds": round(one.seconds, 3),
            }
            for one in results
        },
    }  # fmt: skip


def as_text(data: Mapping[str, Any]) -> str:
    """The same for people: a table, then each reason."""
    lines = list(dict.fromkeys(line for row in data["faults"] for line in row["lines"]))
    out = [f"{data['title']} ({data['model']}), {data['machine']}, {data['when']}", ""]
    out.append(f"{'':4} {'':52} " + " ".join(f"{line:>16}" for line in lines))
    for row in data["faults"]:
        marks = " ".join(f"{_mark(row['lines'].get(line)):>16}" for line in lines)
        out.append(f"{row['fault']:4} {row['title']:52} {marks}")
    out += ["", *_reasons(data)]
    out += ["", "passed" if data["passed"] else "FAILED", f"report {data['hash']}"]
    return "\n".join(out) + "\n"


def _mark(one: Mapping[str, Any] | None) -> str:
    if one is None:
        return "-"
    word = _MARKS[Verdict(one["verdict"])]
    return f"{word} ({one['variants']})" if one["variants"] else word


def _reasons(data: Mapping[str, Any]) -> list[str]:
    told: dict[str, None] = {}
    for row in data["faults"]:
        for line, one in row["lines"].items():
            for why in one["why"]:
                told[f"{row['fault']} {line} {_MARKS[Verdict(one['verdict'])]}: {why}"] = None
    return list(told)
