"""Overriding a doubt about a name's writing: what was compared is kept beside the chain, and two people sign it."""

from __future__ import annotations

from dataclasses import replace

from desk import commands as c
from desk.core import DeskCore
from desk.domain.plain_text import reason
from desk.domain.refusals import Refusal, RefusalCode, refuse
from desk.facts import override_digest
from desk.handlers.shape import Answer, as_maker, open_key
from desk.handlers.signing import sign_over
from desk.procedures import acts
from desk.procedures.steps.name_doubt import authoriser_problem, override_problem, wanted_override
from desk.records import Signer

TEMPLATE = "name/override-1"


def override_name(core: DeskCore, command: c.OverrideName) -> Answer:
    """What stands in the way is said before the authoriser's key is opened."""
    state, maker = core.state, core.signer
    if state is None:
        return refuse(RefusalCode.TRANSACTION_UNKNOWN)
    if maker is None or maker.staff_no != state.maker:
        return refuse(RefusalCode.NOT_SIGNED_ON)
    authoriser = core.person_named(command.staff_no)
    if isinstance(authoriser, Refusal):
        return authoriser
    seen = reason(command.seen)
    if not seen:
        return refuse(RefusalCode.EVIDENCE_MISSING)
    refusal = override_problem(state, command.document) or authoriser_problem(state, authoriser)
    if refusal:
        return refusal
    key = open_key(core, command.staff_no, command.password, "authoriser")
    if isinstance(key, Refusal):
        return key
    sealed = core.seal_json({"document": command.document, "seen": seen})
    wanted = acts.OverrideName(
        core.given.new_id(), command.document, sealed.ref, authoriser, acts.UNSIGNED, acts.UNSIGNED
    )
    digest = override_digest(state, wanted_override(wanted))
    both = _both_sign(core, maker, key, digest, wanted.override_id)
    key.close()
    if isinstance(both, Refusal):
        return both
    made, authorised = both
    return as_maker(core, replace(wanted, made=made, authorised=authorised), (sealed,))


def _both_sign(
    core: DeskCore, maker: Signer, authoriser: Signer, digest: str, nonce: str
) -> tuple[acts.SignedBy, acts.SignedBy] | Refusal:
    transaction = core.state.transaction_id if core.state else ""
    made = sign_over(core, maker, transaction, "make", digest, nonce, TEMPLATE)
    if isinstance(made, Refusal):
        return made
    authorised = sign_over(core, authoriser, transaction, "authorise", digest, nonce, TEMPLATE)
    return authorised if isinstance(authorised, Refusal) else (made, authorised)
