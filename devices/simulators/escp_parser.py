"""The simulated ESC/P printer's own reader of its byte stream: how long each command is, and no more. No code of a
driver's. Lengths after passbook-printers §4.2 and §4.3; an unknown ESC or FS code is skipped with its two bytes."""

from __future__ import annotations

from dataclasses import dataclass

_ESC_BYTES = {
    "@": 0, "P": 0, "M": 0, "g": 0, "E": 0, "F": 0, "G": 0, "H": 0, "4": 0, "5": 0, "0": 0, "2": 0, "O": 0, "8": 0,
    "9": 0, "\x0f": 0, "\x0e": 0, "p": 1, "x": 1, "k": 1, "-": 1, "W": 1, "w": 1, "!": 1, "3": 1, "+": 1, "A": 1,
    "J": 1, "j": 1, "l": 1, "Q": 1, "N": 1, "U": 1, "R": 1, "t": 1, " ": 1, "\x19": 1, "$": 2, "\\": 2, "c": 2, "X": 3,
}  # fmt: skip
_FS_BYTES = {
    "&": 0, ".": 0, "\x0e": 0, "\x14": 0, "\x0f": 0, "\x12": 0, "J": 0, "K": 0, "S": 2, "T": 2, "D": 2, "r": 1, "W": 1,
    "-": 1, "x": 1, "!": 1, "2": 74,
}  # fmt: skip
_BYTES_A_COLUMN = {32: 3, 33: 3, 38: 3, 39: 3, 40: 3, 71: 6, 72: 6, 73: 6}


@dataclass(frozen=True)
class Token:
    """``kind``: "esc", "fs", "paren" (ESC ( x), "image", "control" (one byte) or "byte" (to be printed)."""

    kind: str
    name: str = ""
    data: bytes = b""


def next_token(store: bytes) -> tuple[Token, int] | None:
    """The first token and how many bytes it takes; None when its rest has not come yet."""
    if not store:
        return None
    first = store[0]
    if first == 0x1B:
        return _escape(store)
    if first == 0x1C:
        return _counted(store, "fs", _FS_BYTES)
    return Token("control" if first < 0x20 or first == 0x7F else "byte", data=store[:1]), 1


def _counted(store: bytes, kind: str, lengths: dict[str, int]) -> tuple[Token, int] | None:
    if len(store) < 2:
        return None
    name = chr(store[1])
    size = 2 + lengths.get(name, 0)
    return (Token(kind, name, store[2:size]), size) if len(store) >= size else None


def _escape(store: bytes) -> tuple[Token, int] | None:
    name = store[1:2]
    if name == b"*":
        return _image(store)
    if name == b"(":
        return _parenthesis(store)
    if name in (b"D", b"B"):
        end = store.find(0, 2)
        return (Token("esc", name.decode(), store[2:end]), end + 1) if end >= 0 else None
    if name == b"C":
        size = 4 if store[2:3] == b"\0" else 3
        return (Token("esc", "C", store[2:size]), size) if len(store) >= size else None
    return _counted(store, "esc", _ESC_BYTES)


def _image(store: bytes) -> tuple[Token, int] | None:
    if len(store) < 5:
        return None
    size = 5 + _BYTES_A_COLUMN.get(store[2], 1) * (store[3] | store[4] << 8)
    return (Token("image", chr(store[2]), store[5:size]), size) if len(store) >= size else None


def _parenthesis(store: bytes) -> tuple[Token, int] | None:
    if len(store) < 5:
        return None
    size = 5 + (store[3] | store[4] << 8)
    return (Token("paren", chr(store[2]), store[5:size]), size) if len(store) >= size else None
