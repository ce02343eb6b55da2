"""``devices`` as branch IT calls it: models, ports, machines on real lines, recordings, refusals; never a traceback."""

from __future__ import annotations

import errno
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from serial.tools import list_ports

from devices import discovery
from devices.contracts import DeviceKind
from devices.errors import LinkLost
from devices.link.factory import link_for
from devices.link.serial_port import SerialSettings
from devices.record import read, replay
from devices.registry import Manifest, ManifestFlaw, load_manifests
from devices.self_test import WORTH, identify
from devices.simulators.process import SimulatorProcess
from devices.single_machine import driver_of, why_not
from tests.devices.rig import Bench
from ui.command_line import devices as command
from ui.command_line.devices_actions import find as find_action
from ui.command_line.devices_actions import matrix as matrix_action
from ui.command_line.devices_actions import self_test as self_test_action
from ui.command_line.devices_guide import GUIDES
from ui.command_line.main import Command, main

ROOT = Path(__file__).parents[3]
MODELS = load_manifests()
ALL = [] if isinstance(MODELS, ManifestFlaw) else list(MODELS.values())
Start = Callable[..., SimulatorProcess]


def asked(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, dict[str, Any]]:
    code = main(["devices", *arguments, "--json"])
    told: dict[str, Any] = json.loads(capsys.readouterr().out)
    return code, told


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Starts machines and sees that none outlives the test."""
    running: list[SimulatorProcess] = []

    def begin(model: str, tcp: bool = False) -> SimulatorProcess:
        running.append(SimulatorProcess(model, tmp_path / model, tcp, {"speed": "0"}))
        return running[-1]

    yield begin
    for one in running:
        one.close()


# --- the table ----------------------------------------------------------------------------------------------


def test_every_action_has_help_and_an_unknown_one_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["devices", "--help"])
    assert ended.value.code == 0
    text = capsys.readouterr().out
    for name in command.ACTIONS:
        assert f"\n  {name} " in text
        with pytest.raises(SystemExit) as ended:
            main(["devices", name, "--help"])
        assert ended.value.code == 0
        told = capsys.readouterr().out
        assert "--json" in told
        assert GUIDES[name].zh in told
        assert f"teller-desk devices {GUIDES[name].example}" in told
        assert GUIDES[name].example.split()[0] == name
    assert set(GUIDES) == set(command.ACTIONS)
    assert main(["devices", "fly"]) == 2
    assert "there is no action 'fly'; there are: list" in capsys.readouterr().err


def test_an_action_whose_module_is_not_there_is_refused(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(command, "ACTIONS", {"later": Command("devices.not_there.command", "")})
    assert main(["devices", "later"]) == 2
    assert "'devices later' is not in this version" in capsys.readouterr().err


def test_no_action_brings_qt_or_a_database() -> None:
    actions = [one.module for name, one in command.ACTIONS.items() if name != "conform"]
    program = (
        f"import sys, importlib; [importlib.import_module(one) for one in {actions}]; "
        "print([one for one in ('PySide6', 'sqlalchemy', 'psycopg', 'escpos', 'keyring') if one in sys.modules])"
    )
    found = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert found.stdout.strip() == "[]"


# --- models ---------------------------------------------------------------------------------------------------


def test_models_are_listed_with_what_they_are_worth(capsys: pytest.CaptureFixture[str]) -> None:
    models = load_manifests()
    assert not isinstance(models, ManifestFlaw)
    code, told = asked(capsys, "list")
    assert code == 0
    assert {one["name"]: one["evidence"] for one in told["models"]} == {
        name: one.evidence.value for name, one in models.items()
    }
    assert main(["devices", "list"]) == 0
    assert "evidence: simulator (simulated machine)" in capsys.readouterr().out


def test_a_bound_port_is_shown_with_its_state(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, start: Start
) -> None:
    machine = start("ebds")
    bindings = tmp_path / "machines.toml"
    bindings.write_text(
        f'[devices.ebds]\nport = "{machine.port}"\n[devices.aa55]\nport = "{tmp_path}/gone"\n',
        encoding="utf-8",
    )
    code, told = asked(capsys, "list", "--bindings", str(bindings))
    state = {one["name"]: one["state"] for one in told["models"]}
    assert code == 0
    assert state["aa55"] == "absent"
    assert state["escpos"] is None
    assert state["ebds"].startswith("held by pid")  # the simulator itself keeps its end open


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[devices.ebds", "is no TOML"),
        ("[other]", "binds nothing"),
        ('[devices.zz]\nport = "x"', "there is no model 'zz'"),
        ("[devices.ebds]\nport = 3", 'needs port = "…"'),
        (None, "cannot be read"),
    ],
)
def test_bindings_that_cannot_be_read_say_why(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, text: str | None, said: str
) -> None:
    path = tmp_path / "machines.toml"
    if text is not None:
        path.write_text(text, encoding="utf-8")
    code, told = asked(capsys, "list", "--bindings", str(path))
    assert code == 2
    assert said in told["error"]


def test_the_support_matrix_is_that_of_the_manifests(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert asked(capsys, "matrix", "--check")[0] == 0, "run 'teller-desk devices matrix'"
    models = load_manifests()
    assert not isinstance(models, ManifestFlaw)
    text = matrix_action.MATRIX.read_text(encoding="utf-8")
    for name, one in models.items():
        assert f"| `{name}` | {one.model} |" in text
        assert all(f"| {row.command} | `{row.effect.value}` |" in text for row in one.commands)
    stale = tmp_path / "matrix.md"
    stale.write_text(text.replace("`aa55`", "`aa56`"), encoding="utf-8")
    assert asked(capsys, "matrix", "--check", "--out", str(stale))[0] == 1
    assert asked(capsys, "matrix", "--out", str(stale))[0] == 0
    assert stale.read_text(encoding="utf-8") == text
    assert asked(capsys, "matrix", "--out", str(tmp_path))[0] == 2


# --- ports ------------------------------------------------------------------------------------------------------


class Listed:
    """A port as pyserial lists it."""

    def __init__(self, device: Path, serial_number: str | None, location: str) -> None:
        self.device, self.description = str(device), "FT232R USB UART"
        self.vid, self.pid = 0x0403, 0x6001
        self.serial_number, self.location = serial_number, location


@pytest.fixture
def plugged(tmp_path: Path) -> list[Listed]:
    """One adapter with a serial number and two without, and the links udev makes for them."""
    names = ("ttyUSB0", "ttyUSB1", "ttyUSB2")
    for folder in ("by-id", "by-path"):
        (tmp_path / "serial" / folder).mkdir(parents=True)
    for at, name in enumerate(names):
        (tmp_path / name).touch()
        (tmp_path / "serial" / "by-path" / f"pci-usb-0:{at + 1}:1.0-port0").symlink_to(tmp_path / name)
    (tmp_path / "serial" / "by-id" / "usb-FTDI_A10K-if00-port0").symlink_to(tmp_path / "ttyUSB0")
    (tmp_path / "serial" / "by-id" / "usb-FTDI-if00-port0").symlink_to(tmp_path / "ttyUSB2")
    serials = ("A10K", None, None)
    return [Listed(tmp_path / one, serials[at], f"1-{at}") for at, one in enumerate(names)][::-1]


def test_a_port_is_named_by_what_lasts_and_a_shared_name_is_not_offered(
    plugged: list[Listed], tmp_path: Path
) -> None:
    first, second, third = discovery.find_ports(plugged, tmp_path / "serial")
    assert first.binding.endswith("by-id/usb-FTDI_A10K-if00-port0")
    assert (first.bound_by, first.usb_vendor_product, first.usb_serial) == (
        "serial_number",
        "0403:6001",
        "A10K",
    )
    for one, number in ((second, 2), (third, 3)):
        assert one.by_id == ""
        assert one.binding.endswith(f"by-path/pci-usb-0:{number}:1.0-port0")
        assert one.bound_by == "usb_path"
    lines = discovery.configuration_lines(first, "aa55")
    assert lines[0] == "[devices.aa55]"
    assert lines[1].startswith(f'port = "{first.by_id}"')
    assert lines[2].startswith(f'# port = "{first.by_path}"')


def test_lines_that_are_found_bind(
    plugged: list[Listed], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = discovery.find_ports(plugged, tmp_path / "serial")
    path = tmp_path / "machines.toml"
    path.write_text("\n".join(discovery.configuration_lines(found[0], "aa55")), encoding="utf-8")
    _, told = asked(capsys, "list", "--bindings", str(path))
    (bound,) = [one for one in told["models"] if one["port"]]
    assert (bound["name"], bound["state"]) == ("aa55", "present")


def test_finding_opens_nothing(
    plugged: list[Listed], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(list_ports, "comports", lambda: plugged)
    monkeypatch.setattr(find_action, "opened", lambda *_: pytest.fail("a port was opened"))
    code, told = asked(capsys, "find")
    assert code == 0
    assert [one["usb_serial"] for one in told["ports"]] == ["A10K", "", ""]
    assert told["ports"][0]["configuration"][0] == "[devices.MODEL]"
    monkeypatch.setattr(list_ports, "comports", list)
    assert main(["devices", "find"]) == 1
    assert "no serial port is here" in capsys.readouterr().out


def test_identifying_asks_each_port_and_ends_in_time(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, start: Start
) -> None:
    ports = [Path(start("ebds").port), Path(start("aa55").port)]
    monkeypatch.setattr(list_ports, "comports", lambda: [Listed(one, None, "") for one in ports])
    began = time.monotonic()
    code, told = asked(capsys, "find", "--identify", "ebds", "--seconds", "1")
    assert time.monotonic() - began < 5
    found = {one["port"]: one["identified"] for one in told["ports"]}
    assert (code, found) == (0, {str(ports[0]): True, str(ports[1]): False})
    assert asked(capsys, "find", "--identify", "t5040", "--seconds", "0.2")[0] == 1


# --- one machine --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("model", "tcp", "kind", "value"),
    [
        ("ebds", False, "serial_number", "TD-EBDS-0001"),
        ("aa55", True, "none", ""),
        ("t5040", False, "model", "T5040/5040"),
        ("escpos", False, "none", ""),
    ],
)
def test_a_machine_says_who_it_is_and_is_well(
    capsys: pytest.CaptureFixture[str], start: Start, model: str, tcp: bool, kind: str, value: str
) -> None:
    port = start(model, tcp).port
    code, told = asked(capsys, "identify", model, "--port", port)
    assert (code, told["identity"]) == (0, {"kind": kind, "value": value})
    assert ("a person confirms" in told["worth"]) == (kind == "none")
    code, told = asked(capsys, "test", model, "--port", port)
    assert (code, told["passed"]) == (0, True)
    assert [one["step"] for one in told["steps"]] == ["identify", "status", "effect"]
    assert told["steps"][2]["told"].startswith("not tried")


@pytest.mark.parametrize("model", ALL, ids=lambda one: one.name)
def test_every_model_can_be_built_and_asked_without_a_desk(model: Manifest, tmp_path: Path) -> None:
    bench = Bench(model.simulator_class()(tmp_path, model.simulator_options({})))
    driver = driver_of(model, bench.clock)
    driver.attach(bench)
    told = identify(driver, bench.clock)
    assert told.ok, told
    assert WORTH[told.value.kind]


def test_trouble_is_told_with_what_a_person_can_do(capsys: pytest.CaptureFixture[str], start: Start) -> None:
    machine = start("t5040")
    machine.hands(do="insert_book", book="x")
    machine.hands(do="lid", open=True)
    code, told = asked(capsys, "test", "t5040", "--port", machine.port)
    assert code == 1
    assert told["steps"][-1]["step"] in ("identify", "status")
    assert told["steps"][-1]["todo"]["en"]
    assert told["steps"][-1]["todo"]["zh"]


def test_the_wrong_machine_does_not_identify(capsys: pytest.CaptureFixture[str], start: Start) -> None:
    code, told = asked(capsys, "identify", "ebds", "--port", start("t5040").port)
    assert (code, told["identified"], told["identity"]) == (1, False, None)
    assert "timeout" in told["error"]
    assert told["todo"]["en"]


def test_effects_happen_once_and_only_when_asked_for(
    capsys: pytest.CaptureFixture[str], start: Start
) -> None:
    machine = start("escpos")
    asked(capsys, "test", "escpos", "--port", machine.port)
    assert machine.hands(do="report")["receipts"] == []
    code, told = asked(capsys, "test", "escpos", "--port", machine.port, "--with-effects")
    assert (code, told["steps"][2]["told"]) == (0, "printed")
    (receipt,) = machine.hands(do="report")["receipts"]
    assert "培训" in receipt
    book = start("t5040")
    book.hands(do="insert_book", book="x")
    code, told = asked(capsys, "test", "t5040", "--port", book.port, "--with-effects")
    assert (code, told["steps"][2]["told"]) == (0, "printed"), told
    assert book.hands(do="report")["rows"] == 1


def test_a_note_is_looked_at_and_given_back(
    capsys: pytest.CaptureFixture[str], start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(self_test_action, "BETWEEN_SECONDS", 0.0)
    machine = start("ebds")
    person = threading.Timer(2.0, lambda: machine.hands(do="insert", denomination=100, classification=2))
    person.start()
    code, told = asked(capsys, "test", "ebds", "--port", machine.port, "--with-effects")
    person.join()
    assert (code, told["steps"][2]["told"]) == (0, "counterfeit_suspected, 100 CNY, given back")
    assert [fact["fact"] for fact in machine.hands(do="report")["facts"]] == ["inserted", "returned"]


# --- ports that cannot be used --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("port", "said"),
    [
        ("/dev/not-there", "there is no port /dev/not-there: 'teller-desk devices find'"),
        (str(ROOT / "pyproject.toml"), "is not a serial port"),
        ("socket://nowhere", "is no address: write socket://HOST:PORT"),
        ("socket://127.0.0.1:1", "nothing listens at"),
    ],
)
@pytest.mark.parametrize("action", ["identify", "test", "record"])
def test_a_port_that_cannot_be_used_is_2_with_what_to_do(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, action: str, port: str, said: str
) -> None:
    more = ["--out", str(tmp_path / "x.json")] if action == "record" else []
    code, told = asked(capsys, action, "ebds", "--port", port, *more)
    assert code == 2
    assert said in told["error"]
    assert list(tmp_path.iterdir()) == []


def test_an_unknown_model_is_refused_with_those_there_are(capsys: pytest.CaptureFixture[str]) -> None:
    for action in ("identify", "test"):
        assert main(["devices", action, "toaster", "--port", "x"]) == 2
        assert "there is no model 'toaster'; there are: aa55" in capsys.readouterr().err


def test_a_busy_port_names_who_holds_it(capsys: pytest.CaptureFixture[str], start: Start) -> None:
    port = start("ebds").port
    program = (
        "import sys, time; from devices.link.serial_port import *; "
        f"SerialLink({port!r}, SerialSettings()).open(); print('held', flush=True); time.sleep(60)"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as holder:
        try:
            assert holder.stdout is not None
            assert holder.stdout.readline() == "held\n"
            code, told = asked(capsys, "identify", "ebds", "--port", port)
        finally:
            holder.kill()
    assert code == 2
    assert f"{port} is busy, pid {holder.pid} since" in told["error"]
    assert "close that program" in told["error"]


def test_a_port_without_permission_says_so() -> None:
    denied = LinkLost("x")
    denied.__cause__ = OSError(errno.EACCES, "Permission denied")
    assert "no permission for COM3: add this user" in str(why_not("COM3", denied))


def test_another_failure_keeps_the_systems_words() -> None:
    assert (
        str(why_not("COM3", LinkLost("COM3: melted")))
        == "COM3: melted: check the cable and the port, and try again"
    )


# --- simulators and recordings --------------------------------------------------------------------------------


@pytest.fixture
def _ctrl_c_is_heard() -> Iterator[None]:
    """A shell's background job ignores Ctrl-C, and so would every process begun in it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("_ctrl_c_is_heard")
