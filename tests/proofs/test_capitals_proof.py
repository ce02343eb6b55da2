"""The proof of capitals on a few thousand sums, and that it can fail: each claim is broken once and seen."""

from __future__ import annotations

from itertools import islice
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.domain import capitals
from desk.domain.capitals import ALPHABET, variants
from tests.proofs import capitals as proof
from tests.proofs.capital_reader import NoSum, strictly

SUMS = sorted(
    {*range(1, 500), *islice(proof.boundary_sums(), 3 * proof.LONGEST), *proof.random_sums(1_500)} - {0}
)


def test_a_few_thousand_sums_hold() -> None:
    tally = proof.prove_all(SUMS, workers=1)
    assert tally.failures == []
    assert tally.counts["sums"] == len(SUMS)
    assert set(tally.cn2an) == {proof.SAME, proof.ZERO_BEFORE_JIAO}


def test_the_sums_are_those_promised() -> None:
    boundaries = set(proof.boundary_sums())
    assert {10**power + step for power in range(proof.LONGEST) for step in (-1, 0, 1)} <= boundaries
    assert len({str(one).translate(str.maketrans("123456789", "1" * 9)) for one in boundaries}) >= 2**18
    drawn = list(proof.random_sums(1_000))
    assert len(drawn) == 1_000
    assert max(map(len, map(str, drawn))) == proof.LONGEST


TEN_IS_BARE: Any = lambda amount: tuple(text.replace("壹拾", "拾") for text in variants(amount))  # noqa: E731
ONE_IS_MISSING: Any = lambda amount: variants(amount)[:1]  # noqa: E731
ZERO_FIRST: Any = lambda amount: tuple(reversed(variants(amount)))  # noqa: E731
ALSO_TEN_TIMES: Any = lambda amount: (*variants(amount), *variants(amount * 10))  # noqa: E731


@pytest.mark.parametrize(
    ("writer", "claim"),
    [
        (TEN_IS_BARE, "is read as no sum"),
        (ONE_IS_MISSING, "1 texts, but 4 choices"),
        (ZERO_FIRST, "elsewhere than after 元"),
        (ALSO_TEN_TIMES, "is read as 107000530"),
        (ALSO_TEN_TIMES, "a text of one sum is also a text of another"),
        (ALSO_TEN_TIMES, "is accepted for"),
    ],
)
def test_a_wrong_writer_is_found(monkeypatch: pytest.MonkeyPatch, writer: Any, claim: str) -> None:
    monkeypatch.setattr(proof, "variants", writer)
    monkeypatch.setattr(proof, "IN_TURN", 1)
    tally = proof.prove_all([10_700_053, 107_000_530], workers=1)
    assert any(claim in failure for failure in tally.failures)
    assert list(proof.report(tally))[-1].endswith("FAILED")


def test_a_rule_that_refuses_a_permitted_text_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(capitals, "PREFIX", "RMB")
    tally = proof.prove_all([10_700_053], workers=1)
    assert any("does not agree" in failure for failure in tally.failures)


@given(st.data())
def test_the_strict_reader_and_the_writer_permit_the_same_texts(data: st.DataObject) -> None:
    """Both ways: whatever the reader, which knows nothing of the writer, takes for a sum, the writer writes for it."""
    amount_minor = data.draw(st.one_of(st.integers(1, 10**18 - 1), st.sampled_from(SUMS)))
    text = data.draw(st.sampled_from(variants(amount_minor)))
    assert strictly(text)[0] == amount_minor
    at, cut = data.draw(st.integers(0, len(text))), data.draw(st.integers(0, 1))
    changed = text[:at] + data.draw(st.sampled_from(["", *ALPHABET])) + text[at + cut :]
    try:
        other = strictly(changed)[0]
    except NoSum:
        assert changed not in variants(amount_minor)
    else:
        assert changed in variants(other)
