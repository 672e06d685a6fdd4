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
    clause = models.CharField(max_length=32)
    door = models.CharField(max_length=12, default=Door.GROUP)
    urgency = models.PositiveSmallIntegerField(default=0)
    confidential = models.BooleanField(default=False)
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
    opened_at = models.DateTimeField()
    local_day = models.DateField()
    answer_due_at = models.DateTimeField(null=True)
    solve_due_at = models.DateTimeField(null=True)
    #: an answer is owed now: since the opening, or since it was opened again
    waits_answer = models.BooleanField(default=True)
    answered_at = models.DateTimeField(null=True)
    answered_in_time = models.BooleanField(null=True)
    handled_at = models.DateTimeField(null=True)
    solved_in_time = models.BooleanField(null=True)
    closed_at = models.DateTimeField(null=True)
    ending = models.CharField(max_length=16, default="", blank=True)
    light = models.CharField(max_length=8, default="green")
    #: in whose minute it turned red; None while it is not red, or when the roster had nobody
    late_of = models.UUIDField(null=True)
    reopened = models.PositiveSmallIntegerField(default=0)
    voice_count = models.PositiveIntegerField(default=1)
    satisfied = models.PositiveIntegerField(default=0)
    so_so = models.PositiveIntegerField(default=0)
    unsolved = models.PositiveIntegerField(default=0)
    not_reached = models.PositiveIntegerField(default=0)

    class Meta:
        indexes = [
            models.Index(fields=["community_id", "is_open", "light", "answer_due_at", "id"], name="order_community_light"),
            models.Index(fields=["community_id", "id"], name="order_community_id"),
            models.Index(fields=["street_id", "id"], name="order_street_id"),
            models.Index(fields=["community_id", "kind", "id"], name="order_community_kind"),
            models.Index(fields=["local_day", "community_id", "category"], name="order_day_place"),
            models.Index(fields=["community_id", "thing"], name="order_open_thing", condition=models.Q(is_open=True)),
            models.Index(fields=["light", "answer_due_at", "id"], name="order_open_light", condition=models.Q(is_open=True)),
            models.Index(fields=["street_id", "community_id", "grid_id", "confidential"], name="order_open_place", condition=models.Q(is_open=True)),
            models.Index(fields=["handled_at"], name="order_to_close", condition=models.Q(state="handled")),
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
    """One of the two clocks of an order. `step` counts the ladder's steps done; `next_at` is when the next is due."""

    ANSWER, SOLVE = "answer", "solve"
    RUNNING, MET, STOPPED = "running", "met", "stopped"

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="clocks")
    name = models.CharField(max_length=8)
    round = models.PositiveSmallIntegerField(default=0)
    state = models.CharField(max_length=8, default=RUNNING)
    calendar = models.CharField(max_length=24)
    minutes = models.PositiveIntegerField()
    started_at = models.DateTimeField()
    due_at = models.DateTimeField()
    met_at = models.DateTimeField(null=True)
    ladder = models.JSONField()
    step = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField(null=True)
    light = models.CharField(max_length=8, default="green")
    late_of = models.UUIDField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["order", "name", "round"], name="clock_once")]
        indexes = [
            models.Index(fields=["next_at"], name="clock_due", condition=models.Q(state="running", next_at__isnull=False))
        ]  # fmt: skip


class Sequence(models.Model):
    """The last order number given out in a community on a day."""

    community_id = models.UUIDField()
    day = models.DateField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["community_id", "day"], name="sequence_once")]


class OrderText(models.Model):
    """Search tokens of an order (language.search_tokens joined by spaces): FTS5 on SQLite, GIN tsvector on PostgreSQL."""

    id = models.BigAutoField(primary_key=True)
    order = models.OneToOneField(Order, on_delete=models.CASCADE, related_name="search")
    tokens = models.TextField()
