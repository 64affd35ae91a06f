"""Registers of any size, made once and kept in a cache folder.

A few hundred cases go through the use cases themselves (``patterns``), and are then multiplied row by row in bulk: what
is multiplied is what ``intake.register`` and ``desk.act`` have written, so that no column can be forgotten or mistaken
here (a test compares them). There is one open follow-up for every ten cases.
"""

from __future__ import annotations

import hashlib
import json
import random
import shutil
import sqlite3
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from functools import cache
from pathlib import Path

from bench import lives, texts
from bench.lives import request_id
from desk_app.clock import Clock, FixedClock
from desk_app.domain import numbering
from desk_app.domain.terms import Term
from desk_app.domain.text import phone_key
from desk_app.domain.times import epoch
from desk_app.paths import DataFolder
from desk_app.services import shop
from desk_app.services.rules import load_rules
from desk_app.services.workspace import Workspace, open_workspace
from desk_app.storage import ledger, schema

BEIJING = timezone(timedelta(hours=8))
END = datetime(2026, 11, 1, tzinfo=BEIJING)
"""The registers end with October 2026: all that is owed in them is overdue, or will be within the day."""

_TABLES: Mapping[str, str] = {
    "case": "id = ?",
    "event": "case_id = ?",
    "follow_up": "case_id = ?",
    "change": "event_id IN (SELECT id FROM event WHERE case_id = ?)",
}
"""Where the rows of one case are."""
_IDS: Mapping[str, Mapping[str, str]] = {
    "case": {"id": "case"},
    "event": {"id": "event", "case_id": "case"},
    "follow_up": {"id": "follow_up", "case_id": "case", "event_id": "event"},
    "change": {"id": "change", "event_id": "event", "follow_up_id": "follow_up"},
}
"""Which columns hold an id, and of which table."""
_EPOCHS: Mapping[str, str] = {"due_utc": "due_at", "snoozed_utc": "snoozed_until"}
_TIMES = frozenset({"received_at", "entered_at", "promised_at", "at", "start_at", "due_at", "done_at", "snoozed_until"})
_COUNTED = ("wd", "bd")
_CASES_A_CUSTOMER = 5
_BATCH = 5_000
_PATTERN_DAY = datetime(2026, 9, 1, 9, tzinfo=BEIJING)

Row = dict[str, object]
Content = Callable[[random.Random], str]
"""Makes up what happened."""


@dataclass(frozen=True, slots=True)
class Size:
    """How many cases, received evenly over how many days before :data:`END`."""

    cases: int
    days: int

    @property
    def received(self) -> Iterator[datetime]:
        """When each case was received, in order, in whole seconds."""
        first = END - timedelta(days=self.days)
        step = self.days * 86_400 / self.cases
        return (first + timedelta(seconds=int(i * step)) for i in range(self.cases))


@dataclass(frozen=True, slots=True)
class Pattern:
    """The rows of one case as the use cases wrote them, and when it was received."""

    received_at: datetime
    rows: Mapping[str, tuple[Row, ...]]


def register_of(size: Size, cache_folder: Path) -> DataFolder:
    """Return the data folder with a register of that size; made now if the cache has none. Not to be written to."""
    folder = cache_folder / _edition() / f"{size.cases}-cases-{size.days}-days"
    if not folder.is_dir():
        folder.parent.mkdir(parents=True, exist_ok=True)
        part = Path(tempfile.mkdtemp(prefix=".part-", dir=folder.parent))
        make(size, DataFolder(part))
        part.rename(folder)
    return DataFolder(folder)


def copy_of(source: DataFolder, target: Path) -> DataFolder:
    """Return a data folder of one's own to write to: the register alone, no backups."""
    copy = DataFolder(target)
    copy.root.mkdir(parents=True)
    shutil.copyfile(source.database, copy.database)
    shutil.copyfile(source.key, copy.key)
    return copy


