"""Roll-ups. A cell is always counted anew from its orders, so that it cannot drift. What each figure means and which is
the denominator of which: docs/figures.md."""

from django.db import models


class Cell(models.Model):
    """One category at one community on one local day (the day of opening); history is a figure apart."""

    id = models.BigAutoField(primary_key=True)
    local_day = models.DateField()
    street_id = models.UUIDField()
    community_id = models.UUIDField()
    category = models.CharField(max_length=16)
    dirty = models.BooleanField(default=True)
    opened = models.PositiveIntegerField(default=0)
    history = models.PositiveIntegerField(default=0)
    voices = models.PositiveIntegerField(default=0)
    answered = models.PositiveIntegerField(default=0)
    answered_in_time = models.PositiveIntegerField(default=0)
    answer_due = models.PositiveIntegerField(default=0)
    handled = models.PositiveIntegerField(default=0)
    declined = models.PositiveIntegerField(default=0)
    solved = models.PositiveIntegerField(default=0)
    solved_in_time = models.PositiveIntegerField(default=0)
    solve_due = models.PositiveIntegerField(default=0)
    reopened = models.PositiveIntegerField(default=0)
    satisfied = models.PositiveIntegerField(default=0)
    so_so = models.PositiveIntegerField(default=0)
    unsolved = models.PositiveIntegerField(default=0)
    not_reached = models.PositiveIntegerField(default=0)
    unrated = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["local_day", "community_id", "category"], name="cell_once")]
        indexes = [
            models.Index(fields=["id"], condition=models.Q(dirty=True), name="cell_dirty"),
            models.Index(fields=["community_id", "local_day"], name="cell_community"),
        ]
