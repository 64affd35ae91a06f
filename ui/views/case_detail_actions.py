"""The actions that can be taken on a case: what is due next first, the others by their step of the spine."""

from __future__ import annotations

from functools import cached_property, partial
from itertools import pairwise
from types import MappingProxyType
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QLabel, QPushButton, QSizePolicy, QWidget

from desk_app.domain.vocabulary import Action
from ui import theme
from ui.theme import Step, Token
from ui.widgets.flow_layout import FlowLayout

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from PySide6.QtGui import QResizeEvent

    from desk_app.domain.actions import ActionForm

_STEPS: tuple[tuple[Action, ...], ...] = (
    (Action.CONTACT, Action.AMEND, Action.ASSIGN, Action.ACCEPT, Action.ESCALATE),
    (Action.REPLY, Action.PROMISE),
    (Action.INVESTIGATE, Action.DETERMINE, Action.PROPOSE, Action.APPROVE, Action.REJECT, Action.KEEP_PROMISE),
    (Action.RETURN_VISIT,),
    (Action.CORRECT, Action.VERIFY_CORRECTION, Action.FEED_BACK),
    (Action.CLOSE, Action.REOPEN, Action.VOID),
)
"""The actions of each step 受理 → 答复 → 行动 → 回访 → 改进, and of the end."""


_NO_OFFICES: Mapping[Action, str] = MappingProxyType({})


class ActionButton(QPushButton):
    """A button no wider than its words, so that nineteen find room beside a case."""

    def sizeHint(self) -> QSize:
        """Return the words with a little room on either side."""
        metrics = QFontMetrics(self.font())
        words = metrics.horizontalAdvance(self.text())
        if self.isFlat():
            return QSize(words + theme.space(2), metrics.height() + theme.space())
        return QSize(words + theme.space(5), super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        """Return the same."""
        return self.sizeHint()


class ActionPane(QWidget):
    """A button for each action, with its letter. What is not possible now stands small at the end and says why.

    ``chosen`` carries the :class:`Action` that a person wants.
    """

    chosen = Signal(object)

    def __init__(self, forms: Mapping[Action, ActionForm], parent: QWidget | None = None) -> None:
        """Be empty until :meth:`show_state`."""
        super().__init__(parent)
        self._forms = forms
        self._next, self._impossible = self.tr("接下来 Enter"), self.tr("现在不能")
        self._steps = self.tr("受理 答复 行动 回访 改进 结束").split()
        self._order: list[QWidget] = []
        self._office_heads: dict[str, QLabel] = {}
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._flow = FlowLayout(self, theme.space())

    @cached_property
    def buttons(self) -> Mapping[Action, ActionButton]:
        """The button of each action, made when the first case is shown."""
        made = {action: ActionButton() for action in self._forms}
        for action, button in made.items():
            button.clicked.connect(partial(self.chosen.emit, action))
            button.setAutoDefault(False)
            self._flow.addWidget(button)
        return made

    @cached_property
    def _heads(self) -> Mapping[str, QLabel]:
        """The words before the actions of each step, before the next one, and before those that are not possible."""
        made = {word: _head(word) for word in (self._next, self._impossible, *self._steps)}
        for head in made.values():
            self._flow.addWidget(head)
        return made

    def _head_of(self, office: str) -> QLabel:
        """Return the words before the actions that are an office's matter."""
        if office not in self._office_heads:
            self._office_heads[office] = _head(self.tr("由{0}办理").format(office))
            self._flow.addWidget(self._office_heads[office])
        return self._office_heads[office]

    def show_state(
        self,
        refusals: Mapping[Action, str],
        next_action: Action | None,
        begun: frozenset[Action],
        offices: Mapping[Action, str] = _NO_OFFICES,
    ) -> None:
        """Show which actions are possible.

        ``refusals`` say why an action is not; ``begun`` are those with something half typed in their form; ``offices``
        whose matter an action is that the person at the desk may not do: its form can be filled in for them.
        """
        for action, button in self.buttons.items():
            form, why = self._forms[action], refusals.get(action, "")
            button.setText(f"{form.label}{'…' if action in begun else ''}  {form.letter}")
            button.setEnabled(not why)
            button.setFlat(bool(why) or action in offices)
            told = self.tr("由{0}办理：可以先填好，F4 换人后再完成").format(offices.get(action))
            told = told if action in offices else self.tr("有未完成的内容") if action in begun else ""
            button.setToolTip(why or told)
            button.setAccessibleDescription(button.toolTip())
            button.setFont(theme.font(Step.SMALL if why else Step.BASE, bold=action is next_action))
        self._arrange(refusals.keys(), next_action, offices)

    def _arrange(
        self, impossible: Collection[Action], next_action: Action | None, offices: Mapping[Action, str]
    ) -> None:
        order: list[QWidget] = []
        if next_action is not None:
            order = [self._heads[self._next], self.buttons[next_action]]
        others = [a for actions in _STEPS for a in actions if a is not next_action and a not in impossible]
        for step, actions in zip(self._steps, _STEPS, strict=True):
            able = [self.buttons[a] for a in actions if a in others and a not in offices]
            order += [self._heads[step], *able] if able else []
        for office in dict.fromkeys(offices[a] for a in others if a in offices):
            order += [self._head_of(office), *(self.buttons[a] for a in others if offices.get(a) == office)]
        rest = [self.buttons[a] for actions in _STEPS for a in actions if a in impossible]
        order += [self._heads[self._impossible], *rest] if rest else []
        if order != self._order:
            self._order = order
            self._flow.arrange(order, frozenset({self._heads[self._impossible]}))
            stops = [widget for widget in order if isinstance(widget, ActionButton)]
            for before, after in pairwise(stops):
                QWidget.setTabOrder(before, after)
        self.setFixedHeight(self._flow.heightForWidth(self.width()))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Take as many lines as the width makes necessary, and as many of the window's height."""
        super().resizeEvent(event)
        self.setFixedHeight(self._flow.heightForWidth(event.size().width()))


def _head(word: str) -> QLabel:
    head = QLabel(word)
    head.setFont(theme.font(Step.SMALL))
    theme.ink(head, Token.MUTED)
    return head
