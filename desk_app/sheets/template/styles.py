"""The cell formats of a template: what they say, and the few that have to be added."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format

from desk_app.sheets.template.dom import child, children, clone, insert, new

if TYPE_CHECKING:
    from xml.dom.minidom import Element

_SIZE = 11.0  # points, where the file gives none
_BUILTIN_DATES = frozenset({*range(27, 37), *range(50, 59)})  # East Asian dates, which have no code in the file
_FIRST_OWN = 164
_WEEKDAY = re.compile(r"a{3}")  # 周四, 星期四: openpyxl does not know it
DAY = "yyyy-mm-dd"
MOMENT = "yyyy-mm-dd hh:mm"


class Styles:
    """Reads ``styles.xml``, and changes it: a format that is asked for and not there is added to its end."""

    def __init__(self, root: Element) -> None:
        self.root = root
        self._sizes = [_size_of(font) for font in _list(root, "fonts")]
        self._codes = {
            int(node.getAttribute("numFmtId")): node.getAttribute("formatCode") for node in _list(root, "numFmts")
        }
        self._formats = _list(root, "cellXfs")
        self._numbers = [int(node.getAttribute("numFmtId") or 0) for node in self._formats]
        self._fonts = [int(node.getAttribute("fontId") or 0) for node in self._formats]
        self._added: dict[tuple[int, str, bool], int] = {}

    @property
    def size(self) -> float:
        """The size of the workbook's own font in points, which column widths are counted in."""
        return self._sizes[0] if self._sizes else _SIZE

    def size_of(self, style: int) -> float:
        """Return the size of a format's font in points."""
        font = self._fonts[style] if style < len(self._fonts) else 0
        return self._sizes[font] if font < len(self._sizes) else self.size

    def wraps(self, style: int) -> bool:
        """Say whether text is broken into lines."""
        alignment = child(self._formats[style], "alignment") if style < len(self._formats) else None
        return alignment is not None and alignment.getAttribute("wrapText") in ("1", "true")

    def for_time(self, style: int, code: str) -> int:
        """Return the format itself where it shows dates, else one like it that does, as ``code``."""
        number = self._numbers[style] if style < len(self._numbers) else 0
        shown = self._codes.get(number) or BUILTIN_FORMATS.get(number, "")
        if number in _BUILTIN_DATES or is_date_format(shown) or _WEEKDAY.search(shown):
            return style
        return self._variant(style, code, quoted=False)

    def for_text(self, style: int, text: str) -> int:
        """Return a format under which a text stays one, even when somebody edits the cell: ``=1+1``."""
        return self._variant(style, "", quoted=True) if text[:1] in ("=", "+", "-", "@") and text[1:] else style

    def _variant(self, style: int, code: str, *, quoted: bool) -> int:
        wanted = (style, code, quoted)
        if wanted not in self._added and style < len(self._formats):
            node = clone(self._formats[style])
            if code:
                node.setAttribute("numFmtId", str(self._number_of(code)))
                node.setAttribute("applyNumberFormat", "1")
            if quoted:
                node.setAttribute("quotePrefix", "1")
            self._added[wanted] = len(self._formats)
            self._formats.append(node)
            formats = child(self.root, "cellXfs")
            assert formats is not None  # noqa: S101 -- for the type checker: it has at least this one
            formats.appendChild(node)
            formats.setAttribute("count", str(len(self._formats)))
        return self._added.get(wanted, style)

    def _number_of(self, code: str) -> int:
        """Return the number of a date format, registered if need be."""
        for number, known in self._codes.items():
            if known == code:
                return number
        number = max([_FIRST_OWN - 1, *self._codes]) + 1
        self._codes[number] = code
        formats = child(self.root, "numFmts")
        if formats is None:  # it comes first in the part
            formats = new(self.root, "numFmts")
            insert(self.root, formats, child(self.root, "fonts"))
        node = new(self.root, "numFmt")
        node.setAttribute("numFmtId", str(number))
        node.setAttribute("formatCode", code)
        formats.appendChild(node)
        formats.setAttribute("count", str(len(children(formats, "numFmt"))))
        return number


def _list(root: Element, name: str) -> list[Element]:
    parent = child(root, name)
    names = {"fonts": "font", "numFmts": "numFmt", "cellXfs": "xf"}
    return children(parent, names[name]) if parent is not None else []


def _size_of(font: Element) -> float:
    size = child(font, "sz")
    return float(size.getAttribute("val") or _SIZE) if size is not None else _SIZE
