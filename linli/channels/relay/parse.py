"""From copied or exported WeChat text to lines: who, when, what. Pure; never raises; no word gets lost.

A paste is written in one of four ways, decided for the whole of it: headers with a date, headers with only a clock, names
with a colon, or no names at all. Each input line ends in a message, or is named in `Reading.left_out` with the reason.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from linli.channels.relay import shapes
from linli.channels.relay.shapes import Header, Stamp, flat
from linli.kernel import clock

KINDS = {
    "图片": "photo", "照片": "photo", "语音": "voice", "表情": "sticker", "动画表情": "sticker", "视频": "video",
    "文件": "file", "链接": "link", "位置": "place", "聊天记录": "bundle", "小程序": "link", "红包": "sticker", "名片": "link",
}  # fmt: skip
_PLACEHOLDER = re.compile(rf"\[({'|'.join(KINDS)})\]\s*(?:\d{{1,4}}\s*(?:[\"”″'']{{1,2}}|秒))?")
_PHOTO = re.compile(r"\[(?:图片|照片)\]")
_ENDS = re.compile(r"\r\n|[\n\r\x0b\x0c\x85\u2028\u2029]")
WEEK = "一二三四五六日"


@dataclass(slots=True)
class Line:
    """One message: `text` as it was said (placeholders such as [图片] included), `time` None when the paste has none.

    kind: text, photo, voice, sticker, video, file, link, place, bundle. quote: what it answers, said by somebody before.
    """

    sender: str
    time: datetime | None
    text: str
    kind: str = "text"
    quote: str = ""

    @property
    def photos(self) -> int:
        """How many pictures stood in it."""
        return len(_PHOTO.findall(self.text))


@dataclass(slots=True)
class Reading:
    """What was read. left_out: (line of the paste, why) for everything that is no person's word: system, date, title."""

    lines: list[Line] = field(default_factory=list)
    left_out: list[tuple[str, str]] = field(default_factory=list)


def parse(text: str, known: frozenset[str] = frozenset()) -> list[Line]:
    """The messages of a paste in their order; see `read`."""
    return read(text, known).lines


def read(text: str, known: frozenset[str] = frozenset(), now: datetime | None = None) -> Reading:
    """Messages and what was left out. `known`: names of the group's members, which may stand before any colon.

    now: what 今天, 昨天 and times without a date are reckoned from (aware; default: the present moment).
    """
    raw = _ENDS.split(text)
    folded = [flat(line) for line in raw]
    header, dateless = _manner(folded, known)
    builder = _Builder(now or clock.now(), dateless)
    for number, (line, plain) in enumerate(zip(raw, folded, strict=True)):
        found = header(number, plain) if plain else None
        if found:
            builder.open(found, line)
        else:
            builder.add(line, plain)
    return builder.close()


def _manner(folded: list[str], known: frozenset[str]) -> tuple[Callable[[int, str], Header | None], bool]:
    """How this paste names its speakers, as a function (line number, line) → header or None; and whether its dates stand
    between the messages, so that a line "昨天 9:05" is no word."""
    dated = {n: h for n, line in enumerate(folded) if (h := _dated(line, known))}
    if dated:
        return lambda n, line: dated.get(n), False
    clocked = {n: h for n, line in enumerate(folded) if (h := _clocked(folded, n, known))}
    if clocked:
        return lambda n, line: clocked.get(n), True
    named = {n: h for n, line in enumerate(folded) if (h := _named(line, known))}
    first = next((n for n, line in enumerate(folded) if line and not _aside(line)), None)
    if first in named and (len(named) > 1 or named[first].sender in known or _whole(folded, first, named[first])):
        return lambda n, line: named.get(n), True
    return lambda n, line: None, False


def _dated(line: str, known: frozenset[str]) -> Header | None:
    if shapes.SEPARATOR.fullmatch(line) or (len(line) > 200 and ":" not in line[:120]):
        return None
    for shape in (shapes.DATE_FIRST, shapes.WITH_DATE):
        match = shape.fullmatch(line)
        if match and shapes.is_name(_bare(match["sender"]), known):
            return Header(_bare(match["sender"]), shapes.stamp_of(match), match["tail"] or "")
    return None


def _clocked(folded: list[str], number: int, known: frozenset[str]) -> Header | None:
    """"周阿姨  9:05" alone on a line with words below; after an empty line or at the top, unless the name is known."""
    line = folded[number]
    if len(line) > 80 or shapes.SEPARATOR.fullmatch(line):
        return None
    match = shapes.WITH_CLOCK.fullmatch(line)
    if not match or not shapes.is_name(match["sender"], known):
        return None
    below = folded[number + 1 : number + 3]
    above = folded[number - 1] if number else ""
    if not any(below) or (above and not _aside(above) and match["sender"] not in known and not _clockish(folded, number)):
        return None
    return Header(match["sender"], shapes.stamp_of(match))


def _clockish(folded: list[str], number: int) -> bool:
    """Copies without empty lines: the paste's first line is such a header as well."""
    first = next((line for line in folded if line and not _aside(line)), "")
    return bool(shapes.WITH_CLOCK.fullmatch(first)) and first != folded[number]


def _named(line: str, known: frozenset[str]) -> Header | None:
    match = None if shapes.SEPARATOR.fullmatch(line) else shapes.WITH_COLON.match(line[:120])
    if not match or not shapes.is_name(match["sender"].strip(), known):
        return None
    sender = match["sender"].strip()
    return Header(sender, Stamp(), line[match.start("tail") :].strip())


def _whole(folded: list[str], first: int, header: Header) -> bool:
    """A single "周阿姨: …": a name is short and has no blank in it; "周阿姨:" alone wants words below."""
    words = header.tail or any(folded[first + 1 :])
    return bool(words) and len(header.sender) <= 8 and " " not in header.sender


