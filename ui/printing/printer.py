"""Sends grids to a printer, through the system's own dialog. QtPrintSupport is loaded with this module, not before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtGui import QPageLayout, QPainter
from PySide6.QtPrintSupport import QPrintDialog, QPrinter, QPrinterInfo
from PySide6.QtWidgets import QProgressDialog

from desk_app.errors import KnownError
from ui.printing.painter import painter_of
from ui.printing.pdf import MAKER, page_layout

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtCore import SignalInstance
    from PySide6.QtWidgets import QWidget

    from desk_app.services.paper import Grid
    from ui.printing.painter import PagePainter

_PATIENCE_MS = 1000  # a job that takes longer shows how far it is


def print_grids(grids: Sequence[Grid | PagePainter], parent: QWidget) -> PrintJob:
    """Open the system's print dialog for one sheet or many; what becomes of it is told by the job's signals.

    Raises:
        KnownError: ``no_printer``.
    """
    if not QPrinterInfo.availablePrinterNames():
        raise KnownError("no_printer")
    job = PrintJob(grids, parent)
    job.ask()
    return job


class PrintJob(QObject):
    """Prints a page for each turn of the event loop, so that the window answers all the while.

    One of the signals ends it: ``printed`` with the number of pages, ``refused`` with a :class:`KnownError`
    (``printer_failed``), ``given_up`` where the person changed their mind.
    """

    printed = Signal(int)
    refused = Signal(object)
    given_up = Signal()

    def __init__(self, grids: Sequence[Grid | PagePainter], parent: QWidget) -> None:
        """Prepare; nothing is asked or printed yet."""
        super().__init__(parent)
        self._window = parent
        self._sheets = [painter_of(grid) for grid in grids]
        self._left = [(sheet, page.number) for sheet in self._sheets for page in sheet.pages]
        self._total = len(self._left)
        self._painter = QPainter()

    def ask(self) -> None:
        """Open the dialog, and print when it is accepted."""
        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        printer.setCreator(MAKER)
        printer.setDocName(self._sheets[0].title)
        printer.setPageLayout(self._paper(self._sheets[0]))
        dialog = QPrintDialog(printer, self._window)
        dialog.setOption(QPrintDialog.PrintDialogOption.PrintPageRange)
        dialog.setMinMax(1, self._total)
        chosen = dialog.exec()  # Windows knows its own dialog in no other way
        dialog.deleteLater()
        if chosen:
            self.start(printer)
        else:
            QTimer.singleShot(0, self, lambda: self._end(self.given_up))

    def start(self, printer: QPrinter) -> None:
        """Print on a printer that was chosen: the pages of its range, in its order.

        A paper other than that of the first sheet was chosen by a person: every page is made to fit on it.
        """
        self._printer = printer
        self._keeps_paper = printer.pageLayout().pageSize() == self._paper(self._sheets[0]).pageSize()
        if printer.fromPage():
            self._left = self._left[printer.fromPage() - 1 : printer.toPage() or None]
        if printer.pageOrder() is QPrinter.PageOrder.LastPageFirst:
            self._left.reverse()
        if not printer.supportsMultipleCopies():
            self._left *= printer.copyCount()
        self._total = len(self._left)
        words = self.tr("正在打印，共 {0} 页").format(self._total)
        self._progress = QProgressDialog(words, self.tr("取消"), 0, self._total, self._window)
        self._progress.setMinimumDuration(_PATIENCE_MS)
        self._progress.setWindowModality(Qt.WindowModality.WindowModal)
        self.destroyed.connect(self._progress.deleteLater)
        QTimer.singleShot(0, self, self._next)

    def _next(self) -> None:
        if self._progress.wasCanceled():
            self._printer.abort()
            return self._end(self.given_up)
        if not self._left:
            return self._end(self.printed, self._total)
        if not self._page(*self._left.pop(0)):
            return self._end(self.refused, KnownError("printer_failed", printer=self._printer.printerName()))
        self._progress.setValue(self._total - len(self._left))
        QTimer.singleShot(0, self, self._next)
        return None

    def _page(self, sheet: PagePainter, number: int) -> bool:
        """Print one page; false where the printer does not take it."""
        layout = self._paper(sheet)
        if self._keeps_paper:
            self._printer.setPageLayout(layout)
        else:
            self._printer.setPageOrientation(layout.orientation())
        is_open = self._printer.newPage() if self._painter.isActive() else self._painter.begin(self._printer)
        if not is_open:
            return False
        paper = self._printer.pageLayout().fullRectPixels(self._printer.resolution())
        scale = min(paper.width() / sheet.size[0], paper.height() / sheet.size[1])
        self._painter.save()
        self._painter.scale(scale, scale)
        sheet.paint(self._painter, number)
        self._painter.restore()
        return self._printer.printerState() is not QPrinter.PrinterState.Error

    def _end(self, signal: SignalInstance, *told: object) -> None:
        if self._painter.isActive():
            self._painter.end()
        signal.emit(*told)
        self.deleteLater()

    @staticmethod
    def _paper(sheet: PagePainter) -> QPageLayout:
        """Return the paper of a sheet, measured from its very edge."""
        layout = page_layout(sheet.page)
        layout.setMode(QPageLayout.Mode.FullPageMode)
        return layout
