"""The whole run: every model over every line, in processes of their own, and the reports branch IT reads.

One piece of work is one model on one line. On a pty and on TCP nearly all of it is waiting for deadlines, so that more
pieces run at a time than there are processors. Knows no fault and no protocol.
"""

from __future__ import annotations

import json
import multiprocessing
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from devices.conformance.faults import BY_ID, LineKind
from devices.conformance.report import as_data, as_text, summary, summary_text
from devices.conformance.suite import Choice, Result, Suite, Verdict
from devices.registry import Manifest, ManifestFlaw, load_manifests

JOBS = 12
"""At a time, unless told otherwise: on the real lines each takes about 2 % of a processor."""
Piece = tuple[str, LineKind]


def now() -> str:
    """The date and time of a report, UTC."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def play(name: str, line: LineKind, choice: Choice) -> list[Result]:
    """One model on one line; runs in a process of its own."""
    models = load_manifests()
    if isinstance(models, ManifestFlaw):
        raise SystemExit(str(models))
    suite = Suite(models[name], models.values(), choice.thorough)
    return list(suite.run(replace(choice, lines=(line,))))


def run_all(
    names: Sequence[str], choice: Choice, jobs: int, told: Callable[[str], None]
) -> Mapping[str, list[Result]]:
    """Every result by model, the lines in the order of the choice. ``told`` hears of each piece as it ends."""
    found: dict[Piece, list[Result]] = {}
    # the real lines first: they take longest
    pieces = [(name, line) for line in reversed(choice.lines) for name in names]
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(max_workers=jobs, mp_context=spawn) as pool:
        waiting = {pool.submit(play, name, line, choice): (name, line) for name, line in pieces}
        for done in as_completed(waiting):
            piece = waiting[done]
            found[piece] = _results(done, piece[1], choice)
            told(_told(piece, found[piece], len(found), len(pieces)))
    return {name: [one for line in choice.lines for one in found[name, line]] for name in names}


def _results(done: Future[list[Result]], line: LineKind, choice: Choice) -> list[Result]:
    """What a piece found; one that broke is a failure, not a gap."""
    broken = done.exception()
    if broken is None:
        return done.result()
    first = BY_ID[choice.faults[0]]
    why = f"the run itself broke: {type(broken).__name__}: {broken}"
    return [Result(first.id, first.title, line, Verdict.FAILED, (why,))]


def _told(piece: Piece, results: Sequence[Result], number: int, of: int) -> str:
    failed = [one.fault for one in results if one.verdict is Verdict.FAILED]
    seconds = sum(one.seconds for one in results)
    verdict = f"FAILED {' '.join(failed)}" if failed else "passed"
    return f"{number:3}/{of} {piece[0]:14} {piece[1].value:10} {seconds:5.0f} s  {verdict}"


@dataclass(frozen=True)
class Whole:
    """The report of each model, and what the table of all holds."""

    reports: tuple[Mapping[str, Any], ...]
    summary: Mapping[str, Any]


def whole(
    models: Mapping[str, Manifest], results: Mapping[str, list[Result]], seconds: int, jobs: int
) -> Whole:
    """What a whole run found, as data."""
    when = now()
    reports = tuple(as_data(models[name], found, when) for name, found in results.items())
    return Whole(reports, summary(reports, when, seconds, jobs))


def write_all(folder: Path, data: Whole) -> None:
    """A report of each model, and one table of all."""
    for one in data.reports:
        write_one(folder, one)
    _write(folder / "conformance", data.summary, summary_text(data.summary))


def write_one(folder: Path, data: Mapping[str, Any]) -> None:
    """The report of one model, for programs and for people."""
    folder.mkdir(parents=True, exist_ok=True)
    _write(folder / f"conformance-{data['model']}", data, as_text(data))


def _write(name: Path, data: Mapping[str, Any], text: str) -> None:
    name.with_suffix(".json").write_text(json.dumps(data, ensure_ascii=False) + "\n", encoding="utf-8")
    name.with_suffix(".txt").write_text(text, encoding="utf-8")
