"""Tables of orders. The matter (Order) and who spoke (Voice) are apart: the reporter is sealed (orders.md)."""

from uuid import UUID

from django.db import models

from linli.kernel import ids
from linli.kernel.fields import BlindIndexField, EncryptedTextField
from linli.orders.states import Door, OrderState, Rating


class Order(models.Model):
    """The matter. It holds no words of a reporter and no name: `title` is made by the machine from thing and kind."""

    PRIVATE_TITLE = "私下反映的一件事"

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    number = models.CharField(max_length=32, unique=True)
    key = models.CharField(max_length=80, null=True, unique=True)
    state = models.CharField(max_length=12, default=OrderState.ASSIGNED)
    is_open = models.BooleanField(default=True)
    kind = models.CharField(max_length=24)
    category = models.CharField(max_length=16)
    procedure = models.CharField(max_length=32)
    procedure_version = models.PositiveSmallIntegerField(default=1)
    #: the step of the procedure's flow, and since when
    step = models.CharField(max_length=24, default="", blank=True)
    step_at = models.DateTimeField(null=True)
    clause = models.CharField(max_length=32)
    #: how it was found (C17)
    way = models.CharField(max_length=12, default="", blank=True)
    line = models.CharField(max_length=24, default="", blank=True)
    #: the order that this one belongs to, and how: its child, its supervision, merged into it, split from it
    parent_id = models.UUIDField(null=True, db_index=True)
    relation = models.CharField(max_length=12, default="", blank=True)
    door = models.CharField(max_length=12, default=Door.GROUP)
    urgency = models.PositiveSmallIntegerField(default=0)
    confidential = models.BooleanField(default=False)
    #: the golden eyes' campaign that it was found in
    campaign_id = models.UUIDField(null=True)
    history = models.BooleanField(default=False)
    batch = models.CharField(max_length=64, default="", blank=True)
    title = models.CharField(max_length=80)
    thing = models.CharField(max_length=32, default="", blank=True)
    street_id = models.UUIDField()
    community_id = models.UUIDField()
    grid_id = models.UUIDField(null=True)
    building_id = models.UUIDField(null=True)
    unit = models.CharField(max_length=16, default="", blank=True)
    place_text = models.CharField(max_length=80, default="", blank=True)
    responsible_id = models.UUIDField(null=True, db_index=True)
    responsible_via = models.CharField(max_length=16, default="", blank=True)
    opener_id = models.UUIDField(null=True)
    claimer_id = models.UUIDField(null=True)
    opened_at = models.DateTimeField()
    local_day = models.DateField()
    #: the nearest due time of its running clocks: what the list of open orders is sorted by
    due_at = models.DateTimeField(null=True)
    answer_due_at = models.DateTimeField(null=True)
    solve_due_at = models.DateTimeField(null=True)
    #: an answer is owed now: since the opening, or since it was opened again
    waits_answer = models.BooleanField(default=True)
    #: the first acceptance out of the pool, within its hours; None while it waits, and where nothing is claimed
    accepted_in_time = models.BooleanField(null=True)
    answered_at = models.DateTimeField(null=True)
    answered_in_time = models.BooleanField(null=True)
    handled_at = models.DateTimeField(null=True)
    solved_in_time = models.BooleanField(null=True)
    closed_at = models.DateTimeField(null=True)
    ending = models.CharField(max_length=16, default="", blank=True)
    light = models.CharField(max_length=8, default="green")
    #: in whose minute it turned red; None while it is not red, or when the roster had nobody
    late_of = models.UUIDField(null=True)
    #: 挂账: what it waits for, and the next date on which somebody looks
    waits_for = models.CharField(max_length=16, default="", blank=True)
    waits_until = models.DateTimeField(null=True)
    #: up the levels (C18): 0 where it began, 1 community, 2 street, 3 district
    level = models.PositiveSmallIntegerField(default=0)
    #: early warning (C11): level 1–3, 0 none, and its two axes
    warning = models.PositiveSmallIntegerField(default=0)
    seriousness = models.PositiveSmallIntegerField(default=0)
    difficulty = models.PositiveSmallIntegerField(default=0)
    returned = models.PositiveSmallIntegerField(default=0)
    taken_back = models.PositiveSmallIntegerField(default=0)
    urged = models.PositiveSmallIntegerField(default=0)
    #: the message board shows it
    shown = models.BooleanField(default=False)
    reopened = models.PositiveSmallIntegerField(default=0)
    voice_count = models.PositiveIntegerField(default=1)
    satisfied = models.PositiveIntegerField(default=0)
    so_so = models.PositiveIntegerField(default=0)
    unsolved = models.PositiveIntegerField(default=0)
    not_reached = models.PositiveIntegerField(default=0)

    class Meta:
        indexes = [
            models.Index(fields=["community_id", "is_open", "light", "due_at", "id"], name="order_community_due"),
            models.Index(fields=["community_id", "id"], name="order_community_id"),
            models.Index(fields=["street_id", "id"], name="order_street_id"),
            models.Index(fields=["community_id", "kind", "id"], name="order_community_kind"),
            models.Index(fields=["local_day", "community_id", "category"], name="order_day_place"),
            models.Index(fields=["community_id", "thing"], name="order_open_thing", condition=models.Q(is_open=True)),
            models.Index(fields=["light", "due_at", "id"], name="order_open_due", condition=models.Q(is_open=True)),
            models.Index(fields=["street_id", "community_id", "grid_id", "confidential"], name="order_open_place", condition=models.Q(is_open=True)),
            models.Index(fields=["handled_at"], name="order_to_close", condition=models.Q(state="handled")),
            models.Index(fields=["street_id", "community_id", "due_at"], name="order_pooled", condition=models.Q(state="pooled")),
            models.Index(fields=["street_id", "warning", "id"], name="order_warned", condition=models.Q(warning__gt=0)),
            models.Index(fields=["opener_id", "id"], name="order_opener", condition=models.Q(opener_id__isnull=False)),
            models.Index(fields=["community_id", "id"], name="order_shown", condition=models.Q(shown=True)),
            models.Index(fields=["campaign_id"], name="order_campaign", condition=models.Q(campaign_id__isnull=False)),
        ]  # fmt: skip


    @property
    def plain_title(self) -> str:
        """What its own reporter's page calls it: a sensitive matter is not named where somebody may look over her
        shoulder."""
        return self.PRIVATE_TITLE if self.confidential else self.title


