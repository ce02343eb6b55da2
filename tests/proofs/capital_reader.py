"""A strict reader of amounts in capitals that knows nothing of the writer in ``desk.domain.capitals``.

It goes from right to left, puts each figure on its power of ten, and then holds every gap between two figures against
the words of the annex (CA-3, CA-5, CA-6, CA-7, CA-10). A text has one reading or none, so no text stands for two sums.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise

FIGURES = {"壹": 1, "贰": 2, "叁": 3, "肆": 4, "伍": 5, "陆": 6, "柒": 7, "捌": 8, "玖": 9}
IN_SECTION = {"拾": 1, "佰": 2, "仟": 3}
FEN, JIAO, YUAN, WAN, YI, WAN_YI = -2, -1, 0, 4, 8, 12
MAY_BE_SILENT = frozenset({YUAN, WAN, YI, WAN_YI})
"""Places whose 0 need not be written when the next one to the right is not 0 (CA-6; 亿 by the same measure)."""


class NoSum(Exception):
    """The text is no permitted writing of any sum."""


@dataclass
class Walk:
    """What was met so far, from the right."""

    unit: int | None = None
    offset: int = 0
    needs_figure: bool = False
    after_figure: bool = False
    figures: list[tuple[int, int]] = field(default_factory=list)
    zeros_left_of: set[int] = field(default_factory=set)

    def take_unit(self, unit: int) -> None:
        """角, 元, 万 or 亿: never twice, never without a figure of its own, but 万亿 is one unit."""
        joined = unit == WAN_YI and self.unit == YI and not self.offset
        if self.needs_figure and not joined:
            raise NoSum
        if self.unit is not None and unit <= self.unit:
            raise NoSum
        self.unit, self.needs_figure, self.after_figure = unit, unit != YUAN, False

    def take_place(self, offset: int) -> None:
        """拾, 佰 or 仟: a figure of its own stands before it (CA-10)."""
        if self.unit is None or self.unit < YUAN or self.offset:
            raise NoSum
        self.offset, self.needs_figure, self.after_figure = offset, True, False

    def take_figure(self, figure: int) -> None:
        """One figure, on a higher power than all before."""
        if self.unit is None:
            raise NoSum
        power = self.unit + self.offset
        if self.figures and power <= self.figures[-1][0]:
            raise NoSum
        self.figures.append((power, figure))
        self.offset, self.needs_figure, self.after_figure = 0, False, True

    def take_zero(self) -> None:
        """零 stands directly before a figure, once."""
        if not self.after_figure:
            raise NoSum
        self.zeros_left_of.add(self.figures[-1][0])
        self.after_figure = False


def strictly(text: str) -> tuple[int, frozenset[int], int]:
    """Minor units, the optional places whose 0 is written, and how many texts the sum has; NoSum for any other text."""
    body = text.removesuffix("整")
    walk = _walk(body)
    powers = [power for power, _ in walk.figures]
    if walk.needs_figure or not powers or powers[-1] in walk.zeros_left_of:
        raise NoSum
    if (powers[-1] >= YUAN) != ("元" in body):
        raise NoSum
    _check_end(body, ends_round=body != text)
    optional = _check_gaps(powers, walk.zeros_left_of)
    choices = 2 ** (len(optional) + (powers[0] == JIAO))
    amount_minor = sum(figure * 10 ** (power + 2) for power, figure in walk.figures)
    return amount_minor, frozenset(place for place in optional if place - 1 in walk.zeros_left_of), choices


def _walk(body: str) -> Walk:
    walk = Walk()
    for char in reversed(body):
        if char in FIGURES:
            walk.take_figure(FIGURES[char])
        elif char in IN_SECTION:
            walk.take_place(IN_SECTION[char])
        elif char == "零":
            walk.take_zero()
        elif char in "分角元亿":
            walk.take_unit({"分": FEN, "角": JIAO, "元": YUAN, "亿": YI}[char])
        elif char == "万":
            walk.take_unit(WAN if walk.unit is None or walk.unit < YI else WAN_YI)
        else:
            raise NoSum
    return walk


def _check_end(body: str, ends_round: bool) -> None:
    """CA-3."""
    if (body[-1] == "元" and not ends_round) or (body[-1] == "分" and ends_round):
        raise NoSum


def _check_gaps(powers: list[int], written: set[int]) -> list[int]:
    """Between every two figures: no 零 without a 0 between; 零 where there is one, optional only by CA-6."""
    optional = []
    for right, left in pairwise(powers):
        has_zero = left > right + 1
        if not has_zero and right in written:
            raise NoSum
        if has_zero and right + 1 in MAY_BE_SILENT:
            optional.append(right + 1)
        elif has_zero and right not in written:
            raise NoSum
    return optional
