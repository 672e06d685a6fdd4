"""Pages of the relay: paste, look, confirm, copy back."""

from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from linli.assistant import actions as assistant
from linli.assistant.models import Ask
from linli.channels.relay.actions import mark_copied
from linli.doors import relay, relay_back
from linli.groups import access
from linli.groups.models import Group, Message
from linli.kernel.errors import BadInput, Forbidden, LinliError, NotFound

MOST_BYTES = 4 * relay.MOST_CHARS


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as exc:
        raise BadInput("请先选一个群。", "missing_group") from exc


def _form(request: HttpRequest, text: str = "") -> HttpResponse:
    groups = relay.managed(request.actor)
    if not groups:
        raise Forbidden("您还没有管着的群，请让社区书记或群主把您加进来。")
    chosen = request.GET.get("group") or str(relay.last_group(request.actor) or groups[0].id)
    group = next((g for g in groups if str(g.id) == chosen), groups[0])
    page = {"room": "groups", "groups": groups, "chosen": group, "text": text, "relay_channel": Group.RELAY}
    if text.strip():
        page["look"] = relay.look(request.actor, group.id, text)
    page["back"] = len(relay_back.to_carry(request.actor, group)) if group.channel == Group.RELAY else 0
    return render(request, "doors/relay.html", page)


@require_GET
def relay_form(request: HttpRequest) -> HttpResponse:
    """The empty form; the group used last is chosen already."""
    return _form(request)


@csrf_exempt
def relay_share(request: HttpRequest) -> HttpResponse:
    """The phone's share sheet, or the page's own chooser, brings text or an exported chat: only shown, nothing is changed,
    hence no token is asked."""
    if request.method != "POST":
        return _form(request)
    parts = [request.POST.get(name, "") for name in ("title", "text", "url")]
    return _form(request, "\n".join(p for p in (*parts, *(_chat(f) for f in request.FILES.getlist("chat") if f.size)) if p))


def _chat(file: UploadedFile) -> str:
    """The words of an exported chat (.txt; UTF-8 or, from older programs, GB18030). Raises BadInput for anything else."""
    if (file.size or 0) > MOST_BYTES:
        raise BadInput("这个文件太大了，请分几次导出聊天记录。", "too_long")
    data = file.read()
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding).replace("\r\n", "\n")
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise BadInput("这个文件打不开。请选导出的聊天记录（.txt 文字文件），图片和压缩包不行。", "not_text")


@require_GET
def manifest(request: HttpRequest) -> HttpResponse:
    """The desk as an app on a phone: with it, the phone's share sheet offers 邻里 for a chat (W3C Web App Manifest, Web Share
    Target). Public, it names nobody: browsers ask for it without cookies."""
    said = {
        "id": "/desk/", "name": "邻里 · 工作台", "short_name": "邻里", "lang": "zh-CN", "start_url": "/desk/", "scope": "/", "display": "standalone",
        "background_color": "#ffffff", "theme_color": "#ffffff",
        "icons": [{"src": static("ui/mark.svg"), "sizes": "any", "type": "image/svg+xml", "purpose": "any"}],
        "share_target": {
            "action": reverse("relay_share"), "method": "POST", "enctype": "multipart/form-data",
            "params": {"title": "title", "text": "text", "url": "url", "files": [{"name": "chat", "accept": ["text/plain", ".txt"]}]},
        },
    }  # fmt: skip
    return JsonResponse(said, content_type="application/manifest+json", json_dumps_params={"ensure_ascii": False})


@require_POST
def relay_look(request: HttpRequest) -> HttpResponse:
    """What was understood, line by line; a piece of the page."""
    text = request.POST.get("text", "")
    if not text.strip():
        return HttpResponse("")
    try:
        seen = relay.look(request.actor, _uuid(request.POST.get("group", "")), text)
    except LinliError as exc:
        return render(request, "doors/relay_look.html", {"error": exc.message})
    return render(request, "doors/relay_look.html", {"look": seen})


@require_POST
def relay_take(request: HttpRequest) -> HttpResponse:
    """Confirmed: store, take in, show what came of it."""
    ticks = {int(n) for n in request.POST.getlist("tick") if n.isdecimal()} if "shown" in request.POST else None
    heard = {int(k[6:]): v for k, v in request.POST.items() if k.startswith("heard-") and k[6:].isdecimal() and v.strip()}
    wish = relay.Wish(ticks, heard, [f for f in request.FILES.getlist("photos") if f.size])
    group_id = _uuid(request.POST.get("group", ""))
    paste = relay.take(request.actor, group_id, request.POST.get("text", ""), request.POST.get("key", "")[:64], wish)
    return redirect("relay_paste", paste.id)


def _results(request: HttpRequest, paste_id: UUID) -> dict:
    paste, group = relay_back.get_paste(request.actor, paste_id)
    rows = relay_back.results(request.actor, paste)
    loud = [r for r in rows if not r.quiet]
    orders = {o.id: o for r in rows for o in r.orders}
    return {
        "room": "groups", "paste": paste, "group": group, "rows": loud, "talk": len(rows) - len(loud),
        "old": paste.lines - len(rows), "orders": list(orders.values()), "waiting": relay_back.waiting(paste),
    }  # fmt: skip


@require_GET
def relay_paste(request: HttpRequest, paste_id: UUID) -> HttpResponse:
    """What came of a paste: orders, and replies to copy back."""
    return render(request, "doors/relay_paste.html", _results(request, paste_id))


@require_GET
def relay_paste_news(request: HttpRequest, paste_id: UUID) -> HttpResponse:
    """The piece that is asked again until every line has its outcome."""
    return render(request, "doors/relay_results.html", _results(request, paste_id))


@require_GET
def relay_out(request: HttpRequest) -> HttpResponse:
    """What waits to be copied back, group by group."""
    wanted = request.GET.get("group")
    groups = [g for g in relay.managed(request.actor) if g.channel == Group.RELAY]
    if wanted:
        groups = [g for g in groups if str(g.id) == wanted]
    rows = [(g, *relay_back.by_age(replies)) for g in groups if (replies := relay_back.to_carry(request.actor, g))]
    return render(request, "doors/relay_out.html", {"room": "groups", "rows": rows, "one": groups[0] if wanted and groups else None})


@require_POST
def relay_copied(request: HttpRequest, message_id: UUID) -> HttpResponse:
    """小栖's message was copied."""
    mark_copied(by=request.actor, message_id=message_id)
    return HttpResponse(status=204)


@require_POST
def relay_ask(request: HttpRequest, ask_id: UUID) -> HttpResponse:
    """小栖 asked 「是同一件事吗？」: in WeChat nobody has the buttons, so the worker settles it."""
    ask = Ask.objects.filter(id=ask_id).first()
    message = Message.objects.filter(id=ask.message_id).first() if ask else None
    if ask is None or message is None:
        raise NotFound()
    access.get_managed(request.actor, message.group_id)
    assistant.settle_ask(by=request.actor, ask_id=ask.id, member_id=None, yes=request.POST.get("yes") == "1")
    back = request.POST.get("back", "")
    return redirect(back if back.startswith("/desk/") else reverse("relay"))
