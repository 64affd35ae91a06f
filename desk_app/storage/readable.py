"""Reading rows of a file that may be damaged: a text that is no text any more is read as far as it goes."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence


def rows_of(conn: sqlite3.Connection, sql: str, params: Sequence[object] = ()) -> list[tuple[Any, ...]]:
    """Return what a query gives; bytes that are not UTF-8 stand in it as lone surrogates, by which no digest fits.

    Raises:
        sqlite3.DatabaseError: the file is too damaged to be read there.
    """
    try:
        return conn.execute(sql, params).fetchall()
    except sqlite3.OperationalError as error:
        if "UTF-8" not in str(error):
            raise
    usual = conn.text_factory
    conn.text_factory = lambda raw: raw.decode(errors="surrogateescape")
    try:
        return conn.execute(sql, params).fetchall()
    finally:
        conn.text_factory = usual
