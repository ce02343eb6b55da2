"""Controlled blank forms (重要空白凭证): runs of numbers, who holds which, and what became of each number.

Values and pure functions: a register is the fold of its movements, ``applied`` never refuses. Whether a movement may
happen is judged in ``desk.rules.form_register_rules``. Source: counter-rules §4.4 (BV-1 … BV-8).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import Any

VAULT = "vault"
"""The holder that is no person: what lies there is in the keeper's custody."""

_NUMBER = re.compile(r"([A-Z]{0,4})([0-9]{1,16})", re.ASCII)


@dataclass(frozen=True, order=True)
class Run:
    """Forms of one kind with numbers from ``first`` to ``last``, both included. ``unit_minor``: what one of them is
    booked at off the balance sheet."""

    kind: str
    prefix: str
    digits: int
    first: int
    last: int
    unit_minor: int = 100

    @property
    def count(self) -> int:
        return self.last - self.first + 1

    def text(self, number: int) -> str:
        """A number as it is printed on the form."""
        return f"{self.prefix}{number:0{self.digits}d}"

    @property
    def words(self) -> str:
        """``AB00000001–AB00000025``, or the one number."""
        if self.count == 1:
            return self.text(self.first)
        return f"{self.text(self.first)}–{self.text(self.last)}"

    def same_series(self, other: Run) -> bool:
        """Whether numbers of both can follow one another."""
        return (self.kind, self.prefix, self.digits, self.unit_minor) == (
            other.kind, other.prefix, other.digits, other.unit_minor,
        )  # fmt: skip

    def overlaps(self, other: Run) -> bool:
        """Whether a number of that kind stands in both; what it is booked at does not matter."""
        return (
            (self.kind, self.prefix, self.digits) == (other.kind, other.prefix, other.digits)
            and self.first <= other.last
            and other.first <= self.last
        )


def run_of(kind: str, first: str, last: str, digits: int, unit_minor: int = 100) -> Run | None:
    """A run by its first and last number as written; None where they do not make one."""
    start, end = _NUMBER.fullmatch(first), _NUMBER.fullmatch(last)
    if start is None or end is None or start.group(1) != end.group(1):
        return None
    if {len(start.group(2)), len(end.group(2))} != {digits} or int(start.group(2)) > int(end.group(2)):
        return None
    return Run(kind, start.group(1), digits, int(start.group(2)), int(end.group(2)), unit_minor)


def merged(runs: Iterable[Run]) -> tuple[Run, ...]:
    """The same numbers in order, runs that touch joined."""
    joined: list[Run] = []
    for run in sorted(runs):
        if joined and joined[-1].same_series(run) and run.first == joined[-1].last + 1:
            joined[-1] = replace(joined[-1], last=run.last)
        else:
            joined.append(run)
    return tuple(joined)


def without(runs: Iterable[Run], taken: Run) -> tuple[Run, ...]:
    """What is left of the runs when the numbers of ``taken`` are gone."""
    left: list[Run] = []
    for run in runs:
        if not run.overlaps(taken):
            left.append(run)
            continue
        if run.first < taken.first:
            left.append(replace(run, last=taken.first - 1))
        if taken.last < run.last:
            left.append(replace(run, first=taken.last + 1))
    return tuple(left)


def holds(runs: Iterable[Run], wanted: Run) -> bool:
    """Whether every number of ``wanted`` stands in one of the runs, which are merged."""
    return any(
        run.same_series(wanted) and run.first <= wanted.first and wanted.last <= run.last for run in runs
    )


class Fate(Enum):
    """What became of a number that is in nobody's hand any more."""

    USED = "used"
    SPOILED = "spoiled"
    SOLD = "sold"
    DESTROYED = "destroyed"


@dataclass(frozen=True)
class Spent:
    """A run that left the hands of staff. ``holder``: who had it, staff or, of a form that was sold, the account;
    ``mark``: the transaction that used it, the account it was sold to or came back from."""

    run: Run
    fate: Fate
    holder: str
    mark: str = ""


