"""Waiting for the second person at this desk: the ones who may act here, the first already chosen."""

from __future__ import annotations

from collections.abc import Callable

from desk.commands import TakeSeat
from desk.views import SeatView
from ui.pages.step_page import Action, StepPage
from ui.pages.wording import person_lines
from ui.widgets.choice_list import ChoiceList
from ui.widgets.parts import Card, Notice, Words, fill


class SeatPage(StepPage):
    """↑↓ choose, Enter takes the seat."""

    view: SeatView | None

    def build(self) -> None:
        self._notice = Notice()
        self._card = Card()
        self._card.box.setSpacing(8)
        self._label, self._people, self._park = (
            Words("label", "second"),
            ChoiceList(),
            Words("label", "second"),
        )
        fill(self._card.box, self._label, self._people)
        fill(self.body, self._notice, self._card, self._park)

    def render_view(self) -> None:
        view, t = self.view, self.texts
        assert view is not None
        some = bool(view.candidates)
        self._card.setVisible(some)
        self._label.say(t("seat.choose"))
        self._people.set_lines(person_lines(t, view.candidates))
        self._park.say(t("seat.park_hint"))
        if some:
            self._notice.tell("info", t("seat.title"), t("seat.detail"))
        else:
            self._notice.tell("warn", t("page.nobody"), t("page.needs_staff"))

    def offers(self) -> tuple[Action, ...]:
        view = self.view
        if view is None:
            return ()
        some = bool(view.candidates)
        return (
            Action("", "Up", "", self._mover(-1), some, "silent"),
            Action("", "Down", "", self._mover(1), some, "silent"),
            Action("next", "Return", self.texts("seat.sit"), self._sit, some, "main"),
        )

    def _mover(self, step: int) -> Callable[[], None]:
        return lambda: self._people.move_choice(step)

    def _sit(self) -> None:
        if self.view is not None and self.view.candidates:
            self.send(TakeSeat(self.view.candidates[self._people.current()].staff_no))
