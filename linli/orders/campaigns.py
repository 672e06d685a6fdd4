"""What golden eyes look for, and in which campaigns: reads. Counted by campaign and place, never by person."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Count, Q

from linli.grid import selectors as places
from linli.grid.models import Area
from linli.grid.selectors import Stamp
from linli.kernel import clock
from linli.orders.models import Campaign, FindKind, Order

#: the four kinds of C10, until the platform centre has others: code → (label, kind of matter)
FIRST = {
    "sanitation": ("卫生死角", "sanitation"), "illegal_building": ("新增违建", "illegal_building"), "group_rental": ("违法出租", "group_rental"),
    "vice": ("黄赌毒", "vice"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Find:
    """One kind of finds: `kind` is the kind of matter that its orders are."""

    code: str
    label: str
    kind: str


def finds() -> list[Find]:
    """The kinds in use, in their order. One statement."""
    rows = list(FindKind.objects.order_by("position", "code"))
    if not rows:
        return [Find(code, label, kind) for code, (label, kind) in FIRST.items()]
    return [Find(r.code, r.label, r.kind) for r in rows if r.used]


def find(code: str) -> Find | None:
    """The kind in use of that code."""
    return next((f for f in finds() if f.code == code), None)


def running(day: date | None = None) -> list[Campaign]:
    """The campaigns of a day (today), the newest first."""
    day = day or clock.today()
    return list(Campaign.objects.filter(starts_on__lte=day, ends_on__gte=day).order_by("-made_at"))


def covers(campaign: Campaign, stamp: Stamp) -> bool:
    """Does the campaign hold at this place?"""
    return campaign.area_id is None or campaign.area_id in (stamp.street_id, stamp.community_id, stamp.grid_id)


def campaign_for(stamp: Stamp, code: str) -> Campaign | None:
    """The campaign that a find of this kind here belongs to; of several the newest."""
    return next((c for c in running() if code in c.kinds and covers(c, stamp)), None)


@dataclass(slots=True)
class Line:
    """A campaign at a place: reported, found true and found untrue on site, solved; what is still looked at is the rest."""

    place: str
    found: int
    true: int
    untrue: int
    solved: int


@dataclass(slots=True)
class Shown:
    """A campaign with its figures by community; `area`: where it holds."""

    campaign: Campaign
    area: str
    kinds: str
    state: str
    lines: list[Line]
    total: Line


def shown(campaigns: Sequence[Campaign]) -> list[Shown]:
    """The campaigns as the desk shows them. Three statements."""
    labels = {f.code: f.label for f in finds()} | {r.code: r.label for r in FindKind.objects.all()}
    areas = places.area_names([c.area_id for c in campaigns if c.area_id])
    rows = (
        Order.objects.filter(campaign_id__in=[c.id for c in campaigns]).order_by().values("campaign_id", "community_id")
        .annotate(
            found=Count("id"), untrue=Count("id", filter=Q(ending="untrue")), solved=Count("id", filter=Q(ending="done", unsolved=0)),
            looking=Count("id", filter=Q(step__in=("claim", "verify", "ruling"))),
        )
    )  # fmt: skip
    counted: dict[UUID, list[dict]] = {}
    for row in rows:
        counted.setdefault(row["campaign_id"], []).append(row)
    names = places.area_names({r["community_id"] for mine in counted.values() for r in mine})
    return [_shown(c, areas, labels, counted.get(c.id, []), names) for c in campaigns]


def _shown(campaign: Campaign, areas: dict[UUID, str], labels: dict[str, str], rows: list[dict], names: dict[UUID, str]) -> Shown:
    lines = [Line(names.get(r["community_id"], ""), r["found"], r["found"] - r["untrue"] - r["looking"], r["untrue"], r["solved"]) for r in rows]
    lines.sort(key=lambda x: x.place)
    total = Line("合计", *(sum(getattr(x, n) for x in lines) for n in ("found", "true", "untrue", "solved")))
    today = clock.today()
    state = "还没开始" if campaign.starts_on > today else "已经结束" if campaign.ends_on < today else "正在开展"
    area = areas.get(campaign.area_id, "") if campaign.area_id else "全区"
    return Shown(campaign, area, "、".join(labels.get(k, k) for k in campaign.kinds), state, lines, total)


def places_for() -> list[Area]:
    """Where a campaign may hold: streets and communities."""
    return [*places.areas(Area.STREET), *places.areas(Area.COMMUNITY)]