@pytest.mark.parametrize(("more", "port"), [((), "/dev/"), (("--tcp",), "socket://127.0.0.1:")])
@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
def test_a_simulator_says_where_it_is_and_runs_until_it_is_ended(
    tmp_path: Path, more: tuple[str, ...], port: str, ending: signal.Signals
) -> None:
    arguments = ["devices", "simulate", "ebds", "--json", "--directory", str(tmp_path / "kept"), *more]
    with subprocess.Popen(
        [sys.executable, "-m", "ui.command_line.main", *arguments], cwd=ROOT, text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    ) as process:  # fmt: skip
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        told = json.loads(process.stdout.readline())
        assert told["port"].startswith(port)
        process.stdin.write('nonsense\n{"do": "fly"}\n{"do": "insert"}\n{"do": "report"}\n')
        process.stdin.close()
        answers = [json.loads(process.stdout.readline()) for _ in range(3)]
        assert answers[0]["stage"] == answers[2]["stage"] == "idle"
        assert "no such hand" in answers[1]["error"]
        link = link_for(told["port"], SerialSettings())
        link.open()
        link.write(bytes.fromhex("02 08 60 00 00 05 03 6D"), 1.0)
        heard = b""
        while len(heard) < 25:
            more_heard = link.read(5.0)
            assert more_heard
            heard += more_heard
        link.close()
        assert b"TD-EBDS-0001" in heard
        process.send_signal(ending)
        try:
            assert process.wait(10) == 0
        finally:
            process.kill()  # a machine that does not end must not keep the test
        errors = process.stderr.read()
        assert "a hand is a JSON object" in errors
        assert "Traceback" not in errors
    assert not (tmp_path / "kept" / "ebds.json").exists()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [(["toaster"], "there is no model"), (["t5040", "--option", "speed"], "write NAME=VALUE"),
     (["t5040", "--option", "speed=fast"], "does not fit t5040"),
     (["aa55", "--option", "rate_per_minute=0"], "does not fit aa55"),
     (["ticket", "--option", "pattern=nope"], "there is no ticket 'nope'"),
     (["t5040", "--directory", str(ROOT / "pyproject.toml")], "cannot be used")],
)  # fmt: skip
def test_a_simulator_that_cannot_run_is_refused(
    capsys: pytest.CaptureFixture[str], arguments: list[str], said: str
) -> None:
    code, told = asked(capsys, "simulate", *arguments)
    assert code == 2
    assert said in told["error"]


