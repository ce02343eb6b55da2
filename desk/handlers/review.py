"""Freezing the facts, the second person's blind re-keying, comparison and signature; the customer's answer."""

from __future__ import annotations

from desk import commands as c
from desk.core import DeskCore
from desk.domain.money import parse_amount
from desk.domain.refusals import Refusal, RefusalCode, refuse
from desk.facts import canonical, digest_of, template_of
from desk.handlers.shape import Answer, as_maker, as_seated, open_key
from desk.handlers.signing import sign_over
from desk.procedures import acts


def freeze(core: DeskCore) -> Answer:
    """Make the canonical facts, let the maker's open key sign them, and keep them beside the chain."""
    state, holder, signer = core.state, core.counter.holder, core.signer
    if state is None or holder is None:
        return refuse(RefusalCode.ACCOUNT_UNKNOWN)
    if signer is None or signer.staff_no != state.maker:
        return refuse(RefusalCode.NOT_SIGNED_ON)
    config, procedure = core.given.config, core.procedure
    plain = canonical(
        state, holder.account_number, holder.name, config.business_date, config.language, core.given.new_id()
    )
    digest, nonce = digest_of(plain), core.given.new_id()
    template = template_of(procedure.procedure, procedure.version)
    signed = sign_over(core, signer, state.transaction_id, "make", digest, nonce, template)
    if isinstance(signed, Refusal):
        return signed
    sealed = core.given.records.seal_personal(plain)
    act = acts.FreezeFacts(sealed.ref, digest, nonce, config.language, template, signed)
    refusal = as_maker(core, act, (sealed,))
    if refusal is None:
        core.counter.facts_plain = plain
    return refusal


def rekey(core: DeskCore, command: c.Rekey) -> Answer:
    """Amount and last four as keyed from the voucher. A difference stays on the page as "differs", no more."""
    amount = parse_amount(command.amount)
    if isinstance(amount, Refusal):
        return amount
    holder = core.counter.holder
    if holder is None:
        return refuse(RefusalCode.ACCOUNT_UNKNOWN)
    act = acts.RekeyElements(amount, command.last_four.strip(), holder.account_number[-4:])
    refusal = as_seated(core, act)
    if refusal is None and core.state is not None and core.state.rekey_differing:
        return refuse(RefusalCode.REKEY_DIFFERS, elements=",".join(core.state.rekey_differing))
    return refusal


def compare_name(core: DeskCore, command: c.CompareName) -> Answer:
    refusal = as_seated(core, acts.CompareNames(command.agrees, core.rules.rule_reference("VC-13")))
    if refusal is None and not command.agrees:
        core.counter.seat = None
    return refusal


def countersign(core: DeskCore, command: c.Countersign) -> Answer:
    """Open the second person's key for exactly one signature over the facts shown, then close it."""
    state, seat = core.state, core.counter.seat
    if state is None or seat is None:
        return refuse(RefusalCode.SECOND_PERSON_NEEDED)
    if state.facts is None:
        return refuse(RefusalCode.STATEMENT_STALE)
    signer = open_key(core, seat.staff_no, command.password, "reviewer")
    if isinstance(signer, Refusal):
        return signer
    signed = sign_over(
        core, signer, state.transaction_id, "review", digest_of(core.counter.facts_plain), state.facts.nonce,
        state.facts.template, command.language,
    )  # fmt: skip
    signer.close()
    if isinstance(signed, Refusal):
        return signed
    refusal = as_seated(core, acts.SignReview(signed, nonce_used=state.countersigned is not None))
    if refusal is None:
        core.counter.seat = None
    return refusal


def return_review(core: DeskCore, command: c.ReturnReview) -> Answer:
    refusal = as_seated(core, acts.GiveBack(command.outcome, command.reason))
    if refusal is None:
        core.counter.seat = None
    return refusal


def customer_answer(core: DeskCore, command: c.CustomerAnswer) -> Answer:
    return as_maker(
        core, acts.AnswerOfCustomer(command.agreed, command.modality, command.reason, command.left)
    )
