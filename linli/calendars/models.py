"""Calendars, their shifts, and the days that differ from the plain week."""

from django.db import models
from django.db.models import Q

from linli.calendars import worktime
from linli.kernel import ids


class Kind(models.TextChoices):
    """What a limit on the calendar is counted in."""

    CLOCK = worktime.CLOCK, "全天候"
    HOURS = worktime.HOURS, "工作时间"
    DAYS = worktime.DAYS, "工作日"


class Calendar(models.Model):
    """A code that limits refer to; an area may have its own calendar under the same code."""

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    code = models.CharField(max_length=40)
    area_code = models.CharField(max_length=40, blank=True, default="")
    name = models.CharField(max_length=60)
    kind = models.CharField(max_length=8, choices=Kind.choices)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["code", "area_code"], name="calendars_code_per_area"),
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="calendars_kind_known"),
        ]

    def __str__(self) -> str:
        return f"{self.code}@{self.area_code or '*'}"


class Shift(models.Model):
    """Open time on one weekday (0 = Monday), wall time in China; an end at or before the start is the next day's."""

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    calendar = models.ForeignKey(Calendar, on_delete=models.CASCADE, related_name="shifts")
    weekday = models.PositiveSmallIntegerField()
    starts = models.TimeField()
    ends = models.TimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["calendar", "weekday", "starts"], name="calendars_shift_once"),
            models.CheckConstraint(condition=Q(weekday__lte=6), name="calendars_weekday_known"),
        ]


class SpecialDay(models.Model):
    """A day that differs from the plain week: a holiday, a make-up day, or an area's own decision."""

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    area_code = models.CharField(max_length=40, blank=True, default="")
    day = models.DateField()
    working = models.BooleanField()
    name = models.CharField(max_length=60, blank=True, default="")
    provisional = models.BooleanField(default=False)  # entered before the publication; gives way to it

    class Meta:
        constraints = [models.UniqueConstraint(fields=["area_code", "day"], name="calendars_day_per_area")]

