"""F1: every key, by page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QGridLayout, QLabel, QPushButton, QVBoxLayout

from ui import theme
from ui.theme import Token

if TYPE_CHECKING:
    from collections.abc import Iterable

    from PySide6.QtWidgets import QWidget

    from desk_app.domain.actions import ActionForm


class KeysDialog(QDialog):
    """Read it, and Esc."""

    def __init__(self, window: QWidget, actions: Iterable[ActionForm]) -> None:
        """List the keys; those of the actions come from their facts."""
        super().__init__(window)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("按键"))
        acts = "　".join(f"{f.letter} {f.label}" for f in actions if f.letter)
        groups = {
            self.tr("到处"): [
                ("Ctrl+1 2 3 4", self.tr("登记、跟进、导出、设置")),
                ("F4", self.tr("换人受理")),
                ("F7", self.tr("处理指引与话术：打开、关上；Enter 复制一句（登记、跟进）")),
                ("Esc", self.tr("返回，或关掉上面的提示；不会丢失已填的内容")),
                ("F1", self.tr("这张表")),
            ],
            self.tr("登记"): [
                ("Tab  Enter", self.tr("下一项（经过、要求里 Enter 换行，Tab 离开）")),
                ("1 2 3 …  ← →", self.tr("在选项上：直接选")),
                ("Ctrl+S", self.tr("保存")),
                ("Ctrl+N", self.tr("下一位；没写完的留作草稿")),
                ("F3", self.tr("没写完的登记")),
                ("F2", self.tr("更多项目")),
            ],
            self.tr("跟进"): [
                ("↑ ↓  Enter", self.tr("选择、打开")),
                ("Ctrl+F", self.tr("按编号打开一件，结了案的也行")),
                ("1 2 3 4  ← →", self.tr("逾期、今天、本周、全部")),
                (self.tr("字母"), acts),
                ("Ctrl+Enter", self.tr("完成这一步")),
            ],
            self.tr("设置"): [
                ("Alt+1 2 3", self.tr("门店与权限、工作日历、时限")),
                ("Ctrl+S", self.tr("保存设置；在日历上：填入这一天")),
                ("F5", self.tr("立即备份")),
                ("F6", self.tr("检查登记册")),
            ],
            self.tr("导出"): [("↑ ↓", self.tr("换月")), ("Ctrl+S", self.tr("导出")), ("Ctrl+O", self.tr("选文件夹"))],
        }
        grid = QGridLayout()
        grid.setHorizontalSpacing(theme.space(6))
        grid.setVerticalSpacing(theme.space())
        for title, keys in groups.items():
            head = QLabel(title)
            head.setFont(theme.font(bold=True))
            grid.addWidget(head, grid.rowCount(), 0, 1, 2)
            for key, words in keys:
                row = grid.rowCount()
                key_label = QLabel(key)
                theme.ink(key_label, Token.ACCENT)
                grid.addWidget(key_label, row, 0)
                grid.addWidget(QLabel(words), row, 1)
        done = QPushButton(self.tr("知道了  Esc"))
        done.clicked.connect(self.accept)
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.space(8), theme.space(6), theme.space(8), theme.space(6))
        column.setSpacing(theme.space(4))
        column.addLayout(grid)
        column.addWidget(done, 0, Qt.AlignmentFlag.AlignRight)
