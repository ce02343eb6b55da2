"""Links that are made of other links, the null modem, and what a driver says that was given none."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from devices.contracts import DeviceIdentity, IdentityKind
from devices.drivers.aa55 import Aa55Counter
from devices.drivers.ebds import EbdsDetector
from devices.drivers.escpos_receipt import EscposReceiptPrinter
from devices.drivers.t5040 import T5040Printer
from devices.errors import DeviceError, DeviceErrorCode, LinkBusy, LinkLost, LinkNotFound, of_link
from devices.glyphs import Glyphs
from devices.identity import Binding, bind, find_port, matches, needs_person
from devices.link.fault import FaultLink, Faults
from devices.link.lock import PortLock, myself, process_with
from devices.link.log import without_data
from devices.link.null_modem import PORT_BUFFER, null_modem
from devices.link.serial_port import SerialSettings
from devices.link.trace import TraceLink
from devices.link.uart import heard

ROOT = Path(__file__).parents[2]


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


# --- faults, one by one -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("faults", "read"),
    [
        (Faults(), [b"abc", b"def"]),
        (Faults(flip_bit_at=4, flip_mask=0x20), [b"abc", b"dEf"]),
        (Faults(lose_at=2, lose_count=2), [b"ab", b"ef"]),
        (Faults(noise_at=3, noise=b"!!"), [b"abc", b"!!def"]),
        (Faults(repeat_read_piece=1), [b"abc", b"defdef"]),
        (Faults(silent_after=4), [b"abc", b"d"]),
        (Faults(instead=b"\x15"), [b"\x15", b"\x15"]),
        (Faults(behind=b"\0"), [b"abc\0", b"def\0"]),
        (Faults(late_after=4, late_seconds=5.0), [b"abc", b"d"]),
    ],
    ids=lambda one: None if isinstance(one, list) else str(one.lasting() == one),
)
def test_each_fault_changes_what_is_read(faults: Faults, read: list[bytes]) -> None:
    host, device = null_modem()
    link = FaultLink(host, faults)
    found = []
    for piece in (b"abc", b"def"):
        device.write(piece, 1.0)
        found.append(link.read(0.0))
    assert found == read


def test_late_bytes_come_late_and_slow_bytes_one_by_one() -> None:
    host, device = null_modem()
    link = FaultLink(host, Faults(late_after=0, late_seconds=0.1))
    device.write(b"late", 1.0)
    began = time.monotonic()
    assert link.read(0.02) == b""
    assert link.read(5.0) == b"late"
    assert time.monotonic() - began >= 0.09
    link.faults = Faults(seconds_per_byte=0.02)
    device.write(b"xyz", 1.0)
    assert [link.read(5.0) for _ in range(3)] == [b"x", b"y", b"z"]


def test_a_line_cut_in_an_answer_gives_its_beginning_and_is_then_lost() -> None:
    host, device = null_modem()
    link = FaultLink(host, Faults(cut_after_read=2))
    device.write(b"abc", 1.0)
    assert link.read(0.0) == b"ab"
    with pytest.raises(LinkLost, match="while an answer came"):
        link.read(0.0)


def test_what_is_written_may_leave_twice_come_back_or_be_held() -> None:
    host, device = null_modem()
    link = FaultLink(host, Faults(repeat_write_piece=1, echo=True))
    link.write(b"a", 1.0)
    link.write(b"b", 1.0)
    assert device.read(0.0) == b"abb"
    assert link.read(0.0) == b"ab"
    link.faults = Faults(held=True)
    assert link.write(b"c", 0.0) == 0
    assert device.read(0.01) == b""
    assert link.faults.lasting().held


# --- what else a cable carries ------------------------------------------------------------------------------


def test_a_held_line_keeps_bytes_in_the_port_until_it_is_let_go() -> None:
    host, device = null_modem()
    device.hold()
    assert host.write(b"x" * (PORT_BUFFER + 5), 0.01) == PORT_BUFFER
    assert device.read(0.01) == b""
    device.release()
    assert device.read(0.0) == b"x" * PORT_BUFFER
    device.hold()
    host.write(b"old job", 0.0)
    host.close()
    device.release()
    assert device.read(0.01) == b"", "a closed port lets nothing leave later"


def test_a_break_is_one_nul_and_a_null_modem_is_opened_once() -> None:
    host, device = null_modem()
    device.send_break()
    assert host.read(0.0) == b"\0"
    host.open()
    with pytest.raises(LinkBusy):
        host.open()
    host.close()
    host.open()


EIGHT, SEVEN_EVEN = SerialSettings(9600), SerialSettings(9600, 7, "E")


def test_ends_that_are_set_differently_hear_each_other_as_a_uart_would() -> None:
    text = b"UART\x02\x7f"
    assert heard(text, EIGHT, EIGHT) == text
    assert heard(text, SEVEN_EVEN, SEVEN_EVEN) == text
    with_parity = bytes(byte | (byte.bit_count() & 1) << 7 for byte in text)
    assert heard(text, SEVEN_EVEN, EIGHT) == with_parity, "7E1 read as 8N1 has its parity in bit 7"
    twice = heard(b"\x0f", EIGHT, SerialSettings(19200))
    assert twice[0] == 0xFE, "0000 01111 0…: each bit is seen twice"
    assert heard(text, EIGHT, SerialSettings(4800)) != text
    host, device = null_modem()
    host.set(SEVEN_EVEN)
    device.set(EIGHT)
    host.write(text, 1.0)
    assert device.read(0.0) == with_parity


# --- who holds a port ---------------------------------------------------------------------------------------

HOLD = """
import sys
from pathlib import Path
from devices.link.lock import PortLock
lock = PortLock("/dev/ttyUSB9", Path(sys.argv[1]))
lock.take()
print("held", flush=True)
sys.stdin.read()
"""


def holding(folder: Path) -> subprocess.Popen[bytes]:
    """Another process that holds a port, until its stdin ends or it is killed."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT
    )
    assert process.stdout is not None
    assert process.stdout.readline() == b"held\n"
    return process


