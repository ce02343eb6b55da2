"""What changes for tellers, in words: every kind of difference between two packs, in both languages."""

from __future__ import annotations

import pytest

from desk.domain.procedure_kinds import Text
from desk.rules.pack_diff import Change, differences
from desk.rules.rule_pack import RulePack, load_pack
from desk.rules.shapes import Field, Shape, Topic

SHAPE = Shape(
    {
        "limit": Field("limit", required=False),
        "on_fail": Field("text", required=False),
        "requires": Field("texts", required=False),
        "full": Field("share", required=False),
        "say": Field("words", required=False),
        "strict": Field("yes_no", required=False),
        "pattern": Field("pattern", required=False),
        "cases": Field("table", required=False),
        "count": Field("whole", required=False),
        "holidays": Field("days", required=False),
    }
)
TOPICS = {"t": Topic("t", Text("甲", "T"), families={"R-": SHAPE})}
HEAD = (
    'pack = "p"\ntopic = "t"\nversion = 1\nregion = "CN"\nissuer = "training"\n'
    'title = { zh = "甲", en = "A" }\nvalid_from = 2026-01-01\n'
)
RULE = '[[rule]]\nrule = "R-1"\ntitle = { zh = "大额", en = "Large" }\nsource = "law 1"\nconfidence = "S"\n'


def pack(rules: str = RULE, head: str = HEAD) -> RulePack:
    loaded = load_pack(head + rules, "p.toml", TOPICS)
    assert isinstance(loaded, RulePack), loaded
    return loaded


def only(old: str, new: str) -> Change:
    found = differences(pack(old), pack(new))
    assert len(found) == 1, found
    return found[0]


def test_the_same_pack_changes_nothing() -> None:
    assert differences(pack(), pack()) == ()


FIELDS = [
    (
        'limit = { amount = "50000.00", inclusive = false }', 'limit = { amount = "30000.00", inclusive = true }',
        "大额：限额 50,000.00（不含） → 30,000.00（含）", "Large: limit 50,000.00 (exclusive) → 30,000.00 (inclusive)",
    ),
    ('on_fail = "warn"', 'on_fail = "stop"', "大额：不通过时 提示 → 停办", "Large: on failure warn → stop"),
    ('full = "3/4"', 'full = "4/5"', "大额：全额标准 3/4 → 4/5", "Large: full value from 3/4 → 4/5"),
    ("strict = true", "strict = false", "大额：strict 是 → 否", "Large: strict yes → no"),
    ("count = 10", "count = 20", "大额：期限数 10 → 20", "Large: length 10 → 20"),
    ('pattern = "a+"', 'pattern = "b+"', "大额：pattern a+ → b+", "Large: pattern a+ → b+"),
    ('cases = { x = "1" }', 'cases = { x = "2" }', "大额：cases x=1 → x=2", "Large: cases x=1 → x=2"),
    (
        'say = { zh = "旧", en = "old" }', 'say = { zh = "新", en = "new" }',
        "大额：对客户说 “旧” → “新”", 'Large: said to the customer "old" → "new"',
    ),
    (
        'requires = ["identity", "report"]', 'requires = ["report", "authoriser"]',
        "大额：要求 增加 authoriser；去掉 identity", "Large: requires adds authoriser; drops identity",
    ),
    ('requires = ["a", "b"]', 'requires = ["b", "a"]', "大额：要求 次序变动", "Large: requires order changes"),
    ("holidays = []", "holidays = [2026-10-01]", "大额：节假日 增加 2026-10-01", "Large: holidays adds 2026-10-01"),
    ("", "count = 3", "大额：期限数 （无） → 3", "Large: length (none) → 3"),
    ('requires = ["a"]', "", "大额：要求 a → （无）", "Large: requires a → (none)"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "zh", "en"), FIELDS)
def test_a_field_says_what_it_was_and_what_it_is(old: str, new: str, zh: str, en: str) -> None:
    found = only(RULE + old, RULE + new)
    assert (found.rule, found.kind, found.words) == ("R-1", "changed", Text(zh, en))


def test_the_words_of_a_rule_and_its_standing() -> None:
    other = RULE.replace('"Large"', '"Larger"').replace('"law 1"', '"law 2"').replace('"S"', '"S-"')
    assert [one.field for one in differences(pack(), pack(other))] == ["title", "source", "confidence"]


SECOND = RULE.replace("R-1", "R-2")


@pytest.mark.parametrize(
    ("old", "new", "kind", "en"),
    [
        (RULE, RULE + SECOND, "added", "new rule: Large"),
        (RULE, RULE + SECOND + "on = false", "added", "new rule, not switched on: Large"),
        (RULE + SECOND, RULE, "removed", "no longer there: Large"),
        (RULE, RULE + "on = false", "off", "switched off: Large"),
        (RULE + "on = false", RULE, "on", "switched on: Large"),
        (RULE, RULE + 'confirmed = "letter 7"', "confirmed", "confirmed by the bank: Large"),
        (RULE + 'confirmed = "letter 7"', RULE, "confirmed", "confirmation withdrawn: Large"),
    ],
)
def test_rules_come_go_and_are_switched(old: str, new: str, kind: str, en: str) -> None:
    found = only(old, new)
    assert (found.kind, found.words.en) == (kind, en)


def test_the_dates_and_the_region_of_a_pack() -> None:
    new = HEAD.replace("2026-01-01", "2026-07-01\nvalid_to = 2026-12-31").replace('"CN"', '"CN-HE"')
    found = differences(pack(), pack(head=new))
    assert [one.words.en for one in found] == [
        "in force from: 2026-01-01 → 2026-07-01",
        "in force to: — → 2026-12-31",
        "region: CN → CN-HE",
    ]
