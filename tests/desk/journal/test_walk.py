"""Walking a chain in memory: in one go or in parts, what its own entries say of desk and people, which seals prove
it. The same against a database stands in ``tests/desk/persistence/test_verification.py``."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.domain import events as e
from desk.journal.certificate import CertificateKind
from desk.journal.chain import SEAL_EVERY, genesis, link
from desk.journal.codec import encode
from desk.journal.entry import EventHead
from desk.journal.keys import SigningKey
from desk.journal.verify import BadEntry, Reason, Row, Walk, chosen_seals, joined, personal_refs, roster, walk
from tests.desk.journal.bank import DAY, UTC, Bank

DESK = "0123456789abcdef" * 2
NO_ENTRY = BadEntry(DESK, 0, Reason.GAP, "")


@pytest.fixture(scope="module")
def bank() -> Bank:
    return Bank()


def head(transaction: str = "", desk: str = DESK) -> EventHead:
    return EventHead(desk, "0001", DAY, UTC, "1001", "maker", transaction, "p", "CNY")


def chained(*events: tuple[str, e.Event], desk: str = DESK) -> list[Row]:
    """Rows of a whole chain."""
    rows: list[Row] = []
    digest = genesis(desk)
    for sequence, (transaction, event) in enumerate(events, 1):
        body = encode(head(transaction, desk), sequence, event)
        digest = link(digest, body)
        rows.append((sequence, transaction, body, digest))
    return rows


ROWS = chained(*[("" if n % 3 else "a" * 32, e.SignedOn(str(n))) for n in range(12)])
PARTS = st.lists(st.integers(1, len(ROWS) - 1), unique=True, max_size=5).map(sorted)


def in_parts(rows: list[Row], cuts: list[int], remember: frozenset[int]) -> Walk:
    """As the verification walks it on all cores: each part from the stored digest before it."""
    walks = []
    for start, end in zip([0, *cuts], [*cuts, len(rows)], strict=True):
        before = rows[start - 1][3] if start else b""
        walks.append(walk(DESK, [rows[start:end]], remember, start + 1, before))
    return joined(walks)


@given(PARTS)
def test_a_walk_in_parts_is_the_whole_walk(cuts: list[int]) -> None:
    remember = frozenset({1, 6, 12})
    whole = walk(DESK, [ROWS], remember)
    assert whole.bad is None
    assert (whole.sequence, whole.digest, sorted(whole.digests)) == (12, ROWS[-1][3], [1, 6, 12])
    assert len(whole.own) == 8
    assert in_parts(ROWS, cuts, remember) == whole


@given(PARTS, st.integers(0, len(ROWS) - 1))
def test_a_walk_in_parts_finds_the_same_first_bad_entry(cuts: list[int], at: int) -> None:
    sequence, transaction, body, digest = ROWS[at]
    rows = [*ROWS[:at], (sequence, transaction, body.replace(b'"data"', b'"date"'), digest), *ROWS[at + 1 :]]
    for seen in (walk(DESK, [rows], frozenset()), in_parts(rows, cuts, frozenset())):
        assert seen.bad is not None
        assert (seen.bad.sequence, seen.bad.reason) == (at + 1, Reason.DIGEST)


@pytest.mark.parametrize(
    ("rows", "reason", "sequence"),
    [
        (ROWS[1:], Reason.GAP, 1),
        ([*ROWS[:3], *ROWS[4:]], Reason.GAP, 4),
        ([ROWS[1], ROWS[0], *ROWS[2:]], Reason.GAP, 1),
        ([(1, "b" * 32, *ROWS[0][2:])], Reason.COLUMN, 1),
        (chained(("", e.SignedOn("1")), desk="f" * 32), Reason.COLUMN, 1),
    ],
)
def test_what_is_missing_moved_or_anothers(rows: list[Row], reason: Reason, sequence: int) -> None:
    seen = walk(DESK, [rows], frozenset())
    assert seen.bad is not None
    assert (seen.bad.reason, seen.bad.sequence) == (reason, sequence)


@pytest.mark.parametrize("stands", [None, "text", 7])
def test_what_is_no_bytes_is_found_and_breaks_nothing(stands: Any) -> None:
    """A database tool lets any value stand in a column."""
    for row in ((2, "", stands, ROWS[1][3]), (2, stands, *ROWS[1][2:])):
        seen = walk(DESK, [[ROWS[0], row]], frozenset())
        assert seen.bad is not None
        assert (seen.bad.reason, seen.bad.sequence) == (Reason.COLUMN, 2)


def test_an_entry_after_a_bad_one_is_not_reached() -> None:
    bad = Walk(DESK, 3, b"x", bad=NO_ENTRY)
    assert joined([bad, Walk(DESK, 9, b"y")]) == bad


# --- seals ------------------------------------------------------------------------------------------------


@given(st.lists(st.integers(1, 6 * SEAL_EVERY), unique=True, max_size=40).map(sorted))
def test_the_chosen_seals_are_the_last_and_one_for_every_block(sequences: list[int]) -> None:
    chosen = chosen_seals(sequences)
    assert set(chosen) <= set(sequences)
    assert list(chosen) == sorted(set(chosen))
    assert chosen[-1:] == tuple(sequences[-1:])
    assert {one // SEAL_EVERY for one in chosen} == {one // SEAL_EVERY for one in sequences}
    assert len(chosen) <= len({one // SEAL_EVERY for one in sequences}) + 1


# --- who the desk's own entries say its people are ----------------------------------------------------------


def enrolment(bank: Bank) -> e.DeskEnrolled:
    return e.DeskEnrolled("3号柜", bank.desk_certificate, bank.branch_certificate, training=True)


def person(bank: Bank) -> e.PersonEnrolled:
    one = bank.maker
    return e.PersonEnrolled(
        one.staff_no, one.roles, one.qualifications, e.PersonalRef("r", "d", "s"), one.certificate
    )


def roster_findings(bank: Bank, *events: e.Event) -> list[tuple[int, str]]:
    desk = bank.desk.key_id
    seen = walk(desk, [chained(*(("", event) for event in events), desk=desk)], frozenset())
    assert seen.bad is None
    found = roster(seen, bank.root.public_key)
    assert {one.reason for one in found.findings} <= {Reason.CERTIFICATE, Reason.BODY}
    return [(one.sequence, one.text.split(":")[0]) for one in found.findings]


def test_a_desk_and_its_people_stand(bank: Bank) -> None:
    desk = bank.desk.key_id
    seen = walk(desk, [chained(("", enrolment(bank)), ("", person(bank)), desk=desk)], frozenset())
    found = roster(seen, bank.root.public_key)
    assert found.findings == ()
    assert found.public_key == bank.desk.public_key
    assert found.trust.persons == {"1001": bank.maker.certificate}
    assert [one.sequence for one in found.recorded] == [1, 2]


def test_enrolments_that_do_not_stand(bank: Bank) -> None:
    other = bank.certify(CertificateKind.DESK, "4号柜", SigningKey.generate().public_key, bank.branch)
    no_desk = (1, "no desk was enrolled by the first entry")
    anothers = "the certificate is not this desk's"
    assert roster_findings(bank, person(bank)) == [(1, "person 1001"), no_desk]
    assert roster_findings(bank, replace(enrolment(bank), certificate=other)) == [(1, anothers), no_desk]
    assert roster_findings(bank, e.SignedOn("1"), enrolment(bank)) == [(2, anothers), no_desk]
    assert roster_findings(bank, replace(enrolment(bank), certificate="?")) == [
        (1, "desk certificate"),
        no_desk,
    ]


@pytest.mark.parametrize("change", [{"roles": ("supervisor",)}, {"staff_no": "1009"}, {"qualifications": ()}])
def test_a_person_enrolled_otherwise_than_certified(bank: Bank, change: dict[str, object]) -> None:
    changed = replace(person(bank), **change)  # type: ignore[arg-type]
    assert roster_findings(bank, enrolment(bank), changed) == [(2, f"person {changed.staff_no}")]


def test_a_person_under_another_branch(bank: Bank) -> None:
    minted = bank.person("1001", ("teller",), issuer=SigningKey.generate())
    event = replace(person(bank), certificate=minted.certificate)
    assert roster_findings(bank, enrolment(bank), event) == [(2, "person 1001")]


def test_own_entries_that_no_desk_wrote(bank: Bank) -> None:
    found = roster(Walk(DESK, own=[b"{}"]), bank.root.public_key)
    assert [one.reason for one in found.findings] == [Reason.BODY, Reason.CERTIFICATE]


def test_personal_records_an_event_points_at(bank: Bank) -> None:
    assert list(personal_refs(person(bank))) == [e.PersonalRef("r", "d", "s")]
    assert list(personal_refs(e.SignedOn("1"))) == []
