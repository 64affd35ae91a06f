from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from desk_app import __version__, cli
from desk_app.domain.case import Case
from tests.helpers.builders import NOW, a_case, a_full_case
from tests.helpers.damage import zeroed
from tests.helpers.working import TO_THE_END

if TYPE_CHECKING:
    from desk_app.clock import FixedClock
    from desk_app.paths import DataFolder
    from tests.cli.conftest import DeskApp

FIRST = "TS-20261122-001"


def as_lines(*cases: dict[str, object]) -> bytes:
    return "".join(json.dumps(case, ensure_ascii=False) + "\n" for case in cases).encode()


def with_one(desk_app: DeskApp, **changes: object) -> str:
    (number,) = desk_app("register", stdin=as_lines(a_case(**changes))).lines
    return number


def test_register_prints_one_number_a_line_and_nothing_else(desk_app: DeskApp, tmp_path: Path) -> None:
    file = tmp_path / "month.jsonl"
    file.write_bytes(as_lines(a_case(), a_full_case()))

    from_file = desk_app("register", str(file))
    from_pipe = desk_app("register", "-", stdin=as_lines(a_case()))
    from_nothing = desk_app("register", stdin=as_lines(a_case()))

    assert (from_file.code, from_file.out, from_file.err) == (0, f"{FIRST}\nTS-20261122-002\n", "")
    assert from_pipe.out == "TS-20261122-003\n"
    assert from_nothing.out == "TS-20261122-004\n"


@pytest.mark.parametrize(
    "around", [b"\xef\xbb\xbf%s", b"%s\n\n  \n", b"\n%s", b"%s\r\n"], ids=["BOM", "blank lines", "blank first", "CRLF"]
)
def test_register_reads_the_file_of_whatever_editor(desk_app: DeskApp, around: bytes) -> None:
    ran = desk_app("register", stdin=around % as_lines(a_case()).strip())

    assert (ran.code, ran.out) == (0, f"{FIRST}\n")


def test_an_empty_input_registers_nothing(desk_app: DeskApp) -> None:
    ran = desk_app("register", stdin=b"")

    assert (ran.code, ran.out, ran.err) == (0, "", "")


def test_the_days_first_change_leaves_a_backup(desk_app: DeskApp, folder: DataFolder) -> None:
    with_one(desk_app)
    with_one(desk_app)

    assert sorted(p.name for p in folder.backups.iterdir()) == ["desk-20261122-100000.sqlite", "verified.tsv"]


@pytest.mark.fault
def test_a_backup_that_fails_is_told_and_what_was_registered_stays(desk_app: DeskApp, folder: DataFolder) -> None:
    folder.root.mkdir()
    folder.backups.write_text("a file in the way")

    ran = desk_app("register", stdin=as_lines(a_case()))

    assert (ran.code, ran.out) == (0, f"{FIRST}\n")
    assert ran.err.startswith("已保存；但今天的备份没有成功")
    assert desk_app("show", FIRST).code == 0


def test_show_gives_the_case_its_follow_ups_and_its_history(desk_app: DeskApp) -> None:
    raw = a_full_case()
    desk_app("register", stdin=as_lines(raw))

    shown = desk_app("show", FIRST, "--json").json

    assert set(shown) == {"case", "follow_ups", "events"}
    assert set(shown["case"]) == set(Case.__dataclass_fields__)
    for key, value in raw.items():
        expected = {
            "received_at": "2026-11-22T09:12:30+08:00",
            "promised_at": "2026-11-22T18:00:00+08:00",
            "amount": 199.9,
        }.get(key, value)
        assert shown["case"][key] == expected
    assert (shown["case"]["number"], shown["case"]["status"], shown["case"]["round"]) == (FIRST, "registered", 1)
    owed, to_the_body = shown["follow_ups"]
    assert owed.pop("explanation").startswith(
        "外部转来：24 小时内由店长答复。已说定 2026-11-22 18:00，以说定的时间为准"
    )
    assert "第 1–5 个工作日：11月23–27日" in to_the_body["explanation"]
    assert (to_the_body["kind"], to_the_body["owed_to"]) == ("external_reply", "消费者协会")
    assert owed == {
        "id": 1,
        "kind": "reply",
        "owed_by": "店长",
        "owed_to": "客户",
        "due_at": "2026-11-22T18:00:00+08:00",
        "rule": "external_reply",
        "done_at": None,
    }
    (event,) = shown["events"]
    assert event == {"at": "2026-11-22T09:12:30+08:00", "by": "小周", "action": "register", "data": {}}


