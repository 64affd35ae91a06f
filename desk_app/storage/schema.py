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
    m0006_shop_events,
)
from desk_app.storage.quick_check import actual

migrations = Migrations("complaint_desk")
STEPS = {
    step.__name__.rpartition(".")[2]: step.apply
    for step in (
        m0001_register,
        m0002_follow_up_engine,
        m0003_last_contact_and_exports,
        m0004_customers_and_attachments,
        m0005_trust,
        m0006_shop_events,
    )
}
for name, step in STEPS.items():
    migrations(name=name)(step)


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


def applied(conn: sqlite3.Connection) -> list[str]:
    """Return which migrations the file says were applied, in their order."""
    rows = conn.execute("SELECT name FROM _sqlite_migrations WHERE migration_set = ? ORDER BY id", (migrations.name,))
    return [name for (name,) in rows]
