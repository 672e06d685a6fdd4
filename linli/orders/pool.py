"""Reads for the claim hall, one's own tasks and supervision. Nothing here counts, sorts or groups by a person; a list of
one's own is for her own eyes only."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from linli.kernel import clock
from linli.kernel.actors import Actor
from linli.orders import access, scopes
from linli.orders.actions.clocking import flow_to_show
from linli.orders.models import Order, Request, Word
from linli.orders.states import SUPERVISES, OrderState
from linli.standards.flow import CLAIM

AT_MOST = 60
#: who claimed and has not written a word for so long may be asked, and the order taken back
IDLE = timedelta(hours=2)
FROM_POOL = ("claimed", "dispatched")
MONTH = timedelta(days=30)


def here(actor: Actor) -> QuerySet[Order]:
    """The orders of the actor's places as far as she may know of them; none for who has no such post."""
    rule = Q(pk__in=[])
    for scope in scopes.reach(actor, access.READ):
        rule |= Q(**scope.equal()) & scopes.secret(actor, scope)
    return Order.objects.filter(rule)


@dataclass(slots=True)
class Pooled:
    """One row of the hall: `mine`, this reader may claim it; `roles`, who else may; `gives`, she may dispatch it."""

    order: Order
    left: timedelta | None
    mine: bool
    gives: bool
    near: int
    roles: tuple[str, ...] = ()


def pooled(actor: Actor) -> list[Pooled]:
    """What waits to be claimed: one's own grid, then community, then the rest, each by due time."""
    now = clock.now()
    near = Order.objects.filter(access.pool_of(actor)) if actor.kind == "worker" else Order.objects.none()
    rows = (here(actor) | near).filter(state=OrderState.POOLED).order_by("due_at", "id")[:AT_MOST]
    found = []
    for order in rows:
        step = flow_to_show(order).step(order.step)
        left = order.due_at - now if order.due_at else None
        gives = access.may(actor, "dispatch_order", order)
        found.append(Pooled(order, left, access.may_claim(actor, order, step.roles), gives, _far(actor, order), step.roles))
    return sorted(found, key=lambda p: (not p.mine, p.near))


def _far(actor: Actor, order: Order) -> int:
    if any(p.grid_id and p.grid_id == order.grid_id for p in actor.posts):
        return 0
    return 1 if any(p.community_id == order.community_id for p in actor.posts) else 2


def idle(actor: Actor) -> list[Order]:
    """Taken or given out of the pool, and not a word written since: for who may take it back, by due time."""
    if not actor.has_role(*access.RIGHTS["take_back_order"]):
        return []
    written = Word.objects.filter(order_id=OuterRef("pk"), by_id=OuterRef("responsible_id"), at__gte=OuterRef("step_at"))
    rows = here(actor).filter(
        is_open=True, responsible_via__in=FROM_POOL, step_at__lt=clock.now() - IDLE, state__in=(OrderState.ASSIGNED, OrderState.WORKING),
    )  # fmt: skip
    rows = rows.annotate(written=Exists(written)).filter(written=False).exclude(responsible_id=actor.id).order_by("due_at", "id")
    return [o for o in rows[:AT_MOST] if access.may(actor, "take_back_order", o) and _has_pool(o)]


def _has_pool(order: Order) -> bool:
    return any(s.type == CLAIM for s in flow_to_show(order).steps.values())


def claimed_by(account_id: UUID) -> int:
    """How many open orders somebody has claimed: for her own eyes only."""
    return Order.objects.filter(claimer_id=account_id, responsible_id=account_id, is_open=True).count()


@dataclass(slots=True)
class Tasks:
    """One's own work of today by what it wants of her, each by due time."""

    answer: list[Order] = field(default_factory=list)
    on_site: list[Order] = field(default_factory=list)
    review: list[Order] = field(default_factory=list)
    today: list[Order] = field(default_factory=list)
    later: list[Order] = field(default_factory=list)
    waiting: list[Order] = field(default_factory=list)

    def all(self) -> list[Order]:
        """Every order, once."""
        return [*self.answer, *self.on_site, *self.review, *self.today, *self.later, *self.waiting]


def tasks(actor: Actor) -> Tasks:
    """What is in this reader's hands. One statement."""
    assert actor.id is not None
    now = clock.now()
    tonight = datetime.combine(clock.local_day(now) + timedelta(days=1), time(), clock.LOCAL)
    found = Tasks()
    for order in Order.objects.filter(responsible_id=actor.id, is_open=True).order_by("due_at", "id")[:200]:
        _into(found, order, tonight).append(order)
    return found


def _into(found: Tasks, order: Order, tonight: datetime) -> list[Order]:
    if order.waits_answer and order.voice_count:
        return found.answer
    if order.state == OrderState.WAITING:
        return found.waiting
    if order.state == OrderState.REVIEW:
        return found.review
    if any("photo" in o.needs for o in flow_to_show(order).step(order.step).outcomes):
        return found.on_site
    return found.today if order.due_at and order.due_at < tonight else found.later


def asked_by(account_id: UUID) -> list[Request]:
    """One's own requests: open ones first, then those decided within 30 days."""
    rows = Request.objects.filter(asked_by=account_id).filter(Q(state=Request.OPEN) | Q(decided_at__gt=clock.now() - MONTH))
    return sorted(rows.select_related("order").order_by("-id")[:AT_MOST], key=lambda r: r.state != Request.OPEN)


@dataclass(slots=True)
class Watched:
    """What is supervised. `to_check`: answered, its issuer (this reader) looks; `mine`: hers, unanswered yet; `others`: of
    other issuers in her places; `urged`: orders that residents urge. The two figures count orders over 30 days."""

    to_check: list[Order] = field(default_factory=list)
    mine: list[Order] = field(default_factory=list)
    others: list[Order] = field(default_factory=list)
    urged: list[Order] = field(default_factory=list)
    closed: int = 0
    all: int = 0


def watched(actor: Actor) -> Watched:
    """Supervisions and urged orders of the actor's places. Four statements."""
    found = Watched()
    rows = here(actor).filter(relation=SUPERVISES)
    for order in rows.filter(is_open=True).order_by("due_at", "id")[:AT_MOST]:
        if order.opener_id != actor.id:
            found.others.append(order)
        else:
            (found.to_check if order.responsible_id == actor.id else found.mine).append(order)
    found.urged = list(here(actor).filter(urged__gt=0, is_open=True).order_by("-urged", "due_at", "id")[:AT_MOST])
    recent = rows.filter(opened_at__gt=clock.now() - MONTH).aggregate(all=Count("id"), closed=Count("id", filter=Q(is_open=False)))
    found.all, found.closed = recent["all"], recent["closed"]
    return found


def parents(orders: Iterable[Order]) -> dict[UUID, Order]:
    """The orders that these hang on, by their own id."""
    rows: Sequence[Order] = list(orders)
    by_id = Order.objects.in_bulk({o.parent_id for o in rows if o.parent_id})
    return {o.id: by_id[o.parent_id] for o in rows if o.parent_id in by_id}
