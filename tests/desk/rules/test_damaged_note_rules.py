"""What a damaged note is worth, over both packs: boundaries exact, nothing rounded up, every ground in its order."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.domain.money import parse_amount
from desk.domain.remaining_area import NOTHING, Share, at_least, less_unjoined, parse_share, percent
from desk.rules.damaged_note_rules import DamagedNote, judge_damaged_note
from desk.rules.judgement import OK, REFUSE, RETURN, STOP, WARN
from desk.rules.rule_set import RuleSet
from tests.desk.rules.shipped import changed_pack, changed_rules, shipped_rules

TOPIC = ("damaged_notes",)
OLD, NEW = shipped_rules(TOPIC, "2026-03-30"), shipped_rules(TOPIC, "2026-03-31")
BOTH = pytest.mark.parametrize("rules", [OLD, NEW], ids=["2003", "2026"])
HUNDRED = DamagedNote(10_000, (3, 4))
FACES = (10_000, 5_000, 2_000, 1_000, 500, 200, 100, 50, 20, 10, 5, 2, 1)


@pytest.mark.parametrize(
    ("text", "share"),
    [
        ("0.75", (75, 100)),
        ("75%", (75, 100)),
        ("75 %", (75, 100)),
        ("74.99%", (7499, 10_000)),
        ("3/4", (3, 4)),
        (" 3 / 4 ", (3, 4)),
        ("0.7499999", (7_499_999, 10_000_000)),
        (".5", (5, 10)),
        ("1", (1, 1)),
        ("100%", (100, 100)),
        ("0", (0, 1)),
        ("３／４", (3, 4)),
        ("７５％", (75, 100)),
        *(
            (bad, None)
            for bad in ("", ".", "%", "1.01", "101%", "5/4", "1/0", "-1", "1e-1", "three", "3/4%", "75")
        ),
    ],
)
def test_a_share_is_read_exactly_or_not_at_all(text: str, share: Share | None) -> None:
    assert parse_share(text) == share


@pytest.mark.parametrize(
    ("share", "shown"), [((3, 4), "75.00%"), ((7_499_999, 10_000_000), "74.99…%"), ((1, 3), "33.33…%")]
)
def test_a_share_shown_is_cut_never_rounded_up(share: Share, shown: str) -> None:
    assert percent(share) == shown


def test_pieces_that_do_not_join_are_taken_off_and_never_below_nothing() -> None:
    assert at_least(less_unjoined((8, 10), (3, 10)), (1, 2))
    assert not at_least((1, 2), less_unjoined((8, 10), (29, 100)))
    assert less_unjoined((1, 10), (2, 10))[0] == 0


@BOTH
@pytest.mark.parametrize(
    ("remaining", "result", "rule", "value"),
    [
        ((1, 1), OK, "DN-2", "100.00"),
        ((3, 4), OK, "DN-2", "100.00"),
        ((7_499_999, 10_000_000), OK, "DN-3", "50.00"),
        ((1, 2), OK, "DN-3", "50.00"),
        ((499, 1000), RETURN, "DN-5", "0.00"),
        ((0, 1), RETURN, "DN-5", "0.00"),
    ],
)
def test_the_share_decides(rules: RuleSet, remaining: Share, result: str, rule: str, value: str) -> None:
    found = judge_damaged_note(replace(HUNDRED, remaining=remaining), rules)
    assert (found.result, found.rule, found.value) == (result, rule, value)


def worth(note: DamagedNote, rules: RuleSet) -> int:
    amount = parse_amount(judge_damaged_note(note, rules).value)
    return amount if isinstance(amount, int) else 0


@given(st.sampled_from(FACES), st.integers(0, 997), st.integers(1, 997), st.sampled_from([OLD, NEW]))
def test_more_of_a_note_is_never_worth_less_and_it_pays_all_half_or_nothing(
    face: int, part: int, whole: int, rules: RuleSet
) -> None:
    part, whole = min(part, whole), max(part, whole, 1)
    paid = worth(DamagedNote(face, (part, whole)), rules)
    assert paid in (face, face // 2, 0)
    assert paid == (face if 4 * part >= 3 * whole else face // 2 if 2 * part >= whole else 0)
    assert worth(DamagedNote(face, (part + 1, whole + 1)), rules) >= paid


SMALL = [(5, "0.02", OK), (2, "0.01", OK), (1, "0.00", RETURN), (10, "0.05", OK)]


@pytest.mark.parametrize(("face", "value", "result"), SMALL)
def test_small_sums_by_the_rule_of_2003(face: int, value: str, result: str) -> None:
    found = judge_damaged_note(DamagedNote(face, (3, 5)), OLD)
    assert (found.value, found.result) == (value, result)
    assert found.rule == {5: "DN-6", 1: "DN-6"}.get(face, "DN-3")


def test_small_sums_of_2026_ask_a_person_until_the_bank_has_confirmed_them() -> None:
    five = DamagedNote(5, (3, 5))
    found = judge_damaged_note(five, NEW)
    assert (found.result, found.value, found.rule) == (WARN, "0.02", "DN-6")
    assert [one.code for one in found.reasons] == ["DN-3", "DN-6", "UNCONFIRMED"]
    confirmed = changed_rules(
        "cn/damaged_notes_2026.toml",
        ('confidence = "U"\n', 'confidence = "U"\nconfirmed = "总行通知 1 号"\n'),
    )
    assert judge_damaged_note(five, confirmed).result == OK
    assert judge_damaged_note(replace(five, face_minor=10), NEW).result == OK, "an even half is no small sum"


@BOTH
@pytest.mark.parametrize(
    ("remaining", "result", "value"),
    [((3, 4), OK, "50.00"), ((3, 5), OK, "50.00"), ((1, 2), OK, "50.00"), ((4, 5), WARN, "50.00"),
     ((49, 100), RETURN, "0.00")],
)  # fmt: skip
def test_a_cross_shaped_loss_of_a_quarter_is_half(
    rules: RuleSet, remaining: Share, result: str, value: str
) -> None:
    found = judge_damaged_note(replace(HUNDRED, remaining=remaining, cross=True), rules)
    assert (found.result, found.value) == (result, value)
    assert ("CROSS_MEASURE" in [one.code for one in found.reasons]) == (result == WARN)


@BOTH
def test_only_the_joinable_part_is_measured_and_said_so(rules: RuleSet) -> None:
    whole = replace(HUNDRED, remaining=(4, 5))
    assert judge_damaged_note(whole, rules).value == "100.00"
    for unjoined, value in (((1, 10), "50.00"), ((4, 10), "0.00")):
        found = judge_damaged_note(replace(whole, unjoined=unjoined), rules)
        assert found.value == value
        assert "DN-13" in [one.code for one in found.reasons]
    assert "DN-13" not in [one.code for one in judge_damaged_note(whole, rules).reasons]


ALL_AT_ONCE = DamagedNote(
    None,
    None,
    unreadable=True,
    special=True,
    undesignated=True,
    disputed=True,
    not_genuine=True,
    doubtful=True,
)


@pytest.mark.parametrize(
    ("note", "rules", "result", "rule", "requires"),
    [
        (ALL_AT_ONCE, NEW, STOP, "DN-10", ("counterfeit_branch",)),
        (replace(ALL_AT_ONCE, not_genuine=False), NEW, RETURN, "DN-14", ("hand_back",)),
        (replace(ALL_AT_ONCE, not_genuine=False), OLD, STOP, "DN-10", ("counterfeit_branch",)),
        (replace(ALL_AT_ONCE, not_genuine=False, doubtful=False), NEW, REFUSE, "DN-11",
         ("designated_institution", "hand_back")),
        (replace(HUNDRED, disputed=True, unreadable=True), NEW, RETURN, "DN-9", ("exchange_finding", "hand_back")),
        (replace(HUNDRED, disputed=True), OLD, RETURN, "DN-9", ("bank_certificate", "hand_back")),
        (replace(HUNDRED, unreadable=True, face_minor=None), NEW, RETURN, "DN-12", ("hand_back",)),
        (replace(HUNDRED, face_minor=300), NEW, REFUSE, "DN-1", ()),
        (replace(HUNDRED, face_minor=None), NEW, REFUSE, "DN-1", ()),
        (replace(HUNDRED, remaining=None), NEW, REFUSE, "DN-13", ()),
        (HUNDRED, NEW, OK, "DN-2", ("reviewer", "stamp_full")),
        (replace(HUNDRED, remaining=(1, 2)), NEW, OK, "DN-3", ("reviewer", "stamp_half")),
        (replace(HUNDRED, special=True), NEW, OK, "DN-2", ("reviewer", "special_bag", "exchange_stamp_on_seal")),
        (replace(HUNDRED, special=True, undesignated=True), OLD, OK, "DN-2",
         ("reviewer", "special_bag", "exchange_voucher")),
        (replace(HUNDRED, undesignated=True), NEW, OK, "DN-2", ("reviewer", "stamp_full")),
        (DamagedNote(100, (1, 1), coin=True), NEW, OK, "DN-2", ("reviewer", "special_bag", "exchange_stamp_on_seal")),
    ],
)  # fmt: skip
def test_each_ground_in_its_order(
    note: DamagedNote, rules: RuleSet, result: str, rule: str, requires: tuple[str, ...]
) -> None:
    found = judge_damaged_note(note, rules)
    assert (found.result, found.rule, found.requires) == (result, rule, requires)
    assert found.reasons
    assert all(one.words.zh and one.words.en for one in found.reasons)
    if result in (STOP, REFUSE):
        assert found.value == "", "no verdict, no value"


@BOTH
@pytest.mark.parametrize("face", FACES)
def test_every_face_of_the_renminbi_is_known(rules: RuleSet, face: int) -> None:
    assert worth(DamagedNote(face, (1, 1)), rules) == face


def test_nothing_is_measured_when_nothing_is_there() -> None:
    assert judge_damaged_note(replace(HUNDRED, remaining=NOTHING), NEW).result == RETURN


@pytest.mark.parametrize("rule", ["DN-2", "DN-5", "DN-10", "DN-12"])
def test_no_pack_pays_without_its_floor(rule: str) -> None:
    flaw = changed_pack(
        "cn/damaged_notes_2026.toml", (f'rule = "{rule}"\n', f'rule = "{rule}"\non = false\n')
    )
    assert "is never off" in str(flaw)
