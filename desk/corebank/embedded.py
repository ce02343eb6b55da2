"""The embedded double-entry ledger behind the ``CoreBank`` contract: reads the books, and plans a posting.

Writes nothing: the lines it plans commit together with their event through the journal store. Holds no SQL
connection of its own; ``Books`` is what it needs of the store.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Protocol

import msgspec

from desk.corebank.contract import (
    AccountEntry,
    AccountFacts,
    Ask,
    Book,
    BookFacts,
    DepositRequest,
    Holder,
)
from desk.domain.events import LedgerLine, PersonalRef
from desk.domain.refusals import Refusal, RefusalCode, refuse

OPEN = "open"
_ENTITY_WORDS = ("entity", "company", "corporate")


class Books(Protocol):
    """What the ledger needs of the journal store."""

    def read(self, statement: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]: ...

    def account_id_of(self, account_number: str) -> str: ...

    def personal(self, ref: PersonalRef) -> bytes | Refusal: ...


def holder_bytes(holder: Holder) -> bytes:
    """The plain bytes of a holder's personal record, to be sealed before the account is opened."""
    return msgspec.json.encode(holder)


class EmbeddedCoreBank:
    """CoreBank over this desk's own database. ``lines_per_page`` tells how many lines a book form has, so
    that a cursor that ran off a page is told as the first line of the next."""

    def __init__(self, books: Books, lines_per_page: Callable[[str], int] | None = None) -> None:
        self._books, self._lines_per_page = books, lines_per_page

    def account_by_number(self, account_number: str) -> AccountFacts | Refusal:
        """ACCOUNT_UNKNOWN when no account has this number."""
        return self.account(self._books.account_id_of(account_number))

    def account(self, account_id: str) -> AccountFacts | Refusal:
        """What is true of an account now; ACCOUNT_UNKNOWN when there is none."""
        rows = self._books.read(
            "SELECT customer_id, kind, currency, status, side, balance_minor, last_entry_no, "
            "holder_record, holder_digest, holder_sealed, "
            "(SELECT max(business_date) FROM business_transaction) FROM account WHERE account_id=?",
            (account_id,),
        )
        if not rows:
            return refuse(RefusalCode.ACCOUNT_UNKNOWN)
        customer_id, kind, currency, status, side, balance, last_entry_no, *holder, today = rows[0]
        return AccountFacts(
            account_id=account_id,
            customer_id=customer_id,
            kind=kind,
            currency=currency,
            status=status,
            balance_minor=balance if side == "credit" else -balance,
            last_entry_no=last_entry_no,
            holder=PersonalRef(*holder),
            cash_in_today_minor=self.cash_in(account_id, today) if customer_id and today else 0,
            party="entity" if any(word in kind for word in _ENTITY_WORDS) else "person",
        )

    def cash_in(self, account_id: str, business_date: str) -> int:
        """Cash deposited to an account on a business date, in minor units."""
        rows = self._books.read(
            "SELECT coalesce(sum(amount_minor), 0) FROM ledger_entry JOIN ledger_posting USING (posting_id) "
            "WHERE account_id=? AND side='credit' AND business_date=? AND transaction_id IS NOT NULL",
            (account_id, business_date),
        )
        return int(rows[0][0])

    def holder(self, account: AccountFacts) -> Holder | Refusal:
        """Decrypt the holder's record; CHAIN_BROKEN when it is gone or was changed."""
        plain = self._books.personal(account.holder)
        if isinstance(plain, Refusal):
            return plain
        return msgspec.json.decode(plain, type=Holder)

    def book_of(self, account_id: str) -> BookFacts | Refusal:
        """The account's newest passbook; BOOK_MISMATCH when it has none."""
        rows = self._books.read(
            "SELECT book_id, account_id, form, next_page, next_line, printed_through FROM passbook "
            "WHERE account_id=? ORDER BY rowid DESC LIMIT 1",
            (account_id,),
        )
        if not rows:
            return refuse(RefusalCode.BOOK_MISMATCH)
        book = BookFacts(*rows[0])
        if self._lines_per_page is None or book.next_line <= self._lines_per_page(book.form):
            return book
        return BookFacts(book.book_id, account_id, book.form, book.next_page + 1, 1, book.printed_through)

    def entries_after(self, account_id: str, entry_no: int) -> tuple[AccountEntry, ...]:
        """Entries numbered above ``entry_no``, oldest first, amounts from the customer's side."""
        rows = self._books.read(
            "SELECT entry_no, value_date, summary, "
            "CASE WHEN side='credit' THEN amount_minor ELSE -amount_minor "
            "END, balance_after_minor, CASE WHEN transaction_id IS NULL THEN 'history' ELSE 'counter' END "
            "FROM ledger_entry JOIN ledger_posting USING (posting_id) "
            "WHERE account_id=? AND entry_no>? ORDER BY entry_no",
            (account_id, entry_no),
        )
        return tuple(AccountEntry(*row) for row in rows)

    def plan(self, request: DepositRequest) -> Book | Ask | Refusal:
        """Two balanced lines: debit the teller's cash, credit the customer. ACCOUNT_UNKNOWN,
        ACCOUNT_NOT_OPEN, COUNT_CURRENCY or AMOUNT_ZERO when the books cannot take it."""
        found = self._books.read(
            "SELECT account_id, status, currency, last_entry_no, balance_minor FROM account "
            "WHERE account_id IN (?,?)",
            (request.account_id, request.cash_account_id),
        )
        accounts = {row[0]: row[1:] for row in found}
        if len(accounts) != 2:
            return refuse(RefusalCode.ACCOUNT_UNKNOWN)
        for status, currency, _, _ in accounts.values():
            if status != OPEN:
                return refuse(RefusalCode.ACCOUNT_NOT_OPEN, status=status)
            if currency != request.currency:
                return refuse(RefusalCode.COUNT_CURRENCY, expected=currency, found=request.currency)
        if request.amount_minor <= 0:
            return refuse(RefusalCode.AMOUNT_ZERO)
        _, _, last_entry_no, balance = accounts[request.account_id]
        lines = (
            LedgerLine(request.cash_account_id, "debit", request.amount_minor),
            LedgerLine(request.account_id, "credit", request.amount_minor),
        )
        return Book(lines, last_entry_no + 1, balance + request.amount_minor)