@pytest.mark.parametrize("model", ["ebds", "aa55", "t5040", "escpos"])
def test_a_recording_is_masked_and_its_test_replays_it(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, start: Start, model: str
) -> None:
    machine = start(model)
    hands: dict[str, dict[str, Any]] = {
        "aa55": {"do": "load", "notes": [[100, 3]], "rate_per_minute": 0},
        "t5040": {"do": "insert_book", "book": "x"},
        "ebds": {"do": "report"},
        "escpos": {"do": "report"},
    }
    machine.hands(**hands[model])
    effects = ["--with-effects"] if model != "ebds" else []
    out = tmp_path / "session.json"
    code, told = asked(
        capsys, "record", model, "--port", machine.port, "--out", str(out), "--seconds", "0.5", *effects
    )
    assert (code, told["replays"], told["differences"]) == (0, True, [])
    raw = b"".join(
        event.data for event in read(out.read_text(encoding="utf-8")).events if event.kind in ("in", "out")
    )
    for secret in (b"TD-EBDS-0001", b"TD0000", "自检".encode("gb18030"), b"TEST", b"self-test"):
        assert secret not in raw
    assert "TD-EBDS" not in out.read_text(encoding="utf-8")
    assert asked(capsys, "record", model, "--port", machine.port, "--out", str(out))[0] == 2
    text = out.read_text(encoding="utf-8")
    changed = text.replace('"ready"', '"busy"', 1)
    assert changed != text
    assert "it told 'ready', and when recorded 'busy'" in replay(read(changed))[0]


