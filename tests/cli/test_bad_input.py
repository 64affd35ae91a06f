"""Whatever somebody feeds to the command line: one clear sentence with its place, exit code 1, and nothing lost."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.helpers.builders import a_case

if TYPE_CHECKING:
    from collections.abc import Mapping

    from desk_app.paths import DataFolder
    from tests.cli.conftest import DeskApp, Ran

FIRST = "TS-20261122-001"
BAD_LINE = 17


def line(**changes: object) -> bytes:
    return json.dumps(a_case(**changes), ensure_ascii=False).encode()


def month(bad: bytes, lines: int = 320) -> bytes:
    """Return a file of as many lines, of which the 17th is ``bad``."""
    good = [line(content=f"第 {n} 件：电水壶不加热") for n in range(1, lines + 1)]
    good[BAD_LINE - 1] = bad
    return b"\n".join(good) + b"\n"


def stored(desk_app: DeskApp) -> int:
    return len(desk_app("queue", "--json").json)


# What the 17th line says → what the sentence must say besides 第 17 行.
BAD: Mapping[str, tuple[bytes, tuple[str, ...]]] = {
    "broken JSON": (b'{"kind": "complaint", "content": "', ("不是正确的 JSON", "第 35 个字符处")),
    "no JSON at all": ("李女士说水壶坏了".encode(), ("不是正确的 JSON",)),
    "two objects": (line() + line(), ("不是正确的 JSON",)),
    "a key twice": (b'{"content": "one", "kind": "complaint", "content": "two"}', ("“content”出现了两次",)),
    "a key twice inside": (b'{"item": {"model": "a", "model": "b"}}', ("“model”出现了两次",)),
    "a list": (b'["complaint"]', ("JSON 对象",)),
    "a number": (b"17", ("JSON 对象",)),
    "null": (b"null", ("JSON 对象",)),
    "NaN": (b'{"amount": NaN}', ("不是正确的 JSON",)),
    "a number without end": (b'{"amount": 1e99999999999999999999}', ("不是正确的 JSON",)),
    "digits without end": (b'{"amount": ' + b"9" * 5000 + b"}", ("不是正确的 JSON",)),
    "brackets without end": (b"[" * 100_000, ("不是正确的 JSON",)),
    "another encoding": ("{\"content\": \"投诉\"}".encode("gbk"), ("不是 UTF-8",)),
    "a NUL in the line": (b'{"content": "\x00"}', ("不是正确的 JSON",)),
    "a key that does not exist": (line(colour="red"), ("colour", "没有这个项目")),
    "a key of ten megabytes": (line(**{"k" * 10_000_000: "x"}), ("kkkk", "没有这个项目")),
    "a number of one's own": (line(number="TS-1"), ("受理编号（number）", "由程序给出")),
    "a value outside the choices": (line(kind="rant"), ("类别（kind）", "rant", "complaint")),
    "a category outside the tree": (line(category="天气"), ("分类（category）", "天气")),
    "no content": (line(content=None), ("投诉理由(事件经过)（content）", "请填写")),
    "empty content": (line(content="  \n "), ("content", "请填写")),
    "ten megabytes": (line(content="退" * 3_500_000), ("content", "最多 20000 个字", "3500000")),
    "ten megabytes of name": (line(customer_name="李" * 3_500_000), ("投诉人（customer_name）", "最多 60 个字")),
    "a control character": (line(content="退款\x07"), ("content", "第 3 个字", "U+0007")),
    "a lone surrogate": (b'{"content": "\\ud83d", "kind": "complaint"}', ("content", "第 1 个字", "U+D83D")),
    "a time in the future": (line(received_at="2026-11-22 10:01"), ("受理时间（received_at）", "不能晚于现在")),
    "a date that does not exist": (line(received_at="2026-02-30 10:00"), ("received_at", "没有“2026-02-30 10:00”")),
    "no time at all": (line(received_at="昨天下午"), ("received_at", "“昨天下午”不是时间")),
    "an amount that is none": (line(amount="很多"), ("涉及金额（amount）", "不是金额")),
    "nobody": (line(customer_name=None, customer_phone=None), ("投诉人（customer_name）", "匿名")),
    "two things at once": (line(kind="rant", amount="很多"), ("类别（kind）", "涉及金额（amount）")),
}  # fmt: skip


def sentences(ran: Ran) -> list[str]:
    told = ran.err.splitlines()
    assert all(0 < len(sentence) < 400 for sentence in told)
    return told


@pytest.mark.parametrize("what", BAD)
def test_one_bad_line_among_320_is_told_and_keeps_all_out(desk_app: DeskApp, what: str) -> None:
    bad, words = BAD[what]

    ran = desk_app("register", stdin=month(bad))

    assert (ran.code, ran.out) == (1, "")
    first, last = sentences(ran)
    assert first.startswith(f"第 {BAD_LINE} 行")
    for word in words:
        assert word in first
    assert last.startswith("1 行有问题，一行也没有存入")
    assert stored(desk_app) == 0


@pytest.mark.parametrize("what", ["broken JSON", "no content", "ten megabytes", "a lone surrogate"])
def test_keep_going_stores_the_others_and_lists_what_it_left_out(desk_app: DeskApp, what: str) -> None:
    bad, words = BAD[what]

    ran = desk_app("register", "--keep-going", stdin=month(bad, lines=20))

    assert ran.code == 0
    assert ran.lines == [f"TS-20261122-{n:03}" for n in range(1, 20)]
    first, last = sentences(ran)
    assert first.startswith(f"第 {BAD_LINE} 行")
    assert all(word in first for word in words)
    assert last == "已跳过 1 行，其余已存入"
    assert stored(desk_app) == 19


def test_every_bad_line_is_told_at_once(desk_app: DeskApp) -> None:
    ran = desk_app("register", stdin=b"\n".join([b"{", line(), line(kind="x"), b"[]"]))

    assert [told.partition("行")[0] for told in sentences(ran)] == ["第 1 ", "第 3 ", "第 4 ", "3 "]
    assert stored(desk_app) == 0


def test_of_very_many_bad_lines_the_first_are_told_and_the_rest_counted(desk_app: DeskApp) -> None:
    file = b"\n".join([line(kind="x")] * 50)

    refused = sentences(desk_app("register", stdin=file))
    skipped = sentences(desk_app("register", "--keep-going", stdin=file))

    assert len(refused) == 20 + 2
    assert refused[-2:] == [
        "……另有 30 行也有问题",
        "50 行有问题，一行也没有存入；改好后再试，或加 --keep-going 跳过有问题的行",
    ]
    assert len(skipped) == 50 + 1, "what was left out is listed, line by line"


@pytest.mark.parametrize(
    "text",
    [
        '=HYPERLINK("http://example.org","点这里")', "=1+1", "@SUM(A1)", "😡👨‍👩‍👧", "𠮷野家的饭", "\u200b零宽",
        "_x000D_", "<b>&amp;</b>", "' OR 1=1 --", "%s {0} {name}", "第一行\n第二行\t表格", "\u202e倒写",
    ],
)  # fmt: skip
def test_what_only_looks_dangerous_is_kept_as_it_is(desk_app: DeskApp, text: str) -> None:
    ran = desk_app("register", stdin=line(content=text))

    assert (ran.code, ran.err) == (0, "")
    assert desk_app("show", FIRST, "--json").json["case"]["content"] == text
    assert text.splitlines()[0] in desk_app("show", FIRST).out


def test_a_file_that_is_not_there_or_no_file_is_told(desk_app: DeskApp, tmp_path: Path) -> None:
    missing = desk_app("register", str(tmp_path / "没有.jsonl"))
    folder = desk_app("register", str(tmp_path))

    assert (missing.code, folder.code) == (1, 1)
    assert "找不到文件" in missing.err
    assert "没有.jsonl" in missing.err
    assert "读不了文件" in folder.err


@pytest.mark.fault
@pytest.mark.parametrize("command", [("register",), ("queue",), ("show", FIRST), ("backup",)])
def test_a_data_folder_that_cannot_be_written_is_told(
    desk_app: DeskApp, tmp_path: Path, command: tuple[str, ...]
) -> None:
    (tmp_path / "file").write_text("no folder")

    ran = desk_app(*command, stdin=line(), data=tmp_path / "file" / "data")

    assert (ran.code, ran.out) == (1, "")
    (told,) = sentences(ran)
    assert told.startswith(f"数据文件夹 {tmp_path / 'file' / 'data'} 不能写入")


@pytest.mark.fault
@pytest.mark.skipif(not Path("/proc/self").exists(), reason="there is no /proc here")
def test_a_folder_of_the_system_that_takes_no_files_is_told(desk_app: DeskApp) -> None:
    ran = desk_app("register", stdin=line(), data=Path("/proc/desk"))

    assert ran.code == 1
    assert "不能写入" in ran.err


@pytest.mark.fault
def test_a_disk_that_is_full_is_told_and_stores_none_of_the_file(
    desk_app: DeskApp, small_disk: Path, tmp_path: Path
) -> None:
    data = small_disk / "data"
    assert desk_app("register", stdin=line(), data=data).out == f"{FIRST}\n"
    big = b"\n".join(line(content=f"{n} " + "电水壶不加热" * 500) for n in range(320))

    ran = desk_app("register", "--keep-going", stdin=big, data=data)

    assert (ran.code, ran.out) == (1, "")
    warned, told = sentences(ran)
    assert warned.startswith("磁盘快满了：数据文件夹所在的磁盘只剩 0 MB")
    assert told.startswith("磁盘已满，没有保存")
    assert len(desk_app("queue", "--json", data=data).json) == 1
    assert desk_app("verify", data=data).code == 0


@pytest.mark.parametrize(
    ("content", "word"),
    [(b"not a database at all, but long enough to be asked" * 20, "已损坏"), (b"", "")],
)
def test_a_register_that_is_none_is_told_and_left_alone(
    desk_app: DeskApp, folder: DataFolder, content: bytes, word: str
) -> None:
    folder.root.mkdir()
    folder.database.write_bytes(content)

    ran = desk_app("queue")

    assert ran.code == (1 if word else 0)
    assert word in ran.err
    assert not word or folder.database.read_bytes() == content


ACTS: Mapping[str, tuple[tuple[str, ...], bytes, str]] = {
    "a case nobody registered": (("TS-1", "contact"), b'{"content": "x"}', "没有编号为 TS-1 的登记"),
    "a number that is no text": (("\udcff", "contact"), b'{"content": "x"}', "没有编号为"),
    "an action nobody knows": ((FIRST, "sneeze"), b"{}", "没有“sneeze”这个操作，可用：amend、contact、assign、"),
    "the registration as an action": ((FIRST, "register"), b"{}", "没有“register”这个操作"),
    "an amendment of nothing": ((FIRST, "amend"), b"{}", "没有改动任何一项"),
    "an amendment of what is so already": ((FIRST, "amend"), b'{"kind": "complaint"}', "没有改动任何一项"),
    "an amendment of the number": ((FIRST, "amend"), b'{"number": "TS-9"}', "number：由程序给出"),
    "an amendment of who received it": ((FIRST, "amend"), b'{"receiver": "x"}', "receiver：登记后不能改"),
    "an amendment that takes the matter away": ((FIRST, "amend"), b'{"content": ""}', "请填写"),
    "an amendment to a time to come": ((FIRST, "amend"), b'{"received_at": "2031-01-01 09:00"}', "（received_at）："),
    "an action not possible now": ((FIRST, "reopen"), b'{"reason": "x"}', "现在是“已登记”，不能“重新打开”"),
    "a close that came too soon": ((FIRST, "close"), b'{"result": "x"}', "还没有答复客户，不能结案"),
    "an assignment to nobody": ((FIRST, "assign"), b"{}", "责任部门（department）：请填写"),
    "a due date before the receipt": (
        (FIRST, "assign"), b'{"person": "x", "due_at": "2026-11-22 09:59"}', "期限 2026-11-22 09:59 早于受理时间"
    ),
    "a promise for yesterday": (
        (FIRST, "promise"), b'{"what": "x", "due_at": "2026-11-21"}', "期限 2026-11-21 00:00 早于受理时间"
    ),
    "a promise for 2062": (
        (FIRST, "promise"), b'{"what": "x", "due_at": "2062-11-23 10:00"}', "期限 2062-11-23 10:00 在一年以后"
    ),
    "a case promised for 2062": (
        (FIRST, "amend"), b'{"promised_at": "2062-11-23 10:00"}', "2062-11-23 10:00 在受理一年以后，请核对年份"
    ),
    "a promise that is no number": ((FIRST, "keep_promise"), b'{"promise": "all"}', "应为事项的编号（数字）"),
    "a promise nobody made": ((FIRST, "keep_promise"), b'{"promise": 1}', "没有未兑现的承诺"),
    "a score beyond the best": ((FIRST, "return_visit"), b'{"result_fair": 6}', "应为 1 到 5 的整数"),
    "an exception for a customer nobody asked": (
        (FIRST, "close"), b'{"result": "x", "exception": true, "reason": "y"}', "没有客户不满意的记录"
    ),
    "an exception without a reason": ((FIRST, "close"), b'{"result": "x", "exception": true}', "（reason）：请填写"),
    "no content": ((FIRST, "reply"), b"{}", "答复内容（content）：请填写"),
    "a key nobody knows": ((FIRST, "reply"), b'{"content": "x", "tone": 1}', "tone：没有这个项目"),
    "a key of another form": ((FIRST, "close"), b'{"result": "x", "content": "y"}', "content：没有这个项目"),
    "a value outside the choices": ((FIRST, "reply"), b'{"content": "x", "medium": "owl"}', "（medium）：没有“owl”"),
    "a time that does not exist": ((FIRST, "reply"), b'{"content": "x", "at": "2026-02-30"}', "没有“2026-02-30”"),
    "a time to come": ((FIRST, "reply"), b'{"content": "x", "at": "2027-01-01"}', "晚于现在"),
    "a time before the receipt": ((FIRST, "reply"), b'{"content": "x", "at": "2026-01-01"}', "早于受理时间"),
    "broken JSON": ((FIRST, "reply"), b"{", "第 1 行不是正确的 JSON"),
    "broken JSON on its third line": ((FIRST, "reply"), b'{\n"content": "x",\n}', "第 3 行不是正确的 JSON"),
    "a list": ((FIRST, "reply"), b"[]", "JSON 对象"),
    "another encoding": ((FIRST, "reply"), "{\"content\": \"投诉\"}".encode("gbk"), "不是 UTF-8"),
    "a lone surrogate": ((FIRST, "reply"), b'{"content": "\\ud83d"}', "U+D83D"),
    "ten megabytes": ((FIRST, "reply"), b'{"content": "' + b"x" * 10_000_000 + b'"}', "最多 20000 个字"),
}  # fmt: skip


@pytest.mark.parametrize("what", ACTS)
def test_an_action_that_is_refused_is_told_and_changes_nothing(desk_app: DeskApp, what: str) -> None:
    arguments, stdin, words = ACTS[what]
    desk_app("register", stdin=line())
    before = desk_app("show", FIRST, "--json").out

    ran = desk_app("act", *arguments, "--json-input", "-", stdin=stdin)

    assert (ran.code, ran.out) == (1, "")
    (told,) = sentences(ran)
    assert words in told
    assert desk_app("show", FIRST, "--json").out == before


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("show", "TS-1"), "没有编号为 TS-1 的登记"),
        (("show", "\udcff\udcfe"), "没有编号为"),
        (("queue", "--at", "昨天"), "“昨天”不是时间"),
        (("queue", "--at", "2026-02-30"), "没有“2026-02-30”"),
        (("export", "--month", "2026-13", "--out", "out"), "“2026-13”不是月份"),
        (("export", "--month", "九月", "--out", "out"), "“九月”不是月份"),
        (("export", "--month", "9999-12", "--out", "out"), "不是月份"),
        (("export", "--month", "2026-12", "--out", "out"), "2026-12 还没有到"),
        (("export", "--month", "2026-10", "--sheet", "moon", "--out", "out"), "没有“moon”这张表"),
        (("export", "--month", "2026-10", "--format", "pdf", "--out", "out"), "这里不能写 pdf 文件"),
        (("export", "--case", "TS-1", "--sheet", "register", "--out", "out"), "没有编号为 TS-1 的登记"),
        (("export", "--case", "\udcff", "--out", "out"), "没有编号为"),
        (("export", "--period", "2026-13", "--out", "out"), "“2026-13”不是期间"),
        (("verify-export", "none.xlsx"), "none.xlsx"),
        (("restore", "nowhere.sqlite"), "找不到文件"),
        (("act", "TS-1", "contact", "--json-input", "nowhere.json"), "找不到文件"),
    ],
)
def test_a_request_that_is_refused_is_told_in_one_line(
    desk_app: DeskApp, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], words: str
) -> None:
    monkeypatch.chdir(tmp_path)

    ran = desk_app(*arguments)

    assert (ran.code, ran.out) == (1, "")
    (told,) = sentences(ran)
    assert words in told
    assert not (tmp_path / "out").exists()


def test_a_file_that_is_no_backup_is_not_restored(desk_app: DeskApp, tmp_path: Path) -> None:
    desk_app("register", stdin=line())
    (tmp_path / "notes.txt").write_text("投诉登记\n" * 100)

    ran = desk_app("restore", str(tmp_path / "notes.txt"))

    assert (ran.code, ran.out) == (1, "")
    assert "不是本程序的备份，没有恢复" in ran.err
    assert stored(desk_app) == 1
