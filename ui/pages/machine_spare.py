"""Swapping in a spare, step by step: choose a line, ask who is there, compare, and have the supervisor sign.

A part of the machines sheet: it knows no desk and no machine; what it wants it emits or is asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desk.machines import MachineOffer
from devices.errors import DeviceError
from ui.machine_room import FoundMachine
from ui.pages import machine_words as words
from ui.pages.step_page import Action
from ui.texts import Texts
from ui.widgets.choice_list import ChoiceList
from ui.widgets.key_fields import DigitsField, SecretField
from ui.widgets.parts import Notice, Words, fill

STAFF_DIGITS, FIELD_PIXELS = 4, 42


class SpareFinder(QWidget):
    """``signed`` carries the offer's id, the supervisor's staff number and password, once."""

    changed = Signal()
    signed = Signal(str, str, str)

    def __init__(self, texts: Texts) -> None:
        super().__init__()
        self._texts = texts
        self.place = ""
        self.offer: MachineOffer | None = None
        self._stage, self._lines = "", tuple[FoundMachine, ...]()
        self._told: tuple[str, str, str] = ("info", "", "")
        self._notice, self._list, self._found = Notice(), ChoiceList(), Words("label", "second")
        self._model, self._said = Words("lead", bold=True), Words("body", wrap=True)
        self._staff_label, self._staff = Words("label", "second"), DigitsField(STAFF_DIGITS)
        self._secret_label, self._secret = Words("label", "second"), SecretField()
        self._staff.filled.connect(self._secret.setFocus)
        self._staff.entered.connect(self._secret.setFocus)
        self._secret.entered.connect(self.sign)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(9)
        fill(box, self._notice, self._list, self._found, self._model, self._said)
        fill(box, self._staff_label, self._staff, self._secret_label, self._secret)
        for one in (self._staff, self._secret):
            one.setFixedHeight(FIELD_PIXELS)
            one.setMaximumWidth(360)
        texts.changed.connect(self._draw)
        self._draw()

    # --- the stages ---------------------------------------------------------------------------------------------

    def begin(self, place: str) -> None:
        """Look for machines that may take this place."""
        self.place, self.offer, self._lines = place, None, ()
        self._go("looking")

    def show_found(self, lines: Sequence[FoundMachine]) -> None:
        self._lines = tuple(lines)
        self._go("lines" if lines else "nothing")

    def asked(self) -> FoundMachine | None:
        """The line that is to be asked now; None when none is chosen."""
        at = self._list.current()
        if self._stage != "lines" or not 0 <= at < len(self._lines):
            return None
        self._go("asking")
        return self._lines[at]

    def show_answer(self, answer: MachineOffer | DeviceError) -> None:
        if isinstance(answer, DeviceError):
            found, following = self._texts.device_error(answer)
            self._go("lines", ("bad", self._texts("swap.no_answer", found=found), following))
        else:
            self.offer = answer
            self._go("accept")

    def sign(self) -> None:
        """Hand the password on; it leaves its field with that."""
        staff_no, offer = self._staff.text(), self.offer
        if self._stage != "sign" or offer is None or not staff_no:
            return
        password = self._secret.taken()
        if password:
            self._go("signing")
            self.signed.emit(offer.offer_id, staff_no, password)

    def refused(self, found: str, following: str) -> None:
        if self.offer is not None:
            self._go("sign", ("bad", found, following))
            self._staff.selectAll()

    def back(self) -> None:
        """One stage back; from the first to the places."""
        before = {"accept": "lines", "sign": "accept", "asking": "lines"}.get(self._stage, "")
        if before:
            self._go(before)
        else:
            self.leave()

    def leave(self) -> None:
        self.place, self.offer = "", None
        self._go("")

    @property
    def is_signing(self) -> bool:
        return self._stage == "signing"

    def _go(self, stage: str, told: tuple[str, str, str] = ("info", "", "")) -> None:
        self._stage, self._told = stage, told
        if stage not in ("sign", "signing"):
            self._staff.clear()
        self._secret.clear()
        self._draw()
        if stage == "sign":
            self._staff.setFocus()
        self.changed.emit()

    # --- drawing and keys ------------------------------------------------------------------------------------------

    def hint(self) -> str:
        key = {"lines": "choose", "accept": "accept_hint", "sign": "sign_hint"}.get(self._stage, "")
        return self._texts(f"swap.{key}") if key else ""

    def _draw(self) -> None:
        t, stage = self._texts, self._stage
        waiting = {"looking": "looking", "asking": "asking", "signing": "signing"}.get(stage, "")
        if waiting:
            self._notice.tell("busy", t(f"swap.{waiting}"))
        elif stage == "nothing":
            self._notice.tell("warn", t("swap.nothing"), t("swap.nothing_next"))
        else:
            self._notice.tell(*self._told)
        self._list.set_lines([(self._title(one), one.port) for one in self._lines])
        self._list.setVisible(stage in ("lines", "asking"))
        offer = self.offer if stage in ("accept", "sign", "signing") else None
        self._found.say(t("swap.found") if offer else "")
        self._model.say(f"{offer.title} · {words.level_words(t, offer.evidence)}" if offer else "")
        self._said.say(words.offer_words(t, offer) if offer else "")
        signing = stage in ("sign", "signing")
        self._staff_label.say(t("swap.staff") if signing else "")
        self._secret_label.say(t("swap.password") if signing else "")
        self._staff.setAccessibleName(t("swap.staff"))
        self._secret.setAccessibleName(t("swap.password"))
        for one in (self._staff, self._secret):
            one.setVisible(signing)
            one.setEnabled(stage == "sign")

    def _title(self, line: FoundMachine) -> str:
        return f"{line.title} ({line.label})" if line.label != line.port else line.title

    def field(self) -> QWidget | None:
        """Where is typed now."""
        if self._stage != "sign":
            return None
        return self._secret if self._staff.text() else self._staff

    def offers(self, look: Callable[[], None], ask: Callable[[], None]) -> tuple[Action, ...]:
        t, stage = self._texts, self._stage
        if stage in ("lines", "nothing"):
            some = stage == "lines"
            return (
                Action("", "Up", "", lambda: self._list.move_choice(-1), some, "silent"),
                Action("", "Down", "", lambda: self._list.move_choice(1), some, "silent"),
                Action("", "F5", t("swap.look_again"), look),
                Action("next", "Return", t("swap.ask"), ask, some, "main"),
            )
        if stage == "accept":
            return (Action("commit", "+", t("swap.accept"), lambda: self._go("sign"), style="main"),)
        if stage == "sign":
            return (Action("next", "Return", t("swap.sign"), self.sign, style="main"),)
        return ()
