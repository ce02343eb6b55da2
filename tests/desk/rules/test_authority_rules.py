"""Who must be there: the floor that no pack lowers, limits to the fen, and refusal where no rule speaks."""

from __future__ import annotations

import pytest

from desk.domain.procedure_kinds import ControlMode
from desk.rules.authority_rules import ALWAYS, BY_LIMIT, NEVER, review_limit_problem, who_must
from desk.rules.rule_pack import load_pack
from desk.rules.rule_set import RuleSet
from desk.rules.topics import TOPICS
from tests.desk.rules.shipped import changed_pack, changed_rules, shipped_rules
from ui.rule_files import SHIPPED

RULES = shipped_rules(("authority",), "2026-04-01")
FILE = "cn/authority.toml"
FLOOR_TEXT = (SHIPPED / FILE).read_text(encoding="utf-8").replace('"B"\non = true\n', '"S"\n')
DUAL, BY_AMOUNT = ControlMode.DUAL, ControlMode.COMPREHENSIVE
EVERY_MODE = pytest.mark.parametrize("mode", list(ControlMode))


def needs(
    kind: str, amount: int = 1, day_total: int = 0, mode: ControlMode = BY_AMOUNT, rules: RuleSet = RULES
) -> list[tuple[str, str]]:
    return [(one.act, one.rule) for one in who_must(kind, amount, day_total, mode, rules)]


@EVERY_MODE
@pytest.mark.parametrize(
    ("rule", "act", "kind"),
    [(rule, act, kind) for rule, (act, kinds) in ALWAYS.items() for kind in sorted(kinds)],
)
def test_the_always_list_holds_for_any_amount_and_mode(
    rule: str, act: str, kind: str, mode: ControlMode
) -> None:
    (found,) = who_must(kind, 0, 0, mode, RULES)
    assert (found.act, found.rule) == (act, rule)
    assert found.why.zh
    assert found.why.en != found.why.zh


@EVERY_MODE
@pytest.mark.parametrize("kind", sorted(NEVER))
def test_one_teller_finishes_small_services_alone(kind: str, mode: ControlMode) -> None:
    assert needs(kind, mode=mode) == []


CASH = ["cash_in", "cash_exchange", "close_with_balance"]


@pytest.mark.parametrize("kind", [*CASH, "transfer", "cross_border"])
@pytest.mark.parametrize(
    ("amount", "day_total", "due"), [(49_999_99, 0, False), (50_000_00, 0, True), (1, 49_999_99, True)]
)
def test_by_limit_the_boundary_is_within_and_the_day_adds_up(
    kind: str, amount: int, day_total: int, due: bool
) -> None:
    rule = "AL-2" if kind in CASH else "AL-3"
    assert needs(kind, amount, day_total) == ([("review", rule)] if due else [])


@pytest.mark.parametrize("kind", sorted(BY_LIMIT - {"hand_count", "cash_difference"}))
def test_under_dual_control_every_posting_is_reviewed(kind: str) -> None:
    assert needs(kind, 1, mode=DUAL) == [("review", "AL-1")]


def test_both_acts_may_be_due_review_first() -> None:
    assert needs("cash_out", 50_000_01) == [("review", "AL-2"), ("authorise", "AL-4")]
    assert needs("cash_out", 50_000_00) == [("review", "AL-2")]
    assert needs("cash_out", 30_000_00, 90_000_00) == [("review", "AL-2")], (
        "the person in charge checks one time"
    )


def test_a_hand_typed_count_above_its_limit_is_counted_again() -> None:
    assert needs("hand_count", 500_00) == []
    assert needs("hand_count", 500_01) == [("review", "AL-5")]


def test_what_no_rule_knows_is_authorised() -> None:
    assert needs("teleport") == [("authorise", "DC-1")]
    shorter = changed_rules(FILE, ('business = ["passbook_update", ', "business = ["))
    assert needs("passbook_update", rules=shorter) == [("authorise", "DC-1")]
    without = changed_rules(FILE, ('rule = "AN-1"\n', 'rule = "AN-1"\non = false\n'))
    assert needs("inquiry", rules=without) == [("authorise", "DC-1")]


def test_a_bank_adds_to_the_floor() -> None:
    added = (
        '[[rule]]\nrule = "AB-1"\ntitle = { zh = "查询须复核", en = "Inquiries are reviewed" }\n'
        'source = "本行"\nconfidence = "B"\non = true\nact = "review"\nbusiness = ["inquiry"]\n\n'
    )
    rules = changed_rules(FILE, ('[[rule]]\nrule = "AN-1"\n', added + '[[rule]]\nrule = "AN-1"\n'))
    assert needs("inquiry", rules=rules) == [("review", "AB-1")]
    assert needs("small_change", rules=rules) == []


@pytest.mark.parametrize("change", ["on = false", 'regions = ["CN-HE"]'])
@pytest.mark.parametrize("rule", [*(f"DC-{number}" for number in range(1, 10)), *ALWAYS, "AL-0", "AL-1"])
def test_no_pack_lowers_the_floor(rule: str, change: str) -> None:
    text = FLOOR_TEXT.replace(f'rule = "{rule}"\n', f'rule = "{rule}"\n{change}\n')
    assert text != FLOOR_TEXT
    assert f"{rule}: is never off" in str(load_pack(text, FILE, TOPICS))


def test_the_never_list_takes_nothing_in_from_a_pack() -> None:
    flaw = changed_pack(FILE, ('business = ["passbook_update", ', 'business = ["reversal", '))
    assert "'reversal' is none of" in str(flaw)


@pytest.mark.parametrize(("configured", "refused"), [(0, False), (50_000_00, False), (50_000_01, True)])
def test_a_desk_is_stricter_than_the_bank_or_equal_never_laxer(configured: int, refused: bool) -> None:
    problem = review_limit_problem(configured, RULES)
    assert (problem is not None) is refused
    if problem:
        assert problem.code == "AL-0"
        assert "50,000.01" in problem.words.zh
        assert "50,000.00" in problem.words.en


def test_a_ceiling_without_its_boundary_lets_a_desk_begin_one_fen_later() -> None:
    row = 'source = "题库（S-/B）"\nconfidence = "B"\non = true\nlimit = { amount = "50000.00", inclusive = true }'
    rules = changed_rules(FILE, (row, row.replace("inclusive = true", "inclusive = false")))
    assert review_limit_problem(50_000_01, rules) is None
    assert review_limit_problem(50_000_02, rules) is not None
