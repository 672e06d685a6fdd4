"""Tables of knowledge."""

from django.db import models

from linli.kernel import ids
from linli.knowledge.states import EntryState


class Entry(models.Model):
    """One question with its other wordings, its answer and where the answer comes from. `valid_from` and `valid_to` are
    both served days; None: no limit. A `source` that holds UNREAD was not read by anybody and is never told. `note`: what
    the reviewer wants changed."""

    DRAFT, REVIEW, IN_FORCE, EXPIRED = EntryState.DRAFT, EntryState.REVIEW, EntryState.IN_FORCE, EntryState.EXPIRED
    UNREAD = "待核"

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    code = models.CharField(max_length=40, unique=True)
    question = models.CharField(max_length=200)
    wordings = models.JSONField(default=list)
    answer = models.TextField()
    source = models.CharField(max_length=120)
    department = models.CharField(max_length=48, default="", blank=True)
    community_id = models.UUIDField(null=True)
    state = models.CharField(max_length=10, default=IN_FORCE)
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)
    written_by = models.UUIDField(null=True)
    note = models.CharField(max_length=200, default="", blank=True)
    updated_at = models.DateTimeField(db_index=True)
    useful = models.PositiveIntegerField(default=0)
    useless = models.PositiveIntegerField(default=0)


class Opinion(models.Model):
    """有用 or 没用, once per answer (the bot's message) and member; a changed mind replaces."""

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    entry = models.ForeignKey(Entry, on_delete=models.CASCADE)
    message_id = models.UUIDField()
    member_id = models.UUIDField()
    useful = models.BooleanField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["message_id", "member_id"], name="opinion_once")]
