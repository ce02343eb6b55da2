"""The facts that were shown and signed, where they are at hand in the clear: they must be what the digest says, and
what the entries before them say.

Only whoever holds the vault can show them (``evidence export --with-personal``); elsewhere the digest alone binds.
Pure.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from desk.domain import events as e
from desk.domain.cash import CountStage
from desk.domain.money import plain_amount
from desk.domain.transaction import Happened, Transaction, apply
from desk.facts import digest_of
from desk.journal.entry import Recorded


def facts_findings(own: Sequence[Recorded], shown: Mapping[str, bytes]) -> Iterator[tuple[int, str]]:
    """Facts of one transaction that are not those signed: (sequence, what is wrong). ``shown`` maps records to their
    bytes in the clear."""
    state = Transaction(own[0].head.transaction if own else "")
    for one in own:
        if isinstance(one.event, e.FactsFrozen) and one.event.facts.record_id in shown:
            plain = shown[one.event.facts.record_id]
            yield from ((one.sequence, text) for text in _frozen(one, one.event, state, shown, plain))
        state = apply(state, Happened(one.event, one.head.person, one.head.utc))


def _frozen(
    one: Recorded, event: e.FactsFrozen, state: Transaction, shown: Mapping[str, bytes], plain: bytes
) -> Iterator[str]:
    if digest_of(plain) != event.digest:
        yield "the facts shown are not those that were signed"
    said = _object(plain)
    for name, value in _expected(one, state, shown).items():
        if said.get(name) != value:
            yield f"the facts say another {name} than the entries"


def _object(plain: bytes) -> dict[str, Any]:
    try:
        found = json.loads(plain)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _expected(one: Recorded, state: Transaction, shown: Mapping[str, bytes]) -> dict[str, Any]:
    first, second = state.accepted.get("first"), state.accepted.get("second")
    expected: dict[str, Any] = {
        "transaction": state.transaction_id,
        "number": state.number,
        "business_date": one.head.business_date,
        "maker": state.maker,
        "first_count": list(first.batch_ids) if first else [],
        "second_count": list(second.batch_ids) if second else [],
        "cash": [[row.denomination_minor, row.pieces] for row in state.rows_of(CountStage.FIRST)],
    }
    if state.slip is not None:
        expected |= {"currency": state.slip.currency, "amount": plain_amount(state.slip.amount_minor)}
    if state.account is not None and state.account.record_id in shown:
        holder = _object(shown[state.account.record_id])
        expected |= {"account_number": holder.get("account_number"), "account_name": holder.get("name")}
    return expected
