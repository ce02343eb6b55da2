"""Overriding a doubt about a name's writing: what was compared is kept beside the chain, and two people sign it."""

from __future__ import annotations

from dataclasses import replace

from desk import commands as c
from desk.core import DeskCore
from desk.domain.plain_text import reason
from desk.domain.refusals import Refusal, RefusalCode, refuse
from desk.facts import override_digest
from desk.handlers.cash import checked
from desk.handlers.shape import Answer, as_maker, open_key
from desk.procedures import acts
from desk.procedures.steps.name_doubt import authoriser_problem, override_problem, wanted_override
from desk.records import Signer, StatementFacts

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
    blank = acts.SignedBy("", "", "", "", "", "", "")
    wanted = acts.OverrideName(core.given.new_id(), command.document, sealed.ref, authoriser, blank, blank)
    digest = override_digest(state, wanted_override(wanted))
    made = _signed(core, maker, digest, "make", wanted.override_id)
    authorised = _signed(core, key, digest, "authorise", wanted.override_id)
    key.close()
    for signed in (made, authorised):
        if isinstance(signed, Refusal):
            return signed
    assert not isinstance(made, Refusal)
    assert not isinstance(authorised, Refusal)
    return as_maker(core, replace(wanted, made=made, authorised=authorised), (sealed,))


def _signed(core: DeskCore, signer: Signer, digest: str, act: str, nonce: str) -> acts.SignedBy | Refusal:
    assert core.state is not None
    facts = StatementFacts(
        core.state.transaction_id, digest, act, nonce, core.given.config.language, TEMPLATE, core.utc()
    )
    return checked(core, signer.sign(facts))
