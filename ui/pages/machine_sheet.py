"""The machines of the counter, laid over the page (F7): each place's state in words with what to do, a machine that
cannot say who it is confirmed with one key, and the way to swap in a spare.

It draws places and statuses, emits commands, and asks for what only a machine can answer; it decides nothing.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QGridLayout, QWidget

from desk.commands import BindMachine, ConfirmMachine
from desk.machines import MachineOffer, PlaceFacts
from devices.contracts import DeviceKind, DeviceState, DeviceStatus
from devices.errors import DeviceError
from ui.machine_room import FoundMachine
from ui.pages import machine_words as words
from ui.pages.dialogs.overlay import Overlay
from ui.pages.machine_spare import SpareFinder
from ui.pages.step_page import Action
from ui.texts import Texts
from ui.widgets.action_bar import ActionBar
from ui.widgets.look import colour
from ui.widgets.machine_rows import MachineLine, MachineRows
from ui.widgets.parts import Notice, Words

WIDTH, COUNT_MILLISECONDS = 752, 500
Heard = tuple[DeviceStatus, float]
"""A status and when it came (monotonic seconds)."""


class MachineSheet(Overlay):
    """``command`` carries a desk command; the other three are questions to the machines themselves, by place."""

    command = Signal(object)
    look_for = Signal(str)
    ask_who = Signal(str, object)
    try_again = Signal(str)

    def __init__(self, texts: Texts, places: Sequence[PlaceFacts], heard: Mapping[DeviceKind, Heard]) -> None:
        super().__init__(texts, width=WIDTH)
        self._places, self._heard = tuple(places), dict(heard)
        self._bound = ""
        self._rows, self._notice, self._done = MachineRows(), Notice(), Notice()
        self._facts = _Facts()
        self._overview = (self._rows, self._notice, self._facts)
        self._spare = SpareFinder(texts)
        self._bar = ActionBar()
        self._done.setVisible(False)
        for part in (self._done, *self._overview, self._spare, self._bar):
            self.body.addWidget(part)
        self._rows.chosen.connect(self.redraw)
        self._spare.changed.connect(self.redraw)
        self._spare.signed.connect(self._sign)
        self._clock = QTimer(self)
        self._clock.setInterval(COUNT_MILLISECONDS)
        self._clock.timeout.connect(self._count_down)
        self._clock.start()
        self._choose_first()
        self.redraw()

    def _choose_first(self) -> None:
        """A machine that wants a person comes first, for one key then confirms it; else one that is away."""
        self._rows.show_machines(self._lines())
        away = [at for at, one in enumerate(self._places) if self._is_away(one.kind)]
        if not self._choose_next_waiting() and away:
            self._rows.choose(away[0])

    def _choose_next_waiting(self) -> bool:
        wanted = [at for at, one in enumerate(self._places) if words.awaits_person(self._status(one.kind))]
        if wanted:
            self._rows.choose(wanted[0])
        return bool(wanted)

    # --- what comes from outside -----------------------------------------------------------------------------

    def show_places(self, places: Sequence[PlaceFacts]) -> None:
        if tuple(places) != self._places:
            self._places = tuple(places)
            self.redraw()

    def show_status(self, status: DeviceStatus, at: float) -> None:
        waited = words.awaits_person(self._status(status.kind))
        self._heard[status.kind] = (status, at)
        chosen = self._chosen()
        if waited and chosen is not None and chosen.kind is status.kind and not words.awaits_person(status):
            self._choose_next_waiting()
        self.redraw()

    def show_found(self, place: str, lines: Sequence[FoundMachine]) -> None:
        if self._spare.place == place:
            self._spare.show_found(lines)

    def show_answer(self, place: str, answer: MachineOffer | DeviceError) -> None:
        if self._spare.place == place:
            self._spare.show_answer(answer)

    @property
    def is_signing(self) -> bool:
        """Whether the desk was asked to bind a machine and has not answered."""
        return self._spare.is_signing

    def refused(self, found: str, following: str) -> None:
        self._spare.refused(found, following)

    def bound(self) -> None:
        """The desk took the machine in: back to the places."""
        offer = self._spare.offer
        self._bound = offer.title if offer else ""
        self._spare.leave()
        self.focus_first()

    # --- drawing -----------------------------------------------------------------------------------------------

    def redraw(self) -> None:
        t, place = self.texts, self._chosen()
        swapping = bool(self._spare.place)
        for part in self._overview:
            part.setVisible(not swapping)
        self._spare.setVisible(swapping)
        name = t(f"device_kind.{place.kind.value}") if place else ""
        self.title.say(t("swap.title", machine=name) if swapping else t("machines.title"))
        self.hint.say(self._spare.hint() if swapping else t("machines.hint"))
        self._done.tell("ok", t("machines.done", model=self._bound) if self._bound and not swapping else "")
        if not swapping:
            self._rows.show_machines(self._lines())
            self._draw_chosen(place)
        self._bar.show_actions([one for one in self._offers() if one.style != "silent"])

    def _lines(self) -> list[MachineLine]:
        t = self.texts
        lines = []
        for one in self._places:
            status = self._status(one.kind)
            tone = words.TONES[status.state if status else DeviceState.STARTING]
            detail = f"{one.title} · {words.level_words(t, one.evidence)}"
            lines.append(
                MachineLine(t(f"device_kind.{one.kind.value}"), detail, words.state_word(t, status), tone)
            )
        return lines

    def _draw_chosen(self, place: PlaceFacts | None) -> None:
        t = self.texts
        if place is None:
            return
        status = self._status(place.kind)
        self._notice.tell(*words.told(t, status))
        note = words.note_words(t, status.note) if status else ""
        self._facts.tell(
            (
                (t("machines.bound"), words.bound_words(t, place)),
                (t("machines.says"), words.says_words(t, status)),
                (t("machines.port"), " · ".join(part for part in (place.port, note) if part)),
                (t("machines.holder"), words.holder_words(t, status)),
                (t("machines.next"), self._next_attempt(place.kind)),
            )
        )

    def _next_attempt(self, kind: DeviceKind) -> str:
        status, at = self._heard.get(kind, (None, 0.0))
        if status is None or status.retry_in_seconds is None:
            return ""
        left = status.retry_in_seconds - (time.monotonic() - at)
        return self.texts("machines.next_in", n=int(left + 1)) if left > 0 else self.texts("machines.trying")

    def _count_down(self) -> None:
        if self.isVisible() and not self._spare.place:
            self._draw_chosen(self._chosen())

    # --- what may be done ----------------------------------------------------------------------------------------

    def _chosen(self) -> PlaceFacts | None:
        at = self._rows.current()
        return self._places[at] if 0 <= at < len(self._places) else None

    def _status(self, kind: DeviceKind) -> DeviceStatus | None:
        return self._heard[kind][0] if kind in self._heard else None

    def _is_away(self, kind: DeviceKind) -> bool:
        status = self._status(kind)
        return status is not None and status.state in words.AWAY

    def _offers(self) -> tuple[Action, ...]:
        if self._spare.place:
            return self._spare.offers(self._look, self._ask)
        t, place = self.texts, self._chosen()
        if place is None:
            return ()
        status = self._status(place.kind)
        waits, away = words.awaits_person(status), self._is_away(place.kind)
        busy = status is not None and status.state is DeviceState.BUSY
        return (
            Action("", "Up", "", lambda: self._move(-1), style="silent"),
            Action("", "Down", "", lambda: self._move(1), style="silent"),
            Action("", "F5", t("machines.try_now"), lambda: self.try_again.emit(place.place), away, _seen(away)),
            Action(
                "next", "Return", t("machines.swap"), lambda: self._swap(place), not busy,
                "main" if away else "plain",
            ),
            Action(
                "commit", "+", t("machines.confirm"), lambda: self._confirm(place), waits,
                "main" if waits else "silent",
            ),
        )  # fmt: skip

    def _move(self, step: int) -> None:
        self._rows.move_choice(step)
        self._bound = ""
        self.redraw()

    def _confirm(self, place: PlaceFacts) -> None:
        self._bound = ""
        self.command.emit(ConfirmMachine(place.place))

    def _swap(self, place: PlaceFacts) -> None:
        self._bound = ""
        self._spare.begin(place.place)
        self.look_for.emit(place.place)

    def _look(self) -> None:
        self._spare.begin(self._spare.place)
        self.look_for.emit(self._spare.place)

    def _ask(self) -> None:
        line = self._spare.asked()
        if line is not None:
            self.ask_who.emit(self._spare.place, line)

    def _sign(self, offer: str, staff_no: str, password: str) -> None:
        self.command.emit(BindMachine(self._spare.place, offer, staff_no, password))

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        """The application's style gives a label its palette when it is first shown: what was told before takes its tone
        again."""
        super().showEvent(event)
        for one in self.findChildren(Words):
            one.restyle()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """A page of its own: nothing of the page below shines through."""
        QPainter(self).fillRect(self.rect(), colour("background"))

    # --- keys ----------------------------------------------------------------------------------------------------

    def focus_first(self) -> None:
        field = self._spare.field() if self._spare.place else None
        (field or self).setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        if event.key() == Qt.Key.Key_Escape and self._spare.place and not event.isAutoRepeat():
            event.accept()
            self._spare.back()
            self.focus_first()
            return
        super().keyPressEvent(event)

    def pressed(self, event: QKeyEvent) -> bool:
        for one in self._offers():
            if one.key == _name(event):
                if one.enabled:
                    one.run()
                    self.focus_first()
                return True
        return super().pressed(event)


def _seen(enabled: bool) -> str:
    """What cannot be done now has no button."""
    return "plain" if enabled else "silent"


_KEYS = {
    Qt.Key.Key_Up: "Up", Qt.Key.Key_Down: "Down", Qt.Key.Key_Return: "Return", Qt.Key.Key_Enter: "Return",
    Qt.Key.Key_Plus: "+", Qt.Key.Key_F5: "F5",
}  # fmt: skip


def _name(event: QKeyEvent) -> str:
    return _KEYS.get(Qt.Key(event.key()), "")


class _Facts(QWidget):
    """Labels and values, one a line; a line without a value is left out."""

    LINES = 5

    def __init__(self) -> None:
        super().__init__()
        grid = QGridLayout(self)
        grid.setContentsMargins(2, 2, 2, 2)
        grid.setHorizontalSpacing(18)
        grid.setVerticalSpacing(5)
        grid.setColumnStretch(1, 1)
        self._pairs = [(Words("label", "second"), Words("body", wrap=True)) for _ in range(self.LINES)]
        for at, (label, value) in enumerate(self._pairs):
            grid.addWidget(label, at, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(value, at, 1)

    def tell(self, pairs: Sequence[tuple[str, str]]) -> None:
        for (label, value), (name, told) in zip(self._pairs, pairs, strict=True):
            label.say(name if told else "")
            value.say(told)
