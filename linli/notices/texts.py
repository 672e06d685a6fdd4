"""What each kind of notice says. Doors fill the slots with labels that they look up for this reader and moment.

number: short number of the order · place, matter, group, person: labels, masked for the reader · post: what somebody is, not who
(a leader hears of places and posts, never a list of persons by red) · step: 答复, 办结 or a step of
its procedure · due, time: a moment as people say it · request: 挂账, 延期 or 结果确认.
"""

from string import Formatter

TEXTS: dict[str, str] = {
    "order_assigned": "新工单 {number}：{place}，{matter}。请您负责，{due}前给居民一个答复。",
    "order_transferred": "工单 {number}（{place}，{matter}）转到您这里了，请在{due}前给居民一个答复。",
    "order_returned": "工单 {number}（{place}，{matter}）被退回来了，请看看退回的原因，再安排谁来办。",
    "clock_yellow": "工单 {number}（{place}，{matter}）要在{due}前{step}，时间已经用去八成，请抓紧。",
    "clock_red": "工单 {number}（{place}，{matter}）到时间了还没{step}，请马上看一看。",
    "clock_red_head": "工单 {number}（{place}，{matter}）到时间还没{step}，现在在{post}这一环，请您帮着协调一下。",
    "clock_150_street": "工单 {number}（{place}，{matter}）超时已久还没{step}，现在在{post}这一环，请街道协调解决。",
    "order_reopened": "居民说还没解决，工单 {number}（{place}，{matter}）重新打开了，请再去看看，{due}前回个话。",
    "order_review": "工单 {number}（{place}，{matter}）两次重办仍没解决，请您复核，并给居民一封最终答复。",
    "order_pooled": "流转中心有一件新的事 {number}：{place}，{matter}。请在{due}前领办。",
    "order_dispatched": "工单 {number}（{place}，{matter}）没有人领，派给您了，请在{due}前{step}。",
    "order_taken_back": "工单 {number}（{place}，{matter}）一直没有动静，收回重新领办了。",
    "order_taken_over": "工单 {number}（{place}，{matter}）几次领了又没有动静，现在由您来安排，请在{due}前{step}。",
    "order_step": "工单 {number}（{place}，{matter}）到您这一步：{step}，请在{due}前办完。",
    "order_stuck": "工单 {number}（{place}，{matter}）的流程走不下去了，系统没法自己往前办。请您看一看，先指派人接着办。",
    "order_raised": "工单 {number}（{place}，{matter}）下面办不了，上报到您这里，请看看怎么办。",
    "order_urged": "工单 {number}（{place}，{matter}）有人在催，有进展请先告诉 TA 一声。",
    "order_supervised": "工单 {number}（{place}，{matter}）有一件督办，请看一看领导的意见。",
    "order_child": "请您协办 {number}：{place}，{matter}，请在{due}前答复。",
    "children_done": "工单 {number}（{place}，{matter}）的协办都答复了，请您汇总办结。",
    "request_waiting": "工单 {number}（{place}，{matter}）有一个申请在等您定：{request}。",
    "request_granted": "您申请的{request}同意了：工单 {number}（{place}，{matter}）。",
    "request_refused": "您申请的{request}没有同意，理由在工单里：{number}（{place}，{matter}）。",
    "order_resumed": "工单 {number}（{place}，{matter}）等待的日期到了，继续办理。",
    "result_ready": "您反映的“{matter}”有结果了，请看一看，也请告诉我们您满不满意。",
    "answer_given": "您反映的“{matter}”，{person}已经答复您了，请看一看。",
    "visit_near": "您约了{time}到窗口办“{matter}”，请带好材料；来不了，请打电话改约。",
    "order_to_know": "重大敏感事项 {number}：{place}，{matter}。已经派人在办，请您知道，需要时配合；内容请保密。",
    "question_waiting": "{group}里有位居民的问题小栖答不上来，请您在{due}前回答。",
    "week_sheet": "周一八点的一张纸出来了（{number}）：上周五个数、今天要到期的、等您定的事，一页看完。",
    "duty_gap": "{place}{time}没有排人值班，请尽快补上；补上之前，由街道值班室接着。",
}


def slots(kind: str) -> frozenset[str]:
    """The labels that a kind needs. Raises KeyError for an unknown kind."""
    return frozenset(name for _, name, _, _ in Formatter().parse(TEXTS[kind]) if name)


def render(kind: str, **labels: str) -> str:
    """The sentence; labels that it does not use are ignored. Raises KeyError for a missing one or an unknown kind."""
    return TEXTS[kind].format(**labels)
