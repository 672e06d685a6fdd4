"""What error pages say: in plain Chinese, with what to do next."""

from typing import NamedTuple


class Mistake(NamedTuple):
    """An error page's words; `again`: whether trying again may help."""

    code: int
    heading: str
    text: str
    again: bool


_WORDS: dict[int, tuple[str, str, bool]] = {
    400: ("这一步没看懂", "可能是填的内容不完整，或者页面放得太久了。回上一页看看，写好的话还在。", False),
    401: ("请先登录", "登录以后就能接着办。", False),
    403: ("这一页您看不了", "它只给有关的人看。如果您觉得应该能看到，请找社区工作人员帮忙。", False),
    404: ("没找到这一页", "可能是链接不完整，或者内容已经收起来了。从首页进去找找看。", False),
    409: ("刚刚有人先办了", "这件事在您看的时候有了变化。再打开看看现在的样子。", True),
    413: ("东西太大了", "照片或录音太大，少选几张再发。写好的话还在。", False),
    422: ("还差一点", "有的地方没填好。回上一页改一改再发，写好的话还在。", False),
    429: ("点得有点快", "歇一两分钟再试。您写的话还在，不会丢。", True),
    500: (
        "我们这边出了点问题",
        "不是您的错，已经记下来了。过一会儿再试；急事请直接打电话给社区或 110、119、120。",
        True,
    ),
}
CODES = tuple(_WORDS)


def mistake(code: int, message: str = "") -> Mistake:
    """The words for a status; `message` (plain Chinese, of a LinliError) takes the place of the standard text."""
    heading, text, again = _WORDS.get(code) or _WORDS[500 if code >= 500 else 400]
    return Mistake(code, heading, message or text, again)
