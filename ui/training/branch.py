"""Founds a training branch: the bank's own root, people with sealed keys, accounts with history, drawer, books.

Everything is plainly fictional, account numbers are of an unassigned format, and all of it enters through signed
events like in a real branch. The training password is no secret and opens training keys only.
"""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from desk.corebank.contract import Holder
from desk.corebank.embedded import holder_bytes
from desk.domain import events as e
from desk.domain.capitals import capitals
from desk.journal.certificate import CertificateKind, issue
from desk.journal.entry import EventHead
from desk.journal.keys import SigningKey
from desk.journal.trust import write_trust
from desk.persistence.journal_store import JournalStore
from desk.persistence.personal_store import SealedRecord
from desk.persistence.secrets import seal_person_key
from ui.adopted_rules import FOLDER as RULES_FOLDER
from ui.adopted_rules import seal_shipped
from ui.composition import slip_file

TRAINING_PASSWORD = "teller desk training"  # noqa: S105 - printed in the README: it opens training keys only
BRANCH_ID = "9017-0020"
BANK_CODE = "9017"
DESK_LABEL = "3号柜"
CASH, CAPITAL = "c0" * 16, "c1" * 16
FORM = "passbook_24"
VALID = ("2026-01-01", "2036-12-31")


@dataclass(frozen=True)
class StaffMember:
    staff_no: str
    name: str
    roles: tuple[str, ...]


STAFF = (
    StaffMember("0317", "王敏", ("teller",)),
    StaffMember("0318", "陈晓", ("teller",)),
    StaffMember("0102", "李建国", ("supervisor",)),
)


@dataclass(frozen=True)
class TrainingAccount:
    """A customer's account: history as (days ago, summary, minor units) and how much of it is in the book."""

    account_id: str
    number: str
    name: str
    kind: str
    customer_id: str
    history: tuple[tuple[str, int], ...]
    printed: int
    next_line: int


ACCOUNTS = (
    TrainingAccount(
        "a1" * 16, "9017002010004821735", "阿依古丽·买买提", "current_savings", "T-0001",
        (("开户存入", 500_000), ("工资", 620_000), ("取款", -150_000), ("利息", 1_873), ("汇入", 280_000),
         ("取款", -60_000), ("代发工资", 640_000), ("水电费", -23_450)),
        6, 7,
    ),
    TrainingAccount(
        "a2" * 16, "9017002010004400128", "李䶮", "current_savings", "T-0002",
        (("开户存入", 100_000), ("存款", 50_000)), 2, 3,
    ),
    TrainingAccount(
        "a3" * 16, "9017002030000900016", "城南示例商贸有限公司", "entity_settlement", "T-0003",
        (("开户存入", 5_000_000),), 1, 2,
    ),
)  # fmt: skip


@dataclass(frozen=True)
class BranchFolder:
    """Where a training branch keeps what."""

    root: Path

    @property
    def database_url(self) -> str:
        return f"sqlite:///{self.root / 'desk.db'}"

    @property
    def trust(self) -> Path:
        return self.root / "trust.json"

    @property
    def witness(self) -> Path:
        return self.root / "witness.log"

    @property
    def keys(self) -> Path:
        return self.root / "keys"

    @property
    def rules(self) -> Path:
        return self.root / RULES_FOLDER

    @property
    def issuer(self) -> Path:
        """The training bank's own key for rule packs, so that HQ's part can be rehearsed too."""
        return self.root / "issuer"

    @property
    def machines(self) -> Path:
        return self.root / "machines"

    @property
    def slips(self) -> Path:
        return self.root / "slips"

    def sealed_keys(self) -> dict[str, str]:
        """Staff numbers and their sealed keys."""
        return {path.stem: path.read_text(encoding="ascii") for path in sorted(self.keys.glob("*.key"))}


class _Founder:
    """Keys of the bank while it is founded; the root and branch keys are dropped afterwards."""

    def __init__(self) -> None:
        self.root, self.branch = SigningKey.generate(), SigningKey.generate()
        self.rules = SigningKey.generate()
        self.branch_certificate = self._issue(
            CertificateKind.BRANCH, BRANCH_ID, self.branch.public_key, self.root
        )

    def _issue(
        self, kind: CertificateKind, subject: str, public_key: bytes, issuer: SigningKey,
        roles: tuple[str, ...] = (), qualifications: tuple[str, ...] = (),
    ) -> str:  # fmt: skip
        return issue(
            kind, subject, BRANCH_ID, public_key, issuer, serial=secrets.token_hex(16), valid_from=VALID[0],
            valid_to=VALID[1], roles=roles, qualifications=qualifications,
        )  # fmt: skip

    def rules_certificate(self) -> str:
        """The certificate of the key that signs the bank's rule packs."""
        return self._issue(CertificateKind.RULES, "rules", self.rules.public_key, self.root)

    def desk(self, key: SigningKey) -> str:
        return self._issue(CertificateKind.DESK, DESK_LABEL, key.public_key, self.branch)

    def person(self, member: StaffMember, key: SigningKey) -> str:
        return self._issue(
            CertificateKind.PERSON,
            member.staff_no,
            key.public_key,
            self.branch,
            member.roles,
            ("counterfeit",),
        )


