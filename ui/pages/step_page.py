"""What all step pages share: one table of actions with their keys, automatic emissions that happen once, overlays.

A page states its facts in three methods: ``render_view`` draws the view, ``offers`` names what may be done now, and
``automatic`` the command it sends by itself. Key-repeat never commits and a doubled key sends nothing twice.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass

from PySide6.QtCore import QElapsedTimer, Qt, QTimer
from PySide6.QtGui import QHideEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QVBoxLayout, QWidget

from desk.commands import Command
from desk.views import PageView, TransactionView
from devices.contracts import DeviceKind, DeviceStatus
from ui.pages.dialogs.overlay import Overlay
from ui.pages.machine_watch import MachineWatch, Told
from ui.pages.page import Hint, Page
from ui.texts import Texts
from ui.widgets.action_bar import ActionBar
from ui.widgets.look import Forgetful

SAME_COMMAND_MS = 600
_NAMED_KEYS = {
    Qt.Key.Key_Return: "Return", Qt.Key.Key_Enter: "Return", Qt.Key.Key_Escape: "Esc",
    Qt.Key.Key_Up: "Up", Qt.Key.Key_Down: "Down", Qt.Key.Key_Plus: "+",
}  # fmt: skip
_WEIGHTS = {"main": 4, "silent": 3}


@dataclass(frozen=True)
class Action:
    """Something a person may do here. ``name`` is its row in ``ui.keys`` ("" when the page alone knows it);
    ``style`` "main", "plain", "bad", or "silent" (a key without a button of its own)."""

    name: str
    key: str
    words: str
    run: Callable[[], None]
    enabled: bool = True
    style: str = "plain"


def _is_listed(action: Action) -> bool:
    """Whether its key stands beside its item in a list already: a tick without a button."""
    return action.style == "silent" and action.name.startswith("tick_")


def key_name(event: QKeyEvent) -> str:
    """The key as the action table writes it: ``+``, ``F5``, ``Alt+1``, ``Return``, ``Esc``, ``7``."""
    key = Qt.Key(event.key())
    if key in _NAMED_KEYS:
        name = _NAMED_KEYS[key]
    elif Qt.Key.Key_F1 <= key <= Qt.Key.Key_F12:
        name = f"F{key.value - Qt.Key.Key_F1.value + 1}"
    elif 0x20 < key.value < 0x7F:
        name = chr(key.value)
    else:
        return ""
    modifiers = event.modifiers()
    if modifiers & Qt.KeyboardModifier.ControlModifier:
        return f"Ctrl+{name}"
    return f"Alt+{name}" if modifiers & Qt.KeyboardModifier.AltModifier else name


class StepPage(Page):
    """Base of every page in the middle column. ``needs`` is the machine it cannot do without."""

    needs: DeviceKind | None = None

    def __init__(self, texts: Texts, parent: QWidget | None = None) -> None:
        super().__init__(texts, parent)
        self.view: PageView | None = None
        self.transaction: TransactionView | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._automatic_done: Hashable = None
        self._last_command: Command | None = None
        self._since = QElapsedTimer()
        self._overlay: Overlay | None = None
        self._stage = ""
        self.machine = MachineWatch()
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(0, 0, 0, 0)
        self.body.setSpacing(9)
        self.bar = ActionBar()
        self.build()
        self.body.addWidget(self.bar)
        self.body.addStretch(1)
        texts.changed.connect(self.redraw)

    # --- what a page states --------------------------------------------------------------------------

    def build(self) -> None:
        """Make the widgets and put them into ``self.body``; words come later, in ``render``."""

    def render_view(self) -> None:
        """Draw ``self.view``; called for every view and for every change of language."""

    def offers(self) -> tuple[Action, ...]:
        """Everything that may be done now, in the order of the buttons."""
        return ()

    def automatic(self) -> tuple[Hashable, Command] | None:
        """``(key, command)`` the page sends by itself, once for each key; None when it waits for a person."""
        return None

    def machine_words(self) -> Told | None:
        """What the page says of its machine while that is away or just came back; None when there is nothing to say
        or more important things are."""
        return None

    def stage(self) -> str:
        """Changes when what the page asks changes: an open overlay then belongs to the past and closes."""
        return ""

    def first_field(self) -> QWidget | None:
        """The field the teller types into first, if there is one now."""
        return None

    # --- the contract of a page ------------------------------------------------------------------------

    @property
    def blind(self) -> bool:
        return self.transaction is not None and self.transaction.blind

    def show_view(self, view: PageView, transaction: TransactionView | None) -> None:
        held = self._holds_focus()
        self.view, self.transaction = view, transaction
        stage = f"{transaction.transaction_id if transaction else ''}/{self.stage()}"
        moved, self._stage = stage != self._stage, stage
        if moved:
            self._last_command = None
            self.close_overlay()
        self.redraw()
        if held and (moved or not self._focus_is_usable()) and self._overlay is None:
            self.focus_first()
        QTimer.singleShot(0, self, self._send_automatic)

    def redraw(self) -> None:
        """Draw again what is shown, in the language now chosen."""
        if self.view is not None:
            self.body.setEnabled(
                False
            )  # laid out once for the whole view, not once for every word that changes
            self.render_view()
            self.bar.show_actions([one for one in self.offers() if one.style != "silent"])
            self.body.setEnabled(True)
            self.body.invalidate()
        if self._overlay is not None:
            self._overlay.redraw()

    def show_machine(self, status: DeviceStatus) -> None:
        if status.kind is self.needs and self.machine.see(status) and self.is_drawn:
            self.redraw()

    def says_machine(self, kind: DeviceKind) -> bool:
        return kind is self.needs and self.is_drawn and self.machine_words() is not None

    @property
    def is_drawn(self) -> bool:
        """Whether there is something on the page to act on."""
        return self.view is not None

    def actions_now(self) -> tuple[Hint, ...]:
        if not self.is_drawn or self._overlay is not None:
            return ()
        offered = [one for one in self.offers() if one.enabled and one.words and not _is_listed(one)]
        return tuple(Hint(one.key, one.words, _WEIGHTS.get(one.style, 2)) for one in offered)

    def refused(self) -> None:
        """What was keyed last stands selected, so that keying it again takes its place."""
        focus = QApplication.focusWidget()
        if isinstance(focus, QLineEdit) and self.isAncestorOf(focus):
            focus.selectAll()

    def focus_first(self) -> None:
        if self._overlay is not None:
            self._overlay.focus_first()
            return
        field = self.first_field()
        (field or self).setFocus(Qt.FocusReason.OtherFocusReason)

    # --- sending ---------------------------------------------------------------------------------------

    def send(self, command: Command) -> None:
        """Emit a command; the same one again within a moment (a doubled key) is dropped."""
        again = command == self._last_command and self._since.isValid()
        if again and self._since.elapsed() < SAME_COMMAND_MS:
            return
        self._last_command = command
        self._since.restart()
        self.machine.asked()
        self.command.emit(command)

    def will_send(self) -> bool:
        """Whether the page is about to send something by itself."""
        wanted = self.automatic() if self.is_drawn else None
        return wanted is not None and wanted[0] != self._automatic_done

    def _send_automatic(self) -> None:
        if self.view is None or not self.isVisible():
            return
        wanted = self.automatic()
        if wanted is None:
            return
        key, command = wanted
        if key != self._automatic_done:
            self._automatic_done = key
            self.send(command)

    # --- overlays --------------------------------------------------------------------------------------

    def open_overlay(self, overlay: Overlay) -> None:
        """Lay a question over the page; its own keys and Esc are the way out."""
        self.close_overlay()
        self._overlay = overlay
        overlay.setParent(self)
        overlay.setGeometry(self.rect())
        overlay.closed.connect(self.close_overlay)
        overlay.show()
        overlay.raise_()
        overlay.focus_first()

    def close_overlay(self) -> None:
        if self._overlay is None:
            return
        gone, self._overlay = self._overlay, None
        gone.hide()
        gone.setParent(None)
        gone.deleteLater()
        if self.isVisible():
            self.focus_first()

    @property
    def overlay(self) -> Overlay | None:
        return self._overlay

    # --- events ----------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        name = key_name(event)
        found = [one for one in self.offers() if one.key == name] if self.is_drawn else []
        if self._overlay is not None or not found:
            event.ignore()
            return
        event.accept()
        if found[0].enabled and (not event.isAutoRepeat() or name in ("Up", "Down")):
            found[0].run()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        super().resizeEvent(event)
        if self._overlay is not None:
            self._overlay.setGeometry(self.rect())

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802 - Qt's name
        super().hideEvent(event)
        if not event.spontaneous():
            self._automatic_done = None
            self._last_command = None
            self.machine.asked()
            self.close_overlay()
            self._forget()

    def _forget(self) -> None:
        """Keep nothing of a customer on a page that is not shown: another may be blind now. Views draw it anew."""
        self.view = self.transaction = None
        for child in self.findChildren(QWidget):
            if isinstance(child, Forgetful):
                child.forget()

    def showEvent(self, event: object) -> None:  # noqa: N802 - Qt's name
        QTimer.singleShot(0, self, self._send_automatic)

    def _holds_focus(self) -> bool:
        focus = QApplication.focusWidget()
        return focus is not None and (focus is self or self.isAncestorOf(focus))

    def _focus_is_usable(self) -> bool:
        focus = QApplication.focusWidget()
        return focus is not None and focus.isVisible() and focus.isEnabled() and self._holds_focus()
