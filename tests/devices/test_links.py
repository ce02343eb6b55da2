"""Links that are made of other links, the null modem, and what a driver says that was given none."""

from __future__ import annotations

import time

import pytest

from devices.drivers.aa55 import Aa55Counter
from devices.drivers.ebds import EbdsDetector
from devices.drivers.escpos_receipt import EscposReceiptPrinter
from devices.drivers.t5040 import T5040Printer
from devices.errors import DeviceError, DeviceErrorCode, LinkLost
from devices.glyphs import Glyphs
from devices.link.fault import FaultLink, Faults
from devices.link.null_modem import null_modem
from devices.link.trace import TraceLink


def test_a_null_modem_carries_bytes_both_ways_and_waits_no_longer_than_told() -> None:
    host, device = null_modem()
    host.open()
    host.write(b"out", 1.0)
    device.write(b"in", 1.0)
    assert (device.read(0.0), host.read(0.0)) == (b"out", b"in")
    began = time.monotonic()
    assert host.read(0.05) == b""
    assert 0.04 < time.monotonic() - began < 1.0
    host.close()


def test_a_pulled_cable_gives_what_had_come_and_is_then_lost_at_both_ends() -> None:
    host, device = null_modem()
    device.write(b"last", 1.0)
    host.pull()
    assert host.read(0.0) == b"last"
    for end in (host, device):
        with pytest.raises(LinkLost):
            end.read(1.0)
        with pytest.raises(LinkLost):
            end.write(b"x", 1.0)
        with pytest.raises(LinkLost):
            end.open()


def test_a_trace_tells_direction_bytes_and_time_and_changes_nothing() -> None:
    host, device = null_modem()
    seen: list[tuple[str, bytes, float]] = []
    link = TraceLink(host, lambda *one: seen.append(one), iter(range(9)).__next__)
    link.open()
    assert (link.name, link.note) == (host.name, host.note)
    assert link.write(b"ask", 1.0) == 3
    device.write(b"answer", 1.0)
    assert link.read(0.0) == b"answer"
    assert link.read(0.0) == b""
    link.close()
    assert seen == [("out", b"ask", 0), ("in", b"answer", 1)]


def test_faults_cut_swallow_and_turn_bits() -> None:
    host, device = null_modem()
    link = FaultLink(host, Faults(cut_after_written=5))
    link.open()
    assert (link.name, link.note) == (host.name, host.note)
    assert link.write(b"abc", 1.0) == 3
    with pytest.raises(LinkLost, match="cut after 2 bytes"):
        link.write(b"def", 1.0)
    with pytest.raises(LinkLost, match="cut after 0 bytes"):
        link.write(b"g", 1.0)
    assert device.read(0.0) == b"abcde"
    link.faults = Faults(flip_bit_at=3)
    for piece in (b"ab", b"cd"):
        device.write(piece, 1.0)
    assert link.read(0.0) == b"abce"
    link.faults = Faults(silent=True)
    device.write(b"answer", 1.0)
    assert link.read(0.0) == b""
    link.close()


@pytest.mark.parametrize(
    "driver",
    [
        Aa55Counter("d", time.monotonic),
        EbdsDetector("d", time.monotonic),
        EscposReceiptPrinter("d", time.monotonic),
        T5040Printer("d", time.monotonic, {}, Glyphs()),
    ],
    ids=lambda driver: type(driver).__name__,
)
def test_a_driver_without_a_link_says_the_link_is_lost(
    driver: Aa55Counter | EbdsDetector | EscposReceiptPrinter | T5040Printer,
) -> None:
    with pytest.raises(LinkLost):
        driver.identify()
    with pytest.raises(LinkLost):
        driver.idle()


def test_numbers_and_codes_of_errors_are_told_apart_and_shown() -> None:
    assert len({code.number for code in DeviceErrorCode}) == len(DeviceErrorCode)
    assert len({code.code for code in DeviceErrorCode}) == len(DeviceErrorCode)
    assert str(DeviceError(DeviceErrorCode.TIMEOUT)) == "D804 timeout"
    assert str(DeviceError(DeviceErrorCode.TIMEOUT, (("command", "poll"),))) == "D804 timeout (command=poll)"
