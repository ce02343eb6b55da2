"""The suite's words for what a new machine does wrong name the place: they are a person's to-do list."""

from __future__ import annotations

import json
import logging
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import pytest

from devices import scaffold
from devices.conformance import checks
from devices.conformance.bench import DriverBroke, result_of
from devices.conformance.checks import Attempt
from devices.conformance.trial import LogKeeper, check_log
from devices.link.log import LOG
from ui.command_line.main import main


def test_a_call_that_raised_names_the_error_and_its_line() -> None:
    future: Future[Any] = Future()
    try:
        int("no number")
    except ValueError as error:
        future.set_exception(error)
    with pytest.raises(DriverBroke, match=r"ValueError: invalid literal .*\(test_what_it_says.py:\d+\)"):
        result_of(future)
    whole: Future[Any] = Future()
    whole.set_result(7)
    assert result_of(whole) == 7


def test_what_raised_while_nobody_asked_is_a_finding() -> None:
    with LogKeeper() as log:
        LOG.info("acme9 ready")
        LOG.error("acme9: ValueError")
    found = check_log(log, {"out": 0, "in": 0})
    assert found == ["raised while nothing was asked: acme9: ValueError"]
    assert logging.getLogger(LOG.name).handlers.count(log) == 0


def test_a_ledger_that_lacks_a_fact_is_told_in_words() -> None:
    found = checks.heaps([Attempt(1, [[100, 3]], None, [{"fact": "batch", "notes": [[100, 3]]}])])
    assert found == [
        "the simulator's ledger has a fact 'batch' without 'pieces' and 'amount' (in whole units)"
    ]


def test_a_model_with_holes_is_told_its_list_and_no_fault_is_played(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    wire = tmp_path / "devices" / "wire" / "aa55.py"
    wire.parent.mkdir(parents=True)
    wire.write_text(
        '"""TO DO 2: the check"""\nraise NotImplementedError("TO DO 1: the source")\n', encoding="utf-8"
    )
    monkeypatch.setattr(scaffold.left_to_do, "__defaults__", (tmp_path,))
    assert main(["devices", "conform", "aa55", "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert told == {
        "model": "aa55", "passed": False,
        "to_do": ["1. aa55.py in wire: the source", "2. aa55.py in wire: the check"],
    }  # fmt: skip
    assert main(["devices", "conform", "aa55"]) == 1
    said = capsys.readouterr()
    assert "still to do, see resources/manual/new-driver.md" in said.out
    assert said.err == ""


def test_no_shipped_model_has_holes() -> None:
    names = [path.stem for path in (scaffold.ROOT / "resources" / "devices").glob("*.toml")]
    assert names
    assert {name: scaffold.left_to_do(name) for name in names} == dict.fromkeys(names, ())
