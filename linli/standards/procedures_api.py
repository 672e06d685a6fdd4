"""REST of procedures: read by whoever works here; a next version is drafted, changed, rehearsed, read by a second person and brought into
force as at the desk. A procedure's text is the JSON that it is stored as (`flow.parse` reads it)."""

import math
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router, Schema, Status
from pydantic import Field

from linli.calendars import selectors as calendars
from linli.kernel import clock
from linli.kernel.errors import BadInput, NotFound
from linli.kernel.rest import PROBLEMS, no_nul, worker
from linli.standards import access, selectors
from linli.standards.actions import procedures
from linli.standards.api import MOST_VERSION, Reason
from linli.standards.flow import BROKEN, Flow, Limit, parse
from linli.standards.models import Procedure
from linli.standards.problems import problems
from linli.standards.rehearsal import rehearse

router = Router(tags=["standards"])


class OutOfStep(Schema):
    """One way out of a step; `needs`: what has to be given; `told`: the reporters read the words; `second`: another person has to
    confirm it; `ending`: how the order ends with it."""

    code: str
    label: str
    to: str
    needs: list[str]
    told: bool
    second: bool
    ending: str


class LimitOut(Schema):
    """A limit: `amount` in the calendar's own unit (minutes, working minutes, working days; `by_kind`: that of the matter's kind),
    from when until when, and what happens at which percent: [percent, whom, act, outcome]."""

    code: str
    label: str
    amount: int
    calendar: str
    by_kind: bool
    starts: str
    until: str
    clause: str
    ladder: list[list[Any]]


class StepOut(Schema):
    """A step: its type (claim, task, assess, wait, rate, review, end), whose it is, who may claim it, its ways out."""

    code: str
    label: str
    type: str
    who: str
    roles: list[str]
    clause: str
    outcomes: list[OutOfStep]


class ProcedureOut(Schema):
    """One version of a procedure: draft, review, in_force, superseded, withdrawn."""

    id: UUID
    code: str
    version: int
    name: str
    state: str
    clause: str = Field(alias="clause_code")
    in_force_at: datetime | None
    note: str


class ProcedureText(ProcedureOut):
    """A version with its steps and limits; `open_by`: the roles that open an order under it."""

    first: str
    open_by: list[str]
    confidential: bool
    steps: list[StepOut]
    limits: list[LimitOut]


class ProcedureIn(Schema):
    """A procedure's text: `data` in its stored form, as `get_procedure_draft` gives it; `clause`: the clause it follows."""

    name: str = Field(max_length=64)
    clause: str = Field("", max_length=32)
    data: dict[str, Any]


class ProcedureChange(ProcedureIn):
    """The same for a draft. `edit`: the writing that the writer has before her."""

    edit: int = Field(ge=0, le=2_147_483_647)


class WrongOut(Schema):
    """What keeps a draft from coming into force: where (a step's or limit's code, "" the whole) and what to do, in plain Chinese."""

    where: str
    text: str


class ProcedureDraft(ProcedureOut):
    """A version's stored form with what is wrong with it; `edit` goes back with a change."""

    edit: int
    data: dict[str, Any]
    wrong: list[WrongOut]


class RehearsalIn(Schema):
    """An order opened at this moment (without an offset: Beijing time), of this kind, that goes these ways: step → outcome ("" or
    left out: nobody does anything)."""

    opened_at: datetime
    kind: str = Field("", max_length=24)
    ways: dict[str, str] = {}


class HappeningOut(Schema):
    """One line of a rehearsal: when what happens, at which step, with which light."""

    at: datetime
    step: str
    text: str
    light: str


class KindOut(Schema):
    """A kind of matter: in how many minutes of its calendar it is to be solved."""

    code: str
    label: str
    category: str
    confidential: bool
    listed: bool
    solve_minutes: int
    solve_calendar: str


def _limit(x: Limit) -> dict[str, Any]:
    plain = {n: getattr(x, n) for n in ("code", "label", "amount", "calendar", "by_kind", "starts", "until", "clause")}
    return plain | {"ladder": x.rows()}


