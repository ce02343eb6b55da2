"""The shipped forms and the shipped list held against each other and against the tables they were taken from."""

from __future__ import annotations

import re

import pytest

from desk.domain.voucher_form import CHECKS, FormField
from desk.rules.rule_pack import PackFlaw, RulePack
from desk.rules.term_rules import instrument_row
from desk.rules.topics import TOPICS
from desk.rules.voucher_checks.facts import VoucherFacts
from desk.rules.voucher_checks.looking import is_too_fast, look_milliseconds, questions_due, ticks_due
from desk.rules.voucher_checks.uses import uses_of_cash
from desk.rules.voucher_topic import VOUCHERS
from tests.desk.rules.shipped import changed_pack
from tests.desk.rules.shipped_packs import changed
from tests.desk.rules.voucher_examples import forms, plain, rules

PACK = rules().pack("vouchers")
FORMS = sorted(forms())
# counter-rules §1.6: id → kind (A automatic, H attested, A+H both) and on fail, the milder one where two are given.
TABLE = {
    "VC-01": ("automatic", "stop"), "VC-02": ("attested", "stop"), "VC-03": ("automatic", "return"),
    "VC-04": ("both", "return"), "VC-05": ("automatic", "return"), "VC-06": ("automatic", "stop"),
    "VC-07": ("automatic", "return"), "VC-08": ("attested", "return"), "VC-09": ("attested", "return"),
    "VC-10": ("attested", "return"), "VC-11": ("automatic", "return"), "VC-12": ("automatic", "stop"),
    "VC-13": ("both", "stop"), "VC-14": ("both", "return"), "VC-15": ("both", "return"),
    "VC-16": ("automatic", "return"), "VC-17": ("automatic", "stop"), "VC-18": ("both", "stop"),
    "VC-19": ("both", "stop"), "VC-20": ("automatic", "stop"), "VC-21": ("both", "stop"),
    "VC-22": ("automatic", "stop"), "VC-23": ("automatic", "stop"), "VC-24": ("attested", "return"),
    "VC-25": ("attested", "stop"),
}  # fmt: skip


def test_the_list_is_the_table() -> None:
    found = {check: (PACK.rules[check].text("kind"), PACK.rules[check].text("on_fail")) for check in CHECKS}
    assert found == TABLE
    assert all(PACK.rules[check].on for check in CHECKS)


@pytest.mark.parametrize("check", CHECKS)
def test_every_check_has_its_words(check: str) -> None:
    row = PACK.rules[check]
    chinese, english = row.table("cases_zh"), row.table("cases_en")
    assert set(chinese) == set(english)
    assert ("{why}" in row.words("says").zh) is bool(chinese)
    for zh, en in zip(chinese.values(), english.values(), strict=True):
        assert set(re.findall(r"\{\w+\}", zh)) == set(re.findall(r"\{\w+\}", en))
    assert ("next_warn" in row.values) is bool(row.texts("requires"))
    assert ("says_void" in row.values) is ("next_void" in row.values)
    for case, reason in row.table("returns").items():
        assert case in chinese or case == "other"
        assert PACK.rules[reason].text("ground")


@pytest.mark.parametrize("name", VOUCHERS.never_without)
def test_no_pack_goes_without_the_floor(name: str) -> None:
    without = changed_pack("cn/vouchers.toml", (f'rule = "{name}"\n', 'rule = "CU-9"\n'))
    assert isinstance(without, PackFlaw)
    off = changed_pack("cn/vouchers.toml", (f'rule = "{name}"\n', f'rule = "{name}"\nregions = ["CN-HE"]\n'))
    assert isinstance(off, PackFlaw)
    assert (off.place, off.reason) == (name, "is never off, in no region")


def test_the_floor_is_the_six_that_nothing_is_posted_without() -> None:
    assert VOUCHERS.never_without == ("VC-01", "VC-03", "VC-04", "VC-06", "VC-12", "VC-13")


@pytest.mark.parametrize("rule", ["VC-26", "RF-7", "LOOKS"])
def test_a_rule_nobody_declared_is_refused(rule: str) -> None:
    found = changed_pack("cn/vouchers.toml", ('rule = "LOOK"\n', f'rule = "{rule}"\n'))
    assert isinstance(found, PackFlaw)
    assert found.reason == "is no rule of 'vouchers'"


