"""A training branch for tests: the shipped one with more people, and accounts that must not be served.

The shipped founding drops the branch's key once it is done; here it is kept long enough to certify two more members
of staff who are customers themselves. Holds no machine and no session.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from unittest.mock import patch

from desk.corebank.contract import Holder
from desk.corebank.embedded import holder_bytes
from desk.domain import events as e
from desk.domain.refusals import Refusal
from desk.journal.certificate import CertificateKind
from desk.journal.entry import EventHead
from desk.journal.keys import SigningKey
from desk.persistence.journal_store import JournalStore
from desk.persistence.secrets import TrainingKeyFile, desk_keys, seal_person_key
from ui.training import branch
from ui.training.branch import ACCOUNTS, BRANCH_ID, BranchFolder, StaffMember, TrainingAccount
from ui.training.desk import open_training_store

DAY = "2026-11-23"
MAKER, COLLEAGUE, SUPERVISOR = "0317", "0318", "0102"
OWN_TELLER, OWN_SUPERVISOR, UNTRAINED = "0401", "0402", "0403"
PERSON, RARE_NAME, COMPANY = ACCOUNTS
OWN_CUSTOMER = PERSON.customer_id

_OWN = (
    (StaffMember(OWN_TELLER, "阿依古丽·买买提", ("teller",)), (OWN_CUSTOMER,), ("counterfeit",)),
    (StaffMember(OWN_SUPERVISOR, "阿依古丽·买买提", ("supervisor",)), (OWN_CUSTOMER,), ("counterfeit",)),
    (StaffMember(UNTRAINED, "周新", ("teller",)), (), ()),
)


def _book(number: int, name: str, history: tuple[tuple[str, int], ...], printed: int) -> TrainingAccount:
    """A customer whose book is some entries behind; all that is printed stands on the lines before the next."""
    account = f"90170020100090{number:05d}"
    return TrainingAccount(
        f"b{number:x}" * 16,
        account,
        name,
        "current_savings",
        f"T-02{number:02d}",
        history,
        printed,
        printed + 1,
    )


_WAGES = (("工资", 300_000), ("水电费", -12_345), ("取款", -50_000), ("利息", 321), ("汇入", 88_000))
BEHIND = (("开户存入", 500_000), ("存款", 50_000), *_WAGES)
LINES = _book(1, "示例三", BEHIND, 2)
SIDES = _book(2, "示例四", BEHIND, 2)
DAYS = _book(3, "示例五", BEHIND, 2)
TURNING = _book(4, "示例六", (*(("存款", 10_000),) * 22, *_WAGES), 22)
NEARLY_FULL = _book(5, "示例七", (*(("存款", 10_000),) * 22, *_WAGES), 22)
MOVED = _book(6, "示例八", (("开户存入", 100_000),), 1)
HANDED_OUT = _book(7, "示例九", (*BEHIND,), 5)
HANDED_BACK = _book(8, "示例十", (*BEHIND,), 5)
BOOKS = (LINES, SIDES, DAYS, TURNING, NEARLY_FULL, MOVED, HANDED_OUT, HANDED_BACK)
FIRST_PAGES = {NEARLY_FULL.number: 8}
"""Where a book is not at its first page."""

FROZEN = TrainingAccount("f1" * 16, "9017002010009000017", "示例一", "current_savings", "T-0091", (), 0, 1)
LOST = TrainingAccount("f2" * 16, "9017002010009000025", "示例二", "current_savings", "T-0092", (), 0, 1)
STATUSES = {FROZEN.number: "frozen", LOST.number: "lost"}

BY_NAME = {
    "person": PERSON, "rare_name": RARE_NAME, "company": COMPANY, "frozen": FROZEN, "lost": LOST, "lines": LINES,
    "sides": SIDES, "days": DAYS, "turning": TURNING, "nearly_full": NEARLY_FULL, "moved": MOVED,
    "handed_out": HANDED_OUT, "handed_back": HANDED_BACK,
}  # fmt: skip
"""Accounts as the scenario files call them."""


class _KeptFounder(branch._Founder):
    """The founder with their keys still at hand."""

    kept: list[branch._Founder] = []

    def __init__(self) -> None:
        super().__init__()
        self.kept.append(self)


def desk_head(store: JournalStore, transaction: str = "", person: str = "", role: str = "it") -> EventHead:
    """A head for an event that no session writes."""
    utc = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    return EventHead(store.desk_id, BRANCH_ID, DAY, utc, person, role, transaction, "founding", "CNY")


def found_test_branch(root: Path) -> BranchFolder:
    """Found the branch in ``root``; ``open_training`` finds it ready afterwards."""
    folder = BranchFolder(root)
    store = open_training_store(folder)
    assert isinstance(store, JournalStore), store
    keys = desk_keys(TrainingKeyFile(root / "desk-keys.json"), "training")
    assert not isinstance(keys, Refusal)
    with closing(store), patch.object(branch, "_Founder", _KeptFounder):
        branch.found(store, keys.desk, folder, DAY)
        founder = _KeptFounder.kept.pop()
        for member, customers, trained in _OWN:
            _enrol(store, folder, founder, member, customers, trained)
        for account in (FROZEN, LOST, *BOOKS):
            _open_account(store, account)
    return folder


def _enrol(
    store: JournalStore, folder: BranchFolder, founder: branch._Founder, member: StaffMember,
    customers: Sequence[str], trained: tuple[str, ...],
) -> None:  # fmt: skip
    key = SigningKey.generate()
    plain = json.dumps({"name": member.name, "customer_ids": list(customers)}, ensure_ascii=False).encode()
    record = store.seal_personal(plain)
    certificate = founder._issue(
        CertificateKind.PERSON, member.staff_no, key.public_key, founder.branch, member.roles, trained
    )
    event = e.PersonEnrolled(member.staff_no, member.roles, trained, record.ref, certificate)
    store.append([(desk_head(store), event)], [record])
    sealed = seal_person_key(key, branch.TRAINING_PASSWORD, training=True)
    (folder.keys / f"{member.staff_no}.key").write_text(sealed, encoding="ascii")


def _open_account(store: JournalStore, account: TrainingAccount) -> None:
    holder = store.seal_personal(holder_bytes(Holder(account.number, account.name)))
    book = store.seal_personal(json.dumps({"account": account.number}).encode())
    events: tuple[e.Event, ...] = (
        e.AccountOpened(
            account.account_id, account.kind, "credit", "CNY", STATUSES.get(account.number, "open"),
            account.customer_id, holder.ref,
        ),
        *(_history(account, *entry, number) for number, entry in enumerate(account.history)),
        e.PassbookIssued(
            account.account_id, book.ref, branch.book_id(account), branch.FORM,
            FIRST_PAGES.get(account.number, 1), account.next_line, account.printed,
        ),
    )  # fmt: skip
    store.append([(desk_head(store), event) for event in events], [holder, book])


def _history(account: TrainingAccount, summary: str, amount: int, number: int) -> e.HistoryPosted:
    """An entry of a day in its turn, a month before ``DAY`` at the latest."""
    sides = (branch.CAPITAL, account.account_id) if amount > 0 else (account.account_id, branch.CAPITAL)
    lines = (e.LedgerLine(sides[0], "debit", abs(amount)), e.LedgerLine(sides[1], "credit", abs(amount)))
    return e.HistoryPosted(new_id(), f"2026-09-{number + 1:02d}", summary, lines)


def new_id() -> str:
    return secrets.token_hex(16)
