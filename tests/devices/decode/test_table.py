"""The table of explainers: each that is there keeps the contract on any bytes, each that is not is refused in words."""

from __future__ import annotations

import json
import random
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from devices.decode import table
from devices.decode.reading import DEVICE, HOST
from devices.decode.table import EXPLAINERS, NotExplained, explain, explainer

THERE = [name for name in EXPLAINERS if not isinstance(explainer(name), NotExplained)]


def noise(seed: int) -> list[bytes]:
    """Noise, and noise that begins like a frame of some protocol."""
    dice = random.Random(seed)
    heads = (b"", b"\xaa\x55", b"\x02\x03", b"\xfc", b"\x7f\x80", b"\x1b[", b"\x28", b"\x02\x0b\x20", b"\x1b")
    return [dice.choice(heads) + dice.randbytes(dice.randrange(40)) for _ in range(400)]


def test_the_programs_own_protocols_are_there() -> None:
    assert {"aa55", "ebds", "t5040"} <= set(THERE)


@pytest.mark.parametrize("protocol", THERE)
@pytest.mark.parametrize("direction", [HOST, DEVICE, ""])
def test_any_bytes_give_readings_valid_ones_first(protocol: str, direction: str) -> None:
    for data in [b"", *noise(3)]:
        readings = explain(protocol, data, direction, data[::-1])
        assert isinstance(readings, tuple)
        valid = [one.valid for one in readings]
        assert valid == sorted(valid, reverse=True)
        for one in readings:
            assert one.error if not one.valid else one.name
            assert not direction or one.direction == direction
            json.dumps(asdict(replace(one, fields=dict(one.fields))))


def test_an_unknown_protocol_is_refused_with_the_known_ones() -> None:
    found = explain("zm", b"\0", "", b"")
    assert isinstance(found, NotExplained)
    assert "aa55" in str(found)


@pytest.mark.parametrize("path", ["devices.decode.not_there:explain", "devices.decode.aa55:not_there"])
def test_an_explainer_that_is_not_there_yet_is_a_refusal(monkeypatch: pytest.MonkeyPatch, path: str) -> None:
    monkeypatch.setattr(table, "EXPLAINERS", {"later": path})
    assert explain("later", b"\0", "", b"") == NotExplained("later", "missing")
    assert "no explainer for 'later' yet" in str(NotExplained("later", "missing"))


def test_an_explainer_that_lacks_something_itself_is_a_defect(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "lacking.py").write_text("import something_not_installed\n", encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr(table, "EXPLAINERS", {"broken": "lacking:explain"})
    with pytest.raises(ModuleNotFoundError, match="something_not_installed"):
        explainer("broken")
