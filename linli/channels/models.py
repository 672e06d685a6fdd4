"""Tables of channels: pastes of a relay group, which of 小栖's words were carried back, other systems that call or are
called, orders of the hotline, hand-filled sheets."""

from django.db import models

from linli.kernel import ids
from linli.kernel.fields import EncryptedTextField


class Paste(models.Model):
    """One paste into a relay group: who, when, how many lines, which messages came of it. No words: those are in the
    inbox. `key` is the form's own, so that a form sent twice is one paste."""

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    key = models.CharField(max_length=64, unique=True)
    group_id = models.UUIDField()
    account_id = models.UUIDField()
    made_at = models.DateTimeField()
    lines = models.PositiveIntegerField()
    message_ids = models.JSONField(default=list)

    class Meta:
        indexes = [models.Index(fields=["account_id", "id"], name="paste_of_account")]


class RelayCopy(models.Model):
    """One of 小栖's messages was copied, to be put into the WeChat group by hand."""

    message_id = models.UUIDField(primary_key=True)
    group_id = models.UUIDField(db_index=True)
    account_id = models.UUIDField()
    copied_at = models.DateTimeField()


class OutsideUpdate(models.Model):
    """What another system wrote to an order, under that system's own id: the same id again changes nothing."""

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    account_id = models.UUIDField()
    outside_id = models.CharField(max_length=80)
    order_id = models.UUIDField()
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account_id", "outside_id"], name="outside_update_once")]


class Hook(models.Model):
    """A system that is called when something happens to an order that its account may see. `secret` signs the calls;
    events from `since` on are told."""

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    name = models.CharField(max_length=64)
    url = models.URLField(max_length=500)
    secret = EncryptedTextField()
    account_id = models.UUIDField()
    verbs = models.JSONField(default=list)
    since = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    #: since when no call has come through
    failing_since = models.DateTimeField(null=True)


class HookCall(models.Model):
    """One call owed to a hook for one event; tried again until it is answered with 2xx or given up."""

    PENDING, DONE, FAILED = 0, 1, 2

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    hook = models.ForeignKey(Hook, on_delete=models.CASCADE)
    event_id = models.UUIDField()
    state = models.SmallIntegerField(default=PENDING)
    attempts = models.SmallIntegerField(default=0)
    due_at = models.DateTimeField()
    status = models.SmallIntegerField(default=0)
    error = models.CharField(max_length=80, default="", blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["hook", "event_id"], name="hook_call_once")]
        indexes = [models.Index(fields=["due_at"], condition=models.Q(state=0), name="hook_call_pending")]


class SheetMapping(models.Model):
    """Which columns of some system's spreadsheets mean what, saved by name (`archive.mapping.Columns.data`)."""

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    name = models.CharField(max_length=40, unique=True)
    data = models.JSONField()
    account_id = models.UUIDField(null=True)
    made_at = models.DateTimeField()


class Batch(models.Model):
    """One file of old orders, filed or being filed. `lines` were read so far, of about `total`; `sha256` names the file in the vault
    until it is done. `communities`: ids of those that its rows may belong to, None for all."""

    LOOKED, WAITING, RUNNING, DONE, BROKEN, LEAVING, GONE = "looked", "waiting", "running", "done", "broken", "leaving", "gone"

    id = models.BigAutoField(primary_key=True)
    state = models.CharField(max_length=8, default=LOOKED)
    name = EncryptedTextField()
    sha256 = models.CharField(max_length=64, default="", blank=True)
    mapping = models.JSONField(default=dict)
    communities = models.JSONField(null=True)
    account_id = models.UUIDField(null=True)
    made_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    total = models.PositiveIntegerField(default=0)
    lines = models.PositiveIntegerField(default=0)
    new = models.PositiveIntegerField(default=0)
    known = models.PositiveIntegerField(default=0)
    wrong = models.PositiveIntegerField(default=0)
    #: [sheet, line, why] of the first that were refused
    problems = models.JSONField(default=list)
    holder = models.CharField(max_length=64, default="", blank=True)
    held_until = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["id"], name="batch_open", condition=models.Q(state__in=("waiting", "running", "leaving")))]

    @property
    def code(self) -> str:
        """What people call it, and what stands in each of its orders: LS12."""
        return f"LS{self.id}"

    @property
    def share(self) -> int:
        """How far it is, in percent."""
        return min(99, self.lines * 100 // self.total) if self.total and self.state != self.DONE else 100


class HotlineSheet(models.Model):
    """A file of the hotline that was looked at and not yet taken, its rows sealed (they hold callers); emptied when taken
    or thrown away after a day."""

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    account_id = models.UUIDField()
    made_at = models.DateTimeField(db_index=True)
    name = models.CharField(max_length=120)
    rows = EncryptedTextField(default="", blank=True)
    taken_at = models.DateTimeField(null=True)


class Outside(models.Model):
    """What the city's hotline calls an order of ours: its number, deadline, kind, grade and the unit that it named; and
    when the result was carried back. A number is one order; an order may have several numbers (several callers)."""

    number = models.CharField(max_length=40, primary_key=True)
    order_id = models.UUIDField(db_index=True)
    sent_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    kind = models.CharField(max_length=64, default="", blank=True)
    grade = models.CharField(max_length=16, default="", blank=True)
    unit = models.CharField(max_length=64, default="", blank=True)
    made_at = models.DateTimeField()
    carried_at = models.DateTimeField(null=True)
    carried_by = models.UUIDField(null=True)


class PaperSheet(models.Model):
    """One hand-filled sheet by its photo, typed twice by two different people who do not see each other's entry. `first` and
    `second` are sealed JSON {field: words}, emptied once orders were made of them or the sheet was thrown away; the photo
    stays with the orders. `key` is the upload's own."""

    NEW, TYPED, DIFFERS, DONE, DROPPED = "new", "typed", "differs", "done", "dropped"

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    key = models.CharField(max_length=80, unique=True)
    form = models.CharField(max_length=12)
    state = models.CharField(max_length=8, default=NEW)
    street_id = models.UUIDField()
    community_id = models.UUIDField()
    blob_id = models.UUIDField()
    account_id = models.UUIDField()
    made_at = models.DateTimeField()
    first = EncryptedTextField(default="", blank=True)
    first_by = models.UUIDField(null=True)
    second = EncryptedTextField(default="", blank=True)
    second_by = models.UUIDField(null=True)
    order_ids = models.JSONField(default=list)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~models.Q(first_by=models.F("second_by")), name="paper_two_people"),
            models.UniqueConstraint(fields=["community_id", "blob_id"], condition=~models.Q(state="dropped"), name="paper_photo_once"),
        ]
        indexes = [
            models.Index(fields=["community_id", "id"], name="paper_open", condition=models.Q(state__in=("new", "typed", "differs")))
        ]