def test_a_later_pack_changes_the_outcome_on_its_date_and_not_before() -> None:
    later = changed_pack(
        "cn/vouchers.toml",
        ("version = 1\n", "version = 2\n"),
        ("valid_from = 1997-12-01\n", "valid_from = 2027-01-01\n"),
        ('no_cash = ["general"]', 'no_cash = ["general", "temporary"]'),
    )
    assert isinstance(later, RulePack)
    assert (later.in_force("2026-12-31"), later.in_force("2027-01-01")) == (False, True)
    assert later.rules["VC-18"].texts("no_cash") != PACK.rules["VC-18"].texts("no_cash")


# --- forms against the list -------------------------------------------------------------------------------


def test_the_forms_there_are() -> None:
    assert FORMS == [
        "bank_draft", "cash_cheque", "cash_pay_in", "credit_slip", "deposit_slip", "loss_application",
        "ordinary_cheque", "promissory_note", "reversal_voucher", "settlement_application",
        "special_transfer_voucher", "transfer_cheque", "withdrawal_slip",
    ]  # fmt: skip


@pytest.mark.parametrize("form", FORMS)
def test_whatever_a_person_must_see_is_asked_and_nothing_else(form: str) -> None:
    """A check that is a person's, wholly or in part, has its question; one that is a machine's has none."""
    known = forms()[form]
    asked = {check for one in known.questions for check in one.checks}
    assert asked == {check for check in known.checks if TABLE[check][0] != "automatic"}


@pytest.mark.parametrize("form", FORMS)
def test_a_form_applies_what_its_own_facts_call_for(form: str) -> None:
    """Derived, so that a form which forgets a check is found: who looks for a term, a seal, funds, a number."""
    known = forms()[form]
    due = {
        "VC-02": known.family == "instrument",
        "VC-04": bool(known.of_kind("amount")),
        "VC-05": bool(known.of_kind("capitals")),
        "VC-07": bool(known.instrument),
        "VC-10": known.reserved_seal != "never",
        "VC-11": known.field_named("payment_password") is not None,
        "VC-12": bool(known.parties),
        "VC-13": bool(known.parties),
        "VC-14": bool(known.of_kind("endorsements")),
        "VC-15": known.holder_presents,
        "VC-16": bool(known.debits),
        "VC-17": known.use != "none",
        "VC-23": known.controlled,
    }
    assert {check: check in known.checks for check in due} == due
    for always in ("VC-01", "VC-03", "VC-06", "VC-08", "VC-24"):
        assert always in known.checks
    for agreed in known.checks:
        assert PACK.rule(agreed) is not None


@pytest.mark.parametrize("form", FORMS)
def test_terms_and_titles_are_known(form: str) -> None:
    known = forms()[form]
    if known.instrument:
        assert instrument_row(known.instrument, rules()) is not None
    assert (known.document == "cheque") is (known.family == "instrument")
    assert known.dated_today is (known.family != "instrument")
    assert len({one.title.zh for one in known.fields}) == len(known.fields)


def law(form: str) -> set[str]:
    return {one.field for one in forms()[form].fields if one.void_if_missing}


def test_what_the_law_wants_on_an_instrument() -> None:
    """票据法 22, 75, 84; what may be filled in later, 85 and 86."""
    cheque = {"word", "order", "issue_date", "amount", "capitals", "payer_bank", "drawer_seal"}
    for form in ("cash_cheque", "transfer_cheque", "ordinary_cheque"):
        assert law(form) == cheque
        later = {one.field for one in forms()[form].fields if one.later}
        assert later == {"amount", "capitals", "payee_name"}
    note = {"word", "order", "issue_date", "amount", "capitals", "payee_name", "drawer_seal"}
    assert law("promissory_note") == note
    assert law("bank_draft") == {*note, "payer_bank"}


@pytest.mark.parametrize("form", FORMS)
def test_amount_date_and_payee_or_account_may_never_be_altered(form: str) -> None:
    known = forms()[form]
    core = {one.kind for one in known.core_fields}
    assert "date" in core
    assert ("amount" in core) is bool(known.of_kind("amount"))

    def is_payee(one: FormField) -> bool:
        return one.field in ("payee_name", "account_name", "account_number")

    for one in known.fields:
        if is_payee(one):
            assert one.core, one.field


