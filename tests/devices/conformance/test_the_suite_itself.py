"""The suite finds what it is there to find: drivers with one sin each, and values that break one invariant each."""

from __future__ import annotations

import argparse
import io
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from devices.conformance import checks, command
from devices.conformance.checks import Attempt
from devices.conformance.faults import BY_ID, LineKind
from devices.conformance.report import as_data, as_text
from devices.conformance.suite import Choice, Result, Suite, Verdict, failures
from devices.contracts import NoteBatch, NoteClass, NoteReading, NoteRow, Outcome, OutcomeKind
from devices.errors import DeviceError, DeviceErrorCode
from devices.simulators.process import SimulatorProcess
from tests.devices.conformance.test_every_model import MODELS

SINS = [
    ("t5040", "SendsTwice", "F24", "happened twice"),
    ("t5040", "AlwaysDone", "F10", "believed done"),
    ("t5040", "FailsWhenUnsure", "F8", "believed not done"),
    ("t5040", "TellsTheLog", "F24", "the log tells"),
    ("t5040", "NeverComesBack", "F11", "not ready within"),
    ("aa55", "EveryHeapIsWhole", "F3", "counted twice or never ran"),
    ("ebds", "AllIsGenuine", "F24", "told genuine"),
    ("escpos", "NeverCutsOff", "F10", "believed done"),
]


@pytest.mark.parametrize(("name", "sinner", "fault", "said"), SINS, ids=[one[1] for one in SINS])
def test_a_driver_with_a_sin_is_found(name: str, sinner: str, fault: str, said: str) -> None:
    model = replace(MODELS[name], driver=f"tests.devices.conformance.saboteurs:{sinner}")
    result = Suite(model, ()).one(BY_ID[fault], LineKind.NULL_MODEM)
    assert result.verdict is Verdict.FAILED
    assert said in "\n".join(failures([result]))


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


def reading(note_class: NoteClass, returned: bool = True) -> NoteReading:
    return NoteReading("r", "d", note_class, "CNY", 10000, 0, "", returned)


@pytest.mark.parametrize(
    ("told", "facts", "found"),
    [
        (reading(NoteClass.SUSPECT), ["inserted", "returned"], ""),
        (reading(NoteClass.UNRECOGNISED), ["inserted", "returned"], ""),
        (reading(NoteClass.GENUINE), ["inserted", "returned"], "told genuine"),
        (reading(NoteClass.SUSPECT), ["inserted"], "believed returned"),
        (DeviceError(DeviceErrorCode.TIMEOUT), ["inserted"], "still in the machine"),
        (DeviceError(DeviceErrorCode.TIMEOUT), ["inserted", "stacked"], "stacked"),
    ],
)
def test_a_note_is_told_as_it_is_and_given_back(told: Any, facts: list[str], found: str) -> None:
    attempt = Attempt(1, None, told, [{"fact": one} for one in facts])
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
]


def test_a_report_says_for_each_fault_and_line_what_and_why() -> None:
    data = as_data(MODELS["t5040"], RESULTS, "2026-03-12T08:00:00Z")
    assert data["passed"] is False
    assert [row["fault"] for row in data["faults"]] == ["F1", "F18"]
    assert data["faults"][0]["lines"]["pty"] == {
        "verdict": "failed", "why": ["noise at 3: a lie"], "variants": 4, "seconds": 0.1
    }  # fmt: skip
    text = as_text(data)
    assert "F1 pty FAILED: noise at 3: a lie" in text
    assert "F18 pty n/a: a pty has no bits" in text
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
    [(("toaster",), "there is no model 'toaster'"), (("aa55", "--fault", "F99"), "there is no fault 'F99'")],
)
def test_what_cannot_be_run_says_what_there_is(
    given: tuple[str, ...], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command.run(parsed(*given, "--json")) == command.UNUSABLE
    assert said in json.loads(capsys.readouterr().out)["error"]


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
