"""随手报 and the code on the wall: words, voice or a photo about a place, for oneself or for somebody else. They go the
way of every message; they stand on the reporter's own page, not in the group."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib.auth import login
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from linli.accounts import actions as accounts
from linli.accounts.models import Account
from linli.doors.resident import mine, words
from linli.grid import selectors as places
from linli.grid.models import Area, Building, Home
from linli.groups import access as group_access
from linli.groups import actions as groups
from linli.groups import selectors as group_selectors
from linli.groups import veil
from linli.groups.actions.groups import clean_nickname
from linli.groups.actions.messages import Say
from linli.groups.models import Group, Member, Message
from linli.groups.pace import check_pace
from linli.kernel import clock, crypto
from linli.kernel.actors import BOT, Actor
from linli.kernel.errors import BadInput, LinliError, NotFound, TooMany

BACKEND = "django.contrib.auth.backends.ModelBackend"
#: from guests at one building or community in ten minutes
GUESTS_IN_TEN = 30


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest) -> HttpResponse:
    """随手报: residents for the place of one of their groups, guests for a community that they choose."""
    actor = request.actor  # type: ignore[attr-defined]
    members = mine.joined(mine.members(actor))
    context: dict[str, Any] = {"tab": "report", "members": members, "most": words.MOST_WORDS}
    chosen = request.POST.get("member") or request.GET.get("member", "")
    member = next((m for m in members if str(m.id) == chosen), members[0] if members else None)
    context |= {"member": member, "neighbours": _neighbours(actor, member), "communities": [] if members else places.areas(Area.COMMUNITY)}
    near = [m.group.community_id for m in members] or [a.id for a in context["communities"]]
    context["company"] = any(b.property_org_id for i in dict.fromkeys(near) for b in places.buildings(i))
    if request.method != "POST":
        return render(request, "doors/report.html", context)
    try:
        sent = words.of(request)
        if member:
            check_pace(member)
            _send(actor, member, member.group, sent, {"door": "report"} | _fix(request), _behalf(request, member.group))
        else:
            group = _group_of_community(request.POST.get("community", ""))
            _guest(request, group, sent, {"door": "report"} | _fix(request))
    except LinliError as exc:
        return render(request, "doors/report.html", {**context, "wrong": exc.message}, status=422)
    return redirect("/mine/?new=1")


@require_http_methods(["GET", "HEAD", "POST"])
def at_building(request: HttpRequest, code: str) -> HttpResponse:
    """The code in a lift or on a door: it already knows building and unit."""
    building = Building.objects.filter(qr=code).first()
    if building is None:
        raise NotFound("这个二维码已经不用了，请打社区电话，或者在群里说一句。", "code_gone")
    actor = request.actor  # type: ignore[attr-defined]
    unit = "".join(c for c in request.POST.get("unit") or request.GET.get("u", "") if c.isprintable())[:16]
    group = Group.objects.filter(building_id=building.id, channel=Group.PAGE).order_by("id").first() or mine.main_group(building.community_id)
    if group is None:
        raise NotFound("这里还没有开通，请打社区电话。", "no_group")
    stamp = places.stamp_of_building(building, unit)
    units = [f"{n}单元" for n in range(1, building.units + 1)] if building.units > 1 else []
    context = {"building": building, "unit": unit, "units": units, "place": stamp.text, "most": words.MOST_WORDS, "known": bool(actor.id)}
    context["company"] = building.property_org_id is not None
    if request.method != "POST":
        return render(request, "doors/at_building.html", context)
    hint = {"door": "qr", "building": str(building.id), "unit": unit} | _fix(request)
    try:
        sent = words.of(request)
        member = next((m for m in mine.joined(mine.members(actor)) if m.group_id == group.id), None)
        if member:
            check_pace(member)
            _send(actor, member, group, sent, hint, {})
        else:
            _guest(request, group, sent, hint)
    except LinliError as exc:
        return render(request, "doors/at_building.html", {**context, "wrong": exc.message}, status=422)
    return redirect("/mine/?new=1")


def _neighbours(actor: Actor, member: Member | None) -> list[Member]:
    """For whom else one may speak: neighbours in the same group; for whoever does not learn who they are, nobody."""
    rows = group_selectors.members_of(member.group_id) if member and not veil.over(actor) else []
    return [m for m in rows if member and m.id != member.id and not m.staff]


def _behalf(request: HttpRequest, group: Group) -> dict[str, str]:
    """For whom it is said: a neighbour of the group, or a home of the building; both are told. Raises BadInput."""
    who = request.POST.get("behalf", "")
    if who == "home":
        return {"home": str(_home(group, request.POST.get("home_unit", ""), request.POST.get("home_room", "")))}
    if who in ("", "me"):
        return {}
    found = next((m for m in group_selectors.members_of(group.id) if str(m.id) == who), None)
    if found is None:
        raise BadInput("没有找到这位邻居，请再选一次。", "no_neighbour")
    return {"member": str(found.id), **({"account": str(found.account_id)} if found.account_id else {})}


def _home(group: Group, unit: str, room: str) -> UUID:
    room, unit = room.strip().removesuffix("室").removesuffix("号"), unit.strip()
    if not group.building_id or not room:
        raise BadInput("请写清是几单元、门牌几号，比如 2单元 502。", "missing_home")
    unit = f"{unit}单元" if unit.isdigit() else unit
    rows = Home.objects.filter(building_id=group.building_id, room_index=crypto.ring().index(room))
    home = (rows.filter(unit=unit) if unit else rows).first()
    if home is None:
        raise BadInput("没有找到这一户，请看一眼单元和门牌，比如 2单元 502。", "no_home")
    return home.id


@transaction.atomic
def _send(actor: Actor, member: Member, group: Group, sent: words.Sent, hint: dict[str, Any], behalf: dict[str, str]) -> None:
    """Store the report; whoever it is for learns at once who spoke for her."""
    stored = words.say(actor, member, group, sent, hint=hint | ({"behalf": behalf} if behalf else {}), own=True)
    if stored and behalf.get("member"):
        text = f"{member.nickname}替您向社区反映了一件事。有答复、有结果，也会告诉您。"
        to = UUID(behalf["member"])
        groups.say(BOT, Say(group=group, text=text, key=f"behalf:{stored}", audience=Message.OWN, to_member_id=to))


def _fix(request: HttpRequest) -> dict[str, str]:
    """「请物业修」: she asks for the property company (D3); where the place has none, the community has it as any matter."""
    return {"fix": "property"} if request.POST.get("fix") else {}


def _group_of_community(text: str) -> Group:
    try:
        group = mine.main_group(UUID(text))
    except ValueError:
        group = None
    if group is None:
        raise BadInput("请选一下是哪个社区。", "no_community")
    return group


def _guest(request: HttpRequest, group: Group, sent: words.Sent, hint: dict[str, Any]) -> None:
    """Somebody who is not in this group: a name to call her, a number if she likes; this phone keeps her matter.

    She becomes a resident's account tied to this browser, and a member by code who sees nothing of the group.
    """
    actor = request.actor  # type: ignore[attr-defined]
    since = clock.now() - timedelta(minutes=10)
    rows = Message.objects.filter(group_id=group.id, audience=Message.OWN, direction=Message.IN, received_at__gt=since)
    if rows.count() >= GUESTS_IN_TEN:
        raise TooMany("现在反映的人很多，请过几分钟再发，或者直接打社区电话。您写的内容还在。", "too_many_guests")
    nickname = clean_nickname(request.POST.get("nickname", "") or actor.name)
    phone = request.POST.get("phone", "").strip()
    with transaction.atomic():
        account = Account.objects.filter(id=actor.id).first() if actor.id else None
        if account is None:
            account = accounts.add_account(by=actor, kind=Account.RESIDENT, name=nickname, phone=phone)
        sender = Actor("resident", account.id, name=nickname) if not actor.id else actor
        member = groups.add_member(by=sender, group=group, sender_ref=group_access.code_ref(account.id), nickname=nickname)
        check_pace(member, most=6, minutes=10)
        words.say(sender, member, group, sent, hint=hint | {"account": str(account.id)}, own=True)
    if not actor.id:
        login(request, account, backend=BACKEND)
