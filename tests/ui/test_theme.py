"""The table of colours, measured; type and space; and that this Qt can be trusted with this Python."""

from __future__ import annotations

import sys
from itertools import chain
from typing import TYPE_CHECKING

import pytest
from PySide6.QtGui import QColor, QFontMetrics, QPalette
from PySide6.QtWidgets import QApplication, QLabel

from ui import theme
from ui.theme import READ_TOGETHER, TOKENS, Step, Token
from ui.widgets.glyph import SIGNS, Glyph
from ui.widgets.notice_bar import _GROUNDS, _SIGNS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot

LEAST = 4.5
LEAST_OF_A_SIGN = 3.0  # WCAG 1.4.11: what is no text
SETS = 1_000
TWO = pytest.mark.parametrize("dark", [False, True])


@pytest.fixture
def app(qapp: QApplication) -> Iterator[QApplication]:
    """The application, light again afterwards."""
    yield qapp
    theme.apply(qapp, dark=False)


def contrast(one: QColor, other: QColor) -> float:
    """Return the contrast ratio of WCAG 2.2, 1 to 21."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: QColor) -> float:
    """Return the relative luminance of WCAG 2.2, 0 to 1."""
    parts = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in colour.getRgbF()[:3])
    return sum(part * weight for part, weight in zip(parts, (0.2126, 0.7152, 0.0722), strict=True))


def test_the_measure_itself_is_that_of_the_standard() -> None:
    assert contrast(QColor("#000000"), QColor("#ffffff")) == pytest.approx(21)
    assert contrast(QColor("#777777"), QColor("#ffffff")) == pytest.approx(4.48, abs=0.01)
    assert contrast(QColor("#ffffff"), QColor("#ffffff")) == 1


@TWO
@pytest.mark.parametrize(("ink", "ground"), READ_TOGETHER)
def test_what_is_read_together_can_be_read(ink: Token, ground: Token, dark: bool) -> None:
    assert contrast(QColor(TOKENS[ink][dark]), QColor(TOKENS[ground][dark])) >= LEAST


def test_every_colour_that_is_written_in_is_measured() -> None:
    measured = set(chain.from_iterable(READ_TOGETHER))
    only_seen = {Token.BORDER}
    assert set(Token) - measured == only_seen


def test_every_notice_is_measured_on_its_own_ground() -> None:
    for kind, ground in _GROUNDS.items():
        assert (Token.TEXT, ground) in READ_TOGETHER
        assert (SIGNS[_SIGNS.get(kind, kind)], ground) in READ_TOGETHER


@TWO
def test_the_selection_and_its_text_can_be_read(dark: bool) -> None:
    made, role = theme.palette(dark=dark), QPalette.ColorRole
    for ink, ground in (
        (role.HighlightedText, role.Highlight),
        (role.Text, role.Base),
        (role.Text, role.AlternateBase),
        (role.ButtonText, role.Button),
        (role.WindowText, role.Window),
        (role.PlaceholderText, role.Base),
        (role.ToolTipText, role.ToolTipBase),
    ):
        assert contrast(made.color(ink), made.color(ground)) >= LEAST
    off = QPalette.ColorGroup.Disabled
    assert contrast(made.color(off, role.Text), made.color(role.Base)) >= LEAST


@TWO
def test_the_present_scheme_is_asked_of_the_palette(app: QApplication, dark: bool) -> None:
    theme.apply(app, dark=dark)
    assert theme.is_dark() is dark
    assert theme.token(Token.TEXT) == QColor(TOKENS[Token.TEXT][dark])
    assert theme.token("danger") == QColor(TOKENS[Token.DANGER][dark])


def test_ink_follows_a_change_of_the_scheme(qtbot: QtBot, app: QApplication) -> None:
    theme.apply(app, dark=False)
    label = QLabel("逾期")
    qtbot.addWidget(label)
    with qtbot.waitExposed(label):
        label.show()
    theme.ink(label, Token.DANGER)

    def written() -> str:
        return label.palette().color(label.foregroundRole()).name()

    for dark in (True, False):
        app.setPalette(theme.palette(dark=dark))
        qtbot.waitUntil(lambda dark=dark: written() == TOKENS[Token.DANGER][dark], timeout=2_000)
    with pytest.raises(KeyError):
        theme.ink(label, Token.BORDER)


def test_type_comes_in_steps_and_space_is_measured_by_it(app: QApplication) -> None:
    sizes = [QFontMetrics(theme.font(step)).height() for step in Step]
    assert sizes == sorted(sizes)
    assert sizes[0] < sizes[-1]
    theme.apply(app, dark=False)
    usual, line = theme.space(10), QFontMetrics(app.font()).height()

    assert line <= theme.space(10) <= 3 * line
    assert theme.space(20) == 2 * usual
    assert theme.space(0) >= 1


def test_every_sign_is_drawn_in_its_own_colour_and_shape(qtbot: QtBot, app: QApplication) -> None:
    theme.apply(app, dark=False)
    seen = set()
    for sign, ink in SIGNS.items():
        glyph = Glyph(sign)
        qtbot.addWidget(glyph)
        glyph.resize(32, 32)
        image = glyph.grab().toImage()
        colours = {image.pixelColor(x, y).name() for x in range(32) for y in range(32)}
        assert theme.token(ink).name() in colours
        assert contrast(theme.token(ink), theme.token(Token.WINDOW)) >= LEAST_OF_A_SIGN
        seen.add(bytes(image.constBits()))
    assert len(seen) == len(SIGNS)


def test_qt_does_not_eat_references_to_none(qtbot: QtBot) -> None:
    """PySide6 6.12.0 under Python 3.11 drops one at each call that returns nothing, and dies in the end."""
    label = QLabel()
    qtbot.addWidget(label)
    label.setText("x")
    before = sys.getrefcount(None)
    for n in range(SETS):
        label.setText(str(n))
    assert sys.getrefcount(None) > before - SETS // 10
