"""Which machine belongs to a place: at set-up by nobody's signature, afterwards by a teller's and a supervisor's. What
verify finds is not believed at start either, and the machine bound before stays."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from desk.domain import events as e
from desk.facts import machine_digest
from desk.journal.entry import EventHead, Recorded
from desk.journal.keys import is_signed_by
from desk.journal.machine_rules import Believed, believed
from desk.journal.record_rules import RecordRules
from desk.journal.trust import Trust
from tests.desk.journal.bank import Bank, Staff, new_id

FIRST = e.MachineBound("f0" * 16, "printer", "t5040", "model", "T5040/1", "/dev/serial/by-id/a")
Item = tuple[EventHead, e.Event]


@pytest.fixture(scope="module")
def bank() -> Bank:
    return Bank()


def begun(bank: Bank) -> Item:
    """The desk's business begins."""
    started = e.TransactionStarted(
        "3-1123-0001", "cash_deposit", "d" * 64, "dual", 2_000_000, 1_000, "1001", "identify"
    )
    return bank.head("a" * 32), started


def swap(
    bank: Bank, teller: Staff | None = None, supervisor: Staff | None = None, wanted: e.MachineBound | None = None,
    **said: str,
) -> e.MachineBound:  # fmt: skip
    """A spare bound by two people; ``said`` is what the supervisor's statement says otherwise."""
    teller, supervisor = teller or bank.maker, supervisor or bank.supervisor
    wanted = wanted or e.MachineBound(
        new_id(), "printer", "pr2", "model", "PR2/2", "/dev/serial/by-id/b", FIRST.binding_id
    )
    digest = machine_digest(bank.desk.key_id, wanted)
    made = bank.signed(teller, "make", "", digest, wanted.binding_id)
    permitted = bank.signed(
        supervisor, **{"act": "authorise", "transaction": "", "digest": digest, "nonce": wanted.binding_id, **said}
    )  # fmt: skip
    return replace(
        wanted, staff_no=teller.staff_no, statement=made.statement_b64, signature=made.signature_b64,
        second_person=supervisor.staff_no, second_statement=permitted.statement_b64,
        second_signature=permitted.signature_b64,
    )  # fmt: skip


BOTH = "1009"
_KEPT: dict[str, Staff] = {}


def both(bank: Bank) -> Staff:
    """A person who is teller and supervisor."""
    return _KEPT.setdefault(bank.desk.key_id, bank.person(BOTH, ("teller", "supervisor")))


def history(bank: Bank, *items: Item) -> list[Recorded]:
    founding, _ = bank.founding()
    one = both(bank)
    record = bank.vault.seal(b"{}").ref
    enrolled = e.PersonEnrolled(one.staff_no, one.roles, one.qualifications, record, one.certificate)
    told = [
        *founding,
        (bank.head("", "", "it"), enrolled),
        (bank.head("", "", "it"), FIRST),
        begun(bank),
        *items,
    ]
    return [Recorded(head, at, event) for at, (head, event) in enumerate(told, 1)]


def findings(bank: Bank, entries: list[Recorded]) -> list[str]:
    """What verify says, signatures included."""
    rules = RecordRules(bank.desk.key_id, Trust(bank.root.public_key))
    for one in entries:
        rules.see(one)
    forged = [job for job in rules.jobs if not is_signed_by(job.key, job.signature, job.message)]
    return [one.text for one in rules.findings] + ["forged" for _ in forged]


def folded(bank: Bank, entries: list[Recorded]) -> Believed:
    own = [one for one in entries if not one.head.transaction]
    first = next((one.sequence for one in entries if one.head.transaction), 0)
    return believed(own, bank.root.public_key, first)


def test_a_spare_that_two_people_signed_for_is_believed(bank: Bank) -> None:
    spare = swap(bank)
    entries = history(bank, (bank.head(), spare))
    assert findings(bank, entries) == []
    assert folded(bank, entries).by_place == {"printer": spare}


def test_a_swap_of_a_swap_and_another_place_are_believed(bank: Bank) -> None:
    second = swap(bank)
    back = swap(bank, wanted=replace(FIRST, binding_id=new_id(), replaces=second.binding_id))
    counter = swap(bank, wanted=e.MachineBound(new_id(), "counter", "aa55", "none", "", "/dev/x"))
    entries = history(bank, *((bank.head(), one) for one in (second, back, counter)))
    assert findings(bank, entries) == []
    assert folded(bank, entries).by_place == {"printer": back, "counter": counter}


def alone(bank: Bank) -> Item:
    """A teller who is certified as a supervisor too signs twice."""
    return bank.head("", BOTH), swap(bank, teller=both(bank), supervisor=both(bank))


def test_the_same_person_alone_is_what_is_wrong(bank: Bank) -> None:
    """With both roles, nothing but that is found."""
    assert findings(bank, history(bank, alone(bank))) == [f"{BOTH} binds a machine alone"]


