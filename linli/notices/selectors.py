"""Reads: everybody has one inbox, her own."""

from django.db.models import QuerySet

from linli.kernel import clock
from linli.kernel.actors import Actor
from linli.notices.models import Notice


def visible_to(actor: Actor) -> QuerySet[Notice]:
    """The notices that the actor may see now: her own whose time has come. Machines, guests and links have none."""
    if actor.kind not in ("worker", "resident") or actor.id is None:
        return Notice.objects.none()
    return Notice.objects.filter(account_id=actor.id, not_before__lte=clock.now())


def inbox(actor: Actor, *, limit: int = 50, unread_only: bool = False) -> list[Notice]:
    """The newest notices first. One statement."""
    rows = visible_to(actor)
    if unread_only:
        rows = rows.filter(read_at__isnull=True)
    return list(rows.order_by("-not_before", "-id")[:limit])


def unread_count(actor: Actor) -> int:
    """How many wait to be read; 0 for those who have no inbox. One statement."""
    return visible_to(actor).filter(read_at__isnull=True).count()
