"""One signature over one thing, by a key that is open, and its proof before it is offered to a decision."""

from __future__ import annotations

from desk.core import DeskCore
from desk.domain.refusals import Refusal
from desk.procedures.acts import SignedBy
from desk.records import Signature, Signer, StatementFacts


def sign_over(
    core: DeskCore, signer: Signer, transaction: str, act: str, digest: str, nonce: str, template: str,
    language: str = "",
) -> SignedBy | Refusal:  # fmt: skip
    """The signer's statement of ``act`` over ``digest``, proved. ``language`` is the desk's unless it was shown in
    another."""
    facts = StatementFacts(
        transaction, digest, act, nonce, language or core.given.config.language, template, core.utc()
    )
    return checked(core, signer.sign(facts))


def checked(core: DeskCore, signature: Signature) -> SignedBy | Refusal:
    """Prove a signature against the bank's root before it is offered to a decision."""
    found = core.given.authenticator.check(signature)
    if isinstance(found, Refusal):
        return found
    return SignedBy(
        found.staff_no, found.act, found.transaction, found.digest, found.nonce,
        signature.statement, signature.signature,
    )  # fmt: skip
