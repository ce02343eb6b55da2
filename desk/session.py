"""The one door to the desk for any face: window, command line, tests.

``do`` takes a command and answers with the new snapshot or a refusal; it may wait for a disk or a machine, so a
window calls it off its GUI thread. ``interrupt`` ends a wait on a machine and is safe from any thread. Holds no
rules, no SQL and no Qt: handlers decide nothing, procedures know no machine, stores are handed in.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping

from desk import commands as c
from desk.core import Collaborators, DeskCore
from desk.corebank.contract import BookFacts
from desk.domain.procedure_kinds import StepKind
from desk.domain.refusals import Refusal, RefusalCode, refuse
from desk.domain.transaction import PARKED
from desk.handlers import (
    book_acts,
    books,
    cash,
    front,
    machines,
    name_doubt,
    papers,
    people,
    review,
    voucher_refusal,
    vouchers,
    withhold,
)
from desk.handlers.shape import Answer, Handler, as_maker
from desk.procedures import acts
from desk.records import NotRecorded
from desk.view_builder import snapshot_of
from desk.views import CountView, DeskSnapshot


def park(core: DeskCore, command: c.Park) -> Answer:
    refusal = as_maker(core, acts.ParkNow(command.reason))
    if refusal is None:
        core.clear()
    return refusal


def resume(core: DeskCore, command: c.Resume) -> Answer:
    """Take a parked transaction back to the counter, at the same step."""
    if core.state is not None and not core.state.is_ended:
        return refuse(RefusalCode.ANOTHER_OPEN)
    refusal = core.load(command.transaction_id)
    if refusal is None:
        refusal = as_maker(core, acts.ResumeNow())
    if refusal:
        core.clear()
    return refusal


def cancel(core: DeskCore, command: c.Cancel) -> Answer:
    return as_maker(core, acts.CancelNow(command.reason))


def close(core: DeskCore, command: c.CloseTransaction) -> Answer:
    """Leave the page of an ended transaction."""
    if core.state is not None and not core.state.is_ended:
        return refuse(RefusalCode.ANOTHER_OPEN)
    core.clear()
    return None


def advance(core: DeskCore, command: c.Advance) -> Answer:
    """Go on from an automatic step."""
    if core.at(StepKind.POST):
        return books.post(core, c.Post())
    return as_maker(core, acts.PassMatch())


HANDLERS: Mapping[type[c.Command], Handler] = {
    c.SignOn: people.sign_on,
    c.SignOff: people.sign_off,
    c.StartTransaction: front.start,
    c.ReadBook: front.read_book,
    c.IdentifyCustomer: front.identify,
    c.ConfirmCustomer: front.confirm_customer,
    c.CaptureSlip: front.capture_slip,
    c.KeySlip: front.key_slip,
    c.TickCheck: front.tick,
    c.AcceptSlip: front.accept_slip,
    c.Advance: advance,
    c.OverrideName: name_doubt.override_name,
    c.ReturnSlip: front.return_slip,
    c.CountNotes: cash.count_notes,
    c.KeyHandCount: cash.key_hand_count,
    c.Recount: cash.recount,
    c.AcceptCount: cash.accept_count,
    c.ReferNote: cash.refer_note,
    c.InspectNote: cash.inspect_note,
    c.GiveVerdict: cash.give_verdict,
    c.KeyVoucher: vouchers.key_voucher,
    c.AttachScan: vouchers.attach_scan,
    c.AcceptWarning: vouchers.accept_warning,
    c.AcceptVoucher: vouchers.accept_voucher,
    c.CompareSeal: vouchers.compare_seal,
    c.ConcludeVoucher: vouchers.conclude,
    c.RefuseVoucher: voucher_refusal.refuse_voucher,
    c.GiveVoucherBack: voucher_refusal.give_back,
    c.WithholdNotes: withhold.withhold,
    c.SecureNote: withhold.secure,
    c.CertifyWithholding: withhold.certify,
    c.AnswerOfHolder: withhold.answer,
    c.ReadRights: withhold.read_rights,
    c.ReportWithholding: withhold.report,
    c.TakeCustody: withhold.take_custody,
    c.HandOutPaper: papers.hand_out,
    c.SettlePaper: papers.settle,
    c.TakeSeat: people.take_seat,
    c.LeaveSeat: people.leave_seat,
    c.Rekey: review.rekey,
    c.CompareName: review.compare_name,
    c.Countersign: review.countersign,
    c.ReturnReview: review.return_review,
    c.CustomerAnswer: review.customer_answer,
    c.Post: books.post,
    c.PrintBook: books.print_book,
    c.SettlePrint: books.settle_print,
    c.PrintAgain: books.print_again,
    c.TurnPage: book_acts.turn_page,
    c.ConfirmBook: book_acts.confirm_book,
    c.AdjustCursor: book_acts.adjust_cursor,
    c.LeaveFullBook: book_acts.leave_full_book,
    c.HandOver: books.hand_over,
    c.ConfirmMachine: machines.confirm_machine,
    c.BindMachine: machines.bind_machine,
    c.Park: park,
    c.Resume: resume,
    c.Cancel: cancel,
    c.CloseTransaction: close,
}


def _unwritable_field(command: c.Command) -> str:
    """The first field whose text is no Unicode at all (half of a surrogate pair), "" when every one can be written."""
    for name, value in vars(command).items():
        if isinstance(value, str) and any("\ud800" <= char <= "\udfff" for char in value):
            return name
    return ""


class TellerSession:
    """One desk's session. All commands run one at a time; snapshots may be read from any thread."""

    def __init__(self, given: Collaborators) -> None:
        self._core = DeskCore(given, self._publish, self._progressed)
        self._lock = threading.Lock()
        self._listeners: list[Callable[[DeskSnapshot], None]] = []
        self._count_listeners: list[Callable[[int, int], None]] = []
        self._snapshot = snapshot_of(self._core)

    def subscribe(self, listener: Callable[[DeskSnapshot], None]) -> None:
        """``listener`` is called with every new snapshot, on the thread that made it."""
        self._listeners.append(listener)

    def subscribe_count(self, listener: Callable[[int, int], None]) -> None:
        """``listener`` is called with a running count's pieces and minor units (0 while that is secret), on the
        machine's thread; the next snapshot says the same."""
        self._count_listeners.append(listener)

    def snapshot(self) -> DeskSnapshot:
        return self._snapshot

    def book_of(self, account_id: str) -> BookFacts:
        """Where an account's book stands; LookupError when it has none."""
        book = self._core.given.bank.book_of(account_id)
        if isinstance(book, Refusal):
            raise LookupError(str(book))
        return book

    def interrupt(self) -> None:
        """End a wait on a machine; what it already did stays true and is recorded."""
        self._core.given.cancel.set()

    def do(self, command: c.Command) -> DeskSnapshot | Refusal:
        """Carry out one command. On a refusal nothing of it was recorded but what the record must know."""
        handler = HANDLERS.get(type(command))
        if handler is None:
            return refuse(RefusalCode.STEP_NOT_OPEN, step=type(command).__name__)
        broken = _unwritable_field(command)
        if broken:
            return refuse(RefusalCode.FIELD_FORMAT, field=broken)
        with self._lock:
            try:
                refusal = handler(self._core, command) or self._follow()
            except NotRecorded as failed:
                refusal = failed.refusal
                self._stand_on_record()
            finally:
                # Not before: an interrupt that came while this command still stood in the queue is meant for it.
                self._core.given.cancel.clear()
            self._publish()
        return refusal or self._snapshot

    def _follow(self) -> Answer:
        """What the desk does by itself once a step is reached; each is recorded like any other act."""
        core = self._core
        if core.state is None or core.state.is_ended or core.state.status == "parked" or core.signer is None:
            return None
        if core.at(StepKind.NAME_MATCH) and core.state.match is None:
            return front.match(core)
        if core.at(StepKind.REVIEW, StepKind.CUSTOMER_CONFIRM) and core.state.facts is None:
            return review.freeze(core)
        if core.at(StepKind.PRINT_PASSBOOK):
            return books.close_interrupted(core)
        if core.at(StepKind.HAND_OVER):
            return books.print_receipt(core)
        return None

    def _stand_on_record(self) -> None:
        """What was not recorded did not happen: fold again what stands, as after a power cut."""
        core = self._core
        if core.state is None:
            return
        refusal = core.load(core.state.transaction_id)
        if refusal or core.state.status == PARKED:
            core.clear()

    def _publish(self) -> None:
        self._tell(snapshot_of(self._core))

    def _progressed(self, pieces: int, minor: int) -> None:
        """While notes run two numbers change, many times a second: only these are told, and the disk is not asked. The
        first note changes what may be done, so it is told whole."""
        one = self._snapshot.transaction
        page = one.page if one is not None else None
        if not isinstance(page, CountView) or not page.progress_pieces:
            self._publish()
            return
        for listener in self._count_listeners:
            listener(pieces, 0 if page.second else minor)

    def _tell(self, snapshot: DeskSnapshot) -> None:
        self._snapshot = snapshot
        for listener in self._listeners:
            listener(snapshot)
