"""Tables of places, organisations, posts and duty."""

from django.db import models

from linli.kernel import ids
from linli.kernel.fields import BlindIndexField, EncryptedTextField
from linli.kernel.roles import Role


class Area(models.Model):
    """A place in the tree. `code` is the statistical code (12 digits, grids longer); its length is never fixed."""

    DISTRICT, STREET, COMMUNITY, GRID = "district", "street", "community", "grid"

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    level = models.CharField(max_length=12)
    code = models.CharField(max_length=32, unique=True)
    name = models.CharField(max_length=64)
    village = models.BooleanField(default=False)
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="children")
    street_id = models.UUIDField(null=True)
    community_id = models.UUIDField(null=True)
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)
    replaced_by = models.UUIDField(null=True)
    roads = models.JSONField(default=list)
    landmarks = models.JSONField(default=list)

    class Meta:
        indexes = [models.Index(fields=["level", "code"], name="area_level")]


class Organisation(models.Model):
    """A property company, a street section, a department, a firm …"""

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    name = models.CharField(max_length=64)
    kind = models.CharField(max_length=24)
    area = models.ForeignKey(Area, null=True, on_delete=models.PROTECT)
    phone = models.CharField(max_length=24, default="", blank=True)


class Building(models.Model):
    """A building, stamped with the places it stands in. `qr` is the unguessable part of the codes in its lifts."""

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    estate = models.CharField(max_length=48)
    name = models.CharField(max_length=32)
    units = models.PositiveSmallIntegerField(default=1)
    street_id = models.UUIDField()
    community_id = models.UUIDField(db_index=True)
    grid_id = models.UUIDField()
    property_org = models.ForeignKey(Organisation, null=True, on_delete=models.SET_NULL)
    qr = models.CharField(max_length=24, unique=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["community_id", "estate", "name"], name="building_name")]


class Home(models.Model):
    """One home. The exact address is personal: the room number is encrypted, found by its blind index."""

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    building = models.ForeignKey(Building, on_delete=models.PROTECT)
    unit = models.CharField(max_length=16, default="", blank=True)
    room = EncryptedTextField()
    room_index = BlindIndexField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["building", "unit", "room_index"], name="home_once")]


class Post(models.Model):
    """account × role × area or organisation × line × period. Posts are data; rights are tables in each slice."""

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    account_id = models.UUIDField(db_index=True)
    role = models.CharField(max_length=24, choices=[(r.value, r.value) for r in Role])
    area = models.ForeignKey(Area, null=True, on_delete=models.PROTECT)
    org = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT)
    line = models.CharField(max_length=24, default="", blank=True)
    title = models.CharField(max_length=32, default="", blank=True)
    starts = models.DateField(null=True)
    ends = models.DateField(null=True)

    class Meta:
        indexes = [models.Index(fields=["area", "role"], name="post_area_role")]


class Absence(models.Model):
    """Leave of an account, with the colleague who stands in."""

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    account_id = models.UUIDField(db_index=True)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    stand_in_id = models.UUIDField(null=True)


class RosterShift(models.Model):
    """Who is on duty for an area (street or community) outside the workers' hours: weekly pattern or a single day.

    `weekday` 0–6 repeats each week; `day` overrides the pattern for that date. `ends` ≤ `starts` runs past midnight.
    """

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    area = models.ForeignKey(Area, on_delete=models.CASCADE)
    account_id = models.UUIDField()
    weekday = models.SmallIntegerField(null=True)
    day = models.DateField(null=True)
    starts = models.TimeField()
    ends = models.TimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(weekday__isnull=False, day__isnull=True)
                | models.Q(weekday__isnull=True, day__isnull=False),
                name="roster_weekday_or_day",
            )
        ]
