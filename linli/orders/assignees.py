"""Who can take an order over: colleagues whose posts cover its place, by role, with a word when somebody is on leave."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q

from linli.accounts import selectors as accounts
from linli.grid import selectors as places
from linli.grid.duty import book as duty_book
from linli.grid.models import Absence, Area, Post
from linli.grid.selectors import Stamp
from linli.kernel import clock
from linli.kernel.roles import LABELS, Role
from linli.orders import access
from linli.orders.models import Order

FIRST = (
    Role.GRID_WORKER, Role.LINE_WORKER, Role.COMMUNITY_HEAD, Role.PROPERTY, Role.DUTY_OFFICER, Role.STREET_SECTION,
    Role.STABILITY_CENTRE, Role.DEPARTMENT, Role.CENTRE,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Colleague:
    """One choice: the account, her name and where she works."""

    account_id: UUID
    label: str


def for_all(orders: Sequence[Order]) -> list[tuple[str, list[Colleague]]]:
    """Who could take every one of these over, in the order of roles; who has some of them already stays in the list."""
    per_order = [{c.account_id: (role, c) for role, people in groups(o) for c in people} for o in orders]
    if not per_order:
        return []
    held = {o.responsible_id for o in orders}
    found: dict[str, list[Colleague]] = {}
    known = {i: rc for one in per_order for i, rc in one.items()}
    for account_id, (role, colleague) in known.items():
        if all(account_id in one or (account_id in held and o.responsible_id == account_id) for one, o in zip(per_order, orders, strict=True)):
            found.setdefault(role, []).append(colleague)
    return [(role, people) for role, people in found.items()]


def lines(stamp: Stamp) -> list[str]:
    """The lines of duty that somebody serves at a place (养老, 就业 …), by name."""
    return duty_book().lines_at(Role.LINE_WORKER, stamp)


def groups(order: Order) -> list[tuple[str, list[Colleague]]]:
    """(role, colleagues) in the order of roles; the present responsible person is left out. Four statements."""
    here = Q(area_id__in=[i for i in (order.street_id, order.community_id, order.grid_id) if i])
    near = Q(area__community_id=order.community_id) | Q(area=None) | Q(area__level=Area.DISTRICT)
    rows = Post.objects.filter(here | near, role__in=access.ASSIGNEES).select_related("area", "org")
    posts = [p for p in rows if places.in_force(p) and p.account_id != order.responsible_id]
    names = accounts.active_names(p.account_id for p in posts)
    now = clock.now()
    away = set(
        Absence.objects.filter(account_id__in=list(names), starts_at__lte=now, ends_at__gt=now).values_list("account_id", flat=True)
    )
    found: dict[str, dict[UUID, Colleague]] = {}
    for post in sorted(posts, key=lambda p: (FIRST.index(Role(p.role)), p.area.code if p.area else "")):
        if post.account_id not in names:
            continue
        where = post.org.name if post.org else post.area.name if post.area else "全区"
        label = f"{names[post.account_id]} · {where}{'（请假中）' if post.account_id in away else ''}"
        found.setdefault(LABELS[Role(post.role)], {}).setdefault(post.account_id, Colleague(post.account_id, label))
    return [(role, list(people.values())) for role, people in found.items()]