def make(size: Size, folder: DataFolder, content: Content = texts.content) -> None:
    """Make a register in an empty data folder, of what ``content`` tells for each case."""
    open_with(folder, FixedClock(END)).close()
    patterns = _patterns()
    with closing(sqlite3.connect(folder.database, isolation_level=None)) as conn:
        for pragma in ("journal_mode=OFF", "synchronous=OFF", "cache_size=-1000000"):
            conn.execute(f"PRAGMA {pragma}")
        conn.execute("BEGIN")
        _fill(conn, size, patterns, content)
        conn.execute("COMMIT")
    with closing(open_with(folder, FixedClock(END))) as ws, ws.store.transaction() as sealing:
        ledger.touch_all(sealing)  # what was put in by another way than ours belongs to the ledger too


def open_with(folder: DataFolder, clock: Clock) -> Workspace:
    """Open a data folder, set up where it is new."""
    ws = open_workspace(folder, clock, load_rules())
    if not ws.shop.is_set_up:
        shop.set_up(ws, "金港大酒店", "general", "李娜")
    return ws


def rows_of(conn: sqlite3.Connection, case_id: int) -> Mapping[str, tuple[Row, ...]]:
    """Return the rows of one case, by table, as they are stored."""
    return {
        table: tuple(_dicts(conn, f'SELECT * FROM "{table}" WHERE {where} ORDER BY id', case_id))  # noqa: S608
        for table, where in _TABLES.items()
    }


def insertion(table: str, columns: Iterable[str]) -> str:
    """Return the statement that puts a row with these columns into a table."""
    names = tuple(columns)
    return f'INSERT INTO "{table}" ({", ".join(names)}) VALUES ({",".join("?" * len(names))})'  # noqa: S608 -- our own


@cache
def _patterns() -> tuple[Pattern, ...]:
    """Let the use cases write one case of each pattern, in a folder of their own, and take the rows."""
    rng = random.Random(1)
    with tempfile.TemporaryDirectory() as scratch:
        clock = FixedClock(_PATTERN_DAY)
        with closing(open_with(DataFolder(Path(scratch) / "patterns"), clock)) as ws:
            ws.store.conn.execute("PRAGMA synchronous=OFF")
            for place in range(lives.PATTERNS):
                clock.moment = _PATTERN_DAY
                lives.live(ws, clock, rng, place)
            conn = ws.store.conn
            return tuple(Pattern(_PATTERN_DAY, rows_of(conn, n)) for n in range(1, lives.PATTERNS + 1))