def test_show_for_people_says_the_labels_the_next_step_and_why(desk_app: DeskApp) -> None:
    desk_app("register", stdin=as_lines(a_full_case()))
    desk_app("act", FIRST, "contact", "--json-input", "-", stdin=b'{"content": "\xe8\x87\xb4\xe7\x94\xb5"}')

    ran = desk_app("show", FIRST)

    assert ran.code == 0
    for expected in (
        f"受理编号：{FIRST}",
        "类别：投诉",
        "受理时间：2026-11-22 09:12",
        "要求类型：更换",
        "涉及安全：是",
        "状态：处理中",
        "下一步：店长 应在 2026-11-22 18:00 前“待答复”",
        "2026-11-22 10:00  前台  联系记录  联系内容：致电",
    ):
        assert expected in ran.lines
    assert any("24 小时" in line and "依据" in line for line in ran.lines)


def test_queue_gives_what_is_owed_as_the_window_orders_it(desk_app: DeskApp) -> None:
    with_one(desk_app, content="later")
    with_one(desk_app, content="sooner", received_at="2026-11-21 09:00", customer_name="张小山")

    rows = desk_app("queue", "--json").json

    assert [row["matter"] for row in rows] == ["sooner", "later"]
    assert rows[0] == {
        "number": "TS-20261121-001",
        "kind": "reply",
        "due_at": "2026-11-22T09:00:00+08:00",
        "overdue": True,
        "owed_by": "前台",
        "owed_to": "客户",
        "customer": "张**",
        "matter": "sooner",
        "status": "registered",
    }


def test_an_anonymous_customer_is_called_so_and_never_by_a_name_on_file(desk_app: DeskApp) -> None:
    with_one(desk_app, anonymous=True, customer_name="张小山", customer_phone="13800138000")

    told = desk_app("queue").lines[0]

    assert desk_app("queue", "--json").json[0]["customer"] == "匿名"
    assert "匿名" in told
    assert "张" not in told
    assert "8000" not in told


def test_queue_takes_a_view_and_another_now(desk_app: DeskApp) -> None:
    with_one(desk_app)

    assert desk_app("queue", "--json").json[0]["overdue"] is False
    assert desk_app("queue", "--view", "overdue", "--json").json == []
    later = desk_app("queue", "--view", "overdue", "--at", "2026-11-23 10:00:01", "--json").json
    assert [row["overdue"] for row in later] == [True]
    assert len(desk_app("queue", "--view", "today", "--at", "2026-11-23", "--json").json) == 1


def test_queue_for_people_is_a_line_each_or_a_sentence(desk_app: DeskApp) -> None:
    assert desk_app("queue").lines == ["没有要跟进的事项"]
    with_one(desk_app, content="电水壶\n不加热")

    (line,) = desk_app("queue", "--at", "2026-11-24").lines

    assert line == f"2026-11-23 10:00  逾期  待答复  前台→客户  {FIRST}  李女士  电水壶 不加热"


def test_act_says_what_is_next_and_gives_the_case_to_programs(desk_app: DeskApp, tmp_path: Path) -> None:
    with_one(desk_app)
    file = tmp_path / "reply.json"
    file.write_text('{"content": "换新", "medium": "phone", "by": "小王"}', encoding="utf-8")

    for_people = desk_app("act", FIRST, "reply", "--json-input", str(file))
    for_programs = desk_app(
        "act", FIRST, "return_visit", "--json", "--json-input", "-", stdin=b'{"satisfaction": "satisfied"}'
    )

    assert for_people.lines == [
        f"{FIRST} 已记下“答复”，现在是“待回访”",
        "下一步：前台 应在 2026-11-23 10:00 前“待回访”",
    ]
    assert [e["action"] for e in for_programs.json["events"]] == ["register", "reply", "return_visit"]
    assert for_programs.json["events"][1]["by"] == "小王"
    assert for_programs.json["case"]["status"] == "in_progress"


