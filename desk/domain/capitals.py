"""Amounts in Chinese capitals (大写金额): every permitted text of a sum, the canonical one first.

Instead of a fuzzy parser, all texts the rules allow are generated and a text is compared with them. Must not hold what
is said about a text that is none of them: that is ``desk.domain.capital_faults`` and ``desk.rules.capital_rules``.
Source: 支付结算办法 annex 1, as tabled in counter-rules §1.2 (CA-1 … CA-11).
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

PREFIX = "人民币"
ALPHABET = "零壹贰叁肆伍陆柒捌玖拾佰仟万亿元角分整"
"""The characters of a canonical text (CA-1), after folding."""

FOLDS: Mapping[str, str] = {
    "貳": "贰",
    "陸": "陆",
    "億": "亿",
    "萬": "万",
    "圓": "元",
    "圆": "元",
    "正": "整",
}
"""Other forms that CA-1 accepts, and what they stand for; a rule pack may name its own."""

TOO_LONG_MINOR = 10**18
"""The first amount beyond capitals: they go to sixteen figures of yuan."""

_DIGITS = ALPHABET[:10]
_PLACES = ("", "拾", "佰", "仟")
_UNITS = ("", "万", "亿", "万亿")


def capitals(amount_minor: int) -> str:
    """The canonical text with its prefix: ``人民币贰万零贰佰伍拾元整``; "" for an amount that has none."""
    permitted = variants(amount_minor)
    return PREFIX + permitted[0] if permitted else ""


def variants(amount_minor: int) -> tuple[str, ...]:
    """All permitted texts without prefix, canonical first: no 零 at the 万/仟 joint, 零 at the 元/角 joint (CA-6).

    None for an amount that is not positive (CA-11), or longer than capitals go.
    """
    if not 0 < amount_minor < TOO_LONG_MINOR:
        return ()
    yuan, jiao, fen = amount_minor // 100, amount_minor // 10 % 10, amount_minor % 10
    wholes = [whole + "元" for whole in _wholes(yuan)] if yuan else [""]
    return tuple(whole + tail for tail in _tails(yuan, jiao, fen) for whole in wholes)


def _wholes(yuan: int) -> list[str]:
    """The whole part, four figures at a time from the left, with every choice of the optional 零."""
    sections: list[int] = []
    while yuan:
        sections.append(yuan % 10_000)
        yuan //= 10_000
    texts = [""]
    above = -1  # the section of figures to the left; -1 before the first
    for power in range(len(sections) - 1, -1, -1):
        value = sections[power]
        if value:
            unit = "万" if power == 3 and sections[2] else _UNITS[power]
            joints = _joints(above, value)
            texts = [text + zero + _section(value) + unit for zero in joints for text in texts]
        above = value
    return texts


def _joints(above: int, value: int) -> tuple[str, ...]:
    """What may stand between two sections: 零 when the right one begins with 0 (CA-5); without or with it when only
    the place to the left is 0, whether alone or at the end of a run (CA-6).

    CA-6 names the 万 and the 元 place. The joint of 亿 and 仟万 goes by the same measure: the annex is silent on it,
    and both 壹拾亿伍仟万 and 壹拾亿零伍仟万 are read as one sum only.
    """
    if above < 0:
        return ("",)
    if value < 1000:
        return ("零",)
    return ("", "零") if above % 10 == 0 else ("",)


@cache  # at most 9,999 texts
def _section(value: int) -> str:
    text, zero = "", False
    for place in range(3, -1, -1):
        digit = value // 10**place % 10
        if digit == 0:
            zero = bool(text)
            continue
        text += ("零" if zero else "") + _DIGITS[digit] + _PLACES[place]
        zero = False
    return text


def _tails(yuan: int, jiao: int, fen: int) -> list[str]:
    if not jiao and not fen:
        return ["整"]
    if not jiao:
        return [("零" if yuan else "") + _DIGITS[fen] + "分"]
    tail = _DIGITS[jiao] + "角" + (_DIGITS[fen] + "分" if fen else "")
    ends = [tail] if fen else [tail, tail + "整"]
    if yuan and yuan % 10 == 0:
        return ["零" + end for end in ends] + ends
    return ends


def with_zero_yuan(amount_minor: int) -> tuple[str, ...]:
    """The texts that some systems print for less than 1 yuan, 零元伍角; none of them is in the annex."""
    if not 0 < amount_minor < 100:
        return ()
    return tuple("零元" + tail for tail in _tails(1, amount_minor // 10, amount_minor % 10))


def normalise(text: str, folds: Mapping[str, str] = FOLDS) -> str:
    """Traditional forms and 正 folded to the canonical characters; nothing else is forgiven."""
    return "".join(folds.get(char, char) for char in text)


def agrees(text: str, amount_minor: int, preprinted: bool = False) -> bool:
    """Whether ``text`` is a permitted text of the sum. The prefix must be written unless the form prints it (CA-4)."""
    folded = normalise(text)
    has_prefix = folded.startswith(PREFIX)
    if has_prefix == preprinted:
        return False
    return folded.removeprefix(PREFIX) in variants(amount_minor)
