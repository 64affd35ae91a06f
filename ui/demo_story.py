"""The texts of the demo: a week at the front desk of a hotel that does not exist."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

SHOP = "云栖酒店"
OPERATOR = "李娜"


@dataclass(frozen=True, slots=True)
class Done:
    """What a colleague did about a case, so long after it came in."""

    after: timedelta
    action: str
    raw: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Earlier:
    """A case that a colleague registered so long before the demo's morning."""

    ago: timedelta
    raw: Mapping[str, object]
    done: tuple[Done, ...] = field(default=())


def _case(content: str, category: str, name: str, phone: str, **more: object) -> dict[str, object]:
    return {
        "kind": "complaint",
        "content": content,
        "category": category,
        "customer_name": name,
        "customer_phone": phone,
        **more,
    }


EARLIER: tuple[Earlier, ...] = (
    Earlier(
        timedelta(days=3, hours=2),
        _case(
            "退房时发现房费被扣了两次，银行卡和手机支付各一次，各 468 元。",
            "价格与消费问题 > 多收费用",
            "陈志远",
            "13900001111",
            demand="把多收的一笔当天退回",
            demand_kind=["refund"],
            amount="468",
            severity="serious",
            receiver="王晓明",
            item={"room": "1203"},
        ),
    ),
    Earlier(
        timedelta(days=2, hours=1),
        _case(
            "预订的是大床无烟房，到店只有双床房，等了四十分钟才安排好。",
            "沟通与信息传递问题 > 预订差错",
            "欧阳女士",
            "13700002222",
            channel="phone",
            receiver="欧阳小娜",
            item={"order_no": "H20261010-17"},
        ),
        (
            Done(
                timedelta(hours=3),
                "contact",
                {"content": "已向预订部核实：渠道单漏传房型备注。", "medium": "phone", "direction": "out"},
            ),
            Done(
                timedelta(days=1, hours=6),
                "reply",
                {"content": "说明原因并致歉，当晚房费按八折结算。", "medium": "phone", "accepted": True},
            ),
        ),
    ),
    Earlier(
        timedelta(hours=18, minutes=20),
        _case(
            "隔壁房间施工到晚上十点，孩子睡不着，打了两次前台电话才停。",
            "服务质量问题 > 噪音",
            "赵先生",
            "13600003333",
            receiver="王晓明",
            item={"room": "706"},
        ),
    ),
    Earlier(
        timedelta(hours=14),
        _case(
            "消协转来：客人反映会员储值卡余额无法在餐厅使用，办卡时没有说明。",
            "价格与消费问题 > 价格不符",
            "周女士",
            "13500004444",
            channel="external",
            route="external",
            external_body="区消费者协会",
            receiver=OPERATOR,
        ),
    ),
    Earlier(
        timedelta(hours=2),
        _case(
            "早餐厅九点半就开始收餐台，晚到的客人没有热菜。",
            "服务质量问题 > 用品短缺",
            "",
            "",
            kind="suggestion",
            anonymous=True,
            receiver=OPERATOR,
        ),
    ),
)

FORM: tuple[tuple[str, str], ...] = (
    ("occurred_at", "昨晚十点半左右"),
    ("place", "8 楼 806 房"),
    ("content", "空调不制冷，昨晚报修两次都说马上来，到半夜没有人来，房间 29 度，孩子一夜没睡好。"),
)
"""What is typed before the first, too early, try to save."""

REST: tuple[tuple[str, str], ...] = (
    ("customer_name", "孙女士"),
    ("item", "806"),
    ("customer_phone", "13800005555"),
    ("demand", "今天换房，昨晚的房费减免一半"),
)
"""What is typed after it; the category is chosen between."""

CATEGORY = "设备设施"
CATEGORY_PATH = "服务质量问题 > 设备设施"

DEPARTMENT, PERSON = "工程部", "张工"
FAULT = "夜班无人接报修电话。"
SOLUTION, AMOUNT = "换到 1010 房，昨晚房费减免一半；806 空调今天修好。", "234"
OPINION = "同意，按此办理。"
REPLY = "已为您换到 1010 房；806 空调今天修好。昨晚房费减免一半，退房时一并结算，给您添麻烦了。"
REACTION = "可以，看看今晚怎么样。"
VISIT = "1010 房靠电梯，夜里很吵，孩子还是没睡好。"
NEXT_REPLY = "已为您换到走廊尽头的 1018 房，并免去今晚房费，晚上十点值班经理再来确认。"
NEXT_VISIT = "昨晚睡得很好，谢谢。"
FED_BACK = "夜班要有人接报修；换房先看是否靠电梯。"
RESULT = "两次换房，减免房费；工程部排夜班，前台改了换房的顺序。"

BACK_DIGITS = "5555"
"""Of the number of the customer of :data:`REST`, who comes back three weeks later."""
BACK_CONTENT = "十月住店的发票抬头开错了，少了一个字，公司不给报销，打电话来没人接。"
AGAIN_DIGITS = "1111"
"""Of a customer whose case is still open."""
AGAIN_CONTENT = "退房时房费被扣了两次，各 468 元，说好当天退的一笔到现在没有到账。"
SEARCHED = "房费 468"
