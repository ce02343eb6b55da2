"""Every model of ``resources/devices`` against F1–F27: all of them over the null modem, a handful over real lines.

A manifest that is added is held to it at once. The long run over all lines is ``python -m tests.devices.conformance``.
"""

from __future__ import annotations

from functools import cache

import pytest

from devices.conformance.faults import BY_ID, FAULTS, LineKind
from devices.conformance.suite import Suite, Verdict, failures
from devices.registry import Manifest, ManifestFlaw, load_manifests


def models() -> dict[str, Manifest]:
    found = load_manifests()
    assert not isinstance(found, ManifestFlaw), found
    return found


MODELS = models()
OLDEST = ("aa55", "ebds", "escpos", "t5040")
"""One of each kind: the real lines are tried with these."""
REAL = [(LineKind.PTY, "F24"), (LineKind.PTY, "F27"), (LineKind.TCP, "F25")]


@cache
def suite(name: str) -> Suite:
    """One suite a model: how a clean effect goes is found once."""
    return Suite(MODELS[name], MODELS.values())


@pytest.mark.parametrize("fault", BY_ID)
@pytest.mark.parametrize("name", MODELS)
def test_a_model_survives_every_fault_over_the_null_modem(name: str, fault: str) -> None:
    result = suite(name).one(BY_ID[fault], LineKind.NULL_MODEM)
    assert failures([result]) == []
    assert result.variants or (result.verdict is Verdict.NOT_APPLICABLE and result.why)


@pytest.mark.parametrize(("line", "fault"), REAL, ids=lambda one: getattr(one, "value", one))
@pytest.mark.parametrize("name", OLDEST)
def test_a_model_survives_on_a_real_line(name: str, line: LineKind, fault: str) -> None:
    result = suite(name).one(BY_ID[fault], line)
    assert (failures([result]), result.verdict) == ([], Verdict.PASSED)


def test_the_list_is_whole_and_says_why_a_line_cannot_carry_a_fault() -> None:
    assert [one.id for one in FAULTS] == [f"F{number}" for number in range(1, 28)]
    assert all(why for one in FAULTS for why in one.not_on.values())
    assert not any(LineKind.NULL_MODEM in one.not_on for one in FAULTS), "the null modem carries them all"
    for line in (LineKind.PTY, LineKind.TCP):
        assert {one.id for one in FAULTS if line in one.not_on} == {"F18", "F19"}