def founding_head(store: JournalStore, business_date: str) -> EventHead:
    """The head of what is written down before any business: nobody's act but the set-up's."""
    utc = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    return EventHead(store.desk_id, BRANCH_ID, business_date, utc, "", "it", "", "founding", "CNY")


def found(store: JournalStore, desk_key: SigningKey, folder: BranchFolder, business_date: str) -> None:
    """Write the founding of the branch in one commit, and its files beside the database."""
    founder = _Founder()
    keys: dict[str, str] = {}
    head = founding_head(store, business_date)
    events: list[e.Event] = [
        e.DeskEnrolled(DESK_LABEL, founder.desk(desk_key), founder.branch_certificate, training=True)
    ]
    sealed: list[SealedRecord] = []
    for member in STAFF:
        key = SigningKey.generate()
        record = store.seal_personal(json.dumps({"name": member.name}, ensure_ascii=False).encode())
        sealed.append(record)
        certificate = founder.person(member, key)
        events.append(
            e.PersonEnrolled(member.staff_no, member.roles, ("counterfeit",), record.ref, certificate)
        )
        keys[member.staff_no] = seal_person_key(key, TRAINING_PASSWORD, training=True)
    events += [e.DayOpened(business_date), *_ledger_events()]
    for account in ACCOUNTS:
        events += _account_events(store, account, sealed)
    store.append([(head, event) for event in events], sealed)
    folder.keys.mkdir(parents=True, exist_ok=True)
    for staff_no, text in keys.items():
        (folder.keys / f"{staff_no}.key").write_text(text, encoding="ascii")
    folder.issuer.mkdir(parents=True, exist_ok=True)
    sealed_key = seal_person_key(founder.rules, TRAINING_PASSWORD, training=True)
    (folder.issuer / "issuer.key").write_text(sealed_key, encoding="ascii")
    (folder.issuer / "issuer.certificate").write_text(founder.rules_certificate(), encoding="ascii")
    seal_shipped(folder.rules, founder.rules_certificate(), founder.rules)
    folder.trust.write_bytes(write_trust("培训银行 Training Bank", founder.root.public_key))


def _ledger_events() -> list[e.Event]:
    rows = (
        e.Row(10000, 300),
        e.Row(5000, 100),
        e.Row(2000, 50),
        e.Row(1000, 200),
        e.Row(500, 100),
        e.Row(100, 300),
    )
    total = sum(row.denomination_minor * row.pieces for row in rows)
    lines = (e.LedgerLine(CASH, "debit", total), e.LedgerLine(CAPITAL, "credit", total))
    return [
        e.AccountOpened(CASH, "teller_cash", "debit", "CNY"),
        e.AccountOpened(CAPITAL, "clearing", "credit", "CNY"),
        e.HistoryPosted(secrets.token_hex(16), "2026-01-04", "领用现金", lines),
        e.DrawerOpened("drawer-3", CASH, rows),
    ]


def _account_events(
    store: JournalStore, account: TrainingAccount, sealed: list[SealedRecord]
) -> list[e.Event]:
    holder = store.seal_personal(holder_bytes(Holder(account.number, account.name)))
    book = store.seal_personal(json.dumps({"account": account.number}).encode())
    sealed += [holder, book]
    events: list[e.Event] = [
        e.AccountOpened(
            account.account_id, account.kind, "credit", "CNY", "open", account.customer_id, holder.ref
        )
    ]
    for number, (summary, amount) in enumerate(account.history):
        sides = (CAPITAL, account.account_id) if amount > 0 else (account.account_id, CAPITAL)
        lines = (e.LedgerLine(sides[0], "debit", abs(amount)), e.LedgerLine(sides[1], "credit", abs(amount)))
        value_date = f"2026-{3 + number:02d}-{11 + number:02d}"
        events.append(e.HistoryPosted(secrets.token_hex(16), value_date, summary, lines))
    events.append(
        e.PassbookIssued(
            account.account_id, book.ref, book_id(account), FORM, 1, account.next_line, account.printed
        )
    )
    return events


def book_id(account: TrainingAccount) -> str:
    """The book's own id (not the account's number)."""
    return f"B-{account.customer_id}"


def account_named(number: str) -> TrainingAccount:
    return next(one for one in ACCOUNTS if one.number == number)


def write_slip(
    folder: BranchFolder, account: TrainingAccount, amount_minor: int, business_date: str,
    rows: tuple[tuple[int, int], ...], name: str = "",
) -> None:  # fmt: skip
    """Fill in a deposit slip at the hall's machine, as the customer would."""
    folder.slips.mkdir(parents=True, exist_ok=True)
    slip = {
        "form": "deposit_slip", "bank_code": BANK_CODE, "currency": "CNY", "amount_minor": amount_minor,
        "slip_date": business_date, "account_name": name or account.name, "account_number": account.number,
        "rows": rows, "capitals": capitals(amount_minor),
    }  # fmt: skip
    path = folder.slips / slip_file(account.number)
    path.write_text(json.dumps(slip, ensure_ascii=False), encoding="utf-8")
