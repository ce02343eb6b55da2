"""The embedded ledger plans two balanced lines, or says why not."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from desk.corebank.contract import Book, DepositRequest, Holder
from desk.corebank.embedded import EmbeddedCoreBank, holder_bytes
from desk.domain import events as e
from desk.domain.refusals import Refusal, RefusalCode
from desk.persistence.journal_store import JournalStore
from tests.desk.journal.bank import ACCOUNT_NUMBER, DAY, Bank, books

REQUEST = DepositRequest("p-1", "acc-1", "till", "CNY", 5_000, DAY)


@pytest.fixture(scope="module")
def bank() -> Bank:
    return Bank()


@pytest.fixture
def store(bank: Bank, tmp_path: Path) -> JournalStore:
    return bank.founded(tmp_path)


def test_two_balanced_lines(store: JournalStore) -> None:
    plan = books(store).plan(REQUEST)
    assert plan == Book(
        (e.LedgerLine("till", "debit", 5_000), e.LedgerLine("acc-1", "credit", 5_000)), 2, 105_000
    )


def test_what_the_books_cannot_take(bank: Bank, store: JournalStore) -> None:
    head = bank.head()
    store.append(
        [
            (head, e.AccountOpened("frozen", "current_savings", "credit", "CNY", "frozen", "c-2")),
            (head, e.AccountOpened("dollars", "current_savings", "credit", "USD", "open", "c-3")),
        ]
    )
    wanted = {
        replace(REQUEST, account_id="nobody"): RefusalCode.ACCOUNT_UNKNOWN,
        replace(REQUEST, cash_account_id="nobody"): RefusalCode.ACCOUNT_UNKNOWN,
        replace(REQUEST, account_id="frozen"): RefusalCode.ACCOUNT_NOT_OPEN,
        replace(REQUEST, account_id="dollars"): RefusalCode.COUNT_CURRENCY,
        replace(REQUEST, amount_minor=0): RefusalCode.AMOUNT_ZERO,
    }
    for request, code in wanted.items():
        found = books(store).plan(request)
        assert isinstance(found, Refusal)
        assert found.code is code


def test_an_account_by_its_number_and_its_holder(bank: Bank, store: JournalStore) -> None:
    ledger = books(store)
    account = ledger.account_by_number(ACCOUNT_NUMBER)
    assert not isinstance(account, Refusal)
    assert (account.account_id, account.balance_minor, account.cash_in_today_minor) == ("acc-1", 100_000, 0)
    assert (account.party, account.status) == ("person", "open")
    assert ledger.holder(account) == Holder(ACCOUNT_NUMBER, "阿依·示例")
    unknown = ledger.account_by_number("1")
    assert isinstance(unknown, Refusal)
    assert unknown.code is RefusalCode.ACCOUNT_UNKNOWN
    lost = ledger.holder(replace(account, holder=e.PersonalRef("x", "y", "z")))
    assert isinstance(lost, Refusal)
    sealed = bank.vault.seal(holder_bytes(Holder("622", "示例有限公司")))
    opened = e.AccountOpened("acc-2", "company_current", "credit", "CNY", "open", "c-9", sealed.ref)
    store.append([(bank.head(), opened)], [sealed])
    company = ledger.account_by_number("622")
    assert not isinstance(company, Refusal)
    assert company.party == "entity"


def test_entries_and_cash_of_the_day(bank: Bank, store: JournalStore) -> None:
    ledger = books(store)
    assert [one.channel for one in ledger.entries_after("acc-1", 0)] == ["history"]
    bank.deposit(store).append(store)
    (entry,) = ledger.entries_after("acc-1", 1)
    assert (entry.entry_no, entry.amount_minor, entry.balance_after_minor) == (2, 20_100, 120_100)
    assert ledger.entries_after("till", 1)[0].amount_minor == -20_100
    assert ledger.cash_in("acc-1", DAY) == 20_100
    assert ledger.cash_in("acc-1", "2026-11-24") == 0
    till = ledger.account("till")
    assert not isinstance(till, Refusal)
    assert till.balance_minor == -120_100


def test_a_cursor_that_ran_off_the_page_is_the_next_pages_first_line(store: JournalStore) -> None:
    plain = books(store).book_of("acc-1")
    assert not isinstance(plain, Refusal)
    assert (plain.next_page, plain.next_line) == (1, 3)
    turned = EmbeddedCoreBank(store, lambda form: 2).book_of("acc-1")
    assert not isinstance(turned, Refusal)
    assert (turned.next_page, turned.next_line, turned.printed_through) == (2, 1, 0)
    none = books(store).book_of("till")
    assert isinstance(none, Refusal)
    assert none.code is RefusalCode.BOOK_MISMATCH
