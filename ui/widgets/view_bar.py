"""The views of a list, side by side in groups: the key of each, its name, and how many lines it holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QPainter
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QSizePolicy, QWidget

from ui import theme
from ui.theme import Step, Token

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QPaintEvent, QResizeEvent

KEYS = (*"1234567890", *(f"Alt+{digit}" for digit in "1234567890"))
"""The keys of the views, in the order in which they stand; those behind have none."""
_DIGITS = 10


class ViewBar(QWidget):
    """One of several views is shown. ``chosen`` carries its place, whatever chose it; Tab passes the bar by.

    A group, which may have a title, begins the next line where it does not fit into this one.
    """

    chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        """Have no views yet."""
        super().__init__(parent)
        self._buttons: list[_ViewButton] = []
        self._groups: list[tuple[str, list[_ViewButton]]] = []
        self._titles: list[tuple[str, QRect]] = []
        self._one = QButtonGroup(self)
        self._one.idToggled.connect(lambda place, is_on: self.chosen.emit(place) if is_on else None)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    @property
    def current(self) -> int:
        """The place of the view that is shown."""
        return self._one.checkedId()

    def set_views(self, groups: Sequence[tuple[str, Sequence[str]]], current: int) -> None:
        """Show these groups, each with its title and the names of its views; nothing is emitted. Counts begin empty."""
        for button in self._buttons:
            self._one.removeButton(button)
            button.setParent(None)
            button.deleteLater()
        self._buttons = []
        self._groups = []
        for title, names in groups:
            self._groups.append((title, [self._add(name) for name in names]))
        self._one.blockSignals(True)
        self._buttons[current].setChecked(True)
        self._one.blockSignals(False)
        self._arrange()
        self.updateGeometry()

    def choose(self, place: int) -> None:
        """Show another view; a place that is not there changes nothing."""
        if 0 <= place < len(self._buttons):
            self._buttons[place].setChecked(True)

    def step(self, by: int) -> None:
        """Show the next view or the one before, round and round."""
        self.choose((self.current + by) % len(self._buttons))

    def set_count(self, place: int, count: str, *, presses: bool = False) -> None:
        """Write how many lines a view holds; in red where it presses."""
        if self._buttons[place].set_count(count, presses=presses):
            self._arrange()
            self.updateGeometry()

    def explain(self, place: int, sentence: str) -> None:
        """Say what a view shows, beside its key."""
        self._buttons[place].explain(sentence)

    def words(self) -> list[str]:
        """Return each view as it reads: its name and its count."""
        return [button.words for button in self._buttons]

    def sizeHint(self) -> QSize:
        """Return the size with every view on one line."""
        return QSize(sum(b.sizeHint().width() for b in self._buttons), self.heightForWidth(1 << 20))

    def minimumSizeHint(self) -> QSize:
        """Return the size below which one view would be cut."""
        return QSize(max((b.sizeHint().width() for b in self._buttons), default=0), self.heightForWidth(1 << 20))

    def heightForWidth(self, width: int) -> int:
        """Return the height of as many lines as ``width`` makes necessary."""
        return max((rect.bottom() + 1 for rect in self._rects(width)), default=0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lay the views out anew."""
        super().resizeEvent(event)
        self._arrange()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Write the titles of the groups."""
        painter = QPainter(self)
        painter.setFont(theme.font(Step.SMALL))
        painter.setPen(theme.token(Token.MUTED))
        for title, rect in self._titles:
            painter.drawText(rect, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, title)

    def _add(self, name: str) -> _ViewButton:
        place = len(self._buttons)
        button = _ViewButton(name, KEYS[place] if place < len(KEYS) else "", self)
        self._buttons.append(button)
        self._one.addButton(button, place)
        button.show()
        return button

    def _arrange(self) -> None:
        rects, before = self._rects(self.width()), 0
        self._titles = []
        for title, buttons in self._groups:
            if title:
                first = rects[before]
                self._titles.append((title, QRect(0, first.top(), first.left(), first.height())))
            for button, rect in zip(buttons, rects[before:], strict=False):
                button.setGeometry(rect)
            before += len(buttons)
        self.update()

    def _rects(self, width: int) -> list[QRect]:
        """Return where each view stands in so much width: a group after the other, a line after the other."""
        small = QFontMetrics(theme.font(Step.SMALL))
        left, top, gap, rects = 0, 0, theme.space(5), list[QRect]()
        for title, buttons in self._groups:
            sizes = [button.sizeHint() for button in buttons]
            indent = small.horizontalAdvance(title) + theme.space(1.5) if title else 0
            if left and left + gap + indent + sum(size.width() for size in sizes) > width:
                left, top = 0, rects[-1].bottom() + 1
            left += indent + (gap if left else 0)
            for size in sizes:
                if left > indent and left + size.width() > width:
                    left, top = 0, rects[-1].bottom() + 1
                rects.append(QRect(left, top, size.width(), size.height()))
                left += size.width()
        return rects


class _ViewButton(QAbstractButton):
    def __init__(self, name: str, key: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._key, self._count, self._presses = key, "", False
        self.setText(name)
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._size = self._measure()  # a layout asks for it many times
        self.explain("")
        self._name()

    @property
    def words(self) -> str:
        return f"{self.text()} {self._count}".strip()

    def explain(self, sentence: str) -> None:
        self.setToolTip("　".join(filter(None, (sentence, self.tr("按 {0}").format(self._key) if self._key else ""))))
        self.setAccessibleDescription(sentence)

    def set_count(self, count: str, *, presses: bool) -> bool:
        if (count, presses) == (self._count, self._presses):
            return False
        self._count, self._presses = count, presses
        self._size = self._measure()
        self._name()
        self.update()
        return True

    def _name(self) -> None:
        self.setAccessibleName("，".join(filter(None, (self.words, self._key))))

    def _parts(self) -> list[tuple[str, Step, bool, Token]]:
        digit = self._key if len(self._key) == 1 else ""
        ink = Token.DANGER if self._presses else Token.MUTED
        name = Token.ACCENT if self.isChecked() else Token.TEXT
        return [
            (digit, Step.SMALL, False, Token.MUTED),
            (self.text(), Step.BASE, self.isChecked(), name),
            (self._count, Step.SMALL, self._presses, ink),
        ]

    def sizeHint(self) -> QSize:
        return self._size

    def _measure(self) -> QSize:
        gap = theme.space(0.75)
        small, bold = QFontMetrics(theme.font(Step.SMALL, bold=True)), QFontMetrics(theme.font(bold=True))
        texts = [self._key if len(self._key) == 1 else "", self._count]
        side = sum(small.horizontalAdvance(text) + gap for text in texts if text)
        return QSize(side + bold.horizontalAdvance(self.text()) + theme.space(3), bold.height() + theme.space(2))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter, area, gap = QPainter(self), self.rect(), theme.space(0.75)
        if self.underMouse() and not self.isChecked():
            theme.fill(painter, area, Token.SURFACE_ALT)
        left = theme.space(1.5)
        for text, step, bold, ink in self._parts():
            if text:
                font = theme.font(step, bold=bold)
                wide = QFontMetrics(font).horizontalAdvance(text)
                painter.setFont(font)
                painter.setPen(theme.token(ink))
                painter.drawText(QRect(left, 0, wide + gap, area.height()), Qt.AlignmentFlag.AlignVCenter, text)
                left += wide + gap
        if self.isChecked():
            line = max(2, theme.space(0.5))
            theme.fill(
                painter, QRect(theme.space(), area.height() - line, area.width() - theme.space(2), line), Token.ACCENT
            )
