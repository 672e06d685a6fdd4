"""What one does with an order: GET shows the verb's form in its place, POST does it. Wrong input comes back in place, in
plain Chinese, with every word kept."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from linli.grid import selectors as places
from linli.kernel.actors import Actor
from linli.kernel.errors import BadInput, Conflict, LinliError, WrongState
from linli.orders import access, actions, assignees, labels, road
from linli.orders.drafts import VoiceDraft
from linli.orders.models import Order
from linli.orders.states import Door
from linli.orders.web import buttons, drawer, lists, steps
from linli.standards import selectors as standards
from linli.ui.answers import toast

WITH_PHOTOS = ("note_order", "answer_order", "handle_order")
SAID = {
    "claim_order": "领到了，这件事由您来办。", "dispatch_order": "派出去了。", "take_back_order": "收回了，重新领办。", "resume_order": "接着办，时限继续走。",
    "request_pause": "申请提出去了，等另一位同志同意。", "request_extension": "申请提出去了，等另一位同志同意。", "raise_order": "已上报。",
    "open_children": "任务发出去了。", "open_repair": "交给物业了，修好了会告诉您。", "merge_orders": "并好了，反映人都还在，都会收到结果。", "split_order": "拆好了，两件各有各的时限。",
    "urge_order": "替 TA 催了一声。", "supervise_order": "督办发出去了。",
    "accept_order": "已接单。", "note_order": "记下了。", "answer_order": "已经告诉居民了。", "transfer_order": "已转办。",
    "assign_order": "已指派。", "return_order": "已退回。", "correct_order": "改好了。",
    "handle_order": "已办结，居民会收到结果。", "void_order": "已作废。", "conclude_review": "最终答复已发出。",
    "add_voices": "加上了，结果也会告诉 TA。", "remove_voice": "已移出。", "rate_order": "评价记下了。",
}  # fmt: skip
ENDINGS = [("done", "办好了"), ("no", "办不了，如实说明"), ("not_ours", "归别的单位管")]


@require_http_methods(["GET", "POST"])
def order_do(request: HttpRequest, order_id: UUID, verb: str) -> HttpResponse:
    """GET and POST /desk/orders/<id>/do/<verb>/"""
    actor = lists.desk_actor(request)
    if verb not in buttons.BUTTONS and verb not in ("remove_voice", "rate_order"):
        raise Http404
    found = access.get(actor, order_id)
    actions.view_order(by=actor, order=found)
    button = buttons.BUTTONS.get(verb)
    if button and button.tap and request.method == "POST":
        # Nothing was written that could get lost: what is wrong is said at the foot of the page.
        _do(actor, found, verb, request)
        return done(request, actor, order_id, SAID[verb])
    if request.method == "GET" and request.GET.get("part") == "hits":
        return render(request, "orders/_hits.html", {"hits": steps.like(actor, found, request.GET.get("q", ""))})
    if request.method == "GET":
        return _form(request, actor, found, verb, QueryDict())
    try:
        if verb == "invite_company":
            return _link(request, actor, found)
        _do(actor, found, verb, request)
    except (BadInput, WrongState, Conflict) as exc:
        return _form(request, actor, found, verb, request.POST, exc)
    return done(request, actor, order_id, SAID[verb])


def _link(request: HttpRequest, actor: Actor, found: Order) -> HttpResponse:
    """The company's link is shown this once: only its digest is kept."""
    token = actions.invite_company(by=actor, order_id=found.id, words=request.POST.get("words", ""))
    context = {"order": found, "link": request.build_absolute_uri(reverse("company", args=[token]))}
    if not getattr(request, "htmx", None):
        return drawer.answer(request, actor, found, **context)
    return render(request, "orders/_link.html", context)


