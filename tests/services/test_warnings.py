"""What is warned of in a real register: a planted repeat, and nothing else; and what is said to it."""

from __future__ import annotations

from datetime import datetime
from itertools import count, cycle
from typing import TYPE_CHECKING

import pytest

from desk_app.domain.heeding import Measure
from desk_app.domain.periods import read_period
from desk_app.domain.shop_event import ShopAction
from desk_app.domain.vocabulary import Role
from desk_app.domain.warning import Level, Part, Times
from desk_app.errors import KnownError
from desk_app.services import desk, figures, sheets, shop, warning_rules, warnings
from desk_app.services.sheets import Scope
from desk_app.storage import shop_events
from tests.helpers.builders import NOW, SHANGHAI, acted, registered

if TYPE_CHECKING:
    from collections.abc import Callable

    from desk_app.clock import FixedClock
    from desk_app.domain.heeding import EarlyWarning
    from desk_app.services.workspace import Workspace

GOODS = "商品问题"
KINDS_OF_GOODS = cycle(f"{GOODS} > {leaf}" for leaf in ("质量", "缺货", "价格", "说明不符", "配送"))
_SERIALS = count()


def plant(ws: Workspace, n: int, day: str, **said: object) -> tuple[str, ...]:
    """Put so many cases on file of one day, each of another customer unless it is said of which."""
    made = []
    for serial in (next(_SERIALS) for _ in range(n)):
        changes = {"received_at": f"{day} 09:00", "customer_phone": f"139{serial:08}", "customer_name": "", **said}
        made.append(registered(ws, f"plant-{serial}", **changes).case.number)
    return tuple(made)


def of_department(ws: Workspace, n: int, day: str) -> None:
    for number in plant(ws, n, day):
        acted(ws, number, "assign", department="采购部", person="小吴", at=f"{day} 10:00")


REPEATS: dict[str, Callable[[Workspace, int, str], object]] = {
    "category": lambda ws, n, day: plant(ws, n, day, category=f"{GOODS} > 质量"),
    "topic": lambda ws, n, day: [plant(ws, 1, day, category=next(KINDS_OF_GOODS)) for _ in range(n)],
    "item": lambda ws, n, day: plant(ws, n, day, item={"order_no": "A-77"}),
    "place": lambda ws, n, day: plant(ws, n, day, place="二楼"),
    "target": lambda ws, n, day: plant(ws, n, day, target="小家电部"),
    "customer": lambda ws, n, day: plant(ws, n, day, customer_phone="13900139000"),
    "department": of_department,
}
SHOWN = {
    "category": f"{GOODS} > 质量",
    "topic": GOODS,
    "item": "单号：A-77",
    "place": "二楼",
    "target": "小家电部",
    "customer": "139****9000",
    "department": "采购部",
}


def of_rule(ws: Workspace, rule: str, at: datetime = NOW) -> list[EarlyWarning]:
    return [w for w in warnings.current(ws, at) if w.rule == rule]


def three_of(ws: Workspace, day: str = "2026-11-05") -> EarlyWarning:
    plant(ws, 3, day, place="二楼")
    return of_rule(ws, "place")[0]


# ------------------------------------------------------------------------------------------------------ what repeats


@pytest.mark.parametrize("rule", REPEATS)
def test_a_planted_repeat_raises_each_level_of_each_rule(workspace: Workspace, rule: str) -> None:
    often = {r.id: r.often for r in warning_rules.in_force(workspace).rules.rules}[rule]
    assert often is not None
    put = REPEATS[rule]

    put(workspace, often.month - 1, "2026-11-05")
    assert not of_rule(workspace, rule)
    put(workspace, 1, "2026-11-06")
    notice = of_rule(workspace, rule)
    put(workspace, often.quarter - often.month, "2026-10-05")
    focus = of_rule(workspace, rule)
    put(workspace, often.year - often.quarter, "2026-02-05")
    serious = of_rule(workspace, rule)

    assert [[w.level for w in each] for each in (notice, focus, serious)] == [
        [Level.NOTICE],
        [Level.FOCUS],
        [Level.SERIOUS],
    ]
    assert [w.item for w in serious] == [SHOWN[rule]]
    assert serious[0].times == Times(often.month, often.quarter, often.year)
    assert notice[0].since.isoformat() == "2026-11-06"


