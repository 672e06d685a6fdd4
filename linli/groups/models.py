"""Tables of groups: group, member, message (which is also the inbox), lane (the lock of intake per community)."""

from django.db import models

from linli.kernel import ids
from linli.kernel.fields import EncryptedTextField


class Group(models.Model):
    """A residents' group: a page of ours, or a WeChat group whose words are pasted in by a worker (channel relay)."""

    PAGE, RELAY = "page", "relay"

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    name = models.CharField(max_length=64)
    channel = models.CharField(max_length=8, default=PAGE)
    street_id = models.UUIDField()
    community_id = models.UUIDField(db_index=True)
    grid_id = models.UUIDField(null=True)
    building_id = models.UUIDField(null=True)
    unit = models.CharField(max_length=16, default="", blank=True)
    invite = models.CharField(max_length=32, unique=True)
    muted = models.BooleanField(default=False)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["community_id", "name"], name="group_name")]


class Member(models.Model):
    """A sender in a channel's conversation. The nickname is personal; `account_id` is set when she signed in."""

    OWNER, MEMBER = "owner", "member"

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="members")
    sender_ref = models.CharField(max_length=80)
    nickname = EncryptedTextField(default="", blank=True)
    account_id = models.UUIDField(null=True, db_index=True)
    role = models.CharField(max_length=8, default=MEMBER)
    staff = models.BooleanField(default=False)
    joined_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["group", "sender_ref"], name="member_once")]


class Message(models.Model):
    """One message, in or out; stored once per (account, dedupe_key) before it is acknowledged.

    `state` 0 waits for the assistant, 1 has its outcome, 2 is stuck and shown to staff. `audience`: the group, one
    member in her stream (`to_member_id`), or only that member's own page. Small talk's text is purged after some days;
    its hash and outcome stay. The words are sealed: they are found by key or index, never by what they say. `account` is the channel account, e.g. page:<group id>.
    """

    NEW, DONE, STUCK = 0, 1, 2
    IN, OUT = "in", "out"
    GROUP, MEMBER, OWN = "group", "member", "own"

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="messages")
    community_id = models.UUIDField()
    member_id = models.UUIDField(null=True)
    account = models.CharField(max_length=64)
    dedupe_key = models.CharField(max_length=80)
    direction = models.CharField(max_length=3, default=IN)
    kind = models.CharField(max_length=8, default="text")
    text = EncryptedTextField(default="", blank=True)
    blob_ids = models.JSONField(default=list)
    hint = models.JSONField(default=dict)
    audience = models.CharField(max_length=8, default=GROUP)
    to_member_id = models.UUIDField(null=True)
    card = models.JSONField(default=dict)
    reply_to = models.UUIDField(null=True)
    sent_at = models.DateTimeField()
    received_at = models.DateTimeField()
    state = models.SmallIntegerField(default=NEW)
    tries = models.SmallIntegerField(default=0)
    outcome = models.CharField(max_length=16, default="", blank=True)
    outcome_id = models.UUIDField(null=True)
    history = models.BooleanField(default=False)
    text_hash = models.CharField(max_length=64, default="", blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "dedupe_key"], name="message_once")]
        indexes = [
            models.Index(fields=["community_id", "id"], condition=models.Q(state=0), name="message_waiting"),
            models.Index(fields=["group", "id"], name="message_group"),
            models.Index(fields=["to_member_id", "id"], condition=models.Q(to_member_id__isnull=False), name="message_to"),
            models.Index(fields=["id"], condition=models.Q(state=2), name="message_stuck"),
        ]  # fmt: skip


class Lane(models.Model):
    """One row per community: whoever holds its lock takes in that community's words, one after the other, so that two
    neighbours' words about one lift never become two orders."""

    community_id = models.UUIDField(primary_key=True)
