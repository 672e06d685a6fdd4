"""Reads: one's own choice, and how the sending goes as a whole."""

from django.db.models import Count

from linli.kernel.actors import Actor
from linli.notices.models import Sending, Way


def ways_of(actor: Actor) -> dict[str, Way]:
    """The actor's own choices by channel; nobody reads another's."""
    if actor.kind != "worker" or actor.id is None:
        return {}
    return {w.channel: w for w in Way.objects.filter(account_id=actor.id)}


def lost() -> dict[str, int]:
    """How many of the last thirty days failed or are unsure, by channel, of all people together."""
    rows = Sending.objects.filter(state__in=(Sending.FAILED, Sending.UNSURE)).order_by()
    return dict(rows.values("channel").annotate(n=Count("id")).values_list("channel", "n"))
