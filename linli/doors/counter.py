"""Counter and phone: a worker writes for somebody who came or called. Caller → home → open orders → words; the same way in
as every message. People without any group here get their order by the same understanding, without a message."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from linli.accounts.actions import clean_phone
from linli.accounts.models import Account
from linli.doors.relay import take_in_now
from linli.doors.resident.mine import main_group
from linli.files import actions as files
from linli.grid import selectors as places
from linli.grid.models import Area, Building, Home
from linli.grid.selectors import Stamp
from linli.groups import actions as groups
from linli.groups.actions.messages import Say
from linli.groups.caller import seal_caller
from linli.groups.inbound import Inbound
from linli.groups.models import Group, Member, Message
from linli.kernel import clock, crypto, ids
from linli.kernel.actors import BOT, Actor
from linli.kernel.errors import BadInput, Forbidden
from linli.language import Gazetteer, understand
from linli.orders import access as order_access
from linli.orders import actions as orders
from linli.orders.drafts import Draft, VoiceDraft
from linli.orders.models import Order, Voice
from linli.residents import actions as residents
from linli.residents import selectors as base_data
from linli.residents.models import Person
from linli.standards import selectors as standards

COUNTER, PHONE = "counter", "phone"
MOST_WORDS = 2000
_ROOM = re.compile(r"(?:(?P<unit>[\d一二三四五六七八九十甲乙丙丁]{1,3})\s*(?:单元|[-—–/]|\s))?\s*(?P<room>[\dA-Za-z]{1,6})\s*(?:室|号|户)?")


@dataclass(slots=True)
class Caller:
    """Who is at the counter or on the phone, as far as the number tells. Names stay masked until they are used."""

    phone: str = ""
    people: list[base_data.Card] = field(default_factory=list)
    homes: dict[UUID, str] = field(default_factory=dict)
    orders: list[Order] = field(default_factory=list)


@dataclass(slots=True)
class Form:
    """What the worker filled in. `person` is one of the people whom the number named; `order` one of the open orders."""

    words: str
    door: str = COUNTER
    phone: str = ""
    name: str = ""
    person: str = ""
    building: str = ""
    room: str = ""
    behalf: str = ""
    order: str = ""
    #: the kind of matter, where the worker names it; "" lets 小栖 find it
    kind: str = ""
    key: str = ""
    #: 「请物业修」: the caller wants the property company
    fix: str = ""
    photos: Sequence[UploadedFile] = ()
    voice: UploadedFile | None = None


@dataclass(slots=True)
class Taken:
    """What was stored: a message, or (where there is no group) an order. `new` is False for a form that came twice."""

    message_id: UUID | None
    order_id: UUID | None
    new: bool


@dataclass(slots=True)
class _Someone:
    """A caller, or whoever it is said for."""

    name: str
    phone: str
    home_id: UUID | None = None
    account_id: UUID | None = None

    def ref(self, key: str) -> str:
        """The sender reference: by number, else by this form alone."""
        return f"counter:{crypto.ring().index(self.phone) if self.phone else key}"


def communities(actor: Actor) -> list[Area]:
    """The communities for which this worker takes words in. Raises Forbidden where there is none."""
    reach = [p for p in actor.posts if p.role in order_access.TAKE_IN] if actor.kind == "worker" else []
    found = [
        a for a in places.areas(Area.COMMUNITY)
        if any(not p.street_id or a.id == p.community_id or (not p.community_id and a.street_id == p.street_id) for p in reach)
    ]  # fmt: skip
    if not found:
        raise Forbidden("代填由社区前台、社工和值班员来做，您的岗位还没有这一项。")
    return found


def who(actor: Actor, phone: str) -> Caller:
    """What is known of a number: people of the base data (masked), and open orders of its voices that the worker may see."""
    digits = "".join(c for c in phone if c.isdigit())
    if len(digits) < 7:
        return Caller()
    index = crypto.ring().index(clean_phone(phone))
    found = base_data.find_by_phone(actor, clean_phone(phone))
    homes = {h.id: h for h in Home.objects.filter(id__in=[p.home_id for p in found if p.home_id]).select_related("building")}
    accounts = list(Account.objects.filter(phone_index=index, kind=Account.RESIDENT).values_list("id", flat=True))
    voices = Voice.objects.filter(phone_index=index, state=Voice.ACTIVE)
    if accounts:
        voices = voices | Voice.objects.filter(account_id__in=accounts, state=Voice.ACTIVE)
    rows = order_access.visible_to(actor).filter(id__in=voices.values("order_id"), is_open=True).order_by("-id")
    return Caller(
        clean_phone(phone), [base_data.card(p) for p in found],
        {p.id: _home_text(homes[p.home_id]) for p in found if p.home_id in homes}, list(rows[:10]),
    )  # fmt: skip


def _home_text(home: Home) -> str:
    return f"{home.building.estate}{home.building.name}{home.unit}***"


def take(actor: Actor, community_id: UUID, form: Form) -> Taken:
    """Store what was said and have it taken in at once. The same key again gives what is there.

    Raises BadInput in plain words, Forbidden; nothing is stored then.
    """
    community = next((a for a in communities(actor) if a.id == community_id), None)
    if community is None:
        raise Forbidden()
    words = form.words.replace("\r\n", "\n").strip()
    if not words and not form.photos and form.voice is None:
        raise BadInput("请写下来电人说的事，或者放一张照片、一段录音。", "empty")
    if len(words) > MOST_WORDS:
        raise BadInput(f"写了 {len(words)} 个字，最多 {MOST_WORDS} 个字。写好的都还在。", "too_long")
    key = form.key or str(ids.new())
    building, unit = _building(community, form)
    caller = _caller(actor, community, form, building)
    if building is None and caller.home_id:
        home = Home.objects.select_related("building").get(id=caller.home_id)
        if home.building.community_id == community.id:
            building, unit = home.building, home.unit
    other = _other(form.behalf)
    blobs = [str(files.store_upload(actor, f, kinds=("image",)).id) for f in form.photos]
    if form.voice is not None:
        blobs.append(str(files.store_upload(actor, form.voice, kinds=("audio",)).id))
    if form.kind and form.kind not in {k.code for k in standards.listed_kinds()}:
        raise BadInput("没有这一类事，请重新选。", "unknown_kind")
    # A kind that the worker names is taken at her word: there is nothing left for 小栖 to understand.
    named = bool(form.kind and not form.order)
    group = None if named else _known_group(community.id, form, caller, key) or _group(community.id, building)
    if group is None:
        return _without_group(actor, community, form, words, key, building, unit, caller, other, blobs)
    hint = _hint(actor, form, building, unit, caller)
    with transaction.atomic():
        member = _member(actor, group, caller, key)
        if other:
            concerned = _member(actor, group, other, f"{key}:for")
            hint["behalf"] = {
                "member": str(concerned.id), "caller": seal_caller(other.name, other.phone),
                **({"account": str(other.account_id)} if other.account_id else {}),
            }  # fmt: skip
        kind = "text" if words else "voice" if form.voice else "photo"
        account = f"counter:{group.id}"
        stored = groups.receive(
            actor,
            [Inbound(group.id, community.id, account, key[:80], words, member.id, clock.now(), kind, blobs, hint, audience=Message.OWN)],
        )  # fmt: skip
        if stored and other:
            text = f"{caller.name or '有人'}替您向社区反映了一件事。有答复、有结果，也会告诉您。"
            groups.say(BOT, Say(group=group, text=text, key=f"behalf:{stored[0].id}", audience=Message.OWN, to_member_id=concerned.id))
    message_id = stored[0].id if stored else Message.objects.filter(account=account, dedupe_key=key[:80]).values_list("id", flat=True)[0]
    take_in_now(community.id, [message_id])
    return Taken(message_id, None, bool(stored))


def _building(community: Area, form: Form) -> tuple[Building | None, str]:
    if not form.building:
        return None, ""
    try:
        building = Building.objects.filter(id=UUID(form.building), community_id=community.id).first()
    except ValueError:
        building = None
    if building is None:
        raise BadInput("请在名单里选楼栋。", "no_building")
    return building, _unit_room(form.room)[0]


def _unit_room(text: str) -> tuple[str, str]:
    """("2单元", "502") of 2单元502, 2-502, 2 502, 502室."""
    match = _ROOM.fullmatch(text.strip().replace("－", "-"))
    if not match:
        return "", ""
    return (f"{match['unit']}单元" if match["unit"] else ""), match["room"]


def _caller(actor: Actor, community: Area, form: Form, building: Building | None) -> _Someone:
    phone = clean_phone(form.phone) if form.phone.strip() else ""
    found = _Someone(" ".join(form.name.split())[:32], phone, account_id=_account(phone))
    person = _person(actor, phone, form.person)
    if person:
        # Her name is opened into the sealed voice: that is an opening like any other.
        residents.view_person(by=actor, person_id=person.id, purpose="counter_intake")
        found.name, found.home_id = found.name or person.name, person.home_id
    if building and form.room.strip():
        found.home_id = _home(building, form.room) or found.home_id
    return found


def _person(actor: Actor, phone: str, chosen: str) -> Person | None:
    rows = base_data.find_by_phone(actor, phone) if phone and chosen else []
    return next((p for p in rows if str(p.id) == chosen), None)


def _home(building: Building, text: str) -> UUID | None:
    unit, room = _unit_room(text)
    rows = Home.objects.filter(building=building, room_index=crypto.ring().index(room)) if room else Home.objects.none()
    found = list((rows.filter(unit=unit) if unit else rows).values_list("id", flat=True)[:2])
    return found[0] if len(found) == 1 else None


def _account(phone: str) -> UUID | None:
    """The resident's account that has proved this number."""
    if not phone:
        return None
    rows = Account.objects.filter(phone_index=crypto.ring().index(phone), kind=Account.RESIDENT, phone_proved_at__isnull=False)
    return rows.values_list("id", flat=True).first()


