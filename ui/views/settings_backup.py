"""设置 → 备份: which backups there are, one more now, another place for them, and whether all is well."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from desk_app.errors import KnownError
from desk_app.services import checking, drill, recovery, upkeep
from desk_app.services.recovery import State
from ui import theme
from ui.forms.field_form import FormScroll
from ui.models import backup_words
from ui.theme import Step, Token
from ui.views.settings_seal import SealPart
from ui.views.settings_second import SecondPart
from ui.views.work_bar import WorkBar
from ui.widgets.rows_table import RowsTable

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from PySide6.QtGui import QKeyEvent

    from desk_app.services.drill import Drilled
    from desk_app.services.recovery import Offered
    from desk_app.services.results import Changes, Verified
    from desk_app.services.upkeep import BackedUp
    from desk_app.services.workspace import Workspace
    from ui.desk import Desk

_T = TypeVar("_T")
_ROWS_SEEN = 7
_BROKEN = frozenset({"check_integrity", "check_unreadable"})
"""Findings of a register that no use case ought to be asked of any more."""


class _Known(NamedTuple):
    """What the storage thread knows of the backups."""

    kept: tuple[Offered, ...]
    drilled: datetime | None


class BackupSection(QWidget):
    """Every button has its key; what came of it stands below, and stays until the next is pressed."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        """Show what there is."""
        super().__init__(parent)
        self._desk = desk
        self._last, self._drilled, self._result = QLabel(), QLabel(), QLabel()
        self.back_up_button = QPushButton(self.tr("立即备份  F5"))
        self.check_button = QPushButton(self.tr("检查登记册  F6"))
        self.drill_button = QPushButton(self.tr("恢复演练  Alt+D"))
        self.restore_button = QPushButton(self.tr("恢复一份备份…  Alt+R"))
        self.kept = RowsTable(
            [self.tr("备份时间"), self.tr("状态"), self.tr("大小"), self.tr("文件")],
            ("2026-10-10 10:10 ", "已核对（2026-10-10 10:10） ", "1000.0 MB"),
            self.tr("这台电脑上的备份"),
        )
        self.found = RowsTable([self.tr("检查发现")], (), self.tr("检查发现的问题"))
        self.work = WorkBar(desk)
        self.second = SecondPart(desk, self.work)
        self.seal = SealPart(desk)
        self._lay_out()
        self._wire()
        self.look()

    @property
    def words(self) -> str:
        """What came of the last thing, as it reads."""
        return self._result.text()

    def focus_first(self) -> None:
        """Take the keys, and show what is there now."""
        self.back_up_button.setFocus(Qt.FocusReason.OtherFocusReason)
        self.look()

    def look(self) -> None:
        """Ask what there is now."""
        self._desk.ask(_known, self._show)
        self.second.look()
        self.seal.look()

    # -------------------------------------------------------------------------------------------- doing

    def back_up(self) -> None:
        """Make a backup now."""
        self._begin(
            self.tr("正在备份，并核对…"), lambda ws, meanwhile: upkeep.backup(ws, meanwhile=meanwhile), self._made
        )

    def check_register(self) -> None:
        """Check the register now."""
        self._begin(self.tr("正在检查…"), checking.verify, self._verified)

    def drill_now(self) -> None:
        """Restore the newest backup into an empty folder, compare, and throw it away again."""
        self._begin(
            self.tr("正在演练：恢复到空文件夹，逐行比较…"),
            lambda ws, meanwhile: drill.drill(ws, meanwhile=meanwhile),
            self._was_drilled,
        )

    def _begin(
        self,
        words: str,
        work: Callable[[Workspace, Callable[[], object]], _T],
        done: Callable[[_T], None],
    ) -> None:
        if self.work.run(words, work, done):
            self._say("")
        else:
            self._say(self.tr("上一件事还没有做完，请等它做完，或按 Esc 停下"))

    def _made(self, made: BackedUp) -> None:
        self._say(self._desk.rules.sentences.say("backed_up", {"path": made.path}))
        self._desk.cared.emit()

    def _verified(self, result: Verified) -> None:
        say = self._desk.rules.sentences.say
        if any(each.code in _BROKEN for each in result.findings):
            folder = self._desk.folder
            self._desk.lose(KnownError("database_damaged", path=folder.database, backups=folder.backups))
        count = len(result.findings)
        told = say("verify_found", {"count": count}) if count else say("verified", {})
        self._say("\n".join((told, *(say(note.code, note.params) for note in result.notes))))
        self.found.show_rows([(say(each.code, each.params),) for each in result.findings])
        self.found.setVisible(bool(count))
        if count:
            self.found.setFocus(Qt.FocusReason.OtherFocusReason)
        self.look()

    def _was_drilled(self, found: Drilled) -> None:
        self._say("\n".join(backup_words.drilled(self._desk.rules.sentences, found)))
        self._desk.cared.emit()

    # -------------------------------------------------------------------------------------- what is shown

    def _show(self, known: _Known) -> None:
        sentences = self._desk.rules.sentences
        rows = [backup_words.line(sentences, each) for each in known.kept]
        self.kept.show_rows(
            [(when, state, size, name) for when, state, _where, size, name in rows],
            self.tr("还没有备份。第一次保存登记后会自动做一份，也可以按 F5。"),
        )
        sound = next((each for each in known.kept if each.state is State.SOUND), None)
        if sound is None:
            self._last.setText(sentences.say("backup_none", {}))
        else:
            params = {"made_at": sound.made_at, "checked_at": sound.checked_at}
            self._last.setText(sentences.say("backup_last", params))
        code = "drill_last" if known.drilled else "drill_never"
        self._drilled.setText(sentences.say(code, {"at": known.drilled}))

    def _say(self, words: str) -> None:
        self._result.setText(words)
        self._result.setVisible(bool(words))
        self.found.hide()

    def _changed(self, changes: Changes) -> None:
        if changes.everything and self.isVisible():
            self.look()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Let Esc stop what is under way."""
        if event.key() == Qt.Key.Key_Escape and self.work.is_running:
            self.work.stop()
        else:
            super().keyPressEvent(event)

    # ------------------------------------------------------------------------------------------- layout

    def _wire(self) -> None:
        self._desk.changed.connect(self._changed)
        self.second.told.connect(self._say)
        self._desk.cared.connect(self.look)
        self.seal.told.connect(self._say)
        for button, key in (
            (self.drill_button, "Alt+D"),
            (self.restore_button, "Alt+R"),
            (self.second.copy, "Alt+U"),
            (self.second.choose, "Alt+F"),
            (self.second.give_up, "Alt+X"),
            (self.seal.set_up, "Alt+M"),
            (self.seal.turn_off, "Alt+K"),
            (self.seal.print, "Ctrl+P"),
            (self.seal.noted, "Alt+Y"),
        ):
            shortcut = QShortcut(QKeySequence(key), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(partial(_press, button))
        self.back_up_button.clicked.connect(self.back_up)
        self.check_button.clicked.connect(self.check_register)
        self.drill_button.clicked.connect(self.drill_now)
        self.restore_button.clicked.connect(self._desk.recovery_wanted)

    def _lay_out(self) -> None:
        title = QLabel(self.tr("这台电脑上的备份"))
        title.setFont(theme.font(Step.LARGE, bold=True))
        where = QLabel(self.tr("资料都在这个文件夹里：{0}").format(self._desk.folder.root))
        where.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        theme.ink(where, Token.MUTED)
        for label in (where, self._last, self._drilled, self._result):
            label.setWordWrap(True)
            label.setTextFormat(Qt.TextFormat.PlainText)
        self._result.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        theme.ink(self._drilled, Token.MUTED)
        for table in (self.kept, self.found):
            table.setMinimumHeight(_ROWS_SEEN * theme.space(7))
        self._result.hide()
        self.found.hide()
        buttons = QHBoxLayout()
        for button in (self.back_up_button, self.check_button, self.drill_button, self.restore_button):
            button.setAutoDefault(True)
            buttons.addWidget(button)
        buttons.addStretch()
        own, others = QVBoxLayout(), QVBoxLayout()
        own.setSpacing(theme.space(2))
        for words in (title, self._last, self._drilled, where):
            own.addWidget(words)
        own.addWidget(self.kept, 1)
        others.setSpacing(theme.space(5))
        others.addWidget(self.second)
        others.addWidget(self.seal)
        others.addStretch()
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setSpacing(theme.space(3))
        column.addLayout(buttons)
        for widget in (self.work, self._result, self.found):
            column.addWidget(widget)
        sides = QHBoxLayout()
        sides.setSpacing(theme.space(6))
        sides.addLayout(own, 1)
        sides.addLayout(others, 1)
        column.addLayout(sides, 1)
        scroll = FormScroll()
        scroll.setWidget(inner)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(scroll)


def _known(ws: Workspace) -> _Known:
    return _Known(recovery.offered(ws), drill.last_drill(ws))


def _press(button: QPushButton) -> None:
    if button.isVisible() and button.isEnabled():
        button.click()
