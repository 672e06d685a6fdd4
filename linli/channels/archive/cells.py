"""One value of a cell: what it says, or why it cannot be believed. Nothing is guessed: a spreadsheet that has changed a number
has changed it for good."""

import re
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from linli.channels.archive.book import from_serial
from linli.kernel import clock
from linli.language import normalise

EARLIEST = datetime(1980, 1, 1, tzinfo=UTC)
_POWER = re.compile(r"[-+]?\d(?:\.\d+)?[eE]\+?\d+")
_TIME = re.compile(
    r"(\d{4})[-/年.](\d{1,2})[-/月.](\d{1,2})日?"
    r"(?:[T\s]*(上午|下午|晚上?|中午|凌晨)?\s*(\d{1,2})[:时点](?:(\d{1,2})分?(?::?(\d{1,2})(?:\.\d+)?秒?)?)?)?"
)
_TIGHT = re.compile(r"((?:19|20)\d{2})(\d{2})(\d{2})(?:\s*(\d{2}):?(\d{2})(?::?(\d{2}))?)?")
_SERIAL = re.compile(r"\d{5}(?:\.\d+)?")


class Refused(ValueError):
    """Why a value is not taken, in plain Chinese."""


def text(value: Any, most: int = 0) -> str:
    """What somebody sees in the cell, of one width and without invisible characters. Raises Refused for an error value, and
    when it is longer than `most`."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, datetime | date | time):
        return value.strftime("%Y-%m-%d %H:%M") if isinstance(value, datetime) else str(value)
    if isinstance(value, float) and value == int(value) and abs(value) < 1e15:
        value = int(value)
    found = str(value)
    if "\ufffd" in found:
        raise Refused("里有认不出的字（文字编码坏了）")
    found = "\n".join(line for part in found.splitlines() if (line := normalise(part)))
    if found.startswith("#") and found.rstrip("!?/0A").isupper():
        raise Refused(f"里是出错的公式（{found[:12]}）")
    if most and len(found) > most:
        raise Refused(f"太长了（{len(found)} 字，最多 {most} 字）")
    return found


def number(value: Any, most: int) -> str:
    """A number that names something (of an order, a telephone). Raises Refused for 4.4E+17 and for more than 15 digits that
    were kept as a quantity: their last ones are gone."""
    if isinstance(value, float | int) and not isinstance(value, bool) and abs(value) >= 1e15:
        raise Refused(f"被表格软件改成了 {value:.2G}，后几位已经丢了，请从原系统重新导出（这一列设成“文本”）")
    found = text(value, most)
    if _POWER.fullmatch(found):
        raise Refused(f"被表格软件改成了 {found}，后几位已经丢了，请从原系统重新导出（这一列设成“文本”）")
    return found


def phone(value: Any) -> str:
    """A telephone number's digits, or "" . Raises Refused as `number`."""
    return "".join(c for c in number(value, 40) if c.isdigit() or c == "+")[:20]


def moment(value: Any, now: datetime) -> datetime | None:
    """The moment of a date cell: a real date, a day number, or text (2019-2-28, 2019年2月28日 下午3点, 20190228 11:25, in full-width
    digits as well), China's time. None when empty. Raises Refused for what may mean two things and what lies in the future."""
    if value is None or value == "":
        return None
    at = _moment(value)
    if at.tzinfo is None:
        at = at.replace(tzinfo=clock.LOCAL)
    if not EARLIEST < at:
        raise Refused(f"太早（{at:%Y-%m-%d}）")
    if at > now + timedelta(days=1):
        raise Refused(f"还没到（{at:%Y-%m-%d}）")
    return at.astimezone(UTC)


def _moment(value: Any) -> datetime:
    if isinstance(value, datetime):
        return value
    if isinstance(value, date):
        return datetime.combine(value, time())
    if isinstance(value, float | int) and not isinstance(value, bool):
        if 19_000_101 <= value <= 21_001_231 and value == int(value):
            value = str(int(value))
        elif 29_221 <= value < 73_050:  # 1980 … 2099
            return from_serial(value)
        else:
            raise Refused(f"不是日期（{value:g}）")
    written = normalise(value)
    if _SERIAL.fullmatch(written) and 29_221 <= float(written) < 73_050:
        return from_serial(float(written))
    try:
        if hit := _TIME.fullmatch(written):
            year, month, day, part, *clock_ = hit.groups()
            hour, minute, second = (int(p or 0) for p in clock_)
            if part and part[0] in "下晚" and hour < 12 or part == "中午" and hour < 11:
                hour += 12
            return datetime(int(year), int(month), int(day), hour, minute, second)  # noqa: DTZ001 - China's, said above
        if hit := _TIGHT.fullmatch(written):
            return datetime(*(int(p or 0) for p in hit.groups()))  # type: ignore[arg-type]  # noqa: DTZ001
        return datetime.fromisoformat(written)
    except ValueError as exc:
        raise Refused(f"看不懂（{written[:24]}），请写成 2019-02-28 11:25") from exc
