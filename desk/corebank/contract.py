"""What the desk asks of a core banking system: account facts, unprinted lines, and a plan for a posting.

Holds values and one contract, no SQL and no HTTP. ``plan`` answers either ``Book`` (embedded: these lines
commit together with their event) or ``Ask`` (remote: journaled first, sent with an idempotency key; its
outcome is Done, NotDone or Unknown and an Unknown is asked again under the same key, never guessed).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

from desk.domain.events import LedgerLine, PersonalRef
from desk.domain.refusals import Refusal


@dataclass(frozen=True)
class AccountFacts:
    """What is true of an account now. ``status`` is "open", "frozen", "lost", "dormant" or "closed"."""

    account_id: str
    customer_id: str
    kind: str
    currency: str
    status: str
    balance_minor: int
    last_entry_no: int
    holder: PersonalRef
    cash_in_today_minor: int = 0
    party: str = "person"
    risk: str = "normal"


@dataclass(frozen=True)
class Holder:
    """The personal record of an account's holder, as it is decrypted for the desk."""

    account_number: str = field(repr=False)
    name: str = field(repr=False)
    id_number: str = field(default="", repr=False)
    name_en: str = field(default="", repr=False)


@dataclass(frozen=True)
class AccountEntry:
    """One entry of an account, numbered from 1; ``amount_minor`` signed from the customer's side."""

    entry_no: int
    value_date: str
    summary: str
    amount_minor: int
    balance_after_minor: int
    channel: str


@dataclass(frozen=True)
class BookFacts:
    """A passbook: where its next line is and up to which entry it is printed (passbook-printers §7.1)."""

    book_id: str
    account_id: str
    form: str
    next_page: int
    next_line: int
    printed_through: int


@dataclass(frozen=True)
class DepositRequest:
    """A cash deposit to book: the customer's account against the teller's cash account."""

    posting_id: str
    account_id: str
    cash_account_id: str
    currency: str
    amount_minor: int
    value_date: str


@dataclass(frozen=True)
class Book:
    """Embedded answer: lines to commit together with the event, and what the account will then show."""

    lines: tuple[LedgerLine, ...]
    entry_no: int
    balance_after_minor: int


@dataclass(frozen=True)
class Ask:
    """Remote answer: the request to journal and send under ``idempotency_key``."""

    idempotency_key: str
    request: bytes


class CoreBank(Protocol):
    """The desk's view of the books. Every method may wait for a disk or a network: never on a GUI thread."""

    def account_by_number(self, account_number: str) -> AccountFacts | Refusal: ...

    def account(self, account_id: str) -> AccountFacts | Refusal: ...

    def holder(self, account: AccountFacts) -> Holder | Refusal: ...

    def book_of(self, account_id: str) -> BookFacts | Refusal: ...

    def entries_after(self, account_id: str, entry_no: int) -> tuple[AccountEntry, ...]: ...

    def plan(self, request: DepositRequest) -> Book | Ask | Refusal: ...
