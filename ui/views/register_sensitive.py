"""Under the fields of the form: a muted line where something sensitive seems to be typed. It never stops anything."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from desk_app.domain.fields import FieldType

if TYPE_CHECKING:
    from ui.desk import Desk
    from ui.forms.field_form import FieldForm

_PAUSE_MS = 350
_READ = (FieldType.TEXT, FieldType.LONG_TEXT, FieldType.WHEN)


class SensitiveHints(QObject):
    """Looks at a text when its typing pauses."""

    def __init__(self, desk: Desk, form: FieldForm, parent: QObject) -> None:
        """Follow a form."""
        super().__init__(parent)
        self._desk, self._form = desk, form
        self._keys = frozenset(key for key, row in form.rows.items() if row.fact.type in _READ)
        self._touched: set[str] = set()
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE_MS)
        self._pause.timeout.connect(self._look)
        form.edited.connect(self._edited)

    def begin(self) -> None:
        """Forget what was said of another form, and look at what stands in this one."""
        for key in self._keys:
            self._form.rows[key].show_note("")
        self._touched = {key for key in self._keys if self._form.rows[key].value() is not None}
        self._pause.stop()
        if self._touched:
            self._pause.start()

    def _edited(self, key: str) -> None:
        if key in self._keys:
            self._touched.add(key)
            self._pause.start()

    def _look(self) -> None:
        for key in self._touched:
            row = self._form.rows[key]
            row.show_note(hint(self._desk, str(row.value() or "")))
        self._touched.clear()


def hint(desk: Desk, text: str) -> str:
    """Return what seems sensitive in a text and what is to be done about it, in one sentence; else an empty one."""
    from desk_app.domain.sensitive import Kind, find  # noqa: PLC0415 -- no first key waits for it

    say, label = desk.rules.sentences.say, desk.rules.sentences.label
    names: dict[Kind, str] = {}
    for found in find(text, desk.rules.sensitive):
        word = f"（{text[found.start : found.end]}）" if found.is_word else ""
        names.setdefault(found.kind, label("sensitive", found.kind) + word)
    if not names:
        return ""
    told = {"kinds": "、".join(names.values())}
    return say("sensitive_of_minor", told) if Kind.MINOR in names else say("sensitive", told)
