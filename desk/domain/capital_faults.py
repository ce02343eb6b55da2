"""What is wrong with a text in capitals: which sum it means, and every place where it leaves the permitted writing.

For wording only. Whether a text is permitted is decided by ``desk.domain.capitals``; this reading is lenient, so that a
refusal can say what stands there and what it should be. A text without findings is a permitted one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum

from desk.domain.capitals import ALPHABET, variants, with_zero_yuan


class Fault(Enum):
    """Every way to miss the permitted writing of a sum that can still be read."""

    ROUND_MISSING = "整 missing after 元"
    ROUND_AFTER_FEN = "整 after 分"
    ROUND_MISPLACED = "整 elsewhere than once at the end"
    ZERO_MISSING = "零 missing inside"
    ZERO_MISSING_BEFORE_FEN = "零 missing between 元 and 分"
    ZERO_EXTRA = "零 where no zero stands"
    ZERO_REPEATED = "several 零 in a row"
    ZERO_WITH_PLACE = "零 together with the name of its place"
    ONE_MISSING = "壹 missing before 拾"
    YUAN_MISSING = "元 missing"


@dataclass(frozen=True)
class Finding:
    """One fault; ``place`` quotes the characters before which it lies, "" at the end or for the whole text."""

    fault: Fault
    place: str = ""


@dataclass(frozen=True)
class Reading:
    """The sum that a text means, how many optional 零 it writes, and where it is off."""

    amount_minor: int
    optional_zeros: int
    findings: tuple[Finding, ...]


_DIGITS = ALPHABET[:10]
_ZERO_WITH_PLACE = re.compile("零[拾佰仟角分]")
_FIGURE_BY_FIGURE = re.compile(f"^[{_DIGITS[1:]}]零|[{_DIGITS[1:]}]零零")
_BARE_TEN = re.compile(f"(?<![{_DIGITS}])拾")
_PLACES = (("仟", 1000), ("佰", 100), ("拾", 10), ("", 1))
_SECTIONS = (("a", 10**12), ("b", 10**8), ("c", 10**4), ("d", 1))


def _section_pattern(name: str) -> str:
    return "".join(f"(?:(?P<{name}{worth}>[{_DIGITS}]){place})?" for place, worth in _PLACES)


_A, _B, _C, _D = (_section_pattern(name) for name, _ in _SECTIONS)
_SUM = re.compile(
    f"(?:(?:(?:{_A}万)?{_B}亿)?(?:{_C}万)?{_D}元)?(?:(?P<jiao>[{_DIGITS}])角)?(?:(?P<fen>[{_DIGITS}])分)?"
)
_WORTH = {f"{name}{worth}": section * worth * 100 for name, section in _SECTIONS for _, worth in _PLACES} | {
    "jiao": 10,
    "fen": 1,
}


def read(text: str) -> Reading | None:
    """The lenient reading of folded capitals without prefix; None when they say no sum at all."""
    body, findings = _repaired(text)
    skeleton = body.replace("零", "")
    if skeleton == "元":
        return Reading(0, 0, ())
    amount_minor = _worth(body, skeleton)
    permitted = with_zero_yuan(amount_minor) if body.startswith("零元") else variants(amount_minor)
    if not permitted or _without_zeros(permitted[0]) != skeleton:
        return None
    zeros, choices = _zeros(body), [set(at) for at in zip(*map(_zeros, permitted), strict=True)]
    findings += _round(text, permitted[0])
    if not any(one.fault is Fault.ZERO_WITH_PLACE for one in findings):
        findings += _zero_findings(skeleton, zeros, choices)
    optional = sum(count for count, allowed in zip(zeros, choices, strict=True) if len(allowed) > 1)
    return Reading(amount_minor, optional, tuple(findings))


def _repaired(text: str) -> tuple[str, list[Finding]]:
    """The text without 整, and with what is missing or too much in the naming of places put right."""
    findings: list[Finding] = []
    body = text.replace("整", "")
    named = _ZERO_WITH_PLACE.search(body)
    if named:
        findings.append(Finding(Fault.ZERO_WITH_PLACE, named.group()))
        body = _ZERO_WITH_PLACE.sub("零", body)
    bare = _BARE_TEN.search(body)
    if bare:
        findings.append(Finding(Fault.ONE_MISSING, body[bare.start() : bare.start() + 2]))
        body = _BARE_TEN.sub("壹拾", body)
    if body and not set(body) & set("元角分"):
        findings.append(Finding(Fault.YUAN_MISSING))
        body += "元"
    return body, findings


def _worth(body: str, skeleton: str) -> int:
    """Figures times places, added up; 0 for what is no sum."""
    found = _SUM.fullmatch(skeleton)
    if found is None or _FIGURE_BY_FIGURE.search(body):  # 伍零零元 may be 500 or 5
        return 0
    return sum(_DIGITS.index(digit) * _WORTH[name] for name, digit in found.groupdict("零").items())


def _without_zeros(text: str) -> str:
    return text.replace("整", "").replace("零", "")


def _zeros(text: str) -> list[int]:
    """How many 零 stand before each other character, and after the last."""
    counts = [0]
    for char in text.replace("整", ""):
        if char == "零":
            counts[-1] += 1
        else:
            counts.append(0)
    return counts


def _round(text: str, permitted: str) -> list[Finding]:
    count = text.count("整")
    if count > 1 or (count and not text.endswith("整")):
        return [Finding(Fault.ROUND_MISPLACED)]
    if count and permitted.endswith("分"):
        return [Finding(Fault.ROUND_AFTER_FEN)]
    if not count and permitted.endswith("整"):
        return [Finding(Fault.ROUND_MISSING)]
    return []


def _zero_findings(skeleton: str, zeros: list[int], choices: list[set[int]]) -> list[Finding]:
    findings = []
    for at, (count, allowed) in enumerate(zip(zeros, choices, strict=True)):
        if count not in allowed:
            findings.append(Finding(_zero_fault(skeleton, at, count, allowed), skeleton[at : at + 2]))
    return findings


def _zero_fault(skeleton: str, at: int, count: int, allowed: set[int]) -> Fault:
    if count:
        return Fault.ZERO_REPEATED if 1 in allowed else Fault.ZERO_EXTRA
    before_fen = skeleton[at - 1] == "元" and skeleton[at + 1] == "分"
    return Fault.ZERO_MISSING_BEFORE_FEN if before_fen else Fault.ZERO_MISSING
