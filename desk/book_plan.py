"""Which entries go on which lines of a book: entries + cursor + form + policy → jobs, one a page, or a refusal. Pure.

Holds no ink, no geometry and no store. A line number is the form's own, the gap at the fold belongs to the form.
Source: passbook-printers §7.1 (a core's rules), §7.7 (both cursor policies).

What must stay true, whatever happens to the paper: an entry stands on one line, no line carries two, none is left out
between two others, and the mark (``printed_through``) never passes an entry that no line carries.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum

from desk.corebank.contract import AccountEntry
from desk.domain.book_cursor import move_problem
from desk.domain.refusals import Refusal, RefusalCode, refuse
from desk.machines import FormFacts

SUMMARY_CHANNEL = "summary"
"""The channel of a line that stands for several entries."""


class CursorPolicy(Enum):
    """When the book's cursor moves (§7.7): when a line is proved or seen, or when the rows are handed out to be
    printed (as a Chinese core does, which then mends by reprint or by moving the cursor forward)."""

    ON_PROOF = "on_proof"
    ON_HANDOUT = "on_handout"


class CompressWhen(Enum):
    """What makes unprinted entries too many (§7.1): their number, or the days since the last printed one."""

    NEVER = "never"
    LINES = "lines"
    DAYS = "days"


class CompressHow(Enum):
    """RUNS: neighbouring entries of one side become one line, in their order, so each line can be proved by itself.
    SIDES: one credit line and one debit line for all of them, as the core does; they stand or fall together."""

    RUNS = "runs"
    SIDES = "sides"


@dataclass(frozen=True)
class BookPolicy:
    """How a bank lets its books be caught up. The default prints every entry and moves the cursor on proof."""

    cursor: CursorPolicy = CursorPolicy.ON_PROOF
    compress_when: CompressWhen = CompressWhen.NEVER
    threshold: int = 0
    compress_how: CompressHow = CompressHow.RUNS

    def __post_init__(self) -> None:
        """Two sums over mixed entries cannot be proved one after the other: a half printed pair has no true mark."""
        if self.compress_how is CompressHow.SIDES and self.cursor is CursorPolicy.ON_PROOF:
            raise ValueError("a credit and a debit sum cannot be proved line by line")
        if self.threshold < 0:
            raise ValueError("a threshold is not negative")


DEFAULT_POLICY = BookPolicy()


@dataclass(frozen=True)
class BookCursor:
    """Where the next line goes, and up to which entry the book is printed."""

    page: int
    line: int
    printed_through: int


@dataclass(frozen=True)
class PlannedLine:
    """One line: what it shows, and the numbers of the entries it stands for, oldest first."""

    line: int
    entry: AccountEntry
    covers: tuple[int, ...]


@dataclass(frozen=True)
class PageJob:
    """The lines of one page, never of two. ``turn_before``: a person turns the page first."""

    page: int
    lines: tuple[PlannedLine, ...]
    turn_before: bool


@dataclass(frozen=True)
class BookPlan:
    """Every job until all is printed or the book is full, and where the book then stands. ``left`` entries did not
    fit; ``book_full`` says that no blank line remains after these jobs (换折)."""

    jobs: tuple[PageJob, ...]
    after: BookCursor
    left: int
    book_full: bool


def blank_lines(cursor: BookCursor, form: FormFacts) -> int:
    """Lines left in the book (§7.1); 0 when it is full."""
    return max(0, (form.pages - cursor.page + 1) * form.lines_per_page - (cursor.line - 1))


def plan(
    entries: Sequence[AccountEntry],
    cursor: BookCursor,
    form: FormFacts,
    policy: BookPolicy = DEFAULT_POLICY,
    days_since_printed: int = 0,
) -> BookPlan | Refusal:
    """Plan ``entries`` (oldest first; what the mark has passed is left out). BOOK_FULL when there is something to
    print and no line for it."""
    left = [one for one in entries if one.entry_no > cursor.printed_through]
    at = turned(cursor, form)
    jobs: list[PageJob] = []
    if left and not blank_lines(at, form):
        return refuse(RefusalCode.BOOK_FULL)
    while left and blank_lines(at, form):
        lines = _lines_of_page(left, at, form, policy, days_since_printed)
        jobs.append(PageJob(at.page, lines, turn_before=bool(jobs) or at.page != cursor.page))
        left = left[sum(len(line.covers) for line in lines) :]
        at = turned(_behind(at, lines), form)
    return BookPlan(tuple(jobs), at, len(left), not blank_lines(at, form))


def turned(cursor: BookCursor, form: FormFacts) -> BookCursor:
    """A cursor behind the last line of a page is the first line of the next."""
    if cursor.line <= form.lines_per_page:
        return cursor
    return replace(cursor, page=cursor.page + 1, line=1)


def _lines_of_page(
    left: Sequence[AccountEntry], at: BookCursor, form: FormFacts, policy: BookPolicy, days: int
) -> tuple[PlannedLine, ...]:
    room = form.lines_per_page - at.line + 1
    shown = _joined(left, policy.compress_how) if _too_many(left, policy, days) else []
    torn = policy.compress_how is CompressHow.SIDES and len(shown) > room
    if torn or not 0 < len(shown) < len(left):
        # Nothing is gained by it, or a page turn would tear a pair of sums apart: each entry has its line.
        shown = [(one, (one.entry_no,)) for one in left]
    placed = zip(range(at.line, at.line + room), shown, strict=False)
    return tuple(PlannedLine(line, entry, covers) for line, (entry, covers) in placed)


def _too_many(left: Sequence[AccountEntry], policy: BookPolicy, days: int) -> bool:
    measured = {CompressWhen.LINES: len(left), CompressWhen.DAYS: days}.get(policy.compress_when, 0)
    return policy.compress_when is not CompressWhen.NEVER and measured > policy.threshold


def _is_credit(entry: AccountEntry) -> bool:
    return entry.amount_minor >= 0


def _joined(left: Sequence[AccountEntry], how: CompressHow) -> list[tuple[AccountEntry, tuple[int, ...]]]:
    """What the lines show and stand for, each with the balance that follows from the line above it."""
    if how is CompressHow.RUNS:
        runs = [tuple(run) for _, run in itertools.groupby(left, _is_credit)]
        return [_as_one(run, run[-1].balance_after_minor) for run in runs]
    sides = (filter(_is_credit, left), itertools.filterfalse(_is_credit, left))
    balance, joined = left[0].balance_after_minor - left[0].amount_minor, []
    for side in filter(None, map(tuple, sides)):
        balance += sum(one.amount_minor for one in side)
        joined.append(_as_one(side, balance))
    return joined


def _as_one(group: tuple[AccountEntry, ...], balance_minor: int) -> tuple[AccountEntry, tuple[int, ...]]:
    """Several entries as one, numbered and dated as the last of them and told with their count."""
    last, numbers = group[-1], tuple(one.entry_no for one in group)
    if len(group) == 1:
        return replace(last, balance_after_minor=balance_minor), numbers
    amount = sum(one.amount_minor for one in group)
    said = f"共{len(group)}笔"
    return AccountEntry(last.entry_no, last.value_date, said, amount, balance_minor, SUMMARY_CHANNEL), numbers


def _behind(cursor: BookCursor, lines: Sequence[PlannedLine]) -> BookCursor:
    """Behind these lines, their entries printed."""
    if not lines:
        return cursor
    through = max(number for line in lines for number in line.covers)
    return replace(cursor, line=lines[-1].line + 1, printed_through=max(cursor.printed_through, through))


# --- how the cursor moves -----------------------------------------------------------------------------------


def after_handout(cursor: BookCursor, job: PageJob, form: FormFacts, policy: BookPolicy) -> BookCursor:
    """The cursor once the rows have left to be printed."""
    if policy.cursor is CursorPolicy.ON_PROOF:
        return cursor
    return turned(_behind(replace(cursor, page=job.page), job.lines), form)


def after_proof(
    cursor: BookCursor, job: PageJob, lines_proved: int, form: FormFacts, policy: BookPolicy
) -> BookCursor:
    """The cursor once the first ``lines_proved`` lines of the job are proved, or seen by a person."""
    if policy.cursor is CursorPolicy.ON_HANDOUT or not lines_proved:
        return cursor
    return turned(_behind(replace(cursor, page=job.page), job.lines[:lines_proved]), form)


def adjusted(cursor: BookCursor, page: int, line: int, form: FormFacts) -> BookCursor | Refusal:
    """行位调整: move the cursor forward by hand, within the book; the mark stays, for no entry was printed by it. A
    second person permits it (DESIGN §3): not here."""
    problem = move_problem((cursor.page, cursor.line), (page, line), form.pages, form.lines_per_page)
    return problem or replace(cursor, page=page, line=line)
