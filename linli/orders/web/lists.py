"""The list of orders: tree, filters, table, xlsx."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from linli.grid import selectors as places
from linli.grid.models import Area
from linli.kernel.actors import Actor
from linli.kernel.errors import BadInput, Forbidden
from linli.ledger import live_token
from linli.orders import access, counted, exports, labels, promises, rows, scopes, selectors
from linli.orders.filters import STATE_CHOICES, Filters, parse
from linli.orders.rooms import rooms
from linli.orders.states import WAY_LABELS
from linli.standards import selectors as standards
from linli.ui.sheets import answer

LIGHT_CHOICES = [("red", "■ 超时"), ("yellow", "▲ 临近"), ("green", "● 正常"), ("none", "— 不计时")]


def desk_actor(request: HttpRequest) -> Actor:
    """The colleague at the desk. Raises Forbidden for everybody else."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if actor.kind != "worker":
        raise Forbidden("请用工作人员的账号登录。", "not_staff")
    return actor


@require_GET
def order_list(request: HttpRequest) -> HttpResponse:
    """GET /desk/orders/ — the whole page, or its table alone for a live refresh."""
    actor = desk_actor(request)
    filters = parse(request.GET.dict())
    if getattr(request, "htmx", None) and request.htmx.target == "list":  # type: ignore[attr-defined]
        return render(request, "orders/_table.html", table(actor, filters, places.areas()))
    return render(request, "orders/list.html", page(actor, filters))


def page(actor: Actor, filters: Filters) -> dict[str, Any]:
    """The context of the list page without a drawer."""
    areas = places.areas()
    chosen = next((a for a in areas if a.id == filters.area), None)
    context = table(actor, filters, areas)
    return context | {
        "room": "orders", "q": filters.q, "nodes": rows.tree(actor, areas, filters.area), "chosen": chosen,
        "all_url": "?" + filters.query(area=None), "kinds": standards.kinds().values(),
        "categories": labels.CATEGORY_LABELS.items(), "lights": LIGHT_CHOICES, "states": STATE_CHOICES,
        "doors": labels.DOOR_LABELS.items(), "live": live_token.make(_topics(actor, areas, chosen)),
        "may_search": scopes.may_search(actor),
        "figure": counted.LISTS.get(filters.figure, ""), "way_name": WAY_LABELS.get(filters.way, "") if filters.way else "",  # type: ignore[call-overload]
        "promise": f"{labels.clause(filters.promise)}：{promises.LISTS[filters.kept or 'due']}" if filters.promise else "",
        "clause_name": labels.clause(filters.clause) if filters.clause else "",
        "area_query": filters.query(area=None),
    } | rooms(actor, "list")  # fmt: skip


def table(actor: Actor, filters: Filters, areas: list[Area]) -> dict[str, Any]:
    """The table's part of the context; a search that is not allowed is said above an empty table."""
    chosen = next((a for a in areas if a.id == filters.area), None)
    said = ""
    try:
        found = selectors.list_orders(actor, filters, chosen)
    except BadInput as exc:
        found, said = selectors.Page([]), exc.message
    return {
        "filters": filters, "rows": rows.rows(found.rows), "said": said,
        "next": filters.query(after=found.next) if found.next else "", "query": filters.query(),
        "many": many_verbs(actor), "this_query": filters.query(after=filters.after),
    }  # fmt: skip


#: what may be done with several orders of the list (`many`): a result is written for each by itself
MANY = {"assign_order": ("指派", "people"), "note_order": ("记一笔", "edit")}


def many_verbs(actor: Actor) -> list[tuple[str, str, str]]:
    """(verb, label, icon) of what this colleague may do with several orders at once."""
    return [(verb, label, icon) for verb, (label, icon) in MANY.items() if actor.has_role(*access.RIGHTS[verb])]


def _topics(actor: Actor, areas: list[Area], chosen: Area | None) -> list[str]:
    """The lists of the communities that the page shows; a whole district is polled by its streets' first ones."""
    reach = scopes.within(scopes.reach(actor, access.READ), scopes.of_area(chosen) if chosen else None)
    ids: list[UUID] = [
        a.id for a in areas
        if a.level == Area.COMMUNITY and any(s.holds(scopes.of_area(a)) or s.community_id == a.id for s in reach)
    ]  # fmt: skip
    topics = [f"c:{i}" for i in ids[: live_token.MOST_TOPICS - 1]]
    return [*topics, f"inbox:{actor.id}"]


@require_GET
def order_export(request: HttpRequest) -> HttpResponse:
    """GET /desk/orders/export/ — the filtered list as xlsx, recorded order by order."""
    actor = desk_actor(request)
    filters = parse(request.GET.dict())
    area = places.area(filters.area) if filters.area else None
    return answer(*exports.xlsx(actor, filters, area))