def by_a_teller(bank: Bank) -> Item:
    return bank.head(), swap(bank, supervisor=bank.reviewer)


def by_two_supervisors(bank: Bank) -> Item:
    return bank.head("", "1003"), swap(bank, teller=bank.supervisor, supervisor=bank.supervisor)


def by_nobody(bank: Bank) -> Item:
    return bank.head("", "", "it"), replace(swap(bank), **dict.fromkeys(_SIGNED, ""))


def without_the_second(bank: Bank) -> Item:
    return bank.head(), replace(swap(bank), second_person="", second_statement="", second_signature="")


def without_the_teller(bank: Bank) -> Item:
    return bank.head(), replace(swap(bank), staff_no="", statement="", signature="")


def another_machine(bank: Bank) -> Item:
    return bank.head(), replace(swap(bank), value="PR2/9")


def another_port(bank: Bank) -> Item:
    return bank.head(), replace(swap(bank), port="/dev/ttyUSB9")


def another_act(bank: Bank) -> Item:
    return bank.head(), swap(bank, act="review")


def other_signature(bank: Bank) -> Item:
    spare = swap(bank)
    return bank.head(), replace(spare, second_signature=spare.signature)


def of_no_standing_machine(bank: Bank) -> Item:
    wanted = e.MachineBound(new_id(), "printer", "pr2", "model", "PR2/2", "/dev/b", "ab" * 16)
    return bank.head(), swap(bank, wanted=wanted)


def in_a_transaction(bank: Bank) -> Item:
    return bank.head("a" * 32), swap(bank)


def said_of_another(bank: Bank) -> Item:
    return bank.head("", "1002"), swap(bank)


def signed_long_ago(bank: Bank) -> Item:
    """By a clock of the supervisor's own, when a certificate that has expired since still stood."""
    return bank.head(), swap(bank, utc="2026-03-02T01:02:03.000004Z")


def dated_back(bank: Bank) -> Item:
    return replace(bank.head(), business_date="2026-03-02"), swap(bank)


_SIGNED = ("staff_no", "statement", "signature", "second_person", "second_statement", "second_signature")
FORGERIES: tuple[Callable[[Bank], Item], ...] = (
    alone, by_a_teller, by_two_supervisors, by_nobody, without_the_second, without_the_teller, another_machine,
    another_port, another_act, other_signature, of_no_standing_machine, said_of_another, signed_long_ago,
    dated_back,
)  # fmt: skip


@pytest.mark.parametrize("forge", FORGERIES, ids=lambda one: one.__name__)
def test_what_does_not_stand_is_found_and_not_believed(bank: Bank, forge: Callable[[Bank], Item]) -> None:
    entries = history(bank, forge(bank))
    assert findings(bank, entries)
    fold = folded(bank, entries)
    assert fold.by_place == {"printer": FIRST}
    assert fold.doubted == [entries[-1].sequence]


def test_a_binding_within_a_transaction_is_found(bank: Bank) -> None:
    assert "a machine bound within a transaction" in findings(bank, history(bank, in_a_transaction(bank)))


def test_a_signed_binding_serves_once(bank: Bank) -> None:
    """The spare goes, and its old permission is played again."""
    spare = swap(bank)
    back = swap(bank, wanted=replace(FIRST, binding_id=new_id(), replaces=spare.binding_id))
    entries = history(bank, *((bank.head(), one) for one in (spare, back, spare)))
    assert any("used before" in text for text in findings(bank, entries))
    assert folded(bank, entries).by_place == {"printer": back}


def test_after_a_doubted_one_an_honest_swap_still_stands(bank: Bank) -> None:
    honest = swap(bank)
    entries = history(bank, by_nobody(bank), (bank.head(), honest))
    assert len(findings(bank, entries)) == 1
    assert folded(bank, entries).by_place == {"printer": honest}


def test_nobody_is_believed_under_another_root(bank: Bank) -> None:
    entries = history(bank, (bank.head(), swap(bank)))
    own = [one for one in entries if not one.head.transaction]
    assert believed(own, Bank().root.public_key, 99).by_place == {"printer": FIRST}


def test_an_old_record_binds_nothing_and_stands(bank: Bank) -> None:
    founding, _ = bank.founding()
    entries = [Recorded(head, at, one) for at, (head, one) in enumerate([*founding, begun(bank)], 1)]
    assert findings(bank, entries) == []
    assert folded(bank, entries).by_place == {}


@pytest.mark.parametrize(("who", "told"), [("1001", []), ("1003", ["1003 is not certified to make"]),
                                           ("", ["nobody was never enrolled"])])  # fmt: skip
def test_a_teller_says_that_a_machine_is_the_one(bank: Bank, who: str, told: list[str]) -> None:
    confirmed = e.MachineConfirmed("counter", "f1" * 16)
    assert findings(bank, history(bank, (bank.head("", who), confirmed))) == told
