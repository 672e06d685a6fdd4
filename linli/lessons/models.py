"""Tables of lessons."""

from django.db import models

from linli.kernel import ids
from linli.kernel.fields import BlindIndexField, EncryptedTextField


class Example(models.Model):
    """Words, and what a person decided that they mean. The words are neutral (`linli.language.neutral`: nobody's name, number
    or door) and encrypted like a voice's; they are tied to no message, order or speaker. The same words decided again
    replace the older decision (`key`: their blind index). "" in a field: nothing was decided about it."""

    ASK, RELAY, CORRECT, CONFIRM = "ask", "relay", "correct", "confirm"

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    key = BlindIndexField(unique=True)
    text = EncryptedTextField()
    intent = models.CharField(max_length=16, default="", blank=True)
    kind = models.CharField(max_length=24, default="", blank=True)
    category = models.CharField(max_length=16, default="", blank=True)
    urgency = models.PositiveSmallIntegerField(null=True)
    source = models.CharField(max_length=8)
    decided_at = models.DateTimeField(db_index=True)
    decided_kind = models.CharField(max_length=12)
    decided_by = models.UUIDField(null=True)


class ModelVersion(models.Model):
    """One training and what became of it. `version` names its folder (`linli.language.versions`); `scores` and `before` are
    the golden set's figures of it and of the model it wanted to replace; `reasons` say why it was refused, or what went
    wrong. One training at a time (constraint)."""

    TRAINING, PROMOTED, REFUSED, FAILED = "training", "promoted", "refused", "failed"

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    version = models.CharField(max_length=64, default="", blank=True)
    digest = models.CharField(max_length=64, default="", blank=True)
    state = models.CharField(max_length=10, default=TRAINING)
    began_at = models.DateTimeField()
    #: by the wall: a training whose process is gone is given up
    given_up_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    #: who pressed; None: the clock
    asked_by = models.UUIDField(null=True)
    #: decisions of people that it learned from, the newest of them, and how many were new to it
    examples = models.PositiveIntegerField(default=0)
    fresh = models.PositiveIntegerField(default=0)
    newest_at = models.DateTimeField(null=True)
    scores = models.JSONField(default=dict)
    before = models.JSONField(default=dict)
    reasons = models.JSONField(default=list)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["state"], condition=models.Q(state="training"), name="one_training")]
        indexes = [models.Index(fields=["-began_at"], name="model_newest")]
