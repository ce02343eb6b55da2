"""Every model is recorded at its simulator; the recording replays and holds nothing of one machine or a customer."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from devices.conformance.adapters import adapter_for
from devices.contracts import DeviceIdentity, DeviceKind, IdentityKind
from devices.link.trace import TraceLink
from devices.masking import NotMasked, masks_for
from devices.record import Recorder, Recording, read, replay, replay_test, write
from devices.registry import Manifest, ManifestFlaw, load_manifests
from devices.single_machine import driver_of
from tests.devices.rig import Bench
from tests.devices.written_tests import run_tests

ROOT = Path(__file__).parents[2]


def models() -> dict[str, Manifest]:
    found = load_manifests()
    assert not isinstance(found, ManifestFlaw), found
    return found


MODELS = models()
RECORDED = [
    name
    for name, one in MODELS.items()
    if not isinstance(masks_for(one.protocol, driver_of(one, float)), NotMasked)
]
HANDS: dict[DeviceKind, dict[str, Any]] = {
    DeviceKind.PASSBOOK_PRINTER: {"do": "insert_book", "book": "b", "page": 1},
    DeviceKind.NOTE_COUNTER: {"do": "load", "notes": [[100, 3], [50, 2]]},
    DeviceKind.COUNTERFEIT_DETECTOR: {"do": "insert", "denomination": 100, "classification": 4},
    DeviceKind.RECEIPT_PRINTER: {"do": "paper", "present": True},
}


class WorkingBench(Bench):
    """A desk whose own work takes some time, as every real one's does."""

    def clock(self) -> float:
        self.now += 1e-5
        return self.now


def recorded(model: Manifest, folder: Path) -> tuple[Recording, DeviceIdentity | None, bytes]:
    """A session with an effect; who the machine said it was, and the bytes it said in clear."""
    bench = WorkingBench(
        model.simulator_class()(
            folder, model.simulator_options(adapter_for(model.kind, model.protocol).options)
        )
    )
    recorder, heard = Recorder(bench.clock), bytearray()

    def hear(direction: str, data: bytes, at: float) -> None:
        recorder.hear(direction, data, at)
        heard.extend(data)

    driver = driver_of(model, bench.clock)
    link = TraceLink(bench, hear, bench.clock)
    link.open()
    driver.attach(link)
    told = recorder.call("identify", driver)
    for _ in range(3):
        recorder.call("status", driver)
    bench.after(0.3, lambda: bench.hands(**HANDS[model.kind]))
    recorder.call("effect", driver)
    for _ in range(3):
        recorder.call("status", driver)
    return recorder.recording(model.name, model.protocol, driver), told.value, bytes(heard)


def streams(recording: Recording) -> bytes:
    return b"".join(one.data for one in recording.events if one.kind in ("out", "in"))


@pytest.mark.parametrize("name", RECORDED)
def test_a_session_replays_and_names_no_machine(name: str, tmp_path: Path) -> None:
    recording, identity, heard = recorded(MODELS[name], tmp_path)
    assert replay(recording) == []
    assert len(streams(recording)) == len(heard)
    said = [one.text for one in recording.events if one.kind == "result"]
    assert len(said) >= 3
    if identity is not None and identity.kind is IdentityKind.SERIAL_NUMBER:
        assert streams(recording) != heard
        assert identity.value not in write(recording)
        assert identity.value.encode() not in streams(recording)


@pytest.mark.parametrize(
    "name", [name for name in RECORDED if MODELS[name].kind is DeviceKind.PASSBOOK_PRINTER]
)
def test_nothing_that_was_printed_is_in_it(name: str, tmp_path: Path) -> None:
    recording, _, heard = recorded(MODELS[name], tmp_path)
    assert streams(recording) != heard
    for encoding in ("gb18030", "utf-8", "ascii"):
        text = "自检" if encoding != "ascii" else "0001"
        assert text.encode(encoding) not in streams(recording)


def test_the_ready_tests_run(tmp_path: Path) -> None:
    """As ``devices record`` leaves them: a capture and a pytest file a model."""
    for name in RECORDED:
        recording, _, _ = recorded(MODELS[name], tmp_path / name)
        capture = tmp_path / f"{name}.json"
        capture.write_text(write(recording), encoding="utf-8")
        (tmp_path / f"test_{name}.py").write_text(
            replay_test(read(write(recording)), capture), encoding="utf-8"
        )
    found = run_tests(tmp_path)
    assert f"{len(RECORDED)} passed" in found.stdout, found.stdout


def test_what_cannot_be_masked_says_why() -> None:
    assert [name for name in MODELS if name not in RECORDED] == ["cctalk_cipher", "essp"]
    assert "record the same machine as 'ssp'" in str(masks_for("essp"))
    assert "devices/masking/acme9.py" in str(masks_for("acme9"))
