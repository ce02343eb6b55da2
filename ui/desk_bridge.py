"""Between the desk's session and Qt: commands go off the GUI thread, snapshots and statuses come back as signals."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from desk.commands import Command, ConfirmMachine, CountNotes, InspectNote, PrintBook, ReadBook
from desk.domain.refusals import Refusal
from desk.machines import MachineOffer
from desk.views import DeskSnapshot, PrintView
from devices.contracts import DeviceStatus
from devices.errors import DeviceError
from ui.machine_room import FoundMachine
from ui.operation import DeskThread, Operation

WAITS = (ReadBook, CountNotes, InspectNote)
"""Commands that wait for a person at a machine: another command ends the wait."""
FRAME_MILLISECONDS = 16


class Desk(Protocol):
    """What a window needs of a session."""

    def snapshot(self) -> DeskSnapshot: ...

    def do(self, command: Command) -> DeskSnapshot | Refusal: ...

    def interrupt(self) -> None: ...

    def subscribe(self, listener: Callable[[DeskSnapshot], None]) -> None: ...

    def subscribe_count(self, listener: Callable[[int, int], None]) -> None: ...


class Room(Protocol):
    """What a window asks of the machines themselves; each may take seconds."""

    def found(self, place: str) -> Sequence[FoundMachine]: ...

    def identify(self, place: str, line: FoundMachine) -> MachineOffer | DeviceError: ...

    def hurry(self, place: str) -> None: ...


class DeskBridge(QObject):
    """``changed`` with every snapshot, ``counted`` with a running count's pieces and minor units (each at most sixty a
    second), ``refused`` and ``failed`` for what did not go."""

    changed = Signal(object)
    refused = Signal(object)
    failed = Signal(object)
    status = Signal(object)
    accepted = Signal(object)
    found = Signal(str, object)
    identified = Signal(str, object)
    counted = Signal(object, object)
    _arrived = Signal()
    _count_arrived = Signal()

    def __init__(self, thread: DeskThread, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._thread = thread
        self._desk: Desk | None = None
        self._room: Room | None = None
        self._running: list[Command] = []
        self._latest: DeskSnapshot | None = None
        self._early: Command | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(FRAME_MILLISECONDS)
        self._timer.timeout.connect(self._show_latest)
        self._count: tuple[int, int] | None = None
        self._count_timer = QTimer(self)
        self._count_timer.setSingleShot(True)
        self._count_timer.setInterval(FRAME_MILLISECONDS)
        self._count_timer.timeout.connect(self._show_count)
        self._arrived.connect(self._schedule, Qt.ConnectionType.QueuedConnection)
        self._count_arrived.connect(self._schedule_count, Qt.ConnectionType.QueuedConnection)

    def connect_desk(self, desk: Desk, room: Room | None = None) -> None:
        """Take a desk that was opened off the GUI thread, and the room of its machines."""
        self._desk, self._room = desk, room
        desk.subscribe(self._on_snapshot)
        desk.subscribe_count(self._on_count)
        self.changed.emit(desk.snapshot())
        early, self._early = self._early, None
        if early is not None:
            self.send(early)

    @property
    def is_idle(self) -> bool:
        return not self._running

    @property
    def waits_for(self) -> type[Command] | None:
        """The kind of machine wait that runs now, if any."""
        return type(self._running[0]) if self._running and isinstance(self._running[0], WAITS) else None

    def send(self, command: Command) -> None:
        """Send a command; a wait on a machine gives way to whatever a person wants next."""
        desk = self._desk
        if desk is None:
            self._early = command  # the desk is still opening: the last wish comes first once it stands
            return
        if isinstance(command, (*WAITS, PrintBook)) and command in self._running:
            return
        waits = any(isinstance(one, WAITS) for one in self._running) or self._waits_for_the_book()
        if waits and not isinstance(
            command, ConfirmMachine
        ):  # a word about one machine stops no other's work
            desk.interrupt()
        self._running.append(command)
        operation = Operation(self._thread, lambda: desk.do(command))
        operation.success(lambda result: self._finished(command, result))
        operation.failure(lambda error: self._broke(command, error))
        operation.start()

    def _waits_for_the_book(self) -> bool:
        """Whether a print job still waits for its book: nothing of it has left, so it may give way."""
        if self._desk is None or not any(isinstance(one, PrintBook) for one in self._running):
            return False
        transaction = self._desk.snapshot().transaction
        page = transaction.page if transaction else None
        return isinstance(page, PrintView) and page.state == "needs_book"

    def interrupt(self) -> None:
        """End a wait on a machine, if one runs."""
        if self._desk is not None and self.waits_for is not None:
            self._desk.interrupt()

    def stop(self) -> None:
        """End whatever waits for a person's hands; what is already on paper stays true and is recorded."""
        if self._desk is not None and self._running:
            self._desk.interrupt()

    def _finished(self, command: Command, result: DeskSnapshot | Refusal) -> None:
        self._running.remove(command)
        if isinstance(result, Refusal):
            self.refused.emit(result)
        else:
            self.accepted.emit(command)
        if self._desk is not None:
            self._latest = None
            self.changed.emit(self._desk.snapshot())

    def _broke(self, command: Command, error: Exception) -> None:
        self._running.remove(command)
        self.failed.emit(error)

    def _on_snapshot(self, snapshot: DeskSnapshot) -> None:
        """Called on the desk's thread."""
        self._latest = snapshot
        self._arrived.emit()

    def _schedule(self) -> None:
        """What comes alone is shown at once; in a burst the last of each frame is."""
        if not self._timer.isActive():
            self._show_latest()

    def _show_latest(self) -> None:
        latest, self._latest = self._latest, None
        if latest is not None:
            self._timer.start()
            self.changed.emit(latest)

    def _on_count(self, pieces: int, minor: int) -> None:
        """Called on the machine's thread, many times a second."""
        self._count = (pieces, minor)
        self._count_arrived.emit()

    def _schedule_count(self) -> None:
        if not self._count_timer.isActive():
            self._show_count()

    def _show_count(self) -> None:
        latest, self._count = self._count, None
        if latest is not None:
            self._count_timer.start()
            self.counted.emit(*latest)

    def on_status(self, status: DeviceStatus) -> None:
        """Called on a device's thread."""
        self.status.emit(status)

    # --- the machines themselves ---------------------------------------------------------------------------------

    def find(self, place: str) -> None:
        """Look for machines that may take a place; ``found`` answers."""
        room = self._room
        if room is not None:
            self._aside(lambda: room.found(place), lambda lines: self.found.emit(place, lines))

    def identify(self, place: str, line: FoundMachine) -> None:
        """Ask who is on a line; ``identified`` answers."""
        room = self._room
        if room is not None:
            self._aside(lambda: room.identify(place, line), lambda told: self.identified.emit(place, told))

    def hurry(self, place: str) -> None:
        """Try a machine again now."""
        if self._room is not None:
            self._room.hurry(place)

    def _aside(self, call: Callable[[], object], then: Callable[[object], None]) -> None:
        """Off the GUI thread and beside the desk's own: what a machine answers must wait for no transaction."""
        thread = DeskThread("machines")
        Operation(thread, call).success(then).failure(self.failed.emit).start()
        thread.finish()
