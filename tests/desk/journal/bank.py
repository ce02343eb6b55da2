"""A small fictional bank for tests: root, branch, two tellers, a supervisor, a desk, and a whole deposit as
events."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypeVar

from desk.corebank.contract import AccountFacts, Book, BookFacts, DepositRequest, Holder
from desk.corebank.embedded import EmbeddedCoreBank, holder_bytes
from desk.domain import events as e
from desk.domain.refusals import Refusal
from desk.domain.transaction import Happened, fold_all
from desk.facts import canonical, digest_of, print_again_digest, verdict_digest
from desk.journal.certificate import CertificateKind, issue
from desk.journal.entry import EventHead
from desk.journal.keys import SigningKey
from desk.journal.statement import STATEMENT_TAG, SignedStatement, Statement, sign
from desk.journal.trust import Trust
from desk.persistence.journal_store import JournalStore, nothing
from desk.persistence.personal_store import PersonalVault, SealedRecord
from desk.persistence.witness import Witness

DAY = "2026-11-23"
UTC = "2026-11-23T01:02:03.000004Z"
ACCOUNT_NUMBER = "6200000000000012345"
HOLDER_NAME = "阿依·示例"
Events = list[tuple[str, e.Event]]
"""Who, and what."""

Items = list[tuple[EventHead, e.Event]]
E = TypeVar("E", bound=e.Event)


def new_id() -> str:
    return secrets.token_hex(16)


@dataclass
class Staff:
    """A person's key and certificate."""

    staff_no: str
    key: SigningKey
    certificate: str
    roles: tuple[str, ...]
    qualifications: tuple[str, ...]