# --- ticks and looks --------------------------------------------------------------------------------------


def transactions() -> list[tuple[str, str]]:
    return [(form, one) for form in FORMS for one in forms()[form].transactions]


@pytest.mark.parametrize(("form", "transaction"), transactions())
def test_a_plain_item_costs_two_ticks_at_most(form: str, transaction: str) -> None:
    for paid_as in ("cash", "transfer"):
        due = ticks_due(forms()[form], plain(form, transaction=transaction, paid_as=paid_as), rules())
        assert len(due) <= 2, [one.check for one in due]
        assert [one.check for one in due] == ["VC-08", "VC-24"]


def test_a_plain_deposit_has_exactly_these_two() -> None:
    asked = questions_due(forms()["deposit_slip"], plain("deposit_slip"), rules())
    assert [(one.check, one.by, one.covers) for one in asked] == [
        ("VC-04", "keyed", ()),
        ("VC-08", "tick", ()),
        ("VC-13", "match", ()),
        ("VC-24", "tick", ()),
        ("VC-25", "customer", ()),
    ]


def test_a_question_whose_rule_is_off_is_not_asked() -> None:
    without = changed(changed(rules(), "VC-08", on=False), "VC-24", on=False)
    assert ticks_due(forms()["deposit_slip"], plain("deposit_slip"), without) == ()


@pytest.mark.parametrize("form", FORMS)
def test_every_look_of_a_person_takes_its_time(form: str) -> None:
    for one in forms()[form].questions:
        if one.by in ("tick", "comparison", "identity"):
            least = look_milliseconds(one.checks, rules())
            assert 300 <= least <= 3000, (one.check, least)
            assert is_too_fast(one, least - 1, rules())
            assert not is_too_fast(one, least, rules())


def test_one_look_at_two_things_takes_the_time_of_both() -> None:
    both = forms()["cash_cheque"].question_of("VC-02")
    assert both is not None
    alone = [look_milliseconds((one,), rules()) for one in ("VC-02", "VC-08")]
    assert look_milliseconds(both.checks, rules()) == sum(alone) > max(alone)


def test_a_bank_that_does_not_measure_flags_nothing() -> None:
    off = changed(rules(), "LOOK", on=False)
    assert look_milliseconds(("VC-08", "VC-24"), off) == 0
    assert look_milliseconds(("VC-08", "VC-99"), rules()) == look_milliseconds(("VC-08",), rules())


def test_the_time_of_a_look_awaits_the_banks_word() -> None:
    assert "LOOK" in {row.rule for row in rules().unconfirmed()}


def test_the_eight_uses_of_cash() -> None:
    uses = uses_of_cash(PACK.family("CU-"))
    assert [name for name, _ in uses] == [f"CU-{number}" for number in range(1, 9)]
    assert uses[0][1].zh == "职工工资、津贴"


# --- conditions -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("form", "changes", "holds"),
    [
        ("withdrawal_slip", {}, {"person", "cash"}),
        ("cash_cheque", {}, {"entity", "reserved_seal", "cash"}),
        ("cash_cheque", {"payee_is_person": True}, {"entity", "reserved_seal", "cash", "individual_payee"}),
        ("settlement_application", {}, {"entity", "reserved_seal", "transfer"}),
        ("credit_slip", {"identity_due": True}, {"entity", "transfer", "identity"}),
        ("loss_application", {"accounts": {}}, set()),
        ("cash_pay_in", {"corrected": frozenset({"source"})}, {"entity", "cash", "corrected"}),
    ],
)
def test_what_holds_for_a_voucher(form: str, changes: dict[str, object], holds: set[str]) -> None:
    facts: VoucherFacts = plain(form, **changes)
    named = ("agent", "identity", "person", "entity", "individual_payee", "payment_password", "reserved_seal",
             "endorsed", "corrected", "cash", "transfer", "never")  # fmt: skip
    assert {one for one in named if facts.holds(one, forms()[form])} == holds
    assert facts.holds("always", forms()[form])


def test_the_topic_is_known() -> None:
    assert TOPICS["vouchers"] is VOUCHERS
