"""What one customer may ask for: a copy of all that is on file of them, their consent taken back, to be forgotten."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from uuid import uuid4

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from desk_app.errors import KnownError
from desk_app.services import person
from desk_app.services.export import Format
from desk_app.services.results import Changes
from ui import theme
from ui.forms.editors import LineEditor
from ui.theme import Step, Token
from ui.views.preview import documents
from ui.widgets.ask_path import ask_folder

if TYPE_CHECKING:
    from desk_app.services.person import Erasure
    from desk_app.services.results import Exported
    from desk_app.services.retention import Anonymised
    from desk_app.services.workspace import Workspace
    from ui.desk import Desk

_WIDTH_IN_CHARACTERS = 80
_SHOWN = 8  # numbers that are told; the count is of all


class _Found(NamedTuple):
    """All cases of a customer; what can be erased of them, or why the operator may not."""

    numbers: tuple[str, ...]
    erasure: Erasure | None
    refusal: KnownError | None


def open_person(desk: Desk, parent: QWidget, number: str) -> None:
    """Look for all cases of the customer of a case, then let a person choose what is to be done."""
    desk.ask(lambda ws: _find(ws, number), lambda found: PersonDialog(desk, found, parent.window()).open())


class PersonDialog(QDialog):
    """Ctrl+O writes the copy, Ctrl+W takes the consent back, Ctrl+D twice forgets; Esc leaves."""

    def __init__(self, desk: Desk, found: _Found, parent: QWidget) -> None:
        """Say what there is."""
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("客户个人信息"))
        self._desk, self._numbers = desk, found.numbers
        self._can_erase = found.erasure is not None and bool(found.erasure.numbers)
        self._is_armed = False
        self.copy = QPushButton(self.tr("写一份给本人…  Ctrl+O"))
        self.reason = LineEditor()
        self.reason.setPlaceholderText(self.tr("谁、怎么说的，如：本人来电"))
        self.reason.setAccessibleName(self.tr("撤回同意的说明"))
        self.withdraw = QPushButton(self.tr("撤回同意  Ctrl+W"))
        self.erase = QPushButton(self.tr("删除：匿名办结的  Ctrl+D"))
        self.erase.setEnabled(self._can_erase)
        self.told = QLabel("\n".join(self._words(found)))
        self.told.setWordWrap(True)
        self.told.setTextFormat(Qt.TextFormat.PlainText)
        self.outcome = QLabel()
        self.outcome.setWordWrap(True)
        self.outcome.setTextFormat(Qt.TextFormat.PlainText)
        self._lay_out()
        self._wire()
        self.copy.setFocus(Qt.FocusReason.OtherFocusReason)

    def write(self, folder: str) -> None:
        """Write the copy into a folder."""

        def work(ws: Workspace) -> Exported:
            return person.sheet(ws, self._numbers, Path(folder), Format.XLSX)

        def written(exported: Exported) -> None:
            self.outcome.setText(self._say("person_given", path=exported.files[0].path))

        self._desk.ask(work, written, self._refused)

    def _words(self, found: _Found) -> list[str]:
        """Return what there is of the customer, and what of it can be forgotten."""
        sentences, erasure = self._desk.rules.sentences, found.erasure
        told = [self.tr("登记 {0} 件：{1}").format(len(found.numbers), _some(found.numbers))]
        if found.refusal is not None:
            told.append(sentences.error(found.refusal))
        if erasure is None:
            return told
        code = "person_erasable" if erasure.numbers else "person_erasable_none"
        told.append(self._say(code, count=len(erasure.numbers), numbers=_some(erasure.numbers)))
        told += [sentences.error(error) for error in list(erasure.left.values())[:_SHOWN]]
        if erasure.numbers and erasure.copies.count:
            copies = erasure.copies
            told.append(self._say("erase_copies", count=copies.count, until=copies.until.isoformat()))
        return told

    def _choose_folder(self) -> None:
        ask_folder(self, self.tr("写到"), self.write, beginning_at=str(documents()))

    def _withdraw(self) -> None:
        reason, request_id, numbers = self.reason.value() or "", str(uuid4()), self._numbers

        def done(given: tuple[str, ...]) -> None:
            self.outcome.setText(self._say("person_withdrawn", numbers=_some(given)))
            self._desk.changed.emit(Changes(cases=frozenset(given), queue=True, customers=True))

        self._desk.ask(lambda ws: person.withdraw_all(ws, numbers, reason, request_id), done, self._refused)

    def _erase(self) -> None:
        """Ask once more, then forget."""
        if not self.erase.isEnabled():
            return
        if not self._is_armed:
            self._is_armed = True
            self.outcome.setText(self.tr("匿名后不能恢复：再按一次 Ctrl+D 就做"))
            return
        self.erase.setEnabled(False)
        numbers = self._numbers
        self._desk.ask(lambda ws: person.erase(ws, numbers), self._erased, self._refused)

    def _erased(self, done: Anonymised) -> None:
        sentences = self._desk.rules.sentences
        left = [sentences.error(error) for error in done.left.values()]
        self.outcome.setText("\n".join((self._say("anonymised", count=len(done.numbers)), *left)))

    def _refused(self, error: Exception) -> bool:
        if isinstance(error, KnownError):
            self.outcome.setText(self._desk.rules.sentences.error(error))
        return isinstance(error, KnownError)

    def _say(self, code: str, **params: object) -> str:
        return self._desk.rules.sentences.say(code, params)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(*[theme.space(5)] * 4)
        column.setSpacing(theme.space(3))
        withdrawal = QHBoxLayout()
        withdrawal.addWidget(self.reason, 1)
        withdrawal.addWidget(self.withdraw)
        for button in (self.copy, self.withdraw, self.erase):
            button.setAutoDefault(True)
        leave = QLabel(self.tr("返回  Esc"))
        leave.setFont(theme.font(Step.SMALL))
        theme.ink(leave, Token.MUTED)
        column.addWidget(self.told)
        column.addWidget(self.copy, 0, Qt.AlignmentFlag.AlignLeft)
        column.addLayout(withdrawal)
        column.addWidget(self.erase, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self.outcome)
        column.addWidget(leave)
        self.setMinimumWidth(_WIDTH_IN_CHARACTERS * self.fontMetrics().averageCharWidth())

    def _wire(self) -> None:
        for button, keys, slot in (
            (self.copy, "Ctrl+O", self._choose_folder),
            (self.withdraw, "Ctrl+W", self._withdraw),
            (self.erase, "Ctrl+D", self._erase),
        ):
            button.clicked.connect(slot)
            QShortcut(QKeySequence(keys), self).activated.connect(slot)


def _find(ws: Workspace, number: str) -> _Found:
    numbers = person.cases_of(ws, number=number)
    try:
        return _Found(numbers, person.erasure(ws, numbers), None)
    except KnownError as error:
        return _Found(numbers, None, error)


def _some(numbers: tuple[str, ...]) -> str:
    return "、".join(numbers[:_SHOWN]) + ("…" if len(numbers) > _SHOWN else "")
