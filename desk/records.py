"""What the desk needs of its stores and of the people's keys, as contracts; the stores are handed in.

Must not know SQL, files or key stores: ``desk.persistence`` answers these, and tests may answer them otherwise.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from desk.domain.events import Event, PersonalRef
from desk.domain.people import Person
from desk.domain.refusals import Refusal
from desk.journal.entry import EventHead, Recorded


class NotRecorded(Exception):
    """The record could not be written, and nothing of that ``append`` stands. ``refusal`` says what is in the way."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(str(refusal))
        self.refusal = refusal


class Sealed(Protocol):
    """A personal record, encrypted and ready to commit."""

    @property
    def ref(self) -> PersonalRef: ...


class OpenTransaction(Protocol):
    """A row of the read model of transactions that have not ended."""

    @property
    def transaction_id(self) -> str: ...

    @property
    def parked(self) -> bool: ...

    @property
    def maker(self) -> str: ...

    @property
    def number(self) -> str: ...

    @property
    def procedure(self) -> str: ...

    @property
    def step(self) -> str: ...


class OpenItem(Protocol):
    """Something that must not end silently, over all transactions; ``number`` is its transaction's."""

    @property
    def item_id(self) -> str: ...

    @property
    def kind(self) -> str: ...

    @property
    def number(self) -> str: ...

    @property
    def next_person(self) -> str: ...


class Records(Protocol):
    """The journal with everything that commits beside it, in one database commit per ``append``."""

    @property
    def desk_id(self) -> str: ...

    def append(
        self,
        items: Sequence[tuple[EventHead, Event]],
        personal: Sequence[Sealed] = (),
    ) -> tuple[Recorded, ...]:
        """All of ``items`` or, with NotRecorded, none of them."""
        ...

    def recorded(self, transaction: str) -> tuple[Recorded, ...]: ...

    def open_transactions(self) -> Sequence[OpenTransaction]: ...

    def next_number(self, business_date: str) -> int: ...

    def batch_used(self, batch_id: str) -> bool: ...

    def open_items(self) -> Sequence[OpenItem]: ...

    def archived_today(self, business_date: str) -> int: ...

    def moment(self, name: str) -> None:
        """A named moment of danger; nothing in service, a SIGKILL in the crash suite."""
        ...

    def specimen_of(self, account_id: str) -> PersonalRef | None:
        """The reserved seal specimen of an account; None where none is reserved."""
        ...

    def serial_used(self, form: str, serial: str) -> bool:
        """Whether a voucher of this form and number was examined and accepted before."""
        ...

    def seal_personal(self, plain: bytes) -> Sealed: ...

    def personal(self, ref: PersonalRef) -> bytes | Refusal: ...


@dataclass(frozen=True)
class StatementFacts:
    """What a person signs: the act, the digest of what was shown, the nonce that binds it to one request."""

    transaction: str
    digest: str
    act: str
    nonce: str
    language: str
    template: str
    utc: str


@dataclass(frozen=True)
class Signature:
    """A signed statement as it goes into the journal (both base64)."""

    statement: str
    signature: str


class Signer(Protocol):
    """A person's opened key. The maker's stays open while signed on; any other signs once and is closed."""

    @property
    def staff_no(self) -> str: ...

    @property
    def key_id(self) -> str: ...

    def sign(self, facts: StatementFacts) -> Signature: ...

    def close(self) -> None: ...


@dataclass(frozen=True)
class CheckedStatement:
    """A signed statement whose signature and certificate were proved against the bank's root."""

    staff_no: str
    key_id: str
    act: str
    transaction: str
    digest: str
    nonce: str


class Authenticator(Protocol):
    """Who people are and how they prove it (a password now, touch later)."""

    def people(self) -> tuple[Person, ...]: ...

    def open(self, staff_no: str, password: str) -> Signer | Refusal: ...

    def check(self, signature: Signature) -> CheckedStatement | Refusal: ...
