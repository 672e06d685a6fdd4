"""Tables of knowledge."""

from django.db import models

from linli.kernel import ids
from linli.kernel.fields import EncryptedTextField
from linli.knowledge.states import EntryState, GapState


class Entry(models.Model):
    """One question with its other wordings, its answer and where the answer comes from.

    `answer` may hold local facts as fields ({社区服务站电话}), filled in when it is told (`telling.told`). `source` names
    the law or notice, `article` its articles, `edition` the date of the edition that was read, `read_on` the day on
    which somebody opened and read it; what holds UNREAD was read by nobody and is never told. `choices`: the answer is a
    question back, each choice [label, code of an entry]. `valid_from` and `valid_to` are both served days. `replaces`:
    the entry in force that this one takes the place of when it is approved. `note`: what the reviewer wants changed.
    `area_id`: the street or community where it holds (None: the whole district); told nowhere else.
    """

    DRAFT, REVIEW, IN_FORCE, EXPIRED = EntryState.DRAFT, EntryState.REVIEW, EntryState.IN_FORCE, EntryState.EXPIRED
    UNREAD = "待核"

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    code = models.CharField(max_length=40, unique=True)
    question = models.CharField(max_length=200)
    wordings = models.JSONField(default=list)
    answer = models.TextField()
    choices = models.JSONField(default=list)
    source = models.CharField(max_length=160)
    article = models.CharField(max_length=200, default="", blank=True)
    edition = models.CharField(max_length=80, default="", blank=True)
    read_on = models.DateField(null=True)
    department = models.CharField(max_length=48, default="", blank=True)
    area_id = models.UUIDField(null=True)
    state = models.CharField(max_length=10, default=IN_FORCE)
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)
    written_by = models.UUIDField(null=True)
    replaces = models.UUIDField(null=True)
    note = models.CharField(max_length=200, default="", blank=True)
    updated_at = models.DateTimeField(db_index=True)
    useful = models.PositiveIntegerField(default=0)
    useless = models.PositiveIntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["state", "department", "code"], name="entry_state_department")]


class Opinion(models.Model):
    """有用 or 没用, once per answer (the bot's message) and member; a changed mind replaces."""

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    entry = models.ForeignKey(Entry, on_delete=models.CASCADE)
    message_id = models.UUIDField()
    member_id = models.UUIDField()
    useful = models.BooleanField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["message_id", "member_id"], name="opinion_once")]


class LocalFact(models.Model):
    """What an answer leaves open because it differs from place to place: a number, an address, opening hours. The nearest
    place that has it filled in wins; `area_id` None is the whole district."""

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    name = models.CharField(max_length=40)
    area_id = models.UUIDField(null=True)
    value = models.CharField(max_length=200)
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["name", "area_id"], name="fact_of_area"),
            models.UniqueConstraint(fields=["name"], name="fact_of_district", condition=models.Q(area_id=None)),
        ]


class Gap(models.Model):
    """A question that the base did not know: in a department's queue until `due_at`.

    `question` is the neutral form of what was asked: no name, number or home; empty while only a person can say it
    without them (`language.neutral`). The order that answers the asker is a plain key.
    """

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    order_id = models.UUIDField(unique=True)
    street_id = models.UUIDField()
    community_id = models.UUIDField()
    department = models.CharField(max_length=48)
    question = EncryptedTextField(default="", blank=True)
    state = models.CharField(max_length=10, default=GapState.WAITING)
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    answered_by = models.UUIDField(null=True)
    answer = EncryptedTextField(default="", blank=True)
    reason = models.CharField(max_length=200, default="", blank=True)
    moved = models.PositiveSmallIntegerField(default=0)
    entry_id = models.UUIDField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["state", "department", "due_at"], name="gap_queue"),
            models.Index(fields=["state", "id"], name="gap_state"),
        ]
