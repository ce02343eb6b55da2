"""The chain of endorsements: unbroken, broken at a link that is named, and what is written beside the names."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.rules.endorsement_rules import Endorsement, judge_endorsements
from desk.rules.judgement import OK, RETURN, WARN, Judgement
from tests.desk.rules.shipped_packs import changed, shipped

RULES = shipped("terms")
A, B, C, D = "示例甲公司", "示例乙公司", "示例丙公司", "示例丁公司"
AB, BC, CD = Endorsement(A, B), Endorsement(B, C), Endorsement(C, D)


def codes(judged: Judgement) -> list[str]:
    return [one.code for one in judged.reasons]


CHAINS: list[tuple[str, list[Endorsement], str, str, str, list[str]]] = [
    (A, [], A, OK, "EN-CHAIN", []),
    (A, [AB], B, OK, "EN-CHAIN", []),
    (A, [AB, BC, CD], D, OK, "EN-CHAIN", []),
    ("示例甲(集团)公司", [Endorsement("示例甲（集团）公司", B)], "示例乙公司　", OK, "EN-CHAIN", []),
    (A, [], B, RETURN, "EN-HOLDER", ["NOT_THE_HOLDER"]),
    (A, [AB], A, RETURN, "EN-HOLDER", ["NOT_THE_HOLDER"]),
    (A, [AB, CD], D, RETURN, "EN-CHAIN", ["BROKEN_CHAIN"]),
    (B, [AB], B, RETURN, "EN-CHAIN", ["BROKEN_CHAIN"]),
    (B, [AB, CD], A, RETURN, "EN-CHAIN", ["BROKEN_CHAIN", "BROKEN_CHAIN", "NOT_THE_HOLDER"]),
    ("", [], A, RETURN, "EN-CHAIN", ["BLANK_PAYEE"]),
    (" ", [AB], B, RETURN, "EN-CHAIN", ["BLANK_PAYEE"]),
    (A, [Endorsement(A, "")], B, WARN, "EN-BLANK", ["BLANK_ENDORSEE"]),
    (A, [Endorsement(A, ""), BC], C, WARN, "EN-BLANK", ["BLANK_ENDORSEE"]),
    (A, [Endorsement(A, "", conditional=True), CD], A, RETURN, "EN-HOLDER",
     ["NOT_THE_HOLDER", "BLANK_ENDORSEE", "CONDITION"]),
    (A, [Endorsement(A, ""), Endorsement(C, B, partial=True)], B, RETURN, "EN-PART", ["PARTIAL", "BLANK_ENDORSEE"]),
    (A, [Endorsement("", B)], B, RETURN, "EN-CHAIN", ["BROKEN_CHAIN"]),
    (A, [Endorsement(A, B, conditional=True)], B, OK, "EN-CONDITION", ["CONDITION"]),
    (A, [Endorsement(A, B, partial=True)], B, RETURN, "EN-PART", ["PARTIAL"]),
    (A, [Endorsement(A, B, not_transferable=True)], B, OK, "EN-CHAIN", []),
    (A, [Endorsement(A, B, not_transferable=True), BC], C, WARN, "EN-ENDORSER-BAR", ["BARRED_BY_ENDORSER"]),
    (A, [Endorsement("李？", B)], B, RETURN, "EN-CHAIN", ["BROKEN_CHAIN"]),
]  # fmt: skip


@pytest.mark.parametrize(("payee", "links", "presenter", "result", "rule", "reasons"), CHAINS)
def test_a_chain_is_judged_link_by_link(
    payee: str, links: Sequence[Endorsement], presenter: str, result: str, rule: str, reasons: list[str]
) -> None:
    judged = judge_endorsements(payee, links, presenter, RULES)
    assert (judged.result, judged.rule, codes(judged)) == (result, rule, reasons)
    assert all(one.words.zh != one.words.en for one in judged.reasons)


def test_the_broken_link_is_named_with_who_should_have_endorsed() -> None:
    words = judge_endorsements(A, [AB, CD], D, RULES).reasons[0].words
    assert words.zh == f"背书不连续：第 2 次背书的背书人“{C}”不是第 1 次背书的被背书人“{B}”"
    assert words.en.startswith("The chain breaks at endorsement 2")
    first = judge_endorsements(B, [AB], B, RULES).reasons[0].words
    assert f"第 1 次背书的背书人“{A}”不是收款人“{B}”" in first.zh


def test_whether_two_names_are_one_is_asked_of_whoever_knows() -> None:
    asked: list[tuple[str, str]] = []

    def same(one: str, other: str) -> bool:
        asked.append((one, other))
        return True

    assert judge_endorsements(A, [CD], B, RULES, same=same).result == OK
    assert asked == [(A, C), (D, B)]


@pytest.mark.parametrize(
    ("instrument", "links", "result", "reasons"),
    [
        ("cash_cheque", [AB], RETURN, ["CASH_CHEQUE"]),
        ("cash_cheque", [], RETURN, ["NOT_THE_HOLDER"]),
        ("transfer_cheque", [AB], OK, []),
        ("", [AB], OK, []),
    ],
)
def test_a_cheque_for_cash_is_not_passed_on(
    instrument: str, links: list[Endorsement], result: str, reasons: list[str]
) -> None:
    judged = judge_endorsements(A, links, B, RULES, instrument=instrument)
    assert (judged.result, codes(judged)) == (result, reasons)


def test_what_the_drawer_barred_is_not_passed_on() -> None:
    judged = judge_endorsements(A, [AB], B, RULES, drawer_bars_transfer=True)
    assert (judged.result, judged.rule, codes(judged)) == (RETURN, "EN-DRAWER-BAR", ["NOT_TRANSFERABLE"])
    assert judge_endorsements(A, [], A, RULES, drawer_bars_transfer=True).result == OK


OFF = [
    ("EN-CASH", [AB], {"instrument": "cash_cheque"}),
    ("EN-DRAWER-BAR", [AB], {"drawer_bars_transfer": True}),
    ("EN-PART", [Endorsement(A, B, partial=True)], {}),
    ("EN-CONDITION", [Endorsement(A, B, conditional=True)], {}),
    ("EN-ENDORSER-BAR", [Endorsement(A, C, not_transferable=True), Endorsement(C, B)], {}),
]


@pytest.mark.parametrize(("rule", "links", "more"), OFF)
def test_a_rule_that_is_off_says_nothing(
    rule: str, links: list[Endorsement], more: dict[str, object]
) -> None:
    on = judge_endorsements(A, links, B, RULES, **more)  # type: ignore[arg-type]
    off = judge_endorsements(A, links, B, changed(RULES, rule, on=False), **more)  # type: ignore[arg-type]
    assert (on.rule, off.result, codes(off)) == (rule, OK, [])


def test_a_blank_endorsee_is_for_a_person_whatever_the_pack() -> None:
    judged = judge_endorsements(A, [Endorsement(A, "")], B, changed(RULES, "EN-BLANK", on=False))
    assert (judged.result, judged.rule) == (WARN, "EN-CHAIN")


@dataclass(frozen=True)
class BareLink:
    """Who and to whom, as a form's facts may carry it."""

    endorser: str
    endorsee: str


