"""The category that the typed words speak for: said quietly beside its label, F5 takes it (domain.md part 6.1)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtGui import QKeySequence, QShortcut

from desk_app.domain.fields import LEVEL
from ui.forms.category_editor import CategoryEditor

if TYPE_CHECKING:
    from collections.abc import Mapping

    from PySide6.QtWidgets import QWidget

    from desk_app.domain.suggesting import Dictionary, Suggestion
    from ui.desk import Desk
    from ui.forms.field_form import FieldForm

_PAUSE_MS = 200  # after the last key; no key waits for it
_MOST_WORDS = 3


class CategoryHint(QObject):
    """Proposes, and chooses nothing by itself: what was chosen gives way to the key alone."""

    def __init__(self, desk: Desk, form: FieldForm, page: QWidget) -> None:
        """Propose nothing yet; the words of the trade are made ready when the first text has been typed."""
        super().__init__(page)
        self._desk, self._form = desk, form
        self._dictionary: Dictionary | None = None
        self._best: Suggestion | None = None
        self._text = self._chosen = ""
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.timeout.connect(self._look)
        desk.shop_changed.connect(self._shop_changed)
        shortcut = QShortcut(QKeySequence("F5"), page)
        shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        shortcut.activated.connect(self._accept)

    def begin(self) -> None:
        """Forget what the text of another form spoke for: nobody takes that by a quick F5."""
        self._best, self._text = None, ""

    def show_for(self, values: Mapping[str, object]) -> None:
        """Follow the form: look at its text when the person pauses, be silent where the category is that already."""
        text, self._chosen = str(values.get("content", "")), str(values.get("category", ""))
        if text != self._text:
            self._text = text
            if text:
                self._pause.start(_PAUSE_MS)
            else:
                self._look()
        self._show()

    def _look(self) -> None:
        self._pause.stop()
        self._best = next(iter(self._found()), None) if self._text else None
        self._show()

    def _found(self) -> tuple[Suggestion, ...]:
        from desk_app.domain.suggesting import Dictionary, suggest  # noqa: PLC0415 -- the start does not wait for it

        if self._dictionary is None:
            self._dictionary = Dictionary(self._desk.rules.trade_of(self._desk.shop).words)
        return suggest(self._text, self._dictionary)

    def _show(self) -> None:
        best, sentence = self._best, ""
        if best is not None and self._chosen != best.path and not self._chosen.startswith(best.path + LEVEL):
            words = "".join(f"“{word}”" for word in best.words[:_MOST_WORDS])
            sentence = self.tr("F5 采用：{0}（{1}）").format(best.path, words)
        self._form.rows["category"].show_hint(sentence)

    def _accept(self) -> None:
        editor = self._form.rows["category"].editor
        if self._form.rows["category"].hint and self._best is not None and isinstance(editor, CategoryEditor):
            editor.choose(self._best.path)

    def _shop_changed(self) -> None:
        """Listen to the words as they are now."""
        self._dictionary = None
        if self._text:
            self._pause.start(_PAUSE_MS)
