"""Roll-ups. A cell is always counted anew from its orders, so that it cannot drift. What each figure means and which is
the denominator of which: docs/figures.md."""

from django.db import models

from linli.kernel import ids


class Cell(models.Model):
    """The orders of one category, kind, clause, way of finding and result of its own (`orders.counted.ASIDE`, else ""), opened in one
    community on one local day; history is a figure apart. Figures of a month are sums over cells (docs/adr/0014)."""

    id = models.BigAutoField(primary_key=True)
    local_day = models.DateField()
    street_id = models.UUIDField()
    community_id = models.UUIDField()
    category = models.CharField(max_length=16)
    kind = models.CharField(max_length=24)
    clause = models.CharField(max_length=32)
    way = models.CharField(max_length=12, default="", blank=True)
    aside = models.CharField(max_length=16, default="", blank=True)
    opened = models.PositiveIntegerField(default=0)
    history = models.PositiveIntegerField(default=0)
    voices = models.PositiveIntegerField(default=0)
    accepted_in_time = models.PositiveIntegerField(default=0)
    accept_due = models.PositiveIntegerField(default=0)
    answered = models.PositiveIntegerField(default=0)
    answered_in_time = models.PositiveIntegerField(default=0)
    answer_due = models.PositiveIntegerField(default=0)
    handled = models.PositiveIntegerField(default=0)
    declined = models.PositiveIntegerField(default=0)
    solved = models.PositiveIntegerField(default=0)
    solved_in_time = models.PositiveIntegerField(default=0)
    solve_due = models.PositiveIntegerField(default=0)
    reopened = models.PositiveIntegerField(default=0)
    returned = models.PositiveIntegerField(default=0)
    satisfied = models.PositiveIntegerField(default=0)
    so_so = models.PositiveIntegerField(default=0)
    unsolved = models.PositiveIntegerField(default=0)
    not_reached = models.PositiveIntegerField(default=0)
    unrated = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["local_day", "community_id", "category", "kind", "clause", "way", "aside"], name="cell_once")
        ]
        indexes = [models.Index(fields=["community_id", "local_day"], name="cell_community")]


class ClauseCell(models.Model):
    """The clocks of one clause, of the orders opened in one community on one local day, that had to be met by now, and those met in
    time: what compliance by clause is a sum of. Counted anew with the cells of its day."""

    id = models.BigAutoField(primary_key=True)
    local_day = models.DateField()
    street_id = models.UUIDField()
    community_id = models.UUIDField()
    clause = models.CharField(max_length=32)
    due = models.PositiveIntegerField(default=0)
    kept = models.PositiveIntegerField(default=0)
    running = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["local_day", "community_id", "clause"], name="clause_cell_once")]
        indexes = [models.Index(fields=["community_id", "local_day"], name="clause_cell_community")]


class Stale(models.Model):
    """A day of a community whose cells have to be counted again."""

    id = models.BigAutoField(primary_key=True)
    local_day = models.DateField()
    street_id = models.UUIDField()
    community_id = models.UUIDField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["local_day", "community_id"], name="stale_once")]


class YearMatter(models.Model):
    """One matter of a community's year (`year.gather`): place and thing, people who spoke, orders (`past`: of former years' files among
    them), and people by week from `since` on. Thrown away and made anew as a whole; no order, no word and no person stands in it."""

    id = models.BigAutoField(primary_key=True)
    street_id = models.UUIDField()
    community_id = models.UUIDField()
    place = models.CharField(max_length=80, default="", blank=True)
    thing = models.CharField(max_length=32)
    kind = models.CharField(max_length=24)
    category = models.CharField(max_length=16)
    people = models.PositiveIntegerField()
    orders = models.PositiveIntegerField()
    past = models.PositiveIntegerField(default=0)
    first_day = models.DateField()
    last_day = models.DateField()
    since = models.DateField()
    weeks = models.JSONField()

    class Meta:
        indexes = [models.Index(fields=["community_id", "people"], name="year_matter_people")]


class YearMade(models.Model):
    """On which day a community's year was last clustered."""

    community_id = models.UUIDField(primary_key=True)
    day = models.DateField()


class Formula(models.Model):
    """How the city makes one mark of several shares: the newest row holds. parts: [{"share": code, "weight": percent}, …], weights
    together 100; without: results of their own (`orders.counted.ASIDE`) whose orders count in none of the shares. Older rows stay: a mark of
    last year can be explained."""

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    name = models.CharField(max_length=40)
    parts = models.JSONField()
    without = models.JSONField(default=list)
    account_id = models.UUIDField(null=True)
    made_at = models.DateTimeField()


class WeekSheet(models.Model):
    """The Monday sheet of one street, or of the district: as it was made, so that what a leader saw can be seen again. `data` holds
    ids, codes and numbers (`week.Sheet`), no names and no words."""

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    area_id = models.UUIDField()
    monday = models.DateField()
    made_at = models.DateTimeField()
    data = models.JSONField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["area_id", "monday"], name="week_sheet_once")]
