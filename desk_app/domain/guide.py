"""The handling guide: what to keep in mind at each stage, and the phrases for it (domain.md parts 9, 14, 16).

Both are data: ``resources/guide.toml``, and tab-separated files of phrases, one a pack, to which a shop adds a file of
its own.
"""

from __future__ import annotations

from codecs import BOM_UTF8
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from desk_app.domain.vocabulary import FollowUpKind, Status
from desk_app.errors import KnownError

if TYPE_CHECKING:
    from collections.abc import Collection

    from desk_app.domain.case import CaseFile

BASE, SHOP = "base", "shop"
"""The packs that every shop has: the one that is shipped for all, and its own. The others are turned on."""
_COLUMNS = ("id", "source", "stage", "group", "promise", "check", "note", "avoid", "say")
_ANY = "any"
_FLAGS = {"": False, "0": False, "1": True}


class Stage(StrEnum):
    """The steps of the spine 受理 → 答复 → 行动 → 回访 → 改进 (domain.md part 9.1), in their order."""

    RECEIVE = "receive"
    REPLY = "reply"
    ACTION = "action"
    VISIT = "visit"
    IMPROVE = "improve"


_SERVED_AT: Mapping[FollowUpKind, Stage] = {
    FollowUpKind.REPLY: Stage.REPLY,
    FollowUpKind.EXTERNAL_REPLY: Stage.REPLY,
    FollowUpKind.ANALYSE: Stage.REPLY,
    FollowUpKind.HANDLE: Stage.ACTION,
    FollowUpKind.VISIT_ON_SITE: Stage.ACTION,
    FollowUpKind.APPROVE: Stage.ACTION,
    FollowUpKind.PROMISE: Stage.ACTION,
    FollowUpKind.RETURN_VISIT: Stage.VISIT,
    FollowUpKind.CORRECT: Stage.IMPROVE,
    FollowUpKind.VERIFY: Stage.IMPROVE,
    FollowUpKind.FEED_BACK: Stage.IMPROVE,
}


@dataclass(frozen=True, slots=True)
class Advice:
    """One line of the guide, and the document it is taken from."""

    text: str
    source: str


@dataclass(frozen=True, slots=True)
class GuideStage:
    """What is worth having before one's eyes at one stage: what always holds, and what to do one after the other."""

    stage: Stage
    label: str
    principles: tuple[Advice, ...]
    steps: tuple[Advice, ...]


@dataclass(frozen=True, slots=True)
class Phrase:
    """Something to say, at some stages.

    ``avoid`` is what people say out of habit (in the pack ``objection``: what the customer says); it may be empty.
    ``promise``: who says it owes something (domain.md part 20.6). ``check``: it is to be verified before it is said
    (part 20.7). ``note`` is for the reader, and no part of what is said.
    """

    say: str
    pack: str
    stages: frozenset[Stage] = frozenset(Stage)
    avoid: str = ""
    group: str = ""
    note: str = ""
    promise: bool = False
    check: bool = False
    id: str = ""
    source: str = ""

    def distance(self, stage: Stage) -> int:
        """Return 0 for a phrase of just this stage and some others, 1 for one of every stage, 2 for one of others."""
        if stage not in self.stages:
            return 2
        return 1 if self.is_for_any else 0

    @property
    def is_for_any(self) -> bool:
        """Whether it can be said at every stage."""
        return len(self.stages) == len(Stage)

    def place(self, stage: Stage | None) -> tuple[int, ...]:
        """Return where it stands among others: by its distance from a stage, those of other stages in their order."""
        own = 2 - self.is_for_any if stage is None else self.distance(stage)
        return (own, *(n for n, each in enumerate(Stage) if own == 2 and each in self.stages))  # noqa: PLR2004

    def has(self, words: str) -> bool:
        """Whether ``words`` occur in what to avoid or in what to say, whatever the case of the letters."""
        wanted = words.strip().casefold()
        return wanted in self.say.casefold() or wanted in self.avoid.casefold()


@dataclass(frozen=True, slots=True)
class Guide:
    """The whole guide of one shop. ``broken`` are the lines of its files of phrases that could not be used."""

    stages: Mapping[Stage, GuideStage]
    phrases: tuple[Phrase, ...]
    broken: tuple[KnownError, ...] = ()

    def phrases_for(self, stage: Stage | None, packs: Collection[str], words: str = "") -> tuple[Phrase, ...]:
        """Return what can be said: what belongs to the stage before what can be said at any, each as in the files.

        Without ``words`` these are the phrases of the stage (None: of every stage); with some, every phrase that has
        them, those of other stages last, stage by stage. ``packs`` are the ones turned on.
        """
        searched = bool(words.strip())
        said = [
            phrase
            for phrase in self.phrases
            if (phrase.pack in (BASE, SHOP) or phrase.pack in packs)
            and (searched or stage is None or stage in phrase.stages)
            and phrase.has(words)
        ]
        return tuple(sorted(said, key=lambda phrase: phrase.place(stage)) if searched or stage else said)


