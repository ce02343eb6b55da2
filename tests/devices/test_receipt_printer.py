"""The receipt printer's driver: python-escpos bytes, an answer in turn behind them, a silence that proves nothing."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

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
from devices.masking import escpos
from devices.registry import load_manifests
from devices.simulators.escpos import PICTURE, EscposSimulator
from tests.devices.rig import Bench, Never, ScriptedMachine, StopAfter

LINES = (ReceiptLine("城南支行 存款回单", "center", emphasised=True), ReceiptLine("金额  CNY 20,250.00"))
ONLINE, OFFLINE, PAPER, PAPER_END = b"\x12", b"\x1a", b"\x12", b"\x72"
IN_TURN, END_IN_TURN = b"\x00", b"\x0c"
DONE = Outcome(OutcomeKind.DONE, 1, "answered in turn behind the receipt, with paper, and ready after")


class Printing:
    """A receipt printer and its driver on one bench."""

    def __init__(self, machine: Any, faults: Faults | None = None, **options: Any) -> None:
        self.bench = Bench(machine)
        self.driver = EscposReceiptPrinter("receipts-1", self.bench.clock, **options)
        self.driver.attach(FaultLink(self.bench, faults) if faults else self.bench)

    def prepare(self, *lines: ReceiptLine, training: bool = False) -> PreparedJob:
        job = self.driver.prepare(ReceiptJob("job-1", lines or LINES, training))
        assert isinstance(job, PreparedJob)
        return job

    def execute(self, *lines: ReceiptLine, stop: Any = None) -> Outcome:
        return self.driver.execute(self.prepare(*lines), lambda seen: None, stop or Never())

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
    assert b"\x1b\x45\x01\x1b\x61\x01\x1c&" + LINES[0].text.encode("gbk") + b"\n\x1c." in job.payload
    assert job.payload.endswith(bytes.fromhex("1B 64 06 1D 56 00"))
    assert job.digest == hashlib.sha256(job.payload).hexdigest()
    assert printing.bench.written == b""


def test_training_is_marked_above_and_below(printing: Printing) -> None:
    mark = "*** 培训 · 无效 ***".encode("gb18030")
    payload = printing.prepare(training=True).payload
    assert payload.count(mark) == 2
    assert payload.index(mark) < payload.index(LINES[0].text.encode("gb18030")) < payload.rindex(mark)
    assert mark not in printing.prepare().payload


@pytest.mark.parametrize(
    ("chinese", "text", "how"),
    [
        ("none", "NAME LI", "ascii"),
        ("gbk", "why? ok", "ascii"),
        ("none", "café", "code page"),
        ("gbk", "户名 王小明", "chinese"),
        ("gbk", "Ａ 100 · 镕", "chinese"),
        ("gb2312", "户名 朱镕", "picture"),
        ("none", "户名 王小明", "picture"),
        ("gbk", "王䶮", "picture"),
        ("gb18030", "王䶮", "chinese"),
        ("gb18030", "王㛃", "chinese"),
        ("gb18030", "王𬭼", "picture"),
        ("gb18030", "王\U00020000", "refused"),
        ("gb18030-2022", "王\U00020000", "chinese"),
        ("gb18030-2022", "王😀", "refused"),
        ("gb18030-2022", "王\ue000", "refused"),
        ("gb18030", "王😀", "refused"),
        ("gb18030", "王\ue000", "refused"),
        ("gbk", "王😀", "refused"),
        ("gbk", "שלום", "refused"),
        ("gbk", "王\ue000", "refused"),
        ("gbk", "王" * 30 + "䶮", "refused"),
    ],
)
def test_a_line_is_text_where_the_model_has_its_characters_else_a_picture_or_refused(
    chinese: str, text: str, how: str
) -> None:
    driver = EscposReceiptPrinter("receipts-1", lambda: 0.0, chinese=chinese)
    found = driver.prepare(ReceiptJob("job-1", (ReceiptLine(text),)))
    if how == "refused":
        assert isinstance(found, DeviceError)
        assert found.code is DeviceErrorCode.GLYPH_MISSING
        return
    assert isinstance(found, PreparedJob)
    code = "ascii" if chinese == "none" else chinese.removesuffix("-2022")
    signs = {
        "ascii": text.encode("ascii", "replace") + b"\n",
        "code page": b"caf\x82\n",
        "chinese": b"\x1c&" + text.encode(code, "replace") + b"\n\x1c.",
        "picture": b"\x1dv0\x00",
    }
    assert [name for name, sign in signs.items() if sign in found.payload] == [how]


@pytest.mark.parametrize(("rom", "chinese"), [("2000", "gbk"), ("2000", "gb18030"), ("2022", "gb18030"),
                                               ("2022", "gb18030-2022")])  # fmt: skip
@pytest.mark.parametrize(
    ("name", "how"),
    [
        ("王䶮", {"gbk": PICTURE}),
        ("李龴", {"gbk": PICTURE}),
        ("㛃㸆", {"gbk": PICTURE}),
        ("王𬭼", {"gbk": PICTURE, "gb18030": PICTURE}),
        ("鿍", {"gbk": PICTURE, "gb18030": PICTURE}),
        ("𠂇", {"gbk": PICTURE, "gb18030": PICTURE}),
        ("张\U0002b740", {"gbk": "refused", "gb18030": "refused"}),
        ("张\ue81e", dict.fromkeys(("gbk", "gb18030", "gb18030-2022"), "refused")),
    ],
)
def test_a_rare_name_is_right_on_the_paper_or_refused(
    tmp_path: Path, rom: str, chinese: str, name: str, how: dict[str, str]
) -> None:
    """Whatever edition the printer's font is of, so long as "gb18030-2022" is said of no older one."""
    printing = Printing(EscposSimulator(tmp_path, {"rom": rom}), chinese=chinese)
    found = printing.driver.prepare(ReceiptJob("job-1", (ReceiptLine(name),)))
    if how.get(chinese) == "refused":
        named = (("character", f"U+{ord(name[-1]):04X}"),)
        assert found == DeviceError(DeviceErrorCode.GLYPH_MISSING, named)
    else:
        assert printing.execute(ReceiptLine(name)) == DONE
        assert printing.receipts == [how.get(chinese, name)]


