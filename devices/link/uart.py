"""What a UART hears when its settings are not the sender's: the bits of the line, sampled at the wrong places.

Pure, for the null modem: a pty has no bits, only bytes, so wrong speed, data bits and parity are played here. The line
is the sender's exact waveform (start, data from the lowest bit, parity, stop), one sample in the middle of each bit.
"""

from __future__ import annotations

from devices.link.serial_port import SerialSettings


def heard(data: bytes, sender: SerialSettings, receiver: SerialSettings) -> bytes:
    """The bytes a receiver reads of ``data``. It checks no parity, as a port opened raw does not."""
    if (sender.baud_rate, sender.frame) == (receiver.baud_rate, receiver.frame):
        return data
    line = [bit for byte in data for bit in _bits(byte, sender)]
    return bytes(_sampled(line, receiver.baud_rate / sender.baud_rate, receiver))


def break_heard() -> bytes:
    """A BREAK on a port opened raw is one NUL."""
    return b"\0"


def _bits(byte: int, settings: SerialSettings) -> list[int]:
    bits = [byte >> at & 1 for at in range(settings.data_bits)]
    if settings.parity in ("E", "O"):
        bits.append((sum(bits) + (settings.parity == "O")) & 1)
    return [0, *bits, *[1] * settings.stop_bits]


def _sampled(line: list[int], speed: float, settings: SerialSettings) -> list[int]:
    found: list[int] = []
    frame = 1 + settings.data_bits + (settings.parity in ("E", "O"))
    at = 0.0
    while True:
        at = _next_start(line, at)
        if at < 0:
            return found
        bits = [_level(line, at + (number + 0.5) / speed) for number in range(1, 1 + settings.data_bits)]
        found.append(sum(bit << number for number, bit in enumerate(bits)))
        at += (frame + 0.5) / speed


def _next_start(line: list[int], at: float) -> float:
    """Where the next start bit begins, from ``at`` on; -1 when the line stays idle."""
    if _level(line, at) == 0:
        return at
    for number in range(int(at) + 1, len(line)):
        if line[number] == 0:
            return float(number)
    return -1.0


def _level(line: list[int], at: float) -> int:
    return line[int(at)] if int(at) < len(line) else 1
