"""What detectors share: waiting, before a note is asked for, until the machine rests and holds none. No protocol."""

from __future__ import annotations

from collections.abc import Callable

from devices.contracts import Cancel, DeviceState
from devices.driver import Clock
from devices.errors import DeviceError, DeviceErrorCode


def come_to_rest(
    look: Callable[[], DeviceState | DeviceError],
    pause: Callable[[], None],
    clock: Clock,
    seconds: float,
    cancel: Cancel,
) -> DeviceError | None:
    """Look until the machine is ready; what is wrong, or a person's stop, ends it. ``look`` leads the machine towards
    rest, a note in it given back on the way."""
    until = clock() + seconds
    while clock() < until:
        state = look()
        if isinstance(state, DeviceError):
            return state
        if state is DeviceState.READY:
            return None
        if cancel.is_set():
            return DeviceError(DeviceErrorCode.CANCELLED)
        pause()
    return DeviceError(DeviceErrorCode.TIMEOUT, (("command", "come to rest"),))
