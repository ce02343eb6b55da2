"""Amounts in Chinese capitals (大写金额): every permitted text of a sum, the canonical one first.

Instead of a fuzzy parser, all texts the rules allow are generated and a text is compared with them.
Source: 支付结算办法 annex 1, as tabled in counter-rules §1.2 (CA-1 … CA-11).
"""

from __future__ import annotations

PREFIX = "人民币"
_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("", "拾", "佰", "仟")
_SECTIONS = ("", "万", "亿", "万亿")
_FOLD = str.maketrans({"貳": "贰", "陸": "陆", "億": "亿", "萬": "万", "圓": "元", "圆": "元", "正": "整"})


def capitals(amount_minor: int) -> str:
    """The canonical text with its prefix: ``人民币贰万零贰佰伍拾元整``. ``amount_minor`` > 0."""
    return PREFIX + variants(amount_minor)[0]


def variants(amount_minor: int) -> tuple[str, ...]:
    """All permitted texts without prefix, canonical first: no 零 at the 万/仟 joint, 零 at the 元/角 joint (CA-6)."""
    yuan, jiao, fen = amount_minor // 100, amount_minor // 10 % 10, amount_minor % 10
    wholes = _wholes(yuan) if yuan else [""]
    tails = _tails(yuan, jiao, fen)
    return tuple(dict.fromkeys(whole + tail for tail in tails for whole in wholes))


def _wholes(yuan: int) -> list[str]:
    texts = [_whole(yuan, joint_zero=False)]
    with_zero = _whole(yuan, joint_zero=True)
    if with_zero not in texts:
        texts.append(with_zero)
    return [text + "元" for text in texts]


def _whole(yuan: int, joint_zero: bool) -> str:
    """The whole part. ``joint_zero``: also write the optional 零 where the 万 place is 0 and the 仟 place is not."""
    sections: list[int] = []
    while yuan:
        sections.append(yuan % 10_000)
        yuan //= 10_000
    text, pending_zero = "", False
    for power in range(len(sections) - 1, -1, -1):
        value = sections[power]
        if value == 0:
            pending_zero = bool(text)
            continue
        above = sections[power + 1] if power + 1 < len(sections) else 0
        needs_zero = bool(text) and (pending_zero or value < 1000)
        optional = bool(text) and not needs_zero and above % 10 == 0 and joint_zero
        text += ("零" if needs_zero or optional else "") + _section(value) + _SECTIONS[power]
        if power == 3 and not sections[2]:
            text = text.removesuffix("亿") + "亿"
        pending_zero = False
    return text


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


def normalise(text: str) -> str:
    """Traditional forms and 正 folded to the canonical characters; nothing else is forgiven."""
    return text.translate(_FOLD)


def agrees(text: str, amount_minor: int, preprinted: bool = False) -> bool:
    """Whether ``text`` is a permitted text of the sum. The prefix must be written unless the form prints it (CA-4)."""
    folded = normalise(text)
    has_prefix = folded.startswith(PREFIX)
    if has_prefix == preprinted:
        return False
    return folded.removeprefix(PREFIX) in variants(amount_minor)
