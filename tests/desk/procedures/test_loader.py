"""A procedure file is refused with file, line and reason; the shipped one loads."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desk.domain.procedure_kinds import Owner, StepKind
from desk.procedures.loader import Flaw, load_procedure
from desk.procedures.procedure import KINDS, Procedure
from tests.desk.procedures.walk import FILE

TEXT = FILE.read_text(encoding="utf-8")


def flaw(text: str) -> Flaw:
    loaded = load_procedure(text, "x.toml")
    assert isinstance(loaded, Flaw), "should have been refused"
    return loaded


def test_the_shipped_procedure_has_its_steps_owners_and_both_languages() -> None:
    loaded = load_procedure(TEXT, FILE.name)
    assert isinstance(loaded, Procedure)
    assert (loaded.procedure, loaded.code) == ("cash_deposit", "1010")
    assert loaded.first.kind is StepKind.IDENTIFY
    assert loaded.step_of(StepKind.CUSTOMER_CONFIRM).owner is Owner.CUSTOMER
    for step in loaded.steps:
        for text in (step.title, step.rule, step.phrase):
            assert text.in_language("zh_CN")
            assert text.in_language("en")
            assert text.zh != text.en


def without_table(header: str, step: str, outcome: str = "") -> str:
    """The text without one [[way]] or [[step]] table."""
    parts = re.split(r"(?m)^(?=\[\[)", TEXT)
    kept = [
        part
        for part in parts
        if not (
            part.startswith(f"[[{header}]]")
            and f'step = "{step}"' in part
            and (not outcome or f'outcome = "{outcome}"' in part)
        )
    ]
    assert len(kept) == len(parts) - 1
    return "".join(kept)


REPLACEMENTS = [
    ('kind = "identify"', 'kind = "dance"', "unknown kind"),
    ('owner = "customer"', 'owner = "nobody"', "unknown owner"),
    ('guard = "review_due"', 'guard = "mood"', "unknown guard"),
    ('checks = ["VC-08", "VC-24"]', "checks = [1]", "list of check ids"),
    ("automatic = true", 'automatic = "yes"', "true or false"),
    ("called = true", "called = true\ncolour = 1", "unknown key 'colour'"),
    ('version = 1', 'version = "1"', "whole number"),
    ('version = 1', "version = true", "whole number"),
    ('code = "1010"', "code = 1010", "must be a text"),
    ('title = { zh = "现金存款", en = "Cash deposit" }', 'title = { zh = "现金存款" }', "exactly zh and en"),
    ('en = "Cash deposit"', 'en = " "', "a language is missing"),
    ('act = "review", presence = "desk", independence = "compare"', 'act = "review"', "exactly act"),
    ('act = "review", presence = "desk", independence = "compare"',
     'act = "pray", presence = "desk", independence = "compare"', "unknown 'pray'"),
    ('act = "review", presence = "desk", independence = "compare"',
     'act = "review", presence = "remote", independence = "compare"', "at the desk only"),
    ('outcome = "agree"\nto = "count"', 'outcome = "agree"\nto = "moon"', "unknown step 'moon'"),
    ('outcome = "agree"\nto = "count"', 'outcome = "agree"\nto = "end:no way"', "unknown step"),
    ('outcome = "agree"', 'outcome = "sings"', "never ends 'sings'"),
    ('[[way]]\nstep = "identify"', '[[way]]\nstep = "nowhere"', "way from unknown step"),
    ('outcome = "disagreed"\nto = "slip"', 'outcome = "left"\nto = "slip"', "two ways"),
    ('step = "second_count"\nkind = "second_count"', 'step = "review"\nkind = "second_count"', "stands twice"),
    ('outcome = "disputed"\nto = "end:disputed"', 'outcome = "disputed"\nto = "slip"', "comes back behind"),
    ('outcome = "done"\nto = "print"', 'outcome = "done"\nto = "hand_over"', "never reached"),
    ('step = "confirm"\noutcome = "done"\nto = "post"', 'step = "confirm"\noutcome = "done"\nto = "print"',
     "never reached"),
    ('outcome = "done"\nto = "second_count"', 'outcome = "done"\nto = "confirm"', "never reached"),
    ('return_reasons = [', 'return_reasons = 1\nx = [', "unknown key 'x'"),
    ('guard = "review_due"', "guard = []", "must be a text"),
    ('kind = "name_match"', 'kind = "name_match"\nguard = "review_due"', "never passed over"),
    ('step = "identify"', 'step = "end:identify"', "no name of a step"),
    ('kind = "post"', 'kind = "post"\nguard = "review_due"', "never passed over"),
    ('kind = "print_passbook"', 'kind = "print_passbook"\nguard = "review_due"', "never passed over"),
    ('outcome = "suspect"\nto = "suspect"', 'outcome = "suspect"\nto = "count"', "led to a suspect_note step"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "reason"), REPLACEMENTS)
def test_each_flaw_is_named_with_its_line(old: str, new: str, reason: str) -> None:
    assert old in TEXT
    found = flaw(TEXT.replace(old, new, 1))
    assert reason in found.reason
    assert found.line >= 1
    assert str(found).startswith("x.toml:")


def test_the_line_is_that_of_the_table() -> None:
    found = flaw(TEXT.replace('kind = "review"', 'kind = "dance"', 1))
    assert TEXT.splitlines()[found.line - 1] == "[[step]]"
    assert 'step = "review"' in TEXT.splitlines()[found.line]


def test_syntax_errors_keep_the_parsers_line() -> None:
    assert flaw(TEXT + "\n[[way\n").line > 100
    assert flaw("\x00").line == 1


@pytest.mark.parametrize("header", ["[[ step ]]", "  [[step]]", "[[step]]  # 受理"])
def test_a_header_may_be_spaced_and_commented(header: str) -> None:
    loaded = load_procedure(TEXT.replace("[[step]]", header), FILE.name)
    assert isinstance(loaded, Procedure)
    assert len(loaded.steps) == TEXT.count("[[step]]")


@pytest.mark.parametrize("steps", ["step = []", "step = [1]", "step = 1"])
def test_no_steps_at_all(steps: str) -> None:
    assert flaw(f"{steps}\n" + TEXT[TEXT.index("[[way]]") :]).reason == "at least one [[step]] is needed"


def test_a_table_without_a_line_of_its_own_is_refused() -> None:
    """Nothing is dropped unseen: a file whose tables cannot be told apart by line does not load."""
    inline = re.sub(r"(?m)^\[\[way\]\]\nstep = (.*)\noutcome = (.*)\nto = (.*)\n", "", TEXT)
    assert (
        "[[way]] of its own" in flaw('way = [{ step = "a", outcome = "done", to = "b" }]\n' + inline).reason
    )


def test_guarded_steps_that_lead_to_one_another_only() -> None:
    """Below the limit such a file would pass them over for ever."""
    circle = rewired(
        (
            'step = "review"\noutcome = "done"\nto = "confirm"',
            'step = "review"\noutcome = "done"\nto = "second_count"',
        ),
        (
            'step = "review"\noutcome = "returned"\nto = "slip"',
            'step = "review"\noutcome = "returned"\nto = "confirm"',
        ),
    )
    assert "passed over for ever" in flaw(circle).reason


@settings(max_examples=100, deadline=None)
@given(st.integers(0, len(TEXT)), st.integers(0, 30), st.text('=[]{}"a1.\n#', max_size=6))
def test_a_damaged_file_is_refused_or_whole_and_never_breaks_the_reader(at: int, gone: int, put: str) -> None:
    loaded = load_procedure(TEXT[:at] + put + TEXT[at + gone :], "x.toml")
    if isinstance(loaded, Procedure):
        assert set(loaded.ways) == {(s.step, o) for s in loaded.steps for o in KINDS[s.kind].outcomes}
    else:
        assert loaded.reason


def test_missing_parts_are_refused() -> None:
    assert "[[step]]" in flaw('procedure = "x"').reason
    assert "[[way]]" in flaw(TEXT.split("[[way]]")[0]).reason
    assert "no way for 'left'" in flaw(without_table("way", "confirm", "left")).reason
    reasons = re.sub(r"return_reasons = \[.*?\n\]\n", "return_reasons = []\n", TEXT, flags=re.S)
    assert "one to nine" in flaw(reasons).reason
    no_second = TEXT.replace(
        'second_person = { act = "review", presence = "desk", independence = "compare" }', "", 1
    )
    assert "needs a second person" in flaw(no_second).reason


def rewired(*changes: tuple[str, str]) -> str:
    text = TEXT
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    return text


def test_no_gate_can_be_walked_around() -> None:
    around = rewired(('outcome = "differs"\nto = "count"', 'outcome = "differs"\nto = "confirm"'))
    assert "without step 'review'" in flaw(around).reason


def test_a_procedure_without_a_gate_or_with_two_postings_is_refused() -> None:
    no_review = without_table("step", "review")
    for outcome in ("done", "returned", "rejected"):
        start = no_review.index(f'[[way]]\nstep = "review"\noutcome = "{outcome}"')
        end = no_review.index("[[way]]", start + 5)
        no_review = no_review[:start] + no_review[end:]
    no_review = no_review.replace('outcome = "done"\nto = "review"', 'outcome = "done"\nto = "confirm"')
    assert "posting without a review step" in flaw(no_review).reason
    two = rewired(('step = "print"\nkind = "print_passbook"', 'step = "print"\nkind = "post"'))
    assert "exactly one step" in flaw(two).reason


def test_nothing_prints_before_posting() -> None:
    early = rewired(
        ('outcome = "agree"\nto = "count"', 'outcome = "agree"\nto = "print"'),
        (
            'step = "print"\noutcome = "done"\nto = "hand_over"',
            'step = "print"\noutcome = "done"\nto = "count"',
        ),
        (
            'step = "post"\noutcome = "done"\nto = "print"',
            'step = "post"\noutcome = "done"\nto = "hand_over"',
        ),
    )
    assert "prints before posting" in flaw(early).reason


def test_every_kind_declares_its_outcomes() -> None:
    assert set(KINDS) == set(StepKind)
    assert all(kind.outcomes for kind in KINDS.values())


def test_a_first_step_that_is_a_gate_and_comes_back() -> None:
    assert (
        "comes back behind"
        in flaw(
            rewired(('outcome = "disputed"\nto = "end:disputed"', 'outcome = "disputed"\nto = "post"'))
        ).reason
    )
