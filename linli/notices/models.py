"""One message to one account, and its ways outside: mail and text message."""

from django.db import models

from linli.kernel import ids
from linli.kernel.fields import EncryptedTextField


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


class Way(models.Model):
    """How one person wants to hear of her notices on one channel besides the desk; without a row: not at all."""

    MAIL, SMS = "mail", "sms"
    OFF, URGENT, DIGEST, EACH = "off", "urgent", "digest", "each"

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    account_id = models.UUIDField()
    channel = models.CharField(max_length=4)
    how = models.CharField(max_length=6, default=OFF)
    address = EncryptedTextField(default="", blank=True)  # of mail; a text message goes to the account's number
    since = models.DateTimeField()  # what was told before she chose is not sent after her

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account_id", "channel"], name="way_once")]


class Sending(models.Model):
    """One notice, or one day's digest, on its way over one channel. TAKEN stands before the call: never sent twice."""

    PENDING, TAKEN, SENT, DROPPED, FAILED, UNSURE = range(6)

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    account_id = models.UUIDField()
    channel = models.CharField(max_length=4)
    notice_id = models.UUIDField(null=True)
    digest_day = models.DateField(null=True)
    urgent = models.BooleanField(default=False)
    state = models.SmallIntegerField(default=PENDING)
    attempts = models.SmallIntegerField(default=0)
    made_at = models.DateTimeField()
    due_at = models.DateTimeField()  # wall time: next try, or the end of the lease
    error = models.CharField(max_length=40, default="", blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["notice_id", "channel"], name="sending_once"),
            models.UniqueConstraint(fields=["account_id", "channel", "digest_day"], name="digest_once"),
        ]
        indexes = [models.Index(fields=["state", "due_at"], condition=models.Q(state__lte=1), name="sending_due")]
