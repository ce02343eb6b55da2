"""The top bar: place, day and time, the machines' states, who is signed on. Its colour says which place this is."""

from __future__ import annotations

from PySide6.QtCore import QDateTime, QLocale, Qt, QTimer
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QWidget

from desk.views import DeskSnapshot, PersonView
from devices.contracts import DeviceKind, DeviceState, DeviceStatus
from ui.texts import Texts
from ui.widgets.look import tokens

MARKS = {"ready": "●", "busy": "◐", "person": "▲", "away": "○"}
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
        self._statuses: dict[str, DeviceStatus] = {}
        self._snapshot: DeskSnapshot | None = None
        self.setFixedHeight(52)
        box = QHBoxLayout(self)
        box.setContentsMargins(20, 0, 20, 0)
        box.setSpacing(18)
        self.place, self.time, self.training = _label(17, bold=True), _label(15), _label(15, bold=True)
        self.devices, self.person = QWidget(), _label(15)
        self._device_box = QHBoxLayout(self.devices)
        self._device_box.setContentsMargins(0, 0, 0, 0)
        self._device_box.setSpacing(16)
        self._lights: dict[str, QLabel] = {}
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
        self._statuses[status.device_id] = status
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
        day = locale.toString(now.date(), "dddd" if texts.language == "zh_CN" else "ddd")
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
        in_order = sorted(self._statuses.items(), key=lambda one: (LAMPS.index(one[1].kind), one[0]))
        for place, (name, status) in enumerate(in_order):
            if name not in self._lights:
                self._lights[name] = _label(14)
                self._device_box.insertWidget(place, self._lights[name])
            tone = _TONES[status.state]
            word = self._texts(f"frame.machine.{status.kind.value}")
            state = (
                ""
                if status.state is DeviceState.READY
                else " · " + self._texts(f"frame.state.{status.state.value}")
            )
            light = self._lights[name]
            light.setText(f'<span style="color:{tokens()[tone]}">{MARKS[tone]}</span>&nbsp; {word}{state}')
            light.setTextFormat(Qt.TextFormat.RichText)
            light.setAccessibleName(f"{word}{state}")
            told = self._texts.device_error(status.error) if status.error else ()
            light.setToolTip("\n".join(line for line in (*told, status.note) if line))


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
