"""The contract of a page: it takes a view, emits commands, and names its keys. It knows no session and no machine."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from desk.domain.refusals import Refusal
from desk.views import DeskSnapshot, PageView, TransactionView
from devices.contracts import DeviceKind, DeviceStatus
from ui.texts import Texts


@dataclass(frozen=True)
class Hint:
    """A key of the page for the bar at the bottom, with the words of its button. ``weight``: what there is no room for
    goes by it, the heaviest last."""

    key: str
    words: str
    weight: int = 1


class Page(QWidget):
    """Base of all pages. ``command`` carries a ``desk.commands.Command``; ``stop`` ends a wait for a person's hands."""

    command = Signal(object)
    stop = Signal()

    def __init__(self, texts: Texts, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.texts = texts

    def show_view(self, view: PageView, transaction: TransactionView | None) -> None:
        """Draw this view; called with every new snapshot, so it must be cheap."""
        raise NotImplementedError

    def show_desk(self, snapshot: DeskSnapshot) -> None:
        """Draw the desk between two transactions; only the page without a view is asked to."""
        raise NotImplementedError

    def count_on(self, pieces: int, minor: int) -> None:
        """A running count goes on; for the one page that shows it. Called many times a second."""

    def actions_now(self) -> tuple[Hint, ...]:
        """The keys that do something now, in the order of the bar."""
        return ()

    def show_machine(self, status: DeviceStatus) -> None:
        """What a machine of this counter told last; only a page that needs it looks."""

    def says_machine(self, kind: DeviceKind) -> bool:
        """Whether the page itself says now what is the matter with this machine."""
        return False

    def says(self, refusal: Refusal) -> bool:
        """Whether the page itself says what was refused, so that it need not be said twice."""
        return False

    def refused(self) -> None:
        """What was sent last was not done."""

    def focus_first(self) -> None:
        """Put the focus where the teller types next."""
        self.setFocus()
