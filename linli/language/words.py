"""Words of a text: what is stored for search, what is asked for, what two messages share."""

import re
from collections.abc import Iterable

import rjieba

from linli.language.text import normalise

_RUN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003ffff]+|[0-9a-z]+")
_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003ffff]")

FUNCTION_WORDS = frozenset(
    "的 地 得 了 着 过 吗 吧 呢 啊 呀 哦 嘛 么 啦 哈 哎 唉 诶 嗯 喔 哇 咯 呗 哟 噢 怎么 怎样 怎么样 怎么办 如何 什么 啥 咋 咋办 为什么 为何 哪 哪里 哪儿 哪些 哪个 几 多少"
    " 是 是不是 是否 有 有没有 没有 没 不 不是 在 和 与 及 或 或者 也 都 就 还 还是 又 再 很 太 真 好 挺 更 最 被 把 给 对 对于 关于 从 到 向 往 由 于 为 为了 以 以及 因为"
    " 所以 如果 但是 但 而 而且 并 并且 且 则 虽然 可是 不过 然后 那么 这么 这样 那样 这 那 这个 那个 这些 那些 这里 那里 我 你 他 她 它 我们 你们 他们 她们 咱 咱们 俺"
    " 自己 大家 别人 某 各 每 该 此 其 之 所 者 等 等等 一下 一个 一些 一点 个 些 下 上 里 中 会 能 能不能 能否 可以 可不可以 要 想 应该 需要 得 让 使 叫 请 请问 麻烦 谢谢"
    " 您 您好 你好 想问 问 问一下 问下 咨询 一下子 时候 什么时候 现在 已经 正在 刚 刚刚 才 只 只有 只是 就是 还有 另外 来 去 说 看 做 弄 搞 办 知道 觉得 有人 没人 今天 昨天 明天".split()
)
_WEAK = frozenset(
    "大家 今天 昨天 明天 早上 晚上 现在 一直 天天 每天 几天 好几天 什么时候 赶紧 尽快 麻烦 有人 没人 领导 物业 小区 我家 家里 真的 实在 严重 反映 投诉 处理 解决 问题 情况"
    " 希望 小栖 号楼 单元 楼上 楼下 影响 人管 管管 老人 孩子 业主 居民 群里 邻居们 师傅 修 修好 坏 又坏了 坏了 不了".split()
)
NO_MATTER = FUNCTION_WORDS | _WEAK


def _ordered(parts: list[str]) -> list[str]:
    return list(dict.fromkeys(parts))


def search_tokens(text: str) -> list[str]:
    """What is stored for full-text search: words and character bigrams, lower-cased, width folded, no repeats."""
    low = normalise(text).lower()
    tokens: list[str] = []
    grams: list[str] = []
    for run in _RUN.findall(low):
        if run[0] <= "z":
            tokens.append(run)
            continue
        tokens.extend(rjieba.cut_for_search(run))
        grams.extend(run[i : i + 2] for i in range(len(run) - 1))
    return _ordered(tokens + grams)


def query_tokens(text: str) -> list[str]:
    """What a query asks for; every token also stands in `search_tokens` of a text that holds the query's words.

    A Chinese word is asked for by its bigrams, since the same word may be cut otherwise in another text;
    function words are left out. A query of function words alone asks for nothing but its own bigrams.
    """
    low = normalise(text).lower()
    tokens: list[str] = []
    singles: list[str] = []
    for run in _RUN.findall(low):
        if run[0] <= "z":
            tokens.append(run)
            continue
        for word in rjieba.cut(run):
            if word in FUNCTION_WORDS:
                continue
            if len(word) == 1:
                singles.append(word)
            tokens.extend(word[i : i + 2] for i in range(len(word) - 1))
    if not tokens:
        tokens = singles or [r[i : i + 2] for r in _RUN.findall(low) for i in range(max(1, len(r) - 1))]
    return _ordered(tokens)


def cut(text: str) -> list[str]:
    """The words of a readable text in the first 300 characters, lower-cased."""
    return rjieba.cut(text[:300].lower())


def content_tokens(words: Iterable[str]) -> tuple[str, ...]:
    """Those of a text's words that have matter, for comparing two messages."""
    return tuple(dict.fromkeys(w for w in words if len(w) > 1 and w not in NO_MATTER and _HAN.match(w)))
