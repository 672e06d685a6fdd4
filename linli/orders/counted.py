"""Which orders are behind a figure: one condition each, used for counting and for the list that a figure leads to, so that both are
always the same rows. What each figure means stands in docs/figures.md."""

from datetime import datetime

from django.db.models import Case, CharField, F, Q, Value, When

from linli.orders.states import CHILD, FLOOD, MERGED, SOLVED, SUPERVISES, OrderState

#: parts and shadows of an order that is counted itself: counting them too would tell one matter twice. What one person's flood is
#: gathered under is nobody's failure and nobody's merit; what is split off from it counts. An order split off is a
#: matter of its own with voices of its own, and counts.
NOT_ITS_OWN = (CHILD, SUPERVISES, MERGED, FLOOD)
LIVE = Q(history=False) & ~Q(state=OrderState.VOID) & ~Q(relation__in=NOT_ITS_OWN)

FIGURES = {
    "opened": "受理的", "accepted_in_time": "按时领办的", "accept_due": "应领办的", "answered": "答复了的", "answered_in_time": "按时答复的", "answer_due": "应答复的", "handled": "有结果的",
    "declined": "如实说明办不了的", "solved": "解决了的", "solved_in_time": "按时解决的", "solve_due": "应解决的", "reopened": "重办过的",
    "returned": "退回过的",
}  # fmt: skip
#: results of their own: whoever judges by a share may leave each of them out of it (`aside`)
ASIDE = {"refused": "依法不予受理", "beyond": "超出职权", "not_ours": "转有权单位", "tried": "已尽责，仍不满意"}
#: every figure that a list can be narrowed to
LISTS = FIGURES | ASIDE
DECLINED = ("no", "not_ours", "refused", "beyond")


def which(figure: str, now: datetime) -> Q:
    """The orders that LISTS[figure] counts at this moment. Raises KeyError for another name."""
    handled = Q(handled_at__isnull=False)
    done = handled & Q(ending__in=SOLVED)
    running_out = Q(handled_at=None, solve_due_at__lte=now)
    reviewed = Q(state=OrderState.REVIEW) | Q(ending="reviewed")
    if figure in ASIDE:
        return LIVE & handled & Q(ending=figure)
    return LIVE & {
        "opened": Q(),
        "accepted_in_time": Q(accepted_in_time=True),
        "accept_due": Q(accepted_in_time__isnull=False),
        "answered": Q(answered_at__isnull=False),
        "answered_in_time": Q(answered_in_time=True),
        "answer_due": Q(answered_at__isnull=False) | Q(answer_due_at__lte=now),
        "handled": handled,
        "declined": handled & Q(ending__in=DECLINED),
        "solved": done & Q(unsolved=0),
        "solved_in_time": done & Q(unsolved=0, solved_in_time=True),
        "solve_due": done | running_out | reviewed,
        "reopened": Q(reopened__gt=0),
        "returned": Q(returned__gt=0),
    }[figure]


def aside() -> Case:
    """Which of ASIDE an order's present result is; "" for every other."""
    own = Q(handled_at__isnull=False, ending__in=list(ASIDE))
    return Case(When(own, then=F("ending")), default=Value(""), output_field=CharField(max_length=16))
