"""The placement of a seal specimen: whole numbers, within limits, every move back gives the same again."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.domain.seal_placement import (
    HALF_TURN,
    LEAST_SCALE,
    MOST_SCALE,
    MOST_SHIFT_PX,
    SealPlacement,
)

HERE = SealPlacement()
SMALL = st.integers(-900, 900)


@pytest.mark.parametrize(
    ("placed", "expected"),
    [
        (HERE.moved(3, -2), SealPlacement(3, -2, 0, 1000)),
        (HERE.moved(9999, -9999), SealPlacement(MOST_SHIFT_PX, -MOST_SHIFT_PX, 0, 1000)),
        (HERE.turned(50), SealPlacement(0, 0, 50, 1000)),
        (HERE.turned(-50), SealPlacement(0, 0, -50, 1000)),
        (HERE.turned(HALF_TURN), SealPlacement(0, 0, HALF_TURN, 1000)),
        (HERE.turned(HALF_TURN + 50), SealPlacement(0, 0, -HALF_TURN + 50, 1000)),
        (HERE.turned(2 * HALF_TURN), HERE),
        (HERE.scaled(-10), SealPlacement(0, 0, 0, 990)),
        (HERE.scaled(9999), SealPlacement(0, 0, 0, MOST_SCALE)),
        (HERE.scaled(-9999), SealPlacement(0, 0, 0, LEAST_SCALE)),
    ],
)
def test_a_move_gives_whole_numbers_within_the_limits(placed: SealPlacement, expected: SealPlacement) -> None:
    assert placed == expected


@given(SMALL, SMALL, st.integers(-9 * HALF_TURN, 9 * HALF_TURN), st.integers(-200, 250))
def test_a_move_and_its_opposite_is_no_move(right: int, down: int, turn: int, size: int) -> None:
    away = HERE.moved(right, down).turned(turn).scaled(size)
    assert -HALF_TURN < away.rotation_centidegrees <= HALF_TURN
    assert away.moved(-right, -down).turned(-turn).scaled(-size) == HERE