def test_a_receiver_is_told_only_when_it_is_much_more_than_usual(workspace: Workspace) -> None:
    for month in ("08", "09", "10"):
        plant(workspace, 2, f"2026-{month}-10", receiver="小周")
        plant(workspace, 8, f"2026-{month}-10")
    plant(workspace, 6, "2026-11-10")
    assert not of_rule(workspace, "receiver")

    plant(workspace, 12, "2026-11-10", receiver="小周")

    assert [(w.item, w.rising, w.level) for w in of_rule(workspace, "receiver")] == [("小周", True, Level.NOTICE)]


def test_a_void_case_never_counts_and_one_brought_back_by_undoing_does(workspace: Workspace, clock: FixedClock) -> None:
    number = plant(workspace, 3, "2026-11-05", place="二楼")[0]

    acted(workspace, number, "void", reason="重复登记")
    assert not of_rule(workspace, "place")
    assert warnings.of_case(workspace, number) == ()
    desk.undo(workspace, number, "undo")

    assert of_rule(workspace, "place")[0].times == Times(3, 3, 3)


def test_a_late_entry_counts_in_the_month_in_which_it_was_received(workspace: Workspace) -> None:
    plant(workspace, 2, "2026-10-30", place="二楼")
    late = plant(workspace, 1, "2026-10-31", place="二楼")[0]

    (told,) = [w for w in warnings.of_case(workspace, late) if w.rule == "place"]

    assert not of_rule(workspace, "place")
    assert (told.period, told.times) == ("2026-10", Times(3, 3, 3))
    assert warnings.sentence(workspace, told) == "2026-10 第 3 次：地点 二楼（提示）"
    assert of_rule(workspace, "place", datetime(2026, 10, 31, 12, tzinfo=SHANGHAI)) == [told]


def test_after_a_save_the_case_says_what_it_takes_part_in_and_the_next_one_not(workspace: Workspace) -> None:
    numbers = plant(workspace, 3, "2026-11-05", place="二楼", category=f"{GOODS} > 质量")
    other = plant(workspace, 1, "2026-11-06", category="客户自身问题或误解")[0]

    told = warnings.of_case(workspace, numbers[-1])

    assert [w.item for w in told] == [f"{GOODS} > 质量", "二楼"]
    assert set(told) == set(warnings.current(workspace, NOW))
    assert warnings.numbers(workspace, told[-1]) == numbers[::-1]
    assert [warnings.sentence(workspace, w) for w in told][-1] == "本月第 3 次：地点 二楼（提示）"
    assert warnings.of_case(workspace, other) == ()
    assert warnings.of_case(workspace, "TS-20990101-001") == ()


def test_after_a_save_the_figures_are_not_written_and_the_answer_is_the_same(workspace: Workspace) -> None:
    plant(workspace, 2, "2026-11-05", place="二楼")
    figures.ask(workspace, lambda book: book.state())
    number = plant(workspace, 1, "2026-11-06", place="二楼")[0]
    behind = figures.behind(workspace)

    told = warnings.of_case(workspace, number)

    assert behind == 1
    assert figures.behind(workspace) == behind
    assert [w for w in told if w.rule == "place"] == of_rule(workspace, "place")
    assert figures.behind(workspace) == 0


