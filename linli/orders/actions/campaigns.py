"""What golden eyes look for is data: the platform centre adds and drops kinds, starts and ends campaigns."""

from collections.abc import Sequence
from datetime import date, timedelta
from uuid import UUID

from django.db import transaction

from linli.grid import selectors as places
from linli.kernel import clock, ids
from linli.kernel.actors import Actor
from linli.kernel.errors import BadInput, Forbidden, NotFound
from linli.kernel.roles import Role
from linli.ledger.record import Row, record
from linli.orders import campaigns
from linli.orders.models import Campaign, FindKind
from linli.standards import selectors as standards

#: kinds that only wait for somebody, or belong to a procedure of their own
NO_FIND = frozenset({"look", "person", "consult", "complaint", "deputy", "message", "data", "item", "opinion", "event", "alarm", "help"})
LONGEST = timedelta(days=366)
KINDS_AT_MOST = 20


def may_keep_finds(by: Actor) -> bool:
    """Does the actor keep the golden eyes' kinds and campaigns: the platform centre, which also sends what nobody claims?"""
    return by.is_machine or (by.kind == "worker" and by.has_role(Role.CENTRE))


def _ask(by: Actor) -> None:
    if not may_keep_finds(by):
        raise Forbidden("黄金眼看什么、搞什么专项，由云平台中心来定。")


def _written() -> None:
    """The first change writes down the four kinds that hold without any row."""
    if not FindKind.objects.exists():
        FindKind.objects.bulk_create(
            [FindKind(code=c, label=label, kind=kind, position=n) for n, (c, (label, kind)) in enumerate(campaigns.FIRST.items())]
        )  # fmt: skip


@transaction.atomic
def add_find_kind(*, by: Actor, label: str, kind: str) -> FindKind:
    """One more kind of finds; `kind`: the kind of matter that it is, which says limits and who sees it. Raises BadInput, Forbidden."""
    _ask(by)
    label = label.strip()
    if not 2 <= len(label) <= 16:
        raise BadInput("名称请写 2 到 16 个字，比如：电动车上楼。", "bad_label")
    if kind not in standards.kinds() or kind in NO_FIND:
        raise BadInput("请选它属于哪一类事项。", "bad_kind")
    _written()
    used = campaigns.finds()
    if any(f.label == label for f in used):
        raise BadInput("已经有这一种了。", "twice")
    if len(used) >= KINDS_AT_MOST:
        raise BadInput(f"种类太多了，手机上不好选，请先停用几种（最多 {KINDS_AT_MOST} 种）。", "too_many")
    new = ids.new()
    row = FindKind.objects.create(code=f"k{new.hex}"[:40], label=label, kind=kind, position=FindKind.objects.count())
    record(by, "orders.add_find_kind", Row("find_kind", new, facts={"kind": kind}))
    return row


@transaction.atomic
def drop_find_kind(*, by: Actor, code: str) -> None:
    """It is chosen no more; what was found keeps its name. One kind stays. Raises NotFound, BadInput, Forbidden."""
    _ask(by)
    _written()
    row = FindKind.objects.filter(code=code, used=True).first()
    if row is None:
        raise NotFound("没有这一种。")
    if FindKind.objects.filter(used=True).count() == 1:
        raise BadInput("至少要留一种，黄金眼才有得报。", "last_kind")
    FindKind.objects.filter(code=code).update(used=False)
    record(by, "orders.drop_find_kind", Row("find_kind", ids.new(), facts={"kind": row.kind}))


@transaction.atomic
def start_campaign(*, by: Actor, name: str, starts_on: date, ends_on: date, kinds: Sequence[str], area_id: UUID | None = None) -> Campaign:
    """A campaign of some days for some kinds in the district, a street or a community. Finds of these kinds carry it and are counted
    by it. Raises BadInput, Forbidden."""
    _ask(by)
    name = name.strip()
    if not 2 <= len(name) <= 32:
        raise BadInput("专项的名称请写 2 到 32 个字。", "bad_name")
    if ends_on < starts_on or ends_on - starts_on > LONGEST:
        raise BadInput("结束的日子要在开始之后，最长一年。", "bad_days")
    chosen = [f.code for f in campaigns.finds() if f.code in set(kinds)]
    if not chosen:
        raise BadInput("请选专项里看哪几种。", "missing_kinds")
    area = places.area(area_id) if area_id else None
    if area_id and area not in campaigns.places_for():
        raise BadInput("请选全区、一个街道或者一个社区。", "bad_area")
    row = Campaign.objects.create(name=name, starts_on=starts_on, ends_on=ends_on, kinds=chosen, area_id=area_id, made_at=clock.now())
    facts = {"from": starts_on.isoformat(), "until": ends_on.isoformat(), "area": str(area_id) if area_id else None}
    record(by, "orders.start_campaign", Row("campaign", row.id, facts=facts))
    return row


@transaction.atomic
def end_campaign(*, by: Actor, campaign_id: UUID) -> Campaign:
    """From today on no find belongs to it; those before stay counted. Raises NotFound, Forbidden."""
    _ask(by)
    row = Campaign.objects.filter(id=campaign_id).first()
    if row is None:
        raise NotFound("没有这个专项。")
    row.ends_on = min(row.ends_on, clock.today() - timedelta(days=1))
    row.save(update_fields=["ends_on"])
    record(by, "orders.end_campaign", Row("campaign", row.id))
    return row
