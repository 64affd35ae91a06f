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
_SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭"
)
_GIVEN = (
    "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰红梅文斌建国志鹏飞宇欣怡雪梦琪子涵浩然晨曦雨婷佳慧思源博睿"
    "凯瑞泽楷嘉诚俊熙铭轩天佑承恩晓东春生秋月冬青云龙凤鸣德福长贵永康宝山海波江河林森金鑫银铃水淼火炎土垚书画琴棋"
)
"""Characters of given names, and of what else has a name: a brand, a street."""
_GOODS = (
    "电饭煲", "空气炸锅", "羽绒服", "行李箱", "扫地机器人", "儿童座椅", "蓝牙耳机", "热水器", "净水壶", "按摩椅",
    "烤箱", "跑步鞋", "床垫", "吹风机", "电动牙刷", "保温杯", "学习机", "台灯", "洗碗机", "豆浆机", "手表",
    "投影仪", "摄像头", "面霜",
)  # fmt: skip
_STREETS = ("路", "街", "小区", "花园", "广场", "大厦", "村", "桥头")
_PLACES = ("一楼前台", "二楼柜台", "808 房", "地下停车场", "售后服务处", "餐厅", "")
_CHANNELS = ("in_person", "phone", "online", "email")
_CATEGORIES = (
    "工作或服务违规/失职 > 行为举止", "一般工作失误、服务欠缺 > 服务态度", "一般工作失误、服务欠缺 > 等候太久",
    "客户自身问题或误解 > 误解规定", "商品问题 > 质量", "商品问题 > 价格",
)  # fmt: skip
_SEVERITIES = ("minor", "normal", "normal", "serious")
_SHORTEST, _LONGEST = 100, 200
_STEP = 5  # has no divisor in common with the number of clauses
_TITLED = 3  # of so many customers, one said no more than a surname


def content(rng: random.Random) -> str:
    """Return what happened, in 100 to 200 characters; no clause comes twice.

    Every second clause names something that few other texts name: so words of a text are common ones and rare ones.
    """
    wanted, place = rng.randint(_SHORTEST, _LONGEST) - 1, rng.randrange(len(_CLAUSES))
    text = _CLAUSES[place]
    while len(text) < wanted:
        place = (place + _STEP) % len(_CLAUSES)
        text += f"，{_CLAUSES[place]}，{_particular(rng)}"
    return text[:wanted] + "。"


def customer(place: int) -> tuple[str, str]:
    """Return the name and the number of one of very many customers, always the same; no two have one number."""
    mixed = place * 2_654_435_761 % 2**32
    surname, given = _SURNAMES[mixed % len(_SURNAMES)], mixed // len(_SURNAMES)
    first, second = _GIVEN[given % len(_GIVEN)], _GIVEN[given // len(_GIVEN) % len(_GIVEN)]
    title = "先生" if mixed & 1 else "女士"
    name = surname + title if place % _TITLED == 0 else surname + first + second
    return name, f"13{place * 617_283_947 % 10**9:09}"


def _particular(rng: random.Random) -> str:
    """Return a clause that names a person, a street, or goods of some brand."""
    first, second = rng.choice(_GIVEN), rng.choice(_GIVEN)
    match rng.randrange(3):
        case 0:
            return f"接待的是{rng.choice(_SURNAMES)}{first}{second}"
        case 1:
            return f"住{first}{second}{rng.choice(_STREETS)}{rng.randrange(1, 400)}号"
        case _:
            return f"买的是{first}{second}牌{rng.choice(_GOODS)}"


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