class Voice(models.Model):
    """One person's say in an order: sealed apart from it, every opening logged. Member, conversation and message are
    plain keys of `groups`; words, name, phone are encrypted."""

    ACTIVE, REMOVED = "active", "removed"

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="voices")
    state = models.CharField(max_length=8, default=ACTIVE)
    door = models.CharField(max_length=12, default=Door.GROUP)
    group_id = models.UUIDField(null=True)
    member_id = models.UUIDField(null=True, db_index=True)
    account_id = models.UUIDField(null=True, db_index=True)
    message_id = models.UUIDField(null=True)
    for_voice_id = models.UUIDField(null=True)
    home_id = models.UUIDField(null=True)
    words = EncryptedTextField(default="", blank=True)
    name = EncryptedTextField(default="", blank=True)
    phone = EncryptedTextField(default="", blank=True)
    phone_index = BlindIndexField(db_index=True)
    blob_ids = models.JSONField(default=list)
    rating = models.CharField(max_length=12, default=Rating.UNRATED)
    rated_at = models.DateTimeField(null=True)
    rated_how = models.CharField(max_length=12, default="", blank=True)
    created_at = models.DateTimeField()

    @property
    def speaker(self) -> UUID:
        """Who spoke, as far as is known: somebody who speaks twice, or in two groups, is one person."""
        return self.account_id or self.member_id or self.id

    class Meta:
        indexes = [models.Index(fields=["group_id", "created_at"], name="voice_group")]
        constraints = [
            models.UniqueConstraint(
                fields=["order", "message_id"], name="voice_message_once",
                condition=models.Q(message_id__isnull=False),
            )
        ]  # fmt: skip


