"""A workbook's file as its parts (Open Packaging Conventions, ECMA-376 part 2): what is not changed stays as it is."""

from __future__ import annotations

import posixpath
import zlib
from dataclasses import dataclass
from io import BytesIO
from itertools import count
from typing import TYPE_CHECKING
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile

from desk_app.domain.text import strip_unstorable
from desk_app.errors import KnownError
from desk_app.sheets.template.dom import children, clone, document_of, new, parse, serialise, set_text, unprefix

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path
    from xml.dom.minidom import Element

LARGEST = 200_000_000
"""Bytes of all parts together; a template is a few pages and some pictures, so more is a mistake or an attack."""
_TYPES = "[Content_Types].xml"
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_MAIN_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
_KINDS = frozenset({
    _MAIN_TYPE,
    "application/vnd.openxmlformats-officedocument.spreadsheetml.template.main+xml",
    "application/vnd.ms-excel.sheet.macroEnabled.main+xml",
    "application/vnd.ms-excel.template.macroEnabled.main+xml",
})  # fmt: skip
"""What the main part of a workbook may be: .xlsx, .xltx, .xlsm, .xltm."""
_PROPERTIES = "docProps/custom.xml"
_PROPERTIES_OF = "http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"
_PROPERTIES_TYPE = "application/vnd.openxmlformats-officedocument.custom-properties+xml"
_PROPERTIES_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/custom-properties"
_VARIANT = "http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes"
_PROPERTY_SET = "{D5CDD505-2E9C-101B-9397-08002B2CF9AE}"
_FIRST_PROPERTY = 2
"""The number of the first custom property; lower ones have a meaning of their own ([MS-OSHARED] 2.3.3.2.2)."""
_SHARED = frozenset({"image", "hyperlink", "printerSettings"})
_NOT_TWICE = frozenset({"pivotTable", "slicer", "threadedComment"})
"""What a second worksheet cannot have: the workbook knows each of them by name."""


@dataclass(frozen=True, slots=True)
class Relation:
    """What a part refers to: the last word of the relation's type, and the part (empty: not in this file)."""

    id: str
    type: str
    part: str


