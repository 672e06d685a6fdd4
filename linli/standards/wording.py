"""A procedure in plain Chinese: how long, for whom, what happens when it is late. Shared by diagram, list and rehearsal."""

from collections.abc import Mapping

from linli.kernel.roles import LABELS, Role
from linli.standards.flow import (
    ACTS,
    CLAIM,
    END,
    FROM,
    RATE,
    REMIND,
    UNTIL,
    WAIT,
    WHO,
    WHOM,
    Flow,
    Limit,
    Rung,
    Step,
)


def how_long(limit: Limit, calendars: Mapping[str, str]) -> str:
    """2 小时, 3 个工作日, 7 个工作小时, 按种类 …; `calendars`: code → kind."""
    if limit.by_kind:
        return "按这类事的时限"
    kind = calendars.get(limit.calendar, limit.calendar)
    if kind == "days":
        return f"{limit.amount} 个工作日"
    word = "工作" if kind == "hours" else ""
    if not word and limit.amount % 1440 == 0 and limit.amount > 1440:
        return f"{limit.amount // 1440} 天"
    if limit.amount % 60 == 0:
        return f"{limit.amount // 60} {'个工作小时' if word else '小时'}"
    return f"{limit.amount} {'个工作分钟' if word else '分钟'}"


def rung_words(rung: Rung, step: Step | None = None) -> str:
    """What one rung does: 用到 80% 时提醒责任人."""
    when = "到时" if rung.percent == 100 else f"用到 {rung.percent}% 时" if rung.percent < 100 else f"到 {rung.percent}% 还没办"
    whom = WHOM.get(rung.whom, rung.whom)
    if rung.act == REMIND:
        return f"{when}提醒{whom}"
    if rung.act == "dispatch":
        return f"{when}指派给{whom}"
    if rung.act == "raise":
        return f"{when}上报一级，告诉{whom}"
    if rung.act == "pass":
        out = step.outcome(rung.outcome) if step else None
        return f"{when}自动转入下一步{f'（{out.label}）' if out else ''}，告诉{whom}"
    return f"{when}{ACTS.get(rung.act, rung.act)}，告诉{whom}"


def who_words(step: Step) -> str:
    """Who does a step."""
    if step.type == CLAIM:
        return "、".join(LABELS[Role(r)] for r in step.roles if r in set(Role))
    if step.type == RATE:
        return f"反映人，{step.days} 天内"
    return "" if step.type == END else WHO.get(step.who, step.who)


def from_until(flow: Flow, limit: Limit) -> str:
    """从受理到答复居民."""
    return f"从{_moment(flow, limit.starts, FROM, '进入')}到{_moment(flow, limit.until, UNTIL, '办完')}"


def _moment(flow: Flow, moment: str, known: Mapping[str, str], verb: str) -> str:
    step = flow.steps.get(moment.removeprefix("step:"))
    return f"{verb}“{step.label}”" if step else known.get(moment, moment)


def step_notes(step: Step) -> list[str]:
    """What else one should know of a step."""
    found = []
    if step.type == WAIT:
        found.append("等着的时候，别的时限停着")
    elif step.pauses:
        found.append("这一步里，别的时限停着")
    if step.cap:
        found.append(f"一个人手上领办的最多 {step.cap} 件")
    return found