class Concerned(models.Model):
    """Whom an order concerns that has no voice: a member of a group, her account where she has one. Plain keys, sealed from
    lists and events' readers like a voice; she sees what was told of it and may object."""

    order = models.OneToOneField(Order, on_delete=models.CASCADE, primary_key=True, related_name="concerned")
    account_id = models.UUIDField(null=True, db_index=True)
    member_id = models.UUIDField(null=True)
    group_id = models.UUIDField(null=True)
    named_at = models.DateTimeField()


class Doubt(models.Model):
    """What the machine was not sure of when it opened an order; a person confirms or corrects it (`correct_order`), and that
    settles it. `suggested_*`: what an optional language model guesses, labelled as such; it decides nothing."""

    order = models.OneToOneField(Order, on_delete=models.CASCADE, primary_key=True, related_name="doubt")
    suggested_kind = models.CharField(max_length=24, default="", blank=True)
    suggested_category = models.CharField(max_length=16, default="", blank=True)
    suggested_place = models.CharField(max_length=40, default="", blank=True)
    settled_at = models.DateTimeField(null=True)


class Word(models.Model):
    """What a person on duty wrote at a step. `event_id` ties it to its event (the same id on both).

    `public` words were told to the voices; others are for staff. Free text lives here and never in events.
    """

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="words")
    event_id = models.UUIDField()
    verb = models.CharField(max_length=24)
    by_kind = models.CharField(max_length=12)
    by_id = models.UUIDField(null=True)
    at = models.DateTimeField()
    text = EncryptedTextField()
    blob_ids = models.JSONField(default=list)
    public = models.BooleanField(default=False)


class Clock(models.Model):
    """One running limit of an order's flow; `name` is the limit's code. `amount` is in the calendar's unit (minutes or
    working days), counted from `started_at`; `pauses` are the stretches in which the clock stood still, [[from, to], …]
    in ISO form, the last without its end while it is paused. `step` counts the ladder's rungs done; `next_at` is when
    the next is due."""

    ANSWER, SOLVE, WAIT = "answer", "solve", "wait"
    RUNNING, PAUSED, MET, STOPPED = "running", "paused", "met", "stopped"

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="clocks")
    name = models.CharField(max_length=24)
    round = models.PositiveSmallIntegerField(default=0)
    state = models.CharField(max_length=8, default=RUNNING)
    calendar = models.CharField(max_length=24)
    amount = models.PositiveIntegerField()
    pauses = models.JSONField(default=list)
    #: the deed that meets it: "answer", "handle", "touch" or "step:<code>"
    until = models.CharField(max_length=32, default="", blank=True)
    started_at = models.DateTimeField()
    due_at = models.DateTimeField()
    met_at = models.DateTimeField(null=True)
    #: was it met in time; None until it is met
    kept = models.BooleanField(null=True)
    #: the clause that asks for this limit; "" for a waiting's date, which nobody promised
    clause = models.CharField(max_length=32, default="", blank=True)
    ladder = models.JSONField()
    step = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField(null=True)
    light = models.CharField(max_length=8, default="green")
    late_of = models.UUIDField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["order", "name", "round"], name="clock_once")]
        indexes = [
            models.Index(fields=["next_at"], name="clock_due", condition=models.Q(state="running", next_at__isnull=False)),
            models.Index(fields=["calendar", "id"], name="clock_calendar", condition=models.Q(state="running")),
        ]  # fmt: skip


class Request(models.Model):
    """Something that needs another person's yes: a pause (挂账), more time, or an outcome that a second person confirms.
    `amount` is in the unit of the clock's calendar; words are the asker's and the decider's."""

    PAUSE, EXTENSION, OUTCOME = "pause", "extension", "outcome"
    OPEN, GRANTED, REFUSED, GONE = "open", "granted", "refused", "gone"

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="requests")
    kind = models.CharField(max_length=12)
    state = models.CharField(max_length=8, default=OPEN)
    asked_by = models.UUIDField()
    asked_at = models.DateTimeField()
    words = EncryptedTextField()
    #: what an outcome would be passed with: {"outcome", "to", "until", "blobs"}; a pause: {"waits_for"}
    given = models.JSONField(default=dict)
    clock = models.CharField(max_length=24, default="", blank=True)
    amount = models.PositiveIntegerField(default=0)
    until = models.DateTimeField(null=True)
    decided_by = models.UUIDField(null=True)
    decided_at = models.DateTimeField(null=True)
    reason = EncryptedTextField(default="", blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["order", "kind"], condition=models.Q(state="open"), name="request_open_once")
        ]


