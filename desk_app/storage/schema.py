"""The tables, as append-only migrations (sqlite-utils), applied all or none in one transaction of ours.

Imported only when a file has to be made, migrated or checked, because sqlite_utils costs more than the window's whole
start (docs/decisions). A released migration is never edited; ``VERSION`` counts them: the file's ``user_version``.
"""

from __future__ import annotations

import sqlite3

from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

from desk_app.storage.migrations import (
    m0001_register,
    m0002_follow_up_engine,
    m0003_last_contact_and_exports,
    m0004_customers_and_attachments,
    m0005_trust,
)

migrations = Migrations("complaint_desk")
for step in (
    m0001_register,
    m0002_follow_up_engine,
    m0003_last_contact_and_exports,
    m0004_customers_and_attachments,
    m0005_trust,
):
    migrations(name=step.__name__.rpartition(".")[2])(step.apply)


def migrate(conn: sqlite3.Connection) -> None:
    """Bring the schema up to date inside the caller's transaction (sqlite-utils nests by savepoints)."""
    migrations.apply(Database(conn, execute_plugins=False))


def expected() -> dict[str, str]:
    """Return the schema as it must be: name of each table, index and trigger → its SQL."""
    conn = sqlite3.connect(":memory:")
    try:
        migrate(conn)
        return actual(conn)
    finally:
        conn.close()


def actual(conn: sqlite3.Connection) -> dict[str, str]:
    """Return the schema as it is; white space does not count, nor SQLite's own objects."""
    rows = conn.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%'")
    return {name: " ".join(sql.split()) for name, sql in rows}
