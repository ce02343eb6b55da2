"""The parameters of the detectors, read from a pack of the topic "names" once for many comparisons."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from desk.domain.account_name import ENCODING_REASONS, HAN, SUBSTANCE_REASONS, normalised
from desk.domain.procedure_kinds import Text
from desk.rules.name_topic import rule_of
from desk.rules.rule_pack import RulePack, RuleRow

_CODE = re.compile(r"U\+([0-9A-F]{4,6})")
_LAST_CODE = 0x10FFFF
_NO_ROW = RuleRow("", Text("", ""), "", "", on=False)


@dataclass(frozen=True)
class NameParameters:
    """``on``: detectors that may speak; ``of_substance``: those whose doubt nobody overrides. Words are in normal form,
    longest first; widths count two for a character outside ASCII, as the fields of old systems do."""

    on: frozenset[str]
    of_substance: frozenset[str]
    private: Mapping[str, str]
    private_promoted: bool
    placeholders: str
    stand_ins: re.Pattern[str]
    widths: Mapping[str, int]
    tone_counts: bool
    one_char_length: int
    forms: tuple[str, ...]
    latin_forms: frozenset[str]
    typo_short: int
    typo_short_distance: int
    typo_distance: int
    company: re.Pattern[str]
    company_end: re.Pattern[str]
    latin_company_words: frozenset[str]
    branch: re.Pattern[str]
    compound_surnames: frozenset[str]
    alike: tuple[frozenset[str], ...]


@dataclass(frozen=True)
class _Key:
    """The same text with the same rules on means the same parameters."""

    reference: str
    on: tuple[str, ...]
    pack: RulePack = field(compare=False)


def parameters_of(pack: RulePack) -> NameParameters:
    """What the rules that are on say; a detector that is off never speaks. Read once a pack."""
    return _read(_Key(pack.reference, tuple(name for name, row in pack.rules.items() if row.on), pack))


@lru_cache(maxsize=16)
def _read(key: _Key) -> NameParameters:
    pack = key.pack
    rows = {code: pack.rule(rule_of(code)) for code in (*ENCODING_REASONS, *SUBSTANCE_REASONS, "SHORT_FORM")}
    on = frozenset(code for code, row in rows.items() if row is not None)

    def row(code: str) -> RuleRow:
        return pack.rule(rule_of(code)) or _NO_ROW

    company_words = _words(row("HOLDER_KIND"), "company_words")
    return NameParameters(
        on=on,
        of_substance=frozenset(code for code, one in rows.items() if one and one.text("class") == "S"),
        private=_private(row("PUA").table("mapping")),
        private_promoted=row("PUA").flag("promoted"),
        placeholders=row("PLACEHOLDER").text("characters"),
        stand_ins=_between_han(row("DOT_KIND").text("stand_ins")),
        widths={name: int(width) for name, width in row("TRUNCATED").table("widths").items() if width.isdecimal()},
        tone_counts=row("HOMOPHONE").flag("tone_counts"),
        one_char_length=row("ONE_CHAR").whole("length"),
        forms=_words(row("COMPANY_FORM"), "forms"),
        latin_forms=frozenset(_words(row("COMPANY_FORM"), "latin_forms")),
        typo_short=row("TYPO").whole("short"),
        typo_short_distance=row("TYPO").whole("short_distance"),
        typo_distance=row("TYPO").whole("distance"),
        company=_any_of(word for word in company_words if len(word) > 1),
        company_end=_any_of(word for word in company_words if len(word) == 1),
        latin_company_words=frozenset(_words(row("HOLDER_KIND"), "latin_company_words")),
        branch=_any_of(_words(row("BRANCH"), "branch_words")),
        compound_surnames=frozenset(row("SURNAME").texts("compound")),
        alike=tuple(frozenset(normalised(group)) for group in row("LOOKALIKE").texts("alike")),
    )  # fmt: skip


def _words(row: RuleRow, name: str) -> tuple[str, ...]:
    return tuple(sorted((normalised(one) for one in row.texts(name)), key=len, reverse=True))


def _any_of(words: Iterable[str]) -> re.Pattern[str]:
    """Any of the words; never matches for none."""
    return re.compile("|".join(map(re.escape, words)) or r"(?!)")


def _between_han(characters: str) -> re.Pattern[str]:
    """Any of the characters between two Han; never matches for none."""
    inside = re.escape(characters)
    return re.compile(f"(?<=[{HAN}])[{inside}](?=[{HAN}])" if inside else r"(?!)")


def _private(table: Mapping[str, str]) -> Mapping[str, str]:
    """Private-use character → the character it stood for; a line that names no two code points maps nothing, so that
    the character stays unreadable."""
    found = ((_char(private), _char(stands_for)) for private, stands_for in table.items())
    return {private: stands_for for private, stands_for in found if private and stands_for}


def _char(code: str) -> str:
    found = _CODE.fullmatch(code)
    number = int(found.group(1), 16) if found else 0
    return chr(number) if 0 < number <= _LAST_CODE else ""