def test_two_cases_of_one_matter_are_merged_and_both_numbers_are_found(desk_app: DeskApp) -> None:
    second = "TS-20261122-002"
    with_one(desk_app)
    with_one(desk_app)
    merging = {"reason": "重复登记", "into": FIRST}

    into_nothing = desk_app("act", second, "void", "--json-input", "-", stdin=as_lines({**merging, "into": "9"}))
    merged = desk_app("act", second, "void", "--json-input", "-", stdin=as_lines(merging))
    again = desk_app("act", second, "void", "--json-input", "-", stdin=as_lines(merging))

    assert (into_nothing.code, into_nothing.err) == (1, "并入编号（into）：没有编号为“9”的登记，请核对编号\n")
    assert merged.lines == [f"{second} 已记下“作废”，现在是“作废”", f"已并入 {FIRST}"]
    assert again.code == 1
    assert f"已并入 {FIRST}" in desk_app("show", second).lines
    assert f"并入了 {second}" in desk_app("show", FIRST).lines
    assert list(desk_app("show", FIRST, "--json").json) == ["case", "follow_ups", "events"]
    assert [row["number"] for row in desk_app("queue", "--json").json] == [FIRST]
    assert desk_app("verify").code == 0


def test_a_case_can_be_worked_to_its_end_without_a_window(desk_app: DeskApp) -> None:
    with_one(desk_app)

    for action, keys in (
        *TO_THE_END,
        ("reopen", {"reason": "又坏了"}),
        ("void", {"reason": "另立一件"}),
    ):
        assert desk_app("act", FIRST, action, "--json-input", "-", stdin=as_lines(keys)).code == 0

    assert desk_app("show", FIRST, "--json").json["case"]["status"] == "void"
    assert desk_app("queue", "--json").json == []


def test_export_prints_the_paths_of_the_files(desk_app: DeskApp, tmp_path: Path) -> None:
    with_one(desk_app)

    ran = desk_app("export", "--month", "2026-11", "--out", str(tmp_path / "sheets"))

    assert ran.code == 0, ran.err
    assert len(ran.lines) >= 2
    assert all(Path(line).is_file() and line.endswith("_2026-11.xlsx") for line in ran.lines)


def test_backup_restore_and_verify_work_together(desk_app: DeskApp, tmp_path: Path, folder: DataFolder) -> None:
    with_one(desk_app)
    (path,) = desk_app("backup", "--to", str(tmp_path / "stick")).lines
    with_one(desk_app)

    restored = desk_app("restore", path)

    assert restored.lines[0].startswith("已恢复 1 件登记；原来的登记册保存在 ")
    assert desk_app("verify").lines == ["登记册检查无误"]
    assert desk_app("verify", "--json").json == {"ok": True, "problems": []}
    assert desk_app("show", "TS-20261122-002").code == 1
    folder.database.unlink()
    assert desk_app("restore", path).lines == ["已恢复 1 件登记"]
    assert desk_app("show", FIRST).code == 0


def test_a_lost_key_is_vouched_for_by_command(desk_app: DeskApp, folder: DataFolder) -> None:
    with_one(desk_app)
    needless = desk_app("verify", "--vouch")
    folder.key.unlink()
    with_one(desk_app)

    before, vouched, after = desk_app("verify"), desk_app("verify", "--vouch"), desk_app("verify")

    assert (needless.code, needless.err[:3]) == (1, "没有做")
    assert (before.code, vouched.code, after.code) == (1, 0, 0)
    assert "--vouch" in before.out
    assert vouched.lines == after.lines
    assert [line[:6] for line in after.lines] == ["登记册检查无", "账里第 1–"]


def test_verify_tells_what_is_wrong_and_refuses(desk_app: DeskApp, folder: DataFolder) -> None:
    with_one(desk_app)
    with closing(sqlite3.connect(folder.database)) as conn:
        conn.execute("DROP TRIGGER event_no_update")

    for_people, for_programs = desk_app("verify"), desk_app("verify", "--json")

    assert (for_people.code, for_programs.code) == (1, 1)
    assert for_people.lines == ["数据库里缺少“event_no_update”，可能被别的程序改动过"]
    assert for_programs.json == {"ok": False, "problems": for_people.lines}


