"""The proof of names, smaller: every kind of pair comes out as its kind, and the proof sees one that does not."""

from __future__ import annotations

import opencc
import pytest

from tests.proofs import name_pairs, names

FEWER = 200
OTHER_SEED = 7


@pytest.mark.parametrize("seed", [names.SEED, OTHER_SEED])
def test_every_pair_comes_out_as_its_kind(seed: int) -> None:
    table, _ = names.class_all(FEWER, seed)
    assert {kind: one.wrong for kind, one in table.items() if one.wrong} == {}
    assert {kind: one.classes.total() for kind, one in table.items()} == dict.fromkeys(
        name_pairs.KINDS, FEWER
    )


def test_every_reason_of_the_tables_has_its_kind() -> None:
    classes = {expected for _, expected in name_pairs.KINDS.values()}
    for code in (
        "TRAD", "PUA", "DOT_KIND", "DOT_MISSING", "PINYIN_PLACEHOLDER", "TRUNCATED", "DIACRITIC",
    ):  # fmt: skip
        assert f"NEAR_E {code}" in classes
    for code in ("HOMOPHONE", "ONE_CHAR", "COMPANY_FORM", "TYPO", "ORDER"):
        assert f"NEAR_S {code}" in classes


def test_the_grounds_of_the_makers_hold() -> None:
    """Simplified characters are no other's traditional form; every traditional one of the table has its one partner."""
    simplify = opencc.OpenCC("t2s").convert
    plain = {*name_pairs.SURNAMES, *"".join(name_pairs.COMPOUND), *name_pairs.APART, *name_pairs.BRAND}
    plain |= {char for group in name_pairs.SOUNDS.values() for char in group}
    assert {char for char in plain if simplify(char) != char} == set()
    for simplified, traditional in name_pairs.TRADITIONAL.items():
        assert simplify(traditional) == simplified
    groups = "".join(name_pairs.SOUNDS.values())
    assert len(groups) == len(set(groups))
    for one in name_pairs.TRADES:
        assert sum(a == b for other in name_pairs.TRADES for a, b in zip(one, other, strict=True)) == 2


def test_a_pair_of_another_kind_is_seen_and_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    mistaken = {"TRAD": (name_pairs.homophone, "NEAR_E TRAD"), "TYPO": name_pairs.KINDS["TYPO"]}
    monkeypatch.setattr(names, "KINDS", mistaken)
    assert names.main(["--pairs", "20"]) == 1
    told = capsys.readouterr().out
    assert "NEAR_S HOMOPHONE 20" in told
    assert told.count("WRONG  TRAD") == names.SHOWN
    assert "40 pairs of 2 kinds, 20 classed as another" in told


def test_the_command_prints_its_table(capsys: pytest.CaptureFixture[str]) -> None:
    assert names.main(["--pairs", "2"]) == 0
    told = capsys.readouterr().out.splitlines()
    assert len(told) == len(name_pairs.KINDS) + 1
    assert "0 classed as another" in told[-1]


def test_a_maker_without_enough_pairs_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(names, "KINDS", {"one": (lambda draw: ("张伟", "张伟"), "EXACT")})
    with pytest.raises(ValueError, match="only 1 different pairs of the kind 'one'"):
        names.pairs_of("one", 2, 0)
