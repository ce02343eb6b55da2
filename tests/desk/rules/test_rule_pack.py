"""Rule packs: the shipped one loads; every flaw is refused by file and place; the date chooses."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desk.domain.procedure_kinds import Text
from desk.rules.rule_pack import NEVER_WITHOUT, PackFlaw, RulePack, choose, load_pack

FILE = Path(__file__).parents[3] / "resources" / "rules" / "cn_2026.toml"
TEXT = FILE.read_text(encoding="utf-8")
HEAD = 'pack = "p"\nversion = 1\nregion = "CN"\nvalid_from = 2026-01-01\nvalid_to = ""\n'
RULE = (
    '[[rule]]\nrule = "R-1"\nkind = "automatic"\non_fail = "stop"\n'
    'title = { zh = "甲", en = "A" }\nsource = "law 1"\nconfidence = "S"\n'
)


def pack(text: str = HEAD + RULE) -> RulePack:
    loaded = load_pack(
        text + "".join(RULE.replace("R-1", name) for name in NEVER_WITHOUT if f'"{name}"' not in text),
        "p.toml",
    )
    assert isinstance(loaded, RulePack), loaded
    return loaded


def flaw(text: str) -> PackFlaw:
    loaded = load_pack(text, "p.toml")
    assert isinstance(loaded, PackFlaw), "should have been refused"
    return loaded


def test_the_shipped_pack_says_where_each_rule_comes_from() -> None:
    shipped = pack(TEXT)
    assert (shipped.pack, shipped.version, shipped.region, shipped.valid_from) == (
        "cn",
        1,
        "CN",
        "2026-03-31",
    )
    assert set(shipped.rules) == {"VC-01", "VC-03", "VC-04", "VC-06", "VC-08", "VC-12", "VC-13", "VC-24"}
    for row in shipped.rules.values():
        assert row.source
        assert row.title.zh != row.title.en


def test_a_transaction_stores_pack_version_source_and_the_exact_text() -> None:
    one = pack()
    assert one.reference == f"p/1/{one.digest[:16]}"
    assert one.rule_reference("R-1") == "R-1 p/1 law 1"
    assert (one.title("R-1"), one.source("R-1")) == (Text("甲", "A"), "law 1")
    assert pack(HEAD + RULE + "\n").reference != one.reference


def test_a_rule_that_is_not_in_the_pack_shows_as_its_id() -> None:
    one = pack()
    assert one.rule_reference("R-9") == "R-9 p/1"
    assert (one.title("R-9"), one.source("R-9")) == (Text("R-9", "R-9"), "")


FLAWS = [
    ('pack = "p"', "pack = 1", "top", "'pack' must be a text"),
    ('pack = "p"', 'pack = " "', "top", "'pack' must be a text"),
    ('region = "CN"\n', "", "top", "'region' must be a text"),
    ("version = 1", 'version = "1"', "version", "whole number"),
    ("version = 1", "version = true", "version", "whole number"),
    ("version = 1", "version = 1\ncolour = 1", "top", "unknown key 'colour'"),
    ("valid_from = 2026-01-01", 'valid_from = "2026-01-01"', "valid_from", "must be a date"),
    ("valid_from = 2026-01-01", 'valid_from = ""', "valid_from", "must be a date"),
    ("valid_from = 2026-01-01", "valid_from = 2026-01-01T00:00:00", "valid_from", "must be a date"),
    ('valid_to = ""\n', "", "valid_to", "must be a date"),
    ('valid_to = ""', "valid_to = 2026-01-01", "valid_to", "ends before it begins"),
    ('rule = "R-1"', "rule = 1", "1", "'rule' must be a text"),
    ('kind = "automatic"', 'kind = "magic"', "R-1", "'magic' is none of"),
    ('kind = "automatic"', "kind = []", "R-1", "'kind' must be a text"),
    ('on_fail = "stop"', 'on_fail = "shrug"', "R-1", "'shrug' is none of"),
    ('confidence = "S"', 'confidence = "X"', "R-1", "'X' is none of"),
    ('confidence = "S"', 'confidence = "S"\ncolour = 1', "R-1", "unknown key 'colour'"),
    ('{ zh = "甲", en = "A" }', '{ zh = "甲" }', "R-1", "needs zh and en"),
    ('{ zh = "甲", en = "A" }', '"甲"', "R-1", "needs zh and en"),
    ('en = "A"', 'en = ""', "R-1", "'en' must be a text"),
    ('en = "A"', "en = 1", "R-1", "'en' must be a text"),
    ('source = "law 1"\n', "", "R-1", "'source' must be a text"),
]


@pytest.mark.parametrize(("old", "new", "place", "reason"), FLAWS)
def test_each_flaw_is_named_with_its_place(old: str, new: str, place: str, reason: str) -> None:
    assert (HEAD + RULE).count(old) == 1
    found = flaw((HEAD + RULE).replace(old, new))
    assert (found.file, found.place) == ("p.toml", place)
    assert reason in found.reason
    assert str(found) == f"p.toml: {place}: {found.reason}"


@pytest.mark.parametrize("rules", ["", "rule = 1\n", "rule = []\n", "rule = [1]\n"])
def test_a_pack_without_rules_is_none(rules: str) -> None:
    assert flaw(HEAD + rules).reason == "at least one [[rule]] is needed"


def test_a_rule_stands_once_and_the_syntax_is_tomls() -> None:
    assert flaw(HEAD + RULE + RULE) == PackFlaw("p.toml", "R-1", "stands twice")
    assert flaw("pack =").place == "syntax"


@settings(max_examples=200)
@given(st.integers(0, len(HEAD + RULE)), st.integers(0, 12), st.text("=[]{}\"'1a.\n#-", max_size=6))
def test_a_damaged_pack_is_refused_or_whole_and_never_breaks_the_reader(at: int, gone: int, put: str) -> None:
    text = HEAD + RULE
    loaded = load_pack(text[:at] + put + text[at + gone :], "p.toml")
    if isinstance(loaded, RulePack):
        assert all(row.title.zh and row.title.en and row.source for row in loaded.rules.values())
    else:
        assert loaded.reason


OLD = replace(pack(), version=1, valid_from="2025-01-01", valid_to="2026-03-31")
NEW = replace(pack(), version=2, valid_from="2026-03-31", valid_to="")


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
    assert choose((OLD, NEW), business_date) is chosen


@pytest.mark.parametrize("name", NEVER_WITHOUT)
def test_no_pack_goes_without_the_floor(name: str) -> None:
    without = "".join(RULE.replace("R-1", one) for one in NEVER_WITHOUT if one != name)
    found = load_pack(HEAD + without, "p.toml")
    assert found == PackFlaw("p.toml", name, "no pack goes without this check")
