"""The simulated machines as things: processes of their own, paper and notes that outlive a killed desk, ink to see."""

from __future__ import annotations

import base64
import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from devices.forms import UNITS_PER_MM
from devices.glyphs import Glyphs
from devices.simulators.aa55 import Aa55Simulator
from devices.simulators.escpos import EscposSimulator
from devices.simulators.ledger import PhysicalLedger
from devices.simulators.page import INK, SCALE, Strike, overlap
from devices.simulators.process import SimulatorProcess
from devices.simulators.t5040 import STORE, T5040Simulator
from devices.simulators.t5040_parser import StreamParser
from tests.devices.rig import FORM, wait_until

ROOT = Path(__file__).parents[2]


def published(directory: Path, kind: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((directory / f"{kind}.json").read_text(encoding="utf-8"))
    return found


def is_alive(process: int) -> bool:
    """Whether a process runs; one that ended and was not yet waited for does not."""
    try:
        state = Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def facts(directory: Path, name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (directory / name).read_bytes().splitlines()]


# --- processes ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["t5040", "aa55", "ebds", "escpos"])
def test_a_machine_is_a_process_of_its_own_found_by_a_file_until_its_lifeline_goes(
    tmp_path: Path, kind: str
) -> None:
    with SimulatorProcess(kind, tmp_path) as machine:
        found = published(tmp_path, kind)
        assert found["port"] == machine.port
        assert found["kind"] == kind
        assert found["process"] != os.getpid()
        assert is_alive(found["process"])
        assert machine.hands(do="report")
    assert not is_alive(found["process"])
    assert not (tmp_path / f"{kind}.json").exists()


def test_a_file_left_by_a_dead_machine_is_not_taken_for_a_live_one(tmp_path: Path) -> None:
    (tmp_path / "aa55.json").write_text(
        '{"kind": "aa55", "port": "/dev/pts/none", "process": 1}', encoding="utf-8"
    )
    with SimulatorProcess("aa55", tmp_path) as machine:
        assert machine.port != "/dev/pts/none"


def test_a_machine_that_cannot_start_says_so(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="simulator ended"):
        SimulatorProcess("toaster", tmp_path)


def test_ink_outlives_a_killed_desk_and_its_machine_goes_with_it(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "tests.devices.desk_that_dies", str(tmp_path)],
        stdout=subprocess.PIPE,
        cwd=ROOT,
    ) as desk:
        assert desk.stdout is not None
        assert desk.stdout.readline() == b"done 2\n"
        machine = published(tmp_path, "t5040")["process"]
        assert is_alive(machine)
        desk.send_signal(signal.SIGKILL)
        desk.wait(5)
    wait_until(lambda: not is_alive(machine))
    ink = [fact for fact in facts(tmp_path, "t5040-ink.jsonl") if fact["fact"] == "ink"]
    assert [fact["strikes"][0]["y"] for fact in ink] == [
        round(FORM.base_line_mm(line) * UNITS_PER_MM) for line in (3, 4)
    ]
    again = Printed(tmp_path)
    again.row(3, "20260312")
    assert again.overprints == 1, "the page is the same page for the next machine"


# --- the ledger -----------------------------------------------------------------------------------------------


def test_a_fact_is_on_disk_before_the_machine_says_anything(tmp_path: Path) -> None:
    ledger = PhysicalLedger(tmp_path / "paper.jsonl")
    ledger.add({"fact": "ink", "text": "存\u2028款"})
    assert facts(tmp_path, "paper.jsonl") == ledger.facts
    assert PhysicalLedger(tmp_path / "paper.jsonl").facts == ledger.facts


@pytest.mark.parametrize("kept", [0, 2])
def test_a_fact_cut_in_the_middle_is_forgotten_and_spoils_no_other(tmp_path: Path, kept: int) -> None:
    path = tmp_path / "paper.jsonl"
    path.write_bytes(b'{"fact": "ink"}\n' * kept + b'{"fact": "in')
    ledger = PhysicalLedger(path)
    assert len(ledger.facts) == kept
    ledger.add({"fact": "overprint"})
    assert PhysicalLedger(path).facts == [{"fact": "ink"}] * kept + [{"fact": "overprint"}]


def test_the_counter_writes_down_where_each_note_went(tmp_path: Path) -> None:
    machine = Aa55Simulator(tmp_path, {})
    machine.receive(bytes.fromhex("AA 55 03 00 01 00 00 01 A5 5A"), 0.0)
    machine.hands(
        {"do": "load", "notes": [[100, 2], {"denomination": 50, "reject": 6}], "rate_per_minute": 0}
    )
    machine.pending(1.0)
    assert facts(tmp_path, "aa55-notes.jsonl") == [
        {"fact": "batch", "notes": [[100, 0], [100, 0], [50, 6]], "pieces": 2, "amount": 200}
    ]


