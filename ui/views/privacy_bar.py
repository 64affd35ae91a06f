"""Whether customers can be known from a sheet: as the sheet says, masked, or in full; with what that means."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from desk_app.domain.fields import Choice
from ui import theme
from ui.theme import Step, Token
from ui.widgets.choice_bar import ChoiceBar

if TYPE_CHECKING:
    from collections.abc import Mapping

_MASKED: Mapping[str, bool | None] = {"sheet": None, "masked": True, "full": False}


class PrivacyBar(QWidget):
    """The choice (``bar``) and its sentence. ``masked`` is what the services take."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """Stand at what each sheet says itself."""
        super().__init__(parent)
        labels = (self.tr("按表规定"), self.tr("脱敏"), self.tr("完整"))
        self._told: Mapping[bool | None, str] = {
            None: self.tr("交给客户或外单位的表脱敏，店内留存的表完整。要求保密的客户总是脱敏。"),
            True: self.tr("姓名、电话只留一部分，地址不印。"),
            False: self.tr(
                "姓名、电话、地址照原样印，请妥善保管。职权不够的仍然脱敏；要求保密的客户，有权看的人来导出才完整。"
            ),
        }
        self.bar = ChoiceBar([Choice(key, label) for key, label in zip(_MASKED, labels, strict=True)])
        self.bar.set_value("sheet")
        self.bar.setAccessibleName(self.tr("客户信息"))
        self.bar.edited.connect(self._show_state)
        self._words = QLabel()
        self._words.setFont(theme.font(Step.SMALL))
        self._words.setTextFormat(Qt.TextFormat.PlainText)
        self._words.setWordWrap(True)
        theme.ink(self._words, Token.MUTED)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.space())
        column.addWidget(self.bar)
        column.addWidget(self._words)
        self._show_state()

    @property
    def masked(self) -> bool | None:
        """Whether customers are masked; None: as each sheet says."""
        return _MASKED[str(self.bar.value())]

    def _show_state(self) -> None:
        self._words.setText(self._told[self.masked])
