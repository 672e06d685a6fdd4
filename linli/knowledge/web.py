"""The desk over the knowledge base: find, try, write, retire."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linli.kernel.actors import Actor
from linli.kernel.errors import BadInput, Forbidden
from linli.knowledge import actions, selectors
from linli.knowledge.models import Entry


def _worker(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if actor.kind != "worker":
        raise Forbidden("请用工作人员的账号登录。", "not_staff")
    return actor


@require_GET
def entries(request: HttpRequest) -> HttpResponse:
    """GET /desk/knowledge/ — the list; `try` asks what 小栖 would say."""
    actor = _worker(request)
    q, said = request.GET.get("q", "").strip()[:60], request.GET.get("try", "").strip()[:200]
    state = Entry.EXPIRED if request.GET.get("state") == Entry.EXPIRED else Entry.IN_FORCE
    doubted = request.GET.get("doubted") == "1"
    rows, following = selectors.list_entries(actor, q=q, state=state, doubted=doubted, after=request.GET.get("after", "")[:40])
    context = {
        "room": "knowledge", "tree_label": "分类", "rows": rows, "next": following, "words": q, "state": state, "doubted": doubted,
        "said": said, "tried": selectors.attempt(said) if said else None, "edits": actions.may_edit(actor),
    }  # fmt: skip
    return render(request, "knowledge/entries.html", context)


@require_http_methods(["GET", "POST"])
def entry(request: HttpRequest, entry_id: UUID | None = None) -> HttpResponse:
    """GET and POST /desk/knowledge/new/ and /desk/knowledge/<id>/"""
    actor = _worker(request)
    found = selectors.get(actor, entry_id) if entry_id else None
    if entry_id is None and not actions.may_edit(actor):
        raise Forbidden("您的岗位可以看知识库，但不能添加。请告诉社区书记或平台中心。")
    wrong, post = "", request.POST
    if request.method == "POST":
        try:
            actions.save_entry(
                by=actor, entry_id=entry_id, question=post.get("question", ""), answer=post.get("answer", ""),
                source=post.get("source", ""), wordings=post.get("wordings", "").splitlines(),
                department=post.get("department", ""), community_id=found.community_id if found else None,
            )  # fmt: skip
            return HttpResponseRedirect(reverse("knowledge"))
        except BadInput as exc:
            wrong = exc.message
    data = {
        "question": found.question if found else request.GET.get("question", ""),
        "answer": found.answer if found else request.GET.get("answer", ""), "source": found.source if found else "",
        "department": found.department if found else "", "wordings": "\n".join(found.wordings) if found else "",
    }  # fmt: skip
    if wrong:
        data = {k: post.get(k, "") for k in data}
    context = {"room": "knowledge", "tree_label": "", "entry": found, "data": data, "wrong": wrong, "edits": actions.may_edit(actor)}
    return render(request, "knowledge/entry.html", context, status=422 if wrong else 200)


@require_POST
def retire(request: HttpRequest, entry_id: UUID) -> HttpResponse:
    """POST /desk/knowledge/<id>/retire/"""
    actions.retire_entry(by=_worker(request), entry_id=entry_id)
    return HttpResponseRedirect(reverse("knowledge"))
