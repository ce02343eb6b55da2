"""Who stands at the counter: the chain of endorsements, payee and presenter, documents, agents (VC-14, 15, 19, 20, 21).

Documents and faces are looked at by people: what passes here is only proposed to them.
"""

from __future__ import annotations

from dataclasses import replace

from desk.rules.judgement import OK
from desk.rules.judgement import WARN as WARNED
from desk.rules.voucher_checks.account import SAME_NAME
from desk.rules.voucher_checks.facts import IdDocument
from desk.rules.voucher_checks.result import NOT_DUE, UNANSWERED, WARN, Case, Finding, failed, passed

RESIDENT = "resident"
LONG_TERM = "long"
PAYEE = "payee_name"
_ONLINE_FINE = frozenset(("agrees", "not_offered"))


def chain_is_unbroken(case: Case) -> Finding:
    """VC-14: each endorsee endorses next. A cheque for cash is not passed on at all."""
    facts = case.facts
    if not facts.endorsements:
        return NOT_DUE
    if case.form.use == "cash":
        return failed("cash cheque endorsed")
    presenter = facts.presenter or facts.endorsements[-1].endorsee
    judged = case.judges.endorsements(facts.says(PAYEE), facts.endorsements, presenter, case.rules)
    if judged.result == OK:
        return replace(passed("unbroken"), inner=judged)
    if judged.result == WARNED:
        return Finding(WARN, "unusual", "unusual", inner=judged)
    return replace(failed("broken"), inner=judged)


def holder_presents(case: Case) -> Finding:
    """VC-15: the payee, or the last one it was passed on to, is in whose name it is presented."""
    facts = case.facts
    if not case.form.holder_presents:
        return NOT_DUE
    if not facts.presenter:
        return UNANSWERED
    holder = facts.endorsements[-1].endorsee if facts.endorsements else facts.says(PAYEE)
    judged = case.judges.name(holder, facts.presenter, case.rules)
    if judged.result in SAME_NAME:
        return replace(passed("holder"), inner=judged)
    return replace(failed("someone else"), inner=judged)


def documents(case: Case) -> tuple[IdDocument, ...]:
    """Every document that lies on the counter: the customer's, then the agent's."""
    agent = case.facts.agent
    shown = (case.facts.document, agent.document if agent else None)
    return tuple(one for one in shown if one is not None)


def document_is_valid(case: Case) -> Finding:
    """VC-19, the part a machine can judge: not expired, the number written down, the online answer."""
    facts = case.facts
    if not facts.holds("identity", case.form):
        return NOT_DUE
    if facts.document is None:
        return failed("none shown")
    for one in documents(case):
        if one.expires != LONG_TERM and one.expires < facts.business_date and one.expires:
            return failed("expired")
        if one.online and one.online not in _ONLINE_FINE:
            return failed(one.online)
    if any(_differs(case, field, one) for field, one in _written(case)):
        return failed("number differs")
    if any(not one.expires or not one.online for one in documents(case)):
        return UNANSWERED
    return passed("valid")


def _written(case: Case) -> tuple[tuple[str, IdDocument | None], ...]:
    agent = case.facts.agent
    return (("id_number", case.facts.document), ("agent_id", agent.document if agent else None))


def _differs(case: Case, field: str, document: IdDocument | None) -> bool:
    written = "".join(case.facts.says(field).split()).upper()
    return bool(written) and document is not None and written != document.number.upper()


def id_number_holds(case: Case) -> Finding:
    """VC-20: the check digit of every identity card shown."""
    cards = [one for one in documents(case) if one.kind == RESIDENT]
    if not cards:
        return NOT_DUE
    judged = [case.judges.id_number(one.number, case.facts.business_date, case.rules) for one in cards]
    for one in judged:
        if one.result not in (OK, WARNED):
            return replace(failed("number"), inner=one)
    for one in judged:
        if one.result == WARNED:
            return Finding(WARN, "unusual", "unusual", inner=one)
    return passed("check digit")


def agent_may_act(case: Case) -> Finding:
    """VC-21: an agent shows both documents and says on what ground; some business is the owner's alone."""
    agent = case.facts.agent
    if agent is None:
        return NOT_DUE
    if not case.form.agents:
        return failed("owner only")
    for lacking, there in (
        ("agent document", agent.document is not None),
        ("owner document", case.facts.document is not None),
        ("relation", bool(agent.relation)),
    ):
        if not there:
            return failed(lacking)
    return passed("both documents")
