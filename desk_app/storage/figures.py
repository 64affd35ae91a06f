"""What is counted, kept ready: a file beside the register (``storage.derived``) with the facts of each case.

``fact`` has one row a case (``domain.facts.Facts``). ``tally`` has how many cases of a kind, received on a day, have a
value of a part: the sum of ``facts.marks`` of all of them, so that a figure of a year is some hundred rows and not a
hundred thousand. A case that goes on takes back what it added and adds anew, in the transaction that moves the
watermark; so both are what a reckoning from the beginning would give (a test compares).
"""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING

from desk_app.domain.facts import ITEMS, Facts, Within, marks
from desk_app.domain.metrics import Overdue
from desk_app.storage.derived import Derived, Shape, State, told_lost

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

RULE = 1
"""The edition of what is counted: whoever changes ``domain.facts`` raises it, and the file is made anew."""
_NUMBERS = frozenset(
    {
        *("is_void", "answered_minutes", "closed_minutes", "due", "reply_due", "hour", "replied_in_time"),
        *("closed_in_time", "was_late", "lacks", "omitted", "visited", "came_again", "late_entry"),
    }
)
_FIELDS = ", ".join(f"{name} {'INTEGER' if name in _NUMBERS else 'TEXT NOT NULL'}" for name in Facts._fields)
_LIVE = "is_void = 0"
_DUE = "day, kind, due, reply_due, replied_in_time, omitted"
_TALLY = """
    CREATE TABLE tally (part TEXT, kind TEXT, day TEXT, value TEXT, n INTEGER NOT NULL,
        PRIMARY KEY (part, day, kind, value)) STRICT, WITHOUT ROWID
"""
_TABLES = (
    ("fact", f"CREATE TABLE fact (case_id INTEGER PRIMARY KEY, {_FIELDS}) STRICT"),
    ("fact", "CREATE UNIQUE INDEX fact_number ON fact (number)"),
    ("fact", f"CREATE INDEX fact_times ON fact (day, kind, answered_minutes, closed_minutes) WHERE {_LIVE}"),
    ("fact", f"CREATE INDEX fact_due ON fact ({_DUE}) WHERE due IS NOT NULL AND {_LIVE}"),
    ("tally", _TALLY),
    ("tally", "CREATE INDEX tally_value ON tally (part, value, day)"),
)
_PUT = f"INSERT OR REPLACE INTO fact VALUES ({', '.join('?' * (1 + len(Facts._fields)))})"
_COUNT = (
    "INSERT INTO tally (part, kind, day, value, n) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET n = n + excluded.n"
)