class Device(models.Model):
    """A sensor at a public place: smoke, gas, air, traffic, water, lift (`sensors.kinds`). Only what it said last is kept, never
    the row of its readings; it has no camera and knows no person (clause GZ-1.2)."""

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    #: what its gateway calls it
    code = models.CharField(max_length=40)
    kind = models.CharField(max_length=12)
    name = models.CharField(max_length=40)
    street_id = models.UUIDField()
    community_id = models.UUIDField()
    grid_id = models.UUIDField(null=True)
    building_id = models.UUIDField(null=True)
    unit = models.CharField(max_length=16, default="", blank=True)
    place_text = models.CharField(max_length=80, default="", blank=True)
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    last_at = models.DateTimeField(null=True)
    last_value = models.FloatField(null=True)
    last_alarm = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["code"], condition=models.Q(ended_at=None), name="device_code_once")]
        indexes = [models.Index(fields=["community_id", "id"], name="device_place", condition=models.Q(ended_at=None))]


class SensorRule(models.Model):
    """When devices of a kind give an alarm: `test` above or below `threshold`, the device's own alarm flag, or silence, for
    `minutes`. Written by one person, in force by another's yes (clause GZ-1.1); a change is a new row."""

    DRAFT, IN_FORCE, ENDED = "draft", "in_force", "ended"

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    kind = models.CharField(max_length=12)
    #: names the alarm from one version of its rule to the next
    cause = models.CharField(max_length=24)
    label = models.CharField(max_length=20)
    test = models.CharField(max_length=8)
    threshold = models.FloatField(null=True)
    minutes = models.PositiveIntegerField(default=0)
    state = models.CharField(max_length=8, default=DRAFT)
    written_by = models.UUIDField(null=True)
    written_at = models.DateTimeField()
    approved_by = models.UUIDField(null=True)
    approved_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "cause"], condition=models.Q(state="in_force"), name="sensor_rule_in_force_once"),
            models.UniqueConstraint(fields=["kind", "cause"], condition=models.Q(state="draft"), name="sensor_rule_written_once"),
        ]


class Alarm(models.Model):
    """One cause at one device (clause GZ-1.3): since when it holds, from when on it is an alarm, the order it opened, and how
    often it was given while that order was open. `since` is None while all is clear; `rings` counts its orders."""

    id = models.BigAutoField(primary_key=True)
    device = models.ForeignKey(Device, on_delete=models.CASCADE, related_name="alarms")
    cause = models.CharField(max_length=24)
    since = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    raised_at = models.DateTimeField(null=True)
    order_id = models.UUIDField(null=True, db_index=True)
    rings = models.PositiveIntegerField(default=0)
    times = models.PositiveIntegerField(default=0)
    last_at = models.DateTimeField(null=True)
    cleared_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["device", "cause"], name="alarm_once")]
        indexes = [models.Index(fields=["due_at"], name="alarm_due", condition=models.Q(raised_at=None, due_at__isnull=False))]
