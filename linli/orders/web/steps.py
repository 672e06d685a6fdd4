"""Forms of the procedures' verbs: what they show, and how what was sent is read. Only what a step needs is asked for."""

from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from django.http import HttpRequest, QueryDict

from linli.files.actions import store_upload
from linli.grid import selectors as places
from linli.kernel import clock
from linli.kernel.actors import Actor
from linli.kernel.errors import BadInput
from linli.kernel.roles import Role
from linli.orders import access, actions, assignees, labels, road, selectors, voices
from linli.orders.actions import Given, Task
from linli.orders.actions.joining import MERGE_AT_MOST
from linli.orders.filters import OPEN_STATE, Filters
from linli.orders.models import Clock, Order
from linli.orders.states import MOVES, WAITS_FOR
from linli.standards import selectors as standards
from linli.standards.flow import NEEDS, PARTS

SERIOUS = ((1, "轻"), (2, "较重"), (3, "很重"))
HARD = ((1, "容易"), (2, "较难"), (3, "很难"))
DAYS = (1, 2, 3, 5, 10)
TASKS = ("1", "2", "3")
#: until when a date that somebody names holds: the end of the office day
EVENING = time(17, 30)
UNITS = {"days": (1, "个工作日"), "clock": (60, "小时"), "hours": (60, "工作小时")}


def form(found: Order, way: road.Way, data: QueryDict) -> dict[str, Any]:
    """The context of a way's form."""
    return {
        "order": found, "way": way, "data": data, "today": clock.today().isoformat(), "serious": SERIOUS, "hard": HARD,
        "needs_photo": bool(way.needs & {"photo", "paper"}), "photo_label": "附材料的照片" if "paper" in way.needs else "拍现场照片",
        "colleagues": assignees.groups(found) if "person" in way.needs else (),
        "parts": [(code, NEEDS[code], data.get(f"part-{code}", "")) for code in PARTS if code in way.needs],
    }  # fmt: skip


def given(actor: Actor, way: road.Way, request: HttpRequest) -> Given:
    """What was sent with a way. Raises BadInput."""
    post = request.POST
    person = post.get("to", "")
    return Given(
        words=post.get("words", ""), law=post.get("law", ""), place=post.get("place", ""), line=post.get("line", ""), person=_uuid(person, "请选由谁来办下一步。") if person else None,
        until=moment(post.get("until", "")), blobs=photos(actor, request), seriousness=_digit(post, "seriousness"),
        difficulty=_digit(post, "difficulty"), parts={code: post.get(f"part-{code}", "") for code in PARTS},
    )  # fmt: skip


def photos(actor: Actor, request: HttpRequest) -> list[str]:
    """The pictures that came with a form, kept. Raises BadInput."""
    return [str(store_upload(actor, f, kinds=("image",)).id) for f in request.FILES.getlist("photos")[:9]]


def moment(text: str) -> datetime | None:
    """The end of the office day of a date field; None for "". Raises BadInput."""
    try:
        return datetime.combine(date.fromisoformat(text), EVENING, clock.LOCAL) if text else None
    except ValueError as exc:
        raise BadInput("日期要写成 2026-03-02 这样。", "bad_day") from exc


def _digit(post: QueryDict, name: str) -> int:
    text = post.get(name, "")
    return int(text) if text in ("1", "2", "3") else 0