def test_a_link_without_marks_is_judged_by_its_names() -> None:
    assert judge_endorsements(A, (BareLink(A, B), BareLink(B, C)), C, RULES).result == OK
    assert codes(judge_endorsements(A, (BareLink(A, B), BareLink(A, C)), C, RULES)) == ["BROKEN_CHAIN"]
    assert codes(judge_endorsements(A, (BareLink(A, ""),), C, RULES)) == ["BLANK_ENDORSEE"]


names = st.text("甲乙丙丁", min_size=1, max_size=3)


@given(st.lists(names, min_size=1, max_size=6), st.data())
def test_one_wrong_name_breaks_exactly_its_own_link(holders: list[str], data: st.DataObject) -> None:
    links = [Endorsement(one, after) for one, after in itertools.pairwise(holders)]
    assert judge_endorsements(holders[0], links, holders[-1], RULES).result == OK
    if links:
        at = data.draw(st.integers(0, len(links) - 1))
        links[at] = Endorsement("戊", links[at].endorsee)
        judged = judge_endorsements(holders[0], links, holders[-1], RULES)
        assert (judged.result, codes(judged)) == (RETURN, ["BROKEN_CHAIN"])
        assert f"第 {at + 1} 次背书的背书人“戊”" in judged.reasons[0].words.zh


@given(
    st.text(max_size=8),
    st.lists(st.tuples(st.text(max_size=8), st.text(max_size=8)), max_size=4),
    st.text(max_size=8),
)
def test_no_text_breaks_the_judging_of_a_chain(
    payee: str, links: list[tuple[str, str]], presenter: str
) -> None:
    judged = judge_endorsements(payee, [Endorsement(*one) for one in links], presenter, RULES)
    assert judged.result in (OK, WARN, RETURN)
