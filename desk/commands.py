"""Everything a face may ask of the desk, one frozen command each.

A command is a wish; ``desk.session`` answers with a new snapshot or a refusal. Commands marked "waits for a
machine" block their caller, so a window sends them through its one way off the GUI thread. Passwords are kept
out of every repr and are never stored.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from desk.domain.cash import CashRow


class Command:
    """Base of all commands."""


@dataclass(frozen=True)
class SignOn(Command):
    staff_no: str
    password: str = field(repr=False)


@dataclass(frozen=True)
class SignOff(Command):
    pass


@dataclass(frozen=True)
class StartTransaction(Command):
    """``procedure`` is its id ("cash_deposit") or its four-digit code ("1010")."""

    procedure: str


@dataclass(frozen=True)
class ReadBook(Command):
    """Waits for a machine: draws in the passbook and reads the account from its stripe."""


@dataclass(frozen=True)
class IdentifyCustomer(Command):
    """The account number as keyed (when the stripe cannot be read)."""

    account_number: str


@dataclass(frozen=True)
class ConfirmCustomer(Command):
    """The teller saw the customer and the book. ``presence`` is "holder" or "agent"."""

    presence: str = "holder"


@dataclass(frozen=True)
class CaptureSlip(Command):
    """Waits for a machine: takes the customer's pre-filled electronic slip, if there is one."""


@dataclass(frozen=True)
class KeySlip(Command):
    """The slip as the teller reads it. Empty ``account_name``/``account_number``/``slip_date``/``rows`` take the
    captured values; without a captured slip they are required."""

    amount: str
    account_name: str = ""
    account_number: str = ""
    slip_date: str = ""
    rows: tuple[CashRow, ...] = ()
    capitals: str = ""


@dataclass(frozen=True)
class TickCheck(Command):
    """A person looked and confirms one attested item."""

    check: str
    passed: bool = True
    remark: str = ""


@dataclass(frozen=True)
class AcceptSlip(Command):
    pass


@dataclass(frozen=True)
class Advance(Command):
    """Go on from an automatic step whose checks passed; its page sends this once it has been drawn."""


@dataclass(frozen=True)
class ReturnSlip(Command):
    """Back to the slip: wrong amount, wrong name; the customer writes a new one (a new version)."""

    reason: str


@dataclass(frozen=True)
class KeyVoucher(Command):
    """A voucher of ``form`` as the teller reads it: ``fields`` by the form's field ids, as written; ``use`` is
    "cash" or "transfer" where the form serves either."""

    form: str
    fields: tuple[tuple[str, str], ...]
    use: str = ""


@dataclass(frozen=True)
class AttachScan(Command):
    """A picture of the voucher, as PNG that was made anew (``ui.widgets.picture_reader``): ``side`` "front", "back" or
    "document"."""

    side: str
    png: bytes = field(repr=False)
    width_px: int
    height_px: int


@dataclass(frozen=True)
class AcceptWarning(Command):
    """The teller takes a warning on for ``reason``; a second person looked and signs."""

    check: str
    reason: str
    staff_no: str
    password: str = field(repr=False)


@dataclass(frozen=True)
class AcceptVoucher(Command):
    """Leave the examination of the voucher for the match of number and name."""


@dataclass(frozen=True)
class CompareSeal(Command):
    """What one person says of the seal under the specimen: "agrees", "differs" or "unsure", and how the specimen lay.
    The teller signs with the session's key, anybody else with theirs."""

    verdict: str
    dx_px: int
    dy_px: int
    rotation_centidegrees: int
    scale_permille: int
    staff_no: str
    password: str = field(repr=False, default="")


@dataclass(frozen=True)
class ConcludeVoucher(Command):
    """Every check stands: accept the voucher."""


@dataclass(frozen=True)
class RefuseVoucher(Command):
    """Refuse the voucher: ``reason`` is one of the usual reasons (RF-…). ``reviewer`` is the second name on the
    return-reason statement, where one is due."""

    reason: str
    remark: str = ""
    reviewer: str = ""


@dataclass(frozen=True)
class HandOutPaper(Command):
    """The paper of this step went to the print queue ("queue") or into a file ("file")."""

    way: str


@dataclass(frozen=True)
class SettlePaper(Command):
    """A person looked: the paper lies there, or it does not."""

    printed: bool


@dataclass(frozen=True)
class GiveVoucherBack(Command):
    """The customer has the refused voucher again, with its statement where one is due."""


@dataclass(frozen=True)
class WithholdNotes(Command):
    """Deal with the notes that two people found counterfeit."""


@dataclass(frozen=True)
class SecureNote(Command):
    """The note was stamped, or lies in the bag ``bag_no``, in the holder's sight."""

    note_id: str
    denomination_minor: int
    series: str = ""
    serial: str = ""
    bag_no: str = ""
    currency: str = "CNY"
    coin: bool = False


@dataclass(frozen=True)
class CertifyWithholding(Command):
    """Make the withholding certificate. ``holder_kind`` "individual" or "entity"; of an entity ``agent_name``
    brought the notes. ``reviewer`` is the second person of the verdict."""

    holder_kind: str
    name: str
    document: str
    document_number: str
    contact: str = ""
    agent_name: str = ""


@dataclass(frozen=True)
class AnswerOfHolder(Command):
    """The holder "signed" the certificate or "refused" to."""

    answer: str


