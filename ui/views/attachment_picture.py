"""A picture, large, in a window of ours: no other program ever opens it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from desk_app.domain.attachments import Attached, AttachmentKind, Taken
from desk_app.errors import KnownError
from desk_app.services import attachments as use_cases
from ui import theme
from ui.theme import Step, Token

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QKeyEvent, QResizeEvent

    from ui.desk import Desk

_SHARE = 0.9  # of the screen
_LARGEST = 2400  # pixels


class PicturePane(QDialog):
    """One of several pictures. ← → go to the others, S saves a copy (``copy_wanted``), Esc closes."""

    copy_wanted = Signal(object)

    def __init__(self, desk: Desk, files: Sequence[Taken | Attached], shown: Taken | Attached, parent: QWidget) -> None:
        """Ask for the picture; it comes when it is decoded."""
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._desk = desk
        self._files = [each for each in files if each.kind is AttachmentKind.PICTURE]
        self._at = next((n for n, each in enumerate(self._files) if each == shown), 0)
        self._whole = QPixmap()
        self._is_open = True
        self._picture = QLabel()
        self._picture.setWordWrap(True)
        self._picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._picture.setMinimumSize(1, 1)
        self._name = QLabel()
        self._name.setFont(theme.font(Step.LARGE, bold=True))
        keys = QLabel(self.tr("← → 上一张、下一张　S 另存　Esc 关闭"))
        keys.setFont(theme.font(Step.SMALL))
        theme.ink(keys, Token.MUTED)
        save, close = QPushButton(self.tr("另存  S")), QPushButton(self.tr("关闭  Esc"))
        head = QHBoxLayout()
        head.addWidget(self._name, 1)
        for widget in (keys, save, close):
            head.addWidget(widget)
        for button in (save, close):
            button.setAutoDefault(False)
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        save.clicked.connect(lambda: self.copy_wanted.emit(self._files[self._at]))
        close.clicked.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(*[theme.space(3)] * 4)
        column.addLayout(head)
        column.addWidget(self._picture, 1)
        room = self.screen().availableGeometry().size()
        self.resize(QSize(int(room.width() * _SHARE), int(room.height() * _SHARE)).boundedTo(parent.window().size()))
        self._show()

    @property
    def has_picture(self) -> bool:
        """Whether the picture is there."""
        return not self._whole.isNull()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go to another picture, or save a copy of this one."""
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        if step is not None:
            self._at = (self._at + step) % len(self._files)
            self._show()
        elif event.key() == Qt.Key.Key_S:
            self.copy_wanted.emit(self._files[self._at])
        else:
            super().keyPressEvent(event)

    def done(self, result: int) -> None:
        """Close; what is still being decoded is not wanted any more."""
        self._is_open = False
        super().done(result)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the picture into the room there is."""
        super().resizeEvent(event)
        self._fit()

    def _show(self) -> None:
        shown = self._files[self._at]
        more = f"（{self._at + 1}/{len(self._files)}）" if len(self._files) > 1 else ""
        self.setWindowTitle(shown.name)
        self._name.setText(shown.name + more)
        self._whole = QPixmap()
        self._picture.setText(self.tr("正在打开…"))
        side = min(_LARGEST, int(max(self.width(), self.height()) * self.devicePixelRatioF()))

        def made(data: bytes) -> None:
            if self._is_open and self._files[self._at] == shown:
                self._whole.loadFromData(data, "PNG")
                self._fit()

        def refused(error: Exception) -> bool:
            if self._is_open and isinstance(error, KnownError):
                self._picture.setText(self._desk.rules.sentences.error(error))
            return isinstance(error, KnownError)

        self._desk.ask(lambda ws: use_cases.thumbnail(ws, shown, side), made, refused)

    def _fit(self) -> None:
        if self.has_picture:
            ratio = self.devicePixelRatioF()
            room = self._picture.size() * ratio
            whole = self._whole.size()
            size = whole.scaled(room, Qt.AspectRatioMode.KeepAspectRatio).boundedTo(whole)
            fitted = self._whole.scaled(
                size, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
            )
            fitted.setDevicePixelRatio(ratio)
            self._picture.setPixmap(fitted)