def _other(text: str) -> _Someone | None:
    """Whoever it is said for: "孙奶奶 13800000000", a name or a number alone."""
    digits = re.search(r"(?:\+?86[- ]?)?\d[\d -]{5,14}\d", text)
    phone = clean_phone(digits[0]) if digits else ""
    name = " ".join(text.replace(digits[0], " ").split() if digits else text.split()).strip(" ,，、")[:32]
    return _Someone(name, phone, account_id=_account(phone)) if name or phone else None


def _known_group(community_id: UUID, form: Form, caller: _Someone, key: str) -> Group | None:
    """Where the same caller is known already: more words to her matter come from the same person, counted once."""
    if not form.order:
        return None
    rows = Member.objects.filter(sender_ref=caller.ref(key), group__community_id=community_id).select_related("group")
    member = rows.order_by("id").first()
    return member.group if member else None


def _group(community_id: UUID, building: Building | None) -> Group | None:
    own = Group.objects.filter(building_id=building.id, channel=Group.PAGE).order_by("id").first() if building else None
    return own or main_group(community_id)


def _member(actor: Actor, group: Group, someone: _Someone, key: str) -> Member:
    """Her place in the inbox; it is no membership: without an account she reads nothing of the group."""
    return groups.add_member(by=actor, group=group, sender_ref=someone.ref(key), nickname=someone.name)


