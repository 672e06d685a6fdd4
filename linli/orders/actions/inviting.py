"""A property company without an account answers by a one-time link: one order, its neutral facts, one answer, an end."""

import hashlib
import secrets
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection, transaction

from linli.grid import selectors as places
from linli.kernel import clock
from linli.kernel.actors import Actor
from linli.kernel.errors import BadInput, NotFound, WrongState
from linli.ledger.models import Event
from linli.ledger.record import record
from linli.orders import access
from linli.orders.actions import passing
from linli.orders.actions.clocking import flow_of
from linli.orders.actions.common import row_of, tell
from linli.orders.models import CompanyLink, Order
from linli.standards.flow import Outcome

VALID = timedelta(hours=72)
VIEW_AGAIN = timedelta(minutes=10)
WHO = "property"
GONE = "这个链接已经用过了，或者过了期限。请联系社区，请他们再发一个。"


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


@transaction.atomic
def invite_company(*, by: Actor, order_id: UUID, words: str = "") -> str:
    """A link for the company that the step waits for, shown once and valid for three days; an earlier one ends. `words`: what
    the company has to know, never who spoke. Returns the token. Raises WrongState where no company is awaited."""
    order = access.get_locked(by, order_id, "invite_company")
    if flow_of(order).step(order.step).who != WHO or not order.is_open:
        raise WrongState("这一步不是在等物业，不用发链接。", "no_company")
    if len(words) > 500:
        raise BadInput("给物业的话请控制在 500 字以内。", "too_long")
    now = clock.now()
    CompanyLink.objects.filter(order_id=order.id, used_at=None).update(expires_at=now)
    token = secrets.token_urlsafe(24)
    building = next(iter(places.buildings_by_id([order.building_id])), None) if order.building_id else None
    link = CompanyLink.objects.create(
        order_id=order.id, step=order.step, step_at=order.step_at or now, org_id=building.property_org_id if building else None,
        digest=_digest(token), made_by=by.id, made_at=now, expires_at=now + VALID,
    )  # fmt: skip
    facts = {"link": str(link.id), "org": str(link.org_id) if link.org_id else None, "until": link.expires_at.isoformat()}
    link.event_id = tell(by, "invite_company", order, facts, words=words.strip())
    link.save(update_fields=["event_id"])
    return token


def find_link(token: str) -> CompanyLink:
    """The link of a token, as long as it holds: not used, not expired, the order still at its step. Raises NotFound."""
    link = CompanyLink.objects.select_related("order").filter(digest=_digest(token)).first()
    if link is None or not _holds(link, link.order, clock.now()):
        raise NotFound(GONE, "link_gone")
    return link


def _holds(link: CompanyLink, order: Order, now: datetime) -> bool:
    return link.used_at is None and now < link.expires_at and order.is_open and (order.step, order.step_at) == (link.step, link.step_at)


def holder(link: CompanyLink) -> Actor:
    """Whoever holds the link, in the history."""
    return Actor("link", link.id, name=places.organisation_names([link.org_id]).get(link.org_id, "物业公司") if link.org_id else "物业公司")


@transaction.atomic
def open_link(*, token: str) -> CompanyLink:
    """The company looks at its order; recorded once in ten minutes. Raises NotFound."""
    link = find_link(token)
    by, since = holder(link), clock.now() - VIEW_AGAIN
    if not Event.objects.filter(subject_id=link.order_id, verb="orders.open_link", actor_id=link.id, at__gt=since).exists():
        record(by, "orders.open_link", row_of(link.order, {"link": str(link.id)}))
    return link


def ways_by_link(order: Order) -> list[Outcome]:
    """What a company may answer: the step's ways out that need no second person's yes."""
    return [o for o in passing.outcomes_for(order, clock.now()) if not o.second]


@transaction.atomic
def answer_link(*, token: str, outcome: str, given: passing.Given) -> Order:
    """The company's one answer; the link ends with it. Raises NotFound, BadInput (the link goes on holding then)."""
    link = find_link(token)
    rows = Order.objects.filter(id=link.order_id)
    order = (rows.select_for_update() if connection.features.has_select_for_update else rows).get()
    now = clock.now()
    # SQLite knows no row lock: the guarded update decides whose answer counts, on both databases.
    if not _holds(link, order, now) or not CompanyLink.objects.filter(id=link.id, used_at=None).update(used_at=now):
        raise NotFound(GONE, "link_gone")
    chosen = next((o for o in ways_by_link(order) if o.code == outcome), None)
    if chosen is None:
        raise BadInput("请选结果。", "bad_outcome")
    return passing.pass_for(holder(link), order, chosen, given)
