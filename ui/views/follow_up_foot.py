"""The foot of the queue: its keys, and the way to the handover."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from ui import theme
from ui.theme import Step, Token
from ui.widgets.elided_label import ElidedLabel


class QueueFoot(QWidget):
    """``handover_wanted`` says that the shift is to be handed over."""

    handover_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        """Lay the parts out side by side; the keys give way."""
        super().__init__(parent)
        hint = self._hint = ElidedLabel()
        self.show_ticked(0, 0)
        hint.setFont(theme.font(Step.SMALL))
        theme.ink(hint, Token.MUTED)
        hand_over = QPushButton(self.tr("交班  F8"))
        hand_over.setToolTip(self.tr("未完事项、承诺、例行事项，交给接班的人"))
        hand_over.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # it has a key of its own
        hand_over.clicked.connect(self.handover_wanted)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, theme.space(2), 0)
        row.addWidget(hint, 1)
        row.addWidget(hand_over)

    def show_ticked(self, lines: int, cases: int) -> None:
        """Say the keys; while lines of the list are ticked, how many cases that is, and what can be done with them."""
        if lines:
            several = self.tr("已选 {0} 件") if lines == cases else self.tr("已选 {1} 项，共 {0} 件")
            keys = self.tr("Ctrl+P 一起打印　空格 选、不选　Ctrl+A 全选　Esc 都不选　字母只对当前这一件")
            self._hint.setText(f"{several.format(cases, lines)}　{keys}")
        else:
            self._hint.setText(
                self.tr(
                    "↑↓ 选择　Enter 打开　字母 操作　S 以后再办　空格 多选　F7 话术　←→ 换视图　Ctrl+L 筛选　Esc 返回"
                )
            )