def test_while_the_figures_are_far_behind_nothing_is_said_after_a_save(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(figures, "_AT_A_GLANCE", 2)

    numbers = plant(workspace, 3, "2026-11-05", place="二楼")

    assert warnings.of_case(workspace, numbers[-1]) == ()
    assert of_rule(workspace, "place")
    assert warnings.of_case(workspace, numbers[-1])


def test_the_most_serious_stand_first(workspace: Workspace) -> None:
    plant(workspace, 4, "2026-11-05", place="一楼")
    plant(workspace, 3, "2026-11-05", place="二楼")
    plant(workspace, 3, "2026-10-05", place="二楼")

    assert [w.item for w in warnings.current(workspace, NOW) if w.part is Part.PLACE] == ["二楼", "一楼"]


def test_what_names_a_customer_is_concealed_where_lists_conceal(workspace: Workspace) -> None:
    said = {"customer_name": "张小山", "customer_phone": "13900139000", "place": "张小山家门口"}
    plant(workspace, 3, "2026-11-05", **said)
    assert of_rule(workspace, "place")[0].item == "张小山家门口"

    shop.set_role(workspace, workspace.operator, Role.MANAGER)

    assert [w.item for w in warnings.current(workspace, NOW) if w.rule in ("place", "customer")] == [
        "张**家门口",
        "139****9000",
    ]


def test_a_clock_in_2099_warns_as_any_other(workspace: Workspace, clock: FixedClock) -> None:
    clock.moment = datetime(2099, 12, 31, 23, 0, tzinfo=SHANGHAI)
    number = plant(workspace, 3, "2099-12-31", place="二楼")[0]

    (told,) = [w for w in warnings.of_case(workspace, number) if w.rule == "place"]

    assert told.times == Times(3, 3, 3)
    assert warnings.sentence(workspace, told).startswith("本月第 3 次")


def test_a_month_without_cases_has_nothing_to_warn_of(workspace: Workspace) -> None:
    assert warnings.current(workspace, NOW) == ()


# ------------------------------------------------------------------------------------------------------ what is heeded


def test_what_was_heeded_stays_heeded_until_it_comes_to_a_higher_level(workspace: Workspace, clock: FixedClock) -> None:
    notice = three_of(workspace)
    heeded = warnings.heed(workspace, notice, Measure("换了滤芯", "滤芯堵了"), request_id="heed-1")
    plant(workspace, 1, "2026-11-07", place="二楼")
    still = of_rule(workspace, "place")[0]
    plant(workspace, 3, "2026-10-07", place="二楼")
    higher = of_rule(workspace, "place")[0]

    assert (heeded.measure, heeded.cause, heeded.by, heeded.at) == ("换了滤芯", "滤芯堵了", workspace.operator, NOW)
    assert (still.is_heeded, still.heed) == (True, heeded)
    assert (higher.level, higher.is_heeded, higher.heed) == (Level.FOCUS, False, heeded)


def test_what_was_heeded_in_one_month_is_new_in_the_next(workspace: Workspace, clock: FixedClock) -> None:
    warnings.heed(workspace, three_of(workspace), Measure("换了滤芯"), request_id="heed-1")
    clock.moment = NOW.replace(month=12)
    plant(workspace, 3, "2026-12-01", place="二楼")

    (december,) = of_rule(workspace, "place", clock.moment)

    assert december.heed is None


def test_a_heed_repeated_by_its_request_is_noted_once_and_says_nothing_of_the_customer(workspace: Workspace) -> None:
    plant(workspace, 3, "2026-11-05", customer_name="张小山", customer_phone="13900139000")
    (customer,) = of_rule(workspace, "customer")

    for _ in range(2):
        warnings.heed(workspace, customer, Measure("打给张小山 13900139000"), request_id="heed-1")

    with workspace.store.reading() as conn:
        (noted,) = shop_events.between(conn, ShopAction.HEED)
    assert "13900139000" not in str(noted)
    assert "张小山" not in str(noted)
    assert of_rule(workspace, "customer")[0].is_heeded


def test_of_two_things_of_a_case_only_the_one_that_was_heeded_is(workspace: Workspace) -> None:
    plant(workspace, 3, "2026-11-05", item={"order_no": "A-77", "batch": "B-1"})
    by_item = {w.item: w for w in of_rule(workspace, "item")}

    warnings.heed(workspace, by_item["批号：B-1"], Measure("停售这一批"), request_id="heed-1")

    assert {w.item: w.is_heeded for w in of_rule(workspace, "item")} == {"单号：A-77": False, "批号：B-1": True}


def test_a_case_that_was_none_of_it_takes_no_heed_away(workspace: Workspace) -> None:
    warning = three_of(workspace)
    plant(workspace, 1, "2026-11-06", place="二楼")
    warnings.heed(workspace, warning, Measure("换了滤芯"), request_id="heed-1")

    acted(workspace, warnings.numbers(workspace, warning)[0], "amend", place="三楼")

    assert of_rule(workspace, "place")[0].is_heeded


def test_the_measure_goes_on_a_case_as_a_corrective_action_that_is_owed(workspace: Workspace) -> None:
    warning = three_of(workspace)
    number = warnings.numbers(workspace, warning)[0]
    measure = Measure("换滤芯", "滤芯堵了", department="工程部", due_at="2026-11-30 18:00")

    for _ in range(2):
        warnings.heed(workspace, warning, measure, number, request_id="heed-1")

    file = desk.case_file(workspace, number)
    corrections = [e for e in file.deeds if e.action == "correct"]
    assert [e.data["problem"] for e in corrections] == ["本月第 3 次：地点 二楼（提示）"]
    assert corrections[0].data["corrective"] == "换滤芯"
    assert "correct" in {f.kind for f in file.owed}
    (heeded,) = {w.heed for w in of_rule(workspace, "place")}
    assert heeded is not None
    assert (heeded.number, heeded.measure) == (number, "换滤芯")


def test_a_heed_says_what_is_done_and_is_the_matter_of_who_corrects(workspace: Workspace) -> None:
    warning = three_of(workspace)
    with pytest.raises(KnownError) as silent:
        warnings.heed(workspace, warning, Measure("  "), request_id="heed-1")
    shop.set_role(workspace, workspace.operator, Role.RECEPTIONIST)
    with pytest.raises(KnownError) as refused:
        warnings.heed(workspace, warning, Measure("换滤芯"), request_id="heed-1")

    assert (silent.value.code, refused.value.code) == ("heed_says_nothing", "not_allowed")


# ------------------------------------------------------------------------------------------------------ the rules


def test_the_shops_own_file_holds_at_once_and_without_it_the_rules_of_the_house(workspace: Workspace) -> None:
    plant(workspace, 2, "2026-11-05", place="二楼")
    assert not of_rule(workspace, "place")

    workspace.folder.warnings.write_text('[[rule]]\nid = "place"\nmonth = 2\n', encoding="utf-8")
    bent = of_rule(workspace, "place")
    workspace.folder.warnings.unlink()

    assert [w.level for w in bent] == [Level.NOTICE]
    assert not of_rule(workspace, "place")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (b"[[rule]\nid = 3", "第 1 行第 7 个字符处不合 TOML 格式"),
        (b'[[rule]]\nid = "place"\nmonth = "drei"', "“rule place”里的 month 不能是“drei”，请改为：1, 2, 3 …"),
        (b"\xff\xfe\x00", "不是文字文件"),
    ],
)
def test_a_file_that_is_no_rules_is_told_in_one_sentence_and_those_of_the_house_go_on(
    workspace: Workspace, text: bytes, told: str
) -> None:
    plant(workspace, 3, "2026-11-05", place="二楼")

    workspace.folder.warnings.write_bytes(text)

    fault = warnings.fault(workspace)
    assert fault is not None
    sentence = workspace.rules.sentences.say(fault.code, fault.params)
    assert "没有生效，按出厂规则预警" in sentence
    assert told in sentence
    assert of_rule(workspace, "place")


