from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk_app.domain.calendar_csv import decode, read_days, write_days
from desk_app.domain.text import find_unstorable
from desk_app.domain.work_calendar import CalendarDay, DayKind
from desk_app.errors import KnownError
from tests.fixtures.make_calendar import NOTICES, TARGET, official_days

if TYPE_CHECKING:
    from desk_app.services.rules import Rules

HEADER = "date,kind,name,source\n"
TEXTS = (
    st.text(st.characters(codec="utf-8"), max_size=20)
    .map(str.strip)
    .filter(lambda text: "\r" not in text and find_unstorable(text, one_line=True) is None)
)
ENTRIES = st.lists(
    st.builds(CalendarDay, st.dates(), st.sampled_from(DayKind), TEXTS, TEXTS),
    min_size=1,
    max_size=30,
    unique_by=lambda entry: (entry.day, entry.kind in (DayKind.REST, DayKind.WORK)),
)


def refusal(text: str) -> KnownError:
    with pytest.raises(KnownError) as caught:
        read_days(text)
    return caught.value


def test_what_is_shipped_is_what_the_package_says() -> None:
    assert TARGET.read_bytes() == write_days(official_days()).encode()
    assert set(NOTICES) == {entry.day.year for entry in official_days()}


def test_what_is_shipped_names_every_holiday_and_its_notice() -> None:
    entries = read_days(decode(TARGET.read_bytes()))

    assert entries == official_days()
    assert all(entry.name and "国" in entry.source for entry in entries)
    assert all((entry.day.weekday() < 5) is (entry.kind is DayKind.REST) for entry in entries)


def test_a_file_that_a_person_wrote_is_read_however_they_wrote_it() -> None:
    text = (
        "\ufeff类别,日期,备注,名称\r\n"
        "休,2027/10/1,打电话问过,国庆节\r\n"
        "\r\n"
        " 班 ,2027-9-26,,\r\n"
        "closed,2027年3月3日,,盘点\r\n"
        ",,,\r\n"
        '营业,２０２７-０３-０７,,"店庆,全天"\r\n'
        "停业,2027-10-01\r\n"
    )

    assert read_days(text) == (
        CalendarDay(date(2027, 3, 3), DayKind.CLOSED, "盘点"),
        CalendarDay(date(2027, 3, 7), DayKind.OPEN, "店庆,全天"),
        CalendarDay(date(2027, 9, 26), DayKind.WORK),
        CalendarDay(date(2027, 10, 1), DayKind.CLOSED),
        CalendarDay(date(2027, 10, 1), DayKind.REST, "国庆节"),
    )


@pytest.mark.parametrize("kind", DayKind)
def test_a_kind_is_read_by_its_key_too(kind: DayKind) -> None:
    assert read_days(f"{HEADER}2027-03-03,{kind}\n") == (CalendarDay(date(2027, 3, 3), kind),)


def test_a_day_said_twice_alike_is_said_once() -> None:
    assert read_days(HEADER + "2027-10-01,休,国庆节,\n2027/10/1,休,国庆,\n") == (
        CalendarDay(date(2027, 10, 1), DayKind.REST, "国庆节"),
    )


