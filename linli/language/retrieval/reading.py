"""What a question is found by: characters, pairs of characters, words, and the way of asking ("#fee", "#where")."""

import re
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import rjieba

from linli.language.text import normalise
from linli.language.words import FUNCTION_WORDS

FUNCTION = 0.6
"""Weight of function words beside words with matter."""
ALSO_LIGHT = frozenset(
    "办理 申请 帮 帮忙 帮我 告诉 介绍 了解 妈 爸 我妈 我爸 奶奶 爷爷 家里 人家 老人家".split()
)
ANSWER_CHARS = 400
"""So much of an answer is searched too."""
_SAID = (("咋", "怎么"), ("啥", "什么"), ("木有", "没有"), ("哪儿", "哪里"), ("肿么", "怎么"))
_FILE = Path(__file__).resolve().parent.parent / "data" / "asking.tsv"
_CHAR, _PAIR, _WORD, _ASKING = 1.5, 1.0, 0.6, 1.0


def _ways() -> tuple[re.Pattern[str], dict[str, tuple[str, ...]]]:
    found: dict[str, tuple[str, ...]] = {}
    for line in _FILE.read_text(encoding="utf-8").splitlines():
        name, _, said = line.partition("\t")
        for words in said.split():
            found[words] = (*found.get(words, ()), f"#{name}")
    return re.compile("|".join(map(re.escape, sorted(found, key=len, reverse=True)))), found


_WAYS, _NAMES = _ways()


def _low(text: object) -> str:
    low = "".join(c for c in normalise(text).lower() if c.isalnum())
    for said, meant in _SAID:
        if said in low:
            low = low.replace(said, meant)
    return low


def features(text: object) -> dict[str, float]:
    """Features of a question; function words, and pairs that touch one, are light. Never raises."""
    low = _low(text)
    counts: dict[str, float] = {}
    get = counts.get
    before, before_light = "", 1.0
    for word in rjieba.cut(low):
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
    for said in _WAYS.findall(low):
        for name in _NAMES[said]:
            counts[name] = 1.0
    return counts


def grams(texts: Iterable[str], answer: str = "") -> dict[str, float]:
    """Characters and pairs of all of an entry's texts, counted plainly."""
    counts: dict[str, float] = {}
    for text in (*texts, answer[:ANSWER_CHARS]):
        low = _low(text)
        for gram in (*low, *(low[i : i + 2] for i in range(len(low) - 1))):
            counts[gram] = counts.get(gram, 0.0) + 1.0
    return counts


def kinds(names: Iterable[str]) -> np.ndarray:
    """Rows (ranking, nearness, plain) of weights per feature: how much each kind counts for the order of hits, for how
    near a hit is, and whether it is a plain character or pair."""
    plain = {1: (_CHAR, 1.0, 1.0), 2: (_PAIR, 1.0, 1.0)}
    rows = [(_ASKING, 0.0, 0.0) if n[0] == "#" else plain.get(len(n), (_WORD, 1.0, 0.0)) for n in names]
    return np.array(rows, np.float32).reshape(-1, 3).T
