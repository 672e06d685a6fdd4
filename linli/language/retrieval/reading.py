"""What a question is found by: characters, pairs of characters, words, the way of asking ("#fee", "#where"), and what
is said in other words ("@挂失")."""

from collections.abc import Iterable
from functools import lru_cache

import numpy as np
import rjieba

from linli.language.retrieval.alike import ALIKE, ASKING
from linli.language.text import normalise
from linli.language.words import FUNCTION_WORDS

FUNCTION = 0.6
"""Weight of function words beside words with matter."""
ALSO_LIGHT = frozenset(
    "办理 申请 帮 帮忙 帮我 告诉 介绍 了解 妈 爸 我妈 我爸 奶奶 爷爷 家里 人家 老人家".split()
)
ANSWER_CHARS = 400
"""So much of an answer is searched too."""
RANKING, NEARNESS, PLAIN, MEANING = range(4)
"""Rows of `kinds`."""
_SAID = (("咋", "怎么"), ("啥", "什么"), ("木有", "没有"), ("哪儿", "哪里"), ("肿么", "怎么"))
_KINDS = {"#": (1.0, 0.0, 0.0, 1.0), "@": (1.1, 0.0, 0.0, 1.1), 1: (1.5, 1.0, 1.0, 1.5), 2: (0.0, 1.0, 0.4, 1.0)}
_WORD = (0.0, 1.0, 0.0, 0.6)


def low_of(text: object) -> str:
    """The spelling that is compared: lower case, letters and digits only, dialect words as the usual ones."""
    low = "".join(c for c in normalise(text).lower() if c.isalnum())
    for said, meant in _SAID:
        if said in low:
            low = low.replace(said, meant)
    return low


def features(text: object) -> dict[str, float]:
    """Features of a question; function words, and pairs that touch one, are light. Never raises."""
    low = low_of(text)
    return counted(low, rjieba.cut(low))


def counted(low: str, words: Iterable[str]) -> dict[str, float]:
    """The same of a spelling that is already cut into words."""
    counts: dict[str, float] = {}
    get = counts.get
    before, before_light = "", 1.0
    for word in words:
        light = FUNCTION if word in FUNCTION_WORDS or word in ALSO_LIGHT else 1.0
        if len(word) > 1:
            key = f"w{word}"
            counts[key] = get(key, 0.0) + light
        single = 0.6 * light
        for i, c in enumerate(word):
            counts[c] = get(c, 0.0) + single
            if before:
                pair = before + c
                counts[pair] = get(pair, 0.0) + (light if i else min(light, before_light))
            before = c
        before_light = light
    for names in ASKING.find(low):
        for name in names:
            counts[name] = 1.0
    for names in ALIKE.find(low):
        for name in names:
            counts[name] = len(names) ** -0.5
    return counts


def grams(texts: Iterable[str], answer: str = "") -> dict[str, float]:
    """Characters and pairs of all of an entry's texts, counted plainly."""
    counts: dict[str, float] = {}
    for text in (*texts, answer[:ANSWER_CHARS]):
        low = low_of(text)
        for gram in (*low, *(low[i : i + 2] for i in range(len(low) - 1))):
            counts[gram] = counts.get(gram, 0.0) + 1.0
    return counts


def kinds(names: Iterable[str]) -> np.ndarray:
    """How much each feature's kind counts, in rows: RANKING for the order of hits, NEARNESS for how near a hit is, PLAIN
    in the match with all of an entry's words, MEANING in what is learned."""
    rows = [_KINDS.get(name[0]) or _KINDS.get(len(name), _WORD) for name in names]
    return np.array(rows, np.float32).reshape(-1, 4).T


@lru_cache(maxsize=20_000)
def is_name(word: str) -> bool:
    """Whether the dictionary calls a word of two or more characters a place, a person or a body."""
    if len(word) < 2:
        return False
    tags = rjieba.tag(word)
    return len(tags) == 1 and tags[0][1] in ("ns", "nr", "nt")
