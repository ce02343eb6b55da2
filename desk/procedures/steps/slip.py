"""The slip: what is written, what the rules and the teller saw, and the match of number and name."""

from __future__ import annotations

from dataclasses import replace

from desk.domain.events import CheckRecorded, Event, NameMatched, Row, SlipRecorded
from desk.domain.people import Person
from desk.domain.plain_text import reason
from desk.domain.refusals import Refusal, RefusalCode, refuse
from desk.domain.transaction import Transaction
from desk.procedures.acts import MatchName, PassMatch, PassSlip, ReturnToSlip, Tick, WriteSlip
from desk.procedures.engine import passing
from desk.procedures.procedure import Procedure
from desk.procedures.steps.shape import Decision, after


def write(procedure: Procedure, state: Transaction, act: WriteSlip, person: Person) -> Decision:
    """Record a slip that no automatic check stops. A new version voids whatever was built on the old one."""
    for result in act.results:
        if result.refusal is not None and result.outcome == "fail":
            return result.refusal
    slip = act.slip
    recorded = SlipRecorded(
        version_no=state.slip.version_no + 1 if state.slip else 1,
        form=slip.form,
        currency=slip.currency,
        amount_minor=slip.amount_minor,
        slip_date=slip.slip_date,
        rows=tuple(Row(row.denomination_minor, row.pieces) for row in slip.rows),
        source=slip.source,
        written=act.written,
    )
    checks = tuple(
        CheckRecorded(one.check, one.kind, one.outcome, one.seen, one.rule)
        for one in act.results
        if one.kind == "automatic"
    )
    return (recorded, *checks)


def open_checks(procedure: Procedure, state: Transaction) -> tuple[str, ...]:
    """Attested items of the checklist that nobody confirmed yet, or that someone found wrong."""
    return tuple(
        name
        for name in asked_here(procedure, state)
        if name not in state.checks or state.checks[name].outcome != "pass"
    )


ELSEWHERE = frozenset({"VC-10", "VC-13"})
"""Checks of a form that a step of their own asks: the seal, and the names."""


def asked_here(procedure: Procedure, state: Transaction) -> tuple[str, ...]:
    """What a person answers at this step: the procedure's own list, or what the form of the voucher asks."""
    own = procedure.step_named(state.step).checks
    if own or state.slip is None:
        return own
    return tuple(name for name in state.slip.asked if name not in ELSEWHERE)


def tick(procedure: Procedure, state: Transaction, act: Tick, person: Person) -> Decision:
    """One attested item; the step advances by itself once the last one is in (DESIGN §3)."""
    if state.slip is None:
        return refuse(RefusalCode.SLIP_INCOMPLETE, missing="amount")
    if act.check not in asked_here(procedure, state):
        known = act.check in state.checks
        return refuse(RefusalCode.CHECK_AUTOMATIC if known else RefusalCode.CHECK_UNKNOWN, check=act.check)
    outcome = "pass" if act.passed else "fail"
    recorded = CheckRecorded(
        act.check, "attested", outcome, act.seen, act.rule, act.looked_ms, act.looked_ms < act.look_ms
    )
    events: tuple[Event, ...] = (recorded,)
    reached = after(state, events, person)
    if not act.passed or open_checks(procedure, reached) or not _all_good(reached):
        return events
    return (*events, *passing(procedure, reached, state.step, "done"))


def _all_good(state: Transaction) -> bool:
    """Nothing failed, and whoever had to took every warning on."""
    return all(
        check.outcome == "pass" or (check.outcome == "warn" and name in state.warnings)
        for name, check in state.checks.items()
    )


def accept(procedure: Procedure, state: Transaction, act: PassSlip, person: Person) -> Decision:
    """Leave the checklist; refused while any item is open or failed."""
    if state.slip is None:
        return refuse(RefusalCode.SLIP_INCOMPLETE, missing="amount")
    waiting = open_checks(procedure, state)
    if waiting:
        return refuse(RefusalCode.CHECK_OPEN, check=waiting[0])
    return passing(procedure, state, state.step, "done")


def match(procedure: Procedure, state: Transaction, act: MatchName, person: Person) -> Decision:
    """Record the comparison as it came out (counter-rules §2.3)."""
    return (NameMatched(act.number_agrees, act.match.result.name, act.match.reasons, act.compared),)


def pass_match(procedure: Procedure, state: Transaction, act: PassMatch, person: Person) -> Decision:
    """Only an agreement of number and name leaves the step forward; no difference is overridden here."""
    if state.match is None:
        return refuse(RefusalCode.STEP_MISSING, step=state.step)
    return match_refusal(state) or passing(procedure, state, state.step, "agree")


def give_back(procedure: Procedure, state: Transaction, act: ReturnToSlip, person: Person) -> Decision:
    """The customer writes a new slip: from the match or from the count."""
    said = reason(act.reason)
    if not said:
        return refuse(RefusalCode.REASON_MISSING)
    left, *onward = passing(procedure, state, state.step, "slip_differs")
    return (replace(left, reason=said), *onward)


def match_refusal(state: Transaction) -> Refusal | None:
    """Why the match step stands still, as a refusal; None when it agreed."""
    if state.match is None:
        return None
    if state.names_agree:
        return None
    if not state.match.number_agrees:
        return refuse(RefusalCode.NUMBER_MISMATCH)
    if state.match.result == "NOT_CHECKABLE":
        return refuse(RefusalCode.NAME_NOT_CHECKABLE)
    return refuse(RefusalCode.NAME_MISMATCH, result=state.match.result)
