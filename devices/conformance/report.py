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

LEGEND = (
    "passed (n): played in n ways, and after each the machine had done at most one thing, the desk believed\n"
    "the truth or said that it did not know, no batch was lost or counted twice, the machine was ready again\n"
    "in time, and the log named no customer. n/a: does not apply, for the reason below. FAILED: do not use this\n"
    "machine until it is mended."
)
_LETTERS = {"passed": "+", "failed": "X", "not_applicable": "-"}
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
                "seconds": round(one.seconds, 3), "left_out": list(one.left_out),
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
    out += ["", LEGEND, "", *_reasons(data)]
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
            for why in one["left_out"]:
                told[f"{row['fault']} {line} not played: {why}"] = None
    return list(told)


# --- all models in one table -----------------------------------------------------------------------------------------


def summary(reports: Sequence[Mapping[str, Any]], when: str, seconds: int, jobs: int) -> dict[str, Any]:
    """Model by line by fault, and which report each row comes from."""
    return {
        "when": when,
        "seconds": seconds,
        "jobs": jobs,
        "passed": all(one["passed"] for one in reports),
        "models": {
            one["model"]: {
                "title": one["title"],
                "report": one["hash"],
                "ways": sum(found["variants"] for row in one["faults"] for found in row["lines"].values()),
                "lines": _by_line(one, "verdict"),
                "why": _by_line(one, "why"),
            }
            for one in reports
        },
    }


def _by_line(data: Mapping[str, Any], key: str) -> dict[str, dict[str, Any]]:
    """One key of each result, by line and fault."""
    lines: dict[str, dict[str, Any]] = {}
    for row in data["faults"]:
        for line, one in row["lines"].items():
            lines.setdefault(line, {})[row["fault"]] = one[key]
    return lines


def summary_text(data: Mapping[str, Any]) -> str:
    """The table for people: a row for each model on each line, a column for each fault."""
    faults = list(dict.fromkeys(
        fault for one in data["models"].values() for line in one["lines"].values() for fault in line
    ))  # fmt: skip
    out = [f"Conformance of {len(data['models'])} models, {data['when']}, {data['seconds']} s, "
           f"{data['jobs']} at a time", ""]  # fmt: skip
    out.append(f"{'':14} {'':10} " + " ".join(f"{fault[1:]:>2}" for fault in faults))
    for name, one in data["models"].items():
        for line, found in one["lines"].items():
            marks = " ".join(f"{_LETTERS.get(found.get(fault, ''), ' '):>2}" for fault in faults)
            out.append(f"{name:14} {line:10} {marks}")
    ways = sum(one["ways"] for one in data["models"].values())
    out += ["", f"+ passed   - does not apply, see below   X FAILED   ({ways} ways in all)", ""]
    out += [f"{fault:4} {BY_ID[fault].title}" for fault in faults]
    out += ["", "Why:", *_shared_reasons(data)]
    return "\n".join([*out, "", "passed" if data["passed"] else "FAILED"]) + "\n"


def _shared_reasons(data: Mapping[str, Any]) -> list[str]:
    """Each reason once, with all it stands for."""
    told: dict[tuple[str, str], dict[str, None]] = {}
    for name, one in data["models"].items():
        for line, faults in one["why"].items():
            for fault, reasons in faults.items():
                mark = _LETTERS[one["lines"][line][fault]]
                for why in reasons:
                    told.setdefault((f"{mark} {fault}", why), {})[f"{name}/{line}"] = None
    order = list(BY_ID)
    ranked = sorted(told.items(), key=lambda one: (one[0][0][0] != "X", order.index(one[0][0][2:])))
    return [f"{what} {why} [{_places(list(where))}]" for (what, why), where in ranked]


def _places(where: Sequence[str]) -> str:
    """Models of the same lines together."""
    lines: dict[str, list[str]] = {}
    for one in where:
        name, line = one.split("/")
        lines.setdefault(name, []).append(line)
    groups: dict[str, list[str]] = {}
    for name, found in lines.items():
        groups.setdefault(", ".join(found), []).append(name)
    return "; ".join(f"{', '.join(names)}: {found}" for found, names in groups.items())
