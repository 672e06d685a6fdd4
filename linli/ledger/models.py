"""Tables of the ledger. Plain keys only: the ledger stands below everything and knows nobody."""

from django.db import models

from linli.kernel import ids


class Event(models.Model):
    """What happened: never changed, never deleted. `facts` = {"v": 1, ids, codes, numbers, UTC times}, no free text."""

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    at = models.DateTimeField()
    local_day = models.DateField()
    actor_kind = models.CharField(max_length=12)
    actor_id = models.UUIDField(null=True)
    verb = models.CharField(max_length=64)
    subject_kind = models.CharField(max_length=24)
    subject_id = models.UUIDField()
    street_id = models.UUIDField(null=True)
    community_id = models.UUIDField(null=True)
    grid_id = models.UUIDField(null=True)
    facts = models.JSONField(default=dict)

    class Meta:
        indexes = [
            models.Index(fields=["subject_id", "id"], name="event_subject"),
            models.Index(fields=["verb", "local_day"], name="event_verb_day"),
        ]


class Delivery(models.Model):
    """One handler's duty towards one event; its effects and DONE commit together."""

    PENDING, DONE, FAILED = 0, 1, 2

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    event_id = models.UUIDField()
    handler = models.CharField(max_length=80)
    state = models.SmallIntegerField(default=PENDING)
    attempts = models.SmallIntegerField(default=0)
    due_at = models.DateTimeField()
    error = models.TextField(default="", blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["event_id", "handler"], name="delivery_once")]
        indexes = [
            models.Index(fields=["handler", "due_at"], condition=models.Q(state=0), name="delivery_pending"),
            models.Index(fields=["id"], condition=models.Q(state=2), name="delivery_failed"),
        ]


class Wake(models.Model):
    """A live topic that changed; the live door polls this table every second and is nudged in between."""

    id = models.BigAutoField(primary_key=True)
    topic = models.CharField(max_length=48)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["at"], name="wake_at")]


class Tick(models.Model):
    """When a periodic job runs next; the guarded UPDATE of `next_at` lets exactly one process run it."""

    name = models.CharField(primary_key=True, max_length=80)
    next_at = models.DateTimeField()


class Stamp(models.Model):
    """The version of what readers keep in memory of some tables (`linli.ledger.stamps`)."""

    name = models.CharField(primary_key=True, max_length=40)
    value = models.UUIDField()


class VirtualClock(models.Model):
    """The demo's clock, one row that every process reads: virtual = virtual_at + (wall − wall_at) × speed."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    virtual_at = models.DateTimeField()
    wall_at = models.DateTimeField()
    speed = models.FloatField(default=1.0)