@pytest.mark.parametrize(
    ("lines", "code", "params"),
    [
        ("2027-10-01,休\n2027-13-01,休\n", "calendar_date_bad", {"line": 3, "text": "2027-13-01"}),
        ("2027-02-29,休\n", "calendar_date_bad", {"line": 2, "text": "2027-02-29"}),
        ("国庆,休\n", "calendar_date_bad", {"line": 2, "text": "国庆"}),
        ("2027-10-01 08:00,休\n", "calendar_date_bad", {"line": 2, "text": "2027-10-01 08:00"}),
        (",休,国庆节\n", "calendar_date_bad", {"line": 2, "text": ""}),
        ("2027-10-01,放假\n", "calendar_kind_bad", {"line": 2, "text": "放假"}),
        ("2027-10-01\n", "calendar_kind_bad", {"line": 2, "text": ""}),
        (
            "2027-10-01,休\n\n2027/10/1,班\n",
            "calendar_day_twice",
            {"line": 4, "day": "2027-10-01", "first": "休", "second": "班"},
        ),
        (
            "2027-10-01,open\n2027-10-01,停业\n",
            "calendar_day_twice",
            {"line": 3, "day": "2027-10-01", "first": "营业", "second": "停业"},
        ),
        ('2027-10-01,休,"国"庆\n', "calendar_line_bad", {"line": 2}),
        ('2027-10-01,休,"国庆\n', "calendar_line_bad", {"line": 2}),
        ('2027-10-01,休,"国\n庆"\n', "calendar_text_bad", {"line": 3, "limit": 100}),
        ('2027-10-01,休,"国\r庆"\n', "calendar_text_bad", {"line": 3, "limit": 100}),
        ("2027-10-01,休,国\x00庆\n", "calendar_text_bad", {"line": 2, "limit": 100}),
        (f"2027-10-01,休,{'长' * 101}\n", "calendar_text_bad", {"line": 2, "limit": 100}),
        ("", "calendar_empty", {}),
        ("\n,,\n", "calendar_empty", {}),
    ],
)
def test_what_cannot_be_read_is_told_with_its_line(
    rules: Rules, lines: str, code: str, params: dict[str, object]
) -> None:
    error = refusal(HEADER + lines)

    assert (error.code, error.params) == (code, params)
    told = rules.sentences.error(error)
    assert all(f"{value}" in told for value in params.values())


@pytest.mark.parametrize(
    ("text", "code", "shown"),
    [
        ("", "calendar_empty", None),
        ("2027-10-01,休\n", "calendar_header_bad", "2027-10-01,休"),
        ("\n\ndate,name\n", "calendar_header_bad", "date,name"),
        ("PK\x03\x04" + "x" * 500 + "\n", "calendar_header_bad", "PK" + "x" * 37 + "…"),
    ],
)
def test_a_file_without_its_columns_is_told_as_one(text: str, code: str, shown: str | None) -> None:
    error = refusal(text)

    assert error.code == code
    assert error.params.get("text") == shown


@pytest.mark.parametrize("kind", DayKind)
@pytest.mark.parametrize("name", ["", "国庆节", "盘点", "café"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_file_is_read_however_excel_saved_it(kind: DayKind, name: str, encoding: str) -> None:
    entry = CalendarDay(date(2027, 10, 1), kind, name)

    assert read_days(decode(write_days([entry]).encode(encoding))) == (entry,)


def test_a_file_without_chinese_keeps_its_letters_where_it_says_that_it_is_utf8() -> None:
    text = HEADER + "2027-10-01,closed,café,\n"

    assert decode(text.encode("utf-8-sig")) == text
    assert decode(text.encode("ascii", "ignore")) == text.replace("é", "")


@pytest.mark.parametrize("data", ["休".encode("utf-16"), b"\xff\xd8\xff\xe0", b"\x80abc"])
def test_what_is_no_text_is_refused(data: bytes) -> None:
    with pytest.raises(KnownError, match="calendar_not_text"):
        decode(data)


@given(ENTRIES)
def test_what_is_written_is_read_back_in_the_order_of_days(entries: list[CalendarDay]) -> None:
    written = write_days(entries)

    assert read_days(written) == tuple(sorted(entries, key=lambda entry: (entry.day, entry.kind)))
    assert decode(written.encode()) == decode(written.encode("utf-8-sig")) == written
    assert read_days(write_days(read_days(written))) == read_days(written)


@given(st.text())
def test_any_text_is_read_or_refused_with_a_sentence(rules: Rules, text: str) -> None:
    for file in (text, HEADER + text):
        try:
            outcome: object = read_days(file)
        except KnownError as error:
            outcome = rules.sentences.error(error)
        assert outcome
