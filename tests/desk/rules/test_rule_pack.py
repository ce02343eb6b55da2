"""Rule packs: every flaw is refused by file, line and name; series without gap or overlap; the date chooses."""

from __future__ import annotations

from dataclasses import replace

import pytest

from desk.domain.procedure_kinds import Text
from desk.rules.rule_pack import PackFlaw, RulePack, load_pack
from desk.rules.rule_set import RuleSet, choose, series_flaws
from desk.rules.shapes import Field, Limit, Shape, Topic

TOPICS = {
    "t": Topic(
        "t",
        Text("甲", "T"),
        {"R-1": Shape({"limit": Field("limit")}), "R-2": Shape()},
        {"F-": Shape({"share": Field("share")})},
        ("R-1",),
    )
}
HEAD = (
    'pack = "p"\ntopic = "t"\nversion = 1\nregion = "CN"\nissuer = "training"\n'
    'title = { zh = "甲", en = "A" }\nvalid_from = 2026-01-01\n'
)
RULE = (
    '[[rule]]\nrule = "R-1"\ntitle = { zh = "甲", en = "A" }\nsource = "law 1"\nconfidence = "S"\n'
    'limit = { amount = "50000.00", inclusive = true }\n'
)


def pack(text: str = HEAD + RULE) -> RulePack:
    loaded = load_pack(text, "p.toml", TOPICS)
    assert isinstance(loaded, RulePack), loaded
    return loaded


def test_a_rule_says_whether_its_limit_includes_the_boundary() -> None:
    row = pack().rules["R-1"]
    assert row.limit("limit") == Limit(5_000_000, True)
    assert row.limit("limit").is_reached(5_000_000)
    assert not Limit(5_000_000, False).is_reached(5_000_000)


@pytest.mark.parametrize(
    ("old", "new", "line", "place", "reason"),
    [
        ('rule = "R-1"', 'rule = "R-9"', 9, "R-9", "is no rule of 't'"),
        ('topic = "t"', 'topic = "u"', 2, "head", "unknown topic 'u'"),
        ("version = 1", "version = 1\ncolour = 1", 4, "head", "unknown key 'colour'"),
        ('confidence = "S"', 'confidence = "X"', 12, "R-1", "'X' is none of"),
        ("inclusive = true", "inclusive = 1", 13, "R-1", "true or false"),
        (', inclusive = true', "", 13, "R-1", "says whether it includes its boundary"),
        ('source = "law 1"\n', "", 8, "R-1", "'source' is missing"),
        ('zh = "甲", en = "A" }\nsource', 'zh = "甲" }\nsource', 10, "R-1", "needs zh and en"),
        ("valid_from = 2026-01-01\n", "valid_from = 2026-01-01\nvalid_to = 2025-12-31\n", 8, "valid_to", "ends"),
    ],
)  # fmt: skip
def test_each_flaw_is_named_with_its_line(old: str, new: str, line: int, place: str, reason: str) -> None:
    assert old in HEAD + RULE
    found = load_pack((HEAD + RULE).replace(old, new, 1), "p.toml", TOPICS)
    assert isinstance(found, PackFlaw)
    assert (found.file, found.line, found.place) == ("p.toml", line, place)
    assert reason in found.reason
    assert str(found) == f"p.toml:{line}: {place}: {found.reason}"


SECOND = RULE.split("limit", maxsplit=1)[0].replace("R-1", "R-2")


@pytest.mark.parametrize(
    ("rules", "reason"),
    [
        ("", "at least one [[rule]] is needed"),
        ("rule = 1\n", "at least one [[rule]] is needed"),
        ('rule = [{ rule = "R-1" }]\n', "under a line [[rule]] of its own"),
        (SECOND, "no pack of 't' goes without this rule"),
        (RULE + "on = false\n", "is never off, in no region"),
        (RULE + 'regions = ["CN-HE"]\n', "is never off, in no region"),
        (RULE + RULE, "stands twice, first in line 8"),
    ],
)
def test_a_pack_without_its_rules_is_none(rules: str, reason: str) -> None:
    found = load_pack(HEAD + rules, "p.toml", TOPICS)
    assert isinstance(found, PackFlaw)
    assert reason in found.reason


def test_the_syntax_is_tomls() -> None:
    found = load_pack("pack = \n", "p.toml", TOPICS)
    assert isinstance(found, PackFlaw)
    assert (found.line, found.place) == (1, "syntax")


def test_a_region_switches_its_own_rules_in() -> None:
    text = HEAD + RULE + SECOND + 'regions = ["CN-HE"]\n'
    there, elsewhere = (choose((pack(text),), "2026-06-01", region, TOPICS) for region in ("CN-HE", "CN"))
    assert isinstance(there, RuleSet)
    assert isinstance(elsewhere, RuleSet)
    assert there.row("R-2") is not None
    assert elsewhere.row("R-2") is None
    assert there.reference != elsewhere.reference
    assert (there.source("R-2"), elsewhere.source("R-2"), elsewhere.title("R-2").en) == ("law 1", "", "R-2")
    assert (there.rule_reference("R-2"), elsewhere.rule_reference("R-2")) == ("R-2 p/1 law 1", "R-2")


def test_a_series_with_a_flaw_is_not_chosen_from() -> None:
    found = choose((OLD, replace(NEW, valid_from="2026-05-01")), "2026-06-01", "CN", TOPICS)
    assert isinstance(found, PackFlaw)
    twice = choose((OLD, replace(OLD, file="q.toml")), "2026-01-01", "CN", TOPICS)
    assert isinstance(twice, PackFlaw)
    assert "stands twice" in twice.reason


def test_unconfirmed_rules_are_off_unless_the_pack_turns_them_on() -> None:
    text = HEAD + RULE + RULE.split("limit", maxsplit=1)[0].replace("R-1", "R-2").replace('"S"', '"U"')
    assert pack(text).rule("R-2") is None
    row = pack(text + "on = true\n").rule("R-2")
    assert row is not None
    assert row.awaits_bank
    assert not pack(text + 'on = true\nconfirmed = "letter 7"\n').rules["R-2"].awaits_bank


OLD = replace(pack(), version=1, valid_from="2025-01-01", valid_to="2026-03-30", digest="a" * 64)
NEW = replace(pack(), version=2, valid_from="2026-03-31", valid_to="", digest="b" * 64)


@pytest.mark.parametrize(
    ("business_date", "chosen"),
    [
        ("2024-12-31", None),
        ("2025-01-01", OLD),
        ("2026-03-30", OLD),
        ("2026-03-31", NEW),
        ("2030-01-01", NEW),
    ],
)
def test_the_business_date_chooses_the_pack(business_date: str, chosen: RulePack | None) -> None:
    found = choose((NEW, OLD), business_date, "CN", TOPICS)
    assert (found.pack("t") if isinstance(found, RuleSet) else None) is chosen


@pytest.mark.parametrize(
    ("begins", "reason"), [("2026-03-30", "overlaps"), ("2026-04-01", "gap"), ("2026-03-31", "")]
)
def test_a_gap_or_overlap_is_refused(begins: str, reason: str) -> None:
    found = [flaw.reason for flaw in series_flaws((OLD, replace(NEW, valid_from=begins)))]
    assert len(found) == bool(reason)
    assert all(reason in one for one in found)
