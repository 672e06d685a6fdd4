"""People, and what ties them to accounts and members."""

from django.db import models

from linli.kernel import ids
from linli.kernel.fields import BlindIndexField, EncryptedTextField


class Person(models.Model):
    """A person of the base data; every personal column is encrypted, found by blind index only."""

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    name = EncryptedTextField(default="", blank=True)
    phone = EncryptedTextField(default="", blank=True)
    phone_index = BlindIndexField(db_index=True)
    id_number = EncryptedTextField(default="", blank=True)
    id_index = BlindIndexField(db_index=True)
    home_id = models.UUIDField(null=True, db_index=True)
    community_id = models.UUIDField(null=True, db_index=True)
    birth_year = models.PositiveSmallIntegerField(null=True)


class Link(models.Model):
    """Person–Account or Person–Member: who says so, on what evidence, with what consent, from when to when."""

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE)
    account_id = models.UUIDField(null=True, db_index=True)
    member_id = models.UUIDField(null=True, db_index=True)
    evidence = models.CharField(max_length=24)
    consent = models.CharField(max_length=24, default="", blank=True)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)