def test_a_profile_without_pictures_refuses_what_its_fonts_lack_and_names_it() -> None:
    driver = EscposReceiptPrinter("receipts-1", lambda: 0.0, profile="TM-U220", chinese="none")
    found = driver.prepare(ReceiptJob("job-1", (ReceiptLine("NAME 王"),)))
    assert found == DeviceError(DeviceErrorCode.GLYPH_MISSING, (("character", "U+738B"),))


def test_the_profile_decides_the_cut() -> None:
    cuts = {
        profile: prepared.payload[-4:]
        for profile in ("TM-T88V", "POS-5890")
        if isinstance(prepared := _prepared(profile), PreparedJob)
    }
    assert cuts["TM-T88V"].endswith(b"\x1dV\x00")
    assert not cuts["POS-5890"].endswith(b"\x1dV\x00"), "a printer without a knife gets no cut"


def _prepared(profile: str) -> PreparedJob | DeviceError:
    return EscposReceiptPrinter("receipts-1", lambda: 0.0, profile).prepare(ReceiptJob("job-1", LINES))


@pytest.mark.parametrize("option", [{"profile": "TM-T99"}, {"chinese": "big5"}, {"proof": "hope"}])
def test_an_option_that_is_none_stops_the_start_and_is_named(option: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=f"'{next(iter(option.values()))}' is none of"):
        EscposReceiptPrinter("receipts-1", lambda: 0.0, **option)


