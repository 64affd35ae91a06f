"""The package of a period: every sheet that says it belongs to it, in a folder of its own; first what is incomplete.

Which sheets those are, the sheets say themselves (``package`` of docs/sheets.md), a shop's own too.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from desk_app.domain.completeness import Gap, gaps
from desk_app.domain.periods import PeriodKind, kind_of, read_period
from desk_app.domain.rights import Right
from desk_app.errors import KnownError
from desk_app.services import export, sheets, volumes
from desk_app.sheets.sheet import Shape
from desk_app.sheets.target import new_folder
from desk_app.storage import cases, exports, settings

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from desk_app.domain.periods import Period
    from desk_app.sentences import Sentences
    from desk_app.services.export import Order
    from desk_app.services.results import Exported
    from desk_app.services.sheets import Scope
    from desk_app.services.workspace import Workspace

_TOLD_NUMBERS = 10
_REMINDED = "package_reminded"


@dataclass(frozen=True, slots=True)
class Incomplete:
    """One thing that a period is without: the numbers of the cases, in order of receipt, or the months that lack it."""

    gap: Gap
    numbers: tuple[str, ...]
    months: tuple[str, ...] = ()


def incomplete(
    ws: Workspace, period: Period, *, before_each: Callable[[], None] = lambda: None
) -> tuple[Incomplete, ...]:
    """Return what the cases received in a period are without now, the gravest first; void cases never count.

    ``before_each`` is called before each case; whatever it raises ends the look.

    Raises:
        KnownError: ``not_allowed``, ``locked``.
    """
    ws.require(Right.EXPORT)
    now, judged = ws.clock.now(), ws.policy.deadlines.need_responsibility
    found = defaultdict[Gap, list[str]](list)
    with ws.store.snapshot() as conn:
        for file in cases.read_received(conn, period.first_text, period.before_text):
            before_each()
            for gap in gaps(file, now, judged):
                found[gap].append(file.case.number)
    unserved = () if kind_of(period) is PeriodKind.DAYS else volumes.missing(ws, period)
    of_cases = (Incomplete(gap, tuple(found[gap])) for gap in Gap if gap in found)
    return (*of_cases, *([Incomplete(Gap.UNSERVED, (), unserved)] if unserved else ()))


def told(sentences: Sentences, each: Incomplete) -> tuple[str, Mapping[str, object]]:
    """Return the code of the sentence that says it, and what fills it: of many numbers the first."""
    if each.months:
        return "package_lacks_months", {"gap": sentences.label("gap", each.gap), "months": "、".join(each.months)}
    numbers = "、".join(each.numbers[:_TOLD_NUMBERS]) + "…" * (len(each.numbers) > _TOLD_NUMBERS)
    gap = sentences.label("gap", each.gap)
    return "package_lacks", {"gap": gap, "count": len(each.numbers), "numbers": numbers}


def export_package(
    ws: Workspace,
    order: Order,
    *,
    progress: Callable[[int, int], None] = lambda _done, _of: None,
    is_cancelled: Callable[[], bool] = lambda: False,
) -> Exported:
    """Export the package of the order's period into a new folder within ``order.out``, named by shop and period.

    Where there is one of the name, another is made (``…(2)``): nothing is ever replaced. If the export fails, no folder
    is left. A form that there is none of in the period is left out. A sheet of the shop's own that cannot be read is
    told with the first file. All else as in :func:`export.export`.

    Raises:
        KnownError: ``package_of_period``: the order is of no period, or of one that no sheet has a package for;
            whatever :func:`export.export` raises.
    """
    ws.require(Right.EXPORT)
    found, faults = _sheets_of(ws, order.scope)
    with new_folder(order.out, export.file_stem("", ws.shop.name, order.scope)) as folder:
        whole = replace(order, sheets=found, out=folder)
        exported = export.export(ws, whole, progress=progress, is_cancelled=is_cancelled)
    first, *others = exported.files
    return replace(exported, files=(replace(first, notes=(*first.notes, *faults)), *others))


def _sheets_of(ws: Workspace, scope: Scope) -> tuple[tuple[str, ...], tuple[KnownError, ...]]:
    """Return the ids of what is in the package of a period, at least one, and what is wrong with the shop's sheets."""
    period = scope.period
    catalogue, faults = sheets.catalogue(ws)
    found = [sheet for sheet in catalogue.values() if period is not None and kind_of(period) in sheet.package]
    if not found:
        raise KnownError("package_of_period", period=period.name if period is not None else "")
    filled = tuple(sheet.id for sheet in found if sheet.shape is Shape.LIST or sheets.holds_any(ws, sheet, scope))
    return filled or (found[0].id,), faults


def unexported_month(ws: Workspace) -> str:
    """Return the last month (``2026-10``) while its register was not exported whole since it ended; else nothing.

    Nothing either where the operator may not export, and where no case was received by the end of that month: the shop
    did not use the program yet.
    """
    if not ws.policy.authority.may(ws.shop.operator, Right.EXPORT):
        return ""
    month = read_period("last", ws.clock.now().date())
    with ws.store.reading() as conn:
        is_used = cases.is_any_before(conn, month.before_text)
        done_at = exports.handed_in_at(conn, month.first_text, month.last.isoformat(), month.before_text)
    return month.name if is_used and not done_at else ""


def remind(ws: Workspace) -> str:
    """Return what :func:`unexported_month` does, at most once a day: that it was told is remembered (one transaction).

    A register that can only be read remembers nothing; then nobody is reminded.
    """
    today = ws.clock.now().date().isoformat()
    with ws.store.reading() as conn:
        if settings.read_one(conn, _REMINDED) == today:
            return ""
    month = "" if ws.store.is_read_only else unexported_month(ws)
    if month:
        with ws.store.transaction() as conn:
            settings.write(conn, {_REMINDED: today})
    return month
