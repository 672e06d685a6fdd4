"""Does a reworded text say what its source says? Better ten good wordings dropped than one lie told.

Numbers stand in the source with the thing they count, and in its order; names, links and nouns stand in it; what says no,
must, at least, only, before or after stands in the very clause that it is taken from.
"""

import re
from collections.abc import Iterable

import rjieba

from linli.language import normalise
from linli.language.numerals import to_arabic

LONGER = 1.3
"""A rewording explains in other words; what is much longer than its source has found something to add."""
NEAR = 0.4
"""A clause that shares so many of its pairs of characters with a clause of the source is taken from it."""

_NUMERAL = re.compile(r"[零〇一二两三四五六七八九十百]+(?=[个天日周月年岁元块次份人点时分楼层号条项种户平米小工倍折半级万千])")
_TENS = re.compile(r"(\d)\s+(?=\d)")
_NUMBER = re.compile(r"(\d+(?:[.:\-/－~至]\d+)*)\s*(?:个\s*)?([%万千亿元块年月日天号周岁次时分点份人倍折楼层条项种户平米级工小半]?)")
_QUOTED = re.compile(r"[《「“\"]([^》」”\"]{1,60})[》」”\"]")
_LATIN = re.compile(r"[A-Za-z][\w@./:#-]*")
_CLAUSE = re.compile(r"[,，。；;！!？?\n:：]+")
_SENTENCE = re.compile(r"[。；;！!？?\n]+")
_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]")
_STRANGE = re.compile(r"[<>{}\[\]`*_#|\\]|https?:|www\.")

#: what changes the meaning of a clause: one of each group on one side only is a changed fact
_WEIGHTS = tuple(
    re.compile(pattern)
    for pattern in (
        r"不(?!同|过|仅|但|论|管|如|少于|超过|低于|高于|多于|满)|没有?|无(?!论)|未|勿|别(?!的|人|处)|禁止|免(?!疫)",
        r"必须|应当?|务必|一定|需要?|须|得(?:去|带|先|由|本人)",
        r"可以?(?!能)|能(?!力|源)|允许|均可",
        r"以上|满|至少|不少于|不低于|起码|超过|高于|多于",
        r"以下|以内|之内|[天日月年时]内|最多|不超过|不高于|不多于|低于|少于|至多|未满|不满|封顶",
        r"[只仅]|除.{0,12}外|唯一",
        r"之?前(?!台|往|后)|提前|截止|先(?!生)",
        r"之?后(?!台|续)|再(?!次)|满.{0,4}才",
        r"任何|全部|都|均|一律|每",
        r"免费|不收费|不收取",
        r"收费|费用|缴费|交费|缴纳|付费",
        r"自动|不用申请|主动",
        r"本人|代办|委托",
        r"网上|线上|手机|在线",
        r"现场|窗口|当面|上门",
    )
)
_NO, _HELD = 0, {0, 3, 4, 5}
"""Groups that may not fall out either: no, at least, at most, only."""
_CALMING = re.compile(r"(?:您)?(?:别|不用|不必|不要)(?:着急|担心|紧张|客气|怕)|没关系|没事|不好意思|不清楚的|还有不明白")
_PLAIN = frozenset(
    "您 你 我 他 她 它 他们 大家 家人 家里 朋友 时候 地方 东西 事情 事 情况 步骤 步 方法 办法 方式 问题 简单 意思 话 样子 方便 时间 地点"
    " 情形 部分 内容 条件 要求 流程 过程 结果 手续 说法 总之 一句话 方面 其中 下面 下列 以下 上面 几步 第一步 第二步 第三步 人 会 件 种 次 位 点"
    " 起 边 头 后 前 里 中 内 外 上 下 想 打算 准备 带 带上 拿 去 来 找 到 用 交 办 问 看 说 走 等 叫 做 给 打 拨打 填 写 选 领 取 记得 注意 清楚 直接 就行 即可 就是 属于 符合 具体 通常 一般 相关 有关 对应 自己".split()
)
_NOUNS = ("n", "t", "m", "s", "f", "j", "i", "l", "v", "q")


