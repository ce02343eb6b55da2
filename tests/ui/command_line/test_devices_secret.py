"""A machine's secret comes over a descriptor, the key store or the terminal, and is seen nowhere."""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from desk.domain.refusals import Refusal, RefusalCode, refuse
from desk.persistence.secrets import KeyringStore
from devices.conformance.command import conform
from devices.conformance.faults import LineKind
from devices.conformance.suite import Choice, Verdict
from devices.registry import FOLDER, ManifestFlaw, load_manifest, load_manifests
from devices.simulators.process import SimulatorProcess
from devices.single_machine import driver_of
from tests.desk.persistence.test_secrets import InMemory
from ui.command_line.devices_actions import machine_secret
from ui.command_line.main import main

DIGITS = "735192"
MODEL = "cctalk_cipher"
Capture = pytest.CaptureFixture[str]


@pytest.fixture
def machine(tmp_path: Path) -> Iterator[SimulatorProcess]:
    with SimulatorProcess(MODEL, tmp_path, options={"speed": "0", "key": DIGITS}) as running:
        yield running


@pytest.fixture
def key_store(monkeypatch: pytest.MonkeyPatch) -> KeyringStore:
    store = KeyringStore(InMemory())
    monkeypatch.setattr(machine_secret, "key_store", lambda: store)
    return store


@pytest.fixture
def descriptor() -> Iterator[Callable[[str], str]]:
    """A number that ``--secret-fd`` may be given, with that text behind it."""
    opened: list[int] = []

    def hold(text: str) -> str:
        read_end, write_end = os.pipe()
        os.write(write_end, text.encode())
        os.close(write_end)
        opened.append(read_end)
        return str(read_end)

    yield hold
    for one in opened:
        os.close(one)


def ask(capsys: Capture, *words: str) -> tuple[int, str]:
    """The exit code, and everything that anybody could read."""
    code = main(["devices", *words])
    told = capsys.readouterr()
    return code, told.out + told.err


def test_the_key_comes_over_a_descriptor_and_is_not_told(
    machine: SimulatorProcess,
    descriptor: Callable[[str], str],
    capsys: Capture,
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level(logging.DEBUG):
        for action in ("identify", "test"):
            code, told = ask(
                capsys, action, MODEL, "--port", machine.port, "--secret-fd", descriptor(DIGITS + "\n")
            )
            assert code == 0, told
            assert DIGITS not in told + caplog.text


def test_a_wrong_key_is_no_answer_and_a_key_that_is_none_is_refused(
    machine: SimulatorProcess, descriptor: Callable[[str], str], capsys: Capture
) -> None:
    code, told = ask(capsys, "identify", MODEL, "--port", machine.port, "--secret-fd", descriptor("735193"))
    assert (code, "NOT IDENTIFIED" in told) == (1, True)
    code, told = ask(capsys, "identify", MODEL, "--port", machine.port, "--secret-fd", descriptor("7351x2"))
    assert (code, "six decimal digits" in told, "7351x2" in told) == (2, True, False)


def test_without_a_key_nothing_is_opened_and_it_says_where_to_put_it(
    key_store: KeyringStore, capsys: Capture
) -> None:
    code, told = ask(capsys, "identify", MODEL, "--port", "/dev/not-there")
    assert code == 2
    for part in ("--secret-fd N", f"devices secret {MODEL}", "six digits", "六位密钥"):
        assert part in told
    assert "/dev/not-there" not in told


def test_a_key_that_is_kept_is_found(
    machine: SimulatorProcess, key_store: KeyringStore, descriptor: Callable[[str], str], capsys: Capture
) -> None:
    code, told = ask(capsys, "secret", MODEL, "--secret-fd", descriptor(DIGITS))
    assert (code, DIGITS in told) == (0, False)
    assert key_store.load(f"device/{MODEL}/key") == DIGITS.encode()
    assert ask(capsys, "identify", MODEL, "--port", machine.port)[0] == 0


@pytest.mark.parametrize(
    ("model", "given", "said"),
    [("ebds", DIGITS, "needs no secret"), (MODEL, "12345", "six decimal digits"), (MODEL, "", "holds nothing"),
     ("zz", DIGITS, "there is no model")],
)  # fmt: skip
def test_what_cannot_be_kept_is_refused(
    key_store: KeyringStore,
    descriptor: Callable[[str], str],
    capsys: Capture,
    model: str,
    given: str,
    said: str,
) -> None:
    code, told = ask(capsys, "secret", model, "--secret-fd", descriptor(given))
    assert (code, said in told, bool(given) and given in told) == (2, True, False)
    assert key_store.load(f"device/{model}/key") is None


def test_a_system_without_a_key_store_says_so(
    monkeypatch: pytest.MonkeyPatch, descriptor: Callable[[str], str], capsys: Capture
) -> None:
    def none_here() -> Refusal:
        return refuse(RefusalCode.KEY_STORE, reason="none works here")

    monkeypatch.setattr(machine_secret, "key_store", none_here)
    code, told = ask(capsys, "secret", MODEL, "--secret-fd", descriptor(DIGITS))
    assert (code, "no key store that works" in told) == (2, True)
    assert ask(capsys, "identify", MODEL, "--port", "/dev/not-there")[0] == 2


def test_conform_at_a_real_port_asks_for_it_first(descriptor: Callable[[str], str], capsys: Capture) -> None:
    code, told = ask(capsys, "conform", MODEL, "--port", "/dev/not-there", "--json")
    assert (code, "--secret-fd N" in told) == (2, True)
    code, told = ask(capsys, "conform", MODEL, "--port", "/dev/not-there", "--secret-fd", descriptor(""))
    assert (code, "holds nothing" in told) == (2, True)


def test_simulated_machines_are_set_to_the_published_key() -> None:
    models = load_manifests()
    assert not isinstance(models, ManifestFlaw)
    (result,) = conform(models[MODEL], list(models.values()), Choice((LineKind.NULL_MODEM,), ("F15",)))
    assert result.verdict is Verdict.PASSED


def test_no_face_of_a_driver_or_a_manifest_tells_it() -> None:
    models = load_manifests()
    assert not isinstance(models, ManifestFlaw)
    driver = driver_of(models[MODEL], float, DIGITS)
    told = json.dumps([repr(vars(driver)), str(models[MODEL])])
    assert DIGITS not in told


@pytest.mark.parametrize(
    "table", ["x = 1", 'name = "key"', 'name = "key"\ntraining = "1"\nwhat = { zh = "x" }']
)
def test_a_manifest_with_half_a_secret_is_refused(table: str) -> None:
    text = (FOLDER / "cctalk_crc16.toml").read_text(encoding="utf-8")
    found = load_manifest(f"{text}\n[secret]\n{table}\n", "x.toml")
    assert isinstance(found, ManifestFlaw)
    assert not isinstance(load_manifest(text, "x.toml"), ManifestFlaw)
    assert isinstance(load_manifest(f"{text}\n[options]\npattern = 3\n", "x.toml"), ManifestFlaw)
