"""First schema: the record (journal, seals, personal records) and its read models.

The journal is never altered by a later revision; new facts become new events. Forward only.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make every table."""
    op.create_table(
        "account",
        sa.Column("account_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("side", sa.String(), nullable=False),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("customer_id", sa.String(), nullable=False),
        sa.Column("holder_record", sa.String(), nullable=False),
        sa.Column("holder_digest", sa.String(), nullable=False),
        sa.Column("holder_sealed", sa.String(), nullable=False),
        sa.Column("balance_minor", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("last_entry_no", sa.Integer(), autoincrement=False, nullable=False),
        sa.CheckConstraint("side IN ('debit', 'credit')", name="account_side"),
        sa.PrimaryKeyConstraint("account_id"),
    )
    op.create_table(
        "account_lookup",
        sa.Column("lookup", sa.LargeBinary(), nullable=False),
        sa.Column("account_id", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("lookup"),
    )
    op.create_table(
        "batch_accepted",
        sa.Column("batch_id", sa.String(), nullable=False),
        sa.Column("transaction_id", sa.String(), nullable=False),
        sa.Column("stage", sa.String(), nullable=False),
        sa.Column("rows", sa.String(), nullable=False),
        sa.Column("accepted", sa.Integer(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("batch_id"),
    )
    op.create_index("batch_accepted_transaction", "batch_accepted", ["transaction_id"], unique=False)
    op.create_table(
        "business_transaction",
        sa.Column("transaction_id", sa.String(), nullable=False),
        sa.Column("desk_id", sa.String(), nullable=False),
        sa.Column("business_date", sa.String(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("procedure", sa.String(), nullable=False),
        sa.Column("maker", sa.String(), nullable=False),
        sa.Column("step", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("parked", sa.Integer(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("transaction_id"),
        sa.UniqueConstraint("desk_id", "business_date", "number", name="business_transaction_number"),
    )
    op.create_index("business_transaction_status", "business_transaction", ["status"], unique=False)
    op.create_table(
        "drawer_cash",
        sa.Column("drawer_id", sa.String(), nullable=False),
        sa.Column("denomination_minor", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("account_id", sa.String(), nullable=False),
        sa.Column("pieces", sa.Integer(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("drawer_id", "denomination_minor"),
    )
    op.create_table(
        "journal",
        sa.Column("desk_id", sa.String(), nullable=False),
        sa.Column("sequence", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("transaction_id", sa.String(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("desk_id", "sequence"),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "journal_transaction",
        "journal",
        ["transaction_id"],
        unique=False,
        sqlite_where=sa.text("transaction_id != ''"),
    )
    op.create_table(
        "ledger_entry",
        sa.Column("account_id", sa.String(), nullable=False),
        sa.Column("entry_no", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("posting_id", sa.String(), nullable=False),
        sa.Column("line_no", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("side", sa.String(), nullable=False),
        sa.Column("amount_minor", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("balance_after_minor", sa.Integer(), autoincrement=False, nullable=False),
        sa.CheckConstraint("amount_minor > 0", name="ledger_entry_amount"),
        sa.PrimaryKeyConstraint("account_id", "entry_no"),
        sa.UniqueConstraint("posting_id", "line_no", name="ledger_entry_line"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "ledger_posting",
        sa.Column("posting_id", sa.String(), nullable=False),
        sa.Column("transaction_id", sa.String(), nullable=True),
        sa.Column("value_date", sa.String(), nullable=False),
        sa.Column("business_date", sa.String(), nullable=False),
        sa.Column("summary", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("posting_id"),
        sa.UniqueConstraint("transaction_id"),
    )
    op.create_table(
        "open_item",
        sa.Column("item_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("transaction_id", sa.String(), nullable=False),
        sa.Column("next_person", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("resolution", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("item_id"),
    )
    op.create_table(
        "passbook",
        sa.Column("book_id", sa.String(), nullable=False),
        sa.Column("account_id", sa.String(), nullable=False),
        sa.Column("form", sa.String(), nullable=False),
        sa.Column("book_record", sa.String(), nullable=False),
        sa.Column("next_page", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("next_line", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("printed_through", sa.Integer(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("book_id"),
    )
    op.create_index("passbook_account", "passbook", ["account_id"], unique=False)
    op.create_table(
        "person",
        sa.Column("staff_no", sa.String(), nullable=False),
        sa.Column("roles", sa.String(), nullable=False),
        sa.Column("qualifications", sa.String(), nullable=False),
        sa.Column("key_id", sa.String(), nullable=False),
        sa.Column("certificate", sa.String(), nullable=False),
        sa.Column("person_record", sa.String(), nullable=False),
        sa.Column("person_digest", sa.String(), nullable=False),
        sa.Column("person_sealed", sa.String(), nullable=False),
        sa.Column("revoked", sa.Integer(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("staff_no"),
    )
    op.create_table(
        "personal_record",
        sa.Column("record_id", sa.String(), nullable=False),
        sa.Column("wrapped_key", sa.LargeBinary(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("record_id"),
    )
    op.create_table(
        "print_job",
        sa.Column("job_id", sa.String(), nullable=False),
        sa.Column("book_id", sa.String(), nullable=False),
        sa.Column("page", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("lines", sa.String(), nullable=False),
        sa.Column("entry_nos", sa.String(), nullable=False),
        sa.Column("lines_believed", sa.Integer(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("job_id"),
    )
    op.create_table(
        "seal",
        sa.Column("desk_id", sa.String(), nullable=False),
        sa.Column("sequence", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("signature", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("desk_id", "sequence"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "transaction_person",
        sa.Column("transaction_id", sa.String(), nullable=False),
        sa.Column("staff_no", sa.String(), nullable=False),
        sa.Column("act", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("transaction_id", "staff_no"),
        sqlite_with_rowid=False,
    )
