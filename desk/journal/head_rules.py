"""What an entry's head must say: a clock that does not go back, a person who may act so, a place in the procedure
where this can happen, and the founding before the first business.

Judges what the entries say of themselves; signatures stand in ``desk.journal.record_rules``. Pure.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from functools import lru_cache

from desk.domain import events as e
from desk.domain.people import Act, Person, Role
from desk.domain.transaction import Transaction
from desk.journal.certificate import Certificate, read
from desk.journal.entry import Recorded
from desk.journal.past import CLOCK_BACK, Finding, Past, moment
from desk.journal.trust import Trust
from desk.journal.verify import Reason

FOUNDING = (e.HistoryPosted, e.AccountOpened, e.DrawerOpened, e.PassbookIssued)
"""They bring in what was there before the desk: never once its business began."""

_BY_MAKER: frozenset[type[e.Event]] = frozenset(
    {
        e.TransactionStarted, e.CustomerIdentified, e.SlipRecorded, e.NameMatched, e.NameOverridden, e.NoteReferred,
        e.FactsFrozen, e.CustomerConfirmed, e.CustomerDisagreed, e.DepositPosted, e.PageTurned, e.CursorAdjusted,
        e.PrintPrepared, e.NoteSecured, e.WithholdingCertified, e.HolderAnswered, e.RightsRead,
        e.WithholdingReported, e.NotesInCustody, e.ScanAttached, e.WarningAccepted, e.VoucherRefused, e.PaperHandedOut,
        e.PrintClosed, e.PrintSettled, e.ReceiptPrepared, e.ReceiptPrinted, e.TransactionParked,
        e.TransactionResumed, e.TransactionCancelled, e.HandedOver,
    }
)  # fmt: skip
_BY_SECOND: frozenset[type[e.Event]] = frozenset({e.KeyElementsRekeyed, e.Countersigned, e.ReviewReturned})
_SEAL = "VC-10"
"""Where the seals did not agree at first, the second person's comparison decides."""
_OWN_WORD = (e.KeyElementsRekeyed, e.Countersigned, e.ReviewReturned, e.VerdictGiven, e.SealCompared)

_NOWHERE: tuple[str, ...] = ()
PLACES: Mapping[str, Mapping[type[e.Event], tuple[str, ...]]] = {
    "cash_deposit": {
        e.CustomerIdentified: ("identify",),
        e.SlipRecorded: ("slip",),
        e.NameMatched: ("match",),
        e.NameOverridden: ("match",),
        e.NoteReferred: ("count",),
        e.NoteRead: ("suspect",),
        e.VerdictGiven: ("suspect",),
        e.NoteJudged: ("suspect",),
        e.BatchCounted: ("count", "suspect", "second_count"),
        e.CountAccepted: ("count", "second_count"),
        e.FactsFrozen: ("review", "confirm"),
        e.KeyElementsRekeyed: ("review",),
        e.Countersigned: ("review",),
        e.ReviewReturned: ("second_count", "review"),
        e.CustomerConfirmed: ("confirm",),
        e.CustomerDisagreed: ("confirm",),
        e.DepositPosted: ("post",),
        e.PageTurned: ("print",),
        e.CursorAdjusted: ("print",),
        e.PrintPrepared: ("print",),
        e.PrintClosed: ("print",),
        e.PrintSettled: ("print",),
        e.ReceiptPrepared: ("hand_over",),
        e.ReceiptPrinted: ("hand_over",),
        e.HandedOver: ("hand_over",),
        e.NoteSecured: ("withhold",),
        e.WithholdingCertified: ("withhold",),
        e.HolderAnswered: ("withhold",),
        e.RightsRead: ("withhold",),
        e.WithholdingReported: ("withhold",),
        e.NotesInCustody: ("withhold",),
        e.PaperHandedOut: ("withhold",),
        e.ScanAttached: ("slip",),
        e.SealCompared: _NOWHERE,
        e.VoucherRefused: _NOWHERE,
    },
    "voucher_examination": {
        e.CustomerIdentified: ("voucher",),
        e.SlipRecorded: ("voucher",),
        e.ScanAttached: ("voucher", "seal"),
        e.WarningAccepted: ("voucher",),
        e.NameMatched: ("match",),
        e.NameOverridden: ("match",),
        e.SealCompared: ("seal",),
        e.VoucherRefused: ("voucher", "conclude"),
        e.PaperHandedOut: ("give_back",),
        e.BatchCounted: _NOWHERE,
        e.CountAccepted: _NOWHERE,
        e.FactsFrozen: _NOWHERE,
        e.Countersigned: _NOWHERE,
        e.DepositPosted: _NOWHERE,
        e.PrintPrepared: _NOWHERE,
        e.HandedOver: _NOWHERE,
    },
}
"""At which steps of a procedure an event can happen. A procedure that is not here is held to its steps' order only."""


