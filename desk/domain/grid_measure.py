"""How much of a note is there, counted in equal cells of a grid: whole numbers that a person confirmed.

Holds the count and its comparison with a share such as 3/4, in whole numbers only. What a share is worth is a rule
(counter-rules §6.15), and not said here.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class GridMeasure:
    """``cells_present`` of ``cells_total`` = ``rows`` × ``columns`` cells of the whole note are there."""

    cells_present: int
    cells_total: int
    rows: int
    columns: int

    def share(self) -> tuple[int, int]:
        """The share that remains in lowest terms: 150 of 200 is (3, 4)."""
        common, rest = self.cells_total, self.cells_present
        while rest:
            common, rest = rest, common % rest
        return self.cells_present // common, self.cells_total // common

    def cells_due(self, numerator: int, denominator: int) -> int:
        """The least count of cells that reaches a share; the boundary itself counts as reached."""
        return -(-self.cells_total * numerator // denominator)

    def over(self, numerator: int, denominator: int) -> int:
        """Cells above (or, negative, below) the least count that reaches a share; 0 is the boundary exactly when the
        share falls on a whole cell."""
        return self.cells_present - self.cells_due(numerator, denominator)

    def percent_thousandths(self) -> int:
        """76,125 is 76.125 %; what is finer is left off, never rounded up over a boundary."""
        return self.cells_present * 100_000 // self.cells_total
