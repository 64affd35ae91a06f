"""设置 → 隐私: how long customers are kept, which cases are due, and their being made anonymous, a slice at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import uuid4

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QCheckBox,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QSpinBox,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from desk_app.domain.retention import LEAST_YEARS, MOST_YEARS
from desk_app.errors import KnownError
from desk_app.sentences import short_time
from desk_app.services import retention
from ui import theme
from ui.forms.editors import LineEditor
from ui.theme import Step, Token
from ui.widgets.rows_table import RowsTable

if TYPE_CHECKING:
    from desk_app.services.results import Acted, Shop
    from desk_app.services.retention import Anonymised, Logged, Preview
    from desk_app.services.shop import ShopSaved
    from desk_app.services.workspace import Workspace
    from ui.desk import Desk

_SLICE = 10  # cases between two chances for others: each is a transaction
_LISTED = 2_000  # cases that are listed; the sentence above counts them all


class PrivacySection(QWidget):
    """What is due is looked for when the section is opened. Ctrl+Enter twice makes it anonymous; Esc ends that."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        """Show the shop as the desk knows it."""
        super().__init__(parent)
        self._desk = desk
        self._preview: Preview | None = None
        self._waiting: tuple[str, ...] = ()
        self._is_armed = False
        self._left: list[KnownError] = []
        self.years = QSpinBox()
        self.years.setRange(LEAST_YEARS, MOST_YEARS)
        self.years.setSuffix(self.tr(" 年"))
        self.on = QCheckBox(self.tr("启用到期匿名（空格）"))
        self.save = QPushButton(self.tr("保存  Ctrl+S"))
        self.run = QPushButton(self.tr("匿名到期的  Ctrl+Enter"))
        self.reason = LineEditor()
        self.reason.setPlaceholderText(self.tr("为什么暂不匿名，如：诉讼中"))
        self.reason.setAccessibleName(self.tr("暂不匿名的原因"))
        self.keep = QPushButton(self.tr("选中的暂不匿名  Delete"))
        self.due = RowsTable(
            [self.tr("到期的登记"), self.tr("最后一步")], ("TS-20261008-001", "2026-10-01 18:00"), self.tr("到期的登记")
        )
        self.log = RowsTable(
            [self.tr("日期"), self.tr("谁"), self.tr("为什么"), self.tr("件数")],
            ("2026-10-01", "赵店长 ", "保存到期"),
            self.tr("匿名过的"),
        )
        self._state, self._copies, self._progress = QLabel(), QLabel(), QProgressBar()
        self.sure = QLabel()
        self._lay_out()
        self._wire()
        if desk.shop is not None:
            self._show(desk.shop)

    def focus_first(self) -> None:
        """Take the keys, and look what is due."""
        self.years.setFocus(Qt.FocusReason.OtherFocusReason)
        if not self._waiting:
            self._look()

    # ------------------------------------------------------------------------------------ what is shown

    def _show(self, shop: Shop) -> None:
        self.years.setValue(shop.retention_years)
        self.on.setChecked(shop.retention_on)

    def _look(self) -> None:
        self._state.setText(self._say("retention_looking"))
        self._desk.ask(_looked_at, self._show_found, self._refused)

    def _show_found(self, found: tuple[Preview, tuple[Logged, ...]]) -> None:
        self._preview, logged = found
        self._arm("")  # what was asked about may be another number of cases now
        due, label = self._preview.due, self._desk.rules.sentences.label
        told = [self._say("retention_due", count=len(due), files=self._preview.files)]
        if due:
            ends = [each.ended_at for each in due]
            told.append(self._say("retention_oldest", oldest=short_time(min(ends)), newest=short_time(max(ends))))
        if self._left:
            reason = self._desk.rules.sentences.error(self._left[0])
            told.append(self._say("retention_left", count=len(self._left), reason=reason))
        self._state.setText("\n".join(told))
        copies = self._preview.copies
        words = [self._say("erase_copies", count=copies.count, until=copies.until.isoformat())]
        if copies.staying:
            words.append(self._say("erase_copies_stay", count=copies.staying))
        self._copies.setText("\n".join(words))
        self.due.show_rows([(each.number, short_time(each.ended_at)) for each in due[:_LISTED]], self.tr("没有到期的"))
        self.log.show_rows(
            [(each.day.isoformat(), each.by, label("erased", each.why), str(each.count)) for each in logged],
            self.tr("还没有匿名过"),
        )
        self.run.setEnabled(bool(due) and self._is_on)

    def _refused(self, error: Exception) -> bool:
        """Say here why nothing is shown or done; what was waiting waits no more."""
        self._waiting = ()
        self._arm("")
        self._progress.hide()
        self.run.setEnabled(False)
        if isinstance(error, KnownError):
            self._state.setText(self._desk.rules.sentences.error(error))
        return isinstance(error, KnownError)

    @property
    def _is_on(self) -> bool:
        return self._desk.shop is not None and self._desk.shop.retention_on

    # ---------------------------------------------------------------------------------------- changing

    def _save(self) -> None:
        years, is_on = self.years.value(), self.on.isChecked()
        self._desk.ask(lambda ws: retention.save(ws, years, is_on=is_on), self._saved)

    def _saved(self, saved: ShopSaved) -> None:
        self._desk.take_shop(saved.shop)
        self._desk.notice.emit("done", self.tr("设置已保存"))
        self._look()

    def _start(self) -> None:
        """Ask once more, then begin."""
        if self._waiting or self._preview is None or not self.run.isEnabled():
            return
        if not self._is_armed:
            self._arm(self._say("retention_sure", count=len(self._preview.due)))
            return
        self._arm("")
        self._left = []
        self._waiting = self._preview.numbers
        self._progress.setRange(0, len(self._waiting))
        self._progress.setValue(0)
        self._progress.setFormat(self.tr("正在匿名：%v / %m（Esc 停下）"))
        self._progress.show()
        self._go_on()

    def _keep(self, row: int) -> None:
        """Say of a case that is due that it is not to be made anonymous for now."""
        if self._preview is None or not 0 <= row < len(self._preview.due) or self._waiting:
            return
        number, reason, request_id = self._preview.due[row].number, self.reason.value() or "", str(uuid4())

        def kept(_acted: Acted) -> None:
            self._desk.notice.emit("done", self._say("kept", number=number))
            self._look()

        self._desk.ask(lambda ws: retention.keep(ws, number, reason, request_id, kept=True), kept)

    def _go_on(self) -> None:
        """Do the next slice; whatever else was asked meanwhile goes first."""
        some, self._waiting = self._waiting[:_SLICE], self._waiting[_SLICE:]
        self._desk.ask(lambda ws: retention.anonymise(ws, some), self._did, self._refused)

    def _did(self, done: Anonymised) -> None:
        self._left += done.left.values()
        self._progress.setValue(self._progress.maximum() - len(self._waiting))
        if self._waiting:
            self._go_on()
            return
        self._progress.hide()
        self._look()

    def _stop(self) -> None:
        """Leave what has not begun; what is done is done."""
        self._waiting = ()
        self._arm("")

    def _arm(self, sentence: str) -> None:
        """Let the next Ctrl+Enter do it, and say so beside the button; an empty sentence: no more."""
        self._is_armed = bool(sentence)
        self.sure.setText(sentence)

    def _say(self, code: str, **params: object) -> str:
        return self._desk.rules.sentences.say(code, params)

    # ------------------------------------------------------------------------------------------ layout

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        label = QLabel(self.tr("办结后保存几年"))
        label.setBuddy(self.years)
        self.years.setAccessibleName(label.text())
        for widget in (label, self.years, self.on, self.save):
            head.addWidget(widget)
        head.addStretch()
        why = QLabel(
            self.tr(
                "匿名：抹去姓名、联系方式、地址、所写的话和附件，编号、时间、类别、部门、金额、满意度留着，统计不变。"
                "没办结的、还有事没做完的、标明“暂不匿名”的不会动。"
            )
        )
        theme.ink(self.sure, Token.DANGER)
        for each in (why, self._state, self._copies, self.sure):
            each.setWordWrap(True)
            each.setTextFormat(Qt.TextFormat.PlainText)
        for small in (why, self._copies):
            small.setFont(theme.font(Step.SMALL))
            theme.ink(small, Token.MUTED)
        for button in (self.save, self.run, self.keep):
            button.setAutoDefault(True)
        self.run.setEnabled(False)
        self._progress.hide()
        lists = QSplitter(Qt.Orientation.Horizontal)
        lists.setChildrenCollapsible(False)
        lists.addWidget(self.due)
        lists.addWidget(self.log)
        column = QVBoxLayout(self)
        column.setSpacing(theme.space(2))
        column.addLayout(head)
        column.addWidget(why)
        column.addWidget(self._state)
        column.addWidget(lists, 1)
        keeping, doing = QHBoxLayout(), QHBoxLayout()
        keeping.addWidget(self.keep)
        keeping.addWidget(self.reason, 1)
        doing.addWidget(self.run)
        doing.addWidget(self.sure, 1)
        column.addLayout(keeping)
        column.addLayout(doing)
        column.addWidget(self._progress)
        column.addWidget(self._copies)

    def _wire(self) -> None:
        self._desk.shop_changed.connect(self._show)
        self.save.clicked.connect(self._save)
        self.run.clicked.connect(self._start)
        self.keep.clicked.connect(lambda: self._keep(self.due.row))
        self.due.removed.connect(self._keep)
        for keys, slot in (
            ("Ctrl+S", self._save),
            ("Ctrl+Return", self._start),
            ("Ctrl+Enter", self._start),
            ("Esc", self._stop),
        ):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(slot)


def _looked_at(ws: Workspace) -> tuple[Preview, tuple[Logged, ...]]:
    return retention.preview(ws), retention.log(ws)
