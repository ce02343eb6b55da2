"""The manifests: every shipped model loads, names classes that exist, and a flaw says which file and what."""

from __future__ import annotations

from pathlib import Path

import pytest

from devices.registry import FOLDER, ManifestFlaw, load_manifest, load_manifests

MODELS = load_manifests()
GOOD = (FOLDER / "aa55.toml").read_text(encoding="utf-8")


def test_every_shipped_model_loads_with_its_classes() -> None:
    assert not isinstance(MODELS, ManifestFlaw), MODELS
    for model in MODELS.values():
        assert model.driver_class().__module__ == model.driver.split(":")[0]
        assert model.simulator_class().__module__ == model.simulator.split(":")[0]
        assert model.commands
        assert model.sources


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (("name = ", "naem = "), "unknown key 'naem' in the manifest"),
        (('kind = "note_counter"', 'kind = "toaster"'), "'kind': unknown 'toaster'"),
        (('evidence = "simulator"', 'evidence = "hearsay"'), "'evidence': unknown 'hearsay'"),
        (("baud_rate", "baud"), "unknown key 'baud' in 'line'"),
        (('effect = "effect"', 'effect = "magic"'), "'effect': unknown 'magic'"),
        (("total_seconds = 2\n", "total_seconds = 0\n"), "'total_seconds' must be a number of seconds"),
        (("devices.drivers.aa55:", "os:"), "'driver' must be 'devices.module:Class'"),
        ((', en = "', ', de = "'), "'notes' needs exactly zh and en"),
        (('sources = ["', 'sources = [" ", "'), "'sources' needs at least one text"),
        (("[[command]]", "[[komando]]"), "unknown key 'komando' in the manifest"),
        (("[line]", "[line"), "Expected"),
    ],
)
def test_a_flaw_names_the_file_and_the_reason(change: tuple[str, str], reason: str) -> None:
    assert change[0] in GOOD
    flaw = load_manifest(GOOD.replace(*change), "aa55.toml")
    assert isinstance(flaw, ManifestFlaw)
    assert str(flaw).startswith("aa55.toml: ")
    assert reason in str(flaw)


def test_a_name_that_is_not_the_files_own_is_a_flaw(tmp_path: Path) -> None:
    (tmp_path / "other.toml").write_text(GOOD, encoding="utf-8")
    assert load_manifests(tmp_path) == ManifestFlaw(
        "other.toml", "'name' is 'aa55'; it must be the file's own"
    )
