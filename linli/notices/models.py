"""One message to one account."""

from django.db import models

from linli.kernel import ids


class Notice(models.Model):
    """`params` are ids, codes, numbers and times, never free text: words are looked up when it is shown."""

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    account_id = models.UUIDField()
    kind = models.CharField(max_length=40)
    subject_kind = models.CharField(max_length=24)
    subject_id = models.UUIDField()
    params = models.JSONField(default=dict)
    urgent = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    not_before = models.DateTimeField()  # shown from then on: created_at, or the end of the quiet hours
    read_at = models.DateTimeField(null=True)
    dedupe_key = models.CharField(max_length=120)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account_id", "dedupe_key"], name="notice_once")]
        indexes = [
            models.Index(fields=["account_id", "-not_before", "-id"], name="notice_inbox"),
            models.Index(fields=["subject_id"], name="notice_subject"),  # "who was told" of an order
            models.Index(
                fields=["account_id", "not_before"],
                condition=models.Q(read_at__isnull=True),
                name="notice_unread",
            ),
        ]
