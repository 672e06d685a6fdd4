"""REST of what several rooms make together: the board of the command centre, the message board, one's messages, batches of old orders,
sheets of paper. As on the pages: no count and no list by person."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Path, Query, Router, Schema
from pydantic import Field

from linli.channels import access as archive
from linli.channels.models import Batch
from linli.doors import desk_archive, desk_board, desk_notices, paper_web
from linli.doors.hotline_api import router as hotline
from linli.doors.resident import board as message_board
from linli.grid import selectors as places
from linli.grid.models import Area
from linli.kernel.errors import Forbidden, NotFound
from linli.kernel.rest import PROBLEMS, actor, worker
from linli.notices import actions as notices
from linli.notices import selectors as inbox
from linli.orders.rooms import LOOKERS
from linli.orders.schemas import OrderOut

router = Router(tags=["desk"])
router.add_router("", hotline)
MOST = 100
BIGGEST = 2**63 - 1


class CountOut(Schema):
    """So many of the open orders have this light, state, step or kind."""

    label: str
    count: int


class PlaceCount(Schema):
    """A place with what is open there: late, in the pool, standing still."""

    name: str
    open: int
    red: int
    pooled: int
    waiting: int


class BoardOut(Schema):
    """What is open in the caller's places now; `by_*` are parts of `open`. `opened` and `closed` by day over two weeks, oldest first.
    Lists hold eight orders at most: warned ones, unclaimed ones, those that are late and a day in the same step."""

    open: int
    red: int
    yellow: int
    pooled: int
    waiting: int
    stuck: int
    by_light: list[CountOut]
    by_state: list[CountOut]
    by_step: list[CountOut]
    by_kind: list[CountOut]
    by_place: list[PlaceCount]
    opened: list[int]
    closed: list[int]
    warned: list[OrderOut]
    unclaimed: list[OrderOut]
    stuck_orders: list[OrderOut]


class AnswerOut(Schema):
    """Who answered (an office or the company), when, what."""

    who: str
    at: datetime
    text: str


class MessageShown(Schema):
    """A message that its community let be seen, without a name or number, and what was answered."""

    order_id: UUID
    text: str
    answers: list[AnswerOut]


class NoticeOut(Schema):
    """One message to the caller, as a sentence; `subject_id` is the order that it is about."""

    id: UUID
    kind: str
    text: str
    at: datetime
    unread: bool
    urgent: bool
    subject_kind: str
    subject_id: UUID


class Read(Schema):
    """Which messages were read."""

    ids: list[UUID] = Field(min_length=1, max_length=MOST)


class ReadOut(Schema):
    """How many changed, and how many wait still."""

    read: int
    unread: int


class BatchOut(Schema):
    """A file of old orders: looked, waiting, running, done, broken, leaving, gone; lines read of about `total`, orders new and known, lines
    refused."""

    id: int
    code: str
    state: str
    made_at: datetime
    finished_at: datetime | None
    total: int
    lines: int
    new: int
    known: int
    wrong: int


class SheetOut(Schema):
    """A hand-filled sheet that waits: new, typed (once), differs. `turn`: what the caller may do now (enter, settle or nothing)."""

    id: UUID
    form: str
    label: str
    state: str
    community_id: UUID
    community: str
    made_at: datetime
    turn: str


@router.get("/board", response={200: BoardOut, **PROBLEMS}, operation_id="board_figures")
def board_figures(request: HttpRequest) -> dict[str, Any]:
    """The board of the command centre for the caller's places."""
    by = worker(request)
    if not by.has_role(*LOOKERS):
        raise Forbidden("看板给统筹的同志看；您手上的事在“我的任务”里。")
    b = desk_board.figures(by)
    plain = {n: getattr(b, n) for n in ("open", "red", "yellow", "pooled", "waiting", "stuck", "opened", "closed")}
    counts = {n: [{"label": row[0], "count": row[1]} for row in getattr(b, n)] for n in ("by_light", "by_state", "by_step", "by_kind")}
    lists = {"warned": b.warned, "unclaimed": b.unclaimed, "stuck_orders": b.stuck_rows}
    return plain | counts | {"by_place": b.by_place} | {n: [x.order for x in rows] for n, rows in lists.items()}


@router.get("/board/{uuid:community_id}/messages", response={200: list[MessageShown], **PROBLEMS}, operation_id="board_messages")
def board_messages(request: HttpRequest, community_id: UUID) -> list[dict[str, Any]]:
    """The newest twenty messages on a community's board."""
    if actor(request).kind not in ("worker", "resident"):
        raise Forbidden()
    area = places.area(community_id)
    if area is None or area.level != Area.COMMUNITY:
        raise NotFound("没有这个社区。", "bad_community")
    return [{"order_id": m.order.id, "text": m.text, "answers": m.answers} for m in message_board.messages(area.id, actor(request))]


@router.get("/notices", response={200: list[NoticeOut], **PROBLEMS}, operation_id="my_notices")
def my_notices(request: HttpRequest, unread: bool = False, limit: int = Query(50, ge=1, le=MOST)) -> list[dict[str, Any]]:
    """The caller's own messages, newest first."""
    by = worker(request)
    rows = inbox.inbox(by, limit=limit, unread_only=unread)
    return [
        {"id": n.id, "kind": n.kind, "text": x.text, "at": x.at, "unread": x.unread, "urgent": x.urgent, "subject_kind": n.subject_kind,
         "subject_id": n.subject_id}
        for n, x in zip(rows, desk_notices.lines(by, rows), strict=True)
    ]  # fmt: skip


@router.post("/notices/read", response={200: ReadOut, **PROBLEMS}, operation_id="read_notices")
def read_notices(request: HttpRequest, body: Read) -> dict[str, int]:
    """Mark some of one's own messages as read; others' are passed over."""
    by = worker(request)
    return {"read": notices.mark_read(by, body.ids), "unread": inbox.unread_count(by)}


@router.get("/archive/batches", response={200: list[BatchOut], **PROBLEMS}, operation_id="list_batches")
def list_batches(request: HttpRequest, state: Literal["", "looked", "waiting", "running", "done", "broken", "leaving", "gone"] = "") -> list[Batch]:
    """The newest fifty files of old orders that the caller's places reach."""
    by = worker(request)
    archive.ask(by, "begin_batch")
    return [b for b in desk_archive.batches(by) if state in ("", b.state)]


@router.post("/archive/batches/{int:batch_id}/take-back", response={200: BatchOut, **PROBLEMS}, operation_id="take_back_batch")
def take_back_batch(request: HttpRequest, batch_id: int = Path(ge=0, le=BIGGEST)) -> Batch:
    """Everything that this batch filed goes again; what is more than two thousand orders goes in the background ("leaving")."""
    by = worker(request)
    found = desk_archive.batch_of(by, batch_id)
    desk_archive.undo(by, found)
    found.refresh_from_db()
    return found


@router.get("/paper/sheets", response={200: list[SheetOut], **PROBLEMS}, operation_id="list_sheets")
def list_sheets(request: HttpRequest) -> list[dict[str, Any]]:
    """Hand-filled sheets of the caller's communities that wait to be typed or settled, oldest first, a hundred at most. Nobody's entry."""
    return [
        {"id": s.id, "form": s.form, "label": label, "state": s.state, "community_id": s.community_id, "community": community, "made_at": s.made_at,
         "turn": turn}
        for s, label, community, turn in paper_web.waiting(worker(request))
    ]  # fmt: skip
