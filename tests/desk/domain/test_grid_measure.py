"""Cells counted against a share: exact, with the boundary on the right side (counter-rules §6.15)."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.domain.grid_measure import GridMeasure


def measure(present: int, rows: int = 10, columns: int = 20) -> GridMeasure:
    return GridMeasure(present, rows * columns, rows, columns)


@pytest.mark.parametrize(
    ("one", "share", "over", "thousandths"),
    [
        (measure(150), (3, 4), 0, 75_000),
        (measure(149), (149, 200), -1, 74_500),
        (measure(151), (151, 200), 1, 75_500),
        (measure(200), (1, 1), 50, 100_000),
        (measure(0), (0, 1), -150, 0),
        (measure(600, 20, 40), (3, 4), 0, 75_000),
        (measure(599, 20, 40), (599, 800), -1, 74_875),
        (
            GridMeasure(6, 9, 3, 3),
            (2, 3),
            -1,
            66_666,
        ),  # three quarters of nine is between two cells: seven are due
        (GridMeasure(7, 9, 3, 3), (7, 9), 0, 77_777),
    ],
)
def test_a_count_against_three_quarters(
    one: GridMeasure, share: tuple[int, int], over: int, thousandths: int
) -> None:
    assert one.share() == share
    assert one.over(3, 4) == over
    assert one.percent_thousandths() == thousandths


@given(st.integers(1, 40), st.integers(1, 80), st.data())
def test_a_count_reaches_a_share_exactly_when_the_fraction_does(
    rows: int, columns: int, data: st.DataObject
) -> None:
    present = data.draw(st.integers(0, rows * columns))
    one = measure(present, rows, columns)
    for numerator, denominator in ((3, 4), (1, 2)):
        reached = Fraction(present, rows * columns) >= Fraction(numerator, denominator)
        assert (one.over(numerator, denominator) >= 0) is reached
    assert Fraction(*one.share()) == Fraction(present, rows * columns)
    assert Fraction(one.percent_thousandths(), 100_000) <= Fraction(present, rows * columns)
