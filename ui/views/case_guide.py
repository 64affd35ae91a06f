"""The handling guide beside the work: principles and steps of a stage, and phrases to be copied by one key."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFontMetrics, QGuiApplication, QKeySequence
from PySide6.QtWidgets import QBoxLayout, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from desk_app import services
from desk_app.domain.text import first_words
from ui import theme
from ui.latest import Latest
from ui.theme import Step, Token
from ui.views.case_guide_list import PhraseList

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent, QResizeEvent

    from desk_app.domain.guide import Guide, Phrase, Stage
    from desk_app.services.results import Shop
    from desk_app.services.solutions import Solution
    from ui.desk import Desk

_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_WORDS = 24  # of a phrase, in a notice
_WIDE_IN_CHARACTERS = 62
_SOLVED, _LINE = 3, 40  # of what helped before: how many, and the characters of each that are shown


class GuidePane(QWidget):
    """Search, arrows, Enter: the chosen phrase is on the clipboard.

    ``left`` says that the person goes back to the work; ``promise_wanted`` that the text carried is a promise which was
    made and is to go into the ledger. Where there is no case to promise on (``can_promise`` false) it is not asked.
    No key but those of the window gets past this pane: a letter would begin an action.
    """

    left = Signal()
    promise_wanted = Signal(str)

    def __init__(self, desk: Desk, *, can_promise: bool, parent: QWidget | None = None) -> None:
        """Be empty until :meth:`activated`."""
        super().__init__(parent)
        self._desk = desk
        self._can_promise = can_promise
        self._guide: Guide | None = None
        self._stage: Stage | None = None
        self._packs: tuple[str, ...] = ()
        self._said = ""
        self._title = QLabel()
        self._category = ""
        self._plan, self._plan_steps = _text(), _text()
        self._solved, self._looked_up = _text(), Latest(desk)
        self._principles, self._steps = _text(), _text()
        self._advice = QBoxLayout(QBoxLayout.Direction.TopToBottom)
        self._search = _SearchLine()
        self._list = PhraseList()
        self._ask = _Promise(self.tr("说了就要做到：记入承诺台账  P"))
        self._broken = _text()
        self._lay_out()
        self._wire()
        self._ask.hide()
        self._broken.hide()

    def activated(self) -> None:
        """Come to the front, ready to be searched; the files are read anew, for the shop may have changed its own."""
        self._search.clear()
        self._drop_question()
        self.take_focus()
        self._desk.ask(services.guide.load_guide, self._take)
        self._ask_solved()

    def take_focus(self) -> None:
        """Let the keys search."""
        self._search.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_stage(self, stage: Stage | None) -> None:
        """Show what belongs to a stage; None: no principles, and the phrases of all."""
        if stage is not self._stage:
            self._stage = stage
            self._show()

    def show_category(self, path: str) -> None:
        """Show the handling plan (预案) for a category of the shop's trade; none where there is none."""
        if path != self._category:
            self._category = path
            self._solved.hide()
            self._ask_solved()
        plan = self._desk.rules.trade_of(self._desk.shop).plan_for(path)
        self._plan.setText(self.tr("预案 · {0}").format(plan.title) if plan else "")
        self._plan_steps.setText("\n".join(f"{n} {step}" for n, step in enumerate(plan.steps, start=1)) if plan else "")
        for label in (self._plan, self._plan_steps):
            label.setToolTip(self.tr("依据：{0}").format(plan.source) if plan and plan.source else "")
            label.setVisible(plan is not None)

    def _ask_solved(self) -> None:
        """Ask what helped in this category before (处理方案库), while the pane is to be seen: nobody waits for it."""
        if self.isVisible():
            path = self._category
            self._looked_up.ask(lambda ws, _wanted: services.solutions.offered(ws, path, _SOLVED), self._show_solved)

    def _show_solved(self, found: tuple[Solution, ...]) -> None:
        lines = [f"· {first_words(each.text, _LINE)}{f'（{each.number}）' if each.number else ''}" for each in found]
        self._solved.setText("\n".join((self.tr("办好过的"), *lines)))
        self._solved.setToolTip("\n\n".join(each.text for each in found))
        self._solved.setVisible(bool(found))

    def _take(self, guide: Guide) -> None:
        if guide != self._guide:
            self._guide = guide
            self._show()

    def _show(self) -> None:
        """Show the stage: the one place where everything but the phrases is set."""
        if self._guide is None:
            return
        stage = self._guide.stages[self._stage] if self._stage else None
        self._title.setText(self.tr("{0} · 处理指引").format(stage.label) if stage else self.tr("处理指引"))
        for label, lines, sign in (
            (self._principles, stage.principles if stage else (), "·"),
            (self._steps, stage.steps if stage else (), ""),
        ):
            label.setText("\n".join(f"{sign or n} {a.text}" for n, a in enumerate(lines, start=1)))
            label.setToolTip("\n".join(self.tr("{0}（依据：{1}）").format(a.text, a.source) for a in lines))
            label.setVisible(bool(lines))
        wrong = self._guide.broken
        told = self._desk.rules.sentences.error(wrong[0]) if wrong else ""
        more = self.tr("；另有 {0} 处").format(len(wrong) - 1) if len(wrong) > 1 else ""
        self._broken.setText(told + more)
        self._broken.setVisible(bool(wrong))
        self._show_phrases()

    def _show_phrases(self) -> None:
        if self._guide is None:
            return
        self._packs = self._desk.shop.phrase_packs if self._desk.shop else ()
        words = self._search.text().strip()
        found = self._guide.phrases_for(self._stage, self._packs, words)
        self._drop_question()
        self._list.show_phrases(groupby(found, self._stages_of) if words else (("", found),))
        nothing = self.tr("各步都没有含“{0}”的话术。\n\n换一个词，或清空搜索看这一步的全部。").format(words)
        self._list.show_empty("" if found else nothing)

    def _stages_of(self, phrase: Phrase) -> str:
        """Return at which stage a phrase is said: at the present one, at any, else at which others."""
        labels = {stage: each.label for stage, each in self._guide.stages.items()} if self._guide else {}
        if phrase.is_for_any:
            return self.tr("每一步都能说")
        if self._stage in phrase.stages:
            return self.tr("{0}（现在这一步）").format(labels[self._stage])
        return "、".join(label for stage, label in labels.items() if stage in phrase.stages)

    def _shop_changed(self, shop: Shop) -> None:
        self.show_category(self._category)
        if shop.phrase_packs != self._packs:  # else what is chosen stays chosen, whatever another program writes
            self._show_phrases()

    # ---------------------------------------------------------------------------------------- keys

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Copy, choose, leave; let no other key reach the page behind."""
        if event.key() in _ENTER or event.matches(QKeySequence.StandardKey.Copy):
            self._copy()
        elif event.key() == Qt.Key.Key_Escape and not self._ask.isHidden():
            self._drop_question()
        elif event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        elif self._list.go(Qt.Key(event.key())):
            self._drop_question()

    def _copy(self) -> None:
        phrase = self._list.chosen()
        if phrase is None:
            return
        QGuiApplication.clipboard().setText(phrase.say)
        told = [self.tr("已复制“{0}”").format(first_words(phrase.say, _WORDS))]
        if phrase.check:
            told.append(self.tr("说之前请核实是否属实"))
        if phrase.promise and not self._can_promise:
            told.append(self.tr("说了就要做到，保存之后请记入承诺台账"))
        self._desk.notice.emit("warning" if len(told) > 1 else "done", "；".join(told))
        self._drop_question()
        if phrase.promise and self._can_promise:
            self._said = phrase.say
            self._ask.show()
            self._ask.setFocus(Qt.FocusReason.OtherFocusReason)
            self.window().setAttribute(Qt.WidgetAttribute.WA_KeyboardFocusChange)  # Fusion shows it to nobody else

    def _promise(self) -> None:
        self._drop_question()
        self.promise_wanted.emit(self._said)

    def _drop_question(self) -> None:
        if not self._ask.isHidden():
            if self._ask.hasFocus():
                self.take_focus()
            self._ask.hide()

    # -------------------------------------------------------------------------------------- layout

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put principles and steps beside each other where both fit: the phrases need the height."""
        super().resizeEvent(event)
        wide = self.width() >= _WIDE_IN_CHARACTERS * QFontMetrics(theme.font()).averageCharWidth()
        self._advice.setDirection(QBoxLayout.Direction.LeftToRight if wide else QBoxLayout.Direction.TopToBottom)

    def _wire(self) -> None:
        self._search.textChanged.connect(self._show_phrases)
        self._list.doubleClicked.connect(self._copy)
        self._ask.clicked.connect(self._promise)
        self._desk.shop_changed.connect(self._shop_changed)

    def _lay_out(self) -> None:
        self._title.setFont(theme.font(Step.LARGE, bold=True))
        for bold in (self._plan, self._principles):
            bold.setFont(theme.font(bold=True))
            bold.hide()
        self._search.setPlaceholderText(self.tr("搜索各步的话术"))
        self._search.setAccessibleName(self.tr("搜索话术"))
        self._search.setClearButtonEnabled(True)
        hint = QLabel(self.tr("↑↓ 选择　Enter 复制　Esc 返回"))
        for small in (hint, self._broken):
            small.setFont(theme.font(Step.SMALL))
        theme.ink(hint, Token.MUTED)
        theme.ink(self._broken, Token.WARNING)
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.space(3), theme.space(2), theme.space(2), theme.space(2))
        column.setSpacing(theme.space(2))
        plan = QVBoxLayout()
        plan.setSpacing(theme.space(0.5))
        plan.addWidget(self._plan)
        plan.addWidget(self._plan_steps)
        plan.addWidget(self._solved)
        plan.addStretch()
        for hidden in (self._plan_steps, self._solved):
            hidden.hide()
        self._advice.addLayout(plan, 1)
        for part in (self._principles, self._steps):
            self._advice.addWidget(part, 1, Qt.AlignmentFlag.AlignTop)
        column.addWidget(self._title)
        column.addLayout(self._advice)
        column.addWidget(self._search)
        column.addWidget(self._list, 1)
        column.addWidget(self._ask, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self._broken)
        column.addWidget(hint)


class _SearchLine(QLineEdit):
    """A line that copies what is marked in it, and leaves the key to the pane where nothing is."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy) and not self.hasSelectedText():
            event.ignore()
        else:
            super().keyPressEvent(event)


class _Promise(QPushButton):
    """The question after a phrase that promises; every key but its own goes on to the pane."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_P, Qt.Key.Key_Space, *_ENTER):
            self.click()
        else:
            event.ignore()


def _text() -> QLabel:
    label = QLabel()
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    return label