def test_the_test_beside_a_recording_runs(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, start: Start
) -> None:
    out = tmp_path / "Counter 3.json"
    _, told = asked(
        capsys, "record", "aa55", "--port", start("aa55").port, "--out", str(out), "--seconds", "0.1"
    )
    assert told["test"].endswith("test_counter_3.py")
    command_line = [sys.executable, "-m", "pytest", "-q", "--no-cov", "-p", "no:cacheprovider", told["test"]]
    found = subprocess.run(command_line, cwd=ROOT, capture_output=True, text=True, check=False)
    assert found.returncode == 0, found.stdout
    out.write_text(out.read_text(encoding="utf-8").replace("aa5503", "aa5504"), encoding="utf-8")
    found = subprocess.run(command_line, cwd=ROOT, capture_output=True, text=True, check=False)
    assert found.returncode == 1, found.stdout


def test_a_protocol_that_cannot_be_masked_is_not_recorded(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    out = tmp_path / "x.json"
    code, told = asked(capsys, "record", "essp", "--port", "/dev/not-there", "--out", str(out))
    assert code == 2
    assert "record the same machine as 'ssp'" in told["error"]
    assert not out.exists()
    assert asked(capsys, "record", "ebds", "--port", "x", "--out", str(tmp_path / "no" / "x.json"))[0] == 2


def test_every_kind_of_machine_has_an_act() -> None:
    assert set(self_test_action.ACTS) == set(DeviceKind)


def test_a_recording_ends_with_the_line(tmp_path: Path, start: Start) -> None:
    machine = start("ebds")
    out = tmp_path / "cut.json"
    with subprocess.Popen(
        [sys.executable, "-m", "ui.command_line.main", "devices", "record", "ebds", "--port", machine.port,
         "--out", str(out), "--json"],
        cwd=ROOT, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    ) as process:  # fmt: skip
        time.sleep(1.5)
        machine.kill()
        told, errors = process.communicate(timeout=15)
    assert process.returncode == 1, errors
    assert "Traceback" not in errors
    assert json.loads(told)["lost"]
    assert os.path.exists(out)