@dataclass
class Bank:
    """Keys of everyone, and heads for events."""

    root: SigningKey = field(default_factory=SigningKey.generate)
    branch: SigningKey = field(default_factory=SigningKey.generate)
    desk: SigningKey = field(default_factory=SigningKey.generate)
    vault: PersonalVault = field(default_factory=lambda: PersonalVault(PersonalVault.new_key()))

    def __post_init__(self) -> None:
        self.branch_certificate = self.certify(
            CertificateKind.BRANCH, "0001", self.branch.public_key, self.root
        )
        self.desk_certificate = self.certify(CertificateKind.DESK, "3号柜", self.desk.public_key, self.branch)
        self.maker = self.person("1001", ("teller",))
        self.reviewer = self.person("1002", ("teller", "reviewer"))
        self.supervisor = self.person("1003", ("supervisor",))

    @property
    def staff(self) -> tuple[Staff, ...]:
        return self.maker, self.reviewer, self.supervisor

    def certify(
        self, kind: CertificateKind, subject: str, public_key: bytes, issuer: SigningKey, **more: Any
    ) -> str:
        given = {"serial": new_id(), "valid_from": "2026-01-01", "valid_to": "2027-12-31", **more}
        return issue(kind, subject, "0001", public_key, issuer, **given)

    def person(self, staff_no: str, roles: tuple[str, ...], issuer: SigningKey | None = None) -> Staff:
        key, trained = SigningKey.generate(), ("counterfeit",)
        certificate = self.certify(
            CertificateKind.PERSON, staff_no, key.public_key, issuer or self.branch, roles=roles,
            qualifications=trained,
        )  # fmt: skip
        return Staff(staff_no, key, certificate, roles, trained)

    def trust(self) -> Trust:
        enrolled = {one.staff_no: one.certificate for one in self.staff}
        return Trust(self.root.public_key, self.branch_certificate, enrolled)

    def head(self, transaction: str = "", person: str = "1001", role: str = "maker") -> EventHead:
        return EventHead(self.desk.key_id, "0001", DAY, UTC, person, role, transaction, "CN-2026.11", "CNY")

    def signed(
        self, staff: Staff, act: str, transaction: str, digest: str, nonce: str, **more: str
    ) -> SignedStatement:
        statement = Statement(
            STATEMENT_TAG, transaction, digest, act, act, nonce, staff.staff_no, staff.certificate, "zh_CN",
            "cash_deposit/1/facts-1", UTC,
        )  # fmt: skip
        changed: dict[str, Any] = {name: getattr(statement, name) for name in Statement.__struct_fields__}
        return sign(Statement(**{**changed, **more}), staff.key)

    def open_store(
        self,
        folder: Path,
        moment: Callable[[str], None] = nothing,
        witness: bool = True,
    ) -> JournalStore:
        seen = Witness(folder / "witness.log", self.desk, lambda: UTC) if witness else None
        store = JournalStore.open(url_in(folder), self.desk, self.vault, moment, seen)
        assert isinstance(store, JournalStore), store
        return store

    def founding(self) -> tuple[Items, list[SealedRecord]]:
        """The first entries of a desk: certificates, people, accounts with history, drawer, passbook."""
        head = self.head(role="it")
        people = [self.vault.seal(b'{"name":"x"}') for _ in self.staff]
        holder = self.vault.seal(holder_bytes(Holder(ACCOUNT_NUMBER, HOLDER_NAME)))
        book = self.vault.seal(b"{}")
        lines = (e.LedgerLine("till", "debit", 100_000), e.LedgerLine("acc-1", "credit", 100_000))
        rows = (e.Row(10_000, 10),)
        events: list[e.Event] = [
            e.DeskEnrolled("3号柜", self.desk_certificate, self.branch_certificate, True),
            *(
                e.PersonEnrolled(one.staff_no, one.roles, one.qualifications, sealed.ref, one.certificate)
                for one, sealed in zip(self.staff, people, strict=True)
            ),
            e.DayOpened(DAY),
            e.AccountOpened("till", "teller_cash", "debit", "CNY"),
            e.AccountOpened("acc-1", "current_savings", "credit", "CNY", "open", "c-1", holder.ref),
            e.HistoryPosted(new_id(), "2026-11-01", "开户", lines),
            e.DrawerOpened("drawer-1", "till", rows),
            e.PassbookIssued("acc-1", book.ref, "book-1", "savings", 1, 3, 0),
        ]
        return [(head, event) for event in events], [*people, holder, book]

    def founded(self, folder: Path) -> JournalStore:
        store = self.open_store(folder)
        items, sealed = self.founding()
        store.append(items, sealed)
        return store

    def deposit(self, store: JournalStore, number: str = "3-1123-0001") -> Deposit:
        """A whole reviewed deposit of 201.00, ready to append: count, a judged note, both signatures,
        posting."""
        return Deposit(self, store, number)


