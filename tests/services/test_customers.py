"""Customers found while typing, their history, the same matter again, and what is decided about them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from desk_app.domain.customer import CustomerClass
from desk_app.domain.vocabulary import Role, Status
from desk_app.errors import KnownError
from desk_app.services import customers, desk, search
from desk_app.services.shop import choose_operator, set_role, set_up
from tests.helpers.builders import acted, registered

if TYPE_CHECKING:
    from desk_app.services.workspace import Workspace

WATER = "昨天买的电水壶通电后不加热，按说明书试了三次都一样。"


def put(ws: Workspace, name: str, **changes: object) -> str:
    """Put a case of somebody on file and return its number."""
    request = f"{name}:{len(changes)}:{search.behind(ws)}:{changes.get('customer_phone')}:{changes.get('content')}"
    return registered(ws, request, customer_name=name, **changes).case.number


def cases_of(ws: Workspace, number: str) -> set[str]:
    """Return the numbers of all cases of the customer of one."""
    customer = customers.of_case(ws, number)
    assert customer is not None
    return {file.case.number for file in customer.cases}


@pytest.fixture(params=["nothing indexed", "all indexed"])
def shop(request: pytest.FixtureRequest, workspace: Workspace) -> Workspace:
    """A register with a few customers, whether the index knows them or not."""
    put(workspace, "张小山", customer_phone="138-0013 8000", customer_address="和平路 8 号", item={"room": "8302"})
    put(workspace, "曾国华", customer_phone="13912345678、0512-66778899")
    put(workspace, "李女士", customer_phone="13800138000", content="空调不制冷")
    put(workspace, "匿名者", customer_phone="13900008000", anonymous=True)
    put(workspace, "王五一", customer_phone=None)
    if request.param == "all indexed":
        assert search.catch_up(workspace).left == 0
    return workspace


@pytest.mark.parametrize(
    ("field", "typed", "names"),
    [
        ("customer_phone", "8000", ["李女士"]),  # the later case of the same number, and nobody anonymous
        ("customer_phone", "1380013", ["李女士"]),
        ("customer_phone", "６６７７", ["曾国华"]),
        ("customer_phone", "80", []),
        ("customer_phone", "8009", []),
        ("customer_name", "小山", ["张小山"]),
        ("customer_name", "张", ["张小山"]),
        ("customer_name", "zx", ["张小山"]),
        ("customer_name", "zgh", ["曾国华"]),
        ("customer_name", "xs", []),
        ("customer_name", "匿名", []),
        ("customer_name", "", []),
        ("customer_name", '"*) OR (', []),
        ("item", "8302", ["张小山"]),
        ("item", "830", ["张小山"]),
        ("item", "9", []),
        ("content", "空调", []),
    ],
)
def test_a_customer_is_found_by_a_part_of_what_is_typed(
    shop: Workspace, field: str, typed: str, names: list[str]
) -> None:
    found = customers.look_up(shop, field, typed)

    assert [match.name for match in found] == names


@pytest.mark.parametrize(
    ("field", "typed", "names"),
    [
        ("customer_name", "\ud800张小\0山", ["张小山"]),
        ("customer_phone", "1380\x00013\ud8008000", ["李女士"]),
        ("item", "83\ufffe02", ["张小山"]),
        ("customer_name", "\ud800", []),
        ("item", "\0\0", []),
    ],
)
def test_what_no_file_can_keep_is_passed_over(shop: Workspace, field: str, typed: str, names: list[str]) -> None:
    assert [match.name for match in customers.look_up(shop, field, typed)] == names

    known = customers.known(shop, {field: typed, "content": typed})

    assert (known.customer is not None) == (field == "customer_phone")


def test_a_match_has_what_the_form_takes_over(shop: Workspace) -> None:
    (match,) = customers.look_up(shop, "customer_name", "张小山")

    assert (match.name, match.phone, match.address) == ("张小山", "138-0013 8000", "和平路 8 号")
    assert match.item == {"room": "8302"}
    assert (match.matter, match.cases) == (WATER, 2)  # 李女士 gave the same number


def test_a_match_tells_the_last_matter_and_how_many_there_were_under_any_number(shop: Workspace) -> None:
    put(shop, "曾国华", customer_phone="051266778899", content="发票开错")
    put(shop, "曾国华", customer_phone="13912345678", content="又漏水")

    (match,) = customers.look_up(shop, "customer_phone", "8899")

    assert (match.name, match.matter, match.cases) == ("曾国华", "发票开错", 3)
    (match,) = customers.look_up(shop, "customer_name", "zgh")
    assert (match.name, match.matter, match.cases) == ("曾国华", "又漏水", 3)


def test_many_customers_are_offered_up_to_a_number_the_latest_first(workspace: Workspace) -> None:
    for i in range(12):
        put(workspace, f"张小{i:02}", customer_phone=f"1370000{i:04}")

    found = customers.look_up(workspace, "customer_phone", "1370000")

    assert [match.name for match in found] == [f"张小{i:02}" for i in range(11, 5, -1)]


def test_what_is_taken_over_is_what_the_last_case_says_whichever_went_on_since(shop: Workspace) -> None:
    old = put(shop, "赵六", customer_phone="13711112222", customer_address="旧街 1 号")
    put(shop, "赵六", customer_phone="13711112222", customer_address="新街 2 号")
    search.catch_up(shop)

    acted(shop, old, "contact", content="问了进度", medium="phone")

    (match,) = customers.look_up(shop, "customer_phone", "2222")
    assert match.address == "新街 2 号"


def test_what_was_not_looked_at_is_told_beside_what_is_known(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(3):
        put(workspace, "赵六", customer_phone="13711112222")
    monkeypatch.setattr(search, "BY_HAND", 2)

    known = customers.known(workspace, {"customer_phone": "13711112222"})
    assert known.customer is not None
    assert (known.customer.complaints, known.waiting) == (2, 1)

    search.catch_up(workspace)

    known = customers.known(workspace, {"customer_phone": "13711112222"})
    assert known.customer is not None
    assert (known.customer.complaints, known.waiting) == (3, 0)


def test_one_number_is_one_customer_with_all_their_cases_counted(shop: Workspace) -> None:
    acted(shop, put(shop, "张小山", customer_phone="13800138000", content="重复了"), "void", reason="重复登记")
    put(shop, "张小山", customer_phone="13800138000", kind="inquiry", content="几点开门")

    customer = customers.known(shop, {"customer_phone": "138 0013 8000"}).customer

    assert customer is not None
    assert [file.case.content for file in customer.cases] == ["几点开门", "重复了", "空调不制冷", WATER]
    assert (customer.complaints, customer.next_complaint, customer.open_cases) == (2, 3, 3)
    assert (customer.name, customer.address) == ("张小山", "和平路 8 号")


def test_a_corrected_number_is_the_number_of_its_customer(shop: Workspace) -> None:
    number = put(shop, "赵六", customer_phone="13711112222")
    search.catch_up(shop)

    acted(shop, number, "amend", customer_phone="13711113333", reason="记错一位")

    assert customers.known(shop, {"customer_phone": "13711112222"}).customer is None
    assert customers.known(shop, {"customer_phone": "13711113333"}).customer is not None
    assert [m.name for m in customers.look_up(shop, "customer_phone", "3333")] == ["赵六"]
    assert customers.look_up(shop, "customer_phone", "2222") == ()


def test_without_a_number_a_full_name_is_a_customer_and_a_form_of_address_is_nobody(shop: Workspace) -> None:
    assert customers.known(shop, {"customer_name": "王五一先生"}).customer is not None
    assert customers.known(shop, {"customer_name": "李女士"}).customer is None
    assert customers.known(shop, {"customer_name": "王五一", "anonymous": True}).customer is None
    assert customers.known(shop, {}).customer is None


@pytest.mark.parametrize(
    ("written", "typed"),
    [
        ("赵　六", "赵六"),
        ("赵六先生/他爱人", "赵六、他爱人"),
        ("Mr. Zhao  Liu", "mr. zhao liu"),
        ("ｚｈａｏ 六（房东）", "Zhao六"),
    ],
)
def test_a_full_name_is_known_however_it_was_written(shop: Workspace, written: str, typed: str) -> None:
    number = put(shop, written, customer_phone=None)
    for _ in range(2):
        customer = customers.known(shop, {"customer_name": typed}).customer

        assert customer is not None
        assert [file.case.number for file in customer.cases] == [number]
        search.catch_up(shop)

    assert [match.name for match in customers.look_up(shop, "customer_name", typed.partition("、")[0])] == [written]


def test_the_same_matter_of_the_same_customer_is_warned_of(shop: Workspace) -> None:
    said = {"customer_phone": "13800138000", "content": "前几天买的电水壶，通电不加热，试了三次"}

    alike = customers.known(shop, said).alike

    assert [each.file.case.content for each in alike] == [WATER]
    assert customers.known(shop, {**said, "content": "发票抬头开错了，要求重开"}).alike == ()
    assert customers.known(shop, {**said, "customer_phone": "13912345678"}).alike[0].file.case.customer_name == "曾国华"
    assert customers.known(shop, {**said, "customer_phone": "13700000000"}).alike == ()


def test_what_lies_beyond_the_window_of_days_or_is_void_is_no_repetition(shop: Workspace) -> None:
    said = {"customer_phone": "13711114444", "content": WATER}
    old = put(shop, "钱七", customer_phone="13711114444", received_at="2026-10-22 10:00")
    new = put(shop, "钱七", customer_phone="13711114444", received_at="2026-10-24 10:00", content=WATER + "！")

    assert [each.file.case.number for each in customers.known(shop, said).alike] == [new]

    acted(shop, new, "void", reason="重复登记")

    assert customers.known(shop, said).alike == ()
    known = customers.known(shop, said).customer
    assert known is not None
    assert {file.case.number for file in known.cases} == {old, new}
    assert {file.case.status for file in known.cases} == {Status.VOID, Status.REGISTERED}


def test_two_customers_become_one_and_two_again(shop: Workspace) -> None:
    one = customers.known(shop, {"customer_phone": "13800138000"}).customer
    other = customers.known(shop, {"customer_phone": "13912345678"}).customer
    assert one is not None
    assert other is not None

    merged = customers.merge(shop, one.cases[0].case.number, other.cases[0].case.number, "merge-1")

    for phone in ("13800138000", "13912345678", "0512-66778899"):
        both = customers.known(shop, {"customer_phone": phone}).customer
        assert both is not None
        assert (both.complaints, both.merges) == (3, (merged.event,))
    assert len(customers.look_up(shop, "customer_name", "张")) == 1
    with pytest.raises(KnownError, match="customer_same"):
        customers.merge(shop, one.cases[0].case.number, other.cases[0].case.number, "merge-2")

    customers.split(shop, merged.event.id, "split-1")

    alone = customers.known(shop, {"customer_phone": "13912345678"}).customer
    assert alone is not None
    assert (alone.complaints, alone.merges) == (1, ())
    with pytest.raises(KnownError, match="customer_not_merged"):
        customers.split(shop, merged.event.id, "split-2")


def test_a_receptionist_says_of_no_customer_of_which_class_they_are(shop: Workspace) -> None:
    set_up(shop, "云栖酒店", "hotel", "李经理")
    set_role(shop, "李经理", Role.MANAGER)
    set_role(shop, "小周", Role.RECEPTIONIST)
    choose_operator(shop, "小周")

    with pytest.raises(KnownError, match="not_allowed"):
        customers.classify(shop, "13800138000", CustomerClass.KEY, "class-1")


def test_a_decision_that_is_sent_twice_is_made_once(shop: Workspace) -> None:
    first = customers.classify(shop, "13800138000", CustomerClass.KEY, "class-1")
    again = customers.classify(shop, "13800138000", CustomerClass.KEY, "class-1")

    assert first.event == again.event
    known = customers.known(shop, {"customer_phone": "13800138000"}).customer
    assert known is not None
    assert known.classed is CustomerClass.KEY

    customers.classify(shop, "13800138000", None, "class-2")

    known = customers.known(shop, {"customer_phone": "13800138000"}).customer
    assert known is not None
    assert known.classed is None


def test_a_merge_and_a_split_that_are_sent_again_say_what_they_did(shop: Workspace) -> None:
    one, other = (put(shop, "赵六", customer_phone=f"1371111222{n}") for n in range(2))

    merged = customers.merge(shop, one, other, "merge")
    assert customers.merge(shop, one, other, "merge") == merged

    split = customers.split(shop, merged.event.id, "split")
    assert customers.split(shop, merged.event.id, "split") == split


def test_two_who_share_a_number_by_way_of_a_third_case_are_one_already(shop: Workspace) -> None:
    one, other = (put(shop, "赵六", customer_phone=f"1371111222{n}") for n in range(2))
    put(shop, "赵六", customer_phone="13711112221、13711112220")

    with pytest.raises(KnownError, match="customer_same"):
        customers.merge(shop, one, other, "merge")


def test_a_merge_goes_with_its_cases_when_a_number_is_put_right_and_when_that_is_taken_back(shop: Workspace) -> None:
    one, other = (put(shop, "赵六", customer_phone=f"1371111222{n}") for n in range(2))
    customers.merge(shop, one, other, "merge")

    acted(shop, one, "amend", customer_phone="13711113333")
    stranger = put(shop, "孙八一", customer_phone="13711112220")

    assert cases_of(shop, one) == cases_of(shop, other) == {one, other}
    assert cases_of(shop, stranger) == {stranger}

    desk.undo(shop, one, "undo")

    assert cases_of(shop, one) == cases_of(shop, other) == {one, other, stranger}
    known = customers.of_case(shop, other)
    assert known is not None
    (merged,) = known.merges
    customers.split(shop, merged.id, "split")
    assert cases_of(shop, other) == {other}


def test_a_merge_waits_for_a_number_that_is_away_for_a_time(shop: Workspace) -> None:
    one, other = (put(shop, "赵六", customer_phone=f"1371111222{n}") for n in range(2))
    customers.merge(shop, one, other, "merge")

    acted(shop, other, "amend", anonymous=True)
    assert cases_of(shop, one) == {one}
    acted(shop, other, "amend", anonymous=False)

    assert cases_of(shop, one) == {one, other}


def test_a_customer_who_was_parted_from_another_has_no_part_in_the_merges_of_that_one(shop: Workspace) -> None:
    one, two, three = (put(shop, "赵六", customer_phone=f"1371111222{n}") for n in range(3))
    mistaken = customers.merge(shop, one, two, "merge-1")
    right = customers.merge(shop, two, three, "merge-2")

    customers.split(shop, mistaken.event.id, "split")

    alone, both = customers.of_case(shop, one), customers.of_case(shop, two)
    assert alone is not None
    assert both is not None
    assert (alone.merges, both.merges) == ((), (right.event,))


@pytest.mark.parametrize("changes", [{"customer_phone": None, "customer_name": "李女士"}, {"anonymous": True}])
def test_a_case_that_names_nobody_in_particular_cannot_be_merged_by_customer(
    shop: Workspace, changes: dict[str, object]
) -> None:
    named = put(shop, "孙八一", customer_phone="13711115555")
    nobody = registered(shop, "nobody", **changes).case.number

    with pytest.raises(KnownError, match="customer_unnamed"):
        customers.merge(shop, named, nobody, "merge-1")

    assert customers.of_case(shop, nobody) is None