class FindKind(models.Model):
    """What golden eyes look for, as the platform centre has it; `kind`: the kind of matter of the standards that it is."""

    code = models.CharField(primary_key=True, max_length=40)
    label = models.CharField(max_length=16)
    kind = models.CharField(max_length=24)
    used = models.BooleanField(default=True)
    position = models.PositiveSmallIntegerField(default=0)


class Campaign(models.Model):
    """专项行动: for some days golden eyes of a place look for some kinds above all. Both days are included; `area_id` None is the
    whole district. `kinds`: codes of FindKind."""

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    name = models.CharField(max_length=32)
    starts_on = models.DateField()
    ends_on = models.DateField()
    kinds = models.JSONField(default=list)
    area_id = models.UUIDField(null=True)
    made_at = models.DateTimeField()


class CompanyLink(models.Model):
    """A one-time link for a property company: one order at one step, one answer. Only the token's digest is kept."""

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="company_links")
    step = models.CharField(max_length=24)
    step_at = models.DateTimeField()
    org_id = models.UUIDField(null=True)
    digest = models.CharField(max_length=64, unique=True)
    made_by = models.UUIDField(null=True)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    #: the event whose words the company reads
    event_id = models.UUIDField(null=True)


class Score(models.Model):
    """Points that a place gained or lost by an order, under a clause; only while the procedure's scheme is on. Never a
    person's (burden rules)."""

    id = models.BigAutoField(primary_key=True)
    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="scores")
    street_id = models.UUIDField()
    community_id = models.UUIDField()
    local_day = models.DateField()
    on = models.CharField(max_length=64)
    round = models.PositiveSmallIntegerField(default=0)
    points = models.SmallIntegerField()
    clause = models.CharField(max_length=32, default="", blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["order", "on", "round"], name="score_once")]
        indexes = [models.Index(fields=["community_id", "local_day"], name="score_place")]


class Reward(models.Model):
    """What the resident who found a matter is given for it, under a clause; only while the procedure's scheme is on, once for each
    voice, and sealed with it: she alone sees that it is hers."""

    id = models.BigAutoField(primary_key=True)
    voice = models.OneToOneField(Voice, on_delete=models.CASCADE, related_name="reward")
    street_id = models.UUIDField()
    community_id = models.UUIDField()
    local_day = models.DateField()
    points = models.PositiveSmallIntegerField()
    clause = models.CharField(max_length=32, default="", blank=True)

    class Meta:
        indexes = [models.Index(fields=["community_id", "local_day"], name="reward_place")]


class Replan(models.Model):
    """A calendar has changed and the running clocks on it are planned again, from the first to the last. `codes`: the calendars, `at`
    which of them is under way, `after` the last clock that was planned. area_code "" is the whole district."""

    id = models.BigAutoField(primary_key=True)
    area_code = models.CharField(max_length=40, default="", blank=True)
    codes = models.JSONField(default=list)
    at = models.PositiveSmallIntegerField(default=0)
    after = models.UUIDField(null=True)
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    begun_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["area_code"], condition=models.Q(finished_at=None), name="replan_once")
        ]

    @property
    def share(self) -> int:
        """How far it is, in percent."""
        if self.finished_at:
            return 100
        return min(99, self.done * 100 // self.total) if self.total else 0


class Sequence(models.Model):
    """The last order number given out in a community on a day."""

    community_id = models.UUIDField()
    day = models.DateField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["community_id", "day"], name="sequence_once")]


class OrderText(models.Model):
    """Search tokens of an order, as search.py makes them: blind, joined by spaces; FTS5 on SQLite, GIN on PostgreSQL."""

    id = models.BigAutoField(primary_key=True)
    order = models.OneToOneField(Order, on_delete=models.CASCADE, related_name="search")
    tokens = models.TextField()
