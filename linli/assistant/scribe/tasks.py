"""What the scribe is asked, and what of its answer is believed."""

import json
import re
from dataclasses import dataclass

from linli.assistant.scribe import facts
from linli.assistant.scribe.client import Breaker, Endpoint, Failed, ask
from linli.language import CATEGORIES, DAILY, SENSITIVE, neutral, normalise, understand
from linli.language.neutral import names_somebody
from linli.language.signals import find_phones
from linli.language.staff import against_staff

REWORD = (
    "你帮社区把一段办事答复说得更简单、更口语，给老人看。只能用原文里有的内容：数字、电话、时间、单位名称、条件一个字都不能改，"
    "不能增加，也不能把“不”“必须”“以上”“以内”这样的词去掉。不要称呼，不要列表符号，不要网址，不超过原文长度。只输出改写后的话。"
)
FILL = (
    "一位居民说了一句话。请判断它属于哪一类、在哪里，只输出一个 JSON 对象："
    '{"category": 十个代码之一, "kind": 八个代码之一, "place": 原话里写明的地点（没有就空）}。'
    f"category：{'、'.join(CATEGORIES)}。kind：{'、'.join(DAILY)}。不知道就写空字符串。"
)
_LONG_NUMBER = re.compile(r"\d{5,}")
_PUBLIC = re.compile(r"1[0-2]\d{1,3}|9\d{4}")
_FENCE = re.compile(r"^```(?:json)?\s*|\s*```$")


@dataclass(frozen=True, slots=True)
class Fields:
    """What the scribe guesses; "" where it says nothing or nothing that can be believed."""

    category: str = ""
    kind: str = ""
    place: str = ""


def sendable(words: str) -> str:
    """The words of a resident as they may leave the house: without who, whose and where; "" when they may not.

    Sensitive and urgent words, and those against our own people, never leave.
    """
    u = understand(words)
    if u.intent in ("sensitive", "emergency") or u.kind in SENSITIVE or u.urgency or u.leave_alone or against_staff(words):
        return ""
    said = neutral(words)
    if not said or names_somebody(said) or find_phones(said) or any(not _PUBLIC.fullmatch(n) for n in _LONG_NUMBER.findall(said)):
        return ""
    return said


def reword(endpoint: Endpoint, answer: str, question: str, breaker: Breaker) -> str:
    """The answer in simpler words. `question` is an entry's own (public) wording. Raises Failed: also when a fact is changed
    (code "changed_…"); then the answer stands as it is."""
    said = ask(endpoint, REWORD, f"问题：{question}\n原文：{answer}", breaker)
    said = said.strip("\"“”' \n")
    wrong = facts.changed(said, (answer,))
    if wrong:
        raise Failed(f"changed_{wrong}")
    if normalise(said) == normalise(answer):
        raise Failed("same")
    return said


def fill(endpoint: Endpoint, words: str, breaker: Breaker) -> Fields:
    """Guesses for a word that was not understood; `words` must be `sendable`. Codes outside the closed lists and places
    that do not stand in the words are left out. Raises Failed."""
    said = _FENCE.sub("", ask(endpoint, FILL, words, breaker))
    try:
        found = json.loads(said)
    except (ValueError, RecursionError) as error:
        raise Failed("not_json") from error
    if not isinstance(found, dict):
        raise Failed("not_json")
    category, kind, place = (found.get(name) for name in ("category", "kind", "place"))
    guess = Fields(
        category if category in CATEGORIES else "", kind if kind in DAILY else "",
        place if isinstance(place, str) and 0 < len(place) <= 40 and place in words else "",
    )  # fmt: skip
    if guess == Fields():
        raise Failed("unknown")
    return guess
