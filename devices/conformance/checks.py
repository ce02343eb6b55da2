"""What must hold after every fault: at most one physical effect, belief is the truth or Unknown, no batch lost or
counted twice, ready again in time, no customer data in the log. Pure: values in, findings out as sentences.

Source: device-architecture §5.3, "invariants checked after each".
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from devices.contracts import NoteBatch, NoteClass, NoteReading, Outcome, OutcomeKind
from devices.errors import DeviceError

Fact = dict[str, Any]
WHOLE = "whole, says the person who looked"
"""A receipt's text where eyes are the ledger."""


@dataclass
class Attempt:
    """One effect that was asked for. ``units`` is of how many it has; ``facts`` what the machine's ledger gained from
    then until the next one; ``asked`` describes it in the kind's own words (rows, note, text)."""

    units: int
    asked: Any
    result: Any = None
    facts: list[Fact] = field(default_factory=list)

    @property
    def is_done(self) -> bool:
        """Whether the desk believes that it happened."""
        if isinstance(self.result, Outcome):
            return self.result.kind is OutcomeKind.DONE
        if isinstance(self.result, NoteBatch):
            return self.result.complete
        return isinstance(self.result, NoteReading) and self.result.returned

    @property
    def told(self) -> str:
        """The belief in a word or two, for a report."""
        if isinstance(self.result, Outcome):
            error = f" {self.result.error.code.code}" if self.result.error else ""
            return f"{self.result.kind.value} {self.result.units_proved}/{self.units}{error}"
        if isinstance(self.result, NoteBatch):
            return "counted" if self.result.complete else f"recount {self.result.error}"
        if isinstance(self.result, NoteReading):
            return f"{self.result.note_class.value} {'returned' if self.result.returned else 'held'}"
        return str(self.result)


def printing(outcome: Outcome, units: int, done: int) -> list[str]:
    """Belief against ink: ``done`` units are really there."""
    found = []
    proved = outcome.units_proved
    if done > units:
        found.append(f"{done} effects of {units}: something happened twice")
    if outcome.kind is OutcomeKind.DONE and done != units:
        found.append(f"believed done, but {done} of {units} are there")
    if outcome.kind is OutcomeKind.NOT_DONE and done != proved:
        found.append(f"believed not done after {proved}, but {done} are there")
    if outcome.kind is OutcomeKind.UNKNOWN and done < proved:
        found.append(f"{proved} believed proved, but {done} are there")
    return found


def rows_on_paper(attempts: Sequence[Attempt]) -> list[str]:
    """Passbook printers: every ink of a row once, no ink on ink."""
    found = []
    for number, one in enumerate(attempts, 1):
        rows = sum(1 for fact in one.facts if fact["fact"] == "ink" and fact.get("kind") == "row")
        found += [f"job {number}: {text}" for text in printing(one.result, one.units, rows)]
        found += [f"job {number}: ink on ink" for fact in one.facts if fact["fact"] == "overprint"]
    return found


def receipts_on_paper(attempts: Sequence[Attempt]) -> list[str]:
    """Receipt printers: the receipt as asked, once; nothing of another's on it."""
    found = []
    for number, one in enumerate(attempts, 1):
        texts = [fact["text"] for fact in one.facts if fact["fact"] == "receipt"]
        whole = [text for text in texts if text in (one.asked, WHOLE)]
        found += [f"job {number}: {text}" for text in printing(one.result, 1, len(whole))]
        if one.is_done and texts[-1:] != whole[-1:]:  # a torn piece of the one before may be cut off first
            found.append(f"job {number}: done, and something was printed behind it")
    return found


def heaps(attempts: Sequence[Attempt]) -> list[str]:
    """Note counters: each complete batch is one heap that ran, each heap at most once; a heap that no batch tells of
    has a failed count that demands it again."""
    batches = [fact for one in attempts for fact in one.facts if fact["fact"] == "batch"]
    if any(not {"pieces", "amount"} <= fact.keys() for fact in batches):
        return ["the simulator's ledger has a fact 'batch' without 'pieces' and 'amount' (in whole units)"]
    ran = [(fact["pieces"], int(fact["amount"]) * 100) for fact in batches]
    found = []
    for number, one in enumerate(attempts, 1):
        if not one.is_done:
            continue
        told = (one.result.pieces, one.result.total_minor)
        if told in ran:
            ran.remove(told)
        else:
            found.append(f"count {number}: {told} was counted twice or never ran")
    failed = sum(1 for one in attempts if not one.is_done)
    if len(ran) > failed:
        found.append(f"{len(ran)} heaps ran that nobody was told of")
    return found


def notes(attempts: Sequence[Attempt], usual: NoteReading | None) -> list[str]:
    """Detectors: the note is told as it is or not recognised, always given back, never kept."""
    found, worths = [], _worths(attempts)
    for number, one in enumerate(attempts, 1):
        found += [f"note {number}: {word}" for fact in one.facts
                  if (word := str(fact["fact"])) in ("stacked", "kept", "withheld")]  # fmt: skip
        reading = one.result
        if not isinstance(reading, NoteReading):
            continue
        came_back = sum(1 for fact in one.facts if fact["fact"] in ("returned", "rejected"))
        if reading.returned and not came_back:
            found.append(f"note {number}: believed returned, but the machine has it")
        if usual is not None and reading.note_class not in (usual.note_class, NoteClass.UNRECOGNISED):
            found.append(f"note {number}: told {reading.note_class.value}, it is {usual.note_class.value}")
        there = worths[number - 1]
        known = reading.note_class is not NoteClass.UNRECOGNISED
        if known and reading.denomination_minor not in there:
            found.append(f"note {number}: told to be worth {reading.denomination_minor}, there was {there}")
    moves = {"inserted": 1, "returned": -1, "rejected": -1, "taken out": -1}
    inside = 0
    for one in attempts:
        for fact in one.facts:
            inside = max(0, inside + moves.get(str(fact["fact"]), 0))
    return found + (["a note is still in the machine"] if inside else [])


def _worths(attempts: Sequence[Attempt]) -> list[list[int]]:
    """Of each attempt, what the notes are worth that were in the machine in its time. A note may be one that a person
    put in late, for the attempt before; where eyes are the ledger it is the one that was asked for."""
    inside, found = list[int](), []
    for one in attempts:
        there = list(inside)
        for fact in one.facts:
            if fact["fact"] == "inserted":
                inside = [fact.get("denomination", one.asked["denomination"]) * 100]
                there += inside
            elif fact["fact"] in ("returned", "rejected", "taken out"):
                inside = []
        found.append(there)
    return found


def customer_data(log: Iterable[str], secrets: Sequence[str]) -> list[str]:
    """What of a customer stands in the log, as text or as the bytes of it in hex."""
    whole = "\n".join(log).lower()
    dense = whole.replace(" ", "")
    found = []
    for secret in secrets:
        forms = {secret.lower()} | {secret.encode(one).hex() for one in ("utf-8", "gb18030")}
        if any(form in whole or form in dense for form in forms):
            found.append(f"the log tells {secret!r}")
    return found


def refused(result: Any) -> bool:
    """Whether a call ended in an error value before anything was sent."""
    error = result.error if isinstance(result, Outcome) else result
    return isinstance(error, DeviceError) and not (
        isinstance(result, Outcome) and result.kind is not OutcomeKind.NOT_DONE
    )
