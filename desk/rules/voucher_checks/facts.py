"""What a voucher is judged against: what is written on it, who stands there, and what the host answered.

Values only, each brought in by the caller: no question to a host, no clock. An answer that has not come yet is "" or
None and never counts as a good one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from desk.domain.cash import CashRow
from desk.domain.voucher_form import VoucherForm
from desk.rules.endorsement_rules import Link

PERSONAL = "person"


@dataclass(frozen=True)
class AccountFacts:
    """The host's answer about one account. ``status``: "open", "frozen", "lost", "dormant", "closed", or "unknown" for
    a number that is none. ``kind``: "person", or an entity's "basic", "general", "special", "temporary"."""

    number: str
    name: str
    status: str
    kind: str = PERSONAL
    balance_minor: int | None = None
    held_minor: int = 0
    keeps_seal: bool = False
    payment_password: bool = False


@dataclass(frozen=True)
class IdDocument:
    """A document as read. ``kind``: "resident" for the identity card, any other word for others. ``expires``: ISO
    date, "long" for none, "" unread. ``online``: "agrees", "differs", "not_found", "not_offered" for this kind, ""
    while unasked."""

    kind: str
    number: str
    expires: str = ""
    online: str = ""


@dataclass(frozen=True)
class AgentFacts:
    """Whoever acts for the customer. ``relation`` as told and verified; "" while nobody asked."""

    document: IdDocument | None = None
    relation: str = ""


@dataclass(frozen=True)
class HostAnswers:
    """``stop``: "none", or "loss", "stop", "court", "listed"; ``register`` of controlled vouchers: "unused", or "used",
    "spoiled", "out_of_range", "unknown"; ``payment_password``: "right" or "wrong". "" where no answer came."""

    stop: str = ""
    register: str = ""
    payment_password: str = ""


@dataclass(frozen=True)
class VoucherFacts:
    """One voucher on the counter.

    ``amount_minor`` is what the teller read and keyed; ``written`` every other field as text, by the form's field ids.
    ``rows`` its table of denominations, ``absent`` fields that are not on the paper though it is looked for by eye,
    ``corrected`` fields somebody changed. ``unconfirmed`` came from a reading machine and nobody compared them with
    the paper yet. ``accounts`` by party; ``elsewhere`` parties whose account another bank keeps. ``presenter``: in
    whose name it is presented. ``paid_as``: "cash" or "transfer". ``purpose``: the id of a use ("CU-1"). ``attested``:
    checks whose human part a named person has answered with yes.
    """

    form: str
    transaction: str
    bank_code: str
    currency: str
    expected_bank: str
    expected_currency: str
    business_date: str
    amount_minor: int
    written: Mapping[str, str]
    rows: tuple[CashRow, ...] = ()
    endorsements: tuple[Link, ...] = ()
    absent: frozenset[str] = frozenset()
    corrected: frozenset[str] = frozenset()
    unconfirmed: frozenset[str] = frozenset()
    attested: frozenset[str] = frozenset()
    accounts: Mapping[str, AccountFacts] = field(default_factory=dict)
    elsewhere: frozenset[str] = frozenset()
    host: HostAnswers = HostAnswers()
    presenter: str = ""
    payee_is_person: bool = False
    document: IdDocument | None = None
    agent: AgentFacts | None = None
    identity_due: bool = False
    paid_as: str = ""
    crossed: bool = False
    purpose: str = ""

    def says(self, name: str) -> str:
        """What a field says; "" for an empty one."""
        return self.written.get(name, "").strip()

    def account_moved(self, form: VoucherForm) -> AccountFacts | None:
        """The customer's own account: the one debited, else the one credited."""
        return self.accounts.get(form.debits or form.credits or "account")

    def is_altered(self, form: VoucherForm) -> bool:
        """Whether somebody saw a change in amount, date or payee, which nobody's seal makes good."""
        return any(one.field in self.corrected for one in form.core_fields)

    def holds(self, condition: str, form: VoucherForm) -> bool:
        """Whether a condition of ``desk.domain.voucher_form.CONDITIONS`` holds for this voucher."""
        own = self.account_moved(form)
        return {
            "always": True,
            "never": False,
            "agent": self.agent is not None,
            "identity": self.identity_due or self.document is not None,
            "person": own is not None and own.kind == PERSONAL,
            "entity": own is not None and own.kind != PERSONAL,
            "individual_payee": self.payee_is_person,
            "payment_password": own is not None and own.payment_password,
            "reserved_seal": form.reserved_seal == "always"
            or (form.reserved_seal == "kept" and own is not None and own.keeps_seal),
            "endorsed": bool(self.endorsements),
            "corrected": bool(self.corrected),
            "cash": self.paid_as == "cash",
            "transfer": self.paid_as == "transfer",
        }[condition]
