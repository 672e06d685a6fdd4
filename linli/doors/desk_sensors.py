"""Sensors at the desk: which devices there are and what they say, registering one, the rules and a second person's yes."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linli.accounts import selectors as accounts
from linli.channels.models import SensorRule
from linli.channels.sensors import access, actions, selectors, sheet
from linli.channels.sensors.kinds import KINDS, SILENT, TESTS
from linli.doors.desk_notices import worker
from linli.grid import selectors as places
from linli.grid.models import Area
from linli.grid.selectors import Stamp
from linli.kernel.actors import Actor
from linli.kernel.errors import BadInput, LinliError, NotFound
from linli.orders import access as order_access
from linli.ui.sheets import Sheet, answer, book

#: so many wrong lines are shown at once
WRONGS = 50
TREE = (("devices", "设备", "/desk/sensors/"), ("rules", "告警规则", "/desk/sensors/rules/"))


def _reader(request: HttpRequest) -> Actor:
    actor = worker(request)
    access.check_read(actor)
    return actor


def _page(here: str, **more: Any) -> dict[str, Any]:
    return {"room": "orders", "tree_label": "感知预警", "tree": TREE, "here": here, "kinds": [(c, k.label) for c, k in KINDS.items()], **more}


@require_http_methods(["GET", "POST"])
def sensors(request: HttpRequest) -> HttpResponse:
    """GET /desk/sensors/?kind= — the devices of the reader's places, ringing ones first; POST registers one."""
    actor = _reader(request)
    if request.method == "GET":
        return render(request, "doors/sensors.html", _devices(actor, request))
    access.ask(actor, "add_device")
    post = request.POST
    try:
        actions.add_device(by=actor, code=post.get("code", ""), kind=post.get("device_kind", ""), name=post.get("name", ""), stamp=_stamp(actor, request))
    except BadInput as exc:
        return render(request, "doors/sensors.html", _devices(actor, request) | {"wrong": exc.message}, status=422)
    return redirect(f"/desk/sensors/?community={post.get('community', '')}&done={post.get('code', '').strip()}")


def _devices(actor: Actor, request: HttpRequest) -> dict[str, Any]:
    kind = request.GET.get("kind", "")
    kind = kind if kind in KINDS else ""
    lines = selectors.devices(actor, kind)
    names = places.area_names(x.device.community_id for x in lines)
    rows = [
        {"line": x, "community": names.get(x.device.community_id, ""), "ends": access.may(actor, "end_device") and access.covers(actor, "end_device", x.device),
         "order": x.order if x.order and order_access.reads(actor, x.order) else None}
        for x in lines
    ]  # fmt: skip
    adds = access.may(actor, "add_device")
    return _page(
        "devices", rows=rows, kind=kind, most=selectors.MOST, adds=adds, data=request.POST, done=request.GET.get("done", ""),
        new=_count(request, "new"), there=_count(request, "there"), told="new" in request.GET,
        **(_where(actor, request) if adds else {}),
    )  # fmt: skip


def _count(request: HttpRequest, name: str) -> int:
    value = request.GET.get(name, "")
    return int(value) if value.isdecimal() and len(value) < 6 else 0


def _communities(actor: Actor) -> list[Area]:
    """Where the actor may register devices."""
    here = [a for a in places.areas(Area.COMMUNITY) if a.street_id]
    return [a for a in here if access.covers(actor, "add_device", Stamp(a.street_id, a.id))]  # type: ignore[arg-type]


def _where(actor: Actor, request: HttpRequest) -> dict[str, Any]:
    near = _communities(actor)
    wanted = request.POST.get("community") or request.GET.get("community")
    chosen = next((a for a in near if str(a.id) == wanted), near[0] if near else None)
    return {"communities": near, "community": chosen, "buildings": places.buildings(chosen.id) if chosen else []}


def _stamp(actor: Actor, request: HttpRequest) -> Stamp:
    """Where the device is: a building and unit, or a few words within the community. Raises BadInput."""
    post = request.POST
    area = next((a for a in _communities(actor) if str(a.id) == post.get("community")), None)
    if area is None or area.street_id is None:
        raise BadInput("请选设备在哪个社区。", "no_community")
    where = post.get("where", "").replace("\x00", "").strip()[:80]
    building = next((b for b in places.buildings(area.id) if str(b.id) == post.get("building")), None)
    if building is not None:
        return places.stamp_of_building(building, where[:16])
    if not where:
        raise BadInput("请选楼栋，或者写几个字说清设备装在哪儿。", "no_place")
    return Stamp(area.street_id, area.id, None, None, "", where)


@require_POST
def sensor_file(request: HttpRequest) -> HttpResponse:
    """POST /desk/sensors/file/ — a list of devices as a spreadsheet: all of them are registered, or none and each wrong line named."""
    actor = _reader(request)
    access.ask(actor, "add_device")
    file = request.FILES.get("file")
    try:
        if file is None:
            raise BadInput("请先选一份表。", "no_file")
        rows, wrongs = sheet.read(str(file.name), file.read(sheet.MOST_BYTES + 1), _communities(actor))
        new, refused = actions.add_devices(by=actor, rows=[r for _, r in rows]) if not wrongs else ([], [])
    except BadInput as exc:
        return render(request, "doors/sensors.html", _devices(actor, request) | {"file_wrong": exc.message}, status=422)
    wrongs += [sheet.Wrong(rows[n][0], why) for n, why in refused]
    if wrongs:
        more = {"file_wrongs": wrongs[:WRONGS], "file_wrong_count": len(wrongs), "file_name": file.name}
        return render(request, "doors/sensors.html", _devices(actor, request) | more, status=422)
    return redirect(f"/desk/sensors/?new={len(new)}&there={len(rows) - len(new)}")


