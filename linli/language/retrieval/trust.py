"""How surely the first hit answers the query: a small logistic model over plain signals. The weights below hold for any
base; where a base has wordings enough, its own are learned by asking it what it does not know (`honesty`)."""

from collections.abc import Callable, Sequence

import numpy as np
import rjieba

from linli.language.retrieval.alike import ALIKE
from linli.language.retrieval.block import Asked, Entry, Scale
from linli.language.retrieval.reading import ALSO_LIGHT, is_name, low_of
from linli.language.words import FUNCTION_WORDS

SIGNALS = (
    "rank", "whole", "meaning", "near", "lead", "sure", "covered", "missing", "unknown", "names", "strange", "latin", "more",
)  # fmt: skip
"""The first three: the hit's parts (`block.MIX`). `near`: its nearest wording. `lead`: its score over the second's. `sure`: log of its share among the
candidates. `covered`: share of the query's rare words that its wording holds. `missing`: rarity of the words that the
entry lacks, though others have them; `unknown`: of those that nobody has. `names`: names of places, persons and bodies
that the entry lacks; `strange`: those that its wording has and the query lacks; `latin`: numbers and Latin words lacking;
`more`: rarity of the words that the wording has and the query lacks."""
PLAIN = np.array((5.0, 2.5, 0.0, 0.0, 2.0, 0.8, 0.0, -0.28, -0.06, -1.8, -1.0, -0.4, -0.14, -4.0))
"""Weights where nothing was learned, the constant last."""
SHARP = 12.0
"""How many units of log-odds a score of 1 is worth between candidates."""
_GENERIC = frozenset(
    "办理 申请 手续 流程 材料 条件 政策 规定 标准 时间 地点 电话 步骤 方法 业务 问题 需要 提供 进行 介绍 了解 帮 查询 说明 告诉 具体 相关 有关 联系 准备 领取 方式 打听".split()
)
_GENERIC_CHARS = frozenset(
    "办帮领交查弄开拿我你他她妈爸个下给去来想要能会得有问怎么什哪咋啥多少几时候的了吗呢"
)
_LIKE = 0.8
"""So much of a word is held by one that means nearly the same."""


def signals(
    asked: Asked, entry: Entry, text: str, parts: Sequence[float], lead: float, scores: Sequence[float], scale: Scale,
    number: Callable[[str], int | None],
) -> np.ndarray:  # fmt: skip
    """What SIGNALS says of the first hit, `entry` by its wording `text` (its parts and nearness given), with a `lead` over the second; `scores` are those of
    all candidates; `number` is a feature's."""
    out = np.zeros(len(SIGNALS))
    out[:4] = parts
    out[4] = min(1.0, lead)
    out[5] = -np.log(np.exp(SHARP * (np.array(scores) - max(scores))).sum())
    grams, low = set(entry.grams[0].tolist()), low_of(text)
    features: set[int] = set()
    size, whole = len(scale.whole), scale.whole
    most = float(whole.max(initial=1.0))
    total = covered = 0.0
    for word in asked.words:
        if _light(word):
            continue
        pairs = [word[i : i + 2] for i in range(len(word) - 1)] or [word]
        numbers = [number(p) for p in pairs]
        known = [n for n in numbers if n is not None and n < size and whole[n] < most]
        rarity = (max(float(whole[n]) for n in known) if len(known) == len(pairs) else most) ** (2 / 3)
        here = 1.0 if word in low else sum(p in low for p in pairs) / len(pairs)
        held = sum(n in grams for n in known) / len(pairs)
        if held < 0.5:
            features = features or {int(n) for names, _ in entry.wordings for n in names}
            if any(number(name) in features for name in ALIKE.names.get(word, ())):
                held, here = _LIKE, max(here, _LIKE)
        total += rarity
        covered += rarity * here
        out[7 if len(known) == len(pairs) else 8] += rarity * (1 - held)
        if held < 1:
            out[9] += is_name(word)
            out[11] += word.isascii()
    out[6] = covered / total if total else 1.0
    for word in set(rjieba.cut(low)):
        if word in asked.low or _light(word):
            continue
        pairs = [word[i : i + 2] for i in range(len(word) - 1)] or [word]
        known = [n for p in pairs if (n := number(p)) is not None and n < size]
        rarity = max((float(whole[n]) for n in known), default=most) ** (2 / 3)
        out[12] += rarity * (1 - sum(p in asked.low for p in pairs) / len(pairs))
        out[10] += is_name(word)
    return out


def _light(word: str) -> bool:
    return (
        word in FUNCTION_WORDS or word in _GENERIC or word in ALSO_LIGHT or set(word) <= _GENERIC_CHARS or not word.isalnum()
    )


def trusted(found: np.ndarray, weights: np.ndarray) -> float:
    """Probability that the first hit answers the query."""
    z = float(found @ weights[:-1] + weights[-1])
    return float(1 / (1 + np.exp(-min(30.0, max(-30.0, z)))))
