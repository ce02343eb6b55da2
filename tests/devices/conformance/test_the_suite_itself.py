"""The suite finds what it is there to find: drivers with one sin each, and values that break one invariant each."""

from __future__ import annotations

import argparse
import io
import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from devices.conformance import checks, command
from devices.conformance.checks import Attempt
from devices.conformance.faults import BY_ID, LineKind
from devices.conformance.report import as_data, as_text, summary, summary_text
from devices.conformance.suite import Choice, Result, Suite, Verdict, failures
from devices.conformance.trial import LogKeeper, check_log
from devices.conformance.vectors import ASCII_NAK, VECTORS
from devices.conformance.whole import run_all
from devices.contracts import NoteBatch, NoteClass, NoteReading, NoteRow, Outcome, OutcomeKind
from devices.errors import DeviceError, DeviceErrorCode
from devices.link.fault import FaultLink, Faults
from devices.link.null_modem import null_modem
from devices.simulators.process import SimulatorProcess
from devices.wire import aa55, ccnet, cctalk, ebds, id003, pr2, ssp, t5040
from tests.devices.conformance.test_every_model import MODELS

SINS = [
    ("t5040", "SendsTwice", "F24", "happened twice"),
    ("t5040", "AlwaysDone", "F10", "believed done"),
    ("t5040", "FailsWhenUnsure", "F8", "believed not done"),
    ("t5040", "TellsTheLog", "F24", "the log tells"),
    ("t5040", "NeverComesBack", "F11", "not ready within"),
    ("t5040", "KeepsQuiet", "F24", "the log tells of 0 bytes 'out'"),
    ("t5040", "TakesAnyMachine", "F12", "for its own machine"),
    ("aa55", "EveryHeapIsWhole", "F3", "counted twice or never ran"),
    ("aa55", "CountsAgain", "F24", "heaps ran that nobody was told of"),
    ("ebds", "AllIsGenuine", "F24", "told genuine"),
    ("ebds", "TakesLateAnswers", "F24", "told to be worth"),
    ("ssp", "KeepsTheNote", "F24", "stacked"),
    ("escpos", "NeverCutsOff", "F10", "believed done"),
]


@pytest.mark.parametrize(("name", "sinner", "fault", "said"), SINS, ids=[one[1] for one in SINS])
def test_a_driver_with_a_sin_is_found(name: str, sinner: str, fault: str, said: str) -> None:
    model = replace(MODELS[name], driver=f"tests.devices.conformance.saboteurs:{sinner}")
    result = Suite(model, MODELS.values()).one(BY_ID[fault], LineKind.NULL_MODEM)
    assert result.verdict is Verdict.FAILED
    assert said in "\n".join(failures([result]))


@pytest.mark.parametrize(
    ("told", "carried", "found"),
    [
        (
            ["t5040 out 1.000 4: 1b", "t5040 in 1.010 2: 06", "t5040 late 1.020 3: 15"],
            {"out": 4, "in": 5},
            "",
        ),
        ([], {"out": 0, "in": 0}, ""),
        (["t5040 out 1.000 4: 1b"], {"out": 4, "in": 0}, ""),
        ([], {"out": 4, "in": 0}, "tells of 0 bytes 'out', but 4 went"),
        (["t5040 out 1.000 4: 1b"], {"out": 4, "in": 5}, "tells of 0 bytes 'in', but 5 went"),
        (["t5040 out 1.000 4: 1b"], {"out": 8, "in": 0}, "tells of 4 bytes 'out', but 8 went"),
        (["t5040 out 4: 1b"], {"out": 4, "in": 0}, "tells of 0 bytes 'out'"),
    ],
    ids=["all", "nothing went", "no answer", "no log", "half a log", "a piece is missing", "no time"],
)
def test_the_log_must_tell_of_what_went_and_of_no_more(
    told: list[str], carried: dict[str, int], found: str
) -> None:
    kept = LogKeeper()
    kept.told = told
    said = check_log(kept, carried)
    assert (found in "\n".join(said)) if found else said == []


