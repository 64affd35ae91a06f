"""Made-up complaints: believable, our own, 100 to 200 characters each, the same for the same seed."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import random
    from collections.abc import Mapping

_CLAUSES = (
    "上周六中午在前台办理入住", "昨天晚上九点多给服务台打过电话", "三天前在二楼柜台付的款", "今天上午带着小票来店里",
    "等了将近四十分钟没有人过来", "排队的时候被人插了队也没人管", "排到我的时候说系统坏了让我改天再来",
    "服务员态度很冷淡，连说两遍都没有抬头", "接待的人把责任推给别的部门", "电话转了三次最后自己断掉了",
    "房间里的空调一直不制冷，修了两次还是老样子", "夜里隔壁施工的声音吵得孩子睡不着", "热水时有时无，洗到一半变成冷水",
    "收到的商品外包装已经破损", "说明书上写的功能实际上根本没有", "买回去第二天就开不了机", "尺寸和标签上写的不一样",
    "结账时多收了一份早餐的钱", "刷卡刷了两次，银行短信也来了两条", "促销价和货架上贴的价签对不上",
    "会员积分少算了一千二百分", "当时答应三天内回电话，到现在没有人联系我", "退款说好七个工作日，已经过去半个月了",
    "送货的人把东西放在楼下就走了", "安装师傅迟到了两个小时还要加收费用", "换回来的那一件还是同样的毛病",
    "小票和包装盒都还在，也拍了照片", "当时有两位同行的朋友可以作证", "经理出来以后只说了一句会反映",
    "老人为此多跑了三趟，腿脚本来就不方便", "影响了第二天一早的行程", "手上被烫红了一块，去药店买了药膏",
    "发票开的名称写错了两个字", "预订的是无烟房，进门就是很重的烟味", "停车场的栏杆突然落下来碰到了车顶",
    "客服在网上回复说不归他们管", "同样的问题上个月已经反映过一次", "我并不是想要赔偿，只是希望有人认真听一听",
)  # fmt: skip
_DEMANDS = ("退还多收的款项", "尽快上门修好", "更换同型号的新品", "当面道歉并说明原因", "书面答复处理结果", "")
_REPLIES = (
    "已向客户说明情况并致歉，多收款项当天原路退回", "维修人员已上门更换零件，客户当面试用正常",
    "已为客户更换新品并核对附件，旧品收回送检", "值班经理致电道歉，说明原因并送上果盘",
    "核对监控和流水后确认为本店差错，已登记整改",
)  # fmt: skip
_SURNAMES = "王李张刘陈杨赵黄周吴徐孙马朱胡郭何高林罗"
_PLACES = ("一楼前台", "二楼柜台", "808 房", "地下停车场", "售后服务处", "餐厅", "")
_CHANNELS = ("in_person", "phone", "online", "email")
_CATEGORIES = (
    "工作或服务违规/失职 > 行为举止", "一般工作失误、服务欠缺 > 服务态度", "一般工作失误、服务欠缺 > 等候太久",
    "客户自身问题或误解 > 误解规定", "商品问题 > 质量", "商品问题 > 价格",
)  # fmt: skip
_SEVERITIES = ("minor", "normal", "normal", "serious")
_SHORTEST, _LONGEST = 100, 200
_STEP = 5  # has no divisor in common with the number of clauses


def content(rng: random.Random) -> str:
    """Return what happened, in 100 to 200 characters; no clause comes twice."""
    wanted, place = rng.randint(_SHORTEST, _LONGEST) - 1, rng.randrange(len(_CLAUSES))
    text = _CLAUSES[place]
    while len(text) < wanted:
        place = (place + _STEP) % len(_CLAUSES)
        text += "，" + _CLAUSES[place]
    return text[:wanted] + "。"


def complaint(rng: random.Random) -> Mapping[str, object]:
    """Return a whole complaint as the form gives it; without ``received_at``."""
    return {
        "kind": "complaint",
        "channel": rng.choice(_CHANNELS),
        "route": "normal",
        "category": rng.choice(_CATEGORIES),
        "severity": rng.choice(_SEVERITIES),
        "occurred_at": "前一天傍晚",
        "place": rng.choice(_PLACES),
        "content": content(rng),
        "parties": "当班服务员",
        "target": "前厅部",
        "item": {"order_no": f"SO{rng.randrange(10**8):08}"},
        "customer_name": rng.choice(_SURNAMES) + rng.choice(("先生", "女士")),
        "customer_phone": f"13{rng.randrange(10**9):09}",
        "demand": rng.choice(_DEMANDS),
        "demand_kind": ["refund", "explanation"],
        "amount": f"{rng.randrange(1, 90_000) / 100:.2f}",
        "read_back": True,
        "consent": True,
    }


def reply(rng: random.Random) -> str:
    """Return what a customer was answered."""
    return f"{rng.choice(_REPLIES)}，{rng.choice(_REPLIES)}。"
