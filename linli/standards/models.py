"""Tables of standards: clauses, kinds of matters, procedures."""

from django.db import models

from linli.kernel import ids


class Clause(models.Model):
    """One clause of one of the standards system's documents (domain.md A14)."""

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    code = models.CharField(max_length=32)
    version = models.PositiveSmallIntegerField(default=1)
    document = models.CharField(max_length=64)
    number = models.CharField(max_length=16)
    text = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["code", "version"], name="clause_version")]


class Kind(models.Model):
    """A kind of matter: 8 daily, 5 sensitive, those that wait for a person's ear or eye, and complaints of our own people.

    `solve_minutes` are minutes of the calendar `solve_calendar` (working hours), see `linli.calendars`.
    """

    code = models.CharField(primary_key=True, max_length=24)
    label = models.CharField(max_length=16)
    sensitive = models.BooleanField(default=False)
    #: nothing of it stands where others read
    confidential = models.BooleanField(default=False)
    #: whose it is from the first minute: "" the worker of the place, "head" the community's, "street" the street's leader
    first = models.CharField(max_length=8, default="", blank=True)
    category = models.CharField(max_length=16)
    solve_minutes = models.PositiveIntegerField()
    solve_calendar = models.CharField(max_length=24)
    order = models.PositiveSmallIntegerField(default=0)
    #: does it stand in the lists from which people choose when they take a word in?
    listed = models.BooleanField(default=True)
    #: the procedure that its orders run under, where a street has written one for it; "" by the general rule
    procedure = models.CharField(max_length=32, default="", blank=True)


class Procedure(models.Model):
    """One version of a procedure; `data` as `flow.parse` reads it. A version that was ever in force never changes:
    orders keep theirs."""

    DRAFT, REVIEW, IN_FORCE, SUPERSEDED, WITHDRAWN = "draft", "review", "in_force", "superseded", "withdrawn"

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    code = models.CharField(max_length=32)
    version = models.PositiveSmallIntegerField(default=1)
    name = models.CharField(max_length=32)
    state = models.CharField(max_length=12, default=IN_FORCE)
    clause_code = models.CharField(max_length=32)
    data = models.JSONField()
    #: who wrote this version and who brought it into force: never one person
    author_id = models.UUIDField(null=True)
    approver_id = models.UUIDField(null=True)
    in_force_at = models.DateTimeField(null=True)
    #: which writing of the draft this is: who saves gives the one she read, so that nobody's words are lost unseen
    edit = models.PositiveIntegerField(default=0)
    changed_by = models.UUIDField(null=True)
    changed_at = models.DateTimeField(null=True)
    #: why it was returned
    note = models.CharField(max_length=200, default="", blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["code", "version"], name="procedure_version"),
            models.UniqueConstraint(fields=["code"], condition=models.Q(state__in=("draft", "review")), name="procedure_written_once"),
            models.UniqueConstraint(fields=["code"], condition=models.Q(state="in_force"), name="procedure_in_force_once"),
        ]
