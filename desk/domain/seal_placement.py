"""Where a person laid the reserved seal specimen over the voucher's seal: four whole numbers, so that the same
picture can be made again from the record.

Holds the placement, its limits and its moves. It says nothing about whether the seals agree: that is a person's answer.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

MOST_SHIFT_PX = 2000
HALF_TURN = 18_000
FULL_TURN = 36_000
LEAST_SCALE, NATURAL_SCALE, MOST_SCALE = 800, 1000, 1250
"""A specimen and a scan at one resolution differ by little; what needs more was scanned at another one."""


def _within(value: int, least: int, most: int) -> int:
    return max(least, min(most, value))


@dataclass(frozen=True)
class SealPlacement:
    """``dx_px``, ``dy_px``: the specimen's centre from the middle of the voucher's picture, right and down, in pixels
    of that picture. ``rotation_centidegrees``: clockwise, more than minus half a turn to half a turn.
    ``scale_permille``: 1000 is the specimen as it was kept."""

    dx_px: int = 0
    dy_px: int = 0
    rotation_centidegrees: int = 0
    scale_permille: int = NATURAL_SCALE

    def moved(self, right: int, down: int) -> SealPlacement:
        """Shifted by whole pixels, no farther than the specimen can still be found."""
        return replace(
            self,
            dx_px=_within(self.dx_px + right, -MOST_SHIFT_PX, MOST_SHIFT_PX),
            dy_px=_within(self.dy_px + down, -MOST_SHIFT_PX, MOST_SHIFT_PX),
        )

    def turned(self, centidegrees: int) -> SealPlacement:
        """Rotated clockwise; a whole turn is no turn."""
        turn = (self.rotation_centidegrees + centidegrees) % FULL_TURN
        return replace(self, rotation_centidegrees=turn if turn <= HALF_TURN else turn - FULL_TURN)

    def scaled(self, permille: int) -> SealPlacement:
        """Larger or smaller by thousandths of the kept size, within the limits."""
        return replace(self, scale_permille=_within(self.scale_permille + permille, LEAST_SCALE, MOST_SCALE))
