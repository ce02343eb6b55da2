"""What a person does to the book between its jobs, and when a job may follow it: pages turned, the next line moved, a
full book left, rows handed out and not printed. Codes are the assertion."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import Any

import pytest

from desk.domain.book_cursor import move_problem
from desk.domain.events import CursorAdjusted, ItemOpened, PageTurned, PrintPrepared
from desk.domain.people import Person
from desk.domain.refusals import Refusal, RefusalCode
from desk.domain.transaction import PrintJobState, Transaction
from desk.facts import cursor_digest, print_again_digest
from desk.procedures import acts
from desk.procedures.steps.cursor import move_of
from desk.procedures.steps.finish import needs_second_print
from tests.desk.procedures.walk import BOSS, MAKER, OTHER, REF, Walk, signed


def code(refusal: Refusal | None) -> RefusalCode | None:
    return refusal.code if refusal else None


def handed_out(walk: Walk, job_id: str = "j1") -> acts.PreparePrint:
    return replace(walk.print_act(job_id), cursor="on_handout")


# --- pages ----------------------------------------------------------------------------------


def test_the_next_page_prints_only_once_a_person_turned_to_it() -> None:
    walk = Walk().prepared()
    walk.must(walk.close_act("done", 3, left=2))
    next_page = replace(walk.print_act("j2"), page=2, lines=(1, 2), entry_nos=(8, 9))
    assert code(walk.do(next_page)) is RefusalCode.PAGE_NOT_TURNED
    assert code(walk.do(acts.TurnPage(3, (2, 1)))) is RefusalCode.PAGE_NOT_TURNED
    assert code(walk.do(acts.TurnPage(1, (1, 7)))) is RefusalCode.PAGE_NOT_TURNED, "it lies open there"
    walk.must(acts.TurnPage(2, (2, 1)))
    assert walk.events[-1] == PageTurned("B1", 2)
    assert code(walk.do(acts.TurnPage(2, (2, 1)))) is RefusalCode.PAGE_NOT_TURNED, "turned already"
    assert code(walk.do(walk.print_act("j3"))) is RefusalCode.PAGE_NOT_TURNED, "page 1 lies no longer open"
    walk.must(next_page)
    walk.must(walk.close_act("not_done", 0, left=2, job_id="j2"))
    walk.must(replace(next_page, job_id="j3"))


@pytest.mark.parametrize(
    ("page", "line", "due"), [(1, 1, False), (1, 4, False), (2, 1, True), (2, 3, False), (8, 1, True)]
)
def test_the_first_job_needs_a_turn_where_its_line_begins_a_page(page: int, line: int, due: bool) -> None:
    """A person opens the book where its last line stands; behind the last line of a page that is the page before."""
    assert Transaction("t").turn_is_due(page, line) is due
    assert not Transaction("t", turned_to=page).turn_is_due(page, line)


def test_nothing_is_done_to_the_book_while_nobody_knows() -> None:
    walk = Walk().prepared()
    walk.must(walk.close_act("unknown", 1))
    for act in (acts.TurnPage(2, (2, 1)), move_act(walk), acts.LeaveFullBook(0, 1, "i2")):
        assert code(walk.do(act)) is RefusalCode.PRINT_OPEN


# --- the cursor moved by hand ----------------------------------------------------------------------------------


def move_act(
    walk: Walk, person: Person | None = BOSS, claims: dict[str, str] | None = None, **given: Any
) -> Any:
    """From line 6 of page 1 to line 9, permitted by ``person``; ``claims`` are what their statement says otherwise."""
    act = replace(
        acts.AdjustCursor("m1", "B1", (1, 6), (1, 6), (1, 9), 8, 24, "open", None), **given
    )  # fmt: skip
    if person is None:
        return act
    digest = cursor_digest(walk.state.transaction_id, move_of(act))
    honest = signed(person.staff_no, "adjust_cursor", digest, "m1", walk.state.transaction_id)
    return replace(act, second=acts.SecondPrint(person, replace(honest, **(claims or {}))))


def test_a_move_is_written_down_with_who_permitted_it() -> None:
    walk = Walk().posted()
    assert code(walk.do(move_act(walk, None))) is RefusalCode.SECOND_PERSON_NEEDED
    walk.must(move_act(walk, OTHER))
    assert walk.events[-1] == CursorAdjusted("m1", "B1", 1, 6, 1, 9, "0318", "statement", "signature")
    assert walk.state.acted["0318"] == "review"
    assert walk.state.step == "print"


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"to": (1, 5)}, RefusalCode.CURSOR_BACKWARDS),
        ({"to": (1, 6)}, RefusalCode.CURSOR_BACKWARDS),
        ({"at": (2, 3), "seen_at": (2, 3), "to": (1, 24)}, RefusalCode.CURSOR_BACKWARDS),
        ({"to": (1, 25)}, RefusalCode.CURSOR_OUTSIDE),
        ({"to": (9, 1)}, RefusalCode.CURSOR_OUTSIDE),
        ({"to": (2, 0)}, RefusalCode.CURSOR_OUTSIDE),
        ({"to": (0, 24)}, RefusalCode.CURSOR_OUTSIDE),
        ({"seen_at": (1, 5)}, RefusalCode.CURSOR_CHANGED),
        ({"status": "lost"}, RefusalCode.BOOK_LOST),
        ({"book_id": "B2"}, RefusalCode.BOOK_MISMATCH),
        ({"person": MAKER}, RefusalCode.SAME_PERSON),
        ({"claims": {"act": "print_again"}}, RefusalCode.STATEMENT_FORGED),
        ({"claims": {"staff_no": "0318"}}, RefusalCode.STATEMENT_FORGED),
        ({"claims": {"nonce": "m2"}}, RefusalCode.STATEMENT_REPLAYED),
        ({"claims": {"transaction": "u" * 32}}, RefusalCode.STATEMENT_REPLAYED),
        ({"claims": {"digest": "0" * 64}}, RefusalCode.STATEMENT_STALE),
    ],
)
def test_a_move_that_is_refused(given: dict[str, Any], expected: RefusalCode) -> None:
    walk = Walk().posted()
    assert code(walk.do(move_act(walk, **given))) is expected
    walk.must(move_act(walk))


@pytest.mark.parametrize("to", [(1, 7), (1, 24), (2, 1), (8, 24)])
def test_every_line_further_down_is_allowed(to: tuple[int, int]) -> None:
    assert move_problem((1, 6), to, 8, 24) is None


def test_the_digest_is_over_the_whole_move() -> None:
    move = CursorAdjusted("m1", "B1", 1, 6, 1, 9, "", "", "")
    digest = cursor_digest("t" * 32, move)
    plain = f'{{"book":"B1","from":[1,6],"to":[1,9],"transaction":"{"t" * 32}"}}'
    assert digest == hashlib.sha256(b"teller-desk/adjust-cursor/v1\0" + plain.encode()).hexdigest()
    others = [{"book_id": "B2"}, {"from_page": 2}, {"from_line": 5}, {"page": 2}, {"line": 10}]
    told = {cursor_digest("t" * 32, replace(move, **one)) for one in others}  # type: ignore[arg-type]
    assert len({digest, cursor_digest("u" * 32, move), *told}) == len(others) + 2


# --- rows handed out ----------------------------------------------------------------------------------


def test_rows_handed_out_and_surely_not_printed_print_by_a_second_person_only() -> None:
    walk = Walk().posted()
    walk.must(handed_out(walk))
    walk.must(walk.close_act("not_done", 1))
    assert walk.state.step == "print", "left with lines missing"
    assert needs_second_print(walk.state)
    assert walk.state.missing_lines(walk.state.jobs[0]) == (1, 2)
    assert code(walk.do(acts.PassPrint(0))) is RefusalCode.SECOND_PERSON_NEEDED
    assert code(walk.do(acts.LeaveFullBook(0, 1, "i2"))) is RefusalCode.SECOND_PERSON_NEEDED
    assert code(walk.do(handed_out(walk, "j2"))) is RefusalCode.SECOND_PERSON_NEEDED


def test_a_second_print_of_a_part_leaves_the_rest_missing() -> None:
    """The page had room for one of the two lines; then the other follows, and only then the step is passed."""
    walk = Walk().posted()
    walk.must(handed_out(walk))
    walk.must(walk.close_act("unknown", 0))
    walk.must(acts.Settle("j1", 1, 0))
    for job_id, line, entry_no in (("j2", 5, 6), ("j3", 6, 7)):
        assert walk.state.step == "print"
        job = replace(handed_out(walk, job_id), lines=(line,), entry_nos=(entry_no,))
        prepared = PrintPrepared(
            job_id, "B1", "d" * 64, 1, line, (entry_no,), (line,), REF, "j1", cursor="on_handout"
        )
        digest = print_again_digest(walk.state.transaction_id, prepared)
        permit = signed(BOSS.staff_no, "print_again", digest, job_id, walk.state.transaction_id)
        walk.must(replace(job, second=acts.SecondPrint(BOSS, permit)))
        walk.must(walk.close_act("done", 1, job_id=job_id))
    assert walk.state.step == "hand_over"


def test_a_line_for_several_entries_is_on_the_page_with_all_of_them() -> None:
    walk = Walk().posted()
    summed = replace(walk.print_act(), lines=(4, 5), entry_nos=(6, 9), covers=((5, 6), (7, 8, 9)))
    walk.must(replace(summed, compression="lines", threshold=3))
    walk.must(walk.close_act("unknown", 1, left=3))
    walk.must(acts.Settle("j1", 1, 3))
    job = walk.state.jobs[0]
    assert (set(job.on_page), walk.state.missing_lines(job)) == ({5, 6}, (1,))
    assert walk.events[-2].job_id == "j1"  # type: ignore[attr-defined]
    again = PrintPrepared("j2", "B1", "d" * 64, 1, 5, (9,), (5,), REF, "j1", covers=((7, 8, 9),))
    plainly = replace(again, covers=())
    assert print_again_digest("t" * 32, again) != print_again_digest("t" * 32, plainly)


def test_a_move_marks_every_job_before_it() -> None:
    """Its missing lines go where the cursor is now, no longer where they were handed out to."""
    walk = Walk().posted()
    walk.must(handed_out(walk))
    walk.must(walk.close_act("not_done", 0))
    assert not walk.state.jobs[0].moved
    walk.must(move_act(walk))
    assert walk.state.jobs[0].moved


@pytest.mark.parametrize(
    ("outcome", "settled", "handed", "short"),
    [
        ("not_done", False, True, True), ("not_done", False, False, False), ("unknown", False, True, False),
        ("unknown", True, False, True), ("unknown", True, True, True), ("", False, True, False),
    ],
)  # fmt: skip
def test_when_a_job_is_short(outcome: str, settled: bool, handed: bool, short: bool) -> None:
    job = PrintJobState("j", "B", 1, (4, 5), (5, 6), REF, outcome, 1, 0, settled, handed)
    assert job.is_short is short
    assert not replace(job, lines_on_page=2).is_short


# --- a full book ----------------------------------------------------------------------------------


def test_a_full_book_is_left_with_an_item_for_the_teller() -> None:
    walk = Walk().posted()
    assert code(walk.do(acts.LeaveFullBook(1, 3, "i2"))) is RefusalCode.BOOK_NOT_FULL
    assert code(walk.do(acts.LeaveFullBook(0, 0, "i2"))) is RefusalCode.BOOK_NOT_FULL
    walk.must(acts.LeaveFullBook(0, 3, "i2"))
    assert walk.events[-2] == ItemOpened("i2", "book_full", MAKER.staff_no, "3")
    assert walk.state.step == "hand_over"
