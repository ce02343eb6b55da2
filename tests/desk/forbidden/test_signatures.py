"""A countersignature that is not this person's, of these facts, for this transaction, now: each is refused, and the
honest one is still taken afterwards."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from dataclasses import replace

import pytest

from desk import commands as c
from desk.domain import events as e
from desk.domain.refusals import Refusal
from desk.journal.keys import SigningKey
from desk.journal.statement import STATEMENT_TAG, Statement, sign
from desk.records import Authenticator, Signature, Signer, StatementFacts
from tests.desk.forbidden.attack import Alter, AlteredAuthenticator, collaborators, line_missing, recorded
from tests.scenarios.branch import COLLEAGUE, MAKER, PERSON, SUPERVISOR
from tests.scenarios.counter import Counter, Desk
from tests.scenarios.player import Player
from ui.training.branch import TRAINING_PASSWORD


def by(staff_no: str) -> Alter:
    """Another person's true key over the same request."""

    def alter(facts: StatementFacts, signer: Signer, authenticator: Authenticator) -> Signature:
        other = authenticator.open(staff_no, TRAINING_PASSWORD)
        assert not isinstance(other, Refusal)
        return other.sign(facts)

    return alter


def over(**changes: str) -> Alter:
    """The right key over something else."""
    return lambda facts, signer, authenticator: signer.sign(replace(facts, **changes))