def read_package(path: Path) -> Package:
    """Read a workbook (.xlsx, .xltx, .xlsm, .xltm).

    Raises:
        KnownError: ``file_missing``, ``file_unreadable``, ``template_too_big``, ``template_locked`` (a password),
            ``template_old_format`` (.xls), ``template_not_workbook``, ``template_broken``, ``template_part_missing``.
    """
    try:
        if path.stat().st_size > LARGEST:
            raise KnownError("template_too_big", file=path.name, limit=LARGEST // 1_000_000)
        data = path.read_bytes()
    except FileNotFoundError as error:
        raise KnownError("file_missing", path=path) from error
    except OSError as error:
        raise KnownError("file_unreadable", path=path, reason=error.strerror or str(error)) from error
    if data.startswith(_OLE):
        raise KnownError("template_locked" if _ENCRYPTED in data else "template_old_format", file=path.name)
    if not data.startswith(_ZIP):
        raise KnownError("template_not_workbook", file=path.name)
    try:
        package = Package(path.name, dict(_unpack(data, path.name)))
    except (BadZipFile, zlib.error, EOFError, ValueError, LookupError, NotImplementedError, RuntimeError) as error:
        raise KnownError("template_broken", file=path.name, detail=str(error)) from error
    package.check()
    return package


def _unpack(data: bytes, name: str) -> Iterator[tuple[str, bytes]]:
    with ZipFile(BytesIO(data)) as file:
        entries = [entry for entry in file.infolist() if not entry.is_dir()]
        if sum(entry.file_size for entry in entries) > LARGEST:
            raise KnownError("template_too_big", file=name, limit=LARGEST // 1_000_000)
        for entry in entries:
            yield entry.filename.replace("\\", "/"), file.read(entry)


class Package:
    """The parts by name, as they lie in the file, and the two indexes over them: content types and relations."""

    def __init__(self, file: str, parts: dict[str, bytes]) -> None:
        """Take the parts over.

        Raises:
            KnownError: ``template_not_workbook``.
            ValueError: an index is no XML.
        """
        self.file, self.parts = file, parts
        if _TYPES not in parts:
            raise KnownError("template_not_workbook", file=file)
        self._types = parse(parts[_TYPES])
        main = [relation.part for relation in self.relations("") if relation.type == "officeDocument"]
        self.workbook = main[0] if main else ""
        kind = self._override(self.workbook)
        if kind is None or kind.getAttribute("ContentType") not in _KINDS:
            raise KnownError("template_not_workbook", file=file)

    @property
    def macros(self) -> bool:
        """Whether macros are in it."""
        return bool(self.related(self.workbook, "vbaProject"))

    def check(self) -> None:
        """Look whether everything that a part refers to is there.

        Raises:
            KnownError: ``template_part_missing``, ``template_broken``.
        """
        for name in list(self.parts):
            folder, _, file = name.rpartition("/")
            if folder.endswith("_rels") and file.endswith(".rels"):
                owner = posixpath.join(folder.removesuffix("_rels"), file.removesuffix(".rels"))
                for relation in self.relations(owner):
                    if relation.part and relation.part not in self.parts:
                        code = "template_picture_missing" if relation.type == "image" else "template_part_missing"
                        raise KnownError(code, file=self.file, part=relation.part)

    def tree(self, part: str) -> Element:
        """Return the root of a part, parsed anew.

        Raises:
            KnownError: ``template_broken``.
        """
        try:
            return parse(self.parts[part])
        except (ValueError, KeyError) as error:
            raise KnownError("template_broken", file=self.file, detail=part) from error

    def put(self, part: str, root: Element) -> None:
        """Write a part."""
        self.parts[part] = serialise(root)

    def relations(self, part: str) -> tuple[Relation, ...]:
        """Return what a part refers to; the empty name is the file itself."""
        if (index := _index_of(part)) not in self.parts:
            return ()
        return tuple(self._relation(node, part) for node in children(self.tree(index), "Relationship"))

    def related(self, part: str, kind: str) -> str:
        """Return the first part of a kind that a part refers to, empty where there is none."""
        return next((r.part for r in self.relations(part) if r.type == kind), "")

    def relate(self, owner: str, kind_of: str, part: str) -> str:
        """Let ``owner`` refer to ``part`` as it does to the part ``kind_of``; return the id of the relation."""
        root = self.tree(_index_of(owner))
        nodes = children(root, "Relationship")
        like = next(node for node in nodes if self._relation(node, owner).part == kind_of)
        node = clone(like)
        taken = {other.getAttribute("Id") for other in nodes}
        number = len(taken) + 1
        while f"rId{number}" in taken:
            number += 1
        node.setAttribute("Id", f"rId{number}")
        node.setAttribute("Target", f"/{part}")
        root.appendChild(node)
        self.put(_index_of(owner), root)
        return f"rId{number}"

    def copy(self) -> Package:
        """Return a package of the same parts; what is then done to one is not done to the other."""
        return Package(self.file, dict(self.parts))

    def copy_part(self, part: str) -> str:
        """Copy a part with all that it refers to and that is not shared; return the name of the copy."""
        stem, extension = posixpath.splitext(part)
        stem, number = stem.rstrip("0123456789"), 1
        while (name := f"{stem}{number}{extension}") in self.parts:
            number += 1
        self.parts[name] = self.parts[part]
        if (kind := self._override(part)) is not None:
            node = clone(kind)
            node.setAttribute("PartName", f"/{name}")
            self._types.appendChild(node)
        if _index_of(part) in self.parts:
            root = self.tree(_index_of(part))
            for node in children(root, "Relationship"):
                relation = self._relation(node, part)
                if relation.type in _NOT_TWICE:
                    root.removeChild(node)
                elif relation.part and relation.type not in _SHARED:
                    node.setAttribute("Target", f"/{self.copy_part(relation.part)}")
            self.put(_index_of(name), root)
        return name

    def drop(self, owner: str, kind: str) -> None:
        """Remove the parts of a kind that ``owner`` refers to, and the reference."""
        root = self.tree(_index_of(owner))
        for node in children(root, "Relationship"):
            relation = self._relation(node, owner)
            if relation.type == kind:
                root.removeChild(node)
                self.parts.pop(relation.part, None)
                self.parts.pop(_index_of(relation.part), None)
                if (override := self._override(relation.part)) is not None:
                    self._types.removeChild(override)
        self.put(_index_of(owner), root)

    def to_plain(self) -> None:
        """Make it a plain workbook: no macros, no template."""
        self.drop(self.workbook, "vbaProject")
        kind = self._override(self.workbook)
        assert kind is not None  # noqa: S101 -- for the type checker: __init__ asked
        kind.setAttribute("ContentType", _MAIN_TYPE)

    def set_properties(self, properties: Mapping[str, str]) -> None:
        """Keep texts under these names beside the file's own custom properties; one of the same name is replaced."""
        strict = self.related("", "customProperties")  # as the strict kind of the format calls it
        part = self.related("", "custom-properties") or strict or self._new_properties()
        root = self.tree(part)
        unprefix(root)
        for node in children(root, "property"):
            if node.getAttribute("name") in properties:
                root.removeChild(node)
        used = [int(node.getAttribute("pid")) for node in children(root, "property")]
        for number, (name, value) in enumerate(properties.items(), max([_FIRST_PROPERTY - 1, *used]) + 1):
            node = new(root, "property")
            for attribute, said in (("fmtid", _PROPERTY_SET), ("pid", str(number)), ("name", name)):
                node.setAttribute(attribute, said)
            text = document_of(node).createElementNS(_VARIANT, "lpwstr")
            text.setAttribute("xmlns", _VARIANT)
            set_text(text, strip_unstorable(value))
            node.appendChild(text)
            root.appendChild(node)
        self.put(part, root)

    def _new_properties(self) -> str:
        """Add the part for custom properties, which a workbook has only where somebody wanted some."""
        part = _PROPERTIES
        self.parts[part] = f'<Properties xmlns="{_PROPERTIES_OF}"/>'.encode()
        override = new(self._types, "Override")
        override.setAttribute("PartName", f"/{part}")
        override.setAttribute("ContentType", _PROPERTIES_TYPE)
        self._types.appendChild(override)
        index = self.tree(_index_of(""))
        taken = {node.getAttribute("Id") for node in children(index, "Relationship")}
        node = new(index, "Relationship")
        node.setAttribute("Id", next(name for n in count(1) if (name := f"rId{n}") not in taken))
        node.setAttribute("Type", _PROPERTIES_RELATION)
        node.setAttribute("Target", part)
        index.appendChild(node)
        self.put(_index_of(""), index)
        return part

    def to_bytes(self) -> bytes:
        """Return the file."""
        self.put(_TYPES, self._types)
        file = BytesIO()
        with ZipFile(file, "w", ZIP_DEFLATED) as target:
            for name, data in self.parts.items():
                target.writestr(name, data)
        return file.getvalue()

    def _relation(self, node: Element, owner: str) -> Relation:
        """Read a relation; the names of parts are the same whatever their case, and some writers rely on that."""
        target = node.getAttribute("Target")
        inside = node.getAttribute("TargetMode") != "External" and not target.startswith("#") and target != "NULL"
        part = posixpath.normpath(posixpath.join("/", posixpath.dirname(owner), target)).lstrip("/") if inside else ""
        if part and part not in self.parts:
            part = next((name for name in self.parts if name.casefold() == part.casefold()), part)
        return Relation(node.getAttribute("Id"), node.getAttribute("Type").rpartition("/")[2], part)

    def _override(self, part: str) -> Element | None:
        overrides = children(self._types, "Override")
        return next((node for node in overrides if node.getAttribute("PartName").lstrip("/") == part), None)


def _index_of(part: str) -> str:
    folder, file = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{file}.rels")