DECODERS: dict[str, Callable[[], Any]] = {
    "aa55": aa55.Aa55Decoder, "ebds": ebds.EbdsDecoder, "ccnet": ccnet.CcnetDecoder, "id003": id003.Id003Decoder,
    "cctalk": lambda: cctalk.CctalkDecoder(cctalk.Codec(cctalk.Check.SIMPLE)),
    "cctalk-crc16": lambda: cctalk.CctalkDecoder(cctalk.Codec(cctalk.Check.CRC16)),
    "ssp": ssp.SspDecoder, "essp": ssp.SspDecoder, "t5040": t5040.T5040Decoder, "pr2": pr2.Pr2Decoder,
}  # fmt: skip


@pytest.mark.parametrize("name", DECODERS)
def test_an_unknown_status_is_a_whole_frame_with_a_right_check(name: str) -> None:
    """Else F22 would be one more damaged frame. A decoder may refuse a status, but not a check or shape."""
    vectors = VECTORS[name]
    for frames in (vectors.unknown, *([vectors.nak] if vectors.nak != ASCII_NAK else [])):
        found = DECODERS[name]().receive(frames)
        assert found
        damaged = [one for one in found if getattr(one, "reason", "status") != "status"]
        assert damaged == []
        assert all(one.data == frames for one in found if isinstance(one, t5040.Garbage | pr2.Garbage))


def test_only_the_answers_with_a_status_are_replaced() -> None:
    host, device = null_modem()
    link = FaultLink(host, Faults(instead=b"?", instead_of=re.compile(rb"r.", re.DOTALL)), lambda: 0.0)
    link.open()
    device.write(b"id=7;r1;r\n", 0.0)
    assert (link.read(0.0), link.replaced) == (b"id=7;?;?", 2)
    assert (link.told_in, link.told_out) == (8, 0)


# --- the checks ------------------------------------------------------------------------------------------------------

INK: dict[str, Any] = {"fact": "ink", "kind": "row"}


@pytest.mark.parametrize(
    ("outcome", "rows", "found"),
    [
        (Outcome(OutcomeKind.DONE, 2), 2, ""),
        (Outcome(OutcomeKind.DONE, 2), 1, "believed done"),
        (Outcome(OutcomeKind.UNKNOWN, 1), 1, ""),
        (Outcome(OutcomeKind.UNKNOWN, 1), 2, ""),
        (Outcome(OutcomeKind.UNKNOWN, 1), 0, "believed proved"),
        (Outcome(OutcomeKind.UNKNOWN, 0), 3, "happened twice"),
        (Outcome(OutcomeKind.NOT_DONE, 0), 0, ""),
        (Outcome(OutcomeKind.NOT_DONE, 0), 1, "believed not done"),
    ],
)
def test_belief_is_held_against_ink(outcome: Outcome, rows: int, found: str) -> None:
    told = checks.rows_on_paper([Attempt(2, None, outcome, [INK] * rows)])
    assert (found in "\n".join(told)) if found else told == []


def batch(pieces: int, complete: bool = True) -> NoteBatch:
    rows = (NoteRow(10000, pieces),)
    error = None if complete else DeviceError(DeviceErrorCode.TIMEOUT)
    return NoteBatch("b", "d", "CNY", rows, 0, (), "", complete, error=error)


def heap(pieces: int) -> dict[str, Any]:
    return {"fact": "batch", "pieces": pieces, "amount": pieces * 100}


@pytest.mark.parametrize(
    ("counted", "found"),
    [
        ([(batch(5), [heap(5)]), (batch(6), [heap(6)])], ""),
        ([(batch(5), [heap(5)]), (batch(5), [])], "counted twice"),
        ([(batch(4), [heap(5)])], "never ran"),
        ([(batch(5, False), [heap(5)])], ""),
        ([(batch(5), [heap(5), heap(6)])], "nobody was told"),
    ],
)
def test_each_heap_is_counted_once(counted: list[tuple[NoteBatch, list[Any]]], found: str) -> None:
    told = checks.heaps([Attempt(1, None, one, facts) for one, facts in counted])
    assert (found in "\n".join(told)) if found else told == []