def test_a_quarter_can_be_looked_at_too(workspace: Workspace) -> None:
    plant(workspace, 2, "2026-10-05", place="二楼")
    plant(workspace, 1, "2026-11-05", place="二楼")
    period = read_period("2026-Q4", NOW.date())

    found = [w for w in warnings.of_period(workspace, period, NOW.date()) if w.rule == "place"]

    assert [w.times for w in found] == [Times(3, 3, 3)]


# ------------------------------------------------------------------------------------------------------ the sheet


def on_paper(ws: Workspace, *, masked: bool | None = None) -> list[tuple[object, ...]]:
    scope = Scope(read_period("2026-11", NOW.date()), masked=masked)
    filled = sheets.fill(ws, sheets.find(ws, "warnings"), scope, by="甲")
    return [row.values for row in filled.grid.rows if row.values and isinstance(row.values[0], int)]


def test_the_sheet_says_what_the_page_says_and_what_is_done_about_it(workspace: Workspace) -> None:
    plant(workspace, 2, "2026-10-05", place="二楼")
    warning = three_of(workspace)
    warnings.heed(workspace, warning, Measure("换了滤芯", "滤芯堵了"), request_id="heed-1")

    (row,) = [row for row in on_paper(workspace) if "地点" in row]

    by = workspace.operator
    assert row[1:] == ("提示", "地点", "二楼", 3, 2, 5, 5, "滤芯堵了", f"换了滤芯（{by}，2026-11-22）")
    assert len(on_paper(workspace)) == len(warnings.current(workspace, NOW))


def test_what_rises_is_marked_on_the_sheet_and_what_nobody_has_heeded_is_left_for_the_pen(workspace: Workspace) -> None:
    for month in ("07", "08", "09", "10"):
        plant(workspace, 1, f"2026-{month}-10", category=f"{GOODS} > 质量")
    plant(workspace, 9, "2026-11-10", category=f"{GOODS} > 质量")

    (row,) = [row for row in on_paper(workspace) if f"{GOODS} > 质量" in row]

    assert row[1] == "严重 ↑"
    assert row[8:] == (None, None)


def test_a_customer_is_whole_on_the_sheet_unless_it_is_masked_or_they_asked_for_secrecy(workspace: Workspace) -> None:
    plant(workspace, 3, "2026-11-05", customer_phone="13900139000", place="张小山家", customer_name="张小山")
    plant(workspace, 3, "2026-11-05", customer_phone="13800138000", confidential=True)

    def told(*, masked: bool) -> list[object]:
        return [row[3] for row in on_paper(workspace, masked=masked) if row[2] in ("客户", "地点")]

    assert told(masked=False) == ["张小山家", "138****8000", "13900139000"]
    assert told(masked=True) == ["张**家", "138****8000", "139****9000"]
