"""``rules try term``: the examples D13, D14 and D16 of counter-rules §8.3, every instrument, and texts that are no
dates."""

from __future__ import annotations

import pytest

from tests.ui.command_line.rules_asked import asked

EXAMPLES = [
    ("D13 in time", "2026-07-03", ("cheque", "2026-06-23", "--presented", "2026-07-03"), "OK", [], "2026-07-03"),
    ("D13 too late", "2026-07-04", ("cheque", "2026-06-23", "--presented", "2026-07-04"), "RETURN",
     ["EXPIRED", "RIGHTS-CHEQUE"], "2026-07-03"),
    ("D14", "2026-03-31", ("bank_draft", "2026-01-31"), "OK", [], "2026-02-28"),
    ("D14 presented", "2026-03-31", ("bank_draft", "2026-01-31", "--presented", "2026-03-01"), "RETURN",
     ["EXPIRED", "RIGHTS-OTHER"], "2026-02-28"),
    ("D16", "2026-06-23", ("cheque", "2026-06-24"), "RETURN", ["POST_DATED"], "2026-07-06"),
    ("D16 presented", "2026-06-23", ("cheque", "2026-06-24", "--presented", "2026-06-23"), "RETURN",
     ["POST_DATED"], "2026-07-06"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("on", "question", "result", "reasons", "value"),
    [one[1:] for one in EXAMPLES],
    ids=[one[0] for one in EXAMPLES],
)
def test_the_examples_of_the_tables(
    on: str, question: tuple[str, ...], result: str, reasons: list[str], value: str,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    told = asked(capsys, "term", *question, on=on)
    assert (told["result"], told["reasons"], told["value"]) == (result, reasons, value)
    assert told["source"]


def test_d16_is_decided_by_the_rule_on_dates(capsys: pytest.CaptureFixture[str]) -> None:
    told = asked(capsys, "term", "cheque", "2026-06-24", on="2026-06-23")
    assert (told["rule"], told["pack"]) == ("CD-7", "cn.capitals/1")


@pytest.mark.parametrize(
    ("instrument", "last"),
    [("cheque", "2026-06-12"), ("cash_cheque", "2026-06-12"), ("transfer_cheque", "2026-06-12"),
     ("crossed_cheque", "2026-06-12"), ("promissory_note", "2026-08-03"), ("bank_draft", "2026-07-02"),
     ("commercial_draft", "2026-06-12")],
)  # fmt: skip
def test_every_instrument_has_its_last_day(
    instrument: str, last: str, capsys: pytest.CaptureFixture[str]
) -> None:
    told = asked(capsys, "term", instrument, "2026-06-02", on="2026-06-02")
    assert (told["result"], told["value"], told["pack"]) == ("OK", last, "cn.terms/1")


def test_a_year_that_the_calendar_lacks_is_asked_about(capsys: pytest.CaptureFixture[str]) -> None:
    told = asked(capsys, "term", "cheque", "2026-12-25", on="2026-12-25")
    assert (told["result"], told["reasons"], told["value"]) == ("WARN", ["CALENDAR_UNKNOWN"], "2027-01-04")


@pytest.mark.parametrize(
    "question",
    [("cheque", "2026-02-30"), ("cheque", "abc"), ("cheque", ""), ("banknote", "2026-06-02"), ("", ""),
     ("cheque", "2026-06-02", "--presented", "tomorrow"), ("cheque", "9999-12-31"), ("cheque", "2026-06-0２")],
)  # fmt: skip
def test_what_is_no_question_is_stopped_and_never_breaks(
    question: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    told = asked(capsys, "term", *question, on="2026-06-02")
    assert told["result"] == "STOP"
    assert told["reasons"]
