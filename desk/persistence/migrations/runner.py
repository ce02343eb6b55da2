"""Bringing a database to the newest revision, all of it or nothing. Knows where revisions live, not what they do."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Engine

NEWEST = "0001"


def current(connection: sqlite3.Connection) -> str:
    """The revision a database stands at; "" when it is new."""
    made = connection.execute("SELECT 1 FROM sqlite_master WHERE name='alembic_version'").fetchone()
    row = connection.execute("SELECT version_num FROM alembic_version").fetchone() if made else None
    return str(row[0]) if row else ""


def is_newer(connection: sqlite3.Connection) -> bool:
    """Whether a newer program made this database; revisions are numbered, so their order is that of their names."""
    return current(connection) > NEWEST


def upgrade(engine: Engine, connection: sqlite3.Connection) -> None:
    """Run what is missing; a database at the newest revision is left alone at the price of one read.

    The driver begins no transaction for CREATE TABLE, so it is begun here: a desk killed at its very first start finds
    no half-made database that it could never open again.
    """
    if current(connection) == NEWEST:
        return
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    with engine.connect() as opened:
        opened.exec_driver_sql("BEGIN IMMEDIATE")
        config.attributes["connection"] = opened
        command.upgrade(config, "head")
        opened.commit()
