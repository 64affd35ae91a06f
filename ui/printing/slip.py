"""A slip of paper with a secret that is shown once: it goes to the printer and to no file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QFontMetrics, QPainter
from PySide6.QtPrintSupport import QPrintDialog, QPrinter, QPrinterInfo

from desk_app.errors import KnownError
from ui import theme
from ui.theme import Step

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtWidgets import QWidget

_EDGE, _GAP = 0.1, 1.6  # of the paper's width; of a line's height


def print_slip(title: str, secret: str, words: Sequence[str], parent: QWidget) -> bool:
    """Print a title, the secret in large letters, and sentences below it; return False where the person did not.

    Raises:
        KnownError: ``no_printer``, ``printer_failed``.
    """
    if not QPrinterInfo.availablePrinterNames():
        raise KnownError("no_printer")
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setDocName(title)
    dialog = QPrintDialog(printer, parent)
    chosen = dialog.exec()  # Windows knows its own dialog in no other way
    dialog.deleteLater()
    if chosen:
        draw_slip(printer, title, secret, words)
    return bool(chosen)


def draw_slip(printer: QPrinter, title: str, secret: str, words: Sequence[str]) -> None:
    """Draw the slip on a printer that was chosen; raises ``printer_failed``."""
    painter = QPainter()
    if not painter.begin(printer):
        raise KnownError("printer_failed", printer=printer.printerName())
    paper = painter.viewport()
    edge = int(paper.width() * _EDGE)
    area = paper.adjusted(edge, edge, -edge, -edge)
    for text, step in ((title, Step.LARGE), (secret, Step.DISPLAY), *((each, Step.BASE) for each in words)):
        painter.setFont(theme.font(step, bold=step is not Step.BASE))
        flags = int(Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignLeft)
        used = painter.boundingRect(area, flags, text)
        painter.drawText(area, flags, text)
        gap = int(QFontMetrics(painter.font(), printer).height() * _GAP)
        area = QRect(area.left(), used.bottom() + gap, area.width(), max(0, area.bottom() - used.bottom() - gap))
    painter.end()
