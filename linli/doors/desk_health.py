"""What is stuck, for those who keep the system running: messages nobody could understand, deliveries that failed.

The page shows no words of anybody: who keeps the machine is not a member of the groups.
"""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from linli.doors.desk_notices import worker
from linli.groups import actions as groups
from linli.groups import selectors
from linli.groups.models import Message
from linli.kernel.actors import Actor
from linli.kernel.errors import Forbidden
from linli.kernel.roles import Role
from linli.ledger import delivery
from linli.ledger.models import Delivery, Event
from linli.orders.models import Order, Replan

AT_MOST = 100
#: what each handler of events does, for who reads that it failed
WHAT = {
    "insight.mark_cells": "把这件事记进统计",
    "orders.begin_replan": "按新的工作时间重算期限",
    "stories.answered_question_leaves_the_queue": "把已经答过的问题从部门的待答里撤下",
    "stories.child_tells_its_parent": "告诉牵头的同志：协办的都答了",
    "stories.concerned_hears": "告诉意见里提到的人",
    "stories.department_answers_the_asker": "把部门的答复送给提问的人",
    "stories.groups_follow_their_building": "让群跟着楼栋换网格",
    "stories.leaver_hands_her_orders_over": "把离岗同志的工单交出去",
    "stories.order_calls_its_people": "提醒办事的同志",
    "stories.order_says_it_is_open_again": "告诉居民：这件事重新办",
    "stories.order_tells_its_group": "把进展说到群里",
    "stories.order_tells_its_voices": "把进展告诉说起这件事的居民",
    "stories.request_calls_its_decider": "提醒批申请的领导",
    "stories.request_tells_its_asker": "告诉申请的同志批没批",
    "stories.sensitive_order_calls_the_street": "提醒街道：有敏感事项",
    "stories.unknown_question_goes_to_its_department": "把小栖不会答的问题送到部门",
    "stories.voice_taken_out_is_told": "告诉居民：她说的另办一件",
}
#: errors that pass when the machine is well again; any other one is a fault of the program
PASSING = {
    "OperationalError": "数据库没接上或太忙，再试一次多半就好", "InterfaceError": "数据库断开过，再试一次多半就好",
    "TimeoutError": "等得太久没有回音，再试一次多半就好", "OSError": "磁盘或网络没有回应，先看看服务器", "KeyMissing": "缺一把解密的钥匙，请运行 linli doctor",
}  # fmt: skip


def keeper(request: HttpRequest) -> Actor:
    """The administrator or the centre. Raises Forbidden for everybody else."""
    actor = worker(request)
    if not actor.has_role(Role.ADMIN_SYSTEM, Role.CENTRE):
        raise Forbidden()
    return actor


@require_GET
def health(request: HttpRequest) -> HttpResponse:
    """GET /desk/health/"""
    keeper(request)
    stuck = list(Message.objects.filter(state=Message.STUCK).select_related("group").order_by("-id")[:AT_MOST])
    context = {
        "room": "health", "tree_label": "", "stuck": stuck, "failed": _failed(), "waiting": selectors.waiting(),
        "open": delivery.open_count(), "replans": list(Replan.objects.order_by("-id")[:5]),
    }  # fmt: skip
    if getattr(request, "htmx", None) and request.htmx.target == "replans":  # type: ignore[attr-defined]
        return render(request, "doors/desk_replans.html", context)
    return render(request, "doors/desk_health.html", context)


def _failed() -> list[dict[str, Any]]:
    """What did not arrive: what it was to do, for which order, since when, why in words, and the bare names for who mends it."""
    rows = list(Delivery.objects.filter(state=Delivery.FAILED).order_by("-id")[:AT_MOST])
    events = Event.objects.in_bulk({r.event_id for r in rows})
    numbers = dict(Order.objects.filter(id__in={e.subject_id for e in events.values()}).values_list("id", "number"))
    return [
        {
            "row": r, "what": WHAT.get(r.handler, "送一件消息"), "why": PASSING.get(r.error, "程序出了错，请把下面这行告诉维护的人"),
            "number": numbers.get(e.subject_id, "") if (e := events.get(r.event_id)) else "", "at": e.at if e else None,
        }
        for r in rows
    ]  # fmt: skip


@require_POST
def retry_message(request: HttpRequest, message_id: UUID) -> HttpResponse:
    """POST /desk/health/message/<id>/ — give it to 小栖 again."""
    groups.retry_message(by=keeper(request), message_id=message_id)
    return HttpResponseRedirect(reverse("desk_health"))


@require_POST
def retry_deliveries(request: HttpRequest) -> HttpResponse:
    """POST /desk/health/deliveries/ — send all again that failed."""
    keeper(request)
    delivery.retry_all_failed()
    return HttpResponseRedirect(reverse("desk_health"))


@require_POST
def retry_delivery(request: HttpRequest, delivery_id: UUID) -> HttpResponse:
    """POST /desk/health/delivery/<id>/ — send it again."""
    keeper(request)
    delivery.retry_failed(delivery_id)
    return HttpResponseRedirect(reverse("desk_health"))
