"""The shapes of lines in copied and exported WeChat chats: headers, times, dates between messages, system lines."""

import re
import unicodedata
from dataclasses import dataclass

_DATE = (
    r"(?:(?P<y>\d{4})\s?[-/.年]\s?(?P<m>\d{1,2})\s?[-/.月]\s?(?P<d>\d{1,2})日?"
    r"|(?P<m2>\d{1,2})月(?P<d2>\d{1,2})日|(?P<m3>\d{1,2})[/-](?P<d3>\d{1,2})"
    r"|(?P<rel>今天|昨天|前天)|(?:星期|周|礼拜)(?P<week>[一二三四五六日天]))"
)
_CLOCK = (
    r"(?P<half>凌晨|清晨|早上|上午|中午|下午|傍晚|晚上|[AaPp]\.?[Mm]\.?)?\s?"
    r"(?P<h>[01]?\d|2[0-4]):(?P<min>[0-5]\d)(?::(?P<s>[0-5]\d))?(?:\s?(?P<half2>[AaPp][Mm]))?"
)
_DATED = rf"{_DATE}[\sT]*(?:(?:星期|周)[一二三四五六日天])?\s*{_CLOCK}"
_SENDER = r"(?P<sender>\S(?:.{0,62}?\S)?)"

WITH_DATE = re.compile(rf"{_SENDER}\s*[(\[]?(?:(?<=[\s(\[])){_DATED}[)\]]?\s*(?::\s*(?P<tail>.*))?")
DATE_FIRST = re.compile(rf"[\[(]?{_DATED}[\])]?\s+{_SENDER}\s*(?::\s*(?P<tail>.*))?")
WITH_CLOCK = re.compile(rf"{_SENDER}\s+{_CLOCK}\s*(?P<tail>(?!))?")
WITH_COLON = re.compile(r"(?P<sender>[^\s:](?:[^:]{0,30}?[^\s:])?)\s?:(?!//)(?P<tail>.*)")
SEPARATOR = re.compile(
    rf"[-—_=·*\s]*(?=.*[\d天一二三四五六日])(?:{_DATE}(?:\s*(?:星期|周)[一二三四五六日天])?)?\s*(?:{_CLOCK})?[-—_=·*\s]*"
)
RULE = re.compile(r"[-—_=─ ]{5,}")

_WHO = r"[\"“「]?[^,。!?:\"”]{1,40}?[\"”」]?"
SYSTEM = re.compile(
    rf"{_WHO}\s?撤回了一条(?:成员的)?消息(?:\s*重新编辑)?|{_WHO}\s?已撤回一条消息"
    rf"|{_WHO}\s?邀请\s?.{{1,80}}\s?加入了?群聊(?:,.*)?|[\"“].{{1,40}}[\"”]\s?加入了?群聊"
    rf"|{_WHO}\s?通过扫描.{{0,50}}二维码加入(?:了)?群聊|{_WHO}\s?通过.{{0,40}}(?:邀请|链接)加入(?:了)?群聊|(?!请|欢迎|麻烦|扫码|大家)\S{{1,20}}加入了群聊"
    rf"|{_WHO}\s?(?:已)?退出了?群聊|{_WHO}\s?将.{{1,40}}移出了?群聊|{_WHO}\s?修改群名(?:称)?为.{{1,60}}|{_WHO}\s?拍了拍.{{1,40}}"
    rf"|{_WHO}\s?领取了.{{1,40}}的红包|{_WHO}\s?(?:开启|关闭)了.{{1,30}}(?:验证|确认|禁言)"
    r"|[-—\s]*以下[为是]新消息[-—\s]*|以上是打招呼的内容|你已添加了.{1,40}现在可以开始聊天了。?|收到一条.{1,8}消息,请在手机上查看"
)
TITLE = re.compile(r".{0,60}(?:群聊)?的?(?:微信)?聊天记录(?:如下)?:?|Dear:?|微信聊天记录|\[聊天记录\]")

# Words before a colon that are labels of a notice, not people.
_LABELS = (
    "时间|地点|地址|电话|手机|号码|通知|公告|注意|提醒|提示|备注|内容|姓名|原因|范围|要求|如下|附件|链接|网址|联系人|报名|标题"
    "|来源|问题|说明|温馨提示|各位|大家|邻居们|居民|业主们|建议|回复|答复|请问|办法|时限|结果|例如|比如|第[一二三四五六七八九十]|http|https"
)
_LABEL = re.compile(rf"(?:.*(?:{_LABELS})|\d[\d\s.、)-]*|[一二三四五六七八九十]+[、.].*)", re.IGNORECASE)
_NOT_A_NAME = re.compile(r"[,。!?;「」『』“”…]|^[-—=*#>·•]")


@dataclass(slots=True)
class Stamp:
    """A time as written: date parts may be missing (None), `clock` is (hour, minute, second) or None."""

    date: tuple[int, int, int] | None = None
    relative: str = ""
    clock: tuple[int, int, int] | None = None

    def __bool__(self) -> bool:
        return bool(self.date or self.relative or self.clock)


@dataclass(slots=True)
class Header:
    """The line that begins a message."""

    sender: str
    stamp: Stamp
    tail: str = ""


def flat(line: str) -> str:
    """One spelling for matching: full-width folded, invisible characters out, white space at the ends off."""
    folded = unicodedata.normalize("NFKC", line)
    return "".join(c for c in folded if c in "\t " or unicodedata.category(c)[0] != "C").strip()


def is_name(sender: str, known: frozenset[str]) -> bool:
    """May this be what a person is called in a group?"""
    if sender in known:
        return True
    return len(sender) <= 32 and not _NOT_A_NAME.search(sender) and not _LABEL.fullmatch(sender)


def stamp_of(match: re.Match[str]) -> Stamp:
    """The time that a match of one of the shapes holds."""
    g = match.groupdict()
    date = None
    if g.get("y"):
        date = int(g["y"]), int(g["m"]), int(g["d"])
    elif g.get("m2"):
        date = 0, int(g["m2"]), int(g["d2"])
    elif g.get("m3"):
        date = 0, int(g["m3"]), int(g["d3"])
    relative = g.get("rel") or (f"周{g['week']}" if g.get("week") else "")
    return Stamp(date, relative, _clock(g))


def _clock(g: dict[str, str | None]) -> tuple[int, int, int] | None:
    if not g.get("h"):
        return None
    hour = int(g["h"] or 0)
    half = (g.get("half") or g.get("half2") or "").lower().replace(".", "")
    if half in ("下午", "傍晚", "晚上", "pm") and hour < 12 or half == "中午" and hour < 6:
        hour += 12
    if half in ("am", "凌晨") and hour == 12:
        hour = 0
    return hour % 24, int(g["min"] or 0), int(g.get("s") or 0)