@require_http_methods(["GET", "POST"])
def order_pass(request: HttpRequest, order_id: UUID, code: str) -> HttpResponse:
    """GET and POST /desk/orders/<id>/pass/<outcome>/ — leave the step by one of its ways out."""
    actor = lists.desk_actor(request)
    found = access.get(actor, order_id)
    actions.view_order(by=actor, order=found)
    way = road.way(actor, found, code)
    if way is None or request.POST.get("step", found.step) != found.step:
        # Another step may have a way out of the same name: what she answered was the step that she saw.
        raise WrongState("这件事刚刚有了变化，请重新打开看看。", "moved_on")
    if request.method == "GET":
        return _ask(request, actor, found, way, QueryDict())
    try:
        given = steps.given(actor, way, request)
        actions.pass_step(by=actor, order_id=found.id, outcome="" if way.axes else way.code, given=given)
    except (BadInput, WrongState, Conflict) as exc:
        return _ask(request, actor, found, way, request.POST, exc)
    return done(request, actor, order_id, "提请确认了，等另一位同志同意。" if way.second else f"好了：{way.label}。")


def _ask(request: HttpRequest, actor: Actor, found: Order, way: road.Way, data: QueryDict, exc: LinliError | None = None) -> HttpResponse:
    context = steps.form(found, way, data) | {"wrong": exc.message if exc else "", "passing": True}
    if not getattr(request, "htmx", None):
        return drawer.answer(request, actor, found, **context)
    return render(request, "orders/_pass.html", context, status=422 if exc else 200)


@require_POST
def request_decide(request: HttpRequest, request_id: UUID, verb: str) -> HttpResponse:
    """POST /desk/requests/<id>/<grant|refuse>/ — a second person's yes or no."""
    actor = lists.desk_actor(request)
    words = request.POST.get("words", "")
    if verb == "grant":
        order, said = actions.grant_request(by=actor, request_id=request_id, words=words), "同意了。"
    else:
        order, said = actions.refuse_request(by=actor, request_id=request_id, words=words), "没有同意，理由已经告诉申请的人。"
    if request.POST.get("from") == "requests" and not getattr(request, "htmx", None):
        return HttpResponseRedirect(reverse("order_requests"))
    if request.POST.get("from") == "requests":
        return toast(render(request, "orders/_decided.html", {"said": said, "order": order}), said)
    return done(request, actor, order.id, said)


@require_POST
def order_accept(request: HttpRequest, order_id: UUID) -> HttpResponse:
    """POST /desk/orders/<id>/accept/ — one tap."""
    actor = lists.desk_actor(request)
    actions.accept_order(by=actor, order_id=order_id)
    return done(request, actor, order_id, SAID["accept_order"])


def done(request: HttpRequest, actor: Actor, order_id: UUID, said: str) -> HttpResponse:
    """After a verb: the drawer as it is now, with a word at the foot of the page."""
    from_page = reverse("order", args=[order_id])
    if not getattr(request, "htmx", None):
        return HttpResponseRedirect(from_page)
    found = access.get_or_none(actor, order_id)
    if found is None:
        # Handed on to where she does not see it any more: say so instead of an error.
        response = render(request, "orders/_gone.html", {"said": said})
    else:
        response = render(request, "orders/_drawer.html", drawer.drawer(request, actor, found))
    response["HX-Retarget"], response["HX-Reswap"] = "#drawer", "innerHTML"
    return toast(response, said)


def _form(request: HttpRequest, actor: Actor, found: Order, verb: str, data: QueryDict, exc: LinliError | None = None) -> HttpResponse:
    context = form(actor, found, verb, data) | {"wrong": exc.message if exc else ""}
    if not getattr(request, "htmx", None):
        return drawer.answer(request, actor, found, **context)
    return render(request, "orders/_form.html", context, status=422 if exc else 200)


def form(actor: Actor, found: Order, verb: str, data: QueryDict) -> dict[str, Any]:
    """The context of a verb's form; `data` is what was sent."""
    if not buttons.allowed(actor, found, verb):
        access.get_locked(actor, found.id, verb)  # raises the error that fits
        raise WrongState()
    context: dict[str, Any] = {
        "order": found, "button": buttons.BUTTONS.get(verb), "verb": verb, "data": data, "doing": True,
        "twice": buttons.SECOND_TAP.get(verb, ""), "photos": verb in WITH_PHOTOS,
    }  # fmt: skip
    if verb in ("transfer_order", "assign_order", "dispatch_order", "open_children"):
        context["colleagues"] = assignees.groups(found)
    context |= steps.more(actor, found, verb)
    if verb == "handle_order":
        context["endings"] = ENDINGS
    if verb == "correct_order":
        context |= {
            "kinds": standards.listed_kinds(), "categories": labels.CATEGORY_LABELS.items(),
            "buildings": places.buildings(found.community_id),
        }  # fmt: skip
    return context