def _bare(sender: str) -> str:
    """A name without the account that some exports put behind it: 周阿姨(wxid_x), 周阿姨<a@b>."""
    return re.sub(r"\s*[(<](?:wxid_)?[\w@.-]{3,40}[)>]$", "", sender).strip(" :") or sender


def _aside(plain: str) -> str:
    """Why a line is nobody's word; "" when it may be one."""
    if len(plain) > 160:
        return ""
    if shapes.SYSTEM.fullmatch(plain):
        return "system"
    if shapes.TITLE.fullmatch(plain):
        return "title"
    return "date" if shapes.SEPARATOR.fullmatch(plain) else ""


class _Builder:
    """Gathers the lines of one message after the other."""

    def __init__(self, now: datetime, dateless: bool):
        self.now, self.dateless = now, dateless
        self.day: Stamp = Stamp()
        self.header: Header | None = None
        self.body: list[str] = []
        self.blanks = 0
        self.reading = Reading()

    def open(self, header: Header, line: str) -> None:
        """A header begins the next message; words behind its colon stay as they were written."""
        self.flush()
        self.header, self.body = header, [_as_written(line, header.tail)] if header.tail else []

    def add(self, line: str, plain: str) -> None:
        """A line of words, a system line, a date between messages, or nothing."""
        if not plain:
            self.blanks += bool(self.body)
            if line.strip("\ufeff \t"):
                self.reading.left_out.append((line, "invisible"))
            return
        # Right below a header stand somebody's words, whatever they look like.
        aside = _aside(plain) if self.body or self.header is None else ""
        if aside == "date" and not self._separates(plain):
            aside = ""
        if aside and (aside != "title" or not self.reading.lines):
            self.reading.left_out.append((line, aside))
            if aside == "date" and not (self.header and not self.body):
                self.flush()
                self._set_day(plain)
            return
        self.body += [""] * self.blanks
        self.blanks = 0
        self.body.append(line.strip("\ufeff").rstrip())

    def _separates(self, plain: str) -> bool:
        """A date in dashes, or one apart from the words around it in a paste that writes its dates like that."""
        return plain[:2] in ("--", "——", "══", "==") or (self.dateless and (self.blanks > 0 or not self.body))

    def _set_day(self, plain: str) -> None:
        match = shapes.SEPARATOR.fullmatch(plain)
        if match:
            self.day = shapes.stamp_of(match)

    def flush(self) -> None:
        """The message that was being gathered is complete."""
        if self.header is not None or self.body:
            words, quote = _split_quote(self.body)
            header = self.header or Header("", Stamp())
            time = _moment(header.stamp, self.day, self.now)
            self.reading.lines.append(Line(header.sender, time, words, kind_of(words), quote))
        self.header, self.body, self.blanks = None, [], 0

    def close(self) -> Reading:
        """All lines; a header without words is kept as it stood, so that nothing is lost."""
        self.flush()
        self.reading.lines = [x for x in self.reading.lines if x.text or x.quote or x.sender]
        return self.reading


def _as_written(line: str, tail: str) -> str:
    """The end of a line that reads like `tail` once it is folded."""
    for colon in re.finditer("[:：]", line):
        if flat(line[colon.end() :]) == tail.strip():
            return line[colon.end() :].strip()
    return tail


def _split_quote(body: list[str]) -> tuple[str, str]:
    """The words, and what they answer: 「陈师傅:坏了」 / a rule / the words; or [引用 …] below the words."""
    cut = 0
    if body and body[0].lstrip()[:1] in ("「", "『"):
        for n, line in enumerate(body[1:], 1):
            if shapes.RULE.fullmatch(flat(line)) and body[n - 1].rstrip()[-1:] in ("」", "』"):
                cut = n + 1
    words, quote = body[cut:], body[:cut]
    if len(words) > 1 and re.match(r"\[?引用[\s:：]", words[-1].lstrip()):
        quote, words = [*quote, words[-1]], words[:-1]
    return "\n".join(words).strip("\n"), "\n".join(q for q in quote if not shapes.RULE.fullmatch(flat(q)))


def kind_of(text: str) -> str:
    """What the message is, from the placeholders in it; text as soon as anybody's own words stand there."""
    found = _PLACEHOLDER.findall(text)
    if not found:
        return "text"
    rest = _PLACEHOLDER.sub("", text).strip()
    kind = KINDS[found[0]]
    return kind if not rest or kind in ("file", "link", "place", "bundle") else "text"


def _moment(stamp: Stamp, day: Stamp, now: datetime) -> datetime | None:
    """The moment written in a header, with the date of the last separator where the header has none; never ahead of now."""
    clocked = stamp.clock or (day.clock if not stamp else None)
    if clocked is None:
        return None
    dated = stamp if stamp.date or stamp.relative else day
    today = clock.local(now)
    try:
        at = today.replace(hour=clocked[0], minute=clocked[1], second=clocked[2], microsecond=0)
        if dated.date:
            year, month, date = dated.date
            at = at.replace(year=year or today.year, month=month, day=date)
            if not year and at > now:
                at = at.replace(year=today.year - 1)
        elif dated.relative:
            at -= timedelta(days=_days_ago(dated.relative, today.weekday()))
        elif at > now + timedelta(minutes=5):
            at -= timedelta(days=1)
    except (ValueError, OverflowError):
        return None
    return min(at, now)


def _days_ago(word: str, weekday: int) -> int:
    near = {"今天": 0, "昨天": 1, "前天": 2}
    if word in near:
        return near[word]
    return (weekday - WEEK.index(word[1].replace("天", "日"))) % 7
