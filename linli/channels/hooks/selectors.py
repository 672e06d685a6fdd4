"""Reads of hooks."""

from dataclasses import dataclass

from django.db.models import Count, Q

from linli.channels.models import Hook, HookCall


@dataclass(frozen=True, slots=True)
class Line:
    """A hook, the calls still owed to it and those given up."""

    hook: Hook
    owed: int
    given_up: int


def overview() -> list[Line]:
    """All hooks, the newest first."""
    rows = Hook.objects.annotate(
        owed=Count("hookcall", filter=Q(hookcall__state=HookCall.PENDING)), given_up=Count("hookcall", filter=Q(hookcall__state=HookCall.FAILED)),
    )  # fmt: skip
    return [Line(h, h.owed, h.given_up) for h in rows.order_by("-id")]
