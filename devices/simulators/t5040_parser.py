"""The simulated printer's own reader of its byte stream: ESC/P, CSI commands, bit images. No code of a driver's."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Token:
    """``kind``: "text", "csi", "image", "column" (ESC $), "pitch" (ESC P, M, g), "control" (one byte), "reset"."""

    kind: str
    name: str = ""
    numbers: tuple[int, ...] = ()
    data: bytes = b""


class StreamParser:
    """Feed bytes, take tokens; an incomplete command waits for its rest."""

    def __init__(self) -> None:
        self._held = b""

    def feed(self, data: bytes) -> list[Token]:
        self._held += data
        tokens: list[Token] = []
        while self._held:
            token, used = self._token(self._held)
            if not used:
                break
            self._held = self._held[used:]
            if token is not None:
                tokens.append(token)
        return tokens

    def _token(self, held: bytes) -> tuple[Token | None, int]:
        if held[0] == 0x1B:
            return self._escape(held)
        if held[0] < 0x20:
            return Token("control", numbers=(held[0],)), 1
        end = 1
        while end < len(held) and held[end] >= 0x20:
            end += 1
        return Token("text", data=held[:end]), end

    def _escape(self, held: bytes) -> tuple[Token | None, int]:
        if len(held) < 2:
            return None, 0
        if held[1] == 0x5B:
            return self._csi(held)
        if held[1] == 0x40:
            return Token("reset"), 2
        if chr(held[1]) in "PMg":
            return Token("pitch", chr(held[1])), 2
        if held[1] == 0x24:
            if len(held) < 4:
                return None, 0
            return Token("column", numbers=(held[2] | held[3] << 8,)), 4
        if held[1] == 0x2A:
            return self._image(held)
        return None, 2

    def _image(self, held: bytes) -> tuple[Token | None, int]:
        if len(held) < 5:
            return None, 0
        size = 5 + 3 * (held[3] | held[4] << 8)
        return (Token("image", data=held[5:size]), size) if len(held) >= size else (None, 0)

    def _csi(self, held: bytes) -> tuple[Token | None, int]:
        at = 2
        while at < len(held) and held[at] in b"0123456789;":
            at += 1
        if at + 1 >= len(held):
            return (None, 0) if len(held) < 64 else (None, 2)
        name = held[at : at + 2].decode("latin-1")
        numbers = tuple(int(one) for one in held[2:at].split(b";") if one)
        end = at + 2
        if name == "#r":
            close = held.find(3, end)
            if close < 0:
                return None, 0
            return Token("csi", name, numbers, held[end + 1 : close]), close + 1
        return Token("csi", name, numbers), end
