"""The public wording of a message of the board, put right by its moderator."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from linli.kernel.errors import BadInput
from linli.orders import access, actions, board
from linli.orders.web import drawer, lists, verbs


@require_POST
def order_wording(request: HttpRequest, order_id: UUID) -> HttpResponse:
    """POST /desk/orders/<id>/wording/ — the words that everybody will read."""
    actor = lists.desk_actor(request)
    found = access.get(actor, order_id)
    try:
        actions.edit_wording(by=actor, order_id=order_id, words=request.POST.get("words", ""))
    except BadInput as exc:
        context = {"order": found, "wording": board.wordings([found]).get(found.id, ""), "wrong": exc.message}
        if not getattr(request, "htmx", None):
            return drawer.answer(request, actor, found, **context)
        return render(request, "orders/_wording.html", context, status=422)
    return verbs.done(request, actor, order_id, "改好了，别人看到的就是这样；原话仍然密封。")