def reading(note_class: NoteClass, returned: bool = True, worth: int = 10000) -> NoteReading:
    return NoteReading("r", "d", note_class, "CNY", worth, 0, "", returned)


@pytest.mark.parametrize(
    ("told", "facts", "found"),
    [
        (reading(NoteClass.SUSPECT), ["inserted", "returned"], ""),
        (reading(NoteClass.UNRECOGNISED), ["inserted", "returned"], ""),
        (reading(NoteClass.GENUINE), ["inserted", "returned"], "told genuine"),
        (reading(NoteClass.SUSPECT), ["inserted"], "believed returned"),
        (reading(NoteClass.SUSPECT, worth=5000), ["inserted", "returned"], "told to be worth 5000"),
        (reading(NoteClass.UNRECOGNISED, worth=0), ["inserted", "returned"], ""),
        (reading(NoteClass.SUSPECT), ["returned"], "there was []"),
        (DeviceError(DeviceErrorCode.TIMEOUT), ["inserted"], "still in the machine"),
        (DeviceError(DeviceErrorCode.TIMEOUT), ["inserted", "stacked"], "stacked"),
    ],
)
def test_a_note_is_told_as_it_is_and_given_back(told: Any, facts: list[str], found: str) -> None:
    attempt = Attempt(1, {"denomination": 100}, told, [{"fact": one} for one in facts])
    said = checks.notes([attempt], reading(NoteClass.SUSPECT))
    assert (found in "\n".join(said)) if found else said == []


@pytest.mark.parametrize("line", ["name 王小明", "e7 8e 8b e5 b0 8f e6 98 8e", "CDF5D0A1C3F7", "x 王小明"])
def test_customer_data_is_found_in_a_log_in_any_form(line: str) -> None:
    assert checks.customer_data([line], ["王小明"]) == ["the log tells '王小明'"]
    assert checks.customer_data([line], ["李四"]) == []


# --- report and command ----------------------------------------------------------------------------------------------

RESULTS = [
    Result("F1", BY_ID["F1"].title, LineKind.NULL_MODEM, Verdict.PASSED, (), 5, 0.1),
    Result("F1", BY_ID["F1"].title, LineKind.PTY, Verdict.FAILED, ("noise at 3: a lie",), 4, 0.1),
    Result("F18", BY_ID["F18"].title, LineKind.PTY, Verdict.NOT_APPLICABLE, ("a pty has no bits",)),
    Result("F20", BY_ID["F20"].title, LineKind.PTY, Verdict.PASSED, (), 3, 0.1, ("jam: it has no path",)),
]


def test_a_report_says_for_each_fault_and_line_what_and_why() -> None:
    data = as_data(MODELS["t5040"], RESULTS, "2026-03-12T08:00:00Z")
    assert data["passed"] is False
    assert [row["fault"] for row in data["faults"]] == ["F1", "F18", "F20"]
    assert data["faults"][0]["lines"]["pty"] == {
        "verdict": "failed", "why": ["noise at 3: a lie"], "variants": 4, "seconds": 0.1,
        "left_out": [],
    }  # fmt: skip
    text = as_text(data)
    assert "F1 pty FAILED: noise at 3: a lie" in text
    assert "F18 pty n/a: a pty has no bits" in text
    assert "F20 pty not played: jam: it has no path" in text
    assert data["hash"] in text
    other = as_data(MODELS["t5040"], RESULTS[:1], "2026-03-12T08:00:00Z")
    assert other["passed"]
    assert other["hash"] != data["hash"]


