"""The book as paper: whatever is planned, printed in part and planned again, each entry stands once, on the line after
the one before, with the right balance beside it."""

from __future__ import annotations

import itertools
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from desk.book_lines import NextJob, next_job
from desk.book_plan import (
    DEFAULT_POLICY,
    SUMMARY_CHANNEL,
    BookCursor,
    BookPlan,
    BookPolicy,
    CompressHow,
    CompressWhen,
    CursorPolicy,
    PageJob,
    PlannedLine,
    adjusted,
    after_handout,
    after_proof,
    blank_lines,
    plan,
    turned,
)
from desk.corebank.contract import AccountEntry, BookFacts
from desk.domain.refusals import Refusal, RefusalCode
from desk.domain.transaction import Transaction
from desk.machines import FormFacts

OPENING = 100_000


def form(lines: int = 24, pages: int = 3) -> FormFacts:
    return FormFacts("book", pages, lines, 150.0, 180.0, 90.0)


def entries_of(amounts: list[int], first: int = 1) -> list[AccountEntry]:
    """Entries numbered from ``first``, their balances following from an opening one."""
    balances = itertools.accumulate(amounts, initial=OPENING)
    next(balances)
    return [
        AccountEntry(number, f"2026-03-{number % 28 + 1:02d}", "存款", amount, balance, "counter")
        for number, (amount, balance) in enumerate(zip(amounts, balances, strict=True), first)
    ]


def planned(
    amounts: list[int],
    cursor: BookCursor,
    shape: FormFacts,
    policy: BookPolicy = DEFAULT_POLICY,
    days: int = 0,
) -> BookPlan:
    found = plan(entries_of(amounts), cursor, shape, policy, days)
    assert isinstance(found, BookPlan), found
    return found


START = BookCursor(1, 1, 0)
RUNS = BookPolicy(compress_when=CompressWhen.LINES, threshold=2)
SIDES = BookPolicy(CursorPolicy.ON_HANDOUT, CompressWhen.LINES, 2, CompressHow.SIDES)
POLICIES = [
    DEFAULT_POLICY,
    RUNS,
    replace(RUNS, threshold=0),
    BookPolicy(compress_when=CompressWhen.DAYS, threshold=30),
    replace(RUNS, cursor=CursorPolicy.ON_HANDOUT),
    BookPolicy(CursorPolicy.ON_HANDOUT),
    SIDES,
    replace(SIDES, threshold=0),
    replace(SIDES, compress_when=CompressWhen.DAYS, threshold=30),
]

AMOUNTS = st.lists(st.integers(-90_000, 90_000), max_size=70)
SHAPES = st.builds(form, st.sampled_from([1, 2, 3, 5, 20, 24, 30, 38]), st.integers(1, 4))


@st.composite
def books(draw: st.DrawFn) -> tuple[FormFacts, BookCursor]:
    """A form and a cursor anywhere in it, behind a page's last line and behind the last page too."""
    shape = draw(SHAPES)
    page, line = draw(st.integers(1, shape.pages + 1)), draw(st.integers(1, shape.lines_per_page + 1))
    return shape, BookCursor(page, line, 0)


# --- one plan, by all its rules -----------------------------------------------------------------------------


@example(
    [0, -1, 1], (form(2, 1), START), SIDES, 0
)  # a sum above a single entry: its balance follows from the sum
@given(AMOUNTS, books(), st.sampled_from(POLICIES), st.integers(0, 60))
def test_a_plan_keeps_every_rule_of_a_book(
    amounts: list[int], book: tuple[FormFacts, BookCursor], policy: BookPolicy, days: int
) -> None:
    shape, cursor = book
    found = plan(entries_of(amounts), cursor, shape, policy, days)
    if isinstance(found, Refusal):
        assert found.code is RefusalCode.BOOK_FULL
        assert amounts
        assert blank_lines(cursor, shape) == 0
        return
    lines = [(job.page, line) for job in found.jobs for line in job.lines]
    covered = [number for _, line in lines for number in line.covers]
    assert sorted(covered) == list(range(1, len(amounts) - found.left + 1)), "none twice, none left out"
    places = [(page - 1) * shape.lines_per_page + line.line for page, line in lines]
    start = (cursor.page - 1) * shape.lines_per_page + cursor.line
    assert places == list(range(start, start + len(places))), "no line is skipped, none is used twice"
    assert all(1 <= line.line <= shape.lines_per_page for _, line in lines)
    assert len({job.page for job in found.jobs}) == len(found.jobs)
    assert all(job.lines and job.page <= shape.pages for job in found.jobs)
    _assert_balances(amounts, [line for _, line in lines])
    assert found.after.printed_through == max(covered, default=0)
    assert found.book_full is (blank_lines(found.after, shape) == 0)
    assert not found.left or found.book_full


