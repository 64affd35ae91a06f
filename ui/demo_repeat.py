"""The second part of the demo: customers who come back, registered by eight keys beside what they say."""

from __future__ import annotations

from PySide6.QtCore import Qt

from ui import demo_story as story
from ui.demo_player import ALT, CTRL, Player
from ui.models.hits_model import HitsModel
from ui.views.register_customer import CustomerWatch
from ui.views.register_read_back import ReadBackBand
from ui.views.register_saved import SavedPanel

KEY = Qt.Key
_MOST_KEYS = 12


def play_repeat(player: Player) -> None:
    """Register another matter of a known customer, add to an open case of a second one, find both by a word."""
    player.press(KEY.Key_1, CTRL)
    player.press(KEY.Key_N, CTRL)
    keys = _another_matter(player)
    player.expect("a known customer takes few keys", keys <= _MOST_KEYS)
    _the_same_matter(player)
    player.press(KEY.Key_F, CTRL)
    player.write(story.SEARCHED)
    hits = player.found(HitsModel)
    player.until("the search finds it", lambda: hits.lines)
    player.picture("20-search")


def _another_matter(player: Player) -> int:
    """Register a new complaint of a known customer; return how many keys were pressed beside what was typed."""
    form, keys = player.window.register.form, 0

    def key(pressed: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        nonlocal keys
        keys += 1
        player.press(pressed, modifiers)

    key(KEY.Key_F6)
    player.write(story.BACK_DIGITS)
    player.picture("13-repeat-found")
    key(KEY.Key_F6)
    player.expect("the customer is taken over", form.rows["customer_name"].value() == story.REST[0][1])
    player.picture("14-repeat-known")
    key(KEY.Key_Tab)
    key(KEY.Key_Tab)
    player.write(story.BACK_CONTENT)
    player.until("a category is suggested", lambda: form.rows["category"].hint)
    player.picture("15-repeat-told")
    key(KEY.Key_F5)
    player.expect("the suggested category is taken", form.rows["category"].value())
    key(KEY.Key_F2)
    player.expect("it is read back", player.found(ReadBackBand).isVisible())
    player.picture("16-repeat-read-back")
    key(KEY.Key_Return)
    key(KEY.Key_S, CTRL)
    player.expect("it is on file", player.found(SavedPanel).isVisible())
    player.picture("17-repeat-saved")
    return keys


def _the_same_matter(player: Player) -> None:
    """Begin to register what is on file already, and add it to the case that is open."""
    player.press(KEY.Key_N, CTRL)
    player.press(KEY.Key_F6)
    player.write(story.AGAIN_DIGITS)
    player.press(KEY.Key_F6)
    player.press(KEY.Key_Tab)
    player.press(KEY.Key_Tab)
    player.write(story.AGAIN_CONTENT)
    watch = player.found(CustomerWatch)
    player.until("the same matter is told", lambda: watch.known and watch.known.alike)
    player.picture("18-repeat-same-matter")
    player.press(KEY.Key_D, ALT)
    player.picture("19-repeat-added")
