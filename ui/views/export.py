"""The 导出 page: a period, the sheets of it, how they are written; looked at, printed, or put into files."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from desk_app.domain.fields import Choice
from desk_app.domain.rights import Right
from desk_app.errors import KnownError
from desk_app.services import offers
from desk_app.services.export import MONTHLY, Format, Order, export, fill, period_of
from desk_app.services.months import lock_month
from desk_app.services.package import export_package, unexported_month
from desk_app.services.proof import prove, told
from desk_app.services.sheets import Scope
from ui import theme
from ui.forms.field_form import FormScroll
from ui.models.periods import Span
from ui.theme import Step, Token
from ui.views.export_layout import add_labelled, foot, side_by_side
from ui.views.export_package import IncompleteDialog, WaitingMonth, look
from ui.views.export_results import ExportResults
from ui.views.period_picker import PeriodPicker
from ui.views.preview import clear_away, documents, preview_order
from ui.views.privacy_bar import PrivacyBar
from ui.views.sheet_job import JobBar
from ui.views.sheet_list import SheetList
from ui.widgets.ask_path import ask_file, ask_folder
from ui.widgets.choice_bar import ChoiceBar
from ui.widgets.right_line import RightLine

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtGui import QKeyEvent

    from desk_app.domain.month_lock import MonthLock
    from desk_app.services.offers import Offers
    from desk_app.services.package import Incomplete
    from desk_app.services.results import Exported, ProvedExport
    from desk_app.services.sheets import Filled
    from ui.desk import Desk
    from ui.views.sheet_job import SheetJob

_TOGETHER = "together"
_CHOICES_IN_CHARACTERS = 64  # of the column with the choices; the list of sheets has the rest
_SHEETS_IN_CHARACTERS = 56


class ExportPage(QWidget):
    """Left what is wanted, right the sheets. All of an export is written, or nothing.

    ``case_wanted``: the number of a case that is not complete, and that somebody wants to see before exporting.
    """

    case_wanted = Signal(str)

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        """Be ready; the list of sheets comes with :meth:`activated`."""
        super().__init__(parent)
        self._desk = desk
        self._today = desk.clock.now().date()
        self.period = PeriodPicker(self._today, desk.rules.sentences)
        self.sheets = SheetList(desk.rules.sentences)
        self._head = QLabel()
        labels = ("Excel", "PDF", "CSV", "CSV (GB18030)")
        self._format = ChoiceBar([Choice(each.value, label) for each, label in zip(Format, labels, strict=True)])
        self._files = ChoiceBar([Choice("apart", self.tr("每张一个文件")), Choice(_TOGETHER, self.tr("合成一个文件"))])
        self._privacy = PrivacyBar()
        self.folder = QLineEdit(str(documents()))
        self._choose = QPushButton(self.tr("选择…  Ctrl+O"))
        self._look, self._start = QPushButton(self.tr("预览  Ctrl+P")), QPushButton(self.tr("导出  Ctrl+S"))
        self._whole = QPushButton()
        self._waiting = WaitingMonth()
        self._template = QPushButton(self.tr("填 Excel 模板…  Ctrl+T"))
        self._check = QPushButton(self.tr("核对文件…  F6"))
        self._job = JobBar(desk.storage)
        self._message = QLabel()
        self._save_as = QPushButton()
        self.results = ExportResults()
        self._has_sheets = False
        self._again: Callable[[], None] | None = None
        self._lay_out()
        self._wire()
        self._show_state()

    def activated(self) -> None:
        """Come to the front: ask for the sheets there are, and take the keys."""
        self._today = self._desk.clock.now().date()
        self.period.set_today(self._today)
        self.period.take_focus()
        self._desk.ask(offers.of_period, self._show_offers)
        self._desk.ask(unexported_month, self._waiting.show_month)

    def _show_offers(self, found: Offers) -> None:
        ticked = self.sheets.ticked() if self._has_sheets else MONTHLY
        self._has_sheets = True
        self.sheets.show_offers(found, ticked)

    # -------------------------------------------------------------------------- preview and export

    def start(self) -> None:
        """Write the sheets that are ticked into files."""
        self._write(self._order(self.sheets.ticked()))

    def start_package(self) -> None:
        """Look what the period is without; then write all its sheets, at once or when somebody has seen that."""
        order = self._order(MONTHLY)  # the sheets are those of the package, whatever is ticked
        if order is None or order.scope.period is None:
            return
        period, job = order.scope.period, self._begin()
        self._desk.ask(
            lambda ws: look(ws, period, is_cancelled=lambda: not job.goes_on()),
            partial(self._looked, order),
            self._refused,
        )

    def _looked(self, order: Order, found: Sequence[Incomplete]) -> None:
        self._end()
        go_on = partial(self._write, order, export_package)
        if found and order.scope.period is not None:
            dialog = IncompleteDialog(self._desk.rules.sentences, order.scope.period.name, found, self.window())
            dialog.accepted.connect(go_on)
            dialog.case_wanted.connect(self.case_wanted)
            dialog.open()
        else:
            go_on()

    def _choose_month(self, month: str) -> None:
        self.period.show_month(date.fromisoformat(f"{month}-01"))
        self.period.take_focus()

    def _take_other_name(self) -> None:
        if self._again is not None:
            self._again()

    def _fill_template(self, file: str) -> None:
        """Fill a workbook of the shop's own with the cases of the period."""
        order = self._order((), (Path(file),))
        self._write(order and replace(order, format=Format.XLSX))

    def _write(self, wanted: Order | None, writer: Callable[..., Exported] = export) -> None:
        if wanted is None:
            return
        job = self._begin()
        order = replace(wanted, pdf=job.write_pdf)
        self._desk.ask(
            lambda ws: writer(ws, order, progress=job.progress, is_cancelled=lambda: not job.goes_on()),
            self._exported,
            partial(self._refused, again=partial(self._write, replace(wanted, other_names=True), writer)),
        )

    def preview(self) -> None:
        """Show the sheets that are ticked as they will be on paper."""
        wanted = self._order(self.sheets.ticked(), needs_folder=False)
        if wanted is None:
            return
        order = replace(wanted, format=Format.XLSX)  # forms can be looked at, whatever the format of the files
        job = self._begin()
        self._desk.ask(
            lambda ws: fill(ws, order, progress=job.progress, is_cancelled=lambda: not job.goes_on()),
            partial(self._filled, order),
            self._refused,
        )

    def _order(
        self, sheets: tuple[str, ...], templates: tuple[Path, ...] = (), *, needs_folder: bool = True
    ) -> Order | None:
        """Return what is wanted, or say what is missing, where it is missing."""
        if self._job.is_running:
            return None
        self._say("")
        self.results.clear()
        folder = self.folder.text().strip()
        if self.period.problem:
            self._ask_for(self.period.problem, self.period.take_focus)
            return None
        if not sheets and not templates:
            self._ask_for(self.tr("请至少勾选一张表。"), self.sheets.line.setFocus)
            return None
        if not folder and needs_folder:
            self._ask_for(self.tr("请填写导出到哪个文件夹。"), self.folder.setFocus)
            return None
        return Order(
            sheets=sheets,
            scope=Scope(period_of(self.period.written, self._today), masked=self._privacy.masked),
            out=Path(folder or documents()).expanduser(),
            format=Format(str(self._format.value())),
            together=self._files.value() == _TOGETHER,
            templates=templates,
        )

    def _begin(self) -> SheetJob:
        self._say("")
        job = self._job.begin()
        self._show_state()
        return job

    def _end(self) -> None:
        self._job.end()
        self._show_state()

    def _exported(self, exported: Exported) -> None:
        self._end()
        self.results.show_files(exported, self._desk.rules.sentences.error)
        sheets = sum(len(file.sheet.split(",")) for file in exported.files)
        words = self.tr("已导出 {0} 张表，{1} 个文件").format(sheets, len(exported.files))
        self._desk.notice.emit("done", words)
        self.results.open.setFocus(Qt.FocusReason.OtherFocusReason)
        self._desk.ask(unexported_month, self._waiting.show_month)

    def _lock(self, month: str) -> None:
        self._desk.ask(lambda ws: lock_month(ws, month), self._locked, self._tell)

    def _locked(self, lock: MonthLock) -> None:
        self.results.lock.hide()
        told = {"month": lock.month, "at": lock.at, "by": lock.by}
        self._desk.notice.emit("done", self._desk.rules.sentences.say("month_locked", told))

    def _filled(self, order: Order, filled: Sequence[Filled]) -> None:
        self._end()
        if self.isVisible():
            preview_order(self._desk, self, order, filled)
        else:
            clear_away(self._desk, [each.grid for each in filled])

    def _refused(self, error: Exception, *, again: Callable[[], None] | None = None) -> bool:
        """End the job and say why."""
        self._end()
        return self._tell(error, again=again)

    def _tell(self, error: Exception, *, again: Callable[[], None] | None = None) -> bool:
        """Say what is wrong, here where the person looks, or in the notice bar where they have gone on."""
        if not isinstance(error, KnownError):
            return False
        self._say(self._desk.rules.sentences.error(error))
        other = error.params.get("other") if error.code == "target_open" else None
        if other is not None:
            self._again = again
            self._save_as.setText(self.tr("另存为 {0}").format(Path(str(other)).name))
            self._save_as.show()
            self._save_as.setFocus(Qt.FocusReason.OtherFocusReason)
        return self.isVisible()

    # ------------------------------------------------------------------------------- proof, folder

    def _choose_file(self) -> None:
        ask_file(self, self.tr("核对哪个文件"), self._prove, beginning_at=self.folder.text())

    def _choose_template(self) -> None:
        words = self.tr("用哪个有占位符的 Excel 文件作模板")
        ask_file(self, words, self._fill_template, beginning_at=self.folder.text())

    def _prove(self, file: str) -> None:
        self._say("")
        path = Path(file)
        self._desk.ask(lambda ws: prove(ws, path), partial(self._proved, path), self._tell)

    def _proved(self, path: Path, proved: ProvedExport) -> None:
        sentences = self._desk.rules.sentences
        sentence = sentences.say(*told(sentences, path, proved))
        is_wrong = not proved.is_sound and (proved.row is not None or proved.ledger is not None)
        self._say(sentence, Token.DANGER if is_wrong else Token.TEXT)

    def _choose_folder(self) -> None:
        ask_folder(self, self.tr("导出到"), self.folder.setText, beginning_at=self.folder.text())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Let Esc end what is under way."""
        if event.key() == Qt.Key.Key_Escape and self._job.is_running:
            self._job.stop()
        else:
            super().keyPressEvent(event)

    # -------------------------------------------------------------------------------- what is shown

    def _show_state(self) -> None:
        """Show what can be done now: the one place for it."""
        is_csv = self._format.value() in (Format.CSV, Format.CSV_GB18030)
        for button in (self._look, self._start, self._template, self._whole):
            button.setEnabled(not self._job.is_running)
        self._files.setEnabled(not is_csv)
        if is_csv:
            self._files.set_value("apart")
        is_month = self.period.span is Span.MONTH
        self._whole.setText(self.tr("月末一键导出  Ctrl+M") if is_month else self.tr("一键导出整套  Ctrl+M"))
        ticked = self.sheets.ticked()
        self._head.setText(self.tr("表单：已勾选 {0} 张").format(len(ticked)))

    def _say(self, sentence: str, ink: Token = Token.DANGER) -> None:
        theme.ink(self._message, ink)
        self._message.setText(sentence)
        self._message.setVisible(bool(sentence))
        self._save_as.hide()

    def _ask_for(self, sentence: str, point_to: Callable[[], object]) -> None:
        """Say what is missing, and put the focus there."""
        self._say(sentence)
        point_to()

    # -------------------------------------------------------------------------------------- layout

    def _lay_out(self) -> None:
        left, right = QVBoxLayout(), QVBoxLayout()
        choices = FormScroll()
        choices.setWidget(self._make_choices())
        left.addWidget(choices, 1)
        first, last = (self._whole, self._start, self._look), (self._template, self._check)
        left.addLayout(foot(self._message, self._save_as, self._job, first, last))
        self._head.setFont(theme.font(Step.SMALL))
        self._head.setBuddy(self.sheets.line)
        right.addWidget(self._head)
        right.addWidget(self.sheets, 1)
        side_by_side(self, ((left, _CHOICES_IN_CHARACTERS), (right, _SHEETS_IN_CHARACTERS)))

    def _make_choices(self) -> QWidget:
        made = QWidget()
        column = QVBoxLayout(made)
        column.setContentsMargins(0, 0, theme.space(2), 0)
        column.setSpacing(theme.space(1.5))
        title = QLabel(self.tr("导出、打印表单"))
        title.setFont(theme.font(Step.LARGE, bold=True))
        column.addWidget(title)
        column.addWidget(RightLine(self._desk, Right.EXPORT, self))
        column.addWidget(self._waiting, 0, Qt.AlignmentFlag.AlignLeft)
        folder = QWidget()
        line = QHBoxLayout(folder)
        line.setContentsMargins(0, 0, 0, 0)
        line.addWidget(self.folder, 1)
        line.addWidget(self._choose)
        self._format.set_value(Format.XLSX.value)
        self._files.set_value("apart")
        rows = (
            (self.tr("期间（↑↓ 换一个，←→ 换种类，PageUp/PageDown 换年）"), self.period.box, self.period),
            (self.tr("客户信息"), self._privacy.bar, self._privacy),
            (self.tr("文件格式"), self._format, self._format),
            (self.tr("几个文件"), self._files, self._files),
            (self.tr("导出到"), self.folder, folder),
        )
        add_labelled(column, rows)
        column.addSpacing(theme.space(2))
        column.addWidget(self.results)
        column.addStretch(1)
        return made

    def _wire(self) -> None:
        self._start.clicked.connect(self.start)
        self._whole.clicked.connect(self.start_package)
        self._waiting.chosen.connect(self._choose_month)
        self.period.changed.connect(self._show_state)
        self._look.clicked.connect(self.preview)
        self._template.clicked.connect(self._choose_template)
        self._check.clicked.connect(self._choose_file)
        self._choose.clicked.connect(self._choose_folder)
        self.results.not_opened.connect(self._tell)
        self.results.locking.connect(self._lock)
        self._save_as.clicked.connect(self._take_other_name)
        self._format.edited.connect(self._show_state)
        self.sheets.changed.connect(self._show_state)
        before: QWidget = self.period.last
        order = (self.sheets.line, self._privacy.bar, self._format, self._files, self.folder, self._choose)
        buttons = (self._whole, self._start, self._look, self._template, self._check)
        for widget in (*order, self.results.open, self._save_as, *buttons):
            QWidget.setTabOrder(before, widget)
            before = widget
        for keys, slot in (
            ("Ctrl+S", self.start),
            ("Ctrl+M", self.start_package),
            ("Alt+M", self._waiting.choose),
            ("Ctrl+P", self.preview),
            ("Ctrl+O", self._choose_folder),
            ("Ctrl+T", self._choose_template),
            ("F6", self._choose_file),
            ("Alt+K", self.results.lock_month),
        ):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(partial(slot))
