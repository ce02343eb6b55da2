"""Every act at home, out of place, by the wrong person, and what it leaves behind. Codes are the assertion."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import pytest

from desk.domain.account_name import MatchResult, NameMatch
from desk.domain.cash import BatchSource, CashBatch, CashRow, CountStage
from desk.domain.events import LedgerLine, StepPassed
from desk.domain.procedure_kinds import ControlMode
from desk.domain.refusals import Refusal, RefusalCode
from desk.domain.transaction import ENDED
from desk.procedures import acts
from desk.procedures.decide import decide
from desk.procedures.engine import current
from desk.procedures.steps.count import slip_rows
from desk.procedures.steps.slip import match_refusal
from desk.rules.voucher_rules import CheckResult
from tests.desk.procedures.walk import (
    AMOUNT,
    BOSS,
    FACTS_DIGEST,
    MAKER,
    OTHER,
    REF,
    ROWS,
    UNTRAINED,
    Walk,
    batch,
    changed,
    signed,
    slip,
)


def code(refusal: Refusal | None) -> RefusalCode | None:
    return refusal.code if refusal else None


def names(walk: Walk) -> list[str]:
    return [event.name for event in walk.events]


# --- whole ways --------------------------------------------------------------------------------------------


def test_dual_mode_walks_every_step_and_archives() -> None:
    walk = Walk().printed()
    walk.must(acts.PrepareReceipt("r1", "d"))
    walk.must(acts.CloseReceipt("done"))
    walk.must(acts.Deliver(True, "", "v", "i2", BOSS.staff_no))
    assert (walk.state.status, walk.state.outcome) == (ENDED, "archived")
    assert [step for step, _ in walk.state.passed] == [
        "identify", "slip", "match", "count", "second_count", "review", "confirm", "post", "print", "hand_over",
    ]  # fmt: skip
    assert current(walk.procedure, walk.state) is None


def test_below_the_limit_one_teller_finishes_alone_from_the_same_file() -> None:
    walk = Walk(ControlMode.COMPREHENSIVE)
    walk.identified()
    walk.write(slip(1_999_999, ()))
    walk.tick_all()
    walk.match()
    walk.must(acts.AddBatch(batch("b1", (CashRow(10000, 199),)), used_elsewhere=False))
    walk.must(acts.AddHandCount("h1", "CNY", (CashRow(1, 9999),)))
    walk.must(acts.AcceptCount())
    assert walk.state.step == "confirm"
    assert ("second_count", "not_needed") in walk.state.passed


def test_at_the_limit_a_second_person_is_due_in_both_modes() -> None:
    for mode in ControlMode:
        walk = Walk(mode)
        walk.identified()
        walk.write(slip(2_000_000, ()))
        walk.tick_all()
        walk.match()
        walk.must(acts.AddBatch(batch("b1", (CashRow(10000, 200),)), used_elsewhere=False))
        walk.must(acts.AcceptCount())
        assert walk.state.step == "second_count"


# --- forbidden ways ----------------------------------------------------------------------------------------


def test_reviewer_is_never_the_maker() -> None:
    walk = Walk().second_counted()
    walk.frozen()
    assert code(walk.do(acts.RekeyElements(AMOUNT, "1735", "1735"), MAKER)) is RefusalCode.SAME_PERSON


def test_nobody_counts_their_own_work_again() -> None:
    walk = Walk().counted()
    second = acts.AddBatch(batch("b2", stage=CountStage.SECOND), used_elsewhere=False)
    assert code(walk.do(second, MAKER)) is RefusalCode.SAME_PERSON


@pytest.mark.parametrize("customer_id", ["C-MAKER"])
def test_maker_never_serves_their_own_account(customer_id: str) -> None:
    walk = Walk().begin()
    refusal = walk.do(acts.Identify("a" * 32, customer_id, "open", REF, "B1"))
    assert code(refusal) is RefusalCode.OWN_ACCOUNT


def test_reviewer_never_reviews_their_own_account() -> None:
    walk = Walk(customer_id="C-BOSS").counted()
    second = acts.AddBatch(batch("b2", stage=CountStage.SECOND), used_elsewhere=False)
    assert code(walk.do(second, BOSS)) is RefusalCode.OWN_ACCOUNT


def test_edit_after_signing_has_its_own_refusal() -> None:
    walk = Walk().reviewed()
    assert code(walk.do(acts.WriteSlip(slip(), REF, ()))) is RefusalCode.EDIT_AFTER_SIGNING
    assert walk.state.countersigned is not None


def test_posting_with_a_step_missing() -> None:
    walk = Walk().counted()
    assert code(walk.do(walk.post_act())) is RefusalCode.STEP_MISSING


def test_posting_looks_at_facts_not_at_the_way_walked() -> None:
    walk = Walk().confirmed()
    forged: dict[str, Any] = {
        "countersigned": None,
        "confirmed": None,
        "account_id": "",
        "match": None,
        "accepted": {},
        "slip": None,
        "checks": {},
        "facts": None,
    }
    for field_name, value in forged.items():
        broken = Walk(procedure=walk.procedure, state=replace(walk.state, **{field_name: value}))
        assert code(broken.do(walk.post_act())) is RefusalCode.STEP_MISSING, field_name


def test_posting_needs_a_count_of_exactly_the_slip_and_no_open_reject() -> None:
    walk = Walk().confirmed()
    short = replace(walk.state.accepted["first"], total_minor=1)
    state = replace(walk.state, accepted={**walk.state.accepted, "first": short})
    assert code(Walk(state=state).do(walk.post_act())) is RefusalCode.STEP_MISSING


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"current_status": "frozen"}, RefusalCode.ACCOUNT_NOT_OPEN),
        ({"current_holder_digest": "x"}, RefusalCode.NAME_MISMATCH),
        ({"lines": (LedgerLine("cash", "debit", AMOUNT),)}, RefusalCode.LEDGER_UNBALANCED),
        (
            {"lines": (LedgerLine("cash", "debit", 5), LedgerLine("a", "credit", 5))},
            RefusalCode.LEDGER_UNBALANCED,
        ),
    ],
)
def test_posting_is_refused_when_the_world_changed(change: dict[str, object], expected: RefusalCode) -> None:
    walk = Walk().confirmed()
    assert code(walk.do(replace(walk.post_act(), **change))) is expected  # type: ignore[arg-type]


def test_nothing_posts_twice() -> None:
    walk = Walk().posted()
    assert code(walk.do(walk.post_act())) is RefusalCode.ALREADY_POSTED
    assert code(walk.do(acts.PassSlip())) is RefusalCode.ALREADY_POSTED


def test_a_count_enters_once() -> None:
    walk = Walk().matched()
    walk.must(acts.AddBatch(batch("b1"), used_elsewhere=False))
    assert code(walk.do(acts.AddBatch(batch("b1"), used_elsewhere=False))) is RefusalCode.BATCH_USED
    assert code(walk.do(acts.AddBatch(batch("b9"), used_elsewhere=True))) is RefusalCode.BATCH_USED


def test_a_procedure_file_that_changed_does_not_go_on() -> None:
    walk = Walk().matched()
    walk.procedure = changed(walk.procedure)
    assert code(walk.do(acts.AcceptCount())) is RefusalCode.PROCEDURE_CHANGED


@dataclass(frozen=True)
class Strange(acts.Act):
    pass


def test_an_act_that_is_in_no_table_is_refused() -> None:
    assert code(Walk().matched().do(Strange())) is RefusalCode.STEP_NOT_OPEN


# --- begin, park, cancel -----------------------------------------------------------------------------------


def test_only_a_teller_begins_and_only_once() -> None:
    walk = Walk()
    begin = acts.Begin("n", ControlMode.DUAL, 1, 1)
    assert code(walk.do(begin, BOSS)) is RefusalCode.ROLE_MISSING
    walk.begin()
    assert code(walk.do(begin)) is RefusalCode.ANOTHER_OPEN


def test_park_and_resume_stand_at_the_same_step_before_and_after_posting() -> None:
    for walk, status in ((Walk().matched(), "open"), (Walk().posted(), "posted")):
        step = walk.state.step
        assert code(walk.do(acts.ParkNow("  "))) is RefusalCode.REASON_MISSING
        assert code(walk.do(acts.ResumeNow())) is RefusalCode.NOT_PARKED
        walk.must(acts.ParkNow("customer left for the ID card"))
        assert code(walk.do(acts.AcceptCount())) is RefusalCode.PARKED
        walk.must(acts.ResumeNow())
        assert (walk.state.step, walk.state.status) == (step, status)


def test_cancel_before_posting_needs_a_reason_and_gives_the_cash_back() -> None:
    walk = Walk().second_counted()
    assert code(walk.do(acts.CancelNow(""))) is RefusalCode.REASON_MISSING
    walk.must(acts.CancelNow("customer changed their mind"))
    assert (walk.state.status, walk.state.outcome, walk.state.current) == (ENDED, "cancelled", ())
    assert code(walk.do(acts.AcceptCount())) is RefusalCode.ALREADY_ENDED
    assert code(Walk().posted().do(acts.CancelNow("late"))) is RefusalCode.CANCEL_AFTER_POSTING


def test_a_reason_nobody_can_read_is_no_reason_and_control_characters_stay_off_the_record() -> None:
    walk = Walk().matched()
    for unreadable in ("\u200b", "\u202e\n"):
        for act in (acts.ParkNow(unreadable), acts.CancelNow(unreadable), acts.ReturnToSlip(unreadable)):
            assert code(walk.do(act)) is RefusalCode.REASON_MISSING
    walk.must(acts.ParkNow("等候\x1b[31m证件\u202e "))
    assert walk.state.reason == "等候[31m证件"


def test_an_act_of_another_step_is_not_open_here() -> None:
    walk = Walk().matched()
    assert code(walk.do(acts.MatchName(True, NameMatch(MatchResult.EXACT), REF))) is RefusalCode.STEP_NOT_OPEN
    assert code(walk.do(acts.PrepareReceipt("r1", "d"))) is RefusalCode.STEP_NOT_OPEN
    assert walk.state.step == "count"


def test_another_teller_does_not_take_the_makers_place() -> None:
    assert code(Walk().matched().do(acts.AcceptCount(), OTHER)) is RefusalCode.ROLE_MISSING


# --- identify and slip -------------------------------------------------------------------------------------


def test_identify_refuses_an_account_that_is_not_open_and_confirms_only_what_was_read() -> None:
    walk = Walk().begin()
    assert code(walk.do(acts.Identify("a", "C", "lost", REF, ""))) is RefusalCode.ACCOUNT_NOT_OPEN
    assert code(walk.do(acts.ConfirmIdentity("holder"))) is RefusalCode.ACCOUNT_UNKNOWN
    walk.must(acts.Identify("a", "C", "open", REF, ""))
    assert code(walk.do(acts.ConfirmIdentity("a friend"))) is RefusalCode.FIELD_FORMAT


def test_a_slip_that_a_check_stops_is_not_recorded() -> None:
    walk = Walk().identified()
    refusal = Refusal(RefusalCode.SLIP_FOREIGN)
    failed = CheckResult("VC-01", "automatic", "fail", "form", "r", refusal)
    assert walk.do(acts.WriteSlip(slip(), REF, (failed,))) == refusal
    assert walk.state.slip is None
    warned = CheckResult("VC-06", "automatic", "warn", "date", "r", refusal)
    attested = CheckResult("VC-08", "attested", "open", "", "r")
    walk.must(acts.WriteSlip(slip(), REF, (warned, attested)))
    assert walk.state.checks["VC-06"].outcome == "warn"
    assert "VC-08" not in walk.state.checks


def test_ticks_are_for_attested_items_of_a_written_slip() -> None:
    walk = Walk().identified()
    assert code(walk.do(acts.Tick("VC-08", True, "seen", "r"))) is RefusalCode.SLIP_INCOMPLETE
    assert code(walk.do(acts.PassSlip())) is RefusalCode.SLIP_INCOMPLETE
    walk.write()
    assert code(walk.do(acts.Tick("VC-01", True, "seen", "r"))) is RefusalCode.CHECK_AUTOMATIC
    assert code(walk.do(acts.Tick("VC-99", True, "seen", "r"))) is RefusalCode.CHECK_UNKNOWN
    assert code(walk.do(acts.PassSlip())) is RefusalCode.CHECK_OPEN
    walk.must(acts.Tick("VC-08", False, "ink", "r"))
    assert walk.state.step == "slip"
    walk.must(acts.Tick("VC-24", True, "seen", "r"))
    assert code(walk.do(acts.PassSlip())) is RefusalCode.CHECK_OPEN
    walk.must(acts.Tick("VC-08", True, "seen", "r"))
    assert walk.state.step == "match"
    seen = walk.state.checks["VC-08"]
    assert (seen.person, seen.seen, bool(seen.utc)) == (MAKER.staff_no, "seen", True)


def test_a_checklist_without_open_items_is_passed_by_hand() -> None:
    walk = Walk().identified()
    walk.write()
    ticked = {
        name: replace(walk.state.checks["VC-01"], check=name, kind="attested") for name in ("VC-08", "VC-24")
    }
    walk.state = replace(walk.state, checks={**walk.state.checks, **ticked})
    walk.must(acts.PassSlip())
    assert walk.state.step == "match"


@pytest.mark.parametrize(
    ("number_agrees", "result", "expected"),
    [
        (True, MatchResult.EXACT, None),
        (True, MatchResult.NORMALISED, None),
        (False, MatchResult.EXACT, RefusalCode.NUMBER_MISMATCH),
        (True, MatchResult.NOT_CHECKABLE, RefusalCode.NAME_NOT_CHECKABLE),
        (True, MatchResult.NEAR_E, RefusalCode.NAME_MISMATCH),
        (True, MatchResult.NEAR_S, RefusalCode.NAME_MISMATCH),
        (True, MatchResult.NO_MATCH, RefusalCode.NAME_MISMATCH),
    ],
)
def test_only_an_agreement_of_number_and_name_goes_on(
    number_agrees: bool, result: MatchResult, expected: RefusalCode | None
) -> None:
    walk = Walk().identified()
    walk.write()
    walk.tick_all()
    assert code(walk.do(acts.PassMatch())) is RefusalCode.STEP_MISSING
    assert match_refusal(walk.state) is None
    walk.must(acts.MatchName(number_agrees, NameMatch(result), REF))
    assert code(walk.do(acts.PassMatch())) is expected


def test_a_new_slip_voids_what_was_built_on_the_old_one() -> None:
    walk = Walk().rekeyed()
    walk.must(acts.GiveBack("returned", "amount"), BOSS)
    assert walk.state.step == "slip"
    walk.write()
    state = walk.state
    assert state.slip is not None
    assert state.slip.version_no == 2
    assert (state.facts, state.countersigned, state.rekeyed_by, dict(state.accepted)) == (None, None, "", {})
    assert state.batches_of(CountStage.SECOND) == ()
    assert state.batches_of(CountStage.FIRST) != ()
    assert "ID-SEEN" in state.checks


def test_back_to_the_slip_needs_a_reason() -> None:
    walk = Walk().matched()
    assert code(walk.do(acts.ReturnToSlip(" "))) is RefusalCode.REASON_MISSING
    walk.must(acts.ReturnToSlip("wrong amount"))
    assert walk.state.step == "slip"
    assert walk.events[-1] == StepPassed("count", "slip_differs", "slip", "wrong amount")


# --- counting ----------------------------------------------------------------------------------------------


def test_the_slips_denominations_stand_beside_the_count() -> None:
    walk = Walk().matched()
    assert slip_rows(walk.state) == ROWS
    assert slip_rows(replace(walk.state, slip=None)) == ()


def test_count_that_differs_stays_with_expected_found_and_difference() -> None:
    walk = Walk().matched()
    assert code(walk.do(acts.AcceptCount())) is RefusalCode.COUNT_EMPTY
    short = (CashRow(10000, 180), CashRow(5000, 39), CashRow(1000, 25))
    walk.must(acts.AddBatch(batch("b1", short), used_elsewhere=False))
    refusal = walk.do(acts.AcceptCount())
    assert refusal is not None
    assert dict(refusal.details) == {
        "expected": "20,250.00", "found": "20,200.00", "difference": "50.00", "direction": "short",
    }  # fmt: skip
    walk.must(acts.AddBatch(batch("b2", (CashRow(10000, 1),)), used_elsewhere=False))
    over = walk.do(acts.AcceptCount())
    assert over is not None
    assert dict(over.details)["direction"] == "over"


def test_recount_keeps_both_counts_on_record() -> None:
    walk = Walk().matched()
    assert code(walk.do(acts.ClearCount(""))) is RefusalCode.REASON_MISSING
    walk.must(acts.ClearCount("nothing there"))
    walk.must(acts.AddBatch(batch("b1", ROWS[:1]), used_elsewhere=False))
    walk.must(acts.ClearCount("one 50 short"))
    walk.must(acts.AddBatch(batch("b2"), used_elsewhere=False))
    assert [b.batch_id for b in walk.state.batches] == ["b1", "b2"]
    walk.must(acts.AcceptCount())
    assert walk.state.accepted["first"].batch_ids == ("b2",)


def test_an_incomplete_batch_is_evidence_and_never_money() -> None:
    walk = Walk().matched()
    walk.must(acts.AddBatch(batch("b1", complete=False), used_elsewhere=False))
    assert code(walk.do(acts.AcceptCount())) is RefusalCode.COUNT_EMPTY
    assert [b.complete for b in walk.state.batches] == [False]


def test_foreign_cash_is_refused() -> None:
    walk = Walk().matched()
    refusal = walk.do(acts.AddBatch(batch("b1", currency="EUR"), used_elsewhere=False))
    assert code(refusal) is RefusalCode.COUNT_CURRENCY
    walk.state = replace(walk.state, slip=None)
    walk.must(acts.AddBatch(batch("b2", currency="EUR"), used_elsewhere=False))


def test_hand_counts_reach_the_tellers_own_limit_and_no_further() -> None:
    walk = Walk().matched()
    for rows in ((), (CashRow(100, 0),), (CashRow(100, -1),)):
        assert code(walk.do(acts.AddHandCount("h", "CNY", rows))) is RefusalCode.COUNT_EMPTY
    no_such_note = acts.AddHandCount("h", "CNY", (CashRow(300, 1),))
    assert code(walk.do(no_such_note)) is RefusalCode.DENOMINATION_UNKNOWN
    walk.must(acts.AddHandCount("h1", "CNY", (CashRow(100, 300),)))
    walk.must(acts.AddHandCount("h2", "CNY", (CashRow(100, 200),)))
    over = walk.do(acts.AddHandCount("h3", "CNY", (CashRow(10, 1),)))
    assert over == Refusal(RefusalCode.HAND_LIMIT, (("limit", "500.00"),))


def test_second_count_that_agrees_passes_by_itself_and_one_that_does_not_waits() -> None:
    walk = Walk().counted()
    assert code(walk.do(acts.AcceptCount(), BOSS)) is RefusalCode.COUNT_EMPTY
    mixed = (CashRow(10000, 181), CashRow(5000, 38), CashRow(1000, 25))
    second = CountStage.SECOND
    walk.must(acts.AddBatch(batch("b2", mixed, second), used_elsewhere=False), BOSS)
    assert code(walk.do(acts.AcceptCount(), BOSS)) is RefusalCode.SECOND_COUNT_DIFFERS
    walk.must(acts.ClearCount("again"), BOSS)
    walk.must(acts.AddBatch(batch("b3", ROWS, second, rejected=1), used_elsewhere=False), BOSS)
    assert code(walk.do(acts.AcceptCount(), BOSS)) is RefusalCode.SECOND_COUNT_DIFFERS
    walk.must(acts.ClearCount("again"), BOSS)
    walk.must(acts.AddHandCount("h1", "CNY", (CashRow(1000, 25),)), BOSS)
    walk.must(acts.AddBatch(batch("b4", ROWS[:2], second), used_elsewhere=False), BOSS)
    assert walk.state.step == "review"


def test_second_count_in_two_heaps_is_accepted_by_hand() -> None:
    walk = Walk().counted()
    walk.must(acts.AddBatch(batch("b2", ROWS[:2], CountStage.SECOND), used_elsewhere=False), BOSS)
    walk.must(acts.AddHandCount("h1", "CNY", (CashRow(1000, 25),)), BOSS)
    assert walk.state.step == "second_count"
    walk.must(acts.AcceptCount(), BOSS)
    assert (walk.state.step, walk.state.acted[BOSS.staff_no]) == ("review", "review")


def test_second_count_that_differs_sends_the_cash_back_to_the_first_count() -> None:
    walk = Walk().counted()
    walk.must(acts.AddBatch(batch("b2", ROWS[:1], CountStage.SECOND), used_elsewhere=False), BOSS)
    assert code(walk.do(acts.GiveBack("differs", ""), BOSS)) is RefusalCode.REASON_MISSING
    walk.must(acts.GiveBack("differs", "50 yuan short"), BOSS)
    assert (walk.state.step, walk.state.current) == ("count", ())
    walk = Walk().counted()
    walk.must(acts.GiveBack("returned", "slip altered"), BOSS)
    assert walk.state.step == "slip"


# --- the rejected note -------------------------------------------------------------------------------------

REST = (CashRow(10000, 179), CashRow(5000, 40), CashRow(1000, 25))


def referred() -> Walk:
    walk = Walk().matched()
    walk.must(acts.AddBatch(batch("b1", REST, rejected=1), used_elsewhere=False))
    walk.must(acts.ReferNote("note1"))
    return walk


def read(walk: Walk) -> None:
    walk.must(acts.ReadNote("note1", "reading", "detector", "genuine", 10000, "e"))


def verdict(staff_no: str, said: str = "genuine", unit: int = 10000, **change: object) -> acts.GiveVerdict:
    proof = signed(staff_no, "verdict", "v" * 64, "note1")
    made = acts.GiveVerdict("note1", said, unit, "v" * 64, proof, "judged1", "item1", BOSS.staff_no)
    return replace(made, **change)  # type: ignore[arg-type]


def test_a_rejected_note_blocks_the_count_until_two_people_judged_it() -> None:
    walk = Walk().matched()
    assert code(walk.do(acts.ReferNote("n"))) is RefusalCode.NOTE_UNKNOWN
    walk.must(acts.AddBatch(batch("b1", ROWS, rejected=1), used_elsewhere=False))
    assert code(walk.do(acts.AcceptCount())) is RefusalCode.REJECTS_OPEN
    walk = referred()
    assert walk.state.step == "suspect"
    assert code(walk.do(acts.CancelNow("go"))) is RefusalCode.ITEM_OPEN
    assert code(walk.do(verdict(MAKER.staff_no))) is RefusalCode.READING_MISSING
    read(walk)
    read(walk)
    walk.must(verdict(MAKER.staff_no))
    late = acts.ReadNote("note1", "r2", "d", "suspect", 0, "e")
    assert code(walk.do(late)) is RefusalCode.VERDICT_GIVEN
    walk.must(verdict(BOSS.staff_no), BOSS)
    judged = [b for b in walk.state.batches if b.source is BatchSource.JUDGED]
    assert [(b.rows, b.stage) for b in judged] == [((CashRow(10000, 1),), CountStage.FIRST)]
    walk.must(acts.AcceptCount())
    assert walk.state.accepted["first"].total_minor == AMOUNT
    second = batch("b2", REST, CountStage.SECOND)
    walk.must(acts.AddBatch(second, used_elsewhere=False), BOSS)
    assert walk.state.step == "review"


def judged_genuine() -> Walk:
    walk = referred()
    read(walk)
    walk.must(verdict(MAKER.staff_no))
    walk.must(verdict(BOSS.staff_no), BOSS)
    walk.must(acts.AcceptCount())
    return walk


@pytest.mark.parametrize(
    ("rows", "rejected", "agrees"),
    [
        (REST, 0, True),  # the judged note lies apart
        (REST, 1, True),  # the machine rejects again what two people judged
        (ROWS, 0, True),  # the machine takes it this time
        (REST, 2, False),  # another note is rejected that nobody judged
        (ROWS, 1, False),
        (REST[1:], 1, False),
        ((CashRow(10000, 181), *ROWS[1:]), 0, False),
    ],
)
def test_a_judged_note_in_the_second_count(rows: tuple[CashRow, ...], rejected: int, agrees: bool) -> None:
    walk = judged_genuine()
    walk.must(acts.AddBatch(batch("b2", rows, CountStage.SECOND, rejected), used_elsewhere=False), BOSS)
    assert walk.state.step == ("review" if agrees else "second_count")
    if agrees:
        assert walk.state.accepted["second"].total_minor == AMOUNT


def test_a_recount_takes_the_judged_note_back_into_the_heap() -> None:
    """Kept apart it could be counted by the machine as well, and stand for its worth twice."""
    walk = referred()
    read(walk)
    walk.must(verdict(MAKER.staff_no))
    walk.must(verdict(BOSS.staff_no), BOSS)
    walk.must(acts.ClearCount("again"))
    assert walk.state.rows_of(CountStage.FIRST) == ()
    walk.must(acts.AddBatch(batch("b9", ROWS), used_elsewhere=False))
    walk.must(acts.AcceptCount())
    assert walk.state.accepted["first"].total_minor == AMOUNT


@pytest.mark.parametrize(
    "wrong",
    [
        batch("bx", (CashRow(35000, 1),)),
        batch("bx", (CashRow(10000, -3),)),
        batch("bx", (CashRow(10000, 10**30),)),
        batch("bx", ROWS, rejected=-1),
    ],
)
def test_what_no_machine_counts_is_no_batch(wrong: CashBatch) -> None:
    walk = Walk().matched()
    refusal = walk.do(acts.AddBatch(wrong, used_elsewhere=False))
    assert code(refusal) is RefusalCode.DENOMINATION_UNKNOWN
    assert walk.state.batches == ()


def test_a_verdict_on_a_note_that_nobody_issued() -> None:
    walk = referred()
    read(walk)
    assert code(walk.do(verdict(MAKER.staff_no, unit=123))) is RefusalCode.DENOMINATION_UNKNOWN


def test_verdicts_need_training_another_person_and_a_signature_over_this_note() -> None:
    walk = referred()
    read(walk)
    assert code(walk.do(verdict(UNTRAINED.staff_no), UNTRAINED)) is RefusalCode.QUALIFICATION_MISSING
    assert code(walk.do(verdict(MAKER.staff_no, "maybe"))) is RefusalCode.FIELD_FORMAT
    walk.must(verdict(MAKER.staff_no))
    assert code(walk.do(verdict(MAKER.staff_no))) is RefusalCode.SAME_PERSON
    other_note = verdict(BOSS.staff_no, expected_digest="w" * 64)
    assert code(walk.do(other_note, BOSS)) is RefusalCode.STATEMENT_FORGED
    assert code(walk.do(verdict(BOSS.staff_no, note_id="note2"), BOSS)) is RefusalCode.NOTE_UNKNOWN
    assert code(walk.do(acts.ReadNote("note2", "r", "d", "c", 1, "e"))) is RefusalCode.NOTE_UNKNOWN


@pytest.mark.parametrize(
    ("first", "second", "unit", "outcome", "kind"),
    [
        ("counterfeit", "counterfeit", 10000, "counterfeit", "withheld_note"),
        ("genuine", "counterfeit", 10000, "differ", "verdict_differs"),
        ("genuine", "genuine", 5000, "differ", "verdict_differs"),
    ],
)
def test_any_other_pair_of_verdicts_leaves_an_item_with_a_name_and_no_money(
    first: str, second: str, unit: int, outcome: str, kind: str
) -> None:
    walk = referred()
    read(walk)
    walk.must(verdict(MAKER.staff_no, first))
    walk.must(verdict(BOSS.staff_no, second, unit), BOSS)
    assert walk.state.notes[0].outcome == outcome
    assert [(i.kind, i.next_person) for i in walk.state.open_items] == [(kind, BOSS.staff_no)]
    assert walk.state.step == "count"
    assert code(walk.do(acts.AcceptCount())) is RefusalCode.COUNT_DIFFERS


# --- review ------------------------------------------------------------------------------------------------


def test_facts_are_frozen_by_the_makers_own_signature() -> None:
    walk = Walk().second_counted()
    facts = acts.FreezeFacts(REF, FACTS_DIGEST, "n1", "zh_CN", "t", signed(OTHER.staff_no, "make"))
    assert code(walk.do(facts)) is RefusalCode.STATEMENT_FORGED
    assert code(walk.do(acts.RekeyElements(1, "1", "1"), BOSS)) is RefusalCode.STEP_MISSING


def test_rekeying_says_which_element_differs_and_no_more() -> None:
    walk = Walk().second_counted()
    walk.frozen()
    assert code(walk.do(acts.CompareNames(True, "r"), BOSS)) is RefusalCode.REKEY_MISSING
    walk.must(acts.RekeyElements(AMOUNT + 1, "1735", "1735"), BOSS)
    assert (walk.state.rekeyed_by, walk.state.rekey_differing) == ("", ("amount",))
    walk.must(acts.RekeyElements(AMOUNT, "0000", "1735"), BOSS)
    assert walk.state.rekey_differing == ("account",)
    review = acts.SignReview(signed(BOSS.staff_no, "review"), nonce_used=False)
    assert code(walk.do(review, BOSS)) is RefusalCode.REKEY_MISSING
    walk.must(acts.RekeyElements(AMOUNT, "1735", "1735"), BOSS)
    assert walk.state.rekeyed_by == BOSS.staff_no
    assert code(walk.do(review, BOSS)) is RefusalCode.NAME_COMPARE_MISSING


def test_a_name_that_does_not_compare_goes_back() -> None:
    walk = Walk().second_counted()
    walk.frozen()
    walk.must(acts.RekeyElements(AMOUNT, "1735", "1735"), BOSS)
    walk.must(acts.CompareNames(False, "r"), BOSS)
    assert (walk.state.step, walk.state.facts) == ("slip", None)


@pytest.mark.parametrize(
    ("proof", "expected"),
    [
        (signed(OTHER.staff_no, "review"), RefusalCode.STATEMENT_FORGED),
        (signed(BOSS.staff_no, "make"), RefusalCode.STATEMENT_FORGED),
        (signed(BOSS.staff_no, "review", nonce="n0"), RefusalCode.STATEMENT_REPLAYED),
        (signed(BOSS.staff_no, "review", transaction="u" * 32), RefusalCode.STATEMENT_REPLAYED),
        (signed(BOSS.staff_no, "review", digest="0" * 64), RefusalCode.STATEMENT_STALE),
    ],
)
def test_a_countersignature_binds_person_transaction_nonce_and_facts(
    proof: acts.SignedBy, expected: RefusalCode
) -> None:
    walk = Walk().rekeyed()
    assert code(walk.do(acts.SignReview(proof, nonce_used=False), BOSS)) is expected


def test_a_used_nonce_and_missing_facts_are_refused() -> None:
    walk = Walk().rekeyed()
    proof = signed(BOSS.staff_no, "review")
    assert code(walk.do(acts.SignReview(proof, nonce_used=True), BOSS)) is RefusalCode.STATEMENT_REPLAYED
    walk.state = replace(walk.state, facts=None)
    assert code(walk.do(acts.SignReview(proof, nonce_used=False), BOSS)) is RefusalCode.STATEMENT_STALE


def test_only_who_took_the_second_count_signs_for_it() -> None:
    walk = Walk().rekeyed()
    walk.state = replace(walk.state, accepted_by={**walk.state.accepted_by, "second": OTHER.staff_no})
    refusal = walk.do(acts.SignReview(signed(BOSS.staff_no, "review"), nonce_used=False), BOSS)
    assert refusal == Refusal(RefusalCode.STEP_MISSING, (("step", "second_count"),))


def test_a_rejection_ends_without_posting() -> None:
    walk = Walk().second_counted()
    walk.frozen()
    walk.must(acts.GiveBack("rejected", "identity"), BOSS)
    assert (walk.state.outcome, walk.state.is_posted) == ("rejected", False)


# --- the customer, the book, the end -----------------------------------------------------------------------


def test_the_customers_no_and_leaving_post_nothing() -> None:
    walk = Walk().reviewed()
    walk.must(acts.AnswerOfCustomer(False, "touch", "amount", left=False))
    assert (walk.state.step, walk.state.countersigned) == ("slip", None)
    walk = Walk().reviewed()
    walk.must(acts.AnswerOfCustomer(False, "spoken", "gone", left=True))
    assert (walk.state.status, walk.state.outcome) == (ENDED, "customer_left")


@pytest.mark.parametrize("left", [False, True])
def test_a_no_without_a_word_why_is_no_answer(left: bool) -> None:
    walk = Walk().reviewed()
    assert (
        code(walk.do(acts.AnswerOfCustomer(False, "spoken", " \u200b ", left=left)))
        is RefusalCode.REASON_MISSING
    )
    assert walk.state.step == "confirm"


def test_an_answer_needs_frozen_facts_and_a_known_modality() -> None:
    walk = Walk().reviewed()
    assert code(walk.do(acts.AnswerOfCustomer(True, "telepathy", "", left=False))) is RefusalCode.FIELD_FORMAT
    walk.state = replace(walk.state, facts=None)
    assert code(walk.do(acts.AnswerOfCustomer(True, "touch", "", left=False))) is RefusalCode.STEP_MISSING


def test_an_unknown_print_is_a_question_with_a_name_and_nothing_prints_meanwhile() -> None:
    walk = Walk().prepared()
    assert code(walk.do(walk.print_act("j2"))) is RefusalCode.PRINT_OPEN
    assert code(walk.do(walk.close_act("done", 3, job_id="j9"))) is RefusalCode.PRINT_JOB_UNKNOWN
    walk.must(walk.close_act("unknown", 1))
    assert [(i.kind, i.next_person) for i in walk.state.open_items] == [("print_unknown", BOSS.staff_no)]
    assert code(walk.do(walk.print_act("j2"))) is RefusalCode.PRINT_OPEN
    assert code(walk.do(acts.PassPrint(0))) is RefusalCode.PRINT_OPEN
    assert code(walk.do(acts.Settle("j9", 3, 0))) is RefusalCode.PRINT_JOB_UNKNOWN
    for impossible in (0, 4):
        assert code(walk.do(acts.Settle("j1", impossible, 0))) is RefusalCode.FIELD_FORMAT
    walk.must(acts.Settle("j1", 3, 0))
    assert (walk.state.step, walk.state.open_items) == ("hand_over", ())


def test_a_job_that_did_not_happen_prints_anew_and_another_book_never() -> None:
    walk = Walk().prepared()
    walk.must(walk.close_act("not_done", 0))
    assert walk.state.step == "print"
    nothing = replace(walk.print_act("j2"), lines=(), entry_nos=())
    assert code(walk.do(nothing)) is RefusalCode.NOTHING_TO_PRINT
    other = replace(walk.print_act("j2"), book_id="B2")
    assert code(walk.do(other)) is RefusalCode.BOOK_MISMATCH
    walk.must(walk.print_act("j2"))
    walk.must(walk.close_act("done", 3, left=2, job_id="j2"))
    assert walk.state.step == "print"
    assert code(walk.do(acts.PassPrint(2))) is RefusalCode.PRINT_OPEN
    walk.must(acts.PassPrint(0))


def test_one_receipt_a_transaction() -> None:
    walk = Walk().printed()
    assert code(walk.do(acts.CloseReceipt("done"))) is RefusalCode.PRINT_JOB_UNKNOWN
    walk.must(acts.PrepareReceipt("r1", "d"))
    assert code(walk.do(acts.PrepareReceipt("r2", "d"))) is RefusalCode.PRINT_OPEN
    walk.must(acts.CloseReceipt("unknown"))
    assert code(walk.do(acts.CloseReceipt("done"))) is RefusalCode.PRINT_JOB_UNKNOWN


def test_a_no_after_posting_ends_in_an_open_item_with_a_name() -> None:
    walk = Walk().printed()
    no = acts.Deliver(False, "", "v", "i9", BOSS.staff_no)
    assert code(walk.do(no)) is RefusalCode.REASON_MISSING
    walk.must(replace(no, reason="says 20,200"))
    assert walk.state.outcome == "disputed"
    assert [(i.kind, i.next_person) for i in walk.state.open_items] == [("disputed", BOSS.staff_no)]
    assert walk.state.is_posted


def test_decide_never_touches_the_state_it_is_given() -> None:
    walk = Walk().matched()
    before = walk.state
    decide(walk.procedure, before, acts.ReturnToSlip("x"), MAKER)
    assert walk.state is before
