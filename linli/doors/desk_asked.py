"""Asked and not known: the questions that 小栖 handed to a person. What the person answered can become knowledge."""

from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from linli.doors.desk_notices import worker
from linli.kernel.errors import BadInput
from linli.knowledge import actions as knowledge
from linli.orders import access, labels
from linli.orders.models import Order, Word

PAGE = 30


@require_GET
def asked(request: HttpRequest) -> HttpResponse:
    """GET /desk/asked/ — newest first, with what was answered."""
    actor = worker(request)
    rows = access.visible_to(actor).filter(procedure="question", kind="consult", history=False)
    after = request.GET.get("after", "")
    if after:
        try:
            rows = rows.filter(id__lt=UUID(after))
        except ValueError as exc:
            raise BadInput("翻页的位置不对，请从第一页看起。") from exc
    found: list[Order] = list(rows.order_by("-id")[: PAGE + 1])
    more, found = len(found) > PAGE, found[:PAGE]
    told = Word.objects.filter(order_id__in=[o.id for o in found], public=True).order_by("id")
    words = {w.order_id: w.text for w in told}
    edits = knowledge.may_edit(actor)
    lines = [
        (o, labels.state(o), words.get(o.id, ""), f"{reverse('entry_new')}?{urlencode({'answer': words[o.id][:600]})}" if edits and o.id in words else "")
        for o in found
    ]  # fmt: skip
    context = {"room": "knowledge", "tree_label": "分类", "lines": lines, "next": found[-1].id if more else ""}
    return render(request, "doors/desk_asked.html", context)
