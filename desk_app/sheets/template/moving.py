"""Moves what refers to rows of a worksheet: the rest of its own part, and the parts it brings along."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from desk_app.errors import KnownError
from desk_app.sheets.template.dom import child, clone, descend, elements, empty, set_text, text_of
from desk_app.sheets.template.references import rows_of, shift

if TYPE_CHECKING:
    from collections.abc import Callable
    from xml.dom.minidom import Element

    from desk_app.sheets.template.package import Package
    from desk_app.sheets.template.references import Moves, Stretch

_CHARTS = frozenset({"chart", "chartEx"})
_MOVED = _CHARTS | {"drawing", "comments", "vmlDrawing", "table", "threadedComment", "pivotTable"}
_FORMULAS = frozenset({"formula", "formula1", "formula2", "f"})
_ROW_IN_ANCHOR = (2, 6)  # of the eight numbers of a note's box: from column, offset, row, offset, to column …


def move_worksheet(root: Element, moves: Moves) -> None:
    """Move everything in a worksheet's part that refers to rows, but for the rows themselves."""
    stretch = moves.of[moves.here].stretch
    for parent in [node for node in descend(root, skip="sheetData") if node.localName == "sparklines"]:
        _repeat(parent, stretch, partial(_repeat_sparkline, moves))
    for node in descend(root, skip="sheetData"):
        if node.parentNode is not None and node.parentNode.localName == "sparkline":
            continue
        for name in ("ref", "activeCell", "topLeftCell"):
            if node.hasAttribute(name) and node.localName not in ("mergeCell", "hyperlink"):
                node.setAttribute(name, moves.area(node.getAttribute(name)))
        if node.hasAttribute("sqref"):
            node.setAttribute("sqref", moves.areas(node.getAttribute("sqref")))
        if node.localName == "hyperlink" and node.getAttribute("location"):
            node.setAttribute("location", moves.formula(node.getAttribute("location")))
        if node.localName == "sqref":
            set_text(node, moves.areas(text_of(node)))
        elif node.localName in _FORMULAS:
            set_text(node, moves.formula(text_of(node)))
    _repeat(child(root, "mergeCells"), stretch, _repeat_area)
    _repeat(child(root, "hyperlinks"), stretch, _repeat_area)
    _repeat(child(root, "rowBreaks"), stretch, _repeat_break)
    _move_anchors(root, stretch)


def move_parts(package: Package, part: str, moves: Moves) -> None:
    """Move what a worksheet brings along: pictures, charts, notes, tables. Pictures keep their size."""
    if moves.changes_nothing:
        return
    for relation in package.relations(part):
        if relation.type not in _MOVED:
            continue
        try:
            root = package.tree(relation.part)
        except KnownError:  # the boxes of notes are not always XML; what cannot be read stays as it is
            continue
        for node in [root, *descend(root)]:
            if relation.type in _CHARTS and node.localName == "f":
                set_text(node, moves.spread(text_of(node)))
            elif node.hasAttribute("ref"):
                node.setAttribute("ref", moves.area(node.getAttribute("ref")))
        if moves.here in moves.of:
            _move_anchors(root, moves.of[moves.here].stretch)
            _move_notes(root, moves.of[moves.here].stretch)
        package.put(relation.part, root)
        move_parts(package, relation.part, moves)


def _repeat(parent: Element | None, stretch: Stretch, each: Callable[[Element, Stretch], list[Element]]) -> None:
    """Put in the place of each element those that come of it, and count them."""
    if parent is None:
        return
    after = [new for node in elements(parent) for new in each(node, stretch)]
    empty(parent)
    for node in after:
        parent.appendChild(node)
    if parent.hasAttribute("count"):
        parent.setAttribute("count", str(len(after)))
    if parent.hasAttribute("manualBreakCount"):
        parent.setAttribute("manualBreakCount", str(sum(node.getAttribute("man") == "1" for node in after)))


def _repeat_area(node: Element, stretch: Stretch) -> list[Element]:
    area = node.getAttribute("ref")
    rows = rows_of(area)
    if rows is None:
        return [node]
    if stretch.holds(rows[0]):
        return [_like(node, "ref", shift(area, copy * stretch.height)) for copy in range(stretch.copies)]
    first, colon, last = area.partition(":")
    start, end = stretch.start(rows[0]) - rows[0], stretch.end(rows[1]) - rows[1]
    return [_like(node, "ref", f"{shift(first, start)}{colon}{shift(last, end)}")]


def _repeat_sparkline(moves: Moves, node: Element, stretch: Stretch) -> list[Element]:
    """Return a small chart within a cell; in a repeated row there is one in each copy, of the copy's numbers."""
    place, source = child(node, "sqref"), child(node, "f")
    rows = rows_of(text_of(place)) if place is not None else None
    if place is None or source is None or rows is None:
        return [node]
    made = []
    for number in range(stretch.copies) if stretch.holds(rows[0]) else (None,):
        copy = clone(node)
        own = replace(moves, copy=number)
        for part, said in ((place, own.area(text_of(place))), (source, own.formula(text_of(source)))):
            set_text(next(each for each in elements(copy) if each.localName == part.localName), said)
        made.append(copy)
    return made


def _repeat_break(node: Element, stretch: Stretch) -> list[Element]:
    row = int(node.getAttribute("id"))
    if stretch.holds(row):
        return [_like(node, "id", str(row + copy * stretch.height)) for copy in range(stretch.copies)]
    return [_like(node, "id", str(stretch.start(row)))]


def _like(node: Element, name: str, value: str) -> Element:
    copy = clone(node)
    copy.setAttribute(name, value)
    return copy


def _move_anchors(root: Element, stretch: Stretch) -> None:
    """Move pictures, shapes and charts: with the row in which they begin; one that reaches further keeps its height.

    Only what frames the repeated rows (begins above, ends below, and is meant to grow with its cells) grows with them.
    """
    for anchor in descend(root):
        start, end = child(anchor, "from"), child(anchor, "to")
        row = child(start, "row") if start is not None else None
        if row is None:
            continue
        first = int(text_of(row)) + 1  # counted from 0 here
        moved = stretch.start(first) - first
        set_text(row, str(first - 1 + moved))
        if end is None or (last_row := child(end, "row")) is None:
            continue
        last = int(text_of(last_row)) + 1
        frames = first < stretch.first and last > stretch.last and anchor.getAttribute("editAs") in ("", "twoCell")
        grown = stretch.extra if frames else moved
        set_text(last_row, str(last - 1 + grown))


def _move_notes(root: Element, stretch: Stretch) -> None:
    """Move the boxes of notes (a VML drawing): the row of the cell and the eight numbers of the box."""
    for node in descend(root):
        if node.localName == "Row":
            set_text(node, str(stretch.start(int(text_of(node)) + 1) - 1))
        elif node.localName == "Anchor":
            numbers = [part.strip() for part in text_of(node).split(",")]
            if len(numbers) > max(_ROW_IN_ANCHOR):
                row = int(numbers[_ROW_IN_ANCHOR[0]]) + 1
                for place in _ROW_IN_ANCHOR:
                    numbers[place] = str(int(numbers[place]) + stretch.start(row) - row)
                set_text(node, ", ".join(numbers))