def plain(text: str) -> str:
    """One spelling for comparing: width, numerals before a counter as figures, spaces between figures gone."""
    said = _NUMERAL.sub(lambda m: to_arabic(m[0]), normalise(text))
    return _TENS.sub(r"\1", said)


def changed(said: str, sources: Iterable[str]) -> str:
    """"" when everything in `said` stands in the sources; else what does not: empty, long, markup, number, name, weight."""
    text, source = plain(said), plain("。".join(sources))
    if not _HAN.search(text):
        return "empty"
    if len(text) > LONGER * len(source) + 20:
        return "long"
    if _STRANGE.search(text):
        return "markup"
    if not _numbers_stand(text, source):
        return "number"
    if not _names_stand(text, source):
        return "name"
    return "" if _weights_stand(text, source) else "weight"


def _numbers(text: str) -> list[tuple[str, str]]:
    return [(m[1], m[2]) for m in _NUMBER.finditer(text)]


def _numbers_stand(text: str, source: str) -> bool:
    """Every number with its counter, and those of one sentence next to each other as there: the sum of another group's
    line is a lie of true numbers."""
    known = _numbers(source)
    for sentence in _SENTENCE.split(text):
        here = _numbers(sentence)
        if here and not any(known[i : i + len(here)] == here for i in range(len(known) - len(here) + 1)):
            return False
    return True


def _names_stand(text: str, source: str) -> bool:
    low = source.lower()
    if any(m[1] not in source for m in _QUOTED.finditer(text)):
        return False
    if any(m[0].lower() not in low for m in _LATIN.finditer(text)):
        return False
    for word, speech in rjieba.tag(_CALMING.sub("", text)):
        if not _HAN.search(word) or word in source or word in _PLAIN:
            continue
        if speech[:1] in _NOUNS and len(word) > 1:
            return False
        if speech.startswith("n"):
            return False
    return True


def _pairs(text: str) -> set[str]:
    return {text[i : i + 2] for i in range(len(text) - 1)}


def _weights(clause: str) -> set[int]:
    return {n for n, pattern in enumerate(_WEIGHTS) if pattern.search(clause)}


def _weights_stand(text: str, source: str) -> bool:
    """Each clause has the weights of the clause of the source that it is nearest to (or of that with a neighbour, where two
    were made one); where one was made two, a limit may stand in the clause beside it."""
    theirs = [c for c in _CLAUSE.split(source) if c.strip()]
    spans = [*theirs, *(a + b for a, b in zip(theirs, theirs[1:], strict=False))]
    for sentence in _SENTENCE.split(_CALMING.sub("", text)):
        clauses = _CLAUSE.split(sentence)
        weighed = [_weights(c) for c in clauses]
        for n, clause in enumerate(clauses):
            beside = set().union(*weighed[max(0, n - 1) : n + 2])
            if not _clause_stands(clause, weighed[n], beside, spans):
                return False
    return True


def _clause_stands(clause: str, weights: set[int], beside: set[int], spans: list[str]) -> bool:
    mine = _pairs(clause)
    if not mine:
        return True
    shares = [len(mine & _pairs(span)) / len(mine) for span in spans]
    best = max(shares, default=0.0)
    figures = {n for n, _ in _numbers(clause)}
    if best < NEAR:
        return not weights and not figures
    near = (span for span, share in zip(spans, shares, strict=True) if share >= max(NEAR, best - 0.15))
    return any(_same(weights, beside, figures, span) for span in near)


def _same(weights: set[int], beside: set[int], figures: set[str], span: str) -> bool:
    theirs = _weights(span)
    no = weights & {_NO} == theirs & {_NO}
    return no and weights <= theirs and theirs & _HELD <= beside and figures <= {n for n, _ in _numbers(span)}
