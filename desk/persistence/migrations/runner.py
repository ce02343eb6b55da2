"""Bringing a database to the newest revision. Knows where revisions live, not what they do."""

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


def upgrade(engine: Engine, connection: sqlite3.Connection) -> None:
    """Run what is missing; a database at the newest revision is left alone at the price of one read."""
    if current(connection) == NEWEST:
        return
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    with engine.begin() as opened:
        config.attributes["connection"] = opened
        command.upgrade(config, "head")