def _assert_balances(amounts: list[int], lines: list[PlannedLine]) -> None:
    """Each balance follows from the line above it, and where all entries so far are printed it is the bank's own."""
    balance, seen = OPENING, 0
    for line in lines:
        assert line.entry.amount_minor == sum(amounts[number - 1] for number in line.covers)
        balance += line.entry.amount_minor
        assert line.entry.balance_after_minor == balance
        seen += len(line.covers)
        if max(line.covers) == seen:
            assert balance == OPENING + sum(amounts[:seen])
        assert (line.entry.channel == SUMMARY_CHANNEL) is (len(line.covers) > 1)


@given(AMOUNTS, books(), st.sampled_from(POLICIES))
def test_pages_turn_where_a_page_ends_and_nowhere_else(
    amounts: list[int], book: tuple[FormFacts, BookCursor], policy: BookPolicy
) -> None:
    shape, cursor = book
    found = plan(entries_of(amounts), cursor, shape, policy)
    if isinstance(found, Refusal):
        return
    behind = cursor.line > shape.lines_per_page
    assert [job.turn_before for job in found.jobs] == [behind, *[True] * len(found.jobs)][: len(found.jobs)]
    for earlier, later in itertools.pairwise(found.jobs):
        assert earlier.lines[-1].line == shape.lines_per_page
        assert (later.page, later.lines[0].line) == (earlier.page + 1, 1)


@given(AMOUNTS, books(), st.sampled_from([one for one in POLICIES if one.cursor is CursorPolicy.ON_PROOF]))
def test_on_proof_every_line_covers_a_stretch_of_entries_in_order(
    amounts: list[int], book: tuple[FormFacts, BookCursor], policy: BookPolicy
) -> None:
    """So the mark is true after each line, wherever the printing stops."""
    shape, cursor = book
    found = plan(entries_of(amounts), cursor, shape, policy, days_since_printed=31)
    assume(isinstance(found, BookPlan))
    assert isinstance(found, BookPlan)
    covered = [number for job in found.jobs for line in job.lines for number in line.covers]
    assert covered == list(range(1, len(covered) + 1))


# --- printed in part, and planned again ---------------------------------------------------------------------


@given(AMOUNTS, books(), st.sampled_from(POLICIES), st.data())
def test_a_book_printed_in_fits_and_starts_is_whole(
    amounts: list[int], book: tuple[FormFacts, BookCursor], policy: BookPolicy, data: st.DataObject
) -> None:
    """Paper believes its ink: a line that is proved has it; under hand-out every line of the job gets it."""
    shape, cursor = book
    entries, ink = entries_of(amounts), dict[tuple[int, int], tuple[int, ...]]()
    while True:
        unprinted = [one for one in entries if one.entry_no > cursor.printed_through]
        found = plan(unprinted, cursor, shape, policy)
        if isinstance(found, Refusal) or not found.jobs:
            break
        job = found.jobs[0]
        cursor, struck = _print(job, cursor, shape, policy, data)
        for line in struck:
            assert (job.page, line.line) not in ink
            ink[job.page, line.line] = line.covers
    on_paper = sorted(number for covers in ink.values() for number in covers)
    assert on_paper == list(range(1, cursor.printed_through + 1))
    assert len(on_paper) == len(amounts) or blank_lines(cursor, shape) == 0