# --- ink ------------------------------------------------------------------------------------------------------


class Printed:
    """A printer with a book in, driven by bytes typed here and not by the driver."""

    def __init__(self, directory: Path) -> None:
        self.machine = T5040Simulator(directory, {"speed": "0"})
        self.machine.hands({"do": "insert_book", "book": "book-1"})
        self.now = 0.0

    def send(self, data: bytes) -> bytes:
        self.machine.receive(data, self.now)
        said = b""
        for _ in range(50):
            self.now += 1.0
            said += self.machine.pending(self.now)
        return said

    def row(self, line: int, text: str, x: int = 43) -> bytes:
        """A text on a line of the form, ``x`` in 1/180 inch, and a control point behind it."""
        y = round(FORM.base_line_mm(line) * UNITS_PER_MM)
        column = round(x / 3).to_bytes(2, "little")
        return self.send(f"\x1b[{y}!p".encode() + b"\x1b$" + column + text.encode("ascii") + b"\x1b[7!t")

    @property
    def overprints(self) -> int:
        return int(self.machine.hands({"do": "report"})["overprints"])


@pytest.mark.parametrize(
    ("line", "x", "text", "found"),
    [
        (3, 42, "12345678", 1),
        (3, 42 + 8 * 18, "1", 0),
        (3, 42 + 7 * 18 + 9, "1", 1),
        (3, 42 - 18, "1", 0),
        (4, 42, "12345678", 0),
    ],
)
def test_overprint_is_found_where_texts_touch_and_nowhere_else(
    tmp_path: Path, line: int, x: int, text: str, found: int
) -> None:
    printed = Printed(tmp_path)
    printed.row(3, "12345678", x=42)
    assert printed.overprints == 0
    printed.row(line, text, x)
    assert printed.overprints == found
    assert T5040Simulator(tmp_path, {}).hands({"do": "report"})["overprints"] == found


def test_overprint_within_one_row_is_found(tmp_path: Path) -> None:
    printed = Printed(tmp_path)
    printed.send(b"\x1b[200!p\x1b$\x0e\x00AB\x1b$\x0f\x00C\x1b[7!t")
    assert printed.overprints == 1


def test_overprint_on_ink_of_before_this_desk_is_found(tmp_path: Path) -> None:
    printed = Printed(tmp_path)
    y = round(FORM.base_line_mm(3) * UNITS_PER_MM)
    columns = base64.b64encode(b"\xff" * 81).decode()
    printed.machine.hands({"do": "preprint", "book": "book-1", "page": 1, "rows": [[[42, y, "", columns]]]})
    printed.row(3, "1")
    assert printed.overprints == 1


def test_strikes_of_neighbouring_lines_do_not_touch() -> None:
    lines = [round(FORM.base_line_mm(line) * UNITS_PER_MM) for line in range(1, FORM.lines + 1)]
    strikes = [Strike(40, y, "X" * 40, b"") for y in lines]
    assert not any(overlap(one, other) for at, one in enumerate(strikes) for other in strikes[:at])


def test_the_drawn_page_has_ink_where_it_was_struck_and_nowhere_else(tmp_path: Path) -> None:
    glyph = Glyphs().columns("存")
    assert isinstance(glyph, bytes)
    printed = Printed(tmp_path)
    x, y = 300, round(FORM.base_line_mm(5) * UNITS_PER_MM)
    printed.send(f"\x1b[{y}!p".encode() + b"\x1b$\x64\x00\x1b*\x27\x1b\x00" + glyph + b"\x1b[7!t")
    printed.row(8, "MMMM", x=300)
    width, height = (round(mm * UNITS_PER_MM) for mm in (FORM.page_width_mm, FORM.page_height_mm))
    path = tmp_path / "page.png"
    lines = [round(FORM.base_line_mm(line) * UNITS_PER_MM) for line in range(1, FORM.lines + 1)]
    page = {
        "do": "page_image",
        "book": "book-1",
        "page": 1,
        "path": str(path),
        "width": width,
        "height": height,
    }
    printed.machine.hands({**page, "fold": round(FORM.fold_mm * UNITS_PER_MM), "lines": lines})
    with Image.open(path) as opened:
        image = opened.convert("RGB")
    assert image.size == (width * SCALE, height * SCALE)
    for column in range(27):
        bits = int.from_bytes(glyph[column * 3 : column * 3 + 3], "big")
        for dot in range(24):
            at = ((x + column) * SCALE, (y - 20 + dot) * SCALE)
            assert (image.getpixel(at) == INK) is bool(bits >> (23 - dot) & 1), at
    y_text = round(FORM.base_line_mm(8) * UNITS_PER_MM)
    assert ink_in(image, x, y_text - 20, x + 72, y_text + 4) > 200
    total = ink_in(image, 0, 0, width, height)
    assert total == ink_in(image, x, y - 20, x + 27, y + 4) + ink_in(
        image, x, y_text - 20, x + 72, y_text + 4
    )
    printed.machine.hands({**page, "page": 2})
    with Image.open(path) as opened:
        assert ink_in(opened.convert("RGB"), 0, 0, width, height) == 0