def parsed(*given: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    command.add_arguments(parser)
    return parser.parse_args(given)


def test_the_command_writes_both_reports(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    given = parsed("aa55", "--fault", "f24,F18", "--line", "null_modem", "--json", "--out", str(tmp_path))
    assert command.run(given) == command.OK
    said = json.loads(capsys.readouterr().out)
    assert [row["fault"] for row in said["faults"]] == ["F18", "F24"]
    assert json.loads((tmp_path / "conformance-aa55.json").read_text("utf-8")) == said
    assert said["hash"] in (tmp_path / "conformance-aa55.txt").read_text("utf-8")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (("toaster",), "there is no model 'toaster'"),
        (("aa55", "--fault", "F99"), "there is no fault 'F99'"),
        ((), "name one model"),
        (("aa55", "--all"), "name one model"),
        (("--all", "--port", "COM3"), "takes no port"),
    ],
)
def test_what_cannot_be_run_says_what_there_is(
    given: tuple[str, ...], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command.run(parsed(*given, "--json")) == command.UNUSABLE
    assert said in json.loads(capsys.readouterr().out)["error"]


def test_all_models_are_played_at_once_and_told_in_one_table(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    few = {name: MODELS[name] for name in ("aa55", "escpos", "t5040")}
    monkeypatch.setattr(command, "load_manifests", lambda: few)
    given = parsed(
        "--all", "--fault", "F21,F24", "--line", "null_modem", "--jobs", "2", "--out", str(tmp_path)
    )
    assert command.run(given) == command.OK
    text = capsys.readouterr().out
    assert [line.split() for line in text.splitlines() if "null_modem  " in line] == [
        ["aa55", "null_modem", "-", "+"], ["escpos", "null_modem", "-", "+"], ["t5040", "null_modem", "+", "+"]
    ]  # fmt: skip
    assert "- F21 it has no page [aa55, escpos: null_modem]" in text
    assert (tmp_path / "conformance.txt").read_text("utf-8") == text
    table = json.loads((tmp_path / "conformance.json").read_text("utf-8"))
    assert (table["passed"], table["jobs"], sorted(table["models"])) == (True, 2, sorted(few))
    for name, row in table["models"].items():
        own = json.loads((tmp_path / f"conformance-{name}.json").read_text("utf-8"))
        assert (own["hash"], own["passed"]) == (row["report"], True)


def test_a_failure_and_a_piece_that_broke_stand_in_the_table() -> None:
    failed = summary([as_data(MODELS["t5040"], RESULTS, "now")], "now", 1, 1)
    assert failed["passed"] is False
    assert "X F1 noise at 3: a lie [t5040: pty]" in summary_text(failed)
    results = run_all(["no such model"], Choice(lines=(LineKind.PTY,), faults=("F24",)), 1, lambda text: None)
    (one,) = results["no such model"]
    assert (one.verdict, one.line) == (Verdict.FAILED, LineKind.PTY)
    assert "the run itself broke: KeyError" in one.why[0]


def test_a_real_machine_without_a_person_is_not_usable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    assert command.run(parsed("escpos", "--port", str(tmp_path / "none"))) == command.UNUSABLE
    assert "needs a person" in capsys.readouterr().err


class Eyes:
    """The person beside a printer that is a simulator here: they count whole receipts, and may look badly."""

    def __init__(self, machine: SimulatorProcess, blind: bool) -> None:
        self._machine, self._blind, self._seen = machine, blind, 0
        self.told: list[str] = []

    def do(self, text: str) -> None:
        self.told.append(text)

    def tell(self, text: str) -> None:
        self.told.append(text)

    def number(self, text: str) -> int:
        whole = [one for one in self._machine.hands(do="report")["receipts"] if one.startswith("receipt ")]
        new, self._seen = len(whole) - self._seen, len(whole)
        return 0 if self._blind else new


@pytest.mark.parametrize("blind", [False, True], ids=["as it is", "the paper is empty"])
def test_a_machine_on_a_port_is_held_to_what_a_person_sees(tmp_path: Path, blind: bool) -> None:
    with SimulatorProcess("escpos", tmp_path) as machine:
        eyes = Eyes(machine, blind)
        choice = Choice(faults=("F11", "F24"))
        results = command.conform(MODELS["escpos"], (), choice, machine.port, eyes)
    verdicts = {one.fault: one.verdict for one in results}
    ended = Verdict.FAILED if blind else Verdict.PASSED
    assert verdicts == {"F11": Verdict.NOT_APPLICABLE, "F24": ended}
    assert all(one.line is LineKind.HARDWARE for one in results)
    assert any("paper" in text for text in eyes.told)
