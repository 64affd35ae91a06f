"""Registers of any size, made once and kept in a cache folder.

A few hundred cases go through the use cases themselves, and are then multiplied row by row in bulk: what is multiplied
is what ``intake.register`` and ``desk.act`` have written, so that no column can be forgotten or mistaken here (a test
compares them). Every tenth case owes something, the others are closed.
"""

from __future__ import annotations

import hashlib
import random
import shutil
import sqlite3
import tempfile
import uuid
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from functools import cache
from pathlib import Path

from bench import texts
from desk_app.clock import Clock, FixedClock
from desk_app.domain import numbering
from desk_app.domain.times import epoch
from desk_app.paths import DataFolder
from desk_app.services import desk, intake, shop
from desk_app.services.rules import load_rules
from desk_app.services.workspace import Workspace, open_workspace
from desk_app.storage import schema

BEIJING = timezone(timedelta(hours=8))
END = datetime(2026, 11, 1, tzinfo=BEIJING)
"""The registers end with October 2026: all that is owed in them is overdue, or will be within the day."""

_TABLES = ("case", "event", "follow_up")
_TIMES = frozenset({"received_at", "entered_at", "promised_at", "at", "start_at", "due_at", "done_at"})
_PATTERNS = 200
_OPEN_EVERY = 10
_BATCH = 5_000
_PATTERN_DAY = datetime(2026, 9, 1, 9, tzinfo=BEIJING)

Row = dict[str, object]


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
    return copy


def make(size: Size, folder: DataFolder) -> None:
    """Make a register in an empty data folder."""
    open_with(folder, FixedClock(END)).close()
    patterns = _patterns()
    with closing(sqlite3.connect(folder.database, isolation_level=None)) as conn:
        for pragma in ("journal_mode=OFF", "synchronous=OFF", "cache_size=-1000000"):
            conn.execute(f"PRAGMA {pragma}")
        conn.execute("BEGIN")
        _fill(conn, size, patterns)
        conn.execute("COMMIT")


def open_with(folder: DataFolder, clock: Clock) -> Workspace:
    """Open a data folder, set up where it is new."""
    ws = open_workspace(folder, clock, load_rules())
    if not ws.shop.is_set_up:
        shop.set_up(ws, "金港大酒店", "general", "李娜")
    return ws


def rows_of(conn: sqlite3.Connection, case_id: int) -> Mapping[str, tuple[Row, ...]]:
    """Return the rows of one case, by table, as they are stored."""
    return {
        table: tuple(_dicts(conn, f'SELECT * FROM "{table}" WHERE {key} = ? ORDER BY id', case_id))  # noqa: S608
        for table, key in (("case", "id"), ("event", "case_id"), ("follow_up", "case_id"))
    }


@cache
def _patterns() -> tuple[Pattern, ...]:
    """Let the use cases write one case of each pattern, in a folder of their own, and take the rows."""
    rng = random.Random(1)
    with tempfile.TemporaryDirectory() as scratch:
        clock = FixedClock(_PATTERN_DAY)
        ws = open_with(DataFolder(Path(scratch) / "patterns"), clock)
        try:
            for place in range(_PATTERNS):
                _live_through(ws, clock, rng, place)
            return tuple(Pattern(_PATTERN_DAY, rows_of(ws.store.conn, case_id)) for case_id in range(1, _PATTERNS + 1))
        finally:
            ws.close()


def _live_through(ws: Workspace, clock: FixedClock, rng: random.Random, place: int) -> None:
    """Register a case, and answer, visit and close it, but for every tenth: that one owes a reply or a visit."""
    clock.moment = _PATTERN_DAY
    raw = {**texts.complaint(rng), "received_at": _PATTERN_DAY}
    number = intake.register(ws, raw, request_id(rng)).case.number
    steps: tuple[tuple[int, str, Mapping[str, object]], ...] = (
        (5, "reply", {"content": texts.reply(rng), "medium": "phone", "accepted": True}),
        (20, "return_visit", {"reached": True, "satisfaction": "satisfied", "opinion": "处理得还可以"}),
        (21, "close", {"result": "客户满意，已反映到部门"}),
    )
    is_open = place % _OPEN_EVERY == 0
    taken = place // _OPEN_EVERY % 2 if is_open else len(steps)
    for hours, action, data in steps[:taken]:
        clock.moment = _PATTERN_DAY + timedelta(hours=hours)
        desk.act(ws, number, action, data, request_id(rng))


def _fill(conn: sqlite3.Connection, size: Size, patterns: tuple[Pattern, ...]) -> None:
    rng = random.Random(size.cases)
    presses = [_Press(pattern) for pattern in patterns]
    batch: dict[str, list[tuple[object, ...]]] = {table: [] for table in _TABLES}
    serials: dict[str, int] = {}
    for case_id, received_at in enumerate(size.received, 1):
        series = numbering.series(numbering.DEFAULT_PATTERN, received_at)
        serials[series] = serials.get(series, 0) + 1
        number = numbering.number(series, serials[series])
        presses[case_id % _PATTERNS].press(batch, case_id, number, received_at, rng)
        if case_id % _BATCH == 0 or case_id == size.cases:
            for table, rows in batch.items():
                _insert(conn, table, presses[0].columns[table], rows)
                rows.clear()
    conn.executemany("INSERT INTO counter (series, last) VALUES (?, ?)", serials.items())


class _Press:
    """Prints the rows of a pattern again, for another case at another time."""

    def __init__(self, pattern: Pattern) -> None:
        self.columns = {table: tuple(rows[0]) for table, rows in pattern.rows.items()}
        self._received_at = pattern.received_at
        self._rows = [
            (table, tuple(row.items()), {k: datetime.fromisoformat(str(row[k])) for k in _TIMES & row.keys() if row[k]})
            for table, rows in pattern.rows.items()
            for row in rows
        ]

    def press(
        self,
        batch: Mapping[str, list[tuple[object, ...]]],
        case_id: int,
        number: str,
        received_at: datetime,
        rng: random.Random,
    ) -> None:
        """Append the rows of a new case to ``batch``."""
        shift = received_at - self._received_at
        fresh: Row = {"number": number, "case_id": case_id, "content": texts.content(rng)}
        for table, row, times in self._rows:
            fresh["id"] = case_id if table == "case" else None
            if table == "event":
                fresh["request_id"] = request_id(rng)
            moments = {key: at + shift for key, at in times.items()}
            fresh["due_utc"] = epoch(moments["due_at"]) if table == "follow_up" else None
            batch[table].append(
                tuple(moments[key].isoformat() if key in moments else fresh.get(key, value) for key, value in row)
            )


def _insert(conn: sqlite3.Connection, table: str, columns: tuple[str, ...], rows: list[tuple[object, ...]]) -> None:
    marks = ",".join("?" * len(columns))
    conn.executemany(f'INSERT INTO "{table}" ({", ".join(columns)}) VALUES ({marks})', rows)  # noqa: S608


def _dicts(conn: sqlite3.Connection, sql: str, *parameters: object) -> Iterator[Row]:
    cursor = conn.execute(sql, parameters)
    names = [name for name, *_ in cursor.description]
    return (dict(zip(names, row, strict=True)) for row in cursor)


def request_id(rng: random.Random) -> str:
    """Return a random id, as the window makes one for each save."""
    return uuid.UUID(int=rng.getrandbits(128), version=4).hex


def _edition() -> str:
    """Return a short name of all that decides what a register looks like; a change of it makes them anew."""
    sources = (Path(__file__), Path(texts.__file__), Path(schema.__file__))
    return hashlib.sha256(b"".join(path.read_bytes() for path in sources)).hexdigest()[:8]
