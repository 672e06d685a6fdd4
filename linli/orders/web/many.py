"""Several orders of the list at once: assigned or noted, each with its own line of what became of it."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from linli.kernel.errors import BadInput, NotFound
from linli.orders import access, actions, assignees
from linli.orders.models import Order
from linli.orders.rooms import rooms
from linli.orders.web import lists

SAID = {"assign_order": "指派了", "note_order": "记下了"}


@require_POST
def order_many(request: HttpRequest, verb: str) -> HttpResponse:
    """POST /desk/orders/many/<assign_order|note_order>/ — first asks for the colleague or the words; sent with `go` it does
    them, one by one."""
    actor = lists.desk_actor(request)
    mine = {v: (label, icon) for v, label, icon in lists.many_verbs(actor)}
    if verb not in mine:
        raise NotFound("这一步不能一次办多件，或者不由您的岗位来办。")
    ids = _ids(request.POST.getlist("orders"))
    if not ids:
        raise BadInput("请先勾选要办的工单。", "nothing_chosen")
    found = [o for o in (access.get_or_none(actor, i) for i in ids) if o]
    label, icon = mine[verb]
    context = {
        "verb": verb, "label": label, "icon": icon, "found": found, "data": request.POST, "wrong": "", "room": "orders", "tree_label": "",
        "colleagues": assignees.for_all(found) if verb == "assign_order" else [], "back": request.POST.get("back", "")[:400],
    } | rooms(actor, "list")  # fmt: skip
    if not request.POST.get("go"):
        return render(request, "orders/many.html", context)
    words, to = request.POST.get("words", ""), _ids([request.POST.get("to", "")])
    if verb == "note_order" and not words.strip():
        return render(request, "orders/many.html", context | {"wrong": "请先写几句话，再提交。"}, status=422)
    if verb == "assign_order" and not to:
        return render(request, "orders/many.html", context | {"wrong": "请选一位同事。"}, status=422)
    given = {"words": words, "to": to[0]} if verb == "assign_order" else {"words": words}
    done = actions.do_many(by=actor, verb=verb, order_ids=ids, **given)
    by_id = {o.id: o for o in Order.objects.filter(id__in=[o.id for o in found])}
    lines = [(by_id.get(d.order_id), d) for d in done]
    return render(request, "orders/many_done.html", context | {"lines": lines, "said": SAID[verb], "went": sum(d.ok for d in done)})


def _ids(texts: list[str]) -> list[UUID]:
    """Raises BadInput for what is no choice of ours."""
    try:
        return [UUID(t) for t in texts[: actions.AT_MOST] if t]
    except ValueError as exc:
        raise BadInput("请重新勾选一次。", "bad_choice") from exc
