"""Colours, type and space: one table of tokens with a light and a dark value, applied as a palette.

No style sheets (they slow the start and stop a widget from following the palette): Qt's Fusion style, a
:class:`QPalette` and four steps of type. Whether it is dark is asked of the application's own palette, so
that nothing here keeps state.
"""

from __future__ import annotations

from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QGuiApplication, QPalette

if TYPE_CHECKING:
    from collections.abc import Mapping

    from PySide6.QtCore import QRect
    from PySide6.QtGui import QPainter
    from PySide6.QtWidgets import QApplication, QWidget


class Token(StrEnum):
    """What a colour is for. Greys and one accent; red, amber, green only beside an icon and a word."""

    WINDOW = "window"
    SURFACE = "surface"
    SURFACE_ALT = "surface_alt"
    RAIL = "rail"
    BUTTON = "button"
    TEXT = "text"
    MUTED = "muted"
    BORDER = "border"
    ACCENT = "accent"
    ON_ACCENT = "on_accent"
    SELECTED = "selected"
    DANGER = "danger"
    DANGER_SURFACE = "danger_surface"
    WARNING = "warning"
    WARNING_SURFACE = "warning_surface"
    DONE = "done"
    DONE_SURFACE = "done_surface"


TOKENS: Mapping[Token, tuple[str, str]] = {
    Token.WINDOW: ("#f4f5f7", "#1e2125"),
    Token.SURFACE: ("#ffffff", "#31363d"),
    Token.SURFACE_ALT: ("#f8f9fb", "#363c44"),
    Token.RAIL: ("#e8ebef", "#17191c"),
    Token.BUTTON: ("#fbfcfd", "#3a4048"),
    Token.TEXT: ("#1b1f24", "#e8eaed"),
    Token.MUTED: ("#56606b", "#a9b1bc"),
    Token.BORDER: ("#c3c9d1", "#4a515a"),
    Token.ACCENT: ("#1f5fbf", "#8ab4f8"),
    Token.ON_ACCENT: ("#ffffff", "#10203a"),
    Token.SELECTED: ("#dce8fa", "#2c4268"),
    Token.DANGER: ("#b3261e", "#f5a19a"),
    Token.DANGER_SURFACE: ("#fce8e6", "#4a2320"),
    Token.WARNING: ("#855000", "#f2c06b"),
    Token.WARNING_SURFACE: ("#fff1d6", "#433314"),
    Token.DONE: ("#1c6b38", "#84d19b"),
    Token.DONE_SURFACE: ("#e4f4e9", "#1f3b29"),
}
"""Light and dark value of each token."""

_PLAIN = (Token.WINDOW, Token.SURFACE, Token.SURFACE_ALT, Token.RAIL, Token.SELECTED)
READ_TOGETHER: tuple[tuple[Token, Token], ...] = (
    *((ink, ground) for ink in (Token.TEXT, Token.MUTED, Token.DANGER, Token.WARNING) for ground in _PLAIN),
    *((ink, ground) for ink in (Token.ACCENT, Token.DONE) for ground in _PLAIN if ground is not Token.RAIL),
    (Token.TEXT, Token.BUTTON),
    (Token.TEXT, Token.DANGER_SURFACE),
    (Token.TEXT, Token.WARNING_SURFACE),
    (Token.TEXT, Token.DONE_SURFACE),
    (Token.DANGER, Token.DANGER_SURFACE),
    (Token.WARNING, Token.WARNING_SURFACE),
    (Token.DONE, Token.DONE_SURFACE),
    (Token.ON_ACCENT, Token.ACCENT),
    (Token.ON_ACCENT, Token.DANGER),
)
"""Which foreground is read on which ground: the pairs whose contrast a test measures (at least 4.5:1)."""


_INK_ROLES: Mapping[Token, QPalette.ColorRole] = {
    Token.TEXT: QPalette.ColorRole.WindowText,
    Token.MUTED: QPalette.ColorRole.PlaceholderText,
    Token.ACCENT: QPalette.ColorRole.Link,
    Token.WARNING: QPalette.ColorRole.LinkVisited,
    Token.DANGER: QPalette.ColorRole.BrightText,
}
# A widget that writes by a role follows the palette by itself; one with a palette of its own does not.