@dataclass(frozen=True)
class ReadRights(Command):
    """The holder's rights were read out."""


@dataclass(frozen=True)
class ReportWithholding(Command):
    """Who took the report at the police and at the central bank; ``grounds`` beside the number of pieces, as codes
    of the rules."""

    police: str
    central_bank: str
    grounds: tuple[str, ...] = ()


@dataclass(frozen=True)
class TakeCustody(Command):
    """Another person than the teller takes the withheld notes and signs. ``grounds`` as in ``ReportWithholding``."""

    staff_no: str
    password: str = field(repr=False)
    grounds: tuple[str, ...] = ()


@dataclass(frozen=True)
class OverrideName(Command):
    """The teller and a supervisor compared the name, whose writing alone differs, with ``document``
    (``desk.procedures.steps.name_doubt.DOCUMENTS``); ``seen`` says what they saw. Both sign."""

    document: str
    seen: str
    staff_no: str
    password: str = field(repr=False)


@dataclass(frozen=True)
class CountNotes(Command):
    """Waits for a machine: one machine batch for the current counting step."""


@dataclass(frozen=True)
class KeyHandCount(Command):
    """Coins and machine-rejected notes, by hand, up to the teller's own limit."""

    rows: tuple[CashRow, ...]


@dataclass(frozen=True)
class Recount(Command):
    reason: str


@dataclass(frozen=True)
class AcceptCount(Command):
    pass


@dataclass(frozen=True)
class ReferNote(Command):
    """A rejected or suspect note goes to the detector and to two people."""


@dataclass(frozen=True)
class InspectNote(Command):
    """Waits for a machine: the detector looks at the referred note."""

    note_id: str


@dataclass(frozen=True)
class GiveVerdict(Command):
    """``verdict`` is "genuine" or "counterfeit"; signed by the person's own key, opened for this signature."""

    note_id: str
    verdict: str
    denomination_minor: int
    staff_no: str
    password: str = field(repr=False, default="")


@dataclass(frozen=True)
class TakeSeat(Command):
    """A second person steps in at this desk; the teller's session stays."""

    staff_no: str


@dataclass(frozen=True)
class LeaveSeat(Command):
    pass


@dataclass(frozen=True)
class Rekey(Command):
    """Amount and the account's last four digits, keyed blind from the voucher."""

    amount: str
    last_four: str


@dataclass(frozen=True)
class CompareName(Command):
    agrees: bool


@dataclass(frozen=True)
class Countersign(Command):
    """The second person signs the canonical facts shown; their key opens for this one signature."""

    password: str = field(repr=False)
    language: str = "zh_CN"


@dataclass(frozen=True)
class ReturnReview(Command):
    """``outcome`` is "returned" (put right and try again) or "rejected" (ends the transaction)."""

    outcome: str
    reason: str


@dataclass(frozen=True)
class CustomerAnswer(Command):
    """``modality``: "touch", "paper" or "spoken"; a "no" carries a reason; ``left`` when the customer went."""

    agreed: bool
    modality: str = "touch"
    reason: str = ""
    left: bool = False


@dataclass(frozen=True)
class Post(Command):
    pass


@dataclass(frozen=True)
class PrintBook(Command):
    """Waits for a machine: prints every unprinted line that fits the page, the new one last."""


@dataclass(frozen=True)
class SettlePrint(Command):
    """A person says how many lines of the open job are on the page. ``printer_stopped``: and that the printer stands
    still, switched off or without its cable, where it cannot say so itself."""

    lines_seen: int
    printer_stopped: bool = False


@dataclass(frozen=True)
class PrintAgain(Command):
    """A second print of lines a person saw missing: needs a second person's key."""

    staff_no: str
    password: str = field(repr=False)


@dataclass(frozen=True)
class TurnPage(Command):
    """The person turned the book to the page that the desk named."""

    page: int


@dataclass(frozen=True)
class ConfirmBook(Command):
    """No stripe says whose book it is: the person looked at number and last line, and it is the right one."""


@dataclass(frozen=True)
class AdjustCursor(Command):
    """行位调整, forward only: the next line goes to ``page`` and ``line``. ``from_page`` and ``from_line`` are where
    the person saw it stand; needs a second person's key."""

    page: int
    line: int
    from_page: int
    from_line: int
    staff_no: str
    password: str = field(repr=False)


@dataclass(frozen=True)
class LeaveFullBook(Command):
    """The book has no line left: go on, and leave an item that says the book must be changed (换折)."""


@dataclass(frozen=True)
class HandOver(Command):
    """Book and receipt handed over; ``customer_agreed`` False opens a disputed item naming its next person."""

    customer_agreed: bool = True
    reason: str = ""


@dataclass(frozen=True)
class ConfirmMachine(Command):
    """The teller looked at the machine of this place, which cannot say who it is: it is the one."""

    place: str


@dataclass(frozen=True)
class BindMachine(Command):
    """The machine that was identified as ``offer`` takes the place: the signed-on teller and a supervisor sign."""

    place: str
    offer: str
    staff_no: str
    password: str = field(repr=False)


@dataclass(frozen=True)
class Park(Command):
    reason: str


@dataclass(frozen=True)
class Resume(Command):
    transaction_id: str


@dataclass(frozen=True)
class Cancel(Command):
    reason: str


@dataclass(frozen=True)
class CloseTransaction(Command):
    """Leave the page of an ended transaction; the desk is ready for the next customer."""
