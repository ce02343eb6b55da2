"""Controlled forms: in and out by two people, used in order, cancelled one by one, void with witnesses, counted by
another; and the register as the fold of it all."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.domain.controlled_forms import (
    VAULT,
    BroughtBack,
    Fate,
    FormRegister,
    Moved,
    Movement,
    Presented,
    Received,
    Run,
    Sold,
    Spoiled,
    Used,
    applied,
    holds,
    merged,
    off_balance_minor,
    run_of,
    without,
)
from desk.rules.form_register_rules import book_value, form_row, judge_count, judge_movement
from desk.rules.judgement import OK, STOP, Judgement
from tests.desk.rules.shipped_packs import changed, shipped

RULES = shipped("numbers")
TELLER, OTHER, KEEPER, SUPERVISOR = "2001", "2002", "3001", "9001"
ACCOUNT = "9017002030000900016"
VOID = frozenset({"stamped_void", "corner_cut", "kept_as_attachment"})


def books(first: int, last: int | None = None, kind: str = "passbook") -> Run:
    return Run(kind, "", 8, first, last or first)


def cheques(first: int, last: int | None = None) -> Run:
    return books(first, last, "transfer_cheque")


def moved(run: Run, giver: str = VAULT, taker: str = TELLER) -> Moved:
    return Moved(run, giver, taker, KEEPER, TELLER, SUPERVISOR)


def after(*movements: Movement) -> FormRegister:
    """The register after movements that the rules let through, each in turn."""
    register = FormRegister()
    for one in movements:
        judged = judge_movement(register, one, RULES)
        assert judged.result == OK, judged
        register = applied(register, one)
    return register


DELIVERED = Received(books(1, 100), (KEEPER, OTHER), 100)
ISSUED = (DELIVERED, moved(books(1, 10)))
CHEQUES = (
    Received(cheques(1, 100), (KEEPER, OTHER), 100),
    moved(cheques(1, 50)),
    Sold(cheques(1, 25), TELLER, ACCOUNT),
)


def codes(judged: Judgement) -> list[str]:
    return [one.code for one in judged.reasons]


# --- what may happen, and what may not ------------------------------------------------------------------------

STOPS: list[tuple[str, tuple[Movement, ...], Movement, str, list[str]]] = [
    ("one person alone", (), replace(DELIVERED, people=(KEEPER,)), "BV-2", ["TOO_FEW"]),
    ("the same person twice", (), replace(DELIVERED, people=(KEEPER, KEEPER)), "BV-2", ["TOO_FEW"]),
    ("nobody named", (), replace(DELIVERED, people=(KEEPER, "")), "BV-2", ["TOO_FEW"]),
    ("fewer than listed", (), replace(DELIVERED, listed=101), "BV-2", ["COUNT_DIFFERS"]),
    ("the same numbers again", (DELIVERED,), replace(DELIVERED, run=books(100, 120), listed=21), "BV-2", ["KNOWN"]),
    ("used numbers again", (*ISSUED, Used(books(1), TELLER, "t1")), replace(DELIVERED, run=books(1), listed=1),
     "BV-2", ["KNOWN"]),
    ("an unknown form", (), replace(DELIVERED, run=books(1, 100, "coupon")), "BV-2", ["UNKNOWN_FORM"]),
    ("last before first", (), replace(DELIVERED, run=books(9, 5), listed=-3), "BV-2", ["BAD_RUN"]),
    ("too many digits", (), replace(DELIVERED, run=Run("passbook", "", 9, 1, 1), listed=1), "BV-2", ["BAD_RUN"]),
    ("booked at more than a yuan", (), replace(DELIVERED, run=replace(books(1, 100), unit_minor=5000)), "BV-1",
     ["BOOK_VALUE"]),
    ("stamped on delivery", (), replace(DELIVERED, stamped=True), "BV-4", ["PRE_STAMPED"]),
    ("stamped in the vault", (DELIVERED,), replace(moved(books(1, 10)), stamped=True), "BV-4", ["PRE_STAMPED"]),
    ("hands over to itself", (DELIVERED,), replace(moved(books(1, 10)), taken_by=KEEPER), "BV-2", ["SAME_PERSON"]),
    ("nobody hands over", (DELIVERED,), replace(moved(books(1, 10)), handed_by=""), "BV-2", ["SAME_PERSON"]),
    ("nobody takes in", (DELIVERED,), replace(moved(books(1, 10)), taken_by=""), "BV-2", ["SAME_PERSON"]),
    ("no authoriser", (DELIVERED,), replace(moved(books(1, 10)), authorised_by=""), "BV-7", ["NOT_AUTHORISED"]),
    ("authorises own", (DELIVERED,), replace(moved(books(1, 10)), authorised_by=KEEPER), "BV-7", ["NOT_AUTHORISED"]),
    ("more than there are", (DELIVERED,), moved(books(1, 101)), "BV-3", ["OUT_OF_RANGE"]),
    ("of nobody", (), moved(books(1, 10)), "BV-3", ["OUT_OF_RANGE"]),
    ("out of the middle", (DELIVERED,), moved(books(50, 60)), "BV-3", ["OUT_OF_ORDER"]),
    ("a number skipped", ISSUED, Used(books(2), TELLER, "t1"), "BV-3", ["OUT_OF_ORDER"]),
    ("used twice", (*ISSUED, Used(books(1), TELLER, "t1")), Used(books(1), TELLER, "t2"), "BV-3", ["USED"]),
    ("two at once", ISSUED, Used(books(1, 2), TELLER, "t1"), "BV-3", ["ONE_BY_ONE"]),
    ("somebody else's", ISSUED, Used(books(1), OTHER, "t1"), "BV-3", ["NOT_IN_HAND"]),
    ("of the vault", ISSUED, Used(books(11), TELLER, "t1"), "BV-3", ["NOT_IN_HAND"]),
    ("beyond the register", ISSUED, Used(books(101), TELLER, "t1"), "BV-3", ["OUT_OF_RANGE"]),
    ("stamped beforehand", ISSUED, Used(books(1), TELLER, "t1", stamped=True), "BV-4", ["PRE_STAMPED"]),
    ("void and not stamped so", ISSUED, Spoiled(books(1), TELLER, VOID - {"stamped_void"}, SUPERVISOR), "BV-5",
     ["NOT_ATTESTED"]),
    ("void by oneself", ISSUED, Spoiled(books(1), TELLER, VOID, TELLER), "BV-7", ["NOT_AUTHORISED"]),
    ("void out of turn", ISSUED, Spoiled(books(3), TELLER, VOID, SUPERVISOR), "BV-3", ["OUT_OF_ORDER"]),
    ("void twice", (*ISSUED, Spoiled(books(1), TELLER, VOID, SUPERVISOR)),
     Spoiled(books(1), TELLER, VOID, SUPERVISOR), "BV-3", ["SPOILED"]),
    ("void, used by another", (*ISSUED, Used(books(1), TELLER, "t1")),
     Spoiled(books(1), OTHER, VOID, SUPERVISOR), "BV-3", ["USED"]),
    ("two void at once", ISSUED, Spoiled(books(1, 2), TELLER, VOID, SUPERVISOR), "BV-3", ["ONE_BY_ONE"]),
    ("a passbook sold", ISSUED, Sold(books(1), TELLER, ACCOUNT), "BV-2", ["NOT_FOR_SALE"]),
    ("cheques out of turn", CHEQUES[:2], Sold(cheques(2, 26), TELLER, ACCOUNT), "BV-3", ["OUT_OF_ORDER"]),
    ("stamped cheques", CHEQUES[:2], Sold(cheques(1, 25), TELLER, ACCOUNT, stamped=True), "BV-4", ["PRE_STAMPED"]),
    ("sold twice", CHEQUES, Sold(cheques(1, 25), TELLER, ACCOUNT), "BV-3", ["SOLD"]),
    ("back and not cut", CHEQUES, BroughtBack(cheques(20, 25), ACCOUNT, TELLER, OTHER, frozenset({"listed"})),
     "BV-6", ["NOT_ATTESTED"]),
    ("back to one person", CHEQUES,
     BroughtBack(cheques(20, 25), ACCOUNT, TELLER, TELLER, frozenset({"listed", "corner_cut"})), "BV-2",
     ["SAME_PERSON"]),
    ("back, never sold", CHEQUES,
     BroughtBack(cheques(20, 26), ACCOUNT, TELLER, OTHER, frozenset({"listed", "corner_cut"})), "BV-6",
     ["NOT_THEIRS"]),
    ("another's cheque", CHEQUES, Presented(cheques(7), "9017002010004400128", "t1"), "BV-3", ["NOT_THEIRS"]),
    ("a cheque never sold", CHEQUES, Presented(cheques(26), ACCOUNT, "t1"), "BV-3", ["NOT_THEIRS"]),
    ("a cheque twice", (*CHEQUES, Presented(cheques(7), ACCOUNT, "t1")), Presented(cheques(7), ACCOUNT, "t2"),
     "BV-3", ["NOT_THEIRS"]),
    ("cheques at once", CHEQUES, Presented(cheques(7, 8), ACCOUNT, "t1"), "BV-3", ["ONE_BY_ONE"]),
    ("a cut cheque", (*CHEQUES, BroughtBack(cheques(20, 25), ACCOUNT, TELLER, OTHER,
                                            frozenset({"listed", "corner_cut"}))),
     Presented(cheques(20), ACCOUNT, "t1"), "BV-3", ["NOT_THEIRS"]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("before", "movement", "rule", "reasons"), [one[1:] for one in STOPS], ids=[one[0] for one in STOPS]
)
def test_what_stops_names_its_rule(
    before: tuple[Movement, ...], movement: Movement, rule: str, reasons: list[str]
) -> None:
    judged = judge_movement(after(*before), movement, RULES)
    assert (judged.result, judged.rule, codes(judged)) == (STOP, rule, reasons)
    assert judged.value == movement.run.words
    assert all(one.words.zh != one.words.en for one in judged.reasons)


PASSES: list[tuple[str, tuple[Movement, ...], Movement, str]] = [
    ("received", (), DELIVERED, "BV-2"),
    ("issued from the lowest", (DELIVERED,), moved(books(1, 10)), "BV-2"),
    ("brought back from the highest", ISSUED, moved(books(6, 10), TELLER, VAULT), "BV-2"),
    ("used in order", (*ISSUED, Used(books(1), TELLER, "t1")), Used(books(2), TELLER, "t2"), "BV-3"),
    ("void unused", ISSUED, Spoiled(books(1), TELLER, VOID, SUPERVISOR), "BV-5"),
    ("void just after use", (*ISSUED, Used(books(1), TELLER, "t1")),
     Spoiled(books(1), TELLER, VOID, SUPERVISOR), "BV-5"),
    ("sold in order", CHEQUES[:2], CHEQUES[2], "BV-3"),
    ("cheques in the customer's order", (*CHEQUES, Presented(cheques(9), ACCOUNT, "t1")),
     Presented(cheques(3), ACCOUNT, "t2"), "BV-3"),
    ("brought back on closing", (*CHEQUES, Presented(cheques(1), ACCOUNT, "t1")),
     BroughtBack(cheques(2, 25), ACCOUNT, TELLER, OTHER, frozenset({"listed", "corner_cut"})), "BV-6"),
    ("a security at face", (), Received(Run("security", "AB", 8, 1, 10, 10_000), (KEEPER, OTHER), 10), "BV-2"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("before", "movement", "rule"), [one[1:] for one in PASSES], ids=[one[0] for one in PASSES]
)
def test_what_passes_names_the_rule_it_passed(
    before: tuple[Movement, ...], movement: Movement, rule: str
) -> None:
    judged = judge_movement(after(*before), movement, RULES)
    assert (judged.result, judged.rule, judged.reasons) == (OK, rule, ())


def test_h21_a_skipped_passbook_number_is_named_with_the_one_to_look_for() -> None:
    words = judge_movement(after(*ISSUED), Used(books(3), TELLER, "t1"), RULES).reasons[0].words
    assert "下一份应为 00000001，不是 00000003" in words.zh
    assert "00000001 is next, not 00000003" in words.en


def test_several_flaws_are_told_together() -> None:
    bad = Received(books(1, 100), (KEEPER,), 99, stamped=True)
    assert codes(judge_movement(FormRegister(), bad, RULES)) == ["PRE_STAMPED", "TOO_FEW", "COUNT_DIFFERS"]


OFF: list[tuple[str, tuple[Movement, ...], Movement]] = [
    ("BV-1", (), replace(DELIVERED, run=replace(books(1, 100), unit_minor=5000))),
    ("BV-5", ISSUED, Spoiled(books(1), TELLER, frozenset(), SUPERVISOR)),
    ("BV-6", CHEQUES, BroughtBack(cheques(20, 25), ACCOUNT, TELLER, OTHER, frozenset())),
    ("BV-7", (DELIVERED,), replace(moved(books(1, 10)), authorised_by="")),
]


@pytest.mark.parametrize(("rule", "before", "movement"), OFF)
def test_a_rule_that_the_bank_switched_off_stops_nothing(
    rule: str, before: tuple[Movement, ...], movement: Movement
) -> None:
    register = after(*before)
    assert judge_movement(register, movement, RULES).result == STOP
    assert judge_movement(register, movement, changed(RULES, rule, on=False)).result == OK


def test_what_a_pack_of_the_bank_attests_beyond_ours_is_asked_for_by_its_own_word() -> None:
    rules = changed(RULES, "BV-5", attest=("photographed",))
    judged = judge_movement(after(*ISSUED), Spoiled(books(1), TELLER, VOID, SUPERVISOR), rules)
    assert "photographed" in judged.reasons[0].words.en


# --- counting, values, words ----------------------------------------------------------------------------------

COUNTS = [
    ((books(2, 10),), SUPERVISOR, OK, []),
    ((books(2, 4), books(5, 10)), SUPERVISOR, OK, []),
    ((books(2, 10),), TELLER, STOP, ["SAME_PERSON"]),
    ((books(2, 10),), "", STOP, ["SAME_PERSON"]),
    ((books(2, 5), books(7, 10)), SUPERVISOR, STOP, ["MISSING"]),
    ((books(1, 10),), SUPERVISOR, STOP, ["SURPLUS"]),
    ((books(3, 11),), SUPERVISOR, STOP, ["MISSING", "SURPLUS"]),
    ((), SUPERVISOR, STOP, ["MISSING"]),
]


@pytest.mark.parametrize(("counted", "counter", "result", "reasons"), COUNTS)
def test_another_person_counts_number_by_number(
    counted: tuple[Run, ...], counter: str, result: str, reasons: list[str]
) -> None:
    register = after(*ISSUED, Used(books(1), TELLER, "t1"))
    judged = judge_count(register, TELLER, counted, counter, RULES)
    assert (judged.result, codes(judged)) == (result, reasons)


def test_a_missing_number_is_named_and_without_bv7_one_may_count_oneself() -> None:
    register = after(*ISSUED)
    own = changed(RULES, "BV-7", on=False)
    judged = judge_count(register, TELLER, (books(1, 5), books(7, 10)), TELLER, own)
    assert [one.words.zh for one in judged.reasons] == ["缺号：00000006"]


def test_off_balance_each_is_a_yuan_and_a_security_its_face() -> None:
    assert book_value("passbook", 10_000, RULES) == 100
    assert book_value("security", 10_000, RULES) == 10_000
    assert book_value("coupon", 10_000, RULES) == 100
    register = after(*ISSUED, Used(books(1), TELLER, "t1"))
    assert off_balance_minor(register.of(TELLER)) == 900
    assert off_balance_minor(register.of(VAULT)) == 9000
    assert off_balance_minor([Run("security", "AB", 8, 1, 10, 10_000)]) == 100_000


def test_each_kind_says_who_issues_it() -> None:
    rows = {kind: form_row(kind, RULES) for kind in ("passbook", "transfer_cheque", "coupon")}
    assert {kind: row.text("issued_by") if row else None for kind, row in rows.items()} == {
        "passbook": "bank",
        "transfer_cheque": "customer",
        "coupon": None,
    }


WRITTEN = [
    ("AB00000001", "AB00000025", Run("cheque", "AB", 8, 1, 25)),
    ("00000007", "00000007", Run("cheque", "", 8, 7, 7)),
    ("AB00000001", "AC00000025", None),
    ("00000002", "00000001", None),
    ("0000001", "0000001", None),
    ("0000001", "00000002", None),
    ("00000001", "x", None),
    ("", "00000001", None),
    ("００００００01", "00000002", None),
]


@pytest.mark.parametrize(("first", "last", "run"), WRITTEN)
def test_a_run_is_read_from_its_first_and_last_number(first: str, last: str, run: Run | None) -> None:
    assert run_of("cheque", first, last, 8) == run
    if run:
        assert run.words == (first if first == last else f"{first}–{last}")


STATES = [
    (books(1), "used", Fate.USED),
    (books(2), "spoiled", Fate.SPOILED),
    (books(3), "unused", None),
    (books(50), "unused", None),
    (books(101), "out_of_range", None),
    (cheques(1), "sold", Fate.SOLD),
    (cheques(20), "destroyed", Fate.DESTROYED),
]


@pytest.mark.parametrize(("run", "state", "fate"), STATES)
def test_the_register_says_in_a_word_what_a_number_is(run: Run, state: str, fate: Fate | None) -> None:
    register = after(
        *ISSUED, Used(books(1), TELLER, "t1"), Spoiled(books(2), TELLER, VOID, SUPERVISOR), *CHEQUES,
        BroughtBack(cheques(20, 25), ACCOUNT, TELLER, OTHER, frozenset({"listed", "corner_cut"})),
    )  # fmt: skip
    assert (register.state_of(run), register.fate_of(run)) == (state, fate)


# --- the arithmetic of runs -----------------------------------------------------------------------------------

numbers = st.sets(st.integers(1, 40))


def as_runs(members: set[int]) -> tuple[Run, ...]:
    return merged(books(one) for one in members)


def members_of(runs: tuple[Run, ...]) -> set[int]:
    return {number for run in runs for number in range(run.first, run.last + 1)}


@given(numbers, st.integers(1, 40), st.integers(0, 10))
def test_runs_behave_as_sets_of_numbers(members: set[int], first: int, more: int) -> None:
    runs, taken = as_runs(members), books(first, first + more)
    span = set(range(first, first + more + 1))
    assert members_of(runs) == members
    assert members_of(without(runs, taken)) == members - span
    assert holds(runs, taken) is (span <= members)
    assert all(one.last + 1 < after.first for one, after in itertools.pairwise(runs))


@given(st.lists(st.sampled_from(["use", "spoil", "back"]), max_size=10))
def test_no_number_is_ever_lost_or_doubled(acts: list[str]) -> None:
    """In hand and spent together are always just the numbers that came in."""
    register = after(*ISSUED)
    for act in acts:
        following = register.next_run(TELLER, "passbook")
        if following is None:
            break
        first = books(following.first)
        offered: dict[str, Movement] = {
            "use": Used(first, TELLER, "t"),
            "spoil": Spoiled(first, TELLER, VOID, SUPERVISOR),
            "back": moved(books(following.last), TELLER, VAULT),
        }
        movement = offered[act]
        assert judge_movement(register, movement, RULES).result == OK
        register = applied(register, movement)
        spent = [number for one in register.spent for number in range(one.run.first, one.run.last + 1)]
        held = [members_of(register.of(holder)) for holder in register.in_hand]
        everything = sorted([*spent, *(number for one in held for number in one)])
        assert everything == list(range(1, 101))


def test_runs_of_other_kinds_prefixes_and_values_stay_apart() -> None:
    apart = [
        books(1),
        books(2, kind="card"),
        Run("passbook", "A", 8, 2, 2),
        Run("passbook", "", 8, 2, 2, 5000),
    ]
    assert len(merged(apart)) == 4
    assert not holds([books(1, 5)], Run("passbook", "", 8, 2, 2, 5000))
    assert without([books(1, 5)], books(2, kind="card")) == (books(1, 5),)
