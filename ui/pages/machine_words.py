"""A machine's state as words: shape and tone, what is wrong, what to do, who it is and how well its model is proved.

Pure but for the catalogue. Nothing here asks a machine anything.
"""

from __future__ import annotations

import re

from desk.machines import MachineOffer, PlaceFacts
from devices.contracts import DeviceIdentity, DeviceState, DeviceStatus, IdentityKind
from devices.errors import DeviceErrorCode
from ui.texts import Texts

TONES = {
    DeviceState.READY: "ok",
    DeviceState.BUSY: "busy",
    DeviceState.STARTING: "busy",
    DeviceState.DESYNCHRONISED: "busy",
    DeviceState.NEEDS_PERSON: "warn",
    DeviceState.WRONG_DEVICE: "bad",
    DeviceState.FAULT: "bad",
    DeviceState.OFFLINE: "bad",
}
AWAY = (DeviceState.OFFLINE, DeviceState.WRONG_DEVICE, DeviceState.FAULT)
_CALM = {
    DeviceState.READY: "ready",
    DeviceState.BUSY: "busy",
    DeviceState.STARTING: "starting",
    DeviceState.DESYNCHRONISED: "resync",
}
_OPENED = re.compile(r"opened as (?P<settings>\w+)(?: \(.*\))?")
_HOLDER = re.compile(r"pid (?P<process>\d+)(?: since (?P<since>.+))?")


def awaits_person(status: DeviceStatus | None) -> bool:
    """Whether it waits for a person's word that this is the machine."""
    error = status.error if status else None
    return error is not None and error.code is DeviceErrorCode.UNCONFIRMED


def state_word(texts: Texts, status: DeviceStatus | None) -> str:
    """Its state in a word or two."""
    if awaits_person(status):
        return texts("machines.to_confirm")
    state = status.state if status else DeviceState.STARTING
    return texts(f"frame.state.{state.value}")


def told(texts: Texts, status: DeviceStatus | None) -> tuple[str, str, str]:
    """``(tone, what is the matter, what to do)``."""
    state = status.state if status else DeviceState.STARTING
    tone = TONES[state]
    if status is None or status.error is None:
        busy = texts("machines.at_work") if state is DeviceState.BUSY else ""
        return tone, texts(f"machines.{_CALM.get(state, 'starting')}"), busy
    if awaits_person(status):
        return tone, texts("machines.ask"), texts("machines.ask_next")
    found, following = texts.device_error(status.error)
    if state is DeviceState.WRONG_DEVICE:
        following = f"{texts('machines.wrong')} {following}"
    return tone, found, following


def identity_words(texts: Texts, identity: DeviceIdentity) -> str:
    """Who a machine is, and by what that is known."""
    return texts(f"machines.identity.{identity.kind.value}", value=identity.value)


def bound_words(texts: Texts, place: PlaceFacts) -> str:
    """Who must answer here; a machine that cannot say who it is, is bound by its line alone."""
    if not place.binding_id:
        return texts("machines.not_bound")
    if place.identity.kind is IdentityKind.NONE:
        return texts("machines.by_line")
    return identity_words(texts, place.identity)


def note_words(texts: Texts, note: str) -> str:
    """A line's remark, such as "opened as 8N1 (pty)"; any other stands as it came."""
    found = _OPENED.fullmatch(note)
    return texts("machines.opened_as", settings=found["settings"]) if found else note


def says_words(texts: Texts, status: DeviceStatus | None) -> str:
    """Who the machine that answers now says it is."""
    error = status.error if status else None
    if status is None or status.state in (DeviceState.STARTING, DeviceState.OFFLINE, DeviceState.FAULT):
        return texts("machines.not_yet")
    if error is not None and error.code is DeviceErrorCode.WRONG_DEVICE:
        return dict(error.details).get("found", "-")
    return identity_words(texts, status.identity)


def level_words(texts: Texts, evidence: str) -> str:
    return texts(f"machines.level.{evidence}")


def holder_words(texts: Texts, status: DeviceStatus | None) -> str:
    """Who holds the port, "" when nobody else does."""
    error = status.error if status else None
    if error is None or error.code is not DeviceErrorCode.LINK_BUSY:
        return ""
    found = _HOLDER.fullmatch(dict(error.details).get("holder", ""))
    if found is None:
        return texts("machines.no_holder")
    if found["since"]:
        return texts("machines.held_since", process=found["process"], since=found["since"])
    return texts("machines.held_by", process=found["process"])


def offer_words(texts: Texts, offer: MachineOffer) -> str:
    """What a machine that was asked answered; the line stands for one that cannot say."""
    said = identity_words(texts, offer.identity)
    return said if offer.identity.kind is not IdentityKind.NONE else f"{said} · {offer.port}"
