"""The receipt printer's driver: python-escpos bytes, proof before and after, and a silence that proves nothing."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import pytest

from devices.contracts import (
    DeviceIdentity,
    DeviceState,
    IdentityKind,
    Outcome,
    OutcomeKind,
    PreparedJob,
    ReceiptJob,
    ReceiptLine,
)
from devices.drivers.escpos_receipt import EscposReceiptPrinter
from devices.errors import DeviceError, DeviceErrorCode
from devices.link.fault import FaultLink, Faults
from devices.simulators.escpos import EscposSimulator
from tests.devices.rig import Bench, Never, ScriptedMachine

LINES = (ReceiptLine("城南支行 存款回单", "center", emphasised=True), ReceiptLine("金额  CNY 20,250.00"))
ONLINE, OFFLINE, PAPER, PAPER_END = b"\x12", b"\x1a", b"\x12", b"\x72"


class Printing:
    """A receipt printer and its driver on one bench."""

    def __init__(self, machine: Any, faults: Faults | None = None) -> None:
        self.bench = Bench(machine)
        self.driver = EscposReceiptPrinter("receipts-1", self.bench.clock)
        self.driver.attach(FaultLink(self.bench, faults) if faults else self.bench)

    def prepare(self, *lines: ReceiptLine, training: bool = False) -> PreparedJob:
        job = self.driver.prepare(ReceiptJob("job-1", lines or LINES, training))
        assert isinstance(job, PreparedJob)
        return job

    def execute(self) -> Outcome:
        return self.driver.execute(self.prepare(), lambda seen: None, Never())

    @property
    def receipts(self) -> list[str]:
        """What truly came out."""
        return list(self.bench.hands(do="report")["receipts"])


@pytest.fixture
def printing(tmp_path: Path) -> Printing:
    return Printing(EscposSimulator(tmp_path, {}))


def ended(outcome: Outcome) -> tuple[OutcomeKind, DeviceErrorCode | None]:
    return outcome.kind, outcome.error.code if outcome.error else None


def test_the_bytes_are_those_of_the_text_and_a_cut(printing: Printing) -> None:
    job = printing.prepare()
    for line in LINES:
        assert line.text.encode("gb18030") + b"\n" in job.payload
    assert b"\x1b\x45\x01\x1b\x61\x01" + LINES[0].text.encode("gb18030") in job.payload
    assert job.payload.endswith(bytes.fromhex("1B 64 06 1D 56 00"))
    assert job.digest == hashlib.sha256(job.payload).hexdigest()
    assert printing.bench.written == b""


def test_training_is_marked_above_and_below(printing: Printing) -> None:
    mark = "*** 培训 · 无效 ***".encode("gb18030")
    payload = printing.prepare(training=True).payload
    assert payload.count(mark) == 2
    assert payload.index(mark) < payload.index(LINES[0].text.encode("gb18030")) < payload.rindex(mark)
    assert mark not in printing.prepare().payload


def test_a_character_the_printer_has_not_is_refused_and_a_question_mark_is_not(printing: Printing) -> None:
    found = printing.driver.prepare(ReceiptJob("job-1", (ReceiptLine("Ａ 100"),)))
    assert isinstance(found, DeviceError)
    assert found.code is DeviceErrorCode.GLYPH_MISSING
    assert b"why? ok\n" in printing.prepare(ReceiptLine("why? ok")).payload


def test_a_receipt_is_done_when_the_printer_stood_ready_before_and_after(printing: Printing) -> None:
    assert printing.driver.identify() == DeviceIdentity(IdentityKind.NONE)
    assert printing.execute() == Outcome(OutcomeKind.DONE, 1, "online with paper before and after")
    assert printing.receipts == ["城南支行 存款回单\n金额  CNY 20,250.00"]
    assert printing.driver.idle() is DeviceState.READY


def test_without_paper_nothing_is_sent(printing: Printing) -> None:
    printing.bench.hands(do="paper", present=False)
    assert ended(printing.execute()) == (OutcomeKind.NOT_DONE, DeviceErrorCode.PAPER_OUT)
    assert printing.receipts == []
    assert printing.driver.idle() == DeviceError(DeviceErrorCode.PAPER_OUT)


def test_a_missing_answer_is_not_paper_present(printing: Printing) -> None:
    printing.bench.hands(do="fault", kind="silent")
    assert ended(printing.execute()) == (OutcomeKind.NOT_DONE, DeviceErrorCode.TIMEOUT)
    assert printing.receipts == []
    assert isinstance(printing.driver.identify(), DeviceError)
    assert isinstance(printing.driver.resync(), DeviceError)


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ((ONLINE, PAPER, b"", ONLINE, PAPER), (OutcomeKind.DONE, None)),
        ((ONLINE, PAPER, b"", ONLINE, b""), (OutcomeKind.UNKNOWN, DeviceErrorCode.TIMEOUT)),
        ((ONLINE, PAPER, b"", b"", PAPER), (OutcomeKind.UNKNOWN, DeviceErrorCode.TIMEOUT)),
        ((ONLINE, PAPER, b"", ONLINE, PAPER_END), (OutcomeKind.UNKNOWN, DeviceErrorCode.PAPER_OUT)),
        ((ONLINE, PAPER, b"", OFFLINE, PAPER), (OutcomeKind.UNKNOWN, DeviceErrorCode.STOPPED)),
        ((OFFLINE, PAPER), (OutcomeKind.NOT_DONE, DeviceErrorCode.STOPPED)),
        ((ONLINE, b""), (OutcomeKind.NOT_DONE, DeviceErrorCode.TIMEOUT)),
        ((ONLINE, b"\xff\x00A"), (OutcomeKind.NOT_DONE, DeviceErrorCode.TIMEOUT)),
        ((b"\xff" + ONLINE, PAPER, b"", ONLINE, PAPER), (OutcomeKind.DONE, None)),
    ],
)
def test_done_needs_four_answers(
    answers: tuple[bytes, ...], expected: tuple[OutcomeKind, DeviceErrorCode | None]
) -> None:
    assert ended(Printing(ScriptedMachine(*answers)).execute()) == expected


def test_a_late_answer_is_not_taken_for_the_next_question() -> None:
    """The answers name no question: an old "online" must not speak for a printer that is offline now."""
    printing = Printing(ScriptedMachine(OFFLINE, PAPER))
    printing.bench.device.write(ONLINE, 1.0)
    assert ended(printing.execute()) == (OutcomeKind.NOT_DONE, DeviceErrorCode.STOPPED)


@pytest.mark.parametrize(
    ("sent", "kind"), [(0, OutcomeKind.NOT_DONE), (10, OutcomeKind.UNKNOWN), (60, OutcomeKind.UNKNOWN)]
)
def test_a_cut_line_is_not_done_before_and_unknown_after_the_first_byte(
    tmp_path: Path, sent: int, kind: OutcomeKind
) -> None:
    printing = Printing(EscposSimulator(tmp_path, {}), Faults(cut_after_written=sent))
    assert ended(printing.execute()) == (kind, DeviceErrorCode.LINK_LOST)
    assert printing.receipts == []