@dataclass(frozen=True)
class FormRegister:
    """Unused forms by holder (merged, in order), and what became of the others."""

    in_hand: Mapping[str, tuple[Run, ...]] = field(default_factory=dict)
    spent: tuple[Spent, ...] = ()

    def of(self, holder: str) -> tuple[Run, ...]:
        return self.in_hand.get(holder, ())

    def next_run(self, holder: str, kind: str) -> Run | None:
        """The run whose first number is the next to be used (BV-3); None when the holder has none of the kind."""
        return next((run for run in self.of(holder) if run.kind == kind), None)

    def known(self) -> Iterator[Run]:
        """Every number there is, in hand or spent."""
        for runs in self.in_hand.values():
            yield from runs
        yield from (one.run for one in self.spent)

    def fate_of(self, one: Run) -> Fate | None:
        """What became of one number; the last word counts. None while it is unused, or unknown."""
        return next((spent.fate for spent in reversed(self.spent) if spent.run.overlaps(one)), None)

    def outstanding(self, account: str) -> tuple[Run, ...]:
        """Forms sold to an account that were neither presented nor brought back."""
        left = merged(one.run for one in self.spent if (one.fate, one.mark) == (Fate.SOLD, account))
        for one in self.spent:
            if (one.fate, one.mark) == (Fate.DESTROYED, account) or (one.fate, one.holder) == (
                Fate.USED,
                account,
            ):
                left = without(left, one.run)
        return left

    def was_used_by(self, one: Run, holder: str) -> bool:
        """Whether this hand used it and nothing was done to it since."""
        last = next((spent for spent in reversed(self.spent) if spent.run.overlaps(one)), None)
        return last is not None and (last.fate, last.holder) == (Fate.USED, holder)

    def holder_of(self, one: Run) -> str:
        """In whose hand a number is; "" for none."""
        return next((holder for holder, runs in self.in_hand.items() if holds(runs, one)), "")

    def state_of(self, one: Run) -> str:
        """One word for the voucher's check VC-23: "unused", "used", "spoiled", "sold", "destroyed", "out_of_range"."""
        fate = self.fate_of(one)
        if fate is not None:
            return fate.value
        return "unused" if self.holder_of(one) else "out_of_range"


@dataclass(frozen=True)
class Received:
    """New forms came in; ``listed`` is how many the delivery note says, ``people`` who received them."""

    run: Run
    people: tuple[str, ...]
    listed: int
    stamped: bool = False


@dataclass(frozen=True)
class Moved:
    """From one holder to another: issued to a teller, handed on, brought back. ``stamped``: one of them was found
    stamped or signed beforehand."""

    run: Run
    giver: str
    taker: str
    handed_by: str
    taken_by: str
    authorised_by: str
    stamped: bool = False


@dataclass(frozen=True)
class Used:
    """One form went into a transaction."""

    run: Run
    holder: str
    transaction: str
    stamped: bool = False


@dataclass(frozen=True)
class Spoiled:
    """One form became void, unused or just after it was used. ``attested``: what was done to it before witnesses."""

    run: Run
    holder: str
    attested: frozenset[str]
    authorised_by: str


@dataclass(frozen=True)
class Sold:
    """Forms that customers fill in went to the holder of an account."""

    run: Run
    holder: str
    account: str
    stamped: bool = False


@dataclass(frozen=True)
class BroughtBack:
    """Unused forms that a customer brought back on closing an account, made void at once (BV-6)."""

    run: Run
    account: str
    taken_by: str
    checked_by: str
    attested: frozenset[str]


@dataclass(frozen=True)
class Presented:
    """A form that was sold came back filled in, as a cheque does: customers use theirs in any order."""

    run: Run
    account: str
    transaction: str


Movement = Received | Moved | Used | Spoiled | Sold | BroughtBack | Presented


def _received(register: FormRegister, done: Received) -> FormRegister:
    return _put(register, VAULT, done.run)


def _moved(register: FormRegister, done: Moved) -> FormRegister:
    return _put(_take(register, done.giver, done.run), done.taker, done.run)


def _used(register: FormRegister, done: Used) -> FormRegister:
    return _spend(register, Spent(done.run, Fate.USED, done.holder, done.transaction))


def _spoiled(register: FormRegister, done: Spoiled) -> FormRegister:
    return _spend(register, Spent(done.run, Fate.SPOILED, done.holder))


def _sold(register: FormRegister, done: Sold) -> FormRegister:
    return _spend(register, Spent(done.run, Fate.SOLD, done.holder, done.account))


def _brought_back(register: FormRegister, done: BroughtBack) -> FormRegister:
    return _spend(register, Spent(done.run, Fate.DESTROYED, done.taken_by, done.account))


def _presented(register: FormRegister, done: Presented) -> FormRegister:
    return _spend(register, Spent(done.run, Fate.USED, done.account, done.transaction))


def _put(register: FormRegister, holder: str, run: Run) -> FormRegister:
    return replace(register, in_hand={**register.in_hand, holder: merged((*register.of(holder), run))})


def _take(register: FormRegister, holder: str, run: Run) -> FormRegister:
    return replace(register, in_hand={**register.in_hand, holder: without(register.of(holder), run)})


def _spend(register: FormRegister, spent: Spent) -> FormRegister:
    left = _take(register, spent.holder, spent.run) if register.of(spent.holder) else register
    return replace(left, spent=(*left.spent, spent))


_FOLDS: Mapping[type[Any], Callable[[FormRegister, Any], FormRegister]] = {
    Received: _received,
    Moved: _moved,
    Used: _used,
    Spoiled: _spoiled,
    Sold: _sold,
    BroughtBack: _brought_back,
    Presented: _presented,
}


def applied(register: FormRegister, movement: Movement) -> FormRegister:
    """The register after a movement that was judged and happened."""
    return _FOLDS[type(movement)](register, movement)


def off_balance_minor(runs: Iterable[Run]) -> int:
    """What the runs are booked at off the balance sheet (BV-1)."""
    return sum(run.count * run.unit_minor for run in runs)