def end(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    process.wait()
    for pipe in (process.stdin, process.stdout):
        assert pipe is not None
        pipe.close()


def test_a_port_held_by_another_process_names_it_and_is_free_when_that_is_killed(tmp_path: Path) -> None:
    other = holding(tmp_path)
    lock = PortLock("/dev/ttyUSB9", tmp_path)
    with pytest.raises(LinkBusy, match=f"held by pid {other.pid} since 20") as busy:
        lock.take()
    assert busy.value.holder.startswith(f"pid {other.pid} ")
    end(other)
    lock.take()
    with pytest.raises(LinkBusy, match=f"pid {os.getpid()}"):
        PortLock("/dev/ttyUSB9", tmp_path).take()
    lock.release()
    lock.release()
    PortLock("/dev/ttyUSB9", tmp_path).take()


def test_a_port_with_two_names_has_one_lock(tmp_path: Path) -> None:
    (tmp_path / "by-id").symlink_to("/dev/null")
    assert PortLock(str(tmp_path / "by-id"), tmp_path).path == PortLock("/dev/null", tmp_path).path


def test_a_holder_is_that_very_process_not_a_later_one_with_its_number(tmp_path: Path) -> None:
    me = myself()
    assert me.is_alive
    assert not replace(me, started="1").is_alive
    assert str(me) == f"pid {me.pid} since {me.since}"
    with open(tmp_path / "port", "wb"):
        assert process_with(str(tmp_path / "port")) is None, "this process is no stranger"


def test_the_errors_of_a_port_are_told_apart() -> None:
    assert of_link(LinkBusy("p: held", "pid 7")).code is DeviceErrorCode.LINK_BUSY
    assert of_link(LinkNotFound("p")).code is DeviceErrorCode.LINK_NOT_FOUND
    assert of_link(LinkLost("p")) == DeviceError(DeviceErrorCode.LINK_LOST, (("reason", "p"),))


# --- the log of a line --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("piece", "told"),
    [
        (b"\x02\x0b\x20", "02 0b 20"),
        (b"\x1b[8214!t", "[8214!t"),
        (b"\x02TD-EBDS-0001\x03", "02 <12> 03"),
        (b"+20,250.00", "<10>"),
        (b"9", "<1>"),
        (b"17", "<2>"),
        (b"\"r\x029", "22 72 02 <1>"),
        (b"9?\x03", "<1> 3f 03"),
        (b"6222021234" * 3, "<1>…"),
        (b"\x1b[1;2;1;0\"r\x02=6222021234?\x03", "1b…"),
        (bytes(range(40)), "00…"),
    ],
)  # fmt: skip
def test_a_log_shows_what_names_nobody(piece: bytes, told: str) -> None:
    assert without_data(piece) == told


# --- which machine ------------------------------------------------------------------------------------------


def test_a_binding_is_the_machines_own_word_or_else_its_line(tmp_path: Path) -> None:
    number = DeviceIdentity(IdentityKind.SERIAL_NUMBER, "TD-1")
    nobody = DeviceIdentity(IdentityKind.NONE)
    port = str(tmp_path / "by-path" / "pci-usb-0:2")
    assert bind(port, number, tmp_path) == Binding(number, port)
    assert bind(port, nobody, tmp_path) == Binding(DeviceIdentity(IdentityKind.USB_PATH, "pci-usb-0:2"), port)
    assert bind("COM3", nobody, tmp_path) == Binding(nobody, "COM3")
    assert matches(number, number)
    assert not matches(number, replace(number, value="TD-2"))
    assert not matches(number, nobody)
    assert matches(nobody, number)
    assert [needs_person(one) for one in (number, nobody)] == [False, True]


def test_a_bound_port_is_found_under_its_name_of_today(tmp_path: Path) -> None:
    link = tmp_path / "by-id" / "usb-Dongle_A1"
    link.parent.mkdir()
    with pytest.raises(LinkNotFound, match="not plugged in"):
        find_port(str(link), tmp_path)
    for today in ("ttyUSB0", "ttyUSB1"):
        (tmp_path / today).touch()
        link.unlink(missing_ok=True)
        link.symlink_to(tmp_path / today)
        assert find_port(str(link), tmp_path) == str(tmp_path / today)
    assert find_port("COM3", tmp_path) == "COM3"
