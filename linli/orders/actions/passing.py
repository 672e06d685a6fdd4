"""The way out of a step: one of the outcomes that the procedure gives it. A result is told to the voices and rated; other
outcomes lead on. Some want a second person's yes first (`requests`)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from linli.kernel import clock
from linli.kernel.actors import Actor
from linli.kernel.errors import BadInput, Conflict, Forbidden, WrongState
from linli.orders import access, assignees, hands
from linli.orders.actions import clocking, scoring, stepping
from linli.orders.actions.clocking import flow_of, flow_to_show
from linli.orders.actions.common import clean_words, tell
from linli.orders.actions.working import answered, check_assignee, has_matter
from linli.orders.models import Concerned, Order, Request
from linli.orders.states import CHILD, MOVES, SOLVED, OrderState
from linli.standards.flow import ASSESS, NEEDS, PARTS, RATE, REVIEW, Flow, Outcome, Step

WAIT_AT_MOST = timedelta(days=400)


@dataclass(slots=True)
class Given:
    """What a person gives with an outcome; which of it is needed says the procedure (flow.NEEDS)."""

    words: str = ""
    blobs: list[str] = field(default_factory=list)
    person: UUID | None = None
    until: datetime | None = None
    law: str = ""
    #: where on the spot, in words: 2单元3楼楼道
    place: str = ""
    #: whose line of duty it is, where the step after it is a worker's of a line
    line: str = ""
    seriousness: int = 0
    difficulty: int = 0
    #: the parts of a closing report by their code (flow.PARTS)
    parts: dict[str, str] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """The words with the place on the spot and the article they rest on."""
        return "\n".join([self.words, *[f"到场位置：{self.place}"] * bool(self.place), *[f"依据：{self.law}"] * bool(self.law)]).strip()


@transaction.atomic
def pass_step(*, by: Actor, order_id: UUID, outcome: str, given: Given | None = None, at_step: str = "") -> Order:
    """Leave the order's step by one of its outcomes; see `flow.Outcome` for what each may ask for. `at_step`: the step
    that the person saw; another step may have an outcome of the same name.

    Raises BadInput (what is missing), WrongState (not possible here or any more), Forbidden (somebody else's step),
    Conflict when somebody has moved it on meanwhile.
    A result is recorded as handle_order, a review's end as conclude_review, all others as pass_step.
    """
    order = access.get_locked(by, order_id, "read")
    step = flow_of(order).step(order.step)
    if at_step and at_step != step.code:
        raise Conflict("刚才有人已经把这件事办到下一步了，请刷新后再看。", "moved_on")
    if not access.may_pass(by, order, step.who, "pass_step"):
        raise Forbidden("这一步由别的同志来办。")
    if not MOVES.allows("pass_step", order.state):
        raise WrongState()
    return _out(by, order, choose(step, outcome, given or Given()), given or Given())


@transaction.atomic
def handle_order(
    *, by: Actor, order_id: UUID, words: str, blobs: list[str] | None = None, ending: str = "done", author: UUID | None = None
) -> Order:  # fmt: skip
    """Close with a result: done, an honest no ("no"), or not ours ("not_ours"), or what else this step's procedure knows.

    The voices are asked to rate; *solved* counts only while none of them says 没解决. `author`: whose words they are when
    a machine carries them here (a department's answer to a question).
    """
    order = access.get_locked(by, order_id, "handle_order")
    flow = flow_of(order)
    step = flow.step(order.step)
    if not access.may_pass(by, order, step.who, "handle_order"):
        raise Forbidden("这一步由别的同志来办。")
    words = clean_words(words, "办理结果")
    if not has_matter(words):
        raise BadInput("请写清办了什么、结果怎样；不能办的，写明原因和去处。", "no_matter")
    if not MOVES.allows("handle_order", order.state):
        raise WrongState()
    outcome = next((o for o in step.outcomes if ending in (o.code, o.ending) and flow.gives_result(o)), None)
    if outcome is None:
        raise BadInput("请选择结果。", "bad_ending")
    return _out(by, order, outcome, Given(words=words, blobs=blobs or []), author=author)


@transaction.atomic
def conclude_review(*, by: Actor, order_id: UUID, words: str, outcome: str = "") -> Order:
    """The reviewing body's final letter: what was found, and where to go next. The order ends."""
    order = access.get_locked(by, order_id, "conclude_review")
    words = clean_words(words, "最终答复")
    if order.state != OrderState.REVIEW:
        raise WrongState()
    step = flow_of(order).step(order.step)
    return _out(by, order, choose(step, outcome or step.outcomes[0].code, Given()), Given(words=words))


def _out(by: Actor, order: Order, outcome: Outcome, given: Given, *, author: UUID | None = None) -> Order:
    flow = flow_of(order)
    step = flow.step(order.step)
    verb = verb_of(flow, order, step, outcome)
    given = check(order, step, outcome, given)
    MOVES.apply("request_outcome" if outcome.second else verb, order, words=given.words or "-")
    if outcome.second:
        return ask_second(by, order, outcome, given)
    return carry(by, order, outcome, given, verb, author=author)


def pass_for(by: Actor, order: Order, outcome: Outcome, given: Given) -> Order:
    """`pass_step` for a caller that holds the order's lock and has asked by itself whether `by` may."""
    return _out(by, order, outcome, given)


def choose(step: Step, code: str, given: Given) -> Outcome:
    """The outcome of that code; an assessment's level follows from its two axes. Raises BadInput."""
    if step.type == ASSESS and (code == "" or code.startswith("level")):
        if not (1 <= given.seriousness <= 3 and 1 <= given.difficulty <= 3):
            raise BadInput("请从两个方面评：严重紧急程度、处置难度，各选一档。", "missing_axes")
        # Rows run from light to grave, columns from easy to hard.
        code = f"level{step.matrix[given.seriousness - 1][given.difficulty - 1]}"
    outcome = step.outcome(code)
    if outcome is None:
        raise BadInput("请选择结果。", "bad_outcome")
    return outcome


def verb_of(flow: Flow, order: Order, step: Step, outcome: Outcome) -> str:
    """Which verb an outcome is: a result, the end of a review, or a step on the way."""
    if step.type == REVIEW:
        return "conclude_review"
    over = order.handled_at is not None and not outcome.result and not outcome.ending
    return "handle_order" if flow.gives_result(outcome) and not over else "pass_step"


def check(order: Order, step: Step, outcome: Outcome, given: Given) -> Given:
    """Is it still time, and is everything given that the procedure asks for? Raises WrongState, BadInput."""
    now = clock.now()
    if not stepping.in_bounds(order, outcome, now):
        raise WrongState(f"“{outcome.label}”的期限已经过了。", "too_late")
    if (outcome.children or flow_of(order).gives_result(outcome)) and open_children(order):
        raise WrongState("协办的单位还没有都答复，请等他们答复后再办结。", "children_open")
    needs = outcome.needs
    if needs & set(PARTS):
        given.words = _report(needs, given)
    if "words" in needs or given.words:
        given.words = clean_words(given.words, "说明" if not outcome.told else "内容")
        if outcome.told and not has_matter(given.words):
            raise BadInput("请写清办了什么、结果怎样；不能办的，写明原因和去处。", "no_matter")
    if "photo" in needs and not given.blobs:
        raise BadInput("这一步按规范要有照片，请拍一张。", "missing_photo")
    if "paper" in needs and not given.blobs:
        raise BadInput("请附上书面材料的照片或文件。", "missing_paper")
    if "law" in needs and len(given.law.strip()) < 4:
        raise BadInput("请写明依据的法律、规章或者职责清单的条目。", "missing_law")
    if "place" in needs and len(given.place.strip()) < 2:
        raise BadInput("请写明到了哪里，比如：2单元3楼楼道。", "missing_place")
    if given.line and (flow_of(order).step(outcome.to).who != "line" or given.line not in assignees.lines(hands.stamp_of(order))):
        raise BadInput("这里没有做这条线的同志，请另选一条，或者不选。", "unknown_line")
    if "date" in needs and (given.until is None or not now < given.until <= now + WAIT_AT_MOST):
        raise BadInput("请填下一个日期，在今天之后、一年之内。", "missing_date")
    if "person" in needs:
        if given.person is None:
            raise BadInput("请选由谁来办下一步。", "missing_person")
        check_assignee(order, given.person)
    given.law, given.place = given.law.strip()[:200], given.place.strip()[:80]
    return given


def _report(needs: frozenset[str], given: Given) -> str:
    """A closing report in its parts, each headed by its name; none may be missing."""
    lines = [given.words.strip()] if given.words.strip() else []
    for code in PARTS:
        if code in needs:
            lines.append(f"{NEEDS[code]}：{clean_words(given.parts.get(code, ''), f'“{NEEDS[code]}”')}")
    return "\n".join(lines)


def open_children(order: Order) -> int:
    """How many of its child orders are not answered yet."""
    return Order.objects.filter(parent_id=order.id, relation=CHILD, is_open=True).count()


def ask_second(by: Actor, order: Order, outcome: Outcome, given: Given) -> Order:
    """Write down what is to be confirmed by another person; the clocks go on until it is."""
    if by.id is None:
        raise Forbidden()
    if Request.objects.filter(order_id=order.id, kind=Request.OUTCOME, state=Request.OPEN).exists():
        raise WrongState("已经有一个结果在等另一位同志确认。", "request_open")
    row = Request.objects.create(
        order_id=order.id, kind=Request.OUTCOME, asked_by=by.id, asked_at=clock.now(), words=given.words,
        given={"step": order.step, "outcome": outcome.code, "law": given.law, "place": given.place, "line": given.line, "blobs": given.blobs,
               "until": given.until.isoformat() if given.until else None, "person": str(given.person) if given.person else None},
    )  # fmt: skip
    stepping.touch_clocks(order, by)
    order.save()
    tell(by, "request_outcome", order, {"request": str(row.id), "outcome": outcome.code}, words=given.text, blobs=given.blobs)
    return order


def carry(
    by: Actor, order: Order, outcome: Outcome, given: Given, verb: str, *, author: UUID | None = None, more: dict[str, Any] | None = None
) -> Order:
    """Do what the outcome says: answer, result, score, next step. The order is locked by the caller."""
    flow, now = flow_of(order), clock.now()
    step = flow.step(order.step)
    if outcome.told:
        answered(order)
    stepping.touch_clocks(order, by)
    if outcome.ending:
        order.ending = outcome.ending
    if verb == "handle_order":
        in_time = clocking.meet(order, now, "handle")
        order.handled_at = now
        order.solved_in_time = next(iter(in_time.values()), None) if order.ending in SOLVED else None
    elif order.handled_at and step.type != REVIEW and any(o.ending for o in flow.step(outcome.to).outcomes):
        # Whom the result was for (a deputy, an inspector) sends it back: it stands no more until there is another.
        order.handled_at = order.solved_in_time = None
    if outcome.shows:
        order.shown = True
    if step.type == ASSESS:
        order.seriousness, order.difficulty = given.seriousness, given.difficulty
        order.warning = int(outcome.code[-1]) if outcome.code.startswith("level") else 0
    facts = {"outcome": outcome.code, "ending": outcome.ending, **(more or {})}
    if step.type == ASSESS:
        facts |= {"level": order.warning, "axes": [order.seriousness, order.difficulty]}
    if given.line:
        order.line = given.line
    facts |= stepping.enter(order, outcome.to, now, person=given.person, until=given.until)
    if flow.step(order.step).type == RATE and not stepping.has_voices(order):
        # Nobody could rate it: it is over.
        facts |= stepping.enter(order, stepping.after_rating(order, flow), now)
    order.save()
    if author and by.is_machine:
        by = Actor("worker", author)
    tell(by, verb, order, facts, words=given.text, blobs=given.blobs, public=outcome.told)
    scoring.score_order(by, order, f"outcome:{step.code}:{outcome.code}")
    return order


#: ways out of a step that whom it concerns may take herself: she disputes what was found
OBJECTIONS = ("dispute", "objection")


def objection(order: Order, *, concerned: bool = False) -> str:
    """The word of the objection that a reporter may raise at this step, or (`concerned`) whom an order without a reporter
    concerns; "" where there is none."""
    outcome = _objection(order)
    return outcome.label if outcome and concerned == _has_concerned(order) else ""


def _objection(order: Order) -> Outcome | None:
    # The golden eye's dispute is the community's, which has to verify; here it is the concerned person's own.
    if order.claimer_id is not None or not flow_to_show(order).step(order.step).outcomes:
        return None
    outcome = next((o for o in outcomes_for(order, clock.now()) if o.code in OBJECTIONS), None)
    return outcome if outcome and (order.voice_count or _has_concerned(order)) else None


def _has_concerned(order: Order) -> bool:
    return Concerned.objects.filter(order_id=order.id).exists()


@transaction.atomic
def object_order(*, by: Actor, order_id: UUID, words: str) -> Order:
    """Whom it concerns disputes what was found, in her own words; the procedure leads on to who decides. Only her words
    count here, never who asks for them. Raises WrongState where there is nothing to dispute, BadInput without words."""
    order = access.get_locked(by, order_id, "object_order")
    outcome = _objection(order)
    if outcome is None:
        raise WrongState("这一步现在不能提异议，有疑问请打电话给负责的同志。", "no_objection")
    if _has_concerned(order) and not (by.is_machine or access.concerns(by, order)):
        raise Forbidden("异议由当事人自己提。")
    words = clean_words(words, "哪里不对")
    MOVES.apply("pass_step", order)
    return carry(by, order, outcome, Given(words=words), "pass_step", more={"objection": True})


def outcomes_for(order: Order, now: datetime) -> Sequence[Outcome]:
    """The ways out of the step that are possible now. Raises BrokenProcedure."""
    step = flow_of(order).step(order.step)
    if order.state not in (OrderState.ASSIGNED, OrderState.WORKING, OrderState.WAITING, OrderState.REVIEW):
        return ()
    return [o for o in step.outcomes if stepping.in_bounds(order, o, now)]