def _print(
    job: PageJob, cursor: BookCursor, shape: FormFacts, policy: BookPolicy, data: st.DataObject
) -> tuple[BookCursor, tuple[PlannedLine, ...]]:
    proved = data.draw(st.integers(1, len(job.lines)))
    left = after_handout(cursor, job, shape, policy)
    seen = after_proof(left, job, proved, shape, policy)
    if policy.cursor is CursorPolicy.ON_HANDOUT:
        assert seen == left
        return seen, job.lines
    assert left == cursor
    return seen, job.lines[:proved]


# --- cases a person can read --------------------------------------------------------------------------------


def places(found: BookPlan) -> list[tuple[int, int, tuple[int, ...]]]:
    return [(job.page, line.line, line.covers) for job in found.jobs for line in job.lines]


def test_entries_go_on_over_the_page_in_a_job_of_their_own() -> None:
    found = planned([100] * 5, BookCursor(1, 22, 0), form())
    assert [(job.page, [line.line for line in job.lines], job.turn_before) for job in found.jobs] == [
        (1, [22, 23, 24], False),
        (2, [1, 2], True),
    ]
    assert (found.after, found.left, found.book_full) == (BookCursor(2, 3, 5), 0, False)


def test_what_the_mark_has_passed_is_not_printed_again() -> None:
    found = planned([100] * 5, BookCursor(1, 4, 3), form())
    assert places(found) == [(1, 4, (4,)), (1, 5, (5,))]


def test_a_book_that_fills_says_how_much_is_left_and_is_full() -> None:
    found = planned([100] * 5, BookCursor(3, 23, 0), form())
    assert places(found) == [(3, 23, (1,)), (3, 24, (2,))]
    assert (found.left, found.book_full, found.after) == (3, True, BookCursor(4, 1, 2))
    full = plan(entries_of([100], first=3), found.after, form())
    assert isinstance(full, Refusal)
    assert full.code is RefusalCode.BOOK_FULL


def test_a_full_book_with_nothing_to_print_is_no_refusal() -> None:
    found = planned([], BookCursor(4, 1, 0), form())
    assert (found.jobs, found.left, found.book_full) == ((), 0, True)


MIXED = [500, 300, -200, -100, -50, 700]


def test_too_many_entries_become_their_runs_with_their_count() -> None:
    found = planned(MIXED, START, form(), RUNS)
    assert places(found) == [(1, 1, (1, 2)), (1, 2, (3, 4, 5)), (1, 3, (6,))]
    (job,) = found.jobs
    shown = [
        (one.entry.entry_no, one.entry.summary, one.entry.amount_minor, one.entry.balance_after_minor)
        for one in job.lines
    ]
    assert shown == [
        (2, "共2笔", 800, OPENING + 800),
        (5, "共3笔", -350, OPENING + 450),
        (6, "存款", 700, OPENING + 1150),
    ]


def test_by_sides_all_entries_become_one_credit_and_one_debit() -> None:
    found = planned(MIXED, START, form(), SIDES)
    assert places(found) == [(1, 1, (1, 2, 6)), (1, 2, (3, 4, 5))]
    balances = [line.entry.balance_after_minor for line in found.jobs[0].lines]
    assert balances == [OPENING + 1500, OPENING + 1150]


def test_a_pair_of_sums_is_not_torn_by_the_page() -> None:
    found = planned(MIXED, BookCursor(1, 24, 0), form(), SIDES)
    assert places(found) == [(1, 24, (1,)), (2, 1, (2, 6)), (2, 2, (3, 4, 5))]


@pytest.mark.parametrize(
    ("policy", "days", "lines"),
    [
        (replace(RUNS, threshold=6), 0, 6),
        (replace(RUNS, threshold=5), 0, 3),
        (BookPolicy(compress_when=CompressWhen.DAYS, threshold=30), 30, 6),
        (BookPolicy(compress_when=CompressWhen.DAYS, threshold=30), 31, 3),
        (DEFAULT_POLICY, 999, 6),
    ],
)
def test_entries_are_joined_only_above_the_threshold(policy: BookPolicy, days: int, lines: int) -> None:
    assert len(planned(MIXED, START, form(), policy, days).jobs[0].lines) == lines


