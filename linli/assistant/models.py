"""What 小栖 has asked and waits for."""

from django.db import models

from linli.kernel import ids


class Ask(models.Model):
    """One question about one message: 「是同一件事吗？」 (`order_id` set) or, for a photo alone, 「要反映问题吗？」 (None).
    Unanswered, the message becomes a matter of its own: never lost."""

    #: what a yes means: the same matter, a matter at all, or: these words are the answer to the order
    SAME, MATTER, ANSWER = "same", "matter", "answer"
    OPEN, YES, NO, EXPIRED = "open", "yes", "no", "expired"

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    message_id = models.UUIDField(unique=True)
    member_id = models.UUIDField()
    order_id = models.UUIDField(null=True)
    kind = models.CharField(max_length=8, default=MATTER)
    state = models.CharField(max_length=8, default=OPEN)
    expires_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["expires_at"], condition=models.Q(state="open"), name="ask_open")]


class Errand(models.Model):
    """Something that the optional scribe may do for a message (reword 小栖's answer to it) or an order (guess its fields).
    Made only while a scribe is set; done outside of every transaction, once, or left with the reason."""

    REWORD, FILL = "reword", "fill"
    WAITING, TAKEN, DONE, LEFT = "waiting", "taken", "done", "left"

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    kind = models.CharField(max_length=8)
    subject_id = models.UUIDField()
    state = models.CharField(max_length=8, default=WAITING)
    reason = models.CharField(max_length=24, default="", blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "subject_id"], name="errand_once")]
        indexes = [models.Index(fields=["id"], condition=models.Q(state="waiting"), name="errand_waiting")]
