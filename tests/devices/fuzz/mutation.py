"""Real frames made wrong: flipped, cut, spliced, repeated, with over-long lengths; and plain noise. Knows no protocol.

Everything comes from one seeded generator, so that a run can be told again.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

LONG = 2000
"""More than any decoder may keep."""


class Mutator:
    """Makes pieces of a hostile stream out of real frames (``samples``)."""

    def __init__(self, dice: random.Random, samples: Sequence[bytes]) -> None:
        self._dice, self._samples = dice, samples
        kinds: tuple[tuple[Callable[[], bytes], int], ...] = (
            (self.sample, 16), (self._flipped, 24), (self._overwritten, 16), (self._cut, 16), (self._spliced, 16),
            (self._repeated, 6), (self._inserted, 12), (self._shortened, 8), (self._wrong_length, 16),
            (self._noise, 16), (self._stormed, 2), (self._overlong, 1),
        )  # fmt: skip
        self._kinds = [kind for kind, _ in kinds]
        self._weights = [weight for _, weight in kinds]

    def piece(self) -> bytes:
        """The next piece, mutated in one way, now and then in two."""
        kind = self._dice.choices(self._kinds, self._weights)[0]
        made = kind()
        return self._flip(made) if made and self._dice.random() < 0.1 else made

    def sample(self) -> bytes:
        """A frame as it was published."""
        return self._dice.choice(self._samples)

    def _flip(self, data: bytes) -> bytes:
        changed = bytearray(data)
        changed[self._dice.randrange(len(changed))] ^= 1 << self._dice.randrange(8)
        return bytes(changed)

    def _flipped(self) -> bytes:
        made = self.sample()
        for _ in range(self._dice.choice((1, 1, 1, 2, 5))):
            made = self._flip(made)
        return made

    def _overwritten(self) -> bytes:
        changed = bytearray(self.sample())
        for _ in range(self._dice.choice((1, 1, 3))):
            changed[self._dice.randrange(len(changed))] = self._dice.randrange(256)
        return bytes(changed)

    def _cut(self) -> bytes:
        made = self.sample()
        at = self._dice.randrange(len(made))
        return made[:at] if self._dice.random() < 0.7 else made[at:]

    def _spliced(self) -> bytes:
        """The head of one frame on the tail of another."""
        one, other = self.sample(), self.sample()
        return one[: self._dice.randrange(len(one) + 1)] + other[self._dice.randrange(len(other) + 1) :]

    def _repeated(self) -> bytes:
        return self.sample() * self._dice.randrange(2, 6)

    def _inserted(self) -> bytes:
        made = self.sample()
        at = self._dice.randrange(len(made) + 1)
        return made[:at] + self._dice.randbytes(self._dice.choice((1, 1, 2, 8))) + made[at:]

    def _shortened(self) -> bytes:
        made = bytearray(self.sample())
        del made[self._dice.randrange(len(made))]
        return bytes(made)

    def _wrong_length(self) -> bytes:
        """One of the first bytes, where lengths stand, says far too much or nothing."""
        made = bytearray(self.sample())
        made[self._dice.randrange(min(5, len(made)))] = self._dice.choice(
            (0, 1, 4, 5, 0x7F, 0x80, 0xFE, 0xFF)
        )
        return bytes(made)

    def _noise(self) -> bytes:
        return self._dice.randbytes(self._dice.randrange(1, 60))

    def _stormed(self) -> bytes:
        """How a frame begins, again and again: nothing may be kept of it, or looked at over and over."""
        made = self.sample()
        return made[: self._dice.randrange(1, min(5, len(made)) + 1)] * self._dice.randrange(10, 400)

    def _overlong(self) -> bytes:
        """A frame that does not end: its middle is filled up."""
        made = self.sample()
        at = self._dice.randrange(len(made) + 1)
        fill = made[at : at + 1] if self._dice.random() < 0.5 else self._dice.randbytes(1)
        return made[:at] + (fill or b"\0") * self._dice.randrange(300, LONG) + made[at:]
