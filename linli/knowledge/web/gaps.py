"""The departments' queues: what was asked and not known, with a light, answered once for all."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_GET, require_http_methods

from linli.accounts import selectors as accounts
from linli.kernel.errors import BadInput, NotFound
from linli.knowledge import access, actions, departments, selectors
from linli.knowledge.models import Gap
from linli.knowledge.states import GAP_LABELS, GapState
from linli.knowledge.web.common import page, worker


@require_GET
def gaps(request: HttpRequest) -> HttpResponse:
    """GET /desk/knowledge/asked/ — what waits, the most urgent first; `state` for what is answered."""
    actor, get = worker(request), request.GET
    state = get.get("state", GapState.WAITING)
    state = state if state in GAP_LABELS else GapState.WAITING
    department = get.get("department", "")[:48]
    after = get.get("after", "")
    try:
        rows, following = selectors.list_gaps(actor, state=state, department=department, after=str(UUID(after)) if after else "")
    except ValueError as exc:
        raise BadInput("翻页的位置不对，请从第一页看起。") from exc
    mine = sorted(access.lines(actor))
    context = page(
        actor, "gaps", rows=rows, state=state, states=[(s, GAP_LABELS[s]) for s in GapState], department=department, mine=mine,
        next=f"?{urlencode({'state': state, 'department': department, 'after': following})}" if following else "",
    )  # fmt: skip
    return render(request, "knowledge/gaps.html", context)


@require_http_methods(["GET", "POST"])
def gap(request: HttpRequest, gap_id: UUID) -> HttpResponse:
    """GET and POST /desk/knowledge/asked/<id>/ — word it, answer it, pass it on, close it."""
    actor = worker(request)
    found = access.gaps_of(actor).filter(id=gap_id).first()
    if found is None:
        raise NotFound("没有找到这个问题，或者它在别的部门那里。")
    wrong, post = "", request.POST
    if request.method == "POST":
        try:
            _do(actor, found, post)
            return HttpResponseRedirect(reverse("gap", args=[found.id]) if post.get("do") == "word" else reverse("gaps"))
        except BadInput as exc:
            wrong = exc.message
    row = next((r for r in selectors.list_gaps(actor, state=found.state)[0] if r.gap.id == found.id), None)
    who = accounts.names([found.answered_by]).get(found.answered_by, "") if found.answered_by else ""
    write = urlencode({"question": found.question, "answer": found.answer, "department": found.department})
    context = page(
        actor, "gaps", gap=found, row=row, wrong=wrong, data=post, names=departments.NAMES, who=who, label=GAP_LABELS[GapState(found.state)],
        write_url=f"{reverse('entry_new')}?{write}" if found.state == GapState.ANSWERED and not found.entry_id else "",
        tried=selectors.attempt(found.question, found.community_id) if found.question else None,
    )  # fmt: skip
    return render(request, "knowledge/gap.html", context, status=422 if wrong else 200)


def _do(actor, found: Gap, post) -> None:  # type: ignore[no-untyped-def]
    what, words = post.get("do", ""), post.get("words", "")
    if what == "word":
        actions.word_gap(by=actor, gap_id=found.id, question=post.get("question", ""))
    elif what == "move":
        actions.move_gap(by=actor, gap_id=found.id, department=post.get("department", ""), words=words)
    elif what == "close":
        actions.close_gap(by=actor, gap_id=found.id, words=words)
    else:
        actions.answer_gap(by=actor, gap_id=found.id, words=words, source=post.get("source", ""), propose=post.get("propose") == "1")
