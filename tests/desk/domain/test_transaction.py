"""The fold of one transaction: every event of a transaction has its place, none of any values breaks it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desk.domain import events as e
from desk.domain.cash import BatchSource, CashRow, CountStage
from desk.domain.transaction import ENDED, PARKED, POSTED, Happened, Transaction, apply, fold_all
from tests.desk.journal.any_event import TEXT, built

WORDS = st.one_of(
    TEXT,
    st.sampled_from(["", "first", "second", "machine", "hand", "judged", "unknown", "end:archived", "n1", "b1"]),
)  # fmt: skip
EVENTS = st.sampled_from(e.EVENTS).flatmap(lambda kind: built(kind, WORDS))
REF = e.PersonalRef("r", "d", "s")
UTC = "2026-11-23T02:42:00.000000Z"


def happened(*events: e.Event, person: str = "1001") -> tuple[Happened, ...]:
    return tuple(Happened(event, person, UTC) for event in events)


def counted(batch_id: str, stage: str = "first", source: str = "machine", pieces: int = 2) -> e.BatchCounted:
    rows = (e.Row(10000, pieces),)
    return e.BatchCounted(batch_id, source, stage, "CNY", rows, 1, True, "counter", "", 0, 0)


@settings(max_examples=300, deadline=None)
@given(st.lists(EVENTS, max_size=12), st.text(max_size=4))
def test_no_history_breaks_the_fold(events: list[e.Event], person: str) -> None:
    """Journals are read back from disk: whatever an entry says, folding and looking never raise."""
    state = fold_all("t", happened(*events, person=person))
    assert state.transaction_id == "t"
    assert state.rejected_open() >= 0
    for stage in CountStage:
        assert {b.batch_id for b in state.batches_of(stage)} <= set(state.current)
        state.rows_of(stage)
    question, note = state.print_question(), state.open_note()
    assert question is None or question.is_question
    assert note is None or not note.outcome


@pytest.mark.parametrize("event", [e.DayOpened("2026-11-23"), e.SignedOn("1001"), e.UnknownEvent("x", 9)])
def test_events_of_the_desk_and_of_a_newer_program_change_nothing(event: e.Event) -> None:
    state = Transaction("t", step="count")
    assert apply(state, Happened(event, "1001", UTC)) is state


def test_folding_a_history_is_applying_it_event_by_event() -> None:
    history = happened(
        e.TransactionStarted("n", "cash_deposit", "d", "dual", 1, 1, "1001", "identify"),
        e.StepPassed("identify", "done", "slip"),
        e.StepPassed("slip", "done", "end:archived"),
    )
    state = Transaction("t")
    for one in history:
        state = apply(state, one)
    assert fold_all("t", history) == state
    assert (state.status, state.outcome, state.step, state.is_ended) == (ENDED, "archived", "", True)
    assert state.passed == (("identify", "done"), ("slip", "done"))
    assert fold_all("t", ()) == Transaction("t")


@pytest.mark.parametrize(("stage", "source"), [("third", "machine"), ("first", "guess")])
def test_a_count_of_no_known_stage_or_source_is_no_money(stage: str, source: str) -> None:
    state = fold_all("t", happened(counted("b", stage, source)))
    assert (state.batches, state.current) == ((), ())


def test_a_judged_note_counts_in_both_counts() -> None:
    state = fold_all(
        "t", happened(counted("b1"), counted("j1", source="judged", pieces=1), counted("b2", stage="second"))
    )
    assert state.rows_of(CountStage.FIRST) == state.rows_of(CountStage.SECOND) == (CashRow(10000, 3),)
    assert [b.source for b in state.batches] == [BatchSource.MACHINE, BatchSource.JUDGED, BatchSource.MACHINE]


def test_a_cleared_count_stays_on_record_and_voids_what_was_built_on_it() -> None:
    accepted = e.CountAccepted("first", ("b1",), 20000)
    frozen = e.FactsFrozen(REF, "f", "n", "en", "t", "s", "s")
    before = fold_all("t", happened(counted("b1"), accepted, frozen))
    assert (before.accepted["first"], before.facts) == (accepted, frozen)
    after = apply(before, Happened(e.CountCleared("first", ("b1",), "again"), "1001", UTC))
    assert ([b.batch_id for b in after.batches], after.current, dict(after.accepted)) == (["b1"], (), {})
    assert after.facts is None


def test_only_the_note_and_the_job_named_change() -> None:
    jobs = (
        e.PrintPrepared("j1", "B", "d", 1, 3, (1, 2), (3, 4), REF),
        e.PrintPrepared("j2", "B", "d", 1, 5, (3,), (5,), REF),
        e.PrintClosed("j1", "unknown", 1, "points", 807),
    )
    notes = (e.NoteReferred("n1", "b"), e.NoteReferred("n2", "b"), e.NoteJudged("n1", "genuine"))
    state = fold_all("t", happened(*jobs, *notes))
    assert [(job.outcome, job.lines_on_page, job.error_number) for job in state.jobs] == [
        ("unknown", 1, 807),
        ("", 0, 0),
    ]
    assert state.print_question() == state.jobs[0]
    assert state.open_note() == state.notes[1]
    settled = apply(state, Happened(e.PrintSettled("j1", 2), "1001", UTC))
    assert (settled.jobs[0].settled, settled.jobs[0].lines_on_page) == (True, 2)
    assert settled.print_question() == settled.jobs[1]


def test_parked_and_resumed_before_and_after_posting() -> None:
    posted = e.DepositPosted("p", "a", 1, "现金存款", "2026-11-23", (), 0, "f")
    parked = fold_all("t", happened(e.TransactionParked("customer left")))
    assert (parked.status, parked.reason) == (PARKED, "customer left")
    again = apply(
        fold_all("t", happened(posted, e.TransactionParked("x"))), happened(e.TransactionResumed())[0]
    )
    assert (again.status, again.is_posted) == (POSTED, True)


def test_two_rekeyings_leave_the_last_word() -> None:
    state = fold_all("t", happened(e.KeyElementsRekeyed("1002", True, ())))
    assert state.rekeyed_by == "1002"
    state = apply(state, happened(e.KeyElementsRekeyed("1002", False, ("amount",)))[0])
    assert (state.rekeyed_by, state.rekey_differing) == ("", ("amount",))


@pytest.mark.parametrize(
    ("event", "by"),
    [
        (e.ReviewReturned("1002", "returned", "altered"), "review"),
        (e.CustomerDisagreed("disagreed", "altered"), "customer"),
    ],
)
def test_work_given_back_says_by_whom_and_why_until_a_new_slip_is_written(event: e.Event, by: str) -> None:
    state = fold_all("t", happened(event))
    assert state.given_back == (by, "altered")
    slip = e.SlipRecorded(2, "deposit_slip", "CNY", 100, "2026-11-23", (), "typed", REF)
    assert apply(state, happened(slip)[0]).given_back == ("", "")