def ink_in(image: Image.Image, left: int, top: int, right: int, bottom: int) -> int:
    """Pixels of the full ink colour in a box given in 1/180 inch."""
    box = image.crop((left * SCALE, top * SCALE, right * SCALE, bottom * SCALE))
    pixels = box.tobytes()
    return sum(pixels[at : at + 3] == bytes(INK) for at in range(0, len(pixels), 3))


def test_a_receipt_is_drawn_with_its_lines(tmp_path: Path) -> None:
    machine = EscposSimulator(tmp_path, {"speed": "0"})
    path = tmp_path / "receipt.png"

    def dark(top: int, bottom: int) -> int:
        machine.hands({"do": "receipt_image", "path": str(path)})
        with Image.open(path) as opened:
            return sum(grey < 90 for grey in opened.convert("L").crop((0, top, 576, bottom)).tobytes())

    assert dark(0, 60) == 0
    machine.receive(b"\x1b\x45\x01" + "存款\n\n回单".encode("gb18030") + b"\n\x1b\x64\x06\x1d\x56\x00", 0.0)
    machine.pending(0.0)
    assert dark(24, 62) > 100
    assert dark(68, 100) == 0, "the empty line is empty"
    assert dark(104, 140) > 100


# --- the printer's manners ------------------------------------------------------------------------------------


def test_a_control_point_comes_after_the_ink_and_not_without_it(tmp_path: Path) -> None:
    printed = Printed(tmp_path)
    assert printed.row(3, "1") == b'\x1b[1;4"z\x1b[7!t'
    printed.machine.hands({"do": "jam"})
    assert printed.row(4, "1") == b"\x1b[2!z"
    assert printed.send(b"\x1b[8!t") == b"", "in ERROR everything not yet done is cancelled"


@pytest.mark.parametrize("position", [b"0", b"2501", b""])
def test_a_position_off_the_page_is_an_error(tmp_path: Path, position: bytes) -> None:
    assert Printed(tmp_path).send(b"\x1b[" + position + b"!p").endswith(b"\x1b[2!z")


def test_without_a_book_the_document_is_requested_and_nothing_lost(tmp_path: Path) -> None:
    printed = Printed(tmp_path)
    printed.machine.hands({"do": "remove_book"})
    assert printed.row(3, "1").endswith(b'\x1b[2;4"z\x1b[1!z')
    assert printed.machine.hands({"do": "report"})["rows"] == 0
    printed.machine.hands({"do": "insert_book", "book": "book-2"})
    assert printed.send(b"") == b'\x1b[1;4"z\x1b[0!z\x1b[7!t'


def test_the_message_store_holds_thirty_and_drops_later_ones(tmp_path: Path) -> None:
    printed = Printed(tmp_path)
    for _ in range(STORE + 20):
        printed.machine.hands({"do": "lid", "open": False})
    assert printed.send(b"").count(b"!z") == STORE - 1, "the book's own message is the thirtieth"


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        (b"\x1b[1#z", b"\x1b[0;4;94;1;1;0;1;5040;0#z"),
        (b'\x1b["z', b'\x1b[1;4"z'),
        (b"\x1b[9)t", b"\x1b[9)t"),
        (b'\x1b["t', b'\x1b[992"t'),
        (b'\x1b[#r\x02=123?\x03\x1b["r', b'\x1b[1;0#r\x1b[1;2;1;0"r\x02=123?\x03'),
        (b"\x1b@\x1b[5!t", b"\x1b[5!t"),
    ],
)
def test_questions_are_answered(tmp_path: Path, question: bytes, answer: bytes) -> None:
    assert Printed(tmp_path).send(question) == b'\x1b[1;4"z' + answer


def test_the_printers_reader_waits_for_the_rest_of_a_command_however_it_is_cut() -> None:
    stream = b"\x1b@A\x1b$\x64\x00\x1b*\x27\x02\x00\x1b[0$p\x0c\x1b[42!tB\x1b[#r\x0212\x03\x0c\x1bx"
    whole = StreamParser().feed(stream)
    kinds = ["reset", "text", "column", "image", "csi", "text", "csi", "control"]
    assert [token.kind for token in whole] == kinds
    assert whole[3].data == b"\x1b[0$p\x0c", "what looks like a command inside an image is dots"
    for cut in range(1, len(stream)):
        parser = StreamParser()
        assert parser.feed(stream[:cut]) + parser.feed(stream[cut:]) == whole
