"""Alembic's entry: runs revisions on the connection the runner hands over. Never generates anything."""

from __future__ import annotations

from alembic import context

from desk.persistence.schema import METADATA

context.configure(connection=context.config.attributes["connection"], target_metadata=METADATA)
with context.begin_transaction():
    context.run_migrations()
