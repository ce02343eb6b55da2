"""The top bar: place, day and time, the machines' states, who is signed on. Its colour says which place this is."""

from __future__ import annotations

from PySide6.QtCore import QDate, QDateTime, QLocale, Qt, QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QWidget

from desk.views import DeskSnapshot, PersonView
from devices.contracts import DeviceKind, DeviceState, DeviceStatus
from ui.keys import action_named
from ui.pages.machine_words import awaits_person, state_word
from ui.texts import Texts
from ui.widgets.look import tokens

MARKS = {"ready": "●", "busy": "◐", "person": "▲", "away": "○"}
MARGIN, SPACING, SMALLEST = 20, 18, 1366
LAMPS = (
    DeviceKind.PASSBOOK_PRINTER,
    DeviceKind.NOTE_COUNTER,
    DeviceKind.COUNTERFEIT_DETECTOR,
    DeviceKind.RECEIPT_PRINTER,
)
"""The machines from left to right, whichever answers first."""
_TONES = {
    DeviceState.READY: "ready",
    DeviceState.BUSY: "busy",
    DeviceState.STARTING: "busy",
    DeviceState.DESYNCHRONISED: "busy",
    DeviceState.NEEDS_PERSON: "person",
    DeviceState.WRONG_DEVICE: "person",
    DeviceState.FAULT: "person",
    DeviceState.OFFLINE: "person",
}


def _drawn(desk: DeskSnapshot) -> tuple[object, ...]:
    """What the bar shows of a snapshot; most snapshots change none of it."""
    seat = desk.transaction.seat if desk.transaction else None
    return (desk.branch, desk.desk_label, desk.business_date, desk.training, desk.teller, seat)


class TopBar(QFrame):
    """``show_desk`` and ``show_status``; it emits nothing."""

    def __init__(self, texts: Texts) -> None:
        super().__init__()
        self._texts = texts
        self._statuses: dict[DeviceKind, DeviceStatus] = {}
        self._snapshot: DeskSnapshot | None = None
        self.setFixedHeight(52)
        box = QHBoxLayout(self)
        box.setContentsMargins(MARGIN, 0, MARGIN, 0)
        box.setSpacing(SPACING)
        self.place, self.time, self.training = _label(17, bold=True), _label(15), _label(15, bold=True)
        self.devices, self.person = QWidget(), _label(15)
        self._device_box = QHBoxLayout(self.devices)
        self._device_box.setContentsMargins(0, 0, 0, 0)
        self._device_box.setSpacing(16)
        self._lights: dict[DeviceKind, QLabel] = {}
        for part in (self.place, self.time, self.training):
            box.addWidget(part)
        box.addStretch(1)
        box.addWidget(self.devices)
        box.addWidget(_separator())
        box.addWidget(self.person)
        self._clock = QTimer(self)
        self._clock.setInterval(5000)
        self._clock.timeout.connect(self.redraw)
        self._clock.start()
        texts.changed.connect(self.redraw)

    def show_desk(self, snapshot: DeskSnapshot) -> None:
        before, self._snapshot = self._snapshot, snapshot
        if before is None or _drawn(before) != _drawn(snapshot):
            self.redraw()

    def show_status(self, status: DeviceStatus) -> None:
        """One machine of a kind stands on a counter: a spare takes the place of the one before."""
        self._statuses[status.kind] = status
        self._draw_devices()

    def redraw(self) -> None:
        desk, texts = self._snapshot, self._texts
        if desk is None:
            return
        dot = " • " if texts.language == "zh_CN" else " · "
        self.place.setText(
            f"{texts.of(desk.branch)}{dot}{texts('frame.desk', label=desk_name(desk.desk_label, texts))}"
        )
        locale = QLocale(QLocale.Language.Chinese if texts.language == "zh_CN" else QLocale.Language.English)
        now = QDateTime.currentDateTime()
        business_day = QDate.fromString(desk.business_date, Qt.DateFormat.ISODate)
        day = locale.toString(business_day, "dddd" if texts.language == "zh_CN" else "ddd")
        self.time.setText(f"{desk.business_date} {day} {now.toString('HH:mm')}")
        self.training.setText(texts("frame.training") if desk.training else "")
        self.training.setVisible(desk.training)
        seat = desk.transaction.seat if desk.transaction else None
        self.person.setText(self._person(seat or desk.teller))
        look = "reviewer" if seat else ("training" if desk.training else "teller")
        sheet = f"TopBar {{ background: {tokens()[f'bar_{look}']}; }}"
        if sheet != self.styleSheet():
            self.setStyleSheet(sheet)
        self._draw_devices()

    def _person(self, person: PersonView | None) -> str:
        if person is None:
            return self._texts("frame.nobody")
        return f"{person.name} {person.staff_no} · {self._texts('role.' + person.role)}"

    def _draw_devices(self) -> None:
        for crowded in (False, True):
            for place, kind in enumerate(sorted(self._statuses, key=LAMPS.index)):
                self._draw_device(place, self._statuses[kind], crowded)
            if self._devices_fit():
                break

    def _draw_device(self, place: int, status: DeviceStatus, crowded: bool) -> None:
        """A lamp: shape and colour, the machine's name, and its state unless it is ready; below the name where it is
        ``crowded``."""
        if status.kind not in self._lights:
            self._lights[status.kind] = _label(14)
            self._device_box.insertWidget(place, self._lights[status.kind])
        tone, light = _TONES[status.state], self._lights[status.kind]
        word = self._texts(f"frame.machine.{status.kind.value}")
        state = "" if status.state is DeviceState.READY else state_word(self._texts, status)
        state += f" {action_named('machines').keys}" if awaits_person(status) else ""
        shown = state.replace(" ", "&nbsp;")
        if state:
            shown = f'<br><span style="font-size:12px">{shown}</span>' if crowded else f"&nbsp;·&nbsp;{shown}"
        light.setText(f'<span style="color:{tokens()[tone]}">{MARKS[tone]}</span>&nbsp; {word}{shown}')
        light.setTextFormat(Qt.TextFormat.RichText)
        light.setAccessibleName(f"{word} · {state}" if state else word)
        told = self._texts.device_error(status.error) if status.error else ()
        light.setToolTip("\n".join(line for line in (*told, status.note) if line))

    def _devices_fit(self) -> bool:
        """Whether the lamps have the room that place, time and person leave them."""
        lamps = sum(one.sizeHint().width() + self._device_box.spacing() for one in self._lights.values())
        others = [one for one in (self.place, self.time, self.training, self.person) if one.text()]
        taken = sum(one.sizeHint().width() + SPACING for one in others) + 3 * SPACING
        return lamps + taken + 2 * MARGIN <= max(self.width(), SMALLEST)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        super().resizeEvent(event)
        self._draw_devices()


def _label(pixels: int, bold: bool = False) -> QLabel:
    label = QLabel()
    label.setTextFormat(Qt.TextFormat.PlainText)
    weight = "bold" if bold else "normal"
    label.setStyleSheet(
        f"color: white; font-size: {pixels}px; font-weight: {weight}; background: transparent;"
    )
    return label


def _separator() -> QLabel:
    label = _label(15)
    label.setText("|")
    return label


def desk_name(label: str, texts: Texts) -> str:
    """The desk's label in the language now chosen: 3号柜, Desk 3."""
    return label if texts.language == "zh_CN" else f"Desk {label.removesuffix('号柜')}"
