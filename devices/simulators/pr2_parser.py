"""The simulated PR2 printer's own reader of its byte stream: commands with digits of fixed width, blocks, text. No code
of a driver's. Layouts after passbook-printers §3.2; an unknown ESC code is a token of its own name, two bytes long."""

from __future__ import annotations

from dataclasses import dataclass

# What follows the name: digits, by their number in all.
_DIGITS = {
    "J": 3, "T": 3, "M": 3, "&": 2, "a": 1, "R": 3, "!W": 1, "! ": 3, "*": 1, "`": 1, "S": 1, "H": 3, "I": 3, "L": 3,
    "#": 1, "/": 5, "|A": 3, "|B": 3, "[": 3, "!G": 1, "U": 1, "}Lt": 3, "}M": 3, "YE": 2, "YB": 2,
}  # fmt: skip
_LONG_NAMES = (
    "!W",
    "! ",
    "!G",
    "|A",
    "|B",
    "}-",
    "^0",
    " B",
    " b",
    " a",
    "YE",
    "YB",
    "}r",
    "}+",
    "}Lt",
    "}M",
    "}W",
    "}0P",
)
_BLOCKS = {"Q": b"\x1bZ", "x": b"\x1bZ", "y": b"\x1bZ", "t": b"\x1d", "1": b"\x1b2"}


@dataclass(frozen=True)
class Token:
    """``kind``: "esc", "control", "fs" or "text"; ``data`` is what followed the name."""

    kind: str
    name: str = ""
    data: bytes = b""


class Pr2Parser:
    """Feed bytes, take tokens; an incomplete command waits for its rest."""

    def __init__(self) -> None:
        self._held = b""

    def feed(self, data: bytes) -> list[Token]:
        self._held += data
        tokens: list[Token] = []
        while self._held:
            token, used = _token(self._held)
            if token is None:
                break
            self._held = self._held[used:]
            tokens.append(token)
        return tokens


def _token(held: bytes) -> tuple[Token | None, int]:
    if held[0] == 0x1B:
        return _escape(held)
    if held[0] == 0x1C:
        return (Token("fs", chr(held[1])), 2) if len(held) > 1 else (None, 0)
    if held[0] < 0x20 or held[0] == 0x7F:
        return Token("control", data=held[:1]), 1
    return Token("text", data=held[:1]), 1


def _escape(held: bytes) -> tuple[Token | None, int]:
    name = _name(held)
    if name is None:
        return None, 0
    start = 1 + len(name)
    if name in _BLOCKS:
        end = held.find(_BLOCKS[name], start)
        return (Token("esc", name, held[start:end]), end + len(_BLOCKS[name])) if end >= 0 else (None, 0)
    size = start + _DIGITS.get(name, 0)
    return (Token("esc", name, held[start:size]), size) if len(held) >= size else (None, 0)


def _name(held: bytes) -> str | None:
    """The command's letters; None while they could still become a longer name."""
    text = held[1:4].decode("latin-1")
    for size in (3, 2):
        if text[:size] in _LONG_NAMES:
            return text[:size]
    could_grow = any(one.startswith(text) and one != text for one in _LONG_NAMES)
    return None if not text or could_grow else text[0]
