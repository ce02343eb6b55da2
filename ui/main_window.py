"""The frame of the teller's window: steps left, one page in the middle, facts right, machines above, keys below.

It draws snapshots and forwards commands; it decides nothing and waits for nothing.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence

from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from desk.commands import BindMachine, Cancel, Command, ConfirmMachine, Park, SignOn
from desk.domain.refusals import Refusal, RefusalCode, refuse
from desk.machines import MachineOffer
from desk.views import DeskSnapshot, PageView, TransactionView
from devices.contracts import DeviceKind, DeviceState, DeviceStatus
from devices.errors import DeviceError
from ui.desk_bridge import DeskBridge
from ui.frame.facts_column import FactsColumn
from ui.frame.help_sheet import HelpSheet
from ui.frame.key_bar import KeyBar
from ui.frame.middle import Middle
from ui.frame.steps_column import StepsColumn
from ui.frame.top_bar import TopBar
from ui.keys import action_named
from ui.machine_room import FoundMachine
from ui.pages.dialogs.overlay import Overlay
from ui.pages.dialogs.reason_picker import ReasonPicker
from ui.pages.machine_sheet import Heard, MachineSheet
from ui.pages.machine_words import awaits_person
from ui.pages.page import Page
from ui.shell import SIZE
from ui.sign_on import SignOnPage
from ui.texts import Texts

Pages = Mapping[type[PageView] | None, type[Page]]


class MainWindow(QWidget):
    """A workplace that fills the shell's window. ``sign_on`` is the page that already stands, if there is one."""

    def __init__(
        self, texts: Texts, bridge: DeskBridge, pages: Pages, sign_on: SignOnPage | None = None
    ) -> None:
        super().__init__()
        self.texts, self.bridge, self._pages = texts, bridge, pages
        self._snapshot: DeskSnapshot | None = None
        self._locked = False
        self._refusal: Refusal | None = None
        self.resize(*SIZE)
        self.setMinimumSize(*SIZE)
        self.top, self.keys = TopBar(texts), KeyBar(texts)
        self.sign_on = sign_on or SignOnPage(texts)
        self.steps, self.facts, self.middle = StepsColumn(texts), FactsColumn(texts), Middle(texts)
        self.stack = QStackedWidget()
        self.stack.addWidget(self.sign_on)
        self.stack.addWidget(self._work_place())
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        for part, stretch in ((self.top, 0), (self.stack, 1), (self.keys, 0)):
            box.addWidget(part, stretch)
        self._overlay: Overlay | None = None
        self._overlay_of = ""
        self._heard: dict[DeviceKind, Heard] = {}
        self._wire()

    def _work_place(self) -> QWidget:
        place = QWidget()
        box = QHBoxLayout(place)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addWidget(self.steps)
        box.addWidget(self.middle, 1)
        box.addWidget(self.facts)
        return place

    def _wire(self) -> None:
        self.sign_on.signed.connect(self._sign)
        self.middle.command.connect(self.send)
        self.middle.stop.connect(self.bridge.stop)
        self.bridge.changed.connect(self.show_desk)
        self.bridge.counted.connect(self.middle.count_on)
        self.bridge.refused.connect(self._refused)
        self.bridge.failed.connect(self._failed)
        self.bridge.accepted.connect(self._accepted)
        self.bridge.status.connect(self._machine_told)
        self.bridge.found.connect(self._machines_found)
        self.bridge.identified.connect(self._machine_identified)
        self.texts.changed.connect(self._word_again)
        for name, run in (
            ("help", self._help),
            ("code", self._code),
            ("machines", self._machines),
            ("park", self._park),
            ("cancel", self._cancel),
            ("language", self.texts.toggle),
            ("lock", self._lock),
        ):
            shortcut = QShortcut(QKeySequence(action_named(name).keys), self)
            shortcut.setAutoRepeat(False)
            shortcut.activated.connect(run)

    @property
    def snapshot(self) -> DeskSnapshot | None:
        """What the window shows now; None before the desk is open."""
        return self._snapshot

    # --- commands ----------------------------------------------------------------------------------------

    def send(self, command: Command) -> None:
        self.middle.clear_notice()
        self.bridge.send(command)

    def _sign(self, staff_no: str, password: str) -> None:
        self.sign_on.show_busy("sign_on.checking")
        self.bridge.send(SignOn(staff_no, password))

    def _accepted(self, command: object) -> None:
        if isinstance(command, BindMachine | ConfirmMachine):
            self.middle.clear_notice()
        if isinstance(command, BindMachine) and isinstance(self._overlay, MachineSheet):
            self._overlay.bound()
        if isinstance(command, SignOn):
            self._locked = False
            self.sign_on.unlocked()
            if self._snapshot is not None:
                self.show_desk(self._snapshot)

    def _refused(self, refusal: Refusal) -> None:
        self._refusal = refusal
        found, following = self.texts.refusal(refusal)
        if self.stack.currentIndex() == 0:
            self.sign_on.show_message(found, following)
        elif isinstance(self._overlay, MachineSheet) and self._overlay.is_signing:
            self._refusal = None
            self._overlay.refused(found, following)
        elif self.middle.page is not None and self.middle.page.says(refusal):
            self._refusal = None
            self.middle.page.refused()
        else:
            self._not_done(found, following)

    def _not_done(self, found: str, following: str) -> None:
        self.middle.show_refusal(found, following)
        if self.middle.page is not None:
            self.middle.page.refused()

    def _word_again(self) -> None:
        """A question that is open, and a refusal that still stands, change their language with everything else."""
        if self._overlay is not None:
            self._overlay.redraw()
        self._show_keys()
        if self._refusal is None:
            return
        found, following = self.texts.refusal(self._refusal)
        if self.stack.currentIndex() == 0:
            self.sign_on.reword(found, following)
        else:
            self.middle.reword_refusal(found, following)

    def _failed(self, error: Exception) -> None:
        """A defect, not a refusal: said plainly, with the class of the error only (it may carry data)."""
        self._not_done(self.texts("frame.defect", kind=type(error).__name__), self.texts("frame.defect_next"))

    # --- drawing -----------------------------------------------------------------------------------------

    def show_desk(self, snapshot: DeskSnapshot) -> None:
        self._snapshot = snapshot
        self.top.show_desk(snapshot)
        signed_on = snapshot.teller is not None and not self._locked
        if not signed_on:
            self.stack.setCurrentIndex(0)
            self._show_keys()
            return
        if not self.middle.has_pages:
            self.middle.take_pages(self._pages)
        moved = self.stack.currentIndex() == 0
        self.stack.setCurrentIndex(1)
        transaction = snapshot.transaction
        self.steps.show_transaction(transaction)
        self.facts.show_transaction(transaction)
        self.middle.show_desk(snapshot)
        if moved and self.middle.page is not None:
            self.middle.page.focus_first()
        if isinstance(self._overlay, MachineSheet):
            self._overlay.show_places(snapshot.machines)
        self._keep_overlay()
        self._show_keys()

    def _show_keys(self) -> None:
        """The keys that do something now; an open question says its own."""
        if self._snapshot is None or not self._can_work():
            self.keys.show_hints((), ())
            return
        page = self.middle.page
        hints = page.actions_now() if page and self._overlay is None else ()
        self.keys.show_hints(hints, self._frame_keys(), self._snapshot.done_today)

    def _frame_keys(self) -> tuple[str, ...]:
        """The frame's own keys that do something now."""
        one = self._open_transaction()
        park = ("park",) if one is not None else ()
        cancel = ("cancel",) if one is not None and not one.posted else ()
        return ("help", "code", "machines", *park, *cancel)

    # --- the frame's own keys ------------------------------------------------------------------------------

    def _lock(self) -> None:
        if self._snapshot is not None and self._snapshot.teller is not None:
            self._locked = True
            self._close_overlay()
            self.bridge.interrupt()
            self.sign_on.lock_to(self._snapshot.teller.staff_no)
            self.show_desk(self._snapshot)

    def _code(self) -> None:
        if self._can_work() and self.middle.page is not None and self._overlay is None:
            self.middle.page.focus_first()

    def _can_work(self) -> bool:
        return self.stack.currentIndex() == 1

    def _open_transaction(self) -> TransactionView | None:
        one = self._snapshot.transaction if self._snapshot else None
        return one if self._can_work() and one is not None and one.step else None

    def _park(self) -> None:
        if self._open_transaction() is not None:
            self._ask("park", lambda reason: self.send(Park(reason)))

    def _cancel(self) -> None:
        """What is posted cannot be cancelled: said at once, before cash and slip are promised back."""
        one = self._open_transaction()
        if one is None:
            return
        if one.posted:
            self._close_overlay()
            self._refused(refuse(RefusalCode.CANCEL_AFTER_POSTING))
            return
        self._ask("cancel", lambda reason: self.send(Cancel(reason)))

    def _ask(self, what: str, then: Callable[[str], None]) -> None:
        def reasons() -> list[str]:
            return [self.texts(f"frame.{what}_reason.{n}") for n in range(1, 5)]

        picker = ReasonPicker(self.texts, lambda: self.texts(f"frame.{what}_title"), reasons)

        def answered(place: int) -> None:
            self._close_overlay()
            then(reasons()[place])

        picker.chosen.connect(answered)
        self._lay_over(picker)

    def _help(self) -> None:
        if self._can_work():
            self._lay_over(HelpSheet(self.texts, self._snapshot))

    # --- the machines ---------------------------------------------------------------------------------------

    def _machines(self) -> None:
        """Whatever is going on: nobody needs a transaction to look at a machine."""
        if not self._can_work() or self._snapshot is None or isinstance(self._overlay, MachineSheet):
            return
        sheet = MachineSheet(self.texts, self._snapshot.machines, self._heard)
        sheet.command.connect(self.bridge.send)
        sheet.look_for.connect(self.bridge.find)
        sheet.ask_who.connect(self.bridge.identify)
        sheet.try_again.connect(self.bridge.hurry)
        self._lay_over(sheet)

    @property
    def machine_sheet(self) -> MachineSheet | None:
        """The machines page, while it lies over the page."""
        return self._overlay if isinstance(self._overlay, MachineSheet) else None

    @property
    def awaited(self) -> tuple[DeviceKind, ...]:
        """The machines that wait for a person who says that these are the ones."""
        return tuple(kind for kind, (status, _) in self._heard.items() if awaits_person(status))

    def _machine_told(self, status: DeviceStatus) -> None:
        self._heard[status.kind] = (status, time.monotonic())
        self.top.show_status(status)
        self.middle.show_machine(status)
        self._drop_outdated(status)
        if isinstance(self._overlay, MachineSheet):
            self._overlay.show_status(*self._heard[status.kind])

    def _drop_outdated(self, status: DeviceStatus) -> None:
        """A machine's refusal goes once the page itself says how it stands with that machine, or it is ready again."""
        refusal, page = self._refusal, self.middle.page
        if refusal is None or page is None or refusal.code is not RefusalCode.DEVICE_NOT_READY:
            return
        ready = status.state is DeviceState.READY
        if dict(refusal.details).get("device") == status.kind.value and (
            ready or page.says_machine(status.kind)
        ):
            self._refusal = None
            self.middle.clear_notice()

    def _machines_found(self, place: str, lines: Sequence[FoundMachine]) -> None:
        if isinstance(self._overlay, MachineSheet):
            self._overlay.show_found(place, lines)

    def _machine_identified(self, place: str, answer: MachineOffer | DeviceError) -> None:
        if isinstance(self._overlay, MachineSheet):
            self._overlay.show_answer(place, answer)

    # --- what lies over the page ---------------------------------------------------------------------------

    def _subject(self) -> str:
        one = self._open_transaction()
        return one.transaction_id if one is not None else ""

    def _lay_over(self, overlay: Overlay) -> None:
        self._close_overlay()
        self._overlay, self._overlay_of = overlay, self._subject()
        overlay.closed.connect(self._close_overlay)
        overlay.setParent(self.middle)
        overlay.setGeometry(self.middle.rect())
        overlay.redraw()
        overlay.show()
        overlay.raise_()
        overlay.focus_first()
        self._show_keys()

    def _keep_overlay(self) -> None:
        """The question keeps the keyboard whatever the page behind it does; it goes with its transaction."""
        if self._overlay is None:
            return
        if self._subject() != self._overlay_of:
            self._close_overlay()
        elif not self._overlay.holds_focus():
            self._overlay.focus_first()

    def _close_overlay(self) -> None:
        gone, self._overlay = self._overlay, None
        if gone is None:
            return
        gone.hide()
        gone.setParent(None)
        gone.deleteLater()
        if self.middle.page is not None:
            self.middle.page.focus_first()
        self._show_keys()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        super().resizeEvent(event)
        if self._overlay is not None:
            self._overlay.setGeometry(self.middle.rect())