def test_the_shipped_manifests_options_are_the_drivers(tmp_path: Path) -> None:
    models = load_manifests()
    assert isinstance(models, dict)
    shipped = models["escpos"]
    assert set(shipped.options) == {"profile", "chinese", "proof"}
    assert shipped.driver_class() is EscposReceiptPrinter
    shipped.driver_class()("receipts-1", lambda: 0.0, **shipped.options)


def test_a_picture_is_on_the_receipt_where_its_line_stands(tmp_path: Path) -> None:
    printing = Printing(EscposSimulator(tmp_path, {}))
    assert (
        printing.execute(ReceiptLine("户名"), ReceiptLine("王䶮"), ReceiptLine("1.00")).kind
        is OutcomeKind.DONE
    )
    (text,) = printing.receipts
    assert text.split("\n") == ["户名", PICTURE, "1.00"]
    printing.bench.hands(do="receipt_image", path=str(tmp_path / "receipt.png"))
    with Image.open(tmp_path / "receipt.png") as image:
        lines = [image.convert("L").crop((0, 24 + 40 * n, 576, 64 + 40 * n)) for n in range(3)]
    assert [min(line.tobytes()) < 60 for line in lines] == [True] * 3


def test_a_receipt_is_done_when_it_was_answered_in_turn_behind_it(printing: Printing) -> None:
    assert printing.driver.identify() == DeviceIdentity(IdentityKind.NONE)
    assert printing.execute() == DONE
    assert printing.receipts == ["城南支行 存款回单\n金额  CNY 20,250.00"]
    assert printing.driver.idle() is DeviceState.READY


def test_paper_that_ends_within_a_receipt_is_never_done(printing: Printing) -> None:
    """The printer stood ready before, and would be said to be: its real-time status comes ahead of the buffer."""
    printing.bench.hands(do="paper", present=True, after_lines=1)
    assert ended(printing.execute()) == (OutcomeKind.UNKNOWN, DeviceErrorCode.PAPER_OUT)
    assert printing.receipts == []
    printing.bench.hands(do="paper", present=True)
    printing.bench.read(5.0)
    assert printing.execute(ReceiptLine("next")) == DONE
    assert printing.receipts[-1] == "next", "the rest of the first one came out by itself"


def test_a_slow_printer_is_waited_for_and_not_believed_before_it_printed(tmp_path: Path) -> None:
    printing = Printing(EscposSimulator(tmp_path, {"speed": "40"}))
    began = printing.bench.now
    assert printing.execute() == DONE
    assert printing.bench.now - began > 4.0, "two lines of two seconds"
    assert len(printing.receipts) == 1


@pytest.mark.parametrize(("stop", "code"), [(None, DeviceErrorCode.TIMEOUT), (3.0, DeviceErrorCode.TIMEOUT)])
def test_a_printer_that_knows_no_question_in_turn_never_prints_unproved(
    tmp_path: Path, stop: float | None, code: DeviceErrorCode
) -> None:
    """Its manifest must say so; until it does, nothing leaves."""
    printing = Printing(EscposSimulator(tmp_path, {"in_turn": "0"}))
    outcome = printing.execute(stop=StopAfter(printing.bench, stop) if stop else None)
    assert ended(outcome) == (OutcomeKind.NOT_DONE, code)
    assert printing.receipts == []


def test_without_a_question_in_turn_a_person_looks(tmp_path: Path) -> None:
    printing = Printing(EscposSimulator(tmp_path, {"in_turn": "0"}), proof="none")
    told = "status is answered ahead of the buffer: a person must look at the receipt"
    assert printing.execute() == Outcome(OutcomeKind.UNKNOWN, 0, told)
    printing.bench.read(2.0)
    assert len(printing.receipts) == 1