@pytest.mark.parametrize("bad", [{"compress_how": CompressHow.SIDES}, {"threshold": -1}])
def test_a_policy_that_could_lie_cannot_be_made(bad: dict[str, CompressHow | int]) -> None:
    with pytest.raises(ValueError):
        BookPolicy(**bad)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("cursor", "blank"),
    [
        (START, 72),
        (BookCursor(1, 24, 0), 49),
        (BookCursor(1, 25, 0), 48),
        (BookCursor(3, 24, 0), 1),
        (BookCursor(3, 25, 0), 0),
        (BookCursor(4, 1, 0), 0),
        (BookCursor(9, 9, 0), 0),
    ],
)
def test_blank_lines_are_those_of_the_core(cursor: BookCursor, blank: int) -> None:
    """Total less ((page - 1) x lines a page + line - 1): passbook-printers §7.1."""
    assert blank_lines(cursor, form()) == blank


# --- what the desk asks -------------------------------------------------------------------------------------


class Bank:
    """A core bank with one account's entries, and a shelf with one form."""

    def __init__(self, amounts: list[int]) -> None:
        self.entries = entries_of(amounts)

    def entries_after(self, account_id: str, entry_no: int) -> tuple[AccountEntry, ...]:
        return tuple(one for one in self.entries if one.entry_no > entry_no)

    def facts(self, name: str) -> FormFacts:
        return form()


def asked(book: BookFacts, policy: BookPolicy = DEFAULT_POLICY) -> list[tuple[int, int]] | Refusal:
    bank = Bank(MIXED)
    config = SimpleNamespace(book_policy=policy, business_date="2026-11-23")
    core: Any = SimpleNamespace(given=SimpleNamespace(bank=bank, forms=bank, config=config))
    found = next_job(core, Transaction("t", maker="0317"), book)
    if isinstance(found, NextJob):
        assert all(row.fields["operator"] == "0317" for row in found.rows)
        return list(zip(found.lines, found.entry_nos, strict=True))
    return found or []


@pytest.mark.parametrize(
    ("page", "line", "through", "lines"),
    [
        (1, 1, 4, [(1, 5), (2, 6)]),
        (1, 23, 0, [(23, 1), (24, 2)]),
        (3, 24, 0, [(24, 1)]),
        (3, 24, 6, []),
        (4, 1, 6, []),
    ],
)
def test_a_job_of_the_desk_is_the_open_page(
    page: int, line: int, through: int, lines: list[tuple[int, int]]
) -> None:
    assert asked(BookFacts("b", "a", "book", page, line, through)) == lines


def test_a_job_in_a_full_book_is_refused() -> None:
    found = asked(BookFacts("b", "a", "book", 4, 1, 0))
    assert isinstance(found, Refusal)
    assert found.code is RefusalCode.BOOK_FULL


def test_a_job_by_another_policy_joins_lines_and_its_last_entry_is_the_mark() -> None:
    assert asked(BookFacts("b", "a", "book", 1, 1, 0), RUNS) == [(1, 2), (2, 5), (3, 6)]


# --- the cursor moved by hand -------------------------------------------------------------------------------


@given(books(), st.integers(-1, 6), st.integers(-1, 40), st.integers(0, 9))
def test_the_cursor_moves_forward_inside_the_book_or_not_at_all(
    book: tuple[FormFacts, BookCursor], page: int, line: int, mark: int
) -> None:
    shape, cursor = book[0], replace(book[1], printed_through=mark)
    found = adjusted(cursor, page, line, shape)
    allowed = 1 <= page <= shape.pages and 1 <= line <= shape.lines_per_page
    code = RefusalCode.CURSOR_BACKWARDS if allowed else RefusalCode.CURSOR_OUTSIDE
    allowed = allowed and (page > cursor.page or (page == cursor.page and line > cursor.line))
    if allowed:
        assert found == BookCursor(page, line, mark)
    else:
        assert isinstance(found, Refusal)
        assert found.code is code


def test_a_cursor_behind_the_last_line_is_the_next_page() -> None:
    assert turned(BookCursor(1, 25, 3), form()) == BookCursor(2, 1, 3)
    assert turned(BookCursor(1, 24, 3), form()) == BookCursor(1, 24, 3)
