"""Every event survives its bytes; bytes that no desk wrote are refused with a reason."""

from __future__ import annotations

import string

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desk.domain import events as e
from desk.domain.transaction import Happened, fold_all
from desk.journal import codec
from desk.journal.codec import BodyError, column_prefix, column_suffix, decode, encode
from desk.journal.entry import EventHead
from tests.desk.journal.any_event import TEXT, built

DESK = "0123456789abcdef" * 2
HEX = st.text(string.hexdigits.lower()[:16], min_size=32, max_size=32)
HEADS = st.builds(
    EventHead, st.just(DESK), TEXT, TEXT, TEXT, TEXT, TEXT, st.one_of(st.just(""), HEX), TEXT, TEXT
)
HEAD = EventHead(DESK, "0001", "2026-11-23", "2026-11-23T01:02:03.000004Z", "1001", "maker", "", "p", "CNY")


@pytest.mark.parametrize("kind", e.EVENTS, ids=lambda kind: kind.name)
@settings(max_examples=15, deadline=None)
@given(data=st.data())
def test_every_event_survives_its_bytes(kind: type[e.Event], data: st.DataObject) -> None:
    event, head = data.draw(built(kind)), data.draw(HEADS)
    body = encode(head, 7, event)
    found = decode(body)
    assert (found.head, found.sequence, found.event) == (head, 7, event)
    assert encode(found.head, found.sequence, found.event) == body


def test_the_bytes_begin_with_the_columns() -> None:
    body = encode(HEAD, 3, e.TransactionResumed())
    assert body.startswith(
        b'{"v":1,"desk":"' + DESK.encode() + b'","seq":3,"tx":"","event":"transaction.resumed"'
    )
    assert body.startswith(column_prefix(DESK) + b"3" + column_suffix(""))
    assert body.endswith(b'"alg":"sha256/ed25519","data":{}}')


def test_names_are_unique_and_versions_positive() -> None:
    assert len({event.name for event in e.EVENTS}) == len(e.EVENTS)
    assert all(event.version >= 1 for event in e.EVENTS)


def test_a_newer_event_is_shown_and_never_acted_on() -> None:
    body = encode(HEAD, 3, e.SignedOn("1001"))
    newer = body.replace(b'"ev":1', b'"ev":2').replace(b'"data":{', b'"data":{"new":[1],')
    assert decode(newer).event == e.UnknownEvent("person.signed_on", 2)
    unknown = body.replace(b"person.signed_on", b"person.flew_away")
    assert decode(unknown).event == e.UnknownEvent("person.flew_away", 1)


def test_an_older_event_is_lifted(monkeypatch: pytest.MonkeyPatch) -> None:
    old = encode(HEAD, 3, e.SignedOn("1001")).replace(b'{"staff_no":"1001"}', b'{"number":"1001"}')
    monkeypatch.setattr(e.SignedOn, "version", 2)
    with pytest.raises(BodyError, match="no way up"):
        decode(old)
    monkeypatch.setattr(
        codec, "UPCASTS", {("person.signed_on", 1): lambda data: {"staff_no": data["number"]}}
    )
    assert decode(old).event == e.SignedOn("1001")


def test_a_field_added_later_takes_its_default() -> None:
    body = encode(HEAD, 3, e.PrintClosed("j", "done", 1, "e"))
    old = body.replace(b',"error_number":0', b"")
    assert decode(old).event == e.PrintClosed("j", "done", 1, "e", 0)


def test_a_print_of_before_second_persons_signed_still_folds() -> None:
    ref = e.PersonalRef("r", "d", "s")
    body = encode(HEAD, 3, e.PrintPrepared("j2", "b", "d", 1, 4, (2,), (4,), ref, "j1"))
    old = body.replace(b',"second_person":"","statement":"","signature":""', b"")
    assert old != body
    event = decode(old).event
    assert event == e.PrintPrepared("j2", "b", "d", 1, 4, (2,), (4,), ref, "j1")
    folded = fold_all("t", (Happened(event, "1001", ""),))
    assert ([job.job_id for job in folded.jobs], dict(folded.acted)) == (["j2"], {})


GOOD = encode(
    HEAD, 3, e.SlipRecorded(1, "f", "CNY", 5, "d", (e.Row(1, 2),), "s", e.PersonalRef("r", "d", "s"))
)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\xff\xfe",
        b"[]",
        b"{}",
        GOOD + b" ",
        GOOD.replace(b'":', b'": ', 1),
        GOOD.replace(b'"v":1', b'"v":2'),
        GOOD.replace(b'"v":1', b'"v":1.0'),
        GOOD.replace(b'"v":1,"desk"', b'"desk"'),
        GOOD.replace(b'"v":1,', b'"v":1,"more":1,'),
        GOOD.replace(b'"seq":3', b'"seq":"3"'),
        GOOD.replace(b'"seq":3', b'"seq":3,"seq":3'),
        GOOD.replace(b'"amount_minor":5', b'"amount_minor":5.0'),
        GOOD.replace(b'"amount_minor":5', b'"amount_minor":"5"'),
        GOOD.replace(b'"amount_minor":5,', b""),
        GOOD.replace(b'"amount_minor":5', b'"amount_minor":5,"extra":1'),
        GOOD.replace(b'"pieces":2', b'"pieces":2,"extra":1'),
        GOOD[: GOOD.index(b'"data"')] + b'"data":[]}',
        GOOD.replace(b'"CNY"', b'"CN\xff"'),
    ],
)
def test_bytes_that_no_desk_wrote_are_refused(body: bytes) -> None:
    assert body != GOOD
    with pytest.raises(BodyError) as refused:
        decode(body)
    assert "CNY" not in str(refused.value)


def test_another_order_of_keys_is_not_ours() -> None:
    raw = msgspec.json.decode(GOOD)
    turned = {key: raw[key] for key in sorted(raw)}
    with pytest.raises(BodyError, match="layout"):
        decode(msgspec.json.encode(turned))


@pytest.mark.parametrize(("desk", "transaction"), [("", ""), ("d", ""), (DESK, "x"), (DESK, DESK.upper())])
def test_ids_that_could_break_the_prefix_are_never_written(desk: str, transaction: str) -> None:
    head = EventHead(desk, "", "", "", "", "", transaction, "", "")
    with pytest.raises(ValueError, match="32 hex"):
        encode(head, 1, e.TransactionResumed())


def test_an_unknown_event_is_never_written() -> None:
    with pytest.raises(ValueError, match="never written"):
        encode(HEAD, 1, e.UnknownEvent("x", 1))