def stage_of(file: CaseFile) -> Stage | None:
    """Return the stage at which the customer stands; a void case has none.

    A customer who was answered awaits the visit, whatever else is still owed; else it is the earliest stage of what is
    owed; nothing owed: 改进.
    """
    if file.case.status is Status.VOID:
        return None
    if file.case.status is Status.AWAITING_RETURN_VISIT:
        return Stage.VISIT
    order, kinds = tuple(Stage), {f.kind for f in file.owed}
    if FollowUpKind.REPLY not in kinds:
        kinds.discard(FollowUpKind.HANDLE)  # answered and asked: what is left to handle is the closing
    return min((_SERVED_AT[kind] for kind in kinds), key=order.index, default=Stage.IMPROVE)


def read_guide(data: Mapping[str, object]) -> Mapping[Stage, GuideStage]:
    """Build the stages from the parsed ``guide.toml``.

    Raises:
        KeyError, TypeError, ValueError: the file does not say what it must.
    """
    sources, stages = data["sources"], data["stages"]
    if not isinstance(sources, Mapping) or not isinstance(stages, Mapping):
        raise TypeError("sources, stages")

    def advice(lines: list[list[str]]) -> tuple[Advice, ...]:
        return tuple(Advice(text, str(sources[code])) for text, code in lines)

    made = {}
    for stage in Stage:
        entry = stages[stage]
        made[stage] = GuideStage(stage, str(entry["label"]), advice(entry["principles"]), advice(entry["steps"]))
    return made


def read_phrases(data: bytes, pack: str, file: str) -> tuple[tuple[Phrase, ...], tuple[KnownError, ...]]:
    """Read the phrases of one file: UTF-8, tab-separated, the first line names the columns, ``say`` alone is needed.

    Blank lines and lines that begin with ``#`` are nothing. A line that is wrong is left out and told, with its number
    (from 1) and the name of the file; the others are used.

    Returns:
        The phrases, and an error for each line that could not be used.
    """
    columns: tuple[str, ...] = ()
    phrases: list[Phrase] = []
    broken: list[KnownError] = []
    for number, raw in enumerate(data.removeprefix(BOM_UTF8).splitlines(), start=1):
        if not raw.strip() or raw.startswith(b"#"):
            continue
        line = _Line(raw, file, number)
        try:
            if columns:
                phrases.append(_phrase(line, columns, pack))
            else:
                columns = _columns(line)
        except KnownError as error:
            broken.append(error)
            if not columns:
                break  # nobody knows what the cells of the other lines mean
    return tuple(phrases), tuple(broken)


class _Line(NamedTuple):
    raw: bytes
    file: str
    number: int

    def cells(self) -> tuple[str, ...]:
        try:
            return tuple(cell.strip() for cell in self.raw.decode().split("\t"))
        except UnicodeDecodeError as error:
            raise KnownError("phrase_not_utf8", file=self.file, line=self.number) from error


def _columns(line: _Line) -> tuple[str, ...]:
    columns = line.cells()
    unknown = [c for c in columns if c not in _COLUMNS]
    if unknown or "say" not in columns or len(set(columns)) < len(columns):
        raise KnownError("phrase_bad_head", file=line.file, line=line.number, columns=" ".join(_COLUMNS))
    return columns


def _phrase(line: _Line, columns: tuple[str, ...], pack: str) -> Phrase:
    cells = line.cells()
    if len(cells) > len(columns):
        raise KnownError(
            "phrase_too_many_cells", file=line.file, line=line.number, count=len(cells), limit=len(columns)
        )
    said = dict(zip(columns, cells, strict=False))  # what is left empty at the end of a line need not be there
    if not said.get("say"):
        raise KnownError("phrase_says_nothing", file=line.file, line=line.number)
    return Phrase(
        pack=pack,
        stages=_stages(line, said.get("stage", "")),
        promise=_flag(line, "promise", said),
        check=_flag(line, "check", said),
        **{key: said.get(key, "") for key in ("id", "source", "group", "note", "avoid", "say")},
    )


def _stages(line: _Line, typed: str) -> frozenset[Stage]:
    names = [name.strip() for name in typed.split(",")]
    if names in ([""], [_ANY]):
        return frozenset(Stage)
    for name in names:
        if name not in tuple(Stage):
            raise KnownError(
                "phrase_bad_stage", file=line.file, line=line.number, value=name, choices=" ".join((*Stage, _ANY))
            )
    return frozenset(map(Stage, names))


def _flag(line: _Line, column: str, said: Mapping[str, str]) -> bool:
    typed = said.get(column, "")
    if typed not in _FLAGS:
        raise KnownError("phrase_bad_flag", file=line.file, line=line.number, column=column, value=typed)
    return _FLAGS[typed]