def _hint(actor: Actor, form: Form, building: Building | None, unit: str, caller: _Someone) -> dict[str, Any]:
    hint: dict[str, Any] = {"door": PHONE if form.door == PHONE else COUNTER, "by": str(actor.id)}
    if building:
        hint |= {"building": str(building.id), "unit": unit}
    if caller.home_id:
        hint["home"] = str(caller.home_id)
    if caller.account_id:
        hint["account"] = str(caller.account_id)
    if form.fix:
        hint["fix"] = "property"
    if sealed := seal_caller(caller.name, caller.phone):
        hint["caller"] = sealed
    if form.order:
        try:
            order_access.get(actor, UUID(form.order))
        except ValueError as exc:
            raise BadInput("请重新选一次是哪一件。", "bad_order") from exc
        hint["order"] = form.order
    return hint


@transaction.atomic
def _without_group(
    actor: Actor, community: Area, form: Form, words: str, key: str, building: Building | None, unit: str, caller: _Someone,
    other: _Someone | None, blobs: list[str],
) -> Taken:  # fmt: skip
    door = PHONE if form.door == PHONE else COUNTER
    voice = VoiceDraft(
        words=words, account_id=caller.account_id, home_id=caller.home_id, name=caller.name, phone=caller.phone, door=door,
        blob_ids=blobs,
    )  # fmt: skip
    if other:
        voice.behalf = VoiceDraft(words=words, account_id=other.account_id, name=other.name, phone=other.phone, door=door)
    if form.order:
        orders.add_voices(by=actor, order_id=order_access.get(actor, UUID(form.order)).id, voices=[voice])
        return Taken(None, UUID(form.order), True)
    rows = places.buildings(community.id)
    gazetteer = Gazetteer(
        estate=building.estate if building else "", buildings=tuple(dict.fromkeys(b.name for b in rows)),
        home_building=building.name if building else "", home_unit=unit, roads=tuple(community.roads),
        landmarks=tuple(community.landmarks),
    )  # fmt: skip
    u = understand(words, gazetteer)
    question = not form.kind and u.intent in ("question", "call_person")
    stamp = (
        places.stamp_of_building(building, unit or u.place.unit) if building
        else Stamp(community.street_id, community.id, None, None, u.place.unit, u.place.text or community.name)  # type: ignore[arg-type]
    )  # fmt: skip
    kind = "consult" if question else "look" if not words else (u.kind or "help")
    if kind == "consult" and not question:
        kind = "help"
    repair = bool(form.fix and building and building.property_org_id)
    kind = orders.REPAIR if repair else form.kind or kind
    full_key = f"counter:{community.id}:{key}"[:80]
    there = Order.objects.filter(key=full_key).exists()
    order = orders.open_order(
        by=actor,
        draft=Draft(kind=kind, stamp=stamp, voice=voice, thing="" if question else u.thing, category="" if form.kind else u.category, urgency=u.urgency, question=question and not repair, key=full_key, procedure=orders.REPAIR if repair else ""),
    )  # fmt: skip
    return Taken(None, order.id, not there)
