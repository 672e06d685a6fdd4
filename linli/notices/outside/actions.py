"""The only writer of ways and sendings."""

import re
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from linli.kernel import clock
from linli.kernel.actors import Actor
from linli.kernel.errors import BadInput, Forbidden
from linli.ledger.record import Row, record
from linli.notices import quiet
from linli.notices.models import Notice, Sending, Way

#: waits before each new try of what the other side surely did not take; given up after about a day
WAITS = (30, 120, 600, 1800, 7200, 14_400, 28_800, 28_800)
LEASE = timedelta(seconds=90)
#: what could not be told for so long is left to the desk
TOO_OLD = timedelta(days=2)
KEPT = timedelta(days=30)
MOST = 2000
HOWS = (Way.OFF, Way.URGENT, Way.DIGEST, Way.EACH)
_MAIL = re.compile(r"[A-Za-z0-9._%+-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.)+[A-Za-z]{2,24}", re.ASCII)


def open_channels() -> tuple[str, ...]:
    """The channels that this installation has."""
    return (Way.SMS,) if settings.LINLI_MAIL_BACKEND == "off" else (Way.MAIL, Way.SMS)


@transaction.atomic
def choose_way(*, by: Actor, channel: str, how: str, address: str = "") -> Way:
    """A colleague's own choice for one channel; it counts for what is told from now on.

    address: of mail; not needed for `off`. Raises Forbidden for who has no desk, BadInput for an unknown choice or an
    address that cannot be one.
    """
    if by.kind != "worker" or by.id is None:
        raise Forbidden()
    if channel not in (Way.MAIL, Way.SMS) or how not in HOWS:
        raise BadInput("请选一种提醒方式。", "bad_way")
    address = address.strip() if channel == Way.MAIL else ""
    if channel == Way.MAIL and (address or how != Way.OFF) and not (_MAIL.fullmatch(address) and len(address) <= 254):
        raise BadInput("邮箱地址好像不对，请再看一眼，像 name@example.cn 这样。", "bad_mail")
    found = Way.objects.filter(account_id=by.id, channel=channel).first()
    if found and (found.how, found.address) == (how, address):
        return found
    since = found.since if found and found.how == how else clock.now()
    way, _ = Way.objects.update_or_create(
        account_id=by.id, channel=channel, defaults={"how": how, "address": address, "since": since}
    )
    record(by, "notices.choose_way", Row("account", by.id, facts={"channel": channel, "how": how}))
    return way


def owe() -> int:
    """Write down what has to go out now; a second call at once writes nothing. Returns how many rows were tried.

    In the quiet hours only what is urgent. What was read already, or told more than two days ago, does not go.
    """
    now = clock.now()
    loud = not quiet.hours().holds(now)
    rows = [row for channel in open_channels() for row in _single(channel, now, loud) + (_digests(channel, now) if loud else [])]
    Sending.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


def _single(channel: str, now: datetime, loud: bool) -> list[Sending]:
    ways = Way.objects.filter(channel=channel).exclude(how=Way.OFF)
    mine = ways.filter(account_id=OuterRef("account_id"), since__lte=OuterRef("not_before"))
    wanted = Q(Exists(mine), urgent=True)
    if loud:
        wanted |= Q(Exists(mine.filter(how=Way.EACH)))
    owed = Sending.objects.filter(notice_id=OuterRef("id"), channel=channel)
    told = Notice.objects.filter(
        account_id__in=ways.values("account_id"), read_at__isnull=True, not_before__lte=now, not_before__gt=now - TOO_OLD
    )
    found = told.filter(wanted).exclude(Exists(owed)).order_by("not_before").values_list("id", "account_id", "urgent")[:MOST]
    return [
        Sending(account_id=account, channel=channel, notice_id=notice, urgent=urgent, made_at=now, due_at=clock.wall())
        for notice, account, urgent in found
    ]


def _digests(channel: str, now: datetime) -> list[Sending]:
    day, moment = digest_before(now)
    done = Sending.objects.filter(account_id=OuterRef("account_id"), channel=channel, digest_day=day)
    ways = Way.objects.filter(channel=channel, how=Way.DIGEST, since__lte=moment).exclude(Exists(done))
    return [
        Sending(account_id=account, channel=channel, digest_day=day, made_at=now, due_at=clock.wall())
        for account in ways.values_list("account_id", flat=True)[:MOST]
    ]


def digest_before(now: datetime) -> tuple[date, datetime]:
    """(day, moment UTC) of the last digest that was due; one whose hour is quiet is due when the quiet hours end."""
    hour = time.fromisoformat(settings.LINLI_DIGEST)
    for back in range(3):
        day = clock.local_day(now) - timedelta(days=back)
        moment = quiet.hours().after(datetime.combine(day, hour, clock.LOCAL))
        if moment <= now:
            return day, moment
    raise AssertionError("quiet hours are shorter than a day")


def take() -> Sending | None:
    """The one that is due longest, now in this process's hands alone; in the quiet hours only what is urgent."""
    now = clock.wall()
    due = Sending.objects.filter(state=Sending.PENDING, due_at__lte=now)
    if quiet.hours().holds(clock.now()):
        due = due.filter(urgent=True)
    for sending in due.order_by("due_at", "id")[:10]:
        if due.filter(id=sending.id).update(state=Sending.TAKEN, due_at=now + LEASE):
            return sending
    return None


def settle(sending: Sending, state: int, error: str = "") -> None:
    """What came of a taken one: SENT, DROPPED (nothing to say any more), FAILED or UNSURE."""
    mine = Sending.objects.filter(id=sending.id, state__in=(Sending.TAKEN, Sending.UNSURE))
    mine.update(state=state, error=error[:40], attempts=sending.attempts + 1)


def try_later(sending: Sending, error: str) -> None:
    """The other side surely did not take it: again after a while, at last FAILED."""
    if sending.attempts >= len(WAITS):
        settle(sending, Sending.FAILED, error)
        return
    due = clock.wall() + timedelta(seconds=WAITS[sending.attempts])
    Sending.objects.filter(id=sending.id, state=Sending.TAKEN).update(
        state=Sending.PENDING, due_at=due, error=error[:40], attempts=sending.attempts + 1
    )


def give_up_taken() -> int:
    """Whoever had them is gone, and nobody knows whether they went out: UNSURE, never sent again. Returns how many."""
    lost = Sending.objects.filter(state=Sending.TAKEN, due_at__lt=clock.wall())
    return lost.update(state=Sending.UNSURE, error="worker gone")


def forget() -> None:
    """What is settled is kept for thirty days; `owe` looks back two."""
    Sending.objects.filter(state__gt=Sending.TAKEN, made_at__lt=clock.now() - KEPT).delete()


def way_of(account_id: UUID, channel: str) -> Way | None:
    """Her choice as it stands now, for the one who sends."""
    return Way.objects.filter(account_id=account_id, channel=channel).first()