class FigureBook(Derived):
    """An open file of figures. Used on the thread that opened it.

    Everything raises :class:`~desk_app.storage.derived.IndexLostError` where the file cannot be read.
    """

    SHAPE = Shape(0x43444B46, RULE, _TABLES)  # "CDKF"

    def put(self, found: Mapping[int, Facts], state: State) -> None:
        """Take the facts of cases as they are now, and say how far it goes, inside ``writing``."""
        change = Counter[tuple[str, str, str, str]]()
        for facts in self._facts(f"case_id IN ({','.join('?' * len(found))})", tuple(found)):
            change.subtract(marks(facts))
        for facts in found.values():
            change.update(marks(facts))
        rows = [(*mark, n) for mark, n in change.items() if n]
        self._conn.executemany(_PUT, [(case_id, *_to_row(facts)) for case_id, facts in found.items()])
        self._conn.executemany(_COUNT, rows)
        if any(n < 0 for *_, n in rows):
            empty = "DELETE FROM tally WHERE part = ? AND kind = ? AND day = ? AND value = ? AND n <= 0"
            self._conn.executemany(empty, [mark for *mark, n in rows if n < 0])
        self.put_state(state)

    def counts(self, part: str, within: Within) -> dict[str, int]:
        """Return how many cases have each value of a part; of the part ``""``, how many there are."""
        where, values = _where(within)
        sql = f"SELECT value, sum(n) FROM tally WHERE part = ? AND {where} GROUP BY value"
        with told_lost():
            return dict(self._conn.execute(sql, (part, *values)))

    def all_counts(self, parts: Sequence[str], within: Within) -> dict[str, dict[str, int]]:
        """Return the counts of several parts; ``kind`` is one of them too."""
        return {part: self._kinds(within) if part == "kind" else self.counts(part, within) for part in parts}

    def _kinds(self, within: Within) -> dict[str, int]:
        where, values = _where(within)
        with told_lost():
            rows = self._conn.execute(
                f"SELECT kind, sum(n) FROM tally WHERE part = '' AND {where} GROUP BY kind", values
            )
            return dict(rows)

    def count(self, part: str, value: str, within: Within) -> int:
        """Return how many cases have one value of a part."""
        where, values = _where(within)
        sql = f"SELECT total(n) FROM tally WHERE part = ? AND value = ? AND {where}"
        with told_lost():
            return int(self._conn.execute(sql, (part, value, *values)).fetchone()[0])

    def by_day(self, within: Within) -> dict[str, int]:
        """Return how many cases were received on each day that had any."""
        where, values = _where(within)
        sql = f"SELECT day, sum(n) FROM tally WHERE part = '' AND {where} GROUP BY day"
        with told_lost():
            return dict(self._conn.execute(sql, values))

    def by_weekday_and_hour(self, within: Within) -> dict[tuple[int, int], int]:
        """Return how many cases were received at each hour of each day of the week (0: Monday)."""
        where, values = _where(within)
        sql = (
            "SELECT (CAST(strftime('%w', day) AS INTEGER) + 6) % 7, CAST(value AS INTEGER), sum(n) FROM tally"
            f" WHERE part = 'hour' AND {where} GROUP BY 1, 2"
        )
        with told_lost():
            return {(day, hour): n for day, hour, n in self._conn.execute(sql, values)}

    def minutes(self, within: Within) -> tuple[list[int], list[int]]:
        """Return the minutes to the first answer, and those to the closing, of all that have them, each sorted."""
        return self._sorted("answered_minutes", within), self._sorted("closed_minutes", within)

    def _sorted(self, column: str, within: Within) -> list[int]:
        where, values = _where(within)
        of = f"FROM fact INDEXED BY fact_times WHERE is_void = 0 AND {column} IS NOT NULL AND {where}"
        with told_lost():  # as one text: rows of their own cost three times as much
            (numbers,) = self._conn.execute(f"SELECT json_group_array({column}) {of}", values).fetchone()
        return sorted(json.loads(numbers))

    def late(self, within: Within, now: int) -> Overdue:
        """Return how many cases have something overdue at a moment (epoch)."""
        where, values = _where(within)
        sql = (
            "SELECT count(*), coalesce(sum(omitted = 0), 0),"
            " coalesce(sum(reply_due < ? AND replied_in_time IS NULL), 0)"
            f" FROM fact INDEXED BY fact_due WHERE due IS NOT NULL AND is_void = 0 AND due < ? AND {where}"
        )
        with told_lost():
            return Overdue(*self._conn.execute(sql, (now, now, *values)).fetchone())

    def facts(self, within: Within) -> Iterator[Facts]:
        """Go through the facts of the cases of a span that are not void, the newest first."""
        where, values = _where(within)
        with told_lost():
            yield from self._facts(f"is_void = 0 AND {where} ORDER BY day DESC, case_id DESC", values)

    def numbers(self, part: str, value: str, within: Within, limit: int) -> tuple[str, ...]:
        """Return the numbers of the cases that have one value of a part, the newest first, at most so many."""
        where, values = _where(within)
        has = "EXISTS (SELECT 1 FROM json_each(items) WHERE value = ?)" if part == ITEMS else f'"{part}" = ?'
        sql = f"SELECT number FROM fact WHERE is_void = 0 AND {has} AND {where} ORDER BY day DESC, case_id DESC LIMIT ?"
        with told_lost():
            found = self._conn.execute(sql, (value, *values, limit))
            return tuple(number for (number,) in found)

    def facts_of(self, number: str) -> Facts | None:
        """Return the facts of one case, or None."""
        with told_lost():
            return next(self._facts("number = ?", (number,)), None)

    def _facts(self, where: str, values: Sequence[object]) -> Iterator[Facts]:
        for *row, items in self._conn.execute(f"SELECT {', '.join(Facts._fields)} FROM fact WHERE {where}", values):
            yield Facts._make((*row, tuple(json.loads(items))))


def _to_row(facts: Facts) -> Iterable[object]:
    return (*facts[:-1], json.dumps(getattr(facts, ITEMS), ensure_ascii=False))


def _where(within: Within) -> tuple[str, tuple[str, ...]]:
    """Return the SQL of some days and kinds, and its values."""
    of_kinds = f" AND kind IN ({','.join('?' * len(within.kinds))})" if within.kinds else ""
    return f"day >= ? AND day < ?{of_kinds}", (within.first, within.before, *within.kinds)
