"""Beside the form: the five things to ask."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from ui import theme
from ui.theme import Token
from ui.widgets.glyph import Glyph

if TYPE_CHECKING:
    from collections.abc import Mapping

_ASKED = {
    "received_at": ("occurred_at",),
    "place": ("place",),
    "content": ("content",),
    "parties": ("customer_name", "parties", "target", "anonymous"),
    "customer_phone": ("customer_phone", "anonymous"),
}
"""The five things to ask (domain.md part 4 F1), each with the fields that answer it."""
_WIDTH_IN_CHARACTERS = 30


class SidePane(QWidget):
    """What has been asked so far. What else is worth knowing beside the form is added to ``column``, on top."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """Have asked nothing."""
        super().__init__(parent)
        self._signs: dict[str, Glyph] = {}
        words = {
            "received_at": self.tr("时间：什么时候的事"),
            "place": self.tr("地点：在哪里"),
            "content": self.tr("经过：发生了什么"),
            "parties": self.tr("当事人：谁、涉及谁"),
            "customer_phone": self.tr("联系方式：怎么答复"),
        }
        self.column = column = QVBoxLayout(self)
        column.setContentsMargins(theme.space(3), theme.space(3), theme.space(4), theme.space(3))
        column.setSpacing(theme.space(2))
        column.addWidget(_title(self.tr("请问到这五件事")))
        for key, text in words.items():
            line = QHBoxLayout()
            self._signs[key] = Glyph("open")
            line.addWidget(self._signs[key])
            line.addWidget(QLabel(text), 1)
            column.addLayout(line)
        for words_below in (
            self.tr("最后按 F2 把记录复述一遍，请客户确认。"),
            self.tr("怎么说更好：F7 处理指引与话术"),
            self.tr("来过的客户：F6，填电话任意四位、姓名或拼音首字母"),
        ):
            last = QLabel(words_below)
            last.setWordWrap(True)
            theme.ink(last, Token.MUTED)
            column.addWidget(last)
        column.addStretch(1)
        self.setFixedWidth(_WIDTH_IN_CHARACTERS * QFontMetrics(theme.font()).averageCharWidth() + theme.space(8))

    def show_asked(self, values: Mapping[str, object]) -> None:
        """Tick what the form already answers."""
        for key, answers in _ASKED.items():
            self._signs[key].set_sign("done" if any(values.get(a) for a in answers) else "open")


def _title(text: str) -> QLabel:
    label = QLabel(text)
    label.setFont(theme.font(bold=True))
    return label