def _do(actor: Actor, found: Order, verb: str, request: HttpRequest) -> None:
    post = request.POST
    words = post.get("words", "")
    by: dict[str, Any] = {"by": actor, "order_id": found.id}
    if verb in WITH_PHOTOS:
        if not words.strip():
            raise BadInput("请先写几句话，再提交。", "missing_words")
        by["blobs"] = steps.photos(actor, request)
    match verb:
        case "accept_order":
            actions.accept_order(**by)
        case "claim_order":
            actions.claim_order(**by)
        case "resume_order":
            actions.resume_order(**by)
        case "urge_order":
            actions.urge_order(**by)
        case "note_order":
            actions.note_order(**by, words=words)
        case "answer_order":
            actions.answer_order(**by, words=words)
        case "handle_order":
            actions.handle_order(**by, words=words, ending=post.get("ending", ""))
        case "transfer_order":
            actions.transfer_order(**by, to=_id(post, "to", "请选一位同事。"), words=words)
        case "assign_order":
            actions.assign_order(**by, to=_id(post, "to", "请选一位同事。"), words=words)
        case "dispatch_order":
            actions.dispatch_order(**by, to=_id(post, "to", "请选一位同事。"), words=words)
        case "return_order":
            actions.return_order(**by, words=words)
        case "take_back_order":
            actions.take_back_order(**by, words=words)
        case "raise_order":
            actions.raise_order(**by, words=words)
        case "void_order":
            actions.void_order(**by, words=words)
        case "conclude_review":
            actions.conclude_review(**by, words=words)
        case "correct_order":
            _correct(by, post, found)
        case "add_voices":
            _add_voice(by, post)
        case "remove_voice":
            actions.remove_voice(**by, voice_id=_id(post, "voice", "请选要移出的发声。"), words=words, own=post.get("own") != "0")
        case "rate_order":
            voice = _id(post, "voice", "请选是哪一位的评价。")
            actions.rate_order(**by, voice_id=voice, rating=post.get("rating", ""), how="phone", words=words)
        case _:
            steps.do(by, post, found, verb, words)


def _id(post: QueryDict, name: str, missing: str) -> UUID:
    try:
        return UUID(post.get(name, ""))
    except ValueError as exc:
        raise BadInput(missing, f"missing_{name}") from exc


def _correct(by: dict[str, Any], post: QueryDict, found: Order) -> None:
    thing = post.get("thing")
    building = post.get("building")
    unit, place = post.get("unit", "").strip(), post.get("place", "").strip()
    if place and building == str(found.building_id):
        building = ""  # the field comes empty: who fills it in means it, whether or not she thought of the building above
    if building == "" and found.building_id and not place:
        raise BadInput("不在楼里的，请写在哪儿，比如：小广场东侧。", "missing_place")
    actions.correct_order(
        **by, kind=post.get("kind") or None, category=post.get("category") or None,
        thing=thing.strip() if thing is not None and thing.strip() != found.thing else None, unit=unit,
        building_id=UUID(building) if building and (building != str(found.building_id) or unit != found.unit) else None,
        place=place if not building and (place != found.place_text or found.building_id) else None,
    )  # fmt: skip


def _add_voice(by: dict[str, Any], post: QueryDict) -> None:
    words, phone = post.get("words", "").strip(), post.get("phone", "").strip()
    if not words:
        raise BadInput("请写下 TA 说了什么。", "missing_words")
    door = Door.PHONE if post.get("door") == Door.PHONE else Door.COUNTER
    voice = VoiceDraft(words=words[:2000], name=post.get("name", "").strip()[:32], phone=phone[:20], door=door)
    actions.add_voices(**by, voices=[voice])

