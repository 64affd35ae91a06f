"""The workbook's own part: its tabs, its names, and that all formulas are to be worked out anew."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from desk_app.sheets.template.dom import child, children, clone, descend, elements, insert, new, set_text, text_of
from desk_app.sheets.template.references import Move, Moves, Stretch

if TYPE_CHECKING:
    from collections.abc import Sequence
    from xml.dom.minidom import Element

    from desk_app.sheets.template.package import Package

_BEFORE_CALC = frozenset({
    "fileVersion", "fileSharing", "workbookPr", "workbookProtection", "bookViews", "sheets", "functionGroups",
    "externalReferences", "definedNames",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Tab:
    """One tab of the workbook; not all are worksheets."""

    name: str
    part: str
    is_worksheet: bool


def read_tabs(package: Package) -> list[Tab]:
    """Return the tabs in their order.

    Raises:
        KnownError: ``template_broken``.
    """
    parts = {relation.id: relation for relation in package.relations(package.workbook)}
    tabs = []
    for node in _sheets(package.tree(package.workbook)):
        relation = parts.get(_relation_id(node))
        if relation is not None:
            tabs.append(Tab(node.getAttribute("name"), relation.part, relation.type == "worksheet"))
    return tabs


def add_tab(package: Package, after: Tab, copies: Sequence[tuple[str, str]]) -> None:
    """Put worksheets (part, name) behind a tab, and give each the names (print area …) that the tab has for itself."""
    if not copies:
        return
    relation_ids = [package.relate(package.workbook, after.part, part) for part, _name in copies]
    root = package.tree(package.workbook)
    sheets = child(root, "sheets")
    assert sheets is not None  # noqa: S101 -- for the type checker: ``after`` was read from it
    nodes = _sheets(root)
    place = next(number for number, node in enumerate(nodes) if node.getAttribute("name") == after.name)
    highest = max(int(node.getAttribute("sheetId")) for node in nodes)
    behind = nodes[place + 1] if place + 1 < len(nodes) else None
    for number, ((_part, name), relation_id) in enumerate(zip(copies, relation_ids, strict=True), 1):
        node = clone(nodes[place])
        node.setAttribute("name", name)
        node.setAttribute("sheetId", str(highest + number))
        _set_relation_id(node, relation_id)
        insert(sheets, node, behind)
    _copy_names(root, after, place, [name for _part, name in copies])
    views = child(root, "bookViews")
    for view in children(views, "workbookView") if views is not None else []:
        for attribute in ("activeTab", "firstSheet"):
            if int(view.getAttribute(attribute) or 0) > place:
                view.setAttribute(attribute, str(int(view.getAttribute(attribute)) + len(copies)))
    package.put(package.workbook, root)


def rename_tables(package: Package, part: str) -> None:
    """Give the tables of a copied worksheet numbers and names of their own, which a workbook wants."""
    for relation in package.relations(part):
        if relation.type == "table":
            taken = [package.tree(name) for name in package.parts if name.startswith("xl/tables/table")]
            number = max(int(root.getAttribute("id") or 0) for root in taken) + 1
            root = package.tree(relation.part)
            root.setAttribute("id", str(number))
            for name in ("name", "displayName"):
                root.setAttribute(name, f"{root.getAttribute(name)}_{number}")
            package.put(relation.part, root)


def finish(package: Package, moves: Moves) -> None:
    """Rename the tabs, move the names, drop what is no longer true: results of formulas, macros."""
    root = package.tree(package.workbook)
    for node in _sheets(root):
        if (move := moves.of.get(node.getAttribute("name"))) is not None:
            node.setAttribute("name", move.name)
    names = child(root, "definedNames")
    for node in children(names, "definedName") if names is not None else []:
        set_text(node, moves.formula(text_of(node)))
    calculation = child(root, "calcPr")
    if calculation is None:
        calculation = new(root, "calcPr")
        behind = (node for node in elements(root) if node.localName not in _BEFORE_CALC)
        insert(root, calculation, next(behind, None))
    calculation.setAttribute("fullCalcOnLoad", "1")
    package.put(package.workbook, root)
    _move_pivots(package, moves)
    package.drop(package.workbook, "calcChain")
    package.to_plain()


def _move_pivots(package: Package, moves: Moves) -> None:
    """Let pivot tables count all copies of the rows that they are made of, as soon as the file is opened."""
    for relation in package.relations(package.workbook):
        if relation.type != "pivotCacheDefinition":
            continue
        root = package.tree(relation.part)
        for node in (node for node in descend(root) if node.localName == "worksheetSource"):
            root.setAttribute("refreshOnLoad", "1")
            sheet = node.getAttribute("sheet")
            if sheet in moves.of:
                node.setAttribute("sheet", moves.of[sheet].name)
                if node.hasAttribute("ref"):
                    node.setAttribute("ref", Moves(moves.of, sheet).area(node.getAttribute("ref")))
        package.put(relation.part, root)


def _copy_names(root: Element, after: Tab, place: int, copies: Sequence[str]) -> None:
    names = child(root, "definedNames")
    if names is None:
        return
    for node in children(names, "definedName"):
        if not node.getAttribute("localSheetId"):
            continue
        owner = int(node.getAttribute("localSheetId"))
        if owner > place:
            node.setAttribute("localSheetId", str(owner + len(copies)))
        elif owner == place:
            for number, name in enumerate(copies, 1):
                copy = clone(node)
                copy.setAttribute("localSheetId", str(place + number))
                own = Moves({after.name: Move(name, Stretch())}, after.name)
                set_text(copy, own.formula(text_of(node)))
                names.appendChild(copy)


def _sheets(root: Element) -> list[Element]:
    parent = child(root, "sheets")
    return children(parent, "sheet") if parent is not None else []


def _relation_attribute(node: Element) -> str:
    return next((name for name in node.attributes.keys() if name.endswith(":id")), "")  # noqa: SIM118 -- no dict


def _relation_id(node: Element) -> str:
    return node.getAttribute(_relation_attribute(node))


def _set_relation_id(node: Element, value: str) -> None:
    node.setAttribute(_relation_attribute(node), value)