def spoilt(part: str) -> Alter:
    """One byte of the statement or of the signature changed."""

    def alter(facts: StatementFacts, signer: Signer, authenticator: Authenticator) -> Signature:
        signed = signer.sign(facts)
        raw = bytearray(base64.b64decode(getattr(signed, part)))
        raw[len(raw) // 2] ^= 1
        return replace(signed, **{part: base64.b64encode(bytes(raw)).decode()})

    return alter


def with_a_key_of_their_own(facts: StatementFacts, signer: Signer, authenticator: Authenticator) -> Signature:
    """The supervisor's true certificate, but a key that is not the one it certifies."""
    honest = base64.b64decode(signer.sign(facts).statement)
    said = json.loads(honest)
    statement = Statement(
        STATEMENT_TAG, facts.transaction, facts.digest, facts.act, facts.act, facts.nonce, SUPERVISOR,
        said["certificate"], facts.language, facts.template, facts.utc,
    )  # fmt: skip
    forged = sign(statement, SigningKey.generate())
    return Signature(forged.statement_b64, forged.signature_b64)


def no_signature(facts: StatementFacts, signer: Signer, authenticator: Authenticator) -> Signature:
    return Signature("", "")


FORGERIES: dict[str, tuple[Alter, str]] = {
    "a colleague's key": (by(COLLEAGUE), "statement_forged"),
    "the maker's key": (by(MAKER), "statement_forged"),
    "a key of their own": (with_a_key_of_their_own, "statement_forged"),
    "other facts": (over(digest="00" * 32), "statement_stale"),
    "another act": (over(act="make"), "statement_forged"),
    "another transaction": (over(transaction="00" * 16), "statement_replayed"),
    "another request": (over(nonce="00" * 16), "statement_replayed"),
    "a changed byte in the statement": (spoilt("statement"), "statement_forged"),
    "a changed byte in the signature": (spoilt("signature"), "statement_forged"),
    "nothing": (no_signature, "statement_forged"),
}


def ready_to_sign(desk: Desk, player: Player) -> None:
    player.to("review")
    desk.do(c.Rekey(player.deposit.amount_keys, PERSON.number[-4:]))
    desk.do(c.CompareName(agrees=True))


def tampered(desk: Desk, alter: Alter) -> Callable[[], None]:
    """Put ``alter`` in the way of every signature; call what comes back to take it out again."""
    given = collaborators(desk)
    real = given.authenticator
    given.authenticator = AlteredAuthenticator(real, alter)

    def restore() -> None:
        given.authenticator = real

    return restore


@pytest.mark.parametrize("forgery", FORGERIES)
def test_a_forged_countersignature(forgery: str, counter: Counter, desk: Desk, player: Player) -> None:
    ready_to_sign(desk, player)
    alter, code = FORGERIES[forgery]
    restore = tampered(desk, alter)
    assert desk.refused(c.Countersign(TRAINING_PASSWORD)) == code
    restore()
    assert desk.step == "review"
    assert recorded(counter, desk.transaction.transaction_id, e.Countersigned) == []
    desk.do(c.Countersign(TRAINING_PASSWORD))
    assert desk.step == "confirm"


def test_a_countersignature_of_another_transaction(counter: Counter, desk: Desk, player: Player) -> None:
    player.to("confirm")
    old = taken(counter, desk)
    desk.do(c.Cancel("for the next test"))
    desk.do(c.CloseTransaction())
    ready_to_sign(desk, player)
    restore = tampered(desk, lambda facts, signer, authenticator: old)
    assert desk.refused(c.Countersign(TRAINING_PASSWORD)) == "statement_replayed"
    restore()


def test_the_countersignature_of_a_round_that_was_returned(
    counter: Counter, desk: Desk, player: Player
) -> None:
    """The same transaction, the same facts to the eye; but the customer said no in between."""
    player.to("confirm")
    old = taken(counter, desk)
    desk.do(c.CustomerAnswer(agreed=False, reason="wants to think"))
    ready_to_sign(desk, player)
    restore = tampered(desk, lambda facts, signer, authenticator: old)
    assert desk.refused(c.Countersign(TRAINING_PASSWORD)) == "statement_replayed"
    restore()


def taken(counter: Counter, desk: Desk) -> Signature:
    """The countersignature that stands in the journal, as anyone can read it there."""
    (event,) = recorded(counter, desk.transaction.transaction_id, e.Countersigned)
    assert isinstance(event, e.Countersigned)
    return Signature(event.statement, event.signature)


def test_it_is_given_once(desk: Desk, player: Player) -> None:
    player.to("confirm")
    assert desk.refused(c.Countersign(TRAINING_PASSWORD)) == "second_person_needed"
    assert desk.refused(c.TakeSeat(SUPERVISOR)) == "step_not_open"


def test_the_maker_signs_the_facts_and_nobody_for_them(desk: Desk, player: Player) -> None:
    """The desk freezes the facts under the maker's key by itself; a statement of someone else's is not taken."""
    player.to("second_count")
    core = desk.session._core
    signer = core.signer
    assert signer is not None
    other = core.given.authenticator.open(COLLEAGUE, TRAINING_PASSWORD)
    assert not isinstance(other, Refusal)
    core.signer = other
    desk.counter.put_notes(player.deposit.heap)
    assert desk.refused(c.CountNotes()) == "not_signed_on"
    core.signer = signer
    desk.do(c.LeaveSeat())
    assert desk.step == "review"


@pytest.mark.parametrize(
    ("alter", "code"),
    [
        (by(COLLEAGUE), "statement_forged"),
        (over(digest="00" * 32), "statement_stale"),
        (over(nonce="another job"), "statement_replayed"),
        (over(act="review"), "statement_forged"),
        (over(transaction="00" * 16), "statement_replayed"),
        (spoilt("signature"), "statement_forged"),
    ],
    ids=["colleague", "digest", "nonce", "act", "transaction", "byte"],
)
def test_a_forged_second_print(alter: Alter, code: str, counter: Counter, desk: Desk, player: Player) -> None:
    line_missing(desk, player)
    counter.put_book(PERSON)
    restore = tampered(desk, alter)
    assert desk.refused(c.PrintAgain(SUPERVISOR, TRAINING_PASSWORD)) == code
    restore()
    desk.do(c.PrintAgain(SUPERVISOR, TRAINING_PASSWORD))
    player.to("end")
