"""The machines page drawn from values: every state of a machine in words, shape and tone with what to do, who it is and
how well it is proved, the holder of a busy port, the countdown; nothing cut, in either language, at any stage.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import replace

import pytest

from desk import commands as c
from desk.domain.refusals import Refusal, RefusalCode, refuse
from desk.machines import MachineOffer, PlaceFacts
from desk.views import DeskSnapshot
from devices.contracts import DeviceIdentity, DeviceKind, DeviceState, DeviceStatus, IdentityKind
from devices.errors import DeviceError, DeviceErrorCode
from devices.registry import Evidence
from tests.ui.conftest import Show
from tests.ui.looks import cut
from tests.ui.samples import ALL
from tests.ui.strings import everything
from tests.ui.window_of import ViewWindow, settle
from ui.machine_room import FITTINGS, FoundMachine
from ui.pages import machine_words as words
from ui.pages.machine_sheet import MachineSheet
from ui.shell import SIZE
from ui.texts import LANGUAGES, Texts
from ui.widgets.parts import MARKS

SERIAL = DeviceIdentity(IdentityKind.SERIAL_NUMBER, "TD-EBDS-0001-2026-LONG")
LONGEST_PORT = "/dev/serial/by-id/usb-Prolific_Technology_Inc._USB-Serial_Controller_D-if00-port0"
PLACES = tuple(
    PlaceFacts(fitting.place, kind, "model", title, evidence.value, identity, LONGEST_PORT, "b1" * 16)
    for (kind, fitting), title, evidence, identity in zip(
        FITTINGS.items(),
        ("Olivetti PR2, PR2 E, PR2 plus", "Text-ticket counter", "CCNET (CashCode NET) bill validator", "ESC/POS"),
        Evidence,
        (DeviceIdentity(IdentityKind.MODEL, "PR2/2"), DeviceIdentity(IdentityKind.NONE), SERIAL,
         DeviceIdentity(IdentityKind.USB_PATH, "pci-0000:00:14.0-usb-0:1.4.3:1.0-port0")),
        strict=True,
    )
)  # fmt: skip
BUSY = DeviceError(
    DeviceErrorCode.LINK_BUSY, (("holder", "pid 4711 since 2026-11-24 06:12:33Z"), ("reason", "held"))
)
WRONG = DeviceError(
    DeviceErrorCode.WRONG_DEVICE, (("expected", SERIAL.value), ("found", "TD-EBDS-0009-2026-LONG"))
)
ERRORS: Mapping[str, tuple[DeviceState, DeviceError | None]] = {
    **{state.value: (state, None) for state in (DeviceState.STARTING, DeviceState.READY, DeviceState.BUSY,
                                                DeviceState.DESYNCHRONISED)},
    **{code.code: (DeviceState.OFFLINE, DeviceError(code, (("state", "offline"),))) for code in DeviceErrorCode
       if code not in (DeviceErrorCode.WRONG_DEVICE, DeviceErrorCode.UNCONFIRMED, DeviceErrorCode.LINK_BUSY)},
    "busy_port": (DeviceState.OFFLINE, BUSY),
    "wrong": (DeviceState.WRONG_DEVICE, WRONG),
    "unconfirmed": (DeviceState.NEEDS_PERSON, DeviceError(DeviceErrorCode.UNCONFIRMED, (("found", "-"),))),
    "fault": (DeviceState.FAULT, DeviceError(DeviceErrorCode.DEVICE_FAULT)),
}  # fmt: skip
OFFER = MachineOffer(
    "of", DeviceKind.COUNTERFEIT_DETECTOR, "ccnet", "CCNET (CashCode NET) bill validator", "simulator", SERIAL,
    LONGEST_PORT,
)  # fmt: skip
LINES = tuple(
    FoundMachine(f"/dev/serial/by-path/pci-{n}", f"/dev/ttyUSB{n} USB-Serial", "ccnet", OFFER.title)
    for n in range(9)
)


def status(
    state: DeviceState, error: DeviceError | None, kind: DeviceKind, wait: float = 9.0
) -> DeviceStatus:
    away = state in words.AWAY
    return DeviceStatus(
        "model", kind, state, SERIAL, error, "model", "opened as 8N1 (pty)", wait if away else None
    )


def at_desk(name: str) -> DeskSnapshot:
    return replace(ALL[name], machines=PLACES)


def opened(window: ViewWindow, *told: DeviceStatus, page: str = "menu") -> MachineSheet:
    window.window._close_overlay()
    window.window._heard.clear()
    for one in told:
        window.bridge.status.emit(one)
    window.show(at_desk(page))
    window.press("F7")
    sheet = window.window.machine_sheet
    assert sheet is not None
    return sheet


def shown(sheet: MachineSheet) -> str:
    settle()
    return "\n".join(text for _, text in everything(sheet))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ERRORS)
def test_every_state_is_told_with_what_to_do_and_nothing_is_cut(
    windows: Callable[[str], ViewWindow], name: str, language: str
) -> None:
    window, (state, error) = windows(language), ERRORS[name]
    sheet = opened(window, *(status(state, error, kind) for kind in FITTINGS))
    told, texts = shown(sheet), window.texts
    assert cut(window.window) == []
    assert (window.shell.width(), window.shell.height()) == SIZE
    tone = words.TONES[state]
    assert f"{MARKS[tone]} {words.state_word(texts, status(state, error, DeviceKind.NOTE_COUNTER))}" in told
    if error is not None and error.code is not DeviceErrorCode.UNCONFIRMED:
        assert f"D{error.code.number}" in told
        assert texts.device_error(error)[1] in told
    for place in PLACES:
        assert words.level_words(texts, place.evidence) in told
    assert (texts("machines.next") in told) is (state in words.AWAY)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_stage_of_a_swap_fits(windows: Callable[[str], ViewWindow], language: str) -> None:
    window = windows(language)
    sheet = opened(window, page="count-all-notes")
    found: dict[str, list[str]] = {}
    window.press("Enter")
    place = sheet._spare.place
    for stage, lines in (("nothing", ()), ("lines", LINES)):
        sheet.show_found(place, lines)
        settle()
        found[stage] = cut(window.window)
    for code in DeviceErrorCode:
        sheet.show_answer(place, DeviceError(code))
        settle()
        found[code.code] = cut(window.window)
    sheet.show_answer(place, OFFER)
    settle()
    found["accept"] = cut(window.window)
    window.press("+")
    sheet.refused(*max((window.texts.refusal(one) for one in _refusals()), key=lambda one: len("".join(one))))
    settle()
    found["sign"] = cut(window.window)
    assert {stage: one for stage, one in found.items() if one} == {}


def _refusals() -> list[Refusal]:
    return [refuse(code, staff_no="0102", device="passbook_printer") for code in RefusalCode]


@pytest.mark.parametrize(("language", "wanted"), [("en", "process 4711 since 2026-11-24 06:12:33Z"),
                                                  ("zh_CN", "进程 4711，2026-11-24 06:12:33Z 起")])  # fmt: skip
def test_the_holder_of_a_busy_port_is_named(view_window: Show, language: str, wanted: str) -> None:
    sheet = opened(view_window(language), status(DeviceState.OFFLINE, BUSY, DeviceKind.PASSBOOK_PRINTER))
    assert wanted in shown(sheet)


def test_a_holder_nobody_can_name_sends_to_branch_it() -> None:
    error = DeviceError(DeviceErrorCode.LINK_BUSY, (("holder", ""),))
    told = words.holder_words(Texts("en"), status(DeviceState.OFFLINE, error, DeviceKind.NOTE_COUNTER))
    assert told == "unknown; call branch IT"


def test_the_next_attempt_is_counted_down(view_window: Show) -> None:
    window = view_window("en")
    sheet = opened(window)
    gone = DeviceError(DeviceErrorCode.LINK_LOST)
    one = status(DeviceState.OFFLINE, gone, DeviceKind.PASSBOOK_PRINTER, wait=10.0)
    for ago, told in ((0.0, "in 10 s"), (8.5, "in 2 s"), (11.0, "trying now")):
        sheet.show_status(one, time.monotonic() - ago)
        assert told in shown(sheet)


def test_the_wrong_machine_says_both_names_and_that_nothing_was_sent(view_window: Show) -> None:
    window = view_window("en")
    sheet = opened(window, status(DeviceState.WRONG_DEVICE, WRONG, DeviceKind.COUNTERFEIT_DETECTOR))
    told = shown(sheet)
    assert "expected TD-EBDS-0001-2026-LONG, found TD-EBDS-0009-2026-LONG" in told
    assert "Nothing that acts was sent to it." in told


@pytest.mark.parametrize("page", ["menu", "count-agrees", "second-agrees", "print-unknown", "ended-archived"])
def test_the_page_is_one_key_away_and_confirms_with_one(view_window: Show, page: str) -> None:
    """The machine that waits is chosen already; Esc gives the page its keys back."""
    window = view_window("zh_CN")
    ready = [status(DeviceState.READY, None, kind) for kind in FITTINGS]
    waiting = status(*ERRORS["unconfirmed"], DeviceKind.COUNTERFEIT_DETECTOR)
    sheet = opened(window, *ready, waiting, page=page)
    sent: list[c.Command] = []
    sheet.command.connect(sent.append)
    window.commands.clear()
    window.press("+")
    assert sent == [c.ConfirmMachine("detector")]
    assert window.commands == []
    window.press("Esc")
    assert window.window.machine_sheet is None
    assert window.page.isAncestorOf(window.window.focusWidget()) or window.page.hasFocus()


def test_a_machine_that_can_say_who_it_is_is_not_confirmed(view_window: Show) -> None:
    window = view_window("en")
    sheet = opened(window, *(status(DeviceState.READY, None, kind) for kind in FITTINGS))
    sent: list[c.Command] = []
    sheet.command.connect(sent.append)
    window.press("+", "+")
    assert sent == []


def test_a_machine_at_work_is_not_swapped(view_window: Show) -> None:
    window = view_window("en")
    sheet = opened(window, status(DeviceState.BUSY, None, DeviceKind.PASSBOOK_PRINTER))
    asked: list[str] = []
    sheet.look_for.connect(asked.append)
    window.press("Enter")
    assert asked == []
    assert window.texts("machines.at_work") in shown(sheet)
    window.press("Down", "Enter")
    assert asked == ["counter"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_one_key_words_the_page_anew(windows: Callable[[str], ViewWindow], language: str) -> None:
    """After Ctrl+L the page reads like one opened in that language."""
    other = next(one for one in LANGUAGES if one != language)
    told = [replace(status(*ERRORS["wrong"], DeviceKind.COUNTERFEIT_DETECTOR), retry_in_seconds=None)]
    switched, native = (opened(windows(one), *told) for one in (other, language))
    windows(other).texts.toggle()
    after = sorted(shown(switched).splitlines())
    windows(other).texts.toggle()
    assert after == sorted(shown(native).splitlines())


def test_the_password_leaves_its_field_and_goes_to_no_other(view_window: Show) -> None:
    window = view_window("en")
    sheet = opened(window)
    sent: list[c.Command] = []
    sheet.command.connect(sent.append)
    window.press("Enter")
    sheet.show_found("printer", LINES)
    sheet.show_answer("printer", OFFER)
    window.press("+", *"0102", *"secret", "Enter")
    assert sent == [c.BindMachine("printer", "of", "0102", "secret")]
    assert "secret" not in shown(sheet)
    assert "secret" not in repr(sent)


def test_half_a_password_does_not_wait_for_the_next_person(view_window: Show) -> None:
    window = view_window("en")
    sheet = opened(window)
    sent: list[c.Command] = []
    sheet.command.connect(sent.append)
    window.press("Enter")
    sheet.show_found("printer", LINES)
    sheet.show_answer("printer", OFFER)
    window.press("+", *"0102", *"sec", "Esc", "+", *"0102", *"x", "Enter")
    assert sent == [c.BindMachine("printer", "of", "0102", "x")]
