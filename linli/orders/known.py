"""谁可能知道: everybody who opened, printed, copied, exported, handled or was told of an order, and who could have."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from linli.accounts import selectors as accounts
from linli.grid import selectors as places
from linli.grid.models import Area, Post
from linli.kernel.actors import Actor
from linli.kernel.errors import NotFound
from linli.kernel.roles import LABELS, Role
from linli.ledger.models import Event
from linli.ledger.record import history
from linli.notices.models import Notice
from linli.orders import access
from linli.orders.actions.looking import PURPOSES
from linli.orders.models import Order, Voice
from linli.orders.states import MERGED, VERB_LABELS

TOLD = "told"
#: keys of orders that were opened for voices of another one (`actions.split_order`, `actions.remove_voice`)
TAKEN_OUT = ("split:", "out:")


@dataclass(slots=True)
class Deed:
    """One thing that made somebody know: when and what."""

    at: datetime
    text: str
    verb: str


@dataclass(slots=True)
class Knower:
    """One person and how she came to know, earliest first. Persons stand by their first moment, not by number."""

    account_id: UUID
    name: str
    posts: str
    deeds: list[Deed] = field(default_factory=list)
    words: bool = False


@dataclass(slots=True)
class Known:
    """The page: who did know, who could have known besides, and in how many groups it was spoken of."""

    knowers: list[Knower]
    could: list[tuple[str, list[str]]]
    residents: int
    groups: int


def get(actor: Actor, order_id: UUID) -> Order:
    """The order, for roles with who_could_know over its place. Raises NotFound."""
    order = Order.objects.filter(id=order_id).first()
    if order is None or not access.may(actor, "who_could_know", order):
        raise NotFound()
    return order


def of(order: Order) -> Known:
    """Everything on the page, also what was done with its voices while they stood in another order. Seven statements, two more for
    each such order."""
    deeds: dict[UUID, list[Deed]] = {}
    words: set[UUID] = set()
    residents = set()
    told = Notice.objects.none()
    earlier = list(_orders_before(order))
    for event in (e for before, left in earlier for e in history(before.id) if left is None or e.id <= left.id):
        if event.actor_kind == "resident" and event.actor_id:
            residents.add(event.actor_id)
        if event.actor_kind != "worker" or event.actor_id is None:
            continue
        verb = event.verb.partition(".")[2]
        text = VERB_LABELS.get(verb, verb)
        if verb == "view_voices":
            text = f"{text}（{PURPOSES.get(event.facts.get('purpose', ''), '未写用途')}）"
        if verb in ("view_voices", "call_voice", "finish_sheet"):
            words.add(event.actor_id)
        deeds.setdefault(event.actor_id, []).append(Deed(event.at, text, verb))
    for before, left in earlier:
        told |= Notice.objects.filter(subject_kind="order", subject_id=before.id, **({"created_at__lte": left.at} if left else {}))
    voices = Voice.objects.filter(order_id=order.id).values_list("account_id", "group_id")
    own = {account for account, _ in voices if account}
    for account_id, shown, read in told.values_list("account_id", "not_before", "read_at"):
        if account_id in own:
            continue  # the reporters themselves
        text = "收到消息，已读" if read else "收到消息，还没读"
        deeds.setdefault(account_id, []).append(Deed(shown, text, TOLD))
    posts = _covering(order)
    names = accounts.names({*deeds, *(p.account_id for p in posts)})
    titles = _titles(deeds)
    knowers = [
        Knower(i, names.get(i, "已停用的账号"), titles.get(i, ""), sorted(rows, key=lambda d: d.at), i in words)
        for i, rows in deeds.items()
    ]  # fmt: skip
    knowers.sort(key=lambda k: k.deeds[0].at)
    return Known(knowers, _could(posts, names, set(deeds)), len(residents | own), len({g for _, g in voices if g}))


def _orders_before(order: Order) -> Iterator[tuple[Order, Event | None]]:
    """The order itself and those in which its voices stood before, each with the event by which they left it; None where all of it
    came over (merged)."""
    waiting: list[tuple[Order, Event | None]] = [(order, None)]
    while waiting:
        here, left = waiting.pop()
        yield here, left
        merged = Order.objects.filter(parent_id=here.id, relation=MERGED)
        waiting += [(o, left) for o in (merged.filter(closed_at__lte=left.at) if left else merged)]
        if here.key and here.key.startswith(TAKEN_OUT):
            for event in Event.objects.filter(verb__in=("orders.split_order", "orders.remove_voice"), facts__order=str(here.id)):
                waiting += [(o, event) for o in Order.objects.filter(id=event.subject_id)]


def _covering(order: Order) -> list[Post]:
    lines = access.DEPARTMENTS.get(order.kind, ()) if order.confidential else ()
    roles = access.UPPER if order.kind in access.BEYOND else access.CONFIDENTIAL if order.confidential else access.READ
    here = Q(area=None) | Q(area__level=Area.DISTRICT)
    here |= Q(area_id__in=[i for i in (order.street_id, order.community_id, order.grid_id) if i])
    rows = Post.objects.filter(here, Q(role__in=roles) | Q(role=Role.DEPARTMENT, line__in=lines)).select_related("area").order_by("role", "id")
    return [p for p in rows if places.in_force(p)]


def _could(posts: Sequence[Post], names: dict[UUID, str], did: set[UUID]) -> list[tuple[str, list[str]]]:
    found: dict[str, list[str]] = {}
    for post in posts:
        if post.account_id in did:
            continue
        where = post.area.name if post.area else "全区"
        found.setdefault(LABELS[Role(post.role)], []).append(f"{names.get(post.account_id, '—')}（{where}）")
    return list(found.items())


def _titles(deeds: dict[UUID, list[Deed]]) -> dict[UUID, str]:
    found: dict[UUID, list[str]] = {}
    for post in Post.objects.filter(account_id__in=list(deeds)).select_related("area", "org").order_by("id"):
        where = post.org.name if post.org else post.area.name if post.area else "全区"
        found.setdefault(post.account_id, []).append(f"{where} {LABELS[Role(post.role)]}")
    return {i: "、".join(dict.fromkeys(rows)) for i, rows in found.items()}