def test_no_register_is_not_a_sound_one(desk_app: DeskApp, tmp_path: Path) -> None:
    nowhere = tmp_path / "misspelt"

    ran = desk_app("verify", data=nowhere)

    assert (ran.code, ran.out, nowhere.exists()) == (1, "", False)
    assert f"{nowhere} 里没有登记册" in ran.err


def test_a_page_that_cannot_be_read_is_told_once(desk_app: DeskApp, folder: DataFolder) -> None:
    with_one(desk_app)
    zeroed(folder, "follow_up")

    ran = desk_app("verify")

    assert ran.code == 1
    assert len([line for line in ran.lines if "读不出来" in line]) == 1
    assert len(set(ran.lines)) == len(ran.lines)


def test_data_may_be_named_before_or_after_the_command(
    desk_app: DeskApp, face: cli.Face, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with_one(desk_app)
    place = desk_app("backup").lines[0]
    elsewhere = str(tmp_path / "elsewhere")

    assert desk_app("queue", "--data", elsewhere, "--json").json == []
    assert cli.main(["queue", "--data", str(Path(place).parents[1]), "--json"], face) == 0
    assert len(json.loads(capsys.readouterr().out)) == 1
    assert cli.main([f"--data={elsewhere}", "queue", "--json"], face) == 0
    assert json.loads(capsys.readouterr().out) == []


def test_demo_prints_the_paths_and_self_test_says_ok(desk_app: DeskApp, tmp_path: Path) -> None:
    assert desk_app("demo", "--out", str(tmp_path)).lines == [str(tmp_path / "1.png"), str(tmp_path / "2.png")]
    assert desk_app("self-test").lines == ["ok"]


def test_help_and_version(desk_app: DeskApp) -> None:
    assert __version__ in desk_app("--version").out
    for command in ("register", "queue", "show", "act", "export", "backup", "restore", "verify", "demo", "self-test"):
        assert command in desk_app("--help").out
        assert desk_app(command, "-h").code == 0


@pytest.mark.parametrize(
    "arguments",
    [
        ("sneeze",),
        ("show",),
        ("queue", "--view", "tomorrow"),
        ("export", "--out", "x"),
        ("act", "TS-1"),
        ("register", "--fast"),
        ("export", "--month", "2026-10", "--out", "x", "--format", "doc"),
    ],
)
def test_wrong_usage_is_exit_code_two_and_writes_nothing(
    desk_app: DeskApp, folder: DataFolder, arguments: tuple[str, ...]
) -> None:
    ran = desk_app(*arguments)

    assert (ran.code, ran.out) == (2, "")
    assert ran.err
    assert not folder.root.exists()


def test_a_bug_is_logged_without_what_people_wrote_and_told_in_one_line(
    face: cli.Face, folder: DataFolder, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(_out: Path) -> list[Path]:
        raise RuntimeError("李女士 13800138000")

    face.run_demo = broken

    assert cli.main(["--data", str(folder.root), "demo", "--out", "x"], face) == 1

    assert capsys.readouterr().err == (
        f"程序内部出错（RuntimeError），已记入 {folder.log}；数据没有丢失，请重试，若再出现请把这个文件交给维护人员\n"
    )
    log = folder.log.read_text(encoding="utf-8")
    assert "RuntimeError" in log
    assert "李女士" not in log
    assert "13800138000" not in log


@pytest.mark.fault
def test_a_bug_is_told_even_where_nothing_can_be_logged(
    face: cli.Face, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").touch()

    def broken(_out: Path) -> list[Path]:
        raise RuntimeError("李女士")

    face.run_demo = broken

    assert cli.main(["--data", str(tmp_path / "file" / "below"), "demo", "--out", "x"], face) == 1
    assert capsys.readouterr().err.startswith("程序内部出错（RuntimeError），记录它的文件")


def test_time_passes_between_commands(desk_app: DeskApp, clock: FixedClock) -> None:
    with_one(desk_app)
    clock.moment = NOW + timedelta(days=2)

    assert desk_app("queue", "--json").json[0]["overdue"] is True
