"""The tables, as SQLAlchemy metadata: the record (journal, seals, personal records) and what is derived
from it.

``RECORD`` tables are written once and never altered; ``DERIVED`` tables can be made anew from the journal
at any time and are compared with it by ``journal verify``. Statements stand elsewhere: the hot path speaks
to the driver.
"""

from __future__ import annotations

from sqlalchemy import (
    CheckConstraint,
    Column,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    UniqueConstraint,
)
from sqlalchemy.dialects import sqlite
from sqlalchemy.schema import CreateIndex, CreateTable

METADATA = MetaData()


def _text(name: str, *, primary: bool = False, nullable: bool = False) -> Column[str]:
    return Column(name, String, primary_key=primary, nullable=nullable)


def _number(name: str, *, primary: bool = False, nullable: bool = False) -> Column[int]:
    return Column(name, Integer, primary_key=primary, nullable=nullable, autoincrement=False)


JOURNAL = Table(
    "journal",
    METADATA,
    _text("desk_id", primary=True),
    _number("sequence", primary=True),
    _text("transaction_id"),
    Column("body", LargeBinary, nullable=False),
    Column("digest", LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)
Index("journal_transaction", JOURNAL.c.transaction_id, sqlite_where=JOURNAL.c.transaction_id != "")

SEAL = Table(
    "seal",
    METADATA,
    _text("desk_id", primary=True),
    _number("sequence", primary=True),
    Column("signature", LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)

PERSONAL_RECORD = Table(
    "personal_record",
    METADATA,
    _text("record_id", primary=True),
    Column("wrapped_key", LargeBinary, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
)

ACCOUNT_LOOKUP = Table(
    "account_lookup",
    METADATA,
    Column("lookup", LargeBinary, primary_key=True),
    _text("account_id"),
)

ACCOUNT = Table(
    "account",
    METADATA,
    _text("account_id", primary=True),
    _text("kind"),
    _text("side"),
    _text("currency"),
    _text("status"),
    _text("customer_id"),
    _text("holder_record"),
    _text("holder_digest"),
    _text("holder_sealed"),
    _number("balance_minor"),
    _number("last_entry_no"),
    CheckConstraint("side IN ('debit', 'credit')", name="account_side"),
)

LEDGER_POSTING = Table(
    "ledger_posting",
    METADATA,
    _text("posting_id", primary=True),
    Column("transaction_id", String, nullable=True, unique=True),
    _text("value_date"),
    _text("business_date"),
    _text("summary"),
)

LEDGER_ENTRY = Table(
    "ledger_entry",
    METADATA,
    _text("account_id", primary=True),
    _number("entry_no", primary=True),
    _text("posting_id"),
    _number("line_no"),
    _text("side"),
    _number("amount_minor"),
    _number("balance_after_minor"),
    UniqueConstraint("posting_id", "line_no", name="ledger_entry_line"),
    CheckConstraint("amount_minor > 0", name="ledger_entry_amount"),
    sqlite_with_rowid=False,
)

PASSBOOK = Table(
    "passbook",
    METADATA,
    _text("book_id", primary=True),
    _text("account_id"),
    _text("form"),
    _text("book_record"),
    _number("next_page"),
    _number("next_line"),
    _number("printed_through"),
)
Index("passbook_account", PASSBOOK.c.account_id)

PRINT_JOB = Table(
    "print_job",
    METADATA,
    _text("job_id", primary=True),
    _text("book_id"),
    _number("page"),
    _text("lines"),
    _text("entry_nos"),
    _number("lines_believed"),
)

PERSON = Table(
    "person",
    METADATA,
    _text("staff_no", primary=True),
    _text("roles"),
    _text("qualifications"),
    _text("key_id"),
    _text("certificate"),
    _text("person_record"),
    _text("person_digest"),
    _text("person_sealed"),
    _number("revoked"),
)

BUSINESS_TRANSACTION = Table(
    "business_transaction",
    METADATA,
    _text("transaction_id", primary=True),
    _text("desk_id"),
    _text("business_date"),
    _text("number"),
    _text("procedure"),
    _text("maker"),
    _text("step"),
    _text("status"),
    _number("parked"),
    UniqueConstraint("desk_id", "business_date", "number", name="business_transaction_number"),
)
Index("business_transaction_status", BUSINESS_TRANSACTION.c.status)

TRANSACTION_PERSON = Table(
    "transaction_person",
    METADATA,
    _text("transaction_id", primary=True),
    _text("staff_no", primary=True),
    _text("act"),
    sqlite_with_rowid=False,
)

BATCH_ACCEPTED = Table(
    "batch_accepted",
    METADATA,
    _text("batch_id", primary=True),
    _text("transaction_id"),
    _text("stage"),
    _text("rows"),
    _number("accepted"),
)
Index("batch_accepted_transaction", BATCH_ACCEPTED.c.transaction_id)

OPEN_ITEM = Table(
    "open_item",
    METADATA,
    _text("item_id", primary=True),
    _text("kind"),
    _text("transaction_id"),
    _text("next_person"),
    _text("reason"),
    _text("resolution"),
)

DRAWER_CASH = Table(
    "drawer_cash",
    METADATA,
    _text("drawer_id", primary=True),
    _number("denomination_minor", primary=True),
    _text("account_id"),
    _number("pieces"),
)

RECORD: tuple[Table, ...] = (JOURNAL, SEAL, PERSONAL_RECORD, ACCOUNT_LOOKUP)
DERIVED: tuple[Table, ...] = (
    ACCOUNT, LEDGER_POSTING, LEDGER_ENTRY, PASSBOOK, PRINT_JOB, PERSON, BUSINESS_TRANSACTION,
    TRANSACTION_PERSON, BATCH_ACCEPTED, OPEN_ITEM, DRAWER_CASH,
)  # fmt: skip


def derived_ddl() -> tuple[str, ...]:
    """The statements that make fresh derived tables on SQLite, for a rebuild from the journal."""
    dialect = sqlite.dialect()
    made = [str(CreateTable(table).compile(dialect=dialect)) for table in DERIVED]
    made += [str(CreateIndex(i).compile(dialect=dialect)) for table in DERIVED for i in table.indexes]
    return tuple(made)
