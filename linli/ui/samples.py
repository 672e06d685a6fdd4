"""What the styleguide shows: sentences and rows made up for it. No real person, place or row."""

from datetime import datetime, timedelta
from typing import Any

from linli.ui.icons import ICONS

PAGES = ("home", "talk", "mine", "desk", "print", "screen")

LONG = "锦绣苑三期东区地下停车场与人防工程联合业主代表临时筹备小组（第二次扩大会议）"
VOICE = "3号楼2单元电梯又坏了，老人下不去楼"

GROUNDS = (
    "paper",
    "card",
    "sunken",
    "leaf",
    "leaf-soft",
    "lamp",
    "lamp-soft",
    "on-time-soft",
    "soon-soft",
    "late-soft",
)
WORDS = ("ink", "ink-2", "ink-3", "leaf-ink", "on-time", "soon", "late", "roster", "rest", "info", "danger")
SIZES = (
    ("s0", "注释、说明"),
    ("s1", "工作台正文"),
    ("s2", "手机正文"),
    ("s3", "标题"),
    ("s4", "数字"),
    ("s5", "一件大事"),
)


def everything(now: datetime) -> dict[str, Any]:
    """The whole context of the styleguide at a moment."""
    ago = lambda **d: now - timedelta(**d)  # noqa: E731 - read as a word in the rows below
    return {
        "grounds": GROUNDS,
        "words": WORDS,
        "sizes": SIZES,
        "icons": sorted(ICONS),
        "lights": ("green", "yellow", "red", "roster", "none"),
        "now": now,
        "yesterday": ago(days=1),
        "tomorrow": now + timedelta(days=1),
        "long_ago": ago(days=400),
        "last_week": ago(days=7),
        "long": LONG,
        "voice": VOICE,
        "due": now + timedelta(minutes=95),
        "steps": [
            {"at": ago(minutes=100), "text": "已受理"},
            {"at": ago(minutes=75), "who": "社工小李", "text": "已联系电梯公司"},
            {
                "at": ago(minutes=10),
                "text": "已答复：控制板烧坏，今天 17:00 前换好",
                "state": "now",
                "note": "修好前，行动不便的老人可以请社工上门帮忙",
            },
            {"text": "修好后请您确认", "state": "next"},
        ],
        "bars": [
            {"label": "物业服务", "value": 412, "note": "满意 301 / 340 人"},
            {"label": "环境卫生", "value": 310},
            {"label": "交通出行", "value": 208, "cls": "soon"},
            {"label": "医疗健康", "value": 131},
            {"label": "教育托幼与老年人日间照料（长名字）", "value": 4, "cls": "late"},
        ],
        "week": [12, 9, 14, 21, 17, 8, 11],
        "orders": [
            ("red", "楼道堆物挡消防通道", "安全 · 物业协查发现", "5号楼1单元", 1, "柳物业", -35),
            ("yellow", "2单元电梯停运", "报修 · 群里反映", "3号楼2单元", 2, "社工小李", 20),
            ("green", "晚上烧烤油烟扰民", "环境卫生 · 群里反映", "南门商铺", 6, "城管中队", 102),
            ("roster", "半夜装修吵得睡不着", "噪声 · 电话代填", "7号楼", 1, "街道值班", 480),
            (
                "green",
                LONG + "反映地下车库积水",
                "物业服务 · 走访发现",
                "锦绣苑三期东区地下停车场B2层",
                12,
                "待领办",
                1145,
            ),
            ("none", "孤寡老人换煤气", "求助 · 走访发现", "7号楼", 1, "社工小李", None),
        ],
    }