def test_a_late_proof_of_an_earlier_receipt_is_not_taken_for_this_one(tmp_path: Path) -> None:
    """The first receipt's paper ended; its proof comes when paper is back, just before the second is sent."""
    printing = Printing(EscposSimulator(tmp_path, {"speed": "20"}))
    printing.bench.hands(do="paper", present=True, after_lines=1)
    assert printing.execute().kind is OutcomeKind.UNKNOWN
    printing.bench.hands(do="paper", present=True)
    printing.bench.after(14.0, lambda: printing.bench.hands(do="paper", present=False))
    outcome = printing.execute(*(ReceiptLine(str(line)) for line in range(20)))
    assert ended(outcome) == (OutcomeKind.UNKNOWN, DeviceErrorCode.PAPER_OUT)
    assert len(printing.receipts) == 1


def test_an_answer_that_comes_after_the_first_in_turn_belongs_to_nobody() -> None:
    """An earlier receipt's answer came first; the one to this question follows before the receipt is sent."""
    printing = Printing(ScriptedMachine(ONLINE, PAPER, IN_TURN, b"", ONLINE, PAPER))
    printing.bench.after(0.5, lambda: printing.bench.hands(say=IN_TURN))
    assert ended(printing.execute()) == (OutcomeKind.UNKNOWN, DeviceErrorCode.TIMEOUT)


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


SETTLED = (ONLINE, PAPER, IN_TURN)
"""What the first receipt after an opening asks before it leaves."""


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ((*SETTLED, IN_TURN, ONLINE, PAPER), (OutcomeKind.DONE, None)),
        ((*SETTLED, b"\x03", ONLINE, PAPER), (OutcomeKind.DONE, None)),
        ((*SETTLED, b"", ONLINE, PAPER), (OutcomeKind.UNKNOWN, DeviceErrorCode.TIMEOUT)),
        ((*SETTLED, ONLINE, ONLINE, PAPER), (OutcomeKind.UNKNOWN, DeviceErrorCode.TIMEOUT)),
        ((*SETTLED, END_IN_TURN, ONLINE, PAPER), (OutcomeKind.UNKNOWN, DeviceErrorCode.PAPER_OUT)),
        ((*SETTLED, IN_TURN, ONLINE, b""), (OutcomeKind.UNKNOWN, DeviceErrorCode.TIMEOUT)),
        ((*SETTLED, IN_TURN, b"", PAPER), (OutcomeKind.UNKNOWN, DeviceErrorCode.TIMEOUT)),
        ((*SETTLED, IN_TURN, ONLINE, PAPER_END), (OutcomeKind.UNKNOWN, DeviceErrorCode.PAPER_OUT)),
        ((*SETTLED, IN_TURN, OFFLINE, PAPER), (OutcomeKind.UNKNOWN, DeviceErrorCode.STOPPED)),
        ((OFFLINE, PAPER), (OutcomeKind.NOT_DONE, DeviceErrorCode.STOPPED)),
        ((ONLINE, b""), (OutcomeKind.NOT_DONE, DeviceErrorCode.TIMEOUT)),
        ((ONLINE, PAPER, b""), (OutcomeKind.NOT_DONE, DeviceErrorCode.TIMEOUT)),
        ((ONLINE, b"\xff\x00A"), (OutcomeKind.NOT_DONE, DeviceErrorCode.TIMEOUT)),
        ((b"\xff" + ONLINE, *SETTLED[1:], IN_TURN, ONLINE, PAPER), (OutcomeKind.DONE, None)),
    ],
)
def test_done_needs_every_answer(
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


def test_a_recording_shows_no_customer_on_a_receipt_as_text_or_as_a_picture() -> None:
    driver = EscposReceiptPrinter("receipts-1", lambda: 0.0)
    jobs = [driver.prepare(ReceiptJob("job-1", (ReceiptLine(name),))) for name in ("王䶮", "李䶮", "王小明")]
    payloads = [job.payload for job in jobs if isinstance(job, PreparedJob)]
    assert len(payloads) == 3
    masked = [escpos.OUT(payload) for payload in payloads]
    assert [len(one) for one in masked] == [len(one) for one in payloads]
    assert payloads[0] != payloads[1]
    assert masked[0] == masked[1], "two names of one length are one picture"
    assert "王".encode("gbk") not in masked[2]
