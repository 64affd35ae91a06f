"""What a case that was just saved takes part in (预警): a quiet line, and on demand by which other cases."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from ui import theme
from ui.desk import looks_again
from ui.theme import Token
from ui.widgets.glyph import Glyph

if TYPE_CHECKING:
    from desk_app.domain.heeding import EarlyWarning
    from desk_app.services.workspace import Workspace
    from ui.desk import Desk

_MOST_LINES = 2
_NUMBERS = 8

_Told = tuple[str, "EarlyWarning"]


class WarnedLine(QWidget):
    """Hidden where there is nothing to warn of. Asked for when the save is on the screen; nobody waits for it."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        """Warn of nothing."""
        super().__init__(parent)
        self._desk = desk
        self._number = ""
        self._told: tuple[_Told, ...] = ()
        self._line, self._cases = QLabel(), QLabel()
        for label in (self._line, self._cases):
            label.setWordWrap(True)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        theme.ink(self._cases, Token.MUTED)
        self._look = QPushButton(self.tr("是哪几件  W"))
        self._look.clicked.connect(self.look)
        self._lay_out()
        self.hide()

    def ask(self, number: str) -> None:
        """Find out, behind everything else, what a case takes part in."""
        self._number, self._told = number, ()
        self.hide()
        self._desk.ask(partial(_told, number=number), partial(self._tell, number), looks_again, is_patient=True)

    def look(self) -> None:
        """Show by which cases, or no longer."""
        if self._told and self._cases.isVisibleTo(self):
            self._cases.hide()
        elif self._told:
            warned = [warning for _, warning in self._told]
            self._desk.ask(partial(_cases, warned=warned), partial(self._show_cases, self._number), looks_again)

    def _tell(self, number: str, told: tuple[_Told, ...]) -> None:
        if number != self._number or not told:
            return
        self._told = told
        self._line.setText("\n".join(sentence for sentence, _ in told[:_MOST_LINES]))
        self._cases.hide()
        self.show()

    def _show_cases(self, number: str, lines: list[str]) -> None:
        if number == self._number:
            self._cases.setText("\n".join(lines))
            self._cases.show()

    def _lay_out(self) -> None:
        head, column = QHBoxLayout(), QVBoxLayout(self)
        head.addWidget(Glyph("warning"))
        head.addWidget(self._line, 1)
        head.addWidget(self._look)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(head)
        column.addWidget(self._cases)


def _told(ws: Workspace, number: str) -> tuple[_Told, ...]:
    """Return what nobody has heeded yet, each with its sentence, the most serious first."""
    from desk_app.services import warnings  # noqa: PLC0415 -- when a case was saved

    return tuple((warnings.sentence(ws, each), each) for each in warnings.of_case(ws, number) if not each.is_heeded)


def _cases(ws: Workspace, warned: list[EarlyWarning]) -> list[str]:
    """Return the cases of each; of several, below what it is."""
    from desk_app.services import warnings  # noqa: PLC0415 -- when a case was saved

    say, lines = ws.rules.sentences.say, []
    for each in warned:
        lines += [warnings.sentence(ws, each)] * (len(warned) > 1)
        times = say("warning_times", {"quarter": each.times.quarter, "year": each.times.year, "since": each.since})
        more = "…" * (each.times.month > _NUMBERS)
        lines.append(f"{times}：{'、'.join(warnings.numbers(ws, each, _NUMBERS))}{more}")
    return lines
