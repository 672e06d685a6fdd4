"""What nobody has written down yet: a question in a department's queue, with a limit, until somebody knows.

The asker is answered by the order (a story carries the words there); here the department answers once for all, and its
answer becomes a proposed entry.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction

from linli.calendars import selectors as calendars
from linli.grid import selectors as places
from linli.kernel import clock, ids
from linli.kernel.actors import Actor
from linli.kernel.bulk import insert_rows
from linli.kernel.errors import BadInput, Forbidden, NotFound
from linli.knowledge import access, departments
from linli.knowledge.actions.entries import Text, checked, written
from linli.knowledge.models import Entry, Gap
from linli.knowledge.states import GAP_MOVES, GapState
from linli.ledger.record import Row, record, record_many

CALENDAR, DAYS = "days", 3
"""A department answers within three working days (小栖知识库管理规范)."""
LONGEST = 2000


@dataclass(frozen=True, slots=True)
class Unknown:
    """A question that the base did not know: its order, place, neutral words ("" when a person has to find them)."""

    order_id: UUID
    street_id: UUID
    community_id: UUID
    department: str
    question: str
    asked_at: datetime


def _row(gap: Gap, facts: dict | None = None) -> Row:
    return Row("gap", gap.id, gap.street_id, gap.community_id, facts=facts or {})


@transaction.atomic
def open_gaps(*, by: Actor, unknown: Sequence[Unknown]) -> list[Gap]:
    """Put questions into their departments' queues, each order once. Returns the new ones."""
    have = set(Gap.objects.filter(order_id__in=[u.order_id for u in unknown]).values_list("order_id", flat=True))
    codes = places.community_codes()
    gaps = []
    for u in unknown:
        if u.order_id in have:
            continue
        have.add(u.order_id)
        worktime = calendars.get_calendar(CALENDAR, codes.get(u.community_id, ""))
        gaps.append(
            Gap(id=ids.new(), order_id=u.order_id, street_id=u.street_id, community_id=u.community_id, department=u.department,
                question=u.question, asked_at=u.asked_at, due_at=worktime.add(u.asked_at, DAYS))
        )  # fmt: skip
    insert_rows(gaps)
    record_many(by, "knowledge.open_gaps", [_row(g, {"department": departments.CODES[g.department], "order": str(g.order_id)}) for g in gaps])
    return gaps


def _locked(by: Actor, gap_id: UUID) -> Gap:
    rows = Gap.objects.filter(id=gap_id)
    gap = (rows.select_for_update() if connection.features.has_select_for_update else rows).first()
    if gap is None:
        raise NotFound("没有找到这个问题。")
    if not access.may_answer(by, gap):
        raise Forbidden("这个问题在别的部门那里。")
    return gap


@transaction.atomic
def word_gap(*, by: Actor, gap_id: UUID, question: str) -> Gap:
    """A person says the question so that it tells nothing of who asked. Raises BadInput, WrongState, NotFound, Forbidden."""
    gap = _locked(by, gap_id)
    question = " ".join(question.split())[:200]
    if len(question) < 4:
        raise BadInput("请把问题写成一句话，不带姓名、电话和门牌。", "missing_question")
    GAP_MOVES.apply("word_gap", gap, question=question)
    gap.question = question
    gap.save(update_fields=["question"])
    record(by, "knowledge.word_gap", _row(gap))
    return gap


@transaction.atomic
def move_gap(*, by: Actor, gap_id: UUID, department: str, words: str) -> Gap:
    """Not ours: to another department, with the reason. The limit stays: the asker waits all the same."""
    gap = _locked(by, gap_id)
    if department not in departments.NAMES or department == gap.department:
        raise BadInput("请另选一个部门。", "bad_department")
    words = words.strip()[:200]
    if not words:
        raise BadInput("请写一句为什么转过去。", "missing_words")
    before = gap.department
    GAP_MOVES.apply("move_gap", gap, department=department, words=words)
    gap.department, gap.reason, gap.moved = department, words, gap.moved + 1
    gap.save(update_fields=["department", "reason", "moved"])
    record(by, "knowledge.move_gap", _row(gap, {"from": departments.CODES[before], "to": departments.CODES[department]}))
    return gap


@transaction.atomic
def answer_gap(*, by: Actor, gap_id: UUID, words: str, source: str, propose: bool = True) -> Gap:
    """The department's answer: to the asker by her order, and proposed as an entry that a second person reviews.

    Raises BadInput without words or source, WrongState when it is answered, NotFound, Forbidden.
    """
    gap = _locked(by, gap_id)
    if not gap.question:
        raise BadInput("请先把问题写成一句不带个人信息的话。", "missing_question")
    text = checked(Text(question=gap.question, answer=words, source=source, department=gap.department))
    GAP_MOVES.apply("answer_gap", gap, words=text.answer)
    if propose:
        gap.entry_id = written(by, text, None, "", Entry.REVIEW).id
    gap.answer, gap.answered_at, gap.answered_by = text.answer, clock.now(), by.id
    gap.save()
    facts = {"order": str(gap.order_id), "department": departments.CODES[gap.department], "in_time": gap.answered_at <= gap.due_at, "entry": str(gap.entry_id) if gap.entry_id else None}
    record(by, "knowledge.answer_gap", _row(gap, facts))
    return gap


@transaction.atomic
def close_gap(*, by: Actor, gap_id: UUID, words: str) -> Gap:
    """No question after all, or one that no base can answer; with the reason."""
    gap = _locked(by, gap_id)
    GAP_MOVES.apply("close_gap", gap, words=words.strip())
    gap.reason = words.strip()[:200]
    gap.save(update_fields=["state", "reason"])
    record(by, "knowledge.close_gap", _row(gap))
    return gap


@transaction.atomic
def settle_gap(*, by: Actor, order_id: UUID, author: UUID | None, words: str) -> Gap | None:
    """The person on duty answered the asker first: the queue has nothing more to wait for. None when there is no gap or it
    is settled already."""
    rows = Gap.objects.filter(order_id=order_id, state=GapState.WAITING)
    gap = (rows.select_for_update() if connection.features.has_select_for_update else rows).first()
    if gap is None:
        return None
    gap.state, gap.answer, gap.answered_at, gap.answered_by = GapState.ANSWERED, words[:LONGEST], clock.now(), author
    gap.save()
    record(by, "knowledge.settle_gap", _row(gap, {"order": str(order_id), "in_time": gap.answered_at <= gap.due_at}))
    return gap
