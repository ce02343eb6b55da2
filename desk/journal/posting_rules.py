"""The gates of a posting once more, from the recorded events alone: what ``desk.procedures`` asked for before it posted
must stand in the entries, whoever wrote them.

Knows no procedure and no rule pack, only what every deposit of this program has. Pure.
"""

from __future__ import annotations

from collections.abc import Iterator

from desk.domain import events as e
from desk.domain.cash import BatchSource, CountStage, difference, total_minor
from desk.domain.procedure_kinds import ControlMode
from desk.domain.transaction import Transaction
from desk.journal.entry import EventHead
from desk.journal.past import Past

CHECKS: frozenset[str] = frozenset({"ID-SEEN", "VC-01", "VC-03", "VC-04", "VC-06", "VC-08", "VC-12", "VC-24"})
"""The lines of the checklist without which no deposit is posted (the procedure's attested ones, the pack's automatic
ones, and that the customer was seen)."""

NAME_COMPARED = "RV-NAME"
CASH_KIND = "teller_cash"
_MODES = {mode.value for mode in ControlMode}


def review_is_due(state: Transaction) -> bool:
    """Whether this transaction needed a second person: always but in the mode that goes by the limit, and there from
    the limit on."""
    amount = state.slip.amount_minor if state.slip else 0
    return state.control_mode != ControlMode.COMPREHENSIVE.value or amount >= state.review_limit_minor


def posting_gaps(past: Past, state: Transaction, event: e.DepositPosted, head: EventHead) -> tuple[str, ...]:
    """What a posting lacked when it was made, judged from the entries before it."""
    return (
        *_front(state),
        *_cash(past, state),
        *_signed(past, state, event),
        *_books(past, state, event, head),
    )


def _missing(stands: dict[str, bool]) -> Iterator[str]:
    return (text for text, good in stands.items() if not good)


def _front(state: Transaction) -> Iterator[str]:
    checks = state.checks.values()
    yield from _missing(
        {
            "posted before": not state.is_posted,
            "no known control mode": state.control_mode in _MODES,
            "a check is missing": state.checks.keys() >= CHECKS,
            "a check did not pass": all(check.outcome in ("pass", "warn") for check in checks),
            "a warning nobody took on": not state.rules
            or all(check.outcome != "warn" or check.check in state.warnings for check in checks),
            "number and name do not agree": state.names_agree,
            "a withheld note is in nobody's custody": not (state.withholding() is not None),
            "a rejected note is still open": not state.rejected_open() and state.open_note() is None,
        }
    )


def _cash(past: Past, state: Transaction) -> Iterator[str]:
    stages = [("no accepted count", CountStage.FIRST)]
    if review_is_due(state):
        stages.append(("no second count", CountStage.SECOND))
    for text, stage in stages:
        yield from _stage(past, state, stage, text)
    if review_is_due(state) and difference(state.rows_of(CountStage.FIRST), state.rows_of(CountStage.SECOND)):
        yield "the two counts differ"


def _stage(past: Past, state: Transaction, stage: CountStage, text: str) -> Iterator[str]:
    accepted, batches = state.accepted.get(stage.value), state.batches_of(stage)
    if accepted is None or state.slip is None:
        yield text
        return
    amount, who = state.slip.amount_minor, state.accepted_by.get(stage.value)
    if stage is CountStage.SECOND and state.countersigned is not None:
        who = state.countersigned.staff_no
    hand = sum(batch.total_minor for batch in batches if batch.source is BatchSource.HAND)
    counted = [batch for batch in batches if batch.source is not BatchSource.JUDGED]
    rejected = sum(batch.rejected_pieces for batch in batches) if stage is CountStage.SECOND else 0
    yield from _missing(
        {
            text: accepted.total_minor == amount == total_minor(state.rows_of(stage)) > 0,
            f"other {stage.value} counts were accepted": sorted(accepted.batch_ids)
            == sorted(batch.batch_id for batch in batches),
            f"a {stage.value} count is not complete": all(batch.complete for batch in batches)
            and not rejected,
            f"a {stage.value} count is of another currency": all(
                batch.currency == state.slip.currency for batch in batches
            ),
            f"more keyed by hand than the limit in the {stage.value} count": hand <= state.hand_limit_minor,
            f"a {stage.value} count is another person's": all(
                past.counted_by.get(batch.batch_id) == who for batch in counted
            ),
        }
    )


def _signed(past: Past, state: Transaction, event: e.DepositPosted) -> Iterator[str]:
    facts, signed = state.facts, state.countersigned
    yield from _missing(
        {
            "no frozen facts": facts is not None and facts.digest == event.facts_digest != "",
            "customer did not confirm": state.confirmed is not None
            and state.confirmed.digest == event.facts_digest,
        }
    )
    if not review_is_due(state):
        return
    if signed is None or signed.digest != event.facts_digest:
        yield "no countersignature"
        return
    compared = state.checks.get(NAME_COMPARED)
    yield from _missing(
        {
            "counted and signed by different people": state.accepted_by.get("second", signed.staff_no)
            == signed.staff_no,
            "countersigned without re-keying": state.rekeyed_by == signed.staff_no
            and not state.rekey_differing,
            "countersigned without comparing the names": compared is not None
            and compared.person == signed.staff_no,
        }
    )


def _books(past: Past, state: Transaction, event: e.DepositPosted, head: EventHead) -> Iterator[str]:
    amount = state.slip.amount_minor if state.slip else 0
    sides = {line.side: line for line in event.lines}
    debit, credit = sides.get("debit"), sides.get("credit")
    yield from _missing(
        {
            "no slip of this amount": len(event.lines) == 2
            and all(line.amount_minor == amount > 0 for line in event.lines),
            "another account": state.account_id == event.account_id != ""
            and credit is not None
            and credit.account_id == state.account_id,
            "posted as of another day": event.value_date == head.business_date,
        }
    )
    if past.whole:
        cash = past.accounts.get(debit.account_id) if debit else None
        yield from _accounts(past, state, cash)


def _accounts(past: Past, state: Transaction, cash: e.AccountOpened | None) -> Iterator[str]:
    account, currency = past.accounts.get(state.account_id), state.slip.currency if state.slip else ""
    yield from _missing(
        {
            "not from the teller's cash": cash is not None
            and cash.kind == CASH_KIND
            and cash.currency == currency,
            "an account that is not open": account is not None
            and account.status == "open"
            and account.currency == currency,
            "another customer's account": account is None
            or (account.holder, account.customer_id) == (state.account, state.customer_id),
        }
    )
