"""Cash, people, slips and refusals: small facts, each with the rule it comes from."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.domain.cash import (
    RENMINBI_DENOMINATIONS_MINOR,
    BatchSource,
    CashBatch,
    CashRow,
    CountStage,
    difference,
    merge,
    total_minor,
)
from desk.domain.people import Act, Person, Role, may_act
from desk.domain.procedure_kinds import Text
from desk.domain.refusals import Refusal, RefusalCode, refuse
from desk.domain.voucher import DepositSlip, missing_fields

ROWS = st.lists(
    st.builds(CashRow, st.sampled_from(RENMINBI_DENOMINATIONS_MINOR), st.integers(0, 10_000)), max_size=12
)

# --- cash -----------------------------------------------------------------------------------------------


@given(ROWS)
def test_merging_loses_no_note_and_leaves_one_row_each_largest_first(rows: list[CashRow]) -> None:
    merged = merge(rows)
    assert total_minor(merged) == total_minor(rows)
    values = [row.denomination_minor for row in merged]
    assert values == sorted(set(values), reverse=True)
    assert all(row.pieces for row in merged)


@given(ROWS, ROWS)
def test_a_difference_is_what_must_be_added_to_agree(expected: list[CashRow], found: list[CashRow]) -> None:
    gap = difference(expected, found)
    assert merge([*expected, *gap]) == merge(found)
    assert (gap == ()) == (merge(expected) == merge(found))


def test_same_total_in_other_notes_is_a_difference() -> None:
    assert difference([CashRow(10000, 1)], [CashRow(5000, 2)]) == (CashRow(10000, -1), CashRow(5000, 2))


def test_a_batch_adds_up() -> None:
    rows = (CashRow(10000, 180), CashRow(50, 3))
    batch = CashBatch("b", BatchSource.MACHINE, CountStage.FIRST, "CNY", rows, 0, complete=True)
    assert (batch.total_minor, batch.pieces) == (1_800_150, 183)


# --- people (DC-1, DC-8, DESIGN §3) -----------------------------------------------------------------------


def person(*roles: Role, own: str = "") -> Person:
    return Person("1001", "示例", frozenset(roles), "k", customer_ids=frozenset({own} - {""}))


@pytest.mark.parametrize(
    ("role", "acts"),
    [
        (Role.TELLER, {Act.MAKE, Act.REVIEW}),
        (Role.REVIEWER, {Act.REVIEW}),
        (Role.SUPERVISOR, {Act.REVIEW, Act.AUTHORISE}),
        (Role.IT, set()),
    ],
)
def test_what_a_role_may_do(role: Role, acts: set[Act]) -> None:
    assert {act for act in Act if person(role).may(act)} == acts


@pytest.mark.parametrize(
    ("who", "others", "holder", "expected"),
    [
        (person(Role.TELLER), ("1002",), "C-1", None),
        (person(Role.IT), (), "C-1", RefusalCode.ROLE_MISSING),
        (person(Role.TELLER), ("1002", "1001"), "C-1", RefusalCode.SAME_PERSON),
        (person(Role.TELLER, own="C-1"), (), "C-1", RefusalCode.OWN_ACCOUNT),
        (person(Role.TELLER, own="C-2"), (), "C-1", None),
    ],
)
def test_who_may_act_beside_whom_and_on_what(
    who: Person, others: tuple[str, ...], holder: str, expected: RefusalCode | None
) -> None:
    found = may_act(who, Act.REVIEW, others, holder)
    assert (found.code if found else None) is expected


# --- the slip (counter-rules §1.5) --------------------------------------------------------------------------


def slip(**given_fields: object) -> DepositSlip:
    said: dict[str, object] = {
        "form": "deposit_slip", "bank_code": "9017", "currency": "CNY", "amount_minor": 100,
        "slip_date": "2026-11-23", "account_name": "张伟", "account_number": "9017",
    }  # fmt: skip
    return DepositSlip(**{**said, **given_fields})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("one", "missing"),
    [
        (slip(), ()),
        (slip(account_name="", amount_minor=0), ("account_name", "amount_minor")),
        (slip(agent_name="李伟"), ("agent_id",)),
        (slip(agent_name="李伟", agent_id="11010519491231002X"), ()),
        (slip(form="cheque", slip_date=""), ()),
    ],
)
def test_required_fields_in_the_forms_order(one: DepositSlip, missing: tuple[str, ...]) -> None:
    assert missing_fields(one) == missing


# --- refusals -------------------------------------------------------------------------------------------


def test_refusal_numbers_and_codes_are_one_to_one() -> None:
    assert (
        len({code.number for code in RefusalCode})
        == len({code.code for code in RefusalCode})
        == len(RefusalCode)
    )


def test_a_refusal_says_its_number_code_and_details() -> None:
    refusal = refuse(RefusalCode.HAND_LIMIT, limit="500.00", pieces=3)
    assert refusal == Refusal(RefusalCode.HAND_LIMIT, (("limit", "500.00"), ("pieces", "3")))
    assert refusal.number == 406
    assert str(refusal) == "406 hand_limit (limit=500.00, pieces=3)"
    assert str(refuse(RefusalCode.PARKED)) == "205 parked"


def test_a_text_in_both_languages() -> None:
    text = Text("复核", "Review")
    assert (text.in_language("zh_CN"), text.in_language("en")) == ("复核", "Review")
