"""The machine a page cannot do without, as that page sees it: there, away, waiting for a person's word, or back again.

Words only, from what the machine's worker told; asks no machine anything. That one came back is said until the page
asks for it again.
"""

from __future__ import annotations

from desk.domain.refusals import RefusalCode, refuse
from devices.contracts import DeviceKind, DeviceState, DeviceStatus
from devices.errors import DeviceErrorCode
from ui.pages.machine_words import AWAY, TONES, awaits_person
from ui.texts import Texts

Told = tuple[str, str, str]
"""Tone, what is the matter, what to do."""

_CABLE = frozenset({DeviceErrorCode.LINK_LOST, DeviceErrorCode.LINK_NOT_FOUND})
"""Errors that power and cable are looked at for; any other has a next step of its own."""
_THERE = frozenset({DeviceState.READY, DeviceState.BUSY, DeviceState.NEEDS_PERSON})


class MachineWatch:
    """One machine of one page."""

    def __init__(self) -> None:
        self._status: DeviceStatus | None = None
        self._was_missed = False

    def see(self, status: DeviceStatus) -> bool:
        """Take in what was told; whether anything that is said changes by it."""
        before, self._status = self._status, status
        return before is None or (before.state, before.error) != (status.state, status.error)

    @property
    def is_still(self) -> bool:
        """Whether it has nothing left to do, as far as anything was told of it."""
        return self._status is None or self._status.state is DeviceState.READY

    @property
    def is_asking(self) -> bool:
        """Whether it answers, and says that it works or waits for a person's hands."""
        status = self._status
        if status is None or awaits_person(status):
            return False
        return status.state in (DeviceState.BUSY, DeviceState.NEEDS_PERSON)

    def asked(self) -> None:
        """The page asked for the machine again, or is left: what was before is no news any more."""
        self._was_missed = False

    def state(self) -> str:
        """Nothing, "away", "confirm" (it waits for a person's word) or "back", as the page says it now."""
        status = self._status
        if status is None:
            return ""
        if awaits_person(status) or status.state in AWAY:
            self._was_missed = True
            return "confirm" if awaits_person(status) else "away"
        return "back" if self._was_missed and status.state in _THERE else ""

    def found(self, texts: Texts, kind: DeviceKind) -> str:
        """What is the matter, with the machine's name and the number of its error."""
        machine, error = texts(f"device_kind.{kind.value}"), self._status.error if self._status else None
        if self.state() != "away" or error is None:
            return texts(f"away.{self.state() or 'away'}", machine=machine)
        return texts.refusal(refuse(RefusalCode.DEVICE_NOT_READY, device=kind.value, error=str(error)))[0]

    def following(self, texts: Texts, where: str, **values: object) -> str:
        """What to do about it on the page ``where``: first for the machine, then how to go on without it."""
        state, error = self.state(), self._status.error if self._status else None
        if state != "away":
            return texts(f"away.{where}_back" if state == "back" else "away.confirm_next", **values)
        own = error is not None and error.code not in _CABLE
        first = texts.device_error(error)[1] if own and error is not None else texts("away.cable")
        return texts.joined(first, texts(f"away.{where}_on", **values))

    def told(self, texts: Texts, kind: DeviceKind, where: str, **values: object) -> Told:
        """All of it, for a page that has nothing else to say now."""
        status = self._status
        tone = "info" if status is None or self.state() == "back" else TONES[status.state]
        return tone, self.found(texts, kind), self.following(texts, where, **values)
