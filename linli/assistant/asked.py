"""What somebody says to 小栖's open question instead of pressing its button: yes, no, or the place that decides it."""

import re

from linli.assistant.desk import Desk
from linli.assistant.matters import bare_place
from linli.assistant.models import Ask
from linli.assistant.plans import Plan
from linli.groups.models import Group, Message
from linli.language import Place, Understanding, normalise


def _all_of(words: str) -> re.Pattern[str]:
    """One of the words or several: 对，是同一件事的."""
    return re.compile(f"(?:(?:{words})(?:事)?[的了呀啊吧哈呢]*[，,。 ]*)+")


YES = {
    Ask.SAME: _all_of("对|嗯|没错|一样|就是|是?同一[件个]|是一件|就?是[这那][件个]|是"),
    Ask.MATTER: _all_of("要转?|可以|行|嗯|好|是|转(?:给社工)?|麻烦(?:转一下)?"),
    Ask.ANSWER: _all_of("对|嗯|没错|就是(?:答复)?|是(?:答复)?"),
}
NO = {
    Ask.SAME: _all_of("不是(?:一|同一|这|那)[件个]|不是|不对|不一样|不同|另外?一?件|两[件回码]"),
    Ask.MATTER: _all_of("不用转?|不要|不必|不是|没"),
    Ask.ANSWER: _all_of("不是|不对"),
}
STOPS = "。！!,，.~ 谢谢您你"


def answered(desk: Desk, message: Message, u: Understanding, group: Group) -> Plan | None:
    """The plan that settles the speaker's open question, None where her words are something else."""
    ask = desk.asks.get(message.member_id) if message.member_id else None
    if ask is None:
        return None
    said = normalise(message.text).strip(STOPS)
    for yes, words in ((True, YES), (False, NO)):
        if words[ask.kind].fullmatch(said):
            return _settles(message, ask, yes)
    if ask.kind != Ask.SAME or not bare_place(message, u):
        return None
    other = next((c for c in desk.candidates if c.order and c.order.id == ask.order_id), None)
    if other is None:
        return None
    stamp = desk.stamp(u.place, group, message.hint)
    here, there = desk.place_key(stamp, u.place), other.matter.place
    plan = _settles(message, ask, not _apart(here, there))
    plan.data["place"] = stamp
    return plan


def _settles(message: Message, ask: Ask, yes: bool) -> Plan:
    return Plan(message, "settled", data={"settles": ask.id, "yes": yes})


def _apart(one: Place, other: Place) -> bool:
    """Do the two contradict each other?"""
    return any(a and b and a != b for a, b in ((one.building, other.building), (one.unit, other.unit)))
