"""Waiting for a detector to rest ends in rest, in what is wrong, in a person's stop, or in time: never in nothing."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from devices.contracts import DeviceState
from devices.drivers.at_rest import come_to_rest
from devices.errors import DeviceError, DeviceErrorCode

JAM = DeviceError(DeviceErrorCode.DEVICE_FAULT, (("raw", "jam"),))
Looks = list[DeviceState | DeviceError]


class Stop:
    """A person says stop when the clock shows that second."""

    def __init__(self, at: float) -> None:
        self.now, self._at = 0.0, at

    def is_set(self) -> bool:
        return self.now >= self._at

    def pause(self) -> None:
        self.now += 1.0


@pytest.mark.parametrize(
    ("looks", "stop", "ended", "seconds"),
    [
        ([DeviceState.READY], 99.0, None, 0.0),
        ([DeviceState.STARTING, DeviceState.BUSY, DeviceState.READY], 99.0, None, 2.0),
        ([DeviceState.BUSY, JAM], 99.0, DeviceErrorCode.DEVICE_FAULT, 1.0),
        ([DeviceState.BUSY] * 50, 3.0, DeviceErrorCode.CANCELLED, 3.0),
        ([DeviceState.BUSY] * 50, 99.0, DeviceErrorCode.TIMEOUT, 10.0),
        ([DeviceState.READY], 0.0, None, 0.0),
    ],
)
def test_it_ends(looks: Looks, stop: float, ended: DeviceErrorCode | None, seconds: float) -> None:
    told: Iterator[DeviceState | DeviceError] = iter(looks)
    person = Stop(stop)
    found = come_to_rest(lambda: next(told), person.pause, lambda: person.now, 10.0, person)
    assert (found.code if found else None) is ended
    assert person.now == seconds
