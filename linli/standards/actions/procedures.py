"""Procedures: drafted or copied, changed, read by a second person, in force, replaced. What was ever in force stays as it
was: orders keep their version."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from django.db.models import Max

from linli.kernel import clock, ids
from linli.kernel.actors import Actor
from linli.kernel.errors import BadInput, Conflict, Forbidden, NotFound
from linli.ledger.models import Event
from linli.ledger.record import Row, record
from linli.standards import access, selectors
from linli.standards.flow import BROKEN, Flow, parse
from linli.standards.form import form_of
from linli.standards.models import Kind, Procedure
from linli.standards.problems import problems
from linli.standards.procedures import PROCEDURES
from linli.standards.states import PROCEDURE_MOVES

LONGEST_NAME = 16
#: the product itself opens orders under these: they are changed, never taken away
BUILT_IN = frozenset(code for code, *_ in PROCEDURES)
#: kinds made at the desk stand after those that every district has
AFTER_SEEDED = 100
WRITTEN = (Procedure.DRAFT, Procedure.REVIEW)


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """What a version says. data: as `flow.parse` reads it; its "kind" {"label", "category"} makes a kind of its own."""

    name: str
    data: dict[str, Any]
    clause_code: str = ""


@transaction.atomic
def draft_procedure(
    *, by: Actor, text: Text | None = None, copy_of: UUID | None = None, procedure_id: UUID | None = None
) -> Procedure:  # fmt: skip
    """A new procedure from a text, or the next version of one as a copy. The same `procedure_id` again gives the draft it
    made. Raises Forbidden, NotFound, BadInput, Conflict when a version of it is being written already or the id is taken."""
    access.ask(by, "draft_procedure")
    known = Procedure.objects.filter(id=procedure_id).first() if procedure_id else None
    if known is not None:
        if known.author_id != by.id:
            raise Conflict("这份表单已经用过了，请从头写一份。", "key_taken")
        return known
    new = Procedure(id=procedure_id or ids.new(), state=Procedure.DRAFT, author_id=by.id, changed_by=by.id, changed_at=clock.now())
    if copy_of is not None:
        old = Procedure.objects.filter(id=copy_of).first()
        if old is None:
            raise NotFound("没有找到这份流程。")
        if Procedure.objects.filter(code=old.code, state__in=WRITTEN).exists():
            raise Conflict("这份流程已经有一份新稿在写，请接着改那一份。", "written_already")
        newest = Procedure.objects.filter(code=old.code).aggregate(newest=Max("version"))["newest"]
        new.code, new.version, new.name, new.clause_code, new.data = old.code, newest + 1, old.name, old.clause_code, old.data
    elif text is not None:
        new.code, new.version = f"p{new.id.hex[-12:]}", 1
        _write(new, text)
    else:
        raise BadInput()
    try:
        with transaction.atomic():
            new.save(force_insert=True)
    except IntegrityError as exc:
        raise Conflict("这份流程已经有一份新稿在写，请接着改那一份。", "written_already") from exc
    record(by, "standards.draft_procedure", _row(new))
    return new


def _write(row: Procedure, text: Text) -> None:
    name = " ".join(text.name.split())
    if not name:
        raise BadInput("请给流程起个名字。", "missing_name")
    if len(name) > LONGEST_NAME:
        raise BadInput(f"名字请在 {LONGEST_NAME} 个字以内。", "long_name")
    try:
        # Whatever is kept can be judged, and shown in its form.
        parse(text.data)
        problems(text.data, calendars := selectors.calendar_kinds())
        form_of(name, text.clause_code, text.data, calendars)
    except BROKEN as exc:
        raise BadInput("这份流程读不出来，请检查步骤和时限是否填全。", "unreadable") from exc
    row.name, row.clause_code, row.data = name, text.clause_code.strip()[:32], text.data


@transaction.atomic
def change_procedure(*, by: Actor, procedure_id: UUID, text: Text, edit: int) -> Procedure:
    """Save a draft. `edit`: the writing that the actor has before her. Raises Conflict("changed_meanwhile") when another
    one was saved since, WrongState, BadInput, NotFound, Forbidden."""
    access.ask(by, "change_procedure")
    row = _locked(procedure_id)
    PROCEDURE_MOVES.apply("change_procedure", row)
    _write(row, text)
    # SQLite knows no row lock: the guarded update decides.
    done = Procedure.objects.filter(id=row.id, edit=edit, state=Procedure.DRAFT).update(
        name=row.name, clause_code=row.clause_code, data=row.data, edit=edit + 1, changed_by=by.id, changed_at=clock.now(),
    )  # fmt: skip
    if not done:
        raise Conflict("刚才有同事存过这份草稿，和您手里的不是同一稿。您写的都还在，没有丢。", "changed_meanwhile")
    row.refresh_from_db()
    record(by, "standards.change_procedure", _row(row, edit=row.edit))
    return row


@transaction.atomic
def submit_procedure(*, by: Actor, procedure_id: UUID) -> Procedure:
    """A draft goes to a second person; not while anything is wrong with it. Raises BadInput("broken") with what is wrong."""
    access.ask(by, "submit_procedure")
    row = _locked(procedure_id)
    _whole(row)
    return _move(by, "submit_procedure", row, note="")


@transaction.atomic
def return_procedure(*, by: Actor, procedure_id: UUID, words: str) -> Procedure:
    """Not yet: back to its writers with the reason."""
    access.ask(by, "return_procedure")
    words = " ".join(words.split())[:200]
    if not words:
        raise BadInput("请写明要改哪里。", "missing_words")
    return _move(by, "return_procedure", _locked(procedure_id), words=words, note=words)


@transaction.atomic
def approve_procedure(*, by: Actor, procedure_id: UUID) -> Procedure:
    """From now on new orders run under this version; the one before is superseded, orders under it go on as they were.

    Never by anybody who wrote in it. Raises Forbidden, BadInput("broken"), WrongState, Conflict.
    """
    access.ask(by, "approve_procedure")
    row = _locked(procedure_id)
    if by.id is not None and _wrote(by.id, row):
        raise Forbidden("这份流程您自己写过，请另一位同志来审核。")
    _whole(row)
    Procedure.objects.filter(code=row.code, state=Procedure.IN_FORCE).update(state=Procedure.SUPERSEDED)
    done = _move(by, "approve_procedure", row, approver_id=by.id, in_force_at=clock.now())
    _kind(done)
    return done


@transaction.atomic
def withdraw_procedure(*, by: Actor, procedure_id: UUID) -> Procedure:
    """Take a draft away (also one's own), or a procedure out of use: no new order is opened under it, those that run go on.

    Raises Forbidden for those that the product itself needs.
    """
    row = _locked(procedure_id)
    own = row.state in WRITTEN and by.id is not None and row.author_id == by.id
    access.ask(by, "change_procedure" if own else "withdraw_procedure")
    if row.state == Procedure.IN_FORCE:
        if row.code in BUILT_IN:
            raise Forbidden("这份流程系统离不开，可以改，不能撤下。")
        Kind.objects.filter(procedure=row.code).update(listed=False)
    return _move(by, "withdraw_procedure", row)


def _locked(procedure_id: UUID) -> Procedure:
    rows = Procedure.objects.filter(id=procedure_id)
    if connection.features.has_select_for_update:
        rows = rows.select_for_update()
    row = rows.first()
    if row is None:
        raise NotFound("没有找到这份流程。")
    return row


def _move(by: Actor, verb: str, row: Procedure, *, words: str = "", **changes: Any) -> Procedure:
    before = PROCEDURE_MOVES.apply(verb, row, words=words)
    if not Procedure.objects.filter(id=row.id, state=before).update(state=row.state, **changes):
        raise Conflict()
    row.refresh_from_db()
    record(by, f"standards.{verb}", _row(row, **{"from": str(before)}))
    return row


def _row(row: Procedure, **facts: Any) -> Row:
    return Row("procedure", row.id, facts={"code": row.code, "version": row.version, **facts})


def _whole(row: Procedure) -> None:
    found = problems(row.data, selectors.calendar_kinds())
    if found:
        more = f"（还有 {len(found) - 1} 处）" if len(found) > 1 else ""
        raise BadInput(f"还不能用：{found[0].text}{more}", "broken")


def _wrote(account_id: UUID, row: Procedure) -> bool:
    wrote = ("standards.draft_procedure", "standards.change_procedure")
    return account_id in (row.author_id, row.changed_by) or Event.objects.filter(
        subject_id=row.id, verb__in=wrote, actor_id=account_id
    ).exists()


def _kind(row: Procedure) -> None:
    """The kind of matter that a procedure of one's own brings along, so that orders can be opened with it."""
    given = row.data.get("kind")
    if not given or row.code in BUILT_IN:
        return
    amount, calendar = _solve(parse(row.data))
    values = {
        "label": (given.get("label") or row.name)[:16], "category": given["category"], "solve_minutes": amount, "solve_calendar": calendar,
        "procedure": row.code, "listed": True,
    }  # fmt: skip
    Kind.objects.update_or_create(code=row.code[:24], defaults=values, create_defaults={**values, "order": AFTER_SEEDED})


def _solve(flow: Flow) -> tuple[int, str]:
    """(amount, calendar) in which a matter of the kind is to be solved: the limit that runs until then, else the longest."""
    own = [x for x in flow.limits.values() if not x.by_kind]
    found = next((x for x in own if x.until == "handle"), None) or max(own, key=lambda x: x.amount)
    return found.amount, found.calendar
