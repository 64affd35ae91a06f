"""Grids as a PDF: fonts embedded, text that can be selected and searched."""

from __future__ import annotations

import os
import sys
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape, quoteattr

from PySide6.QtCore import QBuffer, QIODevice, QMarginsF
from PySide6.QtGui import QGuiApplication, QPageLayout, QPageSize, QPainter, QPdfWriter

from desk_app.errors import BugError
from desk_app.services.paper import Orientation, Page, Paper, put_file
from ui.printing.lettering import GRAIN
from ui.printing.painter import painter_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from desk_app.services.paper import Grid
    from ui.printing.painter import PagePainter

MAKER = "Complaint Desk"
_NOTHING: Mapping[str, str] = MappingProxyType({})
_POINTS_PER_INCH = 72
_SIZES = {Paper.A3: QPageSize.PageSizeId.A3, Paper.A4: QPageSize.PageSizeId.A4}
_ORIENTATIONS = {
    Orientation.PORTRAIT: QPageLayout.Orientation.Portrait,
    Orientation.LANDSCAPE: QPageLayout.Orientation.Landscape,
}


def page_layout(page: Page) -> QPageLayout:
    """Return the paper as Qt knows it, without margins: the painter keeps the sheet's own."""
    return QPageLayout(QPageSize(_SIZES[page.paper]), _ORIENTATIONS[page.orientation], QMarginsF(0, 0, 0, 0))


def write_pdf(
    grids: Sequence[Grid | PagePainter],
    path: Path,
    properties: Mapping[str, str] = _NOTHING,
    *,
    author: str = MAKER,
    told: Callable[[int, int], None] | None = None,
) -> None:
    """Write the grids to ``path`` one after the other, whole or not at all; a file that is there is replaced.

    May run on any thread. Each grid counts its own pages. ``properties``, whose names are XML names, stay in the file
    as text that can be found in its bytes: ``desk:name="value"``. ``told`` is called after each page with how many are
    done and how many there are; whatever it raises ends the work, and no file is written.

    Raises:
        KnownError: ``target_open``, ``disk_full``, ``target_unwritable``.
    """
    title = "、".join(dict.fromkeys(grid.title for grid in grids))
    data = QBuffer()
    data.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(data)
    writer.setTitle(title)
    writer.setAuthor(author)
    writer.setCreator(MAKER)
    writer.setDocumentXmpMetadata(_metadata(title, author, properties).encode())
    writer.setResolution(_POINTS_PER_INCH * GRAIN)
    _draw([painter_of(grid) for grid in grids], writer, told)
    data.close()
    put_file(path, bytes(data.data().data()))


def pdf_of(grids: Sequence[Grid | PagePainter], path: Path, properties: Mapping[str, str] = _NOTHING) -> None:
    """Do as :func:`write_pdf` in a program that has no window, nor a screen.

    Raises:
        KnownError: as :func:`write_pdf`.
    """
    if QGuiApplication.instance() is None:
        _application()
    write_pdf(grids, path, properties)


def _metadata(title: str, author: str, properties: Mapping[str, str]) -> str:
    """Return the metadata (XMP) of a file, which takes the place of Qt's own."""
    kept = "".join(f" desk:{name}={quoteattr(value)}" for name, value in properties.items())
    return (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>\n<x:xmpmeta xmlns:x="adobe:ns:meta/">\n'
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">\n'
        f'<rdf:Description rdf:about="" xmlns:desk="urn:complaint-desk"{kept}/>\n'
        '<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f'<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{escape(title)}</rdf:li></rdf:Alt></dc:title>'
        f"<dc:creator><rdf:Seq><rdf:li>{escape(author)}</rdf:li></rdf:Seq></dc:creator></rdf:Description>\n"
        '</rdf:RDF>\n</x:xmpmeta>\n<?xpacket end="w"?>\n'
    )


@cache
def _application() -> QGuiApplication:
    """Make the application that fonts need, and keep it. Only Linux needs to be told that there may be no screen."""
    if sys.platform == "linux":
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    return QGuiApplication([])


def _draw(sheets: Sequence[PagePainter], writer: QPdfWriter, told: Callable[[int, int], None] | None) -> None:
    total, done = sum(len(sheet.pages) for sheet in sheets), 0
    painter = QPainter()
    try:
        for sheet in sheets:
            writer.setPageLayout(page_layout(sheet.page))
            for page in sheet.pages:
                if not (writer.newPage() if done else painter.begin(writer)):
                    raise BugError("a PDF in memory takes no page")
                painter.save()
                painter.scale(GRAIN, GRAIN)
                sheet.paint(painter, page.number)
                painter.restore()
                done += 1
                if told is not None:
                    told(done, total)
    finally:
        painter.end()
