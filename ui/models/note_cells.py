"""The cells of a damaged note that are there or missing, and the cell the keys stand on. Pure; a person's marks only.

A computed proposal is kept apart until the person takes it, so that no machine's opinion is ever counted by itself.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from desk.domain.grid_measure import GridMeasure

Cell = tuple[int, int]
"""``(row, column)`` from the top left."""
COLUMNS, ROWS = 20, 10
FINER = 2


@dataclass(frozen=True)
class NoteCells:
    """``finer`` 1 is the usual grid, 2 the one whose cells are quarters of the usual ones."""

    columns: int = COLUMNS
    rows: int = ROWS
    missing: frozenset[Cell] = field(default_factory=frozenset)
    at: Cell = (0, 0)
    finer: int = 1

    def measure(self) -> GridMeasure:
        total = self.rows * self.columns
        return GridMeasure(total - len(self.missing), total, self.rows, self.columns)

    def is_there(self, cell: Cell) -> bool:
        return cell not in self.missing

    def stepped(self, down: int, right: int) -> NoteCells:
        """The keys one cell on, staying in the grid."""
        row = max(0, min(self.rows - 1, self.at[0] + down))
        return self.standing((row, max(0, min(self.columns - 1, self.at[1] + right))))

    def standing(self, cell: Cell) -> NoteCells:
        return NoteCells(self.columns, self.rows, self.missing, cell, self.finer)

    def marked(self, cells: Iterable[Cell], there: bool) -> NoteCells:
        """These cells there or missing; cells outside the grid are nothing."""
        known = {one for one in cells if 0 <= one[0] < self.rows and 0 <= one[1] < self.columns}
        missing = self.missing - known if there else self.missing | known
        return NoteCells(self.columns, self.rows, frozenset(missing), self.at, self.finer)

    def toggled(self, cell: Cell) -> NoteCells:
        return self.marked((cell,), not self.is_there(cell))

    def row_filled(self) -> NoteCells:
        """The whole row as the cell the keys stand on is not: one key takes a torn-off strip away or gives it back."""
        return self._filled([(self.at[0], column) for column in range(self.columns)])

    def column_filled(self) -> NoteCells:
        """The same for the column."""
        return self._filled([(row, self.at[1]) for row in range(self.rows)])

    def _filled(self, cells: list[Cell]) -> NoteCells:
        return self.marked(cells, not self.is_there(self.at))

    def whole(self) -> NoteCells:
        """Every cell there again."""
        return NoteCells(self.columns, self.rows, frozenset(), self.at, self.finer)

    def taking(self, missing: Iterable[Cell]) -> NoteCells:
        """The person takes a proposal over as it is."""
        return self.whole().marked(missing, there=False)

    # --- finer and coarser ------------------------------------------------------------------------------

    def can_coarsen(self) -> bool:
        """Whether no cell of the usual grid would be there in part."""
        return self.finer > 1 and all(
            len({self.is_there(one) for one in _quarters(row, column)}) == 1
            for row in range(self.rows // FINER)
            for column in range(self.columns // FINER)
        )

    def refined(self) -> NoteCells:
        """Each cell in four, every part as its cell was."""
        missing = frozenset(part for cell in self.missing for part in _quarters(*cell))
        at = (self.at[0] * FINER, self.at[1] * FINER)
        return NoteCells(self.columns * FINER, self.rows * FINER, missing, at, self.finer * FINER)

    def coarsened(self) -> NoteCells:
        """Four cells in one again; only where ``can_coarsen``."""
        missing = frozenset((row // FINER, column // FINER) for row, column in self.missing)
        at = (self.at[0] // FINER, self.at[1] // FINER)
        return NoteCells(self.columns // FINER, self.rows // FINER, missing, at, self.finer // FINER)


def _quarters(row: int, column: int) -> list[Cell]:
    return [(row * FINER + down, column * FINER + right) for down in range(FINER) for right in range(FINER)]