class Step(StrEnum):
    """The steps of type, in points."""

    SMALL = "9"
    BASE = "10.5"
    LARGE = "13"
    DISPLAY = "22"


FAMILIES = ("Microsoft YaHei UI", "PingFang SC", "Noto Sans CJK SC", "WenQuanYi Micro Hei")
_UNITS_IN_A_LINE = 4.5


def apply(app: QApplication, *, dark: bool | None = None) -> None:
    """Give the application its style, type and palette; follow the system's scheme where ``dark`` is None."""
    app.setStyle("Fusion")
    app.setFont(font())
    _unit.cache_clear()
    hints = QGuiApplication.styleHints()
    if dark is None:
        hints.colorSchemeChanged.connect(lambda scheme: app.setPalette(palette(dark=scheme is Qt.ColorScheme.Dark)))
        dark = hints.colorScheme() is Qt.ColorScheme.Dark
    app.setPalette(palette(dark=dark))


def is_dark() -> bool:
    """Whether the application shows its dark scheme at present."""
    ground: QColor = QGuiApplication.palette().color(QPalette.ColorRole.Window)
    return ground.name() == TOKENS[Token.WINDOW][1]


def token(name: Token | str) -> QColor:
    """Return the present colour of a token: ``theme.token("danger")``.

    Raises:
        KeyError: there is no such token.
    """
    return QColor(TOKENS[name][is_dark()])  # type: ignore[index]  # a StrEnum is its text


def font(step: Step = Step.BASE, *, bold: bool = False) -> QFont:
    """Return one step of the program's type; figures keep one width where the font knows how."""
    made = QFont()
    made.setFamilies([*FAMILIES, *made.families()])
    made.setPointSizeF(float(step))
    made.setBold(bold)
    made.setFeature(QFont.Tag("tnum"), 1)
    return made


def space(units: float = 1) -> int:
    """Return so many units of the one grid, in device-independent pixels; a unit is 4 at usual type.

    The type is the one that :func:`apply` set: it is looked at once, for a form asks this a thousand times.
    """
    return max(1, round(units * _unit()))


@cache
def _unit() -> int:
    line = QFontMetrics(QGuiApplication.font()).height()
    return max(4, int(line / _UNITS_IN_A_LINE))


def fill(painter: QPainter, area: QRect, name: Token) -> None:
    """Fill an area with a colour (``fillRect`` would make PySide load the 180 names of its gradients first)."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(token(name))
    painter.drawRect(area)


def ink(widget: QWidget, name: Token) -> None:
    """Let a widget write in the colour of a token, now and after every change of the scheme.

    Raises:
        KeyError: the token is no colour to write in.
    """
    widget.setForegroundRole(_INK_ROLES[name])


def palette(*, dark: bool) -> QPalette:
    """Return the palette of one scheme."""
    role = QPalette.ColorRole
    inks = {ink_role: name for name, ink_role in _INK_ROLES.items()}
    roles: Mapping[QPalette.ColorRole, Token] = {
        role.Window: Token.WINDOW,
        **inks,
        role.Base: Token.SURFACE,
        role.AlternateBase: Token.SURFACE_ALT,
        role.Text: Token.TEXT,
        role.Button: Token.BUTTON,
        role.ButtonText: Token.TEXT,
        role.Highlight: Token.ACCENT,
        role.HighlightedText: Token.ON_ACCENT,
        role.Accent: Token.ACCENT,
        role.ToolTipBase: Token.SURFACE,
        role.ToolTipText: Token.TEXT,
        role.Light: Token.SURFACE,
        role.Midlight: Token.BUTTON,
        role.Mid: Token.BORDER,
        role.Dark: Token.BORDER,
        role.Shadow: Token.BORDER,
    }
    made = QPalette()
    for each, name in roles.items():
        made.setColor(each, QColor(TOKENS[name][dark]))
    for each in (role.WindowText, role.Text, role.ButtonText):
        made.setColor(QPalette.ColorGroup.Disabled, each, QColor(TOKENS[Token.MUTED][dark]))
    made.setColor(QPalette.ColorGroup.Disabled, role.Highlight, QColor(TOKENS[Token.BORDER][dark]))
    return made