class Deposit:
    """The events of one deposit by name, in order; tests change one and append all."""

    def __init__(self, bank: Bank, store: JournalStore, number: str) -> None:
        self.bank, self.transaction = bank, new_id()
        plan = books(store).plan(_request(new_id()))
        assert isinstance(plan, Book)
        book = books(store).book_of("acc-1")
        account = books(store).account("acc-1")
        assert not isinstance(account, Refusal)
        assert not isinstance(book, Refusal)
        self.sealed = [bank.vault.seal(b"{}") for _ in range(3)]
        self.batches, self.nonce = [new_id() for _ in range(3)], new_id()
        self.events = [*self._front(number, account), *self._cash()]
        self.digest = self._frozen(number)
        self.events += [*self._reviewed(), *self._posted(plan), *self._finished(number, plan, book)]

    def _front(self, number: str, account: AccountFacts) -> Events:
        """Customer seen, slip written and checked, number and name compared."""
        written, compared = self.sealed[0].ref, self.sealed[1].ref
        begun = ("cash_deposit", "d" * 64, "dual", 2_000_000, 1_000, "1001", "identify")
        automatic = [
            e.CheckRecorded(name, "automatic", "pass", "seen", "r")
            for name in ("VC-01", "VC-03", "VC-04", "VC-06", "VC-12")
        ]
        return by(
            "1001",
            e.TransactionStarted(number, *begun),
            e.CustomerIdentified("acc-1", "c-1", account.holder, "book-1", "1001"),
            e.CheckRecorded("ID-SEEN", "attested", "pass", "holder", "r"),
            e.StepPassed("identify", "done", "slip"),
            e.SlipRecorded(1, "deposit_slip", "CNY", 20_100, DAY, (), "typed", written),
            *automatic,
            e.CheckRecorded("VC-08", "attested", "pass", "seen", "r"),
            e.CheckRecorded("VC-24", "attested", "pass", "seen", "r"),
            e.StepPassed("slip", "done", "match"),
            e.NameMatched(True, "EXACT", (), compared),
            e.StepPassed("match", "agree", "count"),
        )

    def _cash(self) -> Events:
        """Two hundreds and a rejected note; two people judge it genuine, and the second counts the rest again."""
        bank, note, reading = self.bank, new_id(), new_id()
        heap, judged, again = self.batches
        digest = verdict_digest(self.transaction, note, reading, "genuine", 100)
        verdicts = [bank.signed(one, "verdict", self.transaction, digest, note) for one in bank.staff[:2]]
        rows = (e.Row(10_000, 2),)
        return [
            *by(
                "1001",
                e.BatchCounted(heap, "machine", "first", "CNY", rows, 1, True, "counter", "", 0, 0),
                e.NoteReferred(note, heap),
                e.StepPassed("count", "suspect", "suspect"),
                e.NoteRead(note, reading, "detector", "genuine", 100, ""),
                e.VerdictGiven(note, "1001", "genuine", 100, *_pair(verdicts[0])),
            ),
            *by(
                "1002",
                e.VerdictGiven(note, "1002", "genuine", 100, *_pair(verdicts[1])),
                e.NoteJudged(note, "genuine"),
                e.BatchCounted(judged, "judged", "first", "CNY", (e.Row(100, 1),), 0, True, "", "", 0, 0),
                e.StepPassed("suspect", "genuine", "count"),
            ),
            *by(
                "1001",
                e.CountAccepted("first", (heap, judged), 20_100),
                e.StepPassed("count", "done", "second_count"),
            ),
            *by(
                "1002",
                e.BatchCounted(again, "machine", "second", "CNY", rows, 0, True, "counter", "", 0, 0),
                e.CountAccepted("second", (again,), 20_100),
                e.StepPassed("second_count", "done", "review"),
            ),
        ]

    def _frozen(self, number: str) -> str:
        """The true facts of what happened so far, frozen and signed by the maker; answers their digest."""
        bank = self.bank
        history = tuple(Happened(event, person, UTC) for person, event in self.events)
        state = fold_all(self.transaction, history)
        facts = canonical(state, ACCOUNT_NUMBER, HOLDER_NAME, DAY, "zh_CN", new_id())
        sealed, digest = bank.vault.seal(facts), digest_of(facts)
        self.sealed.append(sealed)
        made = bank.signed(bank.maker, "make", self.transaction, digest, self.nonce)
        template = "cash_deposit/1/facts-1"
        self.events += by(
            "1001", e.FactsFrozen(sealed.ref, digest, self.nonce, "zh_CN", template, *_pair(made))
        )
        return digest

    def _reviewed(self) -> Events:
        bank = self.bank
        signed = bank.signed(bank.reviewer, "review", self.transaction, self.digest, self.nonce)
        return by(
            "1002",
            e.KeyElementsRekeyed("1002", True, ()),
            e.CheckRecorded("RV-NAME", "attested", "pass", "side by side", "r"),
            e.Countersigned("1002", "review", self.digest, self.nonce, *_pair(signed)),
            e.StepPassed("review", "done", "confirm"),
        )

    def _posted(self, plan: Book) -> Events:
        return by(
            "1001",
            e.CustomerConfirmed("touch", self.digest),
            e.StepPassed("confirm", "done", "post"),
            e.DepositPosted(
                new_id(), "acc-1", plan.entry_no, "现金存款", DAY, plan.lines, plan.balance_after_minor,
                self.digest,
            ),
            e.StepPassed("post", "done", "print"),
        )  # fmt: skip

    def _finished(self, number: str, plan: Book, book: BookFacts) -> Events:
        """What is not in the book yet is printed below what is."""
        entries = tuple(range(book.printed_through + 1, plan.entry_no + 1))
        lines = tuple(range(book.next_line, book.next_line + len(entries)))
        job = e.PrintPrepared(
            new_id(), "book-1", "d", book.next_page, lines[0], entries, lines, self.sealed[2].ref
        )
        receipt = new_id()
        return by(
            "1001",
            job,
            e.PrintClosed(job.job_id, "done", len(lines), "points"),
            e.StepPassed("print", "done", "hand_over"),
            e.ReceiptPrepared(receipt, "d"),
            e.ReceiptPrinted(receipt, "done"),
            e.HandedOver(True, number),
            e.StepPassed("hand_over", "done", "end:archived"),
        )

    def printed_again(self, by: Staff | None = None, /, **claims: str) -> Deposit:
        """Nobody knew about the lines and a person saw the last of them missing: ``by`` (else the reviewer) permits
        that one to be printed again. ``claims`` are what their statement says otherwise."""
        by, first = by or self.bank.reviewer, self.find(e.PrintPrepared)
        done = self.find(e.PrintClosed)
        seen = len(first.lines) - 1
        again = replace(
            first, job_id=new_id(), first_line=first.lines[seen], lines=first.lines[seen:],
            entry_nos=first.entry_nos[seen:], replaces=first.job_id, second_person=by.staff_no,
        )  # fmt: skip
        said = {
            "act": "print_again", "transaction": self.transaction,
            "digest": print_again_digest(self.transaction, again), "nonce": again.job_id, **claims,
        }  # fmt: skip
        statement, signature = _pair(self.bank.signed(by, **said))
        at = [event for _, event in self.events].index(done)
        self.events[at : at + 1] = [
            ("1001", e.PrintClosed(first.job_id, "unknown", 0, "restarted")),
            ("1001", e.PrintSettled(first.job_id, seen)),
            ("1001", replace(again, statement=statement, signature=signature)),
            ("1001", e.PrintClosed(again.job_id, "done", 1, "points")),
        ]
        return self

    def find(self, kind: type[E], which: int = 0) -> E:
        """The event of this kind, by its place among its kind."""
        return [event for _, event in self.events if isinstance(event, kind)][which]

    def change(self, kind: type[e.Event], which: int = 0, **values: Any) -> Deposit:
        """Replace fields of one event."""
        return self.put(kind, lambda event: replace(event, **values), which)  # type: ignore[type-var]

    def put(self, kind: type[E], make: Callable[[E], e.Event], which: int = 0) -> Deposit:
        """Replace one event by what ``make`` makes of it."""
        old = self.find(kind, which)
        self.events = [(person, make(old) if event is old else event) for person, event in self.events]
        return self

    def drop(self, kind: type[e.Event]) -> Deposit:
        self.events = [(person, event) for person, event in self.events if not isinstance(event, kind)]
        return self

    def items(self) -> Items:
        return [
            (self.bank.head(self.transaction, person, "maker" if person == "1001" else "reviewer"), event)
            for person, event in self.events
        ]

    def append(self, store: JournalStore) -> Deposit:
        """Record everything, each event in a commit of its own, as the desk does it."""
        store.append(self.items()[:1], self.sealed)
        for item in self.items()[1:]:
            store.append([item])
        return self


def by(person: str, *events: e.Event) -> Events:
    return [(person, event) for event in events]


def books(store: JournalStore) -> EmbeddedCoreBank:
    return EmbeddedCoreBank(store)


def url_in(folder: Path) -> str:
    return f"sqlite:///{folder / 'desk.db'}"


def _request(posting_id: str) -> DepositRequest:
    return DepositRequest(posting_id, "acc-1", "till", "CNY", 20_100, DAY)


def _pair(signed: SignedStatement) -> tuple[str, str]:
    return signed.statement_b64, signed.signature_b64
