"""The rooms beside the list: what waits to be claimed, one's own work, what waits for a yes, what is supervised. As on the pages,
nothing is counted, sorted or grouped by a person."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema

from linli.kernel.errors import Forbidden
from linli.kernel.rest import PROBLEMS, worker
from linli.orders import access, asked, pool
from linli.orders.api.flow import RequestOut
from linli.orders.schemas import OrderOut

router = Router(tags=["orders"])


class Waiting(Schema):
    """An order in the pool. `claim`: the caller may take it, `give`: she may dispatch it; `roles`: who else may claim."""

    order: OrderOut
    claim: bool
    give: bool
    roles: list[str]


class Hall(Schema):
    """What nobody has claimed (own grid and community first, each by due time), and what lies idle in hands out of the pool: for who
    may take it back."""

    pooled: list[Waiting]
    idle: list[OrderOut]


class TasksOut(Schema):
    """The caller's own open orders by what they want of her, each by due time."""

    answer: list[OrderOut]
    on_site: list[OrderOut]
    review: list[OrderOut]
    today: list[OrderOut]
    later: list[OrderOut]
    waiting: list[OrderOut]


class RequestsOut(Schema):
    """`to_decide`: what waits for the caller's yes or no, oldest first; `own`: what she asked for herself, 30 days back."""

    to_decide: list[RequestOut]
    own: list[RequestOut]


class Watch(Schema):
    """Supervisions of the caller's places: answered ones of hers, unanswered ones of hers, those of other issuers; and orders that
    residents urge. `closed` of `all` in 30 days, of the places."""

    to_check: list[OrderOut]
    mine: list[OrderOut]
    others: list[OrderOut]
    urged: list[OrderOut]
    closed: int
    all: int


@router.get("/hall", response={200: Hall, **PROBLEMS}, operation_id="claim_hall")
def claim_hall(request: HttpRequest) -> dict[str, Any]:
    """What waits to be claimed near the caller, sixty at most."""
    by = worker(request)
    if not by.has_role(*access.READ):
        raise Forbidden("流转中心由社区和街道的同志领办。")
    rows = [{"order": p.order, "claim": p.mine, "give": p.gives, "roles": list(p.roles)} for p in pool.pooled(by)]
    return {"pooled": rows, "idle": pool.idle(by)}


@router.get("/tasks", response={200: TasksOut, **PROBLEMS}, operation_id="my_tasks")
def my_tasks(request: HttpRequest) -> pool.Tasks:
    """What is in the caller's own hands; nobody sees another one's."""
    return pool.tasks(worker(request))


@router.get("/requests", response={200: RequestsOut, **PROBLEMS}, operation_id="open_requests")
def open_requests(request: HttpRequest) -> dict[str, Any]:
    """Pauses, extensions and outcomes that wait for the caller, and what became of her own."""
    by = worker(request)
    assert isinstance(by.id, UUID)
    own = [r for r in pool.asked_by(by.id) if access.reads(by, r.order)]
    return {"to_decide": [r for r, _ in asked.for_decider(by)], "own": own}


@router.get("/watch", response={200: Watch, **PROBLEMS}, operation_id="watched_orders")
def watched_orders(request: HttpRequest) -> pool.Watched:
    """What is supervised and urged in the caller's places."""
    by = worker(request)
    if not by.has_role(*access.READ):
        raise Forbidden()
    return pool.watched(by)
