"""What each kind of notice says. Doors fill the slots with labels that they look up for this reader and moment.

number: short number of the order · place, matter, group, person: labels, masked for the reader · step: 答复 or 办结 ·
due, time: a moment as people say it.
"""

from string import Formatter

TEXTS: dict[str, str] = {
    "order_assigned": "新工单 {number}：{place}，{matter}。请您负责，{due}前给居民一个答复。",
    "order_transferred": "工单 {number}（{place}，{matter}）转到您这里了，请在{due}前给居民一个答复。",
    "order_returned": "工单 {number}（{place}，{matter}）被退回来了，请看看退回的原因，再安排谁来办。",
    "clock_yellow": "工单 {number}（{place}，{matter}）要在{due}前{step}，时间已经用去八成，请抓紧。",
    "clock_red_head": "工单 {number}（{place}，{matter}）到时间还没{step}，负责人是{person}，请您帮着协调一下。",
    "clock_150_street": "工单 {number}（{place}，{matter}）超时已久还没{step}，负责人是{person}，请街道协调解决。",
    "order_reopened": "居民说还没解决，工单 {number}（{place}，{matter}）重新打开了，请再去看看，{due}前回个话。",
    "order_review": "工单 {number}（{place}，{matter}）两次重办仍没解决，请您复核，并给居民一封最终答复。",
    "result_ready": "您反映的“{matter}”有结果了，请看一看，也请告诉我们您满不满意。",
    "answer_given": "您反映的“{matter}”，{person}已经答复您了，请看一看。",
    "question_waiting": "{group}里有位居民的问题小栖答不上来，请您在{due}前回答。",
    "duty_gap": "{place}{time}没有排人值班，请尽快补上；补上之前，由街道值班室接着。",
}


def slots(kind: str) -> frozenset[str]:
    """The labels that a kind needs. Raises KeyError for an unknown kind."""
    return frozenset(name for _, name, _, _ in Formatter().parse(TEXTS[kind]) if name)


def render(kind: str, **labels: str) -> str:
    """The sentence; labels that it does not use are ignored. Raises KeyError for a missing one or an unknown kind."""
    return TEXTS[kind].format(**labels)