def _fill(conn: sqlite3.Connection, size: Size, patterns: tuple[Pattern, ...], content: Content) -> None:
    rng = random.Random(size.cases)
    press = _Press(patterns, rng, content, customers=max(1, size.cases // _CASES_A_CUSTOMER))
    serials: dict[str, int] = {}
    for case_id, received_at in enumerate(size.received, 1):
        series = numbering.series(numbering.DEFAULT_PATTERN, received_at)
        serials[series] = serials.get(series, 0) + 1
        press.print(case_id, numbering.number(series, serials[series]), received_at)
        if case_id % _BATCH == 0 or case_id == size.cases:
            press.put_into(conn)
    conn.executemany("INSERT INTO counter (series, last) VALUES (?, ?)", serials.items())


class _Press:
    """Prints the rows of a pattern again, for another case at another time."""

    def __init__(self, patterns: tuple[Pattern, ...], rng: random.Random, content: Content, customers: int) -> None:
        self._patterns, self._rng, self._content, self._customers = patterns, rng, content, customers
        self._due = load_rules().policy.deadlines.due
        rows = [(table, row) for pattern in patterns for table, found in pattern.rows.items() for row in found]
        self._columns = {table: tuple(row) for table, row in reversed(rows)}
        self._printed: dict[str, list[tuple[object, ...]]] = {table: [] for table in _TABLES}
        self._last = dict.fromkeys(_TABLES, 0)

    def print(self, case_id: int, number: str, received_at: datetime) -> None:
        """Add the rows of a new case."""
        pattern = self._patterns[case_id % len(self._patterns)]
        name, phone = texts.customer(self._rng.randrange(self._customers))
        fresh = {
            "number": number,
            "content": self._content(self._rng),
            "customer_name": name,
            "customer_phone": phone,
            "customer_phone_key": phone_key(phone),
        }
        moved = _Moved(received_at - pattern.received_at)
        ahead = {t: self._last[t] - int(str(rows[0]["id"])) + 1 for t, rows in pattern.rows.items() if rows}
        for table, rows in pattern.rows.items():
            ids = _IDS[table]
            for old in rows:
                row = {**old, **{k: int(str(old[k])) + ahead[of] for k, of in ids.items() if old[k]}}
                row.update((key, moved.text(old[key])) for key in _TIMES & old.keys())
                self._complete(table, row, moved, ahead)
                if table == "case":
                    row.update(fresh)
                self._printed[table].append(tuple(row.values()))
            self._last[table] += len(rows)

    def put_into(self, conn: sqlite3.Connection) -> None:
        """Write what was printed, and begin anew."""
        for table, rows in self._printed.items():
            conn.executemany(insertion(table, self._columns[table]), rows)
            rows.clear()

    def _complete(self, table: str, row: Row, moved: _Moved, ahead: Mapping[str, int]) -> None:
        """Fill what only one table has: ids and moments inside JSON, and due dates that are counted on the calendar."""
        if table == "event":
            row["request_id"] = request_id(self._rng)
            row["data"] = moved.data(str(row["data"]), ahead)
        elif table == "change" and row["key"] in _TIMES:
            row["old"], row["new"] = moved.json(row["old"]), moved.json(row["new"])
        elif table == "follow_up":
            if str(row["term"]).endswith(_COUNTED):
                start = datetime.fromisoformat(str(row["start_at"]))
                row["due_at"] = self._due(Term.parse(str(row["term"])), start).isoformat()
            row.update((key, _epoch_of(row[of])) for key, of in _EPOCHS.items() if key in row)


class _Moved:
    """The moments of a pattern, moved to those of a new case; many are the same."""

    def __init__(self, by: timedelta) -> None:
        self._by, self._known = by, dict[object, object]({None: None})

    def text(self, old: object) -> object:
        """Return a moment as it is stored, or None."""
        if old not in self._known:
            self._known[old] = (datetime.fromisoformat(str(old)) + self._by).isoformat()
        return self._known[old]

    def json(self, old: object) -> str:
        """Return a moment, or null, that is kept as JSON."""
        return json.dumps(self.text(json.loads(str(old))))

    def data(self, old: str, ahead: Mapping[str, int]) -> str:
        """Return an event's data; what names something owed or a moment is rare."""
        if not any(f'"{key}"' in old for key in ("follow_up", *_TIMES)):
            return old
        data = json.loads(old)
        data.update((key, self.text(value)) for key, value in data.items() if key in _TIMES)
        if "follow_up" in data:
            data["follow_up"] += ahead["follow_up"]
        return json.dumps(data, ensure_ascii=False)


def _epoch_of(text: object) -> int:
    return epoch(datetime.fromisoformat(str(text))) if text else 0


def _dicts(conn: sqlite3.Connection, sql: str, *parameters: object) -> Iterator[Row]:
    cursor = conn.execute(sql, parameters)
    names = [name for name, *_ in cursor.description]
    return (dict(zip(names, row, strict=True)) for row in cursor)


def _edition() -> str:
    """Return a short name of all that decides what a register looks like; a change of it makes them anew."""
    sources = (Path(str(module.__file__)) for module in (sys.modules[__name__], lives, texts))
    tables = json.dumps(schema.expected()).encode()
    return hashlib.sha256(b"".join((tables, *(path.read_bytes() for path in sources)))).hexdigest()[:8]
