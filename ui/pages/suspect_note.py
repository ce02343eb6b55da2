"""A rejected note: the detector's reading as evidence, and two people's verdicts, each their own.

A rejected note is never called false here; what a person judged is said as that person's judgement.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desk.commands import Command, GiveVerdict, InspectNote
from desk.domain.cash import RENMINBI_DENOMINATIONS_MINOR
from desk.domain.money import parse_amount, plain_amount
from desk.domain.refusals import Refusal
from desk.views import SuspectNoteView, VerdictView
from devices.contracts import DeviceKind
from ui.pages.dialogs.password_prompt import PasswordPrompt
from ui.pages.machine_watch import Told
from ui.pages.step_page import Action, StepPage
from ui.pages.wording import person_lines
from ui.widgets.choice_list import ChoiceList
from ui.widgets.key_fields import AmountField
from ui.widgets.look import denomination, known
from ui.widgets.parts import Card, Notice, Pair, Words, fill


class SuspectNotePage(StepPage):
    """The detector looks once by itself; Alt+G and Alt+F give a verdict, the second under a password."""

    view: SuspectNoteView | None
    needs = DeviceKind.COUNTERFEIT_DETECTOR

    def build(self) -> None:
        sides = QHBoxLayout()
        sides.setSpacing(24)
        self._evidence = Card(sides)
        self._reading = Pair("lead")
        value = QWidget()
        box = QVBoxLayout(value)
        box.setContentsMargins(0, 0, 0, 0)
        self._value_label, self._value = Words("label", "second"), AmountField()
        self._value.setFixedWidth(150)
        self._value.entered.connect(self.setFocus)
        self._value_note = Words("label", "warn", wrap=True)
        for part in (self._value_label, self._value, self._value_note):
            box.addWidget(part)
        sides.addWidget(self._reading, 1)
        sides.addWidget(value, 1)
        verdicts = Card()
        verdicts.box.setSpacing(8)
        self._verdict_title = Words("label", "second")
        self._first, self._second = Words(), Words()
        self._people_title, self._people = Words("label", "second"), ChoiceList(most=3)
        fill(verdicts.box, self._verdict_title, self._first, self._second, self._people_title, self._people)
        self._notice = Notice()
        for card in (self._evidence, verdicts, self._notice):
            self.body.addWidget(card)

    def show_view(self, view: SuspectNoteView, transaction: object) -> None:  # type: ignore[override]
        old = self.view
        fresh = old is None or (old.note_id, old.next_verdict, old.reading) != (
            view.note_id, view.next_verdict, view.reading,
        )  # fmt: skip
        if fresh:
            minor = view.denomination_minor
            self._value.setText(plain_amount(minor).removesuffix(".00") if minor else "")
        super().show_view(view, transaction)  # type: ignore[arg-type]

    def render_view(self) -> None:
        view, t = self.view, self.texts
        assert view is not None
        reading = f"○ {t('suspect.unread')}"
        if view.inspecting:
            reading = f"◐ {t('suspect.inspecting')}"
        elif view.reading:
            reading = f"● {known(t, 'note_class', view.reading)}"
        title = t("suspect.title", n=view.ordinal)
        self._reading.tell(f"{title} · {t('suspect.evidence')}", reading, "ink" if view.reading else "second")
        self._value_label.say(t("suspect.denomination"))
        self._value.setAccessibleName(t("suspect.denomination"))
        self._value.setEnabled(bool(view.reading))
        unknown = view.reading and not view.denomination_minor
        self._value_note.say(t("suspect.denomination_unknown") if unknown else "")
        self._verdict_title.say(t("suspect.verdicts"))
        self._first.say(self._said("first", view.verdicts[:1]))
        self._second.say(self._said("second", view.verdicts[1:2]))
        choosing = view.next_verdict == 2
        self._people_title.say(t("suspect.choose") if choosing and view.candidates else "")
        self._people.set_lines(person_lines(t, view.candidates) if choosing else [])
        self._people.setVisible(choosing and bool(view.candidates))
        self._tell(view)

    def _said(self, place: str, given: tuple[VerdictView, ...]) -> str:
        t = self.texts
        if not given:
            return f"○ {t('suspect.' + place)}　{t('suspect.waiting')}"
        one = given[0]
        verdict = t("suspect.has_judged") if self._judging() else t(f"suspect.said_{one.verdict}")
        return f"● {t('suspect.' + place)}　{one.person.name} {one.person.staff_no}　{verdict}"

    def _judging(self) -> bool:
        """While the second person still judges, the first verdict is told as given, not what it was."""
        return self.view is not None and len(self.view.verdicts) == 1

    def _tell(self, view: SuspectNoteView) -> None:
        t = self.texts
        if view.inspecting:
            self._notice.tell("busy", t("suspect.inspecting"), t("suspect.inspecting_next"))
        elif not view.reading:
            self._notice.tell(*(self.machine_words() or self._unread(view)))
        elif view.may_hold:
            self._notice.tell(
                "warn", t("suspect.held"), t.joined(t("suspect.held_next"), t("suspect.note_rule"))
            )
        elif view.next_verdict == 2 and not view.candidates:
            self._notice.tell("warn", t("page.nobody"), t("page.needs_staff"))
        else:
            ask = "first_ask" if view.next_verdict == 1 else "second_ask"
            self._notice.tell("info", t(f"suspect.{ask}"), t("suspect.note_rule"))

    def _unread(self, view: SuspectNoteView) -> Told:
        t = self.texts
        if view.may_hold:
            return "warn", t("suspect.inside"), t("suspect.inside_next")
        return "warn", t("suspect.unread"), t("suspect.unread_next")

    def machine_words(self) -> Told | None:
        """Until there is a reading; a note that may be in the detector is told first."""
        view, t = self.view, self.texts
        if view is None or view.reading or view.inspecting or not self.machine.state():
            return None
        tone, found, following = self.machine.told(t, DeviceKind.COUNTERFEIT_DETECTOR, "suspect")
        return tone, found, t.joined(t("suspect.inside_look") if view.may_hold else "", following)

    # --- acting ----------------------------------------------------------------------------------------

    def offers(self) -> tuple[Action, ...]:
        view, t = self.view, self.texts
        if view is None:
            return ()
        if view.inspecting:
            return (Action("back", "Esc", t("page.stop_waiting"), self.stop.emit),)
        may = bool(view.reading) and (view.next_verdict == 1 or bool(view.candidates))
        again = not view.verdicts
        inspect = self._sender(InspectNote(view.note_id))
        moves = [
            Action("", key, "", self._mover(step), bool(view.candidates), "silent")
            for key, step in (("Up", -1), ("Down", 1))
        ]
        return (
            *moves,
            Action("", "F5", t("suspect.inspect"), inspect, again),
            Action("counterfeit", "Alt+F", t("suspect.counterfeit"), self._judge("counterfeit"), may, "bad"),
            Action("genuine", "Alt+G", t("suspect.genuine"), self._judge("genuine"), may, "main"),
        )

    def _sender(self, command: Command) -> Callable[[], None]:
        return lambda: self.send(command)

    def _mover(self, step: int) -> Callable[[], None]:
        return lambda: self._people.move_choice(step)

    def _judge(self, verdict: str) -> Callable[[], None]:
        return lambda: self._give(verdict)

    def _denomination(self, verdict: str) -> int | None:
        amount = parse_amount(self._value.text()) if self._value.text() else 0
        if isinstance(amount, Refusal):
            return None
        if verdict == "counterfeit" and amount == 0:
            return 0
        return amount if amount in RENMINBI_DENOMINATIONS_MINOR else None

    def _give(self, verdict: str) -> None:
        view = self.view
        minor = self._denomination(verdict)
        if view is None:
            return
        if minor is None:
            self._value_note.say(self.texts("suspect.denomination_unknown"))
            self._value.setFocus()
            self._value.selectAll()
            return
        if view.next_verdict == 1:
            staff_no = view.maker.staff_no if view.maker else ""
            self.send(GiveVerdict(view.note_id, verdict, minor, staff_no))
            return
        self._ask_second(view, verdict, minor)

    def _ask_second(self, view: SuspectNoteView, verdict: str, minor: int) -> None:
        person = view.candidates[self._people.current()]
        t = self.texts

        def title() -> str:
            worth = denomination(t, minor) if minor else t("page.not_told")
            words = t("suspect.verdict_of", verdict=t(f"suspect.said_{verdict}"), denomination=worth)
            return f"{t('suspect.password', name=person.name)}　{words}"

        prompt = PasswordPrompt(t, title)
        prompt.given.connect(
            lambda password: self.send(GiveVerdict(view.note_id, verdict, minor, person.staff_no, password))
        )
        self.open_overlay(prompt)

    def automatic(self) -> tuple[Hashable, Command] | None:
        view = self.view
        if view is None or view.reading or view.inspecting:
            return None
        return ("inspect", view.note_id), InspectNote(view.note_id)

    def stage(self) -> str:
        return f"{self.view.note_id}/{self.view.next_verdict}" if self.view else ""