def _uuid(text: str, missing: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as exc:
        raise BadInput(missing, "bad_choice") from exc


def more(actor: Actor, found: Order, verb: str) -> dict[str, Any]:
    """What a verb's form shows besides its words."""
    match verb:
        case "dispatch_order":
            return {"suggestion": suggestion(found)}
        case "request_pause":
            return {"waits": WAITS_FOR.items(), "today": clock.today().isoformat()}
        case "request_extension":
            return {"extensions": extensions(found)}
        case "supervise_order":
            return {"days": DAYS[:4], "inspects": actor.has_role(Role.GRID_GUIDE, Role.STABILITY_CENTRE)}
        case "open_children":
            return {"tasks": TASKS, "days": DAYS}
        case "merge_orders":
            return {"hits": like(actor, found, "")}
        case "split_order":
            rows = actions.view_voices(by=actor, order=found, purpose="verify")
            cards = [c for c in voices.cards(actor, found, rows) if not c.removed]
            return {"cards": cards, "kinds": standards.listed_kinds()}
    return {}


def suggestion(found: Order) -> tuple[UUID, str, str] | None:
    """(account, name, reason) of whom the machine would give a pooled order to; one name, no list."""
    best = actions.suggest(found)
    if best is None:
        return None
    return best.account_id, places.staff_labels([best.account_id]).get(best.account_id, ""), best.reason


def extensions(found: Order) -> list[tuple[str, str]]:
    """(value, label) of what may be asked for: a half or as much again of each running limit."""
    rows = []
    for row in found.clocks.filter(state=Clock.RUNNING).exclude(name__in=(Clock.ANSWER, Clock.WAIT)).order_by("name"):
        step, unit = UNITS[row.calendar] if row.calendar in UNITS else (60, "工作小时")
        for part in (2, 1):
            amount = max(step, row.amount // part // step * step)
            label = f"{labels.clock(found, row.name)}多给 {amount // step} {unit}"
            if amount <= row.amount and (f"{row.name}:{amount}", label) not in rows:
                rows.append((f"{row.name}:{amount}", label))
    return rows


def like(actor: Actor, found: Order, words: str) -> list[tuple[Order, str]]:
    """(order, state) of open orders of the community that may be merged into this one: found by number or words, else those
    of the same thing or building first."""
    area = places.area(found.community_id)
    filters = Filters(area=found.community_id, q=words.strip()[:80], state=OPEN_STATE)
    rows = selectors.list_orders(actor, filters, area, limit=40).rows
    rows = [o for o in rows if o.id != found.id and o.voice_count and MOVES.allows("merge_orders", o.state)]
    rows = [o for o in rows if access.may(actor, "merge_orders", o)]
    if not words.strip():
        rows.sort(key=lambda o: (o.thing != found.thing or not found.thing, o.building_id != found.building_id, o.kind != found.kind))
    return [(o, labels.state(o)) for o in rows[:8]]


def do(by: dict[str, Any], post: QueryDict, found: Order, verb: str, words: str) -> None:
    """The verbs whose fields are read here. Raises what the actions raise."""
    match verb:
        case "request_pause":
            until = moment(post.get("until", ""))
            if until is None:
                raise BadInput("请填等到哪一天，在今天之后、一年之内。", "missing_date")
            actions.request_pause(**by, waits_for=post.get("waits_for", ""), until=until, words=words)
        case "request_extension":
            name, _, amount = post.get("more", "").partition(":")
            if not amount.isdecimal():
                raise BadInput("请选要多给多少时间。", "missing_amount")
            actions.request_extension(**by, clock_name=name, amount=int(amount), words=words)
        case "supervise_order":
            days = post.get("days", "2")
            actions.supervise_order(**by, words=words, days=int(days) if days.isdecimal() else 0, inspection=post.get("inspection") == "1")
        case "open_children":
            actions.open_children(**by, tasks=_tasks(post))
        case "open_repair":
            actions.open_repair(**by, words=words)
        case "merge_orders":
            ids = [_uuid(i, "请选要并进来的工单。") for i in post.getlist("orders")[:MERGE_AT_MOST]]
            actions.merge_orders(by=by["by"], order_ids=ids, into=found.id)
        case "split_order":
            ids = [_uuid(i, "请选要拆出去的发声。") for i in post.getlist("voices")[:200]]
            actions.split_order(**by, voice_ids=ids, words=words, kind=post.get("kind", ""), thing=post.get("thing", "").strip())


def _tasks(post: QueryDict) -> list[Task]:
    rows = zip(post.getlist("to"), post.getlist("task"), post.getlist("days"), strict=False)
    return [Task(_uuid(to, "请选协办的人。"), words, int(days) if days.isdecimal() else 0) for to, words, days in rows if to or words.strip()]
