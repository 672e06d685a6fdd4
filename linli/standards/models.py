"""Tables of standards: documents with their clauses, kinds of matters, procedures."""

from django.db import models

from linli.kernel import ids


class Document(models.Model):
    """One version of a standard (domain.md A14). A version that was ever approved never changes, nor do its clauses.

    `writers`: the accounts that wrote any of it, as strings; none of them may approve it. `note`: what the reviewer wants
    changed. `valid_from` is the day it is or was in force from; past `valid_until` it is to be looked at again, and goes
    on until a version takes its place. `in_force_at` and `superseded_at` are the moments: an order is read under the
    version of its time.
    """

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    code = models.CharField(max_length=8)
    version = models.PositiveSmallIntegerField(default=1)
    title = models.CharField(max_length=60)
    subsystem = models.CharField(max_length=16)
    module = models.CharField(max_length=24)
    state = models.CharField(max_length=12, default="draft")
    scope = models.TextField()
    object = models.TextField()
    flow = models.JSONField(default=list)
    requirement = models.TextField()
    valid_from = models.DateField(null=True)
    valid_until = models.DateField(null=True)
    writers = models.JSONField(default=list)
    approver_id = models.UUIDField(null=True)
    note = models.CharField(max_length=200, default="", blank=True)
    changed_at = models.DateTimeField()
    in_force_at = models.DateTimeField(null=True)
    superseded_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["code", "version"], name="document_version"),
            models.UniqueConstraint(fields=["code"], condition=models.Q(state="in_force"), name="document_in_force_once"),
            models.UniqueConstraint(
                fields=["code"], condition=models.Q(state__in=["draft", "review", "approved"]), name="document_coming_once"
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Clause(models.Model):
    """One clause of a version. `code` is what procedures and orders name: the standard's code and the number, WXQ-4.2.
    `values`: rows as `documents.Value` reads them. `tokens`: words for the search, a space before and after each."""

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="clauses")
    code = models.CharField(max_length=32, db_index=True)
    number = models.CharField(max_length=16)
    chapter = models.CharField(max_length=60)
    title = models.CharField(max_length=60)
    text = models.TextField()
    values = models.JSONField(default=list)
    position = models.PositiveIntegerField()
    tokens = models.TextField(default="", blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["document", "number"], name="clause_once")]


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
