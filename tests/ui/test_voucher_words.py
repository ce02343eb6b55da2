"""What the checks of a voucher saw, and which check it was, in a teller's words in both languages."""

from __future__ import annotations

import pytest

from desk.domain.voucher_form import CHECKS
from tests.desk.rules.test_voucher_rules import CASES
from tests.desk.rules.voucher_examples import forms
from tests.ui.spoken import HAN
from ui.detail_words import worded
from ui.pages.wording import seen_words
from ui.texts import LANGUAGES, Texts

WORDS = sorted({seen for _check, _facts, _outcome, seen, *_ in CASES if seen} | set(forms()) | {"changed"})


@pytest.mark.parametrize("word", [one for one in WORDS if not one[:4].isdecimal()])
def test_what_a_check_saw_has_words(word: str) -> None:
    chinese, english = (seen_words(Texts(language), word) for language in LANGUAGES)
    assert HAN.search(chinese)
    assert not HAN.search(english)
    assert "_" not in english


@pytest.mark.parametrize("check", CHECKS)
def test_every_check_has_a_name(check: str) -> None:
    other = [worded(Texts(language).find, "check", "XX-99") for language in LANGUAGES]
    told = [worded(Texts(language).find, "check", check) for language in LANGUAGES]
    assert HAN.search(told[0])
    assert all(one != none for one, none in zip(told, other, strict=True))
