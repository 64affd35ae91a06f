"""What is shown where the register cannot be opened: what is wrong, what there is to put in its place, and how."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QPushButton, QVBoxLayout, QWidget

from desk_app.errors import KnownError
from desk_app.services import recovery, restoring, salvaging
from desk_app.services.recovery import RESTORABLE, State
from ui import theme
from ui.forms.field_form import FormScroll
from ui.instance import start_on
from ui.models import backup_words
from ui.opening import open_outside
from ui.theme import Step, Token
from ui.widgets.ask_path import ask_file, ask_folder
from ui.widgets.rows_table import RowsTable
from ui.widgets.secret_line import SecretLine

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeVar

    from PySide6.QtGui import QKeyEvent

    from desk_app.services.recovery import Survey
    from desk_app.services.restoring import Restored
    from desk_app.services.salvaging import Salvaged
    from desk_app.services.workspace import Session
    from ui.desk import Desk

    _T = TypeVar("_T")

_WIDTH_IN_CHARACTERS = 110
_WANTS_SECRET = frozenset({"sealed_needs_secret", "sealed_wrong_secret", "recovery_code_mistyped"})
_ROWS_SEEN = 6


class RecoveryPage(QWidget):
    """Three ways, each by a digit; nothing is done to the register before one is chosen, and nothing is ever deleted.

    A register that is sound can be given up for a backup too, after the person has said so twice. ``left`` carries the
    page to go on with.
    """

    left = Signal(str)

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        """Say nothing before :meth:`activated`."""
        super().__init__(parent)
        self._desk = desk
        self._error: KnownError | None = None
        self._survey: Survey | None = None
        self._kept: Path | None = None  # the damaged file, after another has taken its place
        self._source: Path | None = None  # what the secret that is asked for opens
        self._written: Path | None = None
        self._asked: Path | None = None  # in a sound register's place: whether it is meant
        self._is_busy = self._is_over = self._has_tried = False
        self._title, self._wrong, self._found = QLabel(), QLabel(), QLabel()
        self._result = QLabel()
        self._rest = QLabel(self.tr("没写完的登记都还在，恢复好了接着写；客人在说，就按 Esc 先记。"))
        self.restore = QPushButton()
        self.salvage = QPushButton(self.tr("2  把还能读的导出来…"))
        self.other = QPushButton(self.tr("3  用别处的备份文件…"))
        self.elsewhere = QPushButton(self.tr("4  用另一个数据文件夹…"))
        self.again = QPushButton(self.tr("R  再试着打开"))
        self.later = QPushButton()
        self.open = QPushButton(self.tr("O  打开导出的文件夹"))
        self.secret = SecretLine(self.tr("这份备份加了密：输入备份口令，或打印出来的恢复码，按 Enter"))
        self.backups = RowsTable(
            [self.tr("备份时间"), self.tr("状态"), self.tr("在哪里"), self.tr("大小"), self.tr("文件")],
            ("2026-10-10 10:10 ", "已核对（2026-10-10 10:10） ", "第二处  ", "1000.0 MB"),
            self.tr("可以恢复的备份，Enter 恢复选中的一份"),
        )
        self._progress = QProgressBar()
        self._progress.setRange(0, 0)
        self._lay_out()
        self._wire()

    @property
    def words(self) -> str:
        """Everything that is said at present, a line each."""
        labels = (self._title, self._wrong, self._found, self._result)
        return "\n".join(label.text() for label in labels if label.text())

    def activated(self) -> None:
        """Take the keys, and look at what there is, where nobody has looked since."""
        lost = self._desk.lost
        if not self._is_busy and not self._is_over and (lost is None or lost is not self._error):
            self._error, self._survey, self._kept, self._written, self._asked = lost, None, None, None, None
            self._look()
        self._take_focus()

    @property
    def _is_new(self) -> bool:
        """Whether there is nothing yet that a backup would take the place of: another computer, perhaps."""
        return self._desk.lost is None and self._desk.shop is not None and not self._desk.shop.is_set_up

    # ---------------------------------------------------------------------------------------- what there is

    def _look(self) -> None:
        folder, clock = self._desk.folder, self._desk.clock
        self._work(
            self.tr("正在查看有哪些备份，并核对最近的一份…"),
            lambda: recovery.survey(folder, clock.now()),
            self._looked,
        )

    def _looked(self, survey: Survey) -> None:
        self._survey = survey
        rows = [backup_words.line(self._desk.rules.sentences, offered) for offered in survey.backups]
        self.backups.show_rows(rows, self.tr("备份文件夹里没有备份。按 3 可以选别处的（如 U 盘）。"))
        if survey.best in survey.backups:
            self.backups.choose(survey.backups.index(survey.best))
        tried, self._has_tried = self._has_tried, False
        self._tell(self._desk.rules.sentences.say("recovery_not_yet", {}) if tried else "")
        self._take_focus()

    def _show(self) -> None:
        """Show the state: the one place for it."""
        sentences, error, survey = self._desk.rules.sentences, self._error, self._survey
        is_over, can_restore = self._is_over, error is None or error.code in RESTORABLE
        is_lost = error is not None and not is_over
        titles = (self.tr("恢复一份备份"), self.tr("登记册打不开"))
        self._title.setText(self.tr("登记册恢复好了") if is_over else titles[is_lost])
        wrong = backup_words.wrong(sentences, error, is_new=self._is_new)
        self._wrong.setText("" if is_over else wrong)
        is_told = survey is not None and can_restore and not is_over and not (self._is_new and survey.best is None)
        told = backup_words.found(sentences, survey, is_lost=is_lost) if survey is not None and is_told else ()
        self._found.setText("\n".join(told))
        best = survey.best if survey is not None else None
        self.restore.setText(self.tr("1  恢复最近的这一份"))
        for button, is_shown in (
            (self.restore, can_restore and not is_over and not (self._is_new and best is None)),
            (self.salvage, self._readable() is not None),
            (self.other, can_restore and not is_over),
            (self.elsewhere, is_lost),
            (self.again, is_lost),
            (self.open, self._written is not None),
        ):
            button.setVisible(is_shown)
            button.setEnabled(not self._is_busy)
        self.restore.setEnabled(best is not None and not self._is_busy)
        back = self.tr("先登记，稍后再恢复  Esc") if is_lost else self.tr("不恢复，返回  Esc")
        self.later.setText(self.tr("继续登记  Esc") if is_over else back)
        self.backups.setVisible(can_restore and not is_over)
        self._rest.setVisible(is_lost)
        for label in (self._wrong, self._found, self._result):
            label.setVisible(bool(label.text()))
        self._progress.setVisible(self._is_busy)

    def _readable(self) -> Path | None:
        """Return the damaged file, where there is one: at its place, or where it was kept."""
        if self._kept is not None:
            return self._kept
        is_damaged = self._error is not None and self._error.code == "database_damaged"
        return self._desk.folder.database if is_damaged and self._desk.lost is not None else None

    # --------------------------------------------------------------------------------------------- the ways

    def _restore_best(self) -> None:
        if self._survey is not None and self._survey.best is not None:
            self._restore(self._survey.best.path)

    def _restore_row(self, row: int) -> None:
        offered = self._survey.backups[row] if self._survey is not None else None
        if offered is not None and offered.state is State.UNREADABLE:
            self._tell(self._desk.rules.sentences.say("backup_damaged", {"path": offered.path}))
        elif offered is not None:
            self._restore(offered.path)

    def _restore(self, source: Path, secret: str = "") -> None:
        desk = self._desk
        self._source = source
        if self._error is None and not self._is_new and self._asked != source:
            self._asked = source
            self._tell(desk.rules.sentences.say("recovery_confirm", {"path": source.name}))
            return
        if self._error is not None:
            self._replace(lambda: restoring.restore_lost(desk.folder, desk.clock, desk.rules, source, secret))
        else:
            desk.ask(lambda ws: ws.session, partial(self._replace_sound, source, secret))

    def _replace_sound(self, source: Path, secret: str, session: Session | None) -> None:
        desk = self._desk
        self._replace(lambda: restoring.restore(desk.folder, desk.clock, desk.rules, source, secret, session))

    def _replace(self, work: Callable[[], Restored]) -> None:
        words = self.tr("正在核对并恢复，请不要关机…")
        self._work(words, work, self._restored, self._not_restored, is_closed=True)

    def _restored(self, restored: Restored) -> None:
        was = self._survey
        self._kept = restored.kept if self._error is not None and self._error.code == "database_damaged" else None
        self.secret.clear()
        self.secret.hide()
        is_best = was is not None and was.best is not None and was.best.path == self._source
        lacking = was.lacking if was is not None and is_best else None
        is_all = self._kept is None or (lacking is not None and not lacking.cases and not lacking.events)
        told = backup_words.restored(self._desk.rules.sentences, restored, is_all=is_all)
        self._is_over = True
        self._desk.have_back()
        self._desk.changed.emit(restored.changes)
        self._tell("\n".join(told))
        if self.isVisible():
            self.later.setFocus(Qt.FocusReason.OtherFocusReason)
        else:  # the person has gone back to the form meanwhile
            self._desk.notice.emit("done", told[0])

    def _not_restored(self, error: Exception) -> bool:
        if not isinstance(error, KnownError) or error.code not in _WANTS_SECRET:
            return False
        self.secret.show()
        is_asked = error.code == "sealed_needs_secret"
        self.secret.refuse("" if is_asked else self._desk.rules.sentences.error(error))
        return True

    def _with_secret(self, secret: str) -> None:
        if self._source is not None and not self._is_busy:
            self._restore(self._source, secret)

    def _choose_file(self) -> None:
        filters = (self.tr("备份 (*.sqlite *.sealed)"), self.tr("所有文件 (*)"))
        ask_file(self, self.tr("选一份备份"), lambda path: self._restore(Path(path)), filters=filters)

    def _choose_salvage(self) -> None:
        ask_folder(self, self.tr("导出到哪个文件夹"), self.salvage_into)

    def _choose_elsewhere(self) -> None:
        ask_folder(self, self.tr("用哪个数据文件夹"), self._work_elsewhere)

    def _work_elsewhere(self, path: str) -> None:
        code = "elsewhere_opened" if start_on(Path(path)) else "elsewhere_failed"
        self._tell(self._desk.rules.sentences.say(code, {"path": path}))

    def salvage_into(self, path: str) -> None:
        """Export what can be read of the damaged file into a new folder within this one."""
        desk, source = self._desk, self._readable()
        if source is None:
            return
        out = Path(path) / self.tr("读出的登记-{0}").format(desk.clock.now().strftime("%Y%m%d-%H%M%S"))
        self._work(
            self.tr("正在一条一条地读…"),
            lambda: salvaging.salvage(source, out, desk.clock, desk.rules, desk.storage.let_others_go_first),
            partial(self._salvaged, out),
        )

    def _salvaged(self, out: Path, salvaged: Salvaged) -> None:
        self._written, desk = out, self._desk
        told = partial(backup_words.salvaged, desk.rules.sentences, salvaged, out)
        if desk.lost is None:
            desk.ask(lambda ws: salvaging.beyond(ws, salvaged), lambda beyond: self._tell(told(beyond)))
        else:
            self._tell(told(None))

    def _try_again(self) -> None:
        """Open the file once more: somebody may have put it back."""
        self._has_tried = True
        self._desk.have_back()
        self._desk.ask(
            lambda ws: ws.shop, lambda _shop: self._opened_again(), lambda _error: self._desk.lost is not None
        )

    def _opened_again(self) -> None:
        if self._desk.lost is None:
            self._error, self._has_tried = None, False
            self.left.emit("register")

    # ------------------------------------------------------------------------------------------------- work

    def _work(
        self,
        words: str,
        work: Callable[[], _T],
        done: Callable[[_T], None],
        refused: Callable[[Exception], bool] | None = None,
        *,
        is_closed: bool = False,
    ) -> None:
        """Have something done on the storage thread, and say so; ``is_closed``: nothing else has the register open."""
        if self._is_busy:
            return
        self._is_busy = True
        self._tell(words)

        def ended(value: _T) -> None:
            self._is_busy = False
            self._tell("")
            done(value)

        def failed(error: Exception) -> None:
            self._is_busy = False
            self._tell("")
            if refused is not None and refused(error):
                return
            if isinstance(error, KnownError):
                self._tell(self._desk.rules.sentences.error(error))
            else:
                self._desk.crashed.emit(error)

        if is_closed or self._desk.lost is not None:
            self._desk.storage.run_closed(work, ended, failed)
        else:
            self._desk.storage.run(lambda _ws: work(), ended, failed)

    def _tell(self, words: str) -> None:
        self._result.setText(words)
        self._show()

    def _open_written(self) -> None:
        if self._written is not None and (error := open_outside(self._written)):
            self._tell(self._desk.rules.sentences.error(error))

    # ------------------------------------------------------------------------------------------- the widget

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Let Esc lead back to the form; what is being done goes on."""
        if event.key() == Qt.Key.Key_Escape:
            self._leave()
        else:
            super().keyPressEvent(event)

    def _leave(self) -> None:
        is_choosing = self._error is None and not self._is_over
        self._is_over = False
        self.left.emit("register" if not is_choosing else "welcome" if self._is_new else "settings")

    def _take_focus(self) -> None:
        ways = (self.restore, self.other, self.later)
        wanted = next((way for way in ways if way.isVisible() and way.isEnabled()), self.later)
        wanted.setFocus(Qt.FocusReason.OtherFocusReason)

    def _wire(self) -> None:
        self.backups.opened.connect(self._restore_row)
        self.secret.entered.connect(self._with_secret)
        for button, key, slot in (
            (self.restore, "1", self._restore_best),
            (self.salvage, "2", self._choose_salvage),
            (self.other, "3", self._choose_file),
            (self.elsewhere, "4", self._choose_elsewhere),
            (self.again, "R", self._try_again),
            (self.open, "O", self._open_written),
        ):
            button.setAutoDefault(True)
            button.clicked.connect(slot)
            shortcut = QShortcut(QKeySequence(key), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(partial(_press, button))
        self.later.setAutoDefault(True)
        self.later.clicked.connect(self._leave)

    def _lay_out(self) -> None:
        self._title.setFont(theme.font(Step.DISPLAY, bold=True))
        self._found.setFont(theme.font(Step.LARGE))
        theme.ink(self._rest, Token.MUTED)
        for label in (self._wrong, self._found, self._result, self._rest):
            label.setWordWrap(True)
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.restore.setFont(theme.font(bold=True))
        self.backups.setMinimumHeight(_ROWS_SEEN * theme.space(8))
        first, second = QHBoxLayout(), QHBoxLayout()
        for row, buttons in (
            (first, (self.restore, self.salvage, self.other)),
            (second, (self.again, self.elsewhere, self.open, self.later)),
        ):
            for button in buttons:
                row.addWidget(button)
            row.addStretch()
        self.secret.hide()
        middle = QWidget()
        middle.setMaximumWidth(_WIDTH_IN_CHARACTERS * QFontMetrics(theme.font()).averageCharWidth())
        column = QVBoxLayout(middle)
        column.setSpacing(theme.space(4))
        for words in (self._title, self._wrong, self._found):
            column.addWidget(words)
        column.addLayout(first)
        for widget in (self.secret, self._progress, self._result):
            column.addWidget(widget)
        column.addWidget(self.backups, 1)
        column.addLayout(second)
        column.addWidget(self._rest)
        column.addStretch()  # takes what the table leaves where it is not shown
        scroll = FormScroll()
        scroll.setWidget(middle)
        scroll.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(theme.space(6), theme.space(6), theme.space(6), theme.space(3))
        whole.addWidget(scroll)


def _press(button: QPushButton) -> None:
    if button.isVisible() and button.isEnabled():
        button.click()
