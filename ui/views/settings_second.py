"""设置 → 备份: the second place, a USB stick or another disk, and how long ago the last copy went there."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from desk_app.domain.fields import Choice
from desk_app.services import second_place
from desk_app.services.second_place import SecondState
from ui import theme
from ui.models import backup_words
from ui.theme import Step, Token
from ui.widgets.ask_path import ask_folder
from ui.widgets.choice_bar import ChoiceBar

if TYPE_CHECKING:
    from desk_app.services.results import Shop
    from desk_app.services.second_place import CopiedThere, SecondPlace
    from desk_app.services.workspace import Workspace
    from ui.desk import Desk
    from ui.views.work_bar import WorkBar

_DAYS = (1, 3, 7, 14, 30)


class SecondPart(QWidget):
    """What is chosen is stored at once. ``told`` carries what came of a copy."""

    told = Signal(str)

    def __init__(self, desk: Desk, work: WorkBar, parent: QWidget | None = None) -> None:
        """Show nothing before :meth:`look`."""
        super().__init__(parent)
        self._desk, self._work = desk, work
        self._state: SecondPlace | None = None
        self._words = QLabel()
        self.copy = QPushButton(self.tr("现在拷一份  Alt+U"))
        self.choose = QPushButton(self.tr("选文件夹…  Alt+F"))
        self.give_up = QPushButton(self.tr("不用第二处  Alt+X"))
        self.days = ChoiceBar([Choice(str(days), self.tr("{0} 天").format(days)) for days in _DAYS])
        self.days.setAccessibleName(self.tr("隔多少天提醒"))
        self._days_label = QLabel(self.tr("隔多少天没拷就提醒"))
        self._lay_out()
        self.copy.clicked.connect(self.copy_now)
        self.choose.clicked.connect(self._choose)
        self.give_up.clicked.connect(lambda: self._set(None))
        self.days.edited.connect(self._set_days)

    @property
    def words(self) -> str:
        """How it stands, as it reads."""
        return self._words.text()

    def look(self) -> None:
        """Ask how it stands now."""
        self._desk.ask(second_place.second_due, self._show)

    def copy_now(self) -> None:
        """Copy a verified backup there."""
        self.told.emit("")
        if self._state is None or self._state.state is SecondState.OFF:
            self.told.emit(self._desk.rules.sentences.say("second_none", {}))
        else:
            self._work.run(self.tr("正在拷到第二处，并核对…"), second_place.copy_to_second, self._copied, self._refused)

    def _copied(self, copied: CopiedThere) -> None:
        params = {"path": copied.path, "files": copied.files}
        self.told.emit(self._desk.rules.sentences.say("second_copied", params))
        self._desk.cared.emit()

    def _show(self, state: SecondPlace) -> None:
        self._state = state
        self._words.setText(backup_words.second(self._desk.rules.sentences, state))
        is_on = state.state is not SecondState.OFF
        for widget in (self.copy, self.give_up, self.days, self._days_label):
            widget.setVisible(is_on)
        if self._desk.shop is not None:
            self.days.set_value(str(self._desk.shop.second_days))

    def _choose(self) -> None:
        ask_folder(self, self.tr("U 盘或另一块磁盘上的文件夹"), lambda path: self._set(Path(path)))

    def _set(self, path: Path | None) -> None:
        days = self._desk.shop.second_days if self._desk.shop is not None else _DAYS[2]
        self._store(path, days)

    def _set_days(self) -> None:
        chosen = self.days.value()
        if self._state is not None and isinstance(chosen, str):
            self._store(self._state.path, int(chosen))

    def _store(self, path: Path | None, days: int) -> None:
        self.told.emit("")

        def choose(ws: Workspace) -> Shop:
            second_place.choose(ws, path, days)
            return ws.shop

        self._desk.ask(choose, self._stored, self._refused)

    def _refused(self, _error: Exception) -> bool:
        """Show how it stands: what was chosen and is not stored is not shown, and the stick may be gone."""
        self.look()
        return False

    def _stored(self, shop: Shop) -> None:
        self._desk.take_shop(shop)
        self._desk.cared.emit()

    def _lay_out(self) -> None:
        title = QLabel(self.tr("第二处（U 盘或另一块磁盘）"))
        title.setFont(theme.font(Step.LARGE, bold=True))
        self._words.setWordWrap(True)
        self._words.setTextFormat(Qt.TextFormat.PlainText)
        self._days_label.setFont(theme.font(Step.SMALL))
        theme.ink(self._days_label, Token.MUTED)
        row = QHBoxLayout()
        for button in (self.copy, self.choose, self.give_up):
            button.setAutoDefault(True)
            row.addWidget(button)
        row.addStretch()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.space(2))
        column.addWidget(title)
        column.addWidget(self._words)
        column.addLayout(row)
        column.addWidget(self._days_label)
        column.addWidget(self.days)
