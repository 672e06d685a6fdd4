"""Tables of channels: pastes of a relay group, and which of 小栖's words were carried back."""

from django.db import models

from linli.kernel import ids


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
