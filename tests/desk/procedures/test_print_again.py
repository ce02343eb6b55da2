"""A second print of lines that a person saw missing: who may permit it, what their signature binds, and that it serves
once. Codes are the assertion."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import Any

import pytest

from desk.domain.events import PersonalRef, PrintPrepared
from desk.domain.people import Person, Role
from desk.domain.refusals import Refusal, RefusalCode
from desk.domain.transaction import Happened, apply
from desk.facts import print_again_digest
from desk.procedures import acts
from desk.procedures.steps.finish import needs_second_print
from tests.desk.procedures.walk import BOSS, MAKER, OTHER, REF, UNTRAINED, Walk

IT = Person("0901", "信息科", frozenset({Role.IT}), "key-0901")
HOLDER = Person("0320", "客户本人", frozenset({Role.REVIEWER}), "key-0320", customer_ids=frozenset({"C-1"}))

JOB = PrintPrepared("j2", "B1", "d" * 64, 1, 6, (7,), (6,), REF, "j1")


def code(refusal: Refusal | None) -> RefusalCode | None:
    return refusal.code if refusal else None


def test_it_is_written_down_with_who_permitted_it() -> None:
    walk = Walk().line_missing()
    assert walk.state.step == "print"
    again = walk.again_act(person=OTHER)
    assert code(walk.do(replace(again, second=None))) is RefusalCode.SECOND_PERSON_NEEDED
    walk.must(again)
    job = walk.events[-1]
    assert isinstance(job, PrintPrepared)
    assert (job.replaces, job.second_person, job.statement, job.signature) == (
        "j1",
        OTHER.staff_no,
        "statement",
        "signature",
    )
    assert walk.state.acted == {MAKER.staff_no: "make", BOSS.staff_no: "review", OTHER.staff_no: "review"}
    assert walk.state.maker == MAKER.staff_no


@pytest.mark.parametrize("person", [BOSS, OTHER, UNTRAINED], ids=["the reviewer", "a colleague", "untrained"])
def test_whoever_may_review_may_permit_it(person: Person) -> None:
    """Who reviewed the transaction too: one role twice. Counterfeit training has nothing to do with it."""
    walk = Walk().line_missing()
    walk.must(walk.again_act(person=person))
    assert walk.state.acted[person.staff_no] == "review"


@pytest.mark.parametrize(
    ("person", "expected"),
    [
        (MAKER, RefusalCode.SAME_PERSON),
        (IT, RefusalCode.ROLE_MISSING),
        (HOLDER, RefusalCode.OWN_ACCOUNT),
    ],
)
def test_who_may_not(person: Person, expected: RefusalCode) -> None:
    walk = Walk().line_missing()
    assert code(walk.do(walk.again_act(person=person))) is expected
    assert len(walk.state.jobs) == 1


def test_who_authorised_the_transaction_does_not_also_check_it() -> None:
    walk = Walk().line_missing()
    walk.state = replace(walk.state, acted={**walk.state.acted, OTHER.staff_no: "authorise"})
    assert code(walk.do(walk.again_act(person=OTHER))) is RefusalCode.SAME_PERSON


def test_the_fold_of_an_insiders_entry_hides_no_first_role() -> None:
    """The maker permits their own print past every decision: folded, they are still the maker."""
    forged = replace(JOB, second_person=MAKER.staff_no)
    folded = apply(Walk().line_missing().state, Happened(forged, MAKER.staff_no, ""))
    assert folded.acted[MAKER.staff_no] == "make"


@pytest.mark.parametrize(
    ("claims", "expected"),
    [
        ({"staff_no": OTHER.staff_no}, RefusalCode.STATEMENT_FORGED),
        ({"staff_no": MAKER.staff_no}, RefusalCode.STATEMENT_FORGED),
        ({"act": "verdict"}, RefusalCode.STATEMENT_FORGED),
        ({"act": "review"}, RefusalCode.STATEMENT_FORGED),
        ({"transaction": "u" * 32}, RefusalCode.STATEMENT_REPLAYED),
        ({"nonce": "j1"}, RefusalCode.STATEMENT_REPLAYED),
        ({"nonce": "j3"}, RefusalCode.STATEMENT_REPLAYED),
        ({"digest": "0" * 64}, RefusalCode.STATEMENT_STALE),
    ],
)
def test_the_statement_binds_person_act_transaction_and_job(
    claims: dict[str, Any], expected: RefusalCode
) -> None:
    walk = Walk().line_missing()
    assert code(walk.do(walk.again_act(**claims))) is expected
    walk.must(walk.again_act())


CONTENT: list[dict[str, Any]] = [
    {"page": 2},
    {"lines": (5,)},
    {"lines": (6, 7), "entry_nos": (7, 8)},
    {"entry_nos": (8,)},
    {"digest": "e" * 64},
    {"job": PersonalRef("r" * 32, "0" * 64, "s" * 64)},
]


@pytest.mark.parametrize("other", CONTENT, ids="-".join)
def test_it_permits_these_lines_and_no_others(other: dict[str, Any]) -> None:
    walk = Walk().line_missing()
    assert code(walk.do(replace(walk.again_act(), **other))) is RefusalCode.STATEMENT_STALE


def test_it_serves_one_job_once() -> None:
    """The printer failed, surely nothing was printed: still nothing prints those lines but under a new signature."""
    walk = Walk().line_missing()
    used = walk.again_act()
    walk.must(used)
    walk.must(walk.close_act("not_done", 0, left=1, job_id="j2"))
    assert needs_second_print(walk.state)
    unsigned = replace(walk.print_act("j3"), lines=(6,), entry_nos=(7,))
    assert code(walk.do(unsigned)) is RefusalCode.SECOND_PERSON_NEEDED
    assert code(walk.do(used)) is RefusalCode.STATEMENT_REPLAYED
    assert code(walk.do(replace(unsigned, second=used.second))) is RefusalCode.STATEMENT_REPLAYED
    walk.must(walk.again_act("j3"))
    assert walk.events[-1].replaces == "j1"  # type: ignore[attr-defined]
    walk.must(walk.close_act("done", 1, job_id="j3"))
    assert not needs_second_print(walk.state)
    assert walk.state.step == "hand_over"


def test_lines_missing_after_a_second_print_replace_that_one() -> None:
    walk = Walk().line_missing()
    walk.must(walk.again_act())
    walk.must(walk.close_act("unknown", 0, job_id="j2"))
    walk.must(acts.Settle("j2", 0, 1))
    walk.must(walk.again_act("j3"))
    assert walk.events[-1].replaces == "j2"  # type: ignore[attr-defined]


def test_lines_the_machine_itself_did_not_print_are_no_second_print() -> None:
    walk = Walk().prepared()
    walk.must(walk.close_act("not_done", 2))
    assert not needs_second_print(walk.state)
    assert code(walk.do(walk.again_act())) is RefusalCode.STATEMENT_STALE
    walk.must(replace(walk.again_act(), second=None))
    assert walk.state.acted == {MAKER.staff_no: "make", BOSS.staff_no: "review"}


@pytest.mark.parametrize("other", [*CONTENT, {"replaces": "j0"}, {"book_id": "B2"}], ids="-".join)
def test_the_digest_is_over_everything_that_is_printed(other: dict[str, Any]) -> None:
    assert print_again_digest("t" * 32, replace(JOB, **other)) != print_again_digest("t" * 32, JOB)


def test_the_digest_is_of_one_transaction_and_stays_when_the_job_is_signed() -> None:
    digest = print_again_digest("t" * 32, JOB)
    assert digest != print_again_digest("u" * 32, JOB)
    assert digest == print_again_digest(
        "t" * 32, replace(JOB, second_person="0102", statement="s", signature="s")
    )
    plain = (
        f'{{"book":"B1","bytes":"{"d" * 64}","entries":[7],"lines":[6],"page":1,"replaces":"j1",'
        f'"transaction":"{"t" * 32}","words":"{"d" * 64}"}}'
    )
    assert digest == hashlib.sha256(b"teller-desk/print-again/v1\0" + plain.encode()).hexdigest()
