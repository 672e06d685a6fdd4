"""From texts to values. Each function raises ValueError with a plain Chinese reason."""

import re
import unicodedata
from datetime import date, datetime, time, timedelta

from linli.accounts.actions import clean_phone
from linli.kernel import clock
from linli.kernel.errors import BadInput
from linli.kernel.roles import LABELS, Role
from linli.site.setup.template import NOT_OF_STAFF

_CODE = re.compile(r"[0-9A-Za-z]{6,32}")
_LOGIN = re.compile(r"[a-z0-9][a-z0-9._-]{1,31}")
_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")
_CLOCK = re.compile(r"(\d{1,2})[:：](\d{2})(?::\d{2})?")
WEEKDAYS = "一二三四五六日"
ROLES = {label: role for role, label in LABELS.items() if role not in NOT_OF_STAFF}
ORGANISATIONS = {
    "物业": "property", "科室": "section", "部门": "department", "区级部门": "district_body", "驻区单位": "firm",
    "商户": "merchant", "社会组织": "social_org",
}  # fmt: skip


def plain(text: str) -> str:
    """Full-width digits and letters as half-width ones."""
    return unicodedata.normalize("NFKC", text).strip()


def code(text: str) -> str:
    """A statistical code."""
    text = plain(text).replace(" ", "")
    if not _CODE.fullmatch(text):
        raise ValueError(f"编码“{text}”不对，应是 6–32 位数字（或字母），一般是 12 位。")
    return text


def short(text: str, most: int, what: str) -> str:
    """A name of at most so many characters."""
    if len(text) > most:
        raise ValueError(f"{what}太长了，{most} 个字以内就好。")
    return text


def names(text: str) -> list[str]:
    """What stands between 、 , ， ; ； or /."""
    return list(dict.fromkeys(t.strip() for t in re.split(r"[、,，;；/]", text) if t.strip()))


def login(text: str) -> str:
    """A log-in name."""
    text = plain(text).lower()
    if not _LOGIN.fullmatch(text):
        raise ValueError(f"登录名“{text}”不对：用小写字母、数字、点、横线，2–32 个字。")
    return text


def phone(text: str) -> str:
    """The digits of a number; empty stays empty."""
    if not text:
        return ""
    try:
        return clean_phone(plain(text))
    except BadInput:
        raise ValueError(f"电话“{text}”不对，请再看一眼；座机要带区号。") from None


def units(text: str) -> int:
    """How many units a building has; empty = 1."""
    text = plain(text)
    if not text:
        return 1
    if not text.isdecimal() or not 1 <= int(text) <= 99:
        raise ValueError(f"单元数“{text}”不对，应是 1 到 99 的数字。")
    return int(text)


def unit(text: str) -> str:
    """2 and 2单元 are the same unit; other names stay."""
    text = plain(text)
    return f"{text}单元" if text.isdecimal() else text


def role(text: str) -> Role:
    """A role by its label."""
    if text not in ROLES:
        raise ValueError(f"没有“{text}”这个岗位，可以填：{'、'.join(ROLES)}。")
    return ROLES[text]


def organisation(text: str) -> str:
    """A kind of organisation by its label."""
    if text not in ORGANISATIONS:
        raise ValueError(f"没有“{text}”这种单位，可以填：{'、'.join(ORGANISATIONS)}。")
    return ORGANISATIONS[text]


def village(text: str) -> bool:
    """居委会 or 村委会; empty = the first."""
    if text not in ("", "居委会", "社区", "村委会", "村"):
        raise ValueError(f"类型“{text}”不对，填居委会或村委会。")
    return text.startswith("村")


def relay(text: str) -> bool:
    """网页群 or 微信群; empty = the first."""
    if text not in ("", "网页群", "微信群"):
        raise ValueError(f"方式“{text}”不对，填网页群或微信群。")
    return text == "微信群"


def weekdays(text: str) -> list[int]:
    """每天, 一、二、三, 周一, 星期日, 1–7 → 0 (Monday) to 6."""
    text = plain(text)
    if text == "每天":
        return list(range(7))
    found = []
    for part in names(text):
        mark = part.removeprefix("星期").removeprefix("周").replace("天", "日")
        if mark in tuple(WEEKDAYS):
            found.append(WEEKDAYS.index(mark))
        elif mark in tuple("1234567"):
            found.append(int(mark) - 1)
        else:
            raise ValueError(f"星期“{part}”不对，填每天，或者一、二、三这样写。")
    return sorted(set(found))


def day(text: str) -> date:
    """A day, as people write it."""
    match = _DAY.fullmatch(plain(text))
    try:
        if match:
            return date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        pass
    raise ValueError(f"日期“{text}”不对，请写成 2027-02-17 这样。")


def day_or_none(text: str) -> date | None:
    """Empty = None."""
    return day(text) if text else None


def hour(text: str) -> time:
    """A time of the day; 24:00 is midnight."""
    match = _CLOCK.fullmatch(plain(text))
    if match and (int(match[1]), int(match[2])) == (24, 0):
        return time(0)
    if not match or int(match[1]) > 23 or int(match[2]) > 59:
        raise ValueError(f"时间“{text}”不对，请写成 17:30 这样。")
    return time(int(match[1]), int(match[2]))


def moment(text: str, *, end: bool = False) -> datetime:
    """A day, or a day with a time, in China; a bare day at the end of a period is counted to its midnight."""
    first, _, rest = plain(text).partition(" ")
    at = datetime.combine(day(first), hour(rest) if rest else time(0), clock.LOCAL)
    return at + timedelta(days=1) if end and (not rest or rest.startswith("24")) else at
