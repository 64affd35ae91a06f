"""``desk-app warnings``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desk_app.domain.heeding import Measure
from desk_app.services import warnings
from tests.helpers.builders import NOW, registered

if TYPE_CHECKING:
    from pathlib import Path

    from desk_app.clock import FixedClock
    from desk_app.services.workspace import Workspace
    from tests.cli.conftest import DeskApp


def plant(ws: Workspace) -> tuple[str, ...]:
    """Put three cases of one place on file, each of another customer and matter."""
    places = (("商品问题", "1"), ("一般工作失误、服务欠缺", "2"), ("客户自身问题或误解", "3"))
    return tuple(
        registered(ws, n, category=category, place="二楼", customer_phone=f"1390000000{n}").case.number
        for category, n in places
    )


def test_what_is_warned_of_comes_as_one_document(desk_app: DeskApp, workspace: Workspace) -> None:
    numbers = plant(workspace)
    (place,) = warnings.current(workspace, NOW)
    warnings.heed(workspace, place, Measure("换了滤芯"), request_id="heed-1")

    ran = desk_app("warnings", "--json")

    assert (ran.code, ran.err) == (0, "")
    (told,) = ran.json
    assert told["numbers"] == list(numbers[::-1])
    assert {key: told[key] for key in ("period", "part", "item", "level", "rising", "month", "quarter", "year")} == {
        "period": "2026-11",
        "part": "place",
        "item": "二楼",
        "level": "notice",
        "rising": False,
        "month": 3,
        "quarter": 3,
        "year": 3,
    }
    assert (told["since"], told["is_heeded"], told["heed"]["measure"]) == ("2026-11-22", True, "换了滤芯")


def test_people_get_a_line_each_and_of_a_quiet_month_a_sentence(desk_app: DeskApp, workspace: Workspace) -> None:
    numbers = plant(workspace)

    assert desk_app("warnings").lines == [
        f"本月第 3 次：地点 二楼（提示）  本季 3 次，本年 3 次，11月22日周日 起  {'、'.join(numbers[::-1])}"
    ]
    assert desk_app("warnings", "--month", "last").lines == ["2026-10 没有预警"]


def test_a_month_that_is_none_or_ahead_is_refused(desk_app: DeskApp, clock: FixedClock) -> None:
    for month in ("October", "2026-13", "2099-01"):
        ran = desk_app("warnings", "--month", month)
        assert (ran.code, ran.out) == (1, "")
    clock.moment = NOW.replace(year=2099)
    assert desk_app("warnings").lines == ["2099-11 没有预警"]


def test_a_broken_file_of_rules_is_told_and_the_warnings_come_all_the_same(
    desk_app: DeskApp, workspace: Workspace, tmp_path: Path
) -> None:
    plant(workspace)
    workspace.folder.warnings.write_text("[[rule]\n", encoding="utf-8")

    ran = desk_app("warnings")
    checked = desk_app("warnings", "--check", str(workspace.folder.warnings))
    good = tmp_path / "good.toml"
    good.write_text('[[rule]]\nid = "place"\nmonth = 4\n', encoding="utf-8")

    assert (ran.code, len(ran.lines)) == (0, 1)
    assert "没有生效，按出厂规则预警：第 1 行第 7 个字符处" in ran.err
    assert (checked.code, checked.out) == (1, "")
    assert desk_app("warnings", "--check", str(good)).lines == [f"预警规则文件 {good} 没有错误"]