@require_GET
def sensor_template(request: HttpRequest) -> HttpResponse:
    """GET /desk/sensors/template.xlsx — the list of devices to be filled in."""
    access.ask(_reader(request), "add_device")
    columns = [(words[0], 24) for words in sheet.HEADINGS.values()]
    kinds = "、".join(k.label for k in KINDS.values())
    return answer("shebei.xlsx", book([Sheet("设备", columns, [])], [f"一行一台，填好交回来。种类写：{kinds}。楼栋写小区加楼号；不在楼里的，位置写清楚。"]))


@require_POST
def sensor_end(request: HttpRequest, device_id: UUID) -> HttpResponse:
    """POST /desk/sensors/<id>/end/ — the device is out of use."""
    actions.end_device(by=_reader(request), device_id=device_id)
    return redirect("sensors")


@require_http_methods(["GET", "POST"])
def sensor_rules(request: HttpRequest) -> HttpResponse:
    """GET /desk/sensors/rules/?change= — the rules by kind; POST writes one, which waits for a second person."""
    actor = _reader(request)
    if request.method == "GET":
        return render(request, "doors/sensor_rules.html", _rules(actor, request))
    post = request.POST
    try:
        rule = actions.save_rule(
            by=actor, kind=post.get("device_kind", ""), label=post.get("label", ""), test=post.get("test", ""), cause=post.get("cause", "")[:24],
            threshold=_number(post.get("threshold", "")), minutes=_minutes(post.get("minutes", "")),
        )  # fmt: skip
    except BadInput as exc:
        return render(request, "doors/sensor_rules.html", _rules(actor, request) | {"wrong": exc.message}, status=422)
    return redirect(f"/desk/sensors/rules/?wrote={rule.id}")


def _number(text: str) -> float | None:
    if not text.strip():
        return None
    try:
        found = float(text)
    except ValueError as exc:
        raise BadInput("读数请写数字，比如 150。", "bad_threshold") from exc
    if not abs(found) < 1e9:
        raise BadInput("读数太大了，请核对单位。", "bad_threshold")
    return found


def _minutes(text: str) -> int:
    text = text.strip() or "0"
    if not text.isdecimal() or len(text) > 6:
        raise BadInput("持续的时间请写整数分钟，马上算就写 0。", "bad_minutes")
    return int(text)


def _rules(actor: Actor, request: HttpRequest) -> dict[str, Any]:
    rows = list(SensorRule.objects.exclude(state=SensorRule.ENDED).order_by("kind", "cause", "state"))
    names = accounts.names(r.written_by for r in rows if r.written_by)
    drafts = {(r.kind, r.cause): r for r in rows if r.state == SensorRule.DRAFT}
    held = [r for r in rows if r.state == SensorRule.IN_FORCE]
    lines: list[dict[str, Any]] = [{"rule": r, "words": selectors.in_words(r), "coming": (r.kind, r.cause) in drafts} for r in held]
    by_kind = [(k.label, [x for x in lines if x["rule"].kind == code]) for code, k in KINDS.items()]
    waiting = [
        {"rule": r, "words": selectors.in_words(r), "kind": KINDS[r.kind].label, "writer": names.get(r.written_by, "") if r.written_by else "",
         "before": next((x["words"] for x in lines if (x["rule"].kind, x["rule"].cause) == key), ""),
         "approves": access.may(actor, "approve_rule") and r.written_by != actor.id}
        for key, r in drafts.items()
    ]  # fmt: skip
    changing = next((r for r in held if str(r.id) == request.GET.get("change")), None)
    data = request.POST if request.method == "POST" else _data(changing)
    return _page(
        "rules", by_kind=by_kind, waiting=waiting, writes=access.may(actor, "save_rule"), tests=TESTS.items(), data=data, changing=changing,
        units="，".join(f"{k.label}看{k.reading}（{k.unit}）" for k in KINDS.values()), wrote=request.GET.get("wrote", ""),
    )  # fmt: skip


def _data(rule: SensorRule | None) -> dict[str, str]:
    if rule is None:
        return {}
    threshold = "" if rule.threshold is None else f"{rule.threshold:g}"
    minutes = selectors.minutes_of(rule) if rule.test == SILENT else rule.minutes
    return {"device_kind": rule.kind, "label": rule.label, "test": rule.test, "threshold": threshold, "minutes": str(minutes), "cause": rule.cause}


@require_POST
def sensor_rule_do(request: HttpRequest, rule_id: UUID, deed: str) -> HttpResponse:
    """POST /desk/sensors/rules/<id>/<approve|drop>/ — a second person's yes, or the draft thrown away."""
    actor = _reader(request)
    try:
        if deed == "approve":
            actions.approve_rule(by=actor, rule_id=rule_id)
        elif deed == "drop":
            actions.drop_rule(by=actor, rule_id=rule_id)
        else:
            raise NotFound()
    except NotFound:
        raise
    except LinliError as exc:
        return render(request, "doors/sensor_rules.html", _rules(actor, request) | {"refused": exc.message}, status=exc.status)
    return redirect("sensor_rules")