def _flow(flow: Flow) -> dict[str, Any]:
    return {
        "first": flow.first, "open_by": sorted(flow.open_by), "confidential": flow.confidential, "limits": [_limit(x) for x in flow.limits.values()],
        "steps": [
            {"code": s.code, "label": s.label, "type": s.type, "who": s.who, "roles": list(s.roles), "clause": s.clause,
             "outcomes": [
                 {"code": o.code, "label": o.label, "to": o.to, "needs": sorted(o.needs), "told": o.told, "second": o.second, "ending": o.ending}
                 for o in s.outcomes
             ]}
            for s in flow.steps.values()
        ],
    }  # fmt: skip


PROCEDURE: dict[Any, Any] = {200: ProcedureOut, **PROBLEMS}


@router.get("/kinds", response={200: list[KindOut], **PROBLEMS}, operation_id="list_kinds")
def list_kinds(request: HttpRequest) -> list[Any]:
    """The kinds of matters with their time to solve; `listed` ones are those from which people choose."""
    worker(request)
    return list(selectors.kinds().values())


@router.get("/procedures", response={200: list[ProcedureOut], **PROBLEMS}, operation_id="list_procedures")
def list_procedures(request: HttpRequest, state: Literal["in_force", "written"] = "in_force") -> list[Procedure]:
    """The procedures in force, by code; "written": drafts and those that wait for a second person."""
    access.ask_read(worker(request))
    if state == "written":
        return list(Procedure.objects.filter(state__in=(Procedure.DRAFT, Procedure.REVIEW)).order_by("code"))
    return selectors.procedures()


@router.get("/procedures/{code}", response={200: ProcedureText, **PROBLEMS}, operation_id="get_procedure")
def get_procedure(request: HttpRequest, code: str, version: int = Query(0, ge=0, le=MOST_VERSION)) -> dict[str, Any]:
    """One version with its steps, their ways out and limits; without a version the one in force."""
    access.ask_read(worker(request))
    rows = Procedure.objects.filter(code=no_nul(code))
    row = rows.filter(version=version).first() if version else rows.filter(state=Procedure.IN_FORCE).first()
    if row is None:
        raise NotFound("没有找到这份流程。")
    try:
        flow = parse(row.data)
    except BROKEN as exc:
        raise selectors.BrokenProcedure() from exc
    plain = {n: getattr(row, n) for n in ("id", "code", "version", "name", "state", "clause_code", "in_force_at", "note")}
    return plain | _flow(flow)


@router.post("/procedures/{uuid:procedure_id}/revise", response={201: ProcedureOut, **PROBLEMS}, operation_id="revise_procedure")
def revise_procedure(request: HttpRequest, procedure_id: UUID) -> Status[Procedure]:
    """The next version as a copy, to be changed in its form at the desk."""
    return Status(201, procedures.draft_procedure(by=worker(request), copy_of=procedure_id))


@router.post("/procedures/{uuid:procedure_id}/submit", response=PROCEDURE, operation_id="submit_procedure")
def submit_procedure(request: HttpRequest, procedure_id: UUID) -> Procedure:
    """To a second person; not while anything is wrong with it."""
    return procedures.submit_procedure(by=worker(request), procedure_id=procedure_id)


@router.post("/procedures/{uuid:procedure_id}/return", response=PROCEDURE, operation_id="return_procedure")
def return_procedure(request: HttpRequest, procedure_id: UUID, body: Reason) -> Procedure:
    """Back to its writers, with the reason."""
    return procedures.return_procedure(by=worker(request), procedure_id=procedure_id, words=no_nul(body.words))


@router.post("/procedures/{uuid:procedure_id}/approve", response=PROCEDURE, operation_id="approve_procedure")
def approve_procedure(request: HttpRequest, procedure_id: UUID) -> Procedure:
    """New orders run under it from now on; never by anybody who wrote in it."""
    return procedures.approve_procedure(by=worker(request), procedure_id=procedure_id)


