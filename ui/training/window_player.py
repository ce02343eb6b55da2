"""Plays the deposit through the real window by itself: looks at the page shown, presses the keys a person would.

Each turn does the one next thing that follows from what stands on the page, so an interrupted play goes on where it
stopped. It reads views and presses keys; the session is reached through the window only. What a customer's hands do
(book, notes) happens off the GUI thread.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from desk import views as v
from desk.views import DeskSnapshot, PageView
from ui.customer_screen import CustomerScreen
from ui.desk_bridge import DeskBridge
from ui.main_window import MainWindow
from ui.operation import DeskThread, Operation
from ui.pages.step_page import StepPage
from ui.stall_meter import StallMeter
from ui.training.album import Album
from ui.training.branch import STAFF, TRAINING_PASSWORD
from ui.training.customer import WORN, Customer, load_counter, put_note
from ui.training.desk import TrainingDesk
from ui.training.keyboard import Keyboard, Stroke, typed

MAKER, REVIEWER = STAFF[0].staff_no, STAFF[2].staff_no
TURN_MILLISECONDS = 12
KEY_SECONDS, STEP_SECONDS = 0.12, 1.1
STUCK_TURNS = 4000
Keys = list[Stroke]


class WindowPlayer(QObject):
    """``finished`` carries the transaction's id; ``stuck`` a sentence about where nothing moved any more."""

    finished = Signal(str)
    stuck = Signal(str)

    def __init__(
        self,
        window: MainWindow,
        screen: CustomerScreen,
        bridge: DeskBridge,
        training: TrainingDesk,
        customer: Customer,
        album: Album,
        meter: StallMeter,
        speed: float,
        rate_per_minute: int,
        look_at_page: Callable[[int], int],
        progress: Callable[[str], None],
        remember_keys: Callable[[dict[str, int]], None] = lambda counts: None,
    ) -> None:
        super().__init__()
        self.window, self.screen, self.bridge = window, screen, bridge
        self.training, self.customer, self.album, self.meter = training, customer, album, meter
        self.rate, self.look_at_page, self.progress = rate_per_minute, look_at_page, progress
        self.remember_keys = remember_keys
        self.keyboard = Keyboard(window)
        self._slow = 1.0 / speed if speed > 0 else 0.0
        self._hands = DeskThread("hands")
        self._keys: Keys = []
        self._seen: Any = None
        self._pictured: set[str] = set()
        self._handled: set[object] = set()
        self._idle_turns = 0
        self._refused = ""
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._turn)
        bridge.changed.connect(self._glimpse)
        bridge.refused.connect(self._note_refusal)
        bridge.failed.connect(lambda error: self.stuck.emit(f"{type(error).__name__}: {error}"))

    def start(self) -> None:
        self._timer.start(0)

    def stop(self) -> None:
        self._timer.stop()
        self._hands.stop()

    def _note_refusal(self, refusal: object) -> None:
        self._refused = str(refusal)
        self.progress(f"refused: {refusal}")

    # --- one turn ----------------------------------------------------------------------------------------

    def _turn(self) -> None:
        self._idle_turns += 1
        if self._idle_turns > STUCK_TURNS:
            self.stuck.emit(f"nothing moves at {self._place()} {self._refused}".strip())
            return
        if self._keys:
            self._press()
            return
        snapshot = self.window.snapshot
        if snapshot is None:
            self._again(0)
            return
        self._do_hands(snapshot)
        if not self.bridge.is_idle or not self._is_settled(snapshot):
            self._again(0)
            return
        self._idle_turns = 0
        self._picture(snapshot)
        page = snapshot.transaction.page if snapshot.transaction and snapshot.teller else None
        if isinstance(page, v.EndView):
            assert snapshot.transaction is not None
            self.finished.emit(snapshot.transaction.transaction_id)
            return
        self._keys = self._word_about_machines(snapshot) or self._next_keys(snapshot, page)
        self._again(STEP_SECONDS)

    def _again(self, seconds: float) -> None:
        self._timer.start(max(TURN_MILLISECONDS if not seconds else 0, round(seconds * self._slow * 1000)))

    def _press(self) -> None:
        self.meter.here(self._place())
        self.keyboard.press(self._keys.pop(0))
        self._seen = None
        if not self._keys:
            counts = dict(self.keyboard.counts)
            self._hands.submit(lambda: self.remember_keys(counts))
        self._again(KEY_SECONDS)

    def _is_settled(self, snapshot: DeskSnapshot) -> bool:
        """Two turns in a row with the same view and nothing the page will still send by itself."""
        transaction = snapshot.transaction
        seen = (transaction.page, transaction.seat) if transaction else (snapshot.teller, snapshot.menu)
        settled, self._seen = seen == self._seen, seen
        page = self.window.middle.page
        waiting = isinstance(page, StepPage) and snapshot.teller is not None and page.will_send()
        return settled and not waiting

    def _place(self) -> str:
        snapshot = self.window.snapshot
        if snapshot is None or snapshot.teller is None:
            return "sign-on"
        return snapshot.transaction.step or "end" if snapshot.transaction else "menu"

    # --- pictures ----------------------------------------------------------------------------------------

    def _glimpse(self, snapshot: DeskSnapshot) -> None:
        """A step that passes by itself is pictured as it passes."""
        page = snapshot.transaction.page if snapshot.transaction else None
        if page is not None and _passes_by(page):
            self._picture(snapshot)

    def _picture_of(self, name: str) -> None:
        """A picture of the window as it stands, once."""
        if name not in self._pictured:
            self._pictured.add(name)
            self.progress(name)
            self.meter.pause()
            self.album.take(self.window, name)
            self.meter.resume()

    def _picture(self, snapshot: DeskSnapshot) -> None:
        name = _picture_name(snapshot)
        if name in self._pictured or self.window.machine_sheet is not None:
            return
        self._pictured.add(name)
        self.progress(name)
        self.meter.pause()
        self.album.take(self.window, name)
        if (
            snapshot.customer.state in ("confirm", "done")
            and f"customer-{snapshot.customer.state}" not in self._pictured
        ):
            self._pictured.add(f"customer-{snapshot.customer.state}")
            self.album.take(self.screen, f"customer-{snapshot.customer.state}")
        self.meter.resume()

    # --- keys --------------------------------------------------------------------------------------------

    def _word_about_machines(self, snapshot: DeskSnapshot) -> Keys:
        """A machine that cannot say who it is waits for a person's word: look at the machines, and give it."""
        sheet = self.window.machine_sheet
        if snapshot.teller is None or not (self.window.awaited or sheet):
            return []
        if sheet is None:
            return [Stroke("F7", "machines")]
        self._picture_of("machines")
        return [Stroke("+" if self.window.awaited else "Esc", "machines")]

    def _next_keys(self, snapshot: DeskSnapshot, page: PageView | None) -> Keys:
        if snapshot.teller is None:
            return [
                *typed(MAKER, "sign_on"), Stroke("Enter", "sign_on"),
                *typed(TRAINING_PASSWORD, "sign_on", counted=False), Stroke("Enter", "sign_on"),
            ]  # fmt: skip
        if page is None:
            return typed("1010", "start")
        return _KEYS[type(page)](self, page)

    def _identify(self, view: v.IdentifyView) -> Keys:
        if view.account_number:
            return [Stroke("+", "maker")]
        if (
            "unsupported" in self._refused
        ):  # this printer reads no stripe: the number is keyed from the book's cover
            return [*typed(self.customer.account.number, "maker"), Stroke("Enter", "maker")]
        return [Stroke("F5", "maker")]

    def _slip(self, view: v.SlipView) -> Keys:
        if view.keyed_amount_minor is None:
            return [*typed(self.customer.amount_keys, "maker"), Stroke("Enter", "maker")]
        waiting = [check for check in view.checks if check.state == "open" and check.key]
        return [Stroke(f"Alt+{waiting[0].key}", "maker")] if waiting else [Stroke("+", "maker")]

    def _match(self, view: v.NameMatchView) -> Keys:
        return []

    def _count(self, view: v.CountView) -> Keys:
        who = "reviewer" if view.second else "maker"
        if view.rejected_open:
            return [Stroke("F6", who)]
        return [Stroke("+" if view.can_accept else "F5", who)]

    def _suspect(self, view: v.SuspectNoteView) -> Keys:
        if not view.reading:
            return [Stroke("F5", "maker")]
        if view.next_verdict == 1:
            keys = (
                []
                if view.denomination_minor
                else [*typed(str(WORN // 100), "maker"), Stroke("Enter", "maker")]
            )
            return [*keys, Stroke("Alt+G", "maker")]
        chosen = [one.staff_no for one in view.candidates].index(REVIEWER)
        keys = [Stroke("Down", "second_verdict")] * chosen
        return [
            *keys, Stroke("Alt+G", "second_verdict"),
            *typed(TRAINING_PASSWORD, "second_verdict", counted=False), Stroke("Enter", "second_verdict"),
        ]  # fmt: skip

    def _seat(self, view: v.SeatView) -> Keys:
        chosen = [one.staff_no for one in view.candidates].index(REVIEWER)
        return [*[Stroke("Down", "reviewer")] * chosen, Stroke("Enter", "reviewer")]

    def _review(self, view: v.ReviewView) -> Keys:
        if view.stage == "rekey":
            amount, last = self.customer.amount_keys, self.customer.last_four
            return [*typed(amount, "reviewer"), Stroke("Enter", "reviewer"), *typed(last, "reviewer")]
        if view.stage == "compare":
            return [Stroke("Alt+1", "reviewer")]
        password = typed(TRAINING_PASSWORD, "reviewer", counted=False)
        return [Stroke("+", "reviewer"), *password, Stroke("Enter", "reviewer")]

    def _confirm(self, view: v.ConfirmView) -> Keys:
        """The customer's own touch on their screen; no key of the teller."""
        self.screen.yes.click()
        return []

    def _post(self, view: v.PostView) -> Keys:
        return [Stroke("+", "maker")]

    def _print(self, view: v.PrintView) -> Keys:
        if view.state == "unknown":
            seen, page = str(self.look_at_page(len(view.question))), self.window.middle.page
            still = not isinstance(page, StepPage) or page.machine.is_still
            return [*([] if still else [Stroke("Alt+O", "maker")]), Stroke(seen, "maker")]
        if view.state == "again":
            password = typed(TRAINING_PASSWORD, "second_print", counted=False)
            return [Stroke("+", "second_print"), *password, Stroke("Enter", "second_print")]
        return [Stroke("+" if view.state in ("turn", "look") else "F5", "maker")]

    def _hand_over(self, view: v.HandOverView) -> Keys:
        return [Stroke("+", "maker")]

    # --- the customer's hands ----------------------------------------------------------------------------

    def _do_hands(self, snapshot: DeskSnapshot) -> None:
        transaction = snapshot.transaction
        if transaction is None:
            return
        wanted = _hands_for(transaction.page)
        key = (transaction.transaction_id, wanted, len(transaction.steps), _count_key(transaction.page))
        if not wanted or key in self._handled:
            return
        self._handled.add(key)
        self._idle_turns = 0
        page = transaction.page
        Operation(self._hands, lambda: _HANDS[wanted](self, page)).failure(
            lambda error: self.stuck.emit(f"the customer's hands: {error}")
        ).start()

    def _insert_book(self, page: PageView) -> None:
        self.training.insert_book(self.customer.account)

    def _put_notes(self, page: PageView) -> None:
        assert isinstance(page, v.CountView)
        load_counter(self.training.counter, page, self.rate)

    def _put_note(self, page: PageView) -> None:
        put_note(self.training.detector, WORN // 100)


def _passes_by(page: PageView) -> bool:
    """Whether the page shows something that goes on without a key."""
    if isinstance(page, v.NameMatchView | v.PostView | v.PrintView):
        return True
    return isinstance(page, v.CountView) and (page.second or page.progress_pieces > 0)


def _hands_for(page: PageView) -> str:
    """What the page waits for a customer's hands to do now; "" for nothing."""
    if isinstance(page, v.IdentifyView) and page.reading:
        return "book"
    if isinstance(page, v.PrintView) and page.state == "needs_book":
        return "book"
    if isinstance(page, v.CountView) and page.state == "counting" and not page.progress_pieces:
        return "notes"
    return "note" if isinstance(page, v.SuspectNoteView) and page.inspecting else ""


def _count_key(page: PageView) -> object:
    """What makes one wait different from the next on the same page."""
    if isinstance(page, v.CountView):
        return (page.second, page.counts_so_far)
    if isinstance(page, v.SuspectNoteView):
        return page.note_id
    return (type(page), page.page, page.lines_proved) if isinstance(page, v.PrintView) else type(page)


def _picture_name(snapshot: DeskSnapshot) -> str:
    transaction = snapshot.transaction
    if snapshot.teller is None:
        return "sign-on"
    if transaction is None:
        return "menu"
    page = transaction.page
    step = transaction.step or "end"
    detail = ""
    if isinstance(page, v.IdentifyView):
        detail = "found" if page.account_number else "waiting"
    elif isinstance(page, v.SlipView):
        detail = "checks" if page.keyed_amount_minor is not None else "keying"
    elif isinstance(page, v.CountView):
        detail = "rejected" if page.rejected_open else page.state
    elif isinstance(page, v.SuspectNoteView):
        detail = f"verdict-{page.next_verdict}" if page.reading else "inspecting"
    elif isinstance(page, v.SeatView):
        detail = "seat"
    elif isinstance(page, v.ReviewView):
        detail = page.stage
    elif isinstance(page, v.PrintView):
        detail = page.state
    return f"{step.replace('_', '-')}-{detail}".strip("-").replace("_", "-")


_KEYS: Mapping[type[PageView], Callable[[WindowPlayer, Any], Keys]] = {
    v.IdentifyView: WindowPlayer._identify,
    v.SlipView: WindowPlayer._slip,
    v.NameMatchView: WindowPlayer._match,
    v.CountView: WindowPlayer._count,
    v.SuspectNoteView: WindowPlayer._suspect,
    v.SeatView: WindowPlayer._seat,
    v.ReviewView: WindowPlayer._review,
    v.ConfirmView: WindowPlayer._confirm,
    v.PostView: WindowPlayer._post,
    v.PrintView: WindowPlayer._print,
    v.HandOverView: WindowPlayer._hand_over,
}
_HANDS: Mapping[str, Callable[[WindowPlayer, PageView], None]] = {
    "book": WindowPlayer._insert_book,
    "notes": WindowPlayer._put_notes,
    "note": WindowPlayer._put_note,
}
