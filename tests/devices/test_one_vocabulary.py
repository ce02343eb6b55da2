"""Every class and every reject code that a protocol's description lists, read into the one vocabulary for notes.

A reject is never proof of forgery: only EBDS has a value for "suspected counterfeit", and only that value means it.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from devices import fsn
from devices.contracts import DeviceKind, NoteClass, NoteReading
from devices.errors import DeviceError
from devices.registry import ManifestFlaw, load_manifests
from devices.self_test import effect
from devices.single_machine import driver_of
from tests.devices.rig import Bench, StopAfter

MODELS = load_manifests()
assert not isinstance(MODELS, ManifestFlaw)
DETECTORS = [name for name, one in MODELS.items() if one.kind is DeviceKind.COUNTERFEIT_DETECTOR]
UNRECOGNISED = NoteClass.UNRECOGNISED

CCNET_REJECTS = (*range(0x60, 0x6B), 0x6C, 0x6D, 0x92, 0x93, 0x94, 0x95)
ID003_REJECTS = (*range(0x71, 0x7A), *range(0x7B, 0x7F), 0x98, 0x9B)
SSP_REJECTS = (*range(0x01, 0x1E), 0x0E, 0x0F)
CCTALK_REJECTS = (2, 3, 4, 5)
EBDS_CLASSES = {
    0: UNRECOGNISED, 1: UNRECOGNISED, 2: NoteClass.COUNTERFEIT_SUSPECTED, 3: NoteClass.SUSPECT, 4: NoteClass.GENUINE,
}  # fmt: skip
"""note-protocols §1.1, §1.2, §1.3, §1.5 and §1.4, as listed there."""


def rows() -> Iterator[tuple[str, dict[str, Any], NoteClass, int]]:
    """Model, what is done to the note, the word for it, and the protocol's own code that must be kept."""
    for code in CCNET_REJECTS:
        yield "ccnet", {"classification": 0, "reason": code}, UNRECOGNISED, code
    for code in ID003_REJECTS:
        yield "id003", {"reject": code}, UNRECOGNISED, 0x17 << 8 | code
    for model in ("ssp", "essp"):
        for code in SSP_REJECTS:
            yield model, {"classification": 0, "reason": code}, UNRECOGNISED, code
    for model in ("cctalk", "cctalk_crc16", "cctalk_cipher"):
        for code in CCTALK_REJECTS:
            yield model, {"reject": code}, UNRECOGNISED, code
    for code, word in EBDS_CLASSES.items():
        yield "ebds", {"classification": code}, word, code


def look(folder: Path, name: str, note: dict[str, Any], *before: dict[str, Any]) -> NoteReading | DeviceError:
    """One note put into a simulated machine of that model while the desk waits for it."""
    model = MODELS[name]  # type: ignore[index]
    bench = Bench(model.simulator_class()(folder, model.simulator_options({})))
    driver = driver_of(model, bench.clock)
    driver.attach(bench)
    assert not isinstance(driver.identify(), DeviceError)
    for _ in range(5):
        driver.idle()
    for hand in before:
        bench.hands(**hand)
    put = {"do": "insert", "denomination": 100, **note}
    bench.after(4.0, lambda: bench.hands(**put))
    found: NoteReading | DeviceError = driver.inspect("r", lambda seen: None, StopAfter(bench, 40.0))
    return found


@pytest.mark.parametrize(("name", "note", "word", "code"), list(rows()))
def test_a_code_has_one_word(
    tmp_path: Path, name: str, note: dict[str, Any], word: NoteClass, code: int
) -> None:
    reading = look(tmp_path, name, note)
    assert isinstance(reading, NoteReading), reading
    assert (reading.note_class, reading.returned) == (word, True)
    assert reading.raw_class == code
    assert reading.denomination_minor == 0 or word is not UNRECOGNISED


@pytest.mark.parametrize("name", DETECTORS)
def test_a_note_that_was_authenticated_is_fit_for_money(tmp_path: Path, name: str) -> None:
    reading = look(tmp_path, name, {"classification": 4})
    assert isinstance(reading, NoteReading), reading
    assert (reading.note_class, reading.returned) == (NoteClass.GENUINE, True)


@pytest.mark.parametrize(
    ("name", "fault"),
    [("cctalk", "deaf_route"), ("cctalk_crc16", "deaf_route"), ("id003", "deaf_return"), ("id003", "left")],
)
def test_a_note_that_was_not_seen_to_come_back_is_never_told_returned(
    tmp_path: Path, name: str, fault: str
) -> None:
    held = look(tmp_path, name, {"classification": 4}, {"do": "fault", "kind": fault, "times": 99})
    assert isinstance(held, DeviceError) or held.returned is False


def test_a_note_that_is_kept_is_told_to_people() -> None:
    held = NoteReading("r", "d", NoteClass.GENUINE, "CNY", 10000, 4, "", returned=False)

    class Holding:
        kind = DeviceKind.COUNTERFEIT_DETECTOR

        def inspect(self, *_: object) -> NoteReading:
            return held

    told = effect(Holding(), float)
    assert (told.ok, "NOT given back" in told.text) == (False, True)


def test_a_serial_number_file_has_the_same_words() -> None:
    """note-protocols §3: 0 counterfeit or suspect is no proof, 2 unfit, 3 old edition."""
    words = {0: NoteClass.SUSPECT, 1: NoteClass.GENUINE, 2: NoteClass.UNFIT, 3: NoteClass.OLD_EDITION}
    assert words == fsn._CLASSES


def test_only_one_protocol_can_tell_a_suspected_counterfeit() -> None:
    assert {(name, word) for name, _, word, _ in rows() if word is NoteClass.COUNTERFEIT_SUSPECTED} == {
        ("ebds", NoteClass.COUNTERFEIT_SUSPECTED)
    }
    assert {name for name, *_ in rows()} == set(DETECTORS)
