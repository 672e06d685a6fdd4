"""Under which thing, kind and category a matter is filed: the model's guess, the usual of its thing, topic words."""

import math
import re

import numpy as np

from linli.language import signals
from linli.language.danger import beaten_at_home
from linli.language.labels import DAILY, SENSITIVE
from linli.language.lexicon import Found, lexicon

_PERHAPS = re.compile("上课|听课|口号|打|隔|揍|踢|踹|掐|扇|抽|勒|虐|殴|动手|动粗|脚踢|不让|不许|身上|脸上|胳膊|背上|腿上")


def sensitive_kind(text: str, found: Found) -> str:
    """Which of the five sensitive kinds the words plainly tell of; "" when of none."""
    if not found.sensitive and not _PERHAPS.search(text):
        return ""
    if beaten_at_home(text):
        return "abuse"
    if signals.NOT_SENSITIVE.search(text):
        return ""
    for kind in (*found.sensitive, *SENSITIVE):
        if signals.SENSITIVE[kind].search(text):
            return kind
    return ""


USUAL, SURE = 3.0, 50.0
"""Log-odds that the kind and category usual for a thing have over the model's guess."""
USUAL_CATEGORY = ((14, 8.0), (60, 2.0))
USUAL_IN_LETTERS = 0.5
"""(up to so many characters, log-odds): a short sentence is about the thing that it names, a letter names many."""
# A thing that says what it does to people (noise, leak) yields to the thing that does it.
_VAGUE = frozenset({"噪音", "邻里", "养老", "物业", "小偷", "监控", "虫鼠", "漏水"})
FAULTS = frozenset({"停水", "停电", "漏水", "下水道", "消防通道", "高空抛物", "噪音", "建筑垃圾"})
"""Things whose very name is a trouble."""


def main_thing(text: str, found: Found) -> str:
    if not found.things:
        return ""
    names = [name for _, name in found.things]
    if len(names) == 1:
        return names[0]
    for name in names:
        if name not in _VAGUE:
            return name
    return names[0] if names[0] not in {"邻里", "养老"} else names[1]


def kind_of(
    intent: str, thing: str, sensitive: str, guess: np.ndarray, labels: tuple[str, ...]
) -> tuple[str, float]:
    """(kind, how sure) of a matter; ("", 0) where there is none to have."""
    if intent in ("small_talk", "call_person"):
        return "", 0.0
    if intent == "question":
        return "consult", 1.0
    if intent == "emergency":
        return sensitive or "safety", 1.0
    if intent == "sensitive" and sensitive:
        return sensitive, 1.0
    allowed = SENSITIVE if intent == "sensitive" else DAILY
    usual = lexicon().things[thing].kind if thing else ""
    scores = [
        (value + (USUAL if label == usual else 0.0), label)
        for label, value in zip(labels, guess.tolist(), strict=True)
        if label in allowed
    ]
    best = max(scores)
    return best[1], _share(best[0], [s for s, _ in scores])


def categories_of(
    intent: str, kind: str, thing: str, length: int, guess: np.ndarray, labels: tuple[str, ...]
) -> tuple[tuple[str, ...], float]:
    """(all categories, likeliest first; how sure the first is). The thing named weighs less in a long letter."""
    usual = ""
    bonus = next((odds for limit, odds in USUAL_CATEGORY if length <= limit), USUAL_IN_LETTERS)
    if intent == "emergency":
        usual, bonus = "safety", SURE
    elif kind in SENSITIVE:
        usual, bonus = lexicon().sensitive_category[kind], SURE
    elif thing:
        usual = lexicon().things[thing].category
    scores = [
        (value + (bonus if label == usual else 0.0), label)
        for label, value in zip(labels, guess.tolist(), strict=True)
    ]
    scores.sort(reverse=True)
    return tuple(label for _, label in scores), _share(scores[0][0], [s for s, _ in scores])


def _share(top: float, scores: list[float]) -> float:
    return 1.0 / sum(math.exp(s - top) for s in scores)
