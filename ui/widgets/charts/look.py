"""How charts are drawn: fonts, measures and colours, on the screen and on paper. All lengths hang on the letters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPen

from ui import theme
from ui.theme import Step, Token

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from PySide6.QtGui import QPainter

PAPER_LETTER = 100
"""How high a letter of the paper's look is, in units of the painter: it is drawn large, and scaled to its place."""

_SHADES = (0.12, 0.35, 0.7, 1.0)
_STRONG, _STRONG_WHEN_DARK = 1.0, 0.7  # the shades on which the ink of the accent is read
_GREYS = ("#ececec", "#d2d2d2", "#b3b3b3", "#8c8c8c")
_SMALLER = 0.86
_LINE_IN_LETTERS = 1.4
_UNITS_IN_A_LETTER = 3.0
_MOST_LINES = 3
_LONGEST_IN_TABLE = 20

LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
CENTRE = Qt.AlignmentFlag.AlignCenter


@dataclass(frozen=True, slots=True)
class Look:
    """Fonts, what measures them, and what each colour is for.

    ``shades`` are the grounds of a heat map from few to many, each with the ink that is read on it (contrast at least
    4.5:1, measured by a test).
    """

    bold: QFont
    small: QFont
    of_base: QFontMetricsF
    of_small: QFontMetricsF
    text: QColor
    muted: QColor
    rule: QColor
    ground: QColor
    strong: QColor
    weak: QColor
    shades: tuple[tuple[QColor, QColor], ...]
    letter: float
    is_paper: bool

    @classmethod
    def screen(cls) -> Look:
        """Return the look of the present scheme; to be asked anew when the palette or the font changes."""
        base, small = theme.font(), theme.font(Step.SMALL)
        of_base = QFontMetricsF(base)
        return cls(
            bold=theme.font(bold=True),
            small=small,
            of_base=of_base,
            of_small=QFontMetricsF(small),
            text=theme.token(Token.TEXT),
            muted=theme.token(Token.MUTED),
            rule=theme.token(Token.BORDER),
            ground=theme.token(Token.WINDOW),
            strong=theme.token(Token.ACCENT),
            weak=theme.token(Token.MUTED),
            shades=shades(),
            letter=of_base.height() / _LINE_IN_LETTERS,
            is_paper=False,
        )

    @classmethod
    def paper(cls) -> Look:
        """Return black and greys on white, in letters of :data:`PAPER_LETTER` units whatever the device."""
        small, black, grey = _on_paper(_SMALLER), QColor("#000000"), QColor("#404040")
        return cls(
            bold=_on_paper(1, bold=True),
            small=small,
            of_base=QFontMetricsF(_on_paper(1)),
            of_small=QFontMetricsF(small),
            text=black,
            muted=grey,
            rule=QColor("#a0a0a0"),
            ground=QColor("#ffffff"),
            strong=grey,
            weak=QColor("#808080"),
            shades=tuple((QColor(name), black) for name in _GREYS),
            letter=float(PAPER_LETTER),
            is_paper=True,
        )

    @property
    def unit(self) -> float:
        """The least gap."""
        return self.letter / _UNITS_IN_A_LETTER

    @property
    def line(self) -> float:
        """How high a line of small text is."""
        return self.of_small.height()

    @property
    def hair(self) -> float:
        """The width of a thin line."""
        return self.letter / 14

    def wide(self, texts: Sequence[str]) -> float:
        """Return the width of the widest of these texts in small letters, rounded up; 0 of none."""
        return max((self.of_small.horizontalAdvance(text) + 1 for text in texts), default=0.0)

    def pen(self, ink: QColor, width: float = 1.0, style: Qt.PenStyle = Qt.PenStyle.SolidLine) -> QPen:
        """Return a pen so many hairs wide."""
        return QPen(ink, width * self.hair, style)


def shades() -> tuple[tuple[QColor, QColor], ...]:
    """Return the shades of the present scheme, from few to many: each ground, and the ink that is read on it.

    The middle between surface and accent is left out: in the dark scheme no ink can be read on it.
    """
    surface, accent = theme.token(Token.SURFACE), theme.token(Token.ACCENT)
    made = []
    for part in _SHADES:
        red, green, blue = (
            round(low + (high - low) * part)
            for low, high in (
                (surface.red(), accent.red()),
                (surface.green(), accent.green()),
                (surface.blue(), accent.blue()),
            )
        )
        is_strong = part >= _STRONG_WHEN_DARK if theme.is_dark() else part >= _STRONG
        made.append((QColor(red, green, blue), theme.token(Token.ON_ACCENT if is_strong else Token.TEXT)))
    return tuple(made)


def write(painter: QPainter, look: Look, area: QRectF, text: str, ink: QColor, align: Qt.AlignmentFlag = LEFT) -> None:
    """Write one line of small letters into an area, ended by an ellipsis where it does not fit; never outside of it."""
    if area.height() + 1 < look.of_small.ascent():
        return
    shown = elided(look, text, area.width())
    if shown:
        painter.setFont(look.small)
        painter.setPen(ink)
        painter.drawText(area, align | Qt.TextFlag.TextSingleLine, shown)


def elided(look: Look, text: str, width: float) -> str:
    """Return as much of a text as fits; nothing where not even the ellipsis does."""
    if look.of_small.horizontalAdvance(text) <= width:
        return text
    shown = look.of_small.elidedText(text, Qt.TextElideMode.ElideRight, width)
    return "" if look.of_small.horizontalAdvance(shown) > width else shown


def folded(look: Look, text: str, width: float) -> list[str]:
    """Return a text in lines so wide, even ones, broken anywhere as Chinese may be; at most three, elided then."""
    for count in range(1, _MOST_LINES + 1):
        long = -(-len(text) // count)
        lines = [text[at : at + long] for at in range(0, len(text), long or 1)]
        if all(look.of_small.horizontalAdvance(line) <= width for line in lines):
            return lines
    fitting = next((n for n in range(len(text), 0, -1) if look.of_small.horizontalAdvance(text[:n]) <= width), 1)
    cut = [text[at : at + fitting] for at in range(0, fitting * (_MOST_LINES - 1), fitting)]
    return [shown for line in (*cut, text[fitting * (_MOST_LINES - 1) :]) if (shown := elided(look, line, width))]


def widest(texts: Iterable[str]) -> str:
    """Return the text that needs the widest column of a table, shortened where it would leave no room for others."""
    measure = QFontMetricsF(theme.font())
    return max((text[:_LONGEST_IN_TABLE] for text in texts), key=measure.horizontalAdvance, default="")


def number(count: int) -> str:
    """Return a count as people read it: 12,345."""
    return f"{count:,}"


def tr(text: str) -> str:
    """Return a text of the charts in the language of the window."""
    return QCoreApplication.translate("Charts", text)


def _on_paper(size: float, *, bold: bool = False) -> QFont:
    made = theme.font(bold=bold)
    made.setPixelSize(round(PAPER_LETTER * size))
    made.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    return made