def head_findings(past: Past, one: Recorded, state: Transaction, trust: Trust) -> Iterator[Finding]:
    """Everything wrong with one entry's head and place."""
    yield from _time(past, one)
    if isinstance(one.event, FOUNDING) and (past.business_begun or one.head.transaction):
        yield Reason.FOUNDING, f"{one.event.name} after the desk's business began"
    if one.head.transaction and isinstance(one.event, e.TRANSACTION_EVENTS):
        yield from _person(past, one, state, trust)
        yield from _place(one, state)
        if state.slip is not None and state.slip.currency != one.head.currency:
            yield Reason.COLUMN, "its currency is not the slip's"


def _time(past: Past, one: Recorded) -> Iterator[Finding]:
    at = moment(one.head.utc)
    if at is None or not _is_date(one.head.business_date):
        yield Reason.TIME, "its time cannot be read"
    elif past.utc is not None and past.utc - at > CLOCK_BACK:
        yield Reason.TIME, f"the desk's clock went back to {one.head.utc}"
    if one.head.business_date < past.business_date:
        yield Reason.TIME, f"the business date went back to {one.head.business_date}"


def _is_date(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


# --- who -----------------------------------------------------------------------------------------------------


def _person(past: Past, one: Recorded, state: Transaction, trust: Trust) -> Iterator[Finding]:
    """Whoever did it was enrolled and may do it; what is the maker's is done by the maker, and a second person's by
    another."""
    event, who = one.event, one.head.person
    maker = event.maker if isinstance(event, e.TransactionStarted) else state.maker
    is_maker = who == maker
    certificate = _certificate(trust.persons.get(who, ""))
    if certificate is None:
        if past.whole:
            yield Reason.PERSON, f"{who or 'nobody'} was never enrolled"
    elif not may(certificate, Act.MAKE if is_maker else Act.REVIEW):
        yield Reason.PERSON, f"{who} is not certified to {'make' if is_maker else 'review'}"
    if isinstance(event, _OWN_WORD) and event.staff_no != who:
        yield Reason.PERSON, f"said of {event.staff_no}, done by {who}"
    if _is_makers(event) and not is_maker:
        yield Reason.PERSON, f"{who} does what is the maker's"
    if _is_seconds(event) and is_maker:
        yield Reason.SAME_PERSON, f"{who} acts in review after make"


def _is_makers(event: e.Event) -> bool:
    if isinstance(event, e.BatchCounted):
        return event.stage == "first" and event.source != "judged"
    if isinstance(event, e.CountAccepted):
        return event.stage == "first"
    if isinstance(event, e.CheckRecorded):
        return not event.check.startswith("RV-") and event.check != _SEAL
    return type(event) in _BY_MAKER


def _is_seconds(event: e.Event) -> bool:
    if isinstance(event, e.BatchCounted | e.CountAccepted):
        return event.stage == "second"
    if isinstance(event, e.CheckRecorded):
        return event.check.startswith("RV-")
    return type(event) in _BY_SECOND


@lru_cache(maxsize=4096)
def _certificate(text: str) -> Certificate | None:
    return read(text)


def may(certificate: Certificate, act: Act) -> bool:
    """Whether the certified roles permit the act."""
    known = {role.value: role for role in Role}
    roles = frozenset(known[role] for role in certificate.roles if role in known)
    return Person(certificate.subject, "", roles, certificate.key_id).may(act)


# --- where ---------------------------------------------------------------------------------------------------


def _place(one: Recorded, state: Transaction) -> Iterator[Finding]:
    event = one.event
    if isinstance(event, e.TransactionStarted):
        if state.maker:
            yield Reason.STEP, "its transaction began before"
        return
    if not state.maker:
        yield Reason.STEP, "before its transaction began"
        return
    if state.is_ended and not isinstance(event, e.ItemClosed):
        yield Reason.STEP, "after its transaction ended"
        return
    if isinstance(event, e.TransactionCancelled) and state.is_posted:
        yield Reason.STEP, "cancelled after posting"
    if isinstance(event, e.StepPassed) and event.step != state.step:
        yield Reason.STEP, f"leaves {event.step} where it stood at {state.step}"
    places = PLACES.get(state.procedure, {}).get(type(event))
    if places is not None and state.step not in places:
        yield Reason.STEP, f"{event.name} at the step {state.step}"
