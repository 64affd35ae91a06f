"""What a chart shows, finished: it is counted elsewhere, and a chart only draws it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Mark:
    """One mark: a bar, or a point of a line.

    ``value`` is a count, never negative. ``key`` says what the mark stands for, in words of the page that lists its
    cases; a mark without one opens nothing. ``share`` is ready text; ``before`` the count of the period it is
    compared with, None where that is not known.
    """

    label: str
    value: int
    key: str = ""
    share: str = ""
    before: int | None = None


@dataclass(frozen=True, slots=True)
class Items:
    """Things that are counted, in the order in which they are shown; ``before`` names what they are compared with."""

    marks: tuple[Mark, ...]
    before: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One period: its name and a point for each place of the axis, fewer (never more) where it is not over yet."""

    name: str
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class Course:
    """How a count went over time: the places of the axis, and at most three lines, the present period first."""

    places: tuple[str, ...]
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """Counts of two things at once: one row of ``counts`` and of ``keys`` for each row, in it one for each column.

    The titles say what the rows and the columns are: 星期, 小时.
    """

    row_title: str
    column_title: str
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    counts: tuple[tuple[int, ...], ...]
    keys: tuple[tuple[str, ...], ...]
