"""Between customers: the code of what is wanted, what is parked, and what is still open with its next person."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QWidget

from desk.commands import Resume, StartTransaction
from desk.views import DeskSnapshot
from ui.pages.step_page import Action, StepPage
from ui.widgets.choice_list import ChoiceList
from ui.widgets.key_fields import DigitsField
from ui.widgets.look import known
from ui.widgets.parts import Card, Words, fill

CODE_DIGITS = 4


class MenuPage(StepPage):
    """The fourth digit starts at once; ↑↓ and Enter take a line: a procedure, or a parked transaction."""

    def build(self) -> None:
        self._desk: DeskSnapshot | None = None
        entry = Card()
        self._code_label, self._code = Words("label", "second"), DigitsField(CODE_DIGITS)
        self._code.setMinimumHeight(48)
        self._code.filled.connect(self._start_code)
        self._code.entered.connect(self._take)
        self._code.textEdited.connect(self._keyed)
        self._withheld = False
        self._hint, self._unknown = Words("label", "second", wrap=True), Words("body", "bad", bold=True)
        fill(entry.box, self._code_label, self._code, self._hint, self._unknown)
        listed = Card()
        self._list = ChoiceList()
        self._list.chosen.connect(self._pick)
        listed.box.addWidget(self._list)
        self._items_card = Card()
        self._items_title = Words("label", "second")
        self._items = Words("body", wrap=True)
        fill(self._items_card.box, self._items_title, self._items)
        fill(self.body, entry, listed, self._items_card)

    def show_desk(self, snapshot: DeskSnapshot) -> None:
        held = self._holds_focus()
        self._desk, self._last_command = snapshot, None
        self.redraw()
        if held and not self._focus_is_usable():
            self.focus_first()

    def redraw(self) -> None:
        if self._desk is not None:
            self._draw(self._desk)
        self.bar.show_actions([one for one in self.offers() if one.style != "silent"])

    def _draw(self, desk: DeskSnapshot) -> None:
        t = self.texts
        self._code_label.say(t("menu.code"))
        self._code.setAccessibleName(t("menu.code"))
        self._hint.say(t("menu.code_hint"))
        lines = [(f"{one.code}  {t.of(one.title)}", t("menu.start")) for one in desk.menu]
        lines += [
            (
                f"{t.of(one.title)}  {one.number}",
                f"{t('menu.parked')} · {t('menu.parked_at', step=t.of(one.step_title))}",
            )
            for one in desk.parked
        ]
        self._list.set_lines(lines)
        self._items_card.setVisible(bool(desk.items))
        self._items_title.say(t("menu.items"))
        told = [
            f"▲ {known(t, 'item', one.kind)}  {one.number}  {t('menu.item_next', name=one.next_person)}"
            for one in desk.items
        ]
        self._items.say("\n".join(told))

    @property
    def is_drawn(self) -> bool:
        return self._desk is not None

    def offers(self) -> tuple[Action, ...]:
        some = self._desk is not None and bool(self._desk.menu or self._desk.parked)
        return (
            Action("", "Up", "", self._mover(-1), some, "silent"),
            Action("", "Down", "", self._mover(1), some, "silent"),
            Action(
                "next", "Return", self.texts("menu.start"), self._take, some and not self._withheld, "main"
            ),
        )

    def _mover(self, step: int) -> Callable[[], None]:
        def move() -> None:
            self._list.move_choice(step)
            self._chosen_anew()

        return move

    def _pick(self) -> None:
        self._chosen_anew()
        self._take()

    def _chosen_anew(self) -> None:
        """A person moved the choice or keys a code again: Enter means what is chosen now."""
        if self._withheld:
            self._withheld = False
            self._unknown.say("")
            self.redraw()

    def _keyed(self) -> None:
        if self._code.text():  # the last digit of an unknown code leaves an empty field
            self._chosen_anew()

    def _take(self) -> None:
        desk, at = self._desk, self._list.current()
        if desk is None or at < 0 or self._withheld:
            return
        if self._code.text():
            self._start_code()
        elif at < len(desk.menu):
            self.send(StartTransaction(desk.menu[at].procedure))
        else:
            self.send(Resume(desk.parked[at - len(desk.menu)].transaction_id))

    def _start_code(self) -> None:
        code, desk = self._code.text(), self._desk
        self._code.clear()
        known_code = desk is not None and code in {one.code for one in desk.menu}
        self._unknown.say("" if known_code else self.texts("menu.code_unknown", code=code))
        self._withheld = not known_code  # the Enter that often follows a code must not start the chosen line
        self.redraw()
        if known_code:
            self.send(StartTransaction(code))

    def first_field(self) -> QWidget | None:
        return self._code

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802 - Qt's name
        super().hideEvent(event)
        self._withheld = False
        self._unknown.say("")