@router.post("/procedures/{uuid:procedure_id}/withdraw", response=PROCEDURE, operation_id="withdraw_procedure")
def withdraw_procedure(request: HttpRequest, procedure_id: UUID) -> Procedure:
    """Take a draft away, or a procedure of one's own making out of use."""
    return procedures.withdraw_procedure(by=worker(request), procedure_id=procedure_id)


@router.get("/procedures/{uuid:procedure_id}/draft", response={200: ProcedureDraft, **PROBLEMS}, operation_id="get_procedure_draft")
def get_procedure_draft(request: HttpRequest, procedure_id: UUID) -> dict[str, Any]:
    """One version in its stored form, with all that is wrong with it."""
    access.ask_read(worker(request))
    row = Procedure.objects.filter(id=procedure_id).first()
    if row is None:
        raise NotFound("没有找到这份流程。")
    return _draft(row)


@router.post("/procedures", response={201: ProcedureDraft, **PROBLEMS}, operation_id="draft_procedure")
def draft_procedure(request: HttpRequest, body: ProcedureIn) -> Status[dict[str, Any]]:
    """A new procedure as a draft; it may still have mistakes, which are told."""
    return Status(201, _draft(procedures.draft_procedure(by=worker(request), text=_text(body))))


@router.post("/procedures/{uuid:procedure_id}/change", response={200: ProcedureDraft, **PROBLEMS}, operation_id="change_procedure")
def change_procedure(request: HttpRequest, procedure_id: UUID, body: ProcedureChange) -> dict[str, Any]:
    """Write a draft anew; refused when somebody else has written it since."""
    return _draft(procedures.change_procedure(by=worker(request), procedure_id=procedure_id, text=_text(body), edit=body.edit))


@router.post("/procedures/{uuid:procedure_id}/rehearse", response={200: list[HappeningOut], **PROBLEMS}, operation_id="rehearse_procedure")
def rehearse_procedure(request: HttpRequest, procedure_id: UUID, body: RehearsalIn) -> list[Any]:
    """A dry run of a version, also of a draft: what happens when, and which light it gives. Nothing is changed."""
    access.ask_read(worker(request))
    row = Procedure.objects.filter(id=procedure_id).first()
    if row is None:
        raise NotFound("没有找到这份流程。")
    start = body.opened_at if body.opened_at.tzinfo else body.opened_at.replace(tzinfo=clock.LOCAL)
    if not 2004 <= start.year <= clock.today().year + 2:
        raise BadInput("请填一个 2004 年以后、两年以内的时间。", "bad_moment")
    kinds = selectors.kinds()
    kind = kinds.get(body.kind) or next(iter(kinds.values()))
    try:
        found = rehearse(
            parse(row.data), start, calendars.get_calendar, kind_limit=(kind.solve_minutes, kind.solve_calendar),
            ways={step: way for step, way in body.ways.items() if way},
        )  # fmt: skip
    except (*BROKEN, StopIteration) as exc:
        raise BadInput("流程还没有写完整，先把不对的地方补好，再试跑。", "broken") from exc
    return found.lines


def _draft(row: Procedure) -> dict[str, Any]:
    plain = {n: getattr(row, n) for n in ("id", "code", "version", "name", "state", "clause_code", "in_force_at", "note", "edit", "data")}
    return plain | {"wrong": problems(row.data, selectors.calendar_kinds())}


def _text(body: ProcedureIn) -> procedures.Text:
    return procedures.Text(name=no_nul(body.name), data=_storable(body.data), clause_code=no_nul(body.clause))


def _storable(value: Any) -> Any:
    """JSON that both databases take: without NUL and half characters. Raises BadInput for a number that is none."""
    match value:
        case str():
            return no_nul(value).encode("utf-8", "ignore").decode()
        case list():
            return [_storable(v) for v in value]
        case dict():
            return {_storable(k): _storable(v) for k, v in value.items()}
        case float() if not math.isfinite(value):
            raise BadInput("数字太大了。", "bad_number")
    return value
