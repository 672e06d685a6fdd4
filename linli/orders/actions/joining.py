"""One matter in several orders, several matters in one: merging keeps every voice, splitting gives each its own order,
children are parts that others do (协同办理)."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from linli.kernel import clock
from linli.kernel.actors import SYSTEM, Actor
from linli.kernel.errors import BadInput, WrongState
from linli.ledger.record import record_many
from linli.orders import access, clocks, hands, search
from linli.orders.actions import clocking, stepping
from linli.orders.actions.common import clean_words, count_ratings, row_of, tell, touch
from linli.orders.actions.opening import open_orders
from linli.orders.actions.working import check_assignee
from linli.orders.drafts import Draft, VoiceDraft
from linli.orders.models import Clock, Order, OrderText, Voice
from linli.orders.states import CHILD, MERGED, MOVES, SPLIT

MERGE_AT_MOST = 50
#: what came under a number of somebody else's, which one order alone can carry; and what the opening chooses by itself
NOT_TWICE = ("hotline", "question")


@transaction.atomic
def merge_orders(*, by: Actor, order_ids: Sequence[UUID], into: UUID) -> Order:
    """Several orders speak of one matter: all their voices go to one of them and hear its result; the others end as merged.

    The earliest promise holds: what was late stays late. Raises BadInput, WrongState for orders that are over.
    """
    ids = [i for i in dict.fromkeys(order_ids) if i != into]
    if not ids or len(ids) > MERGE_AT_MOST:
        raise BadInput(f"请选要并到一起的工单，一次最多 {MERGE_AT_MOST} 张。", "nothing_to_merge")
    orders = {o.id: o for o in access.get_many_locked(by, sorted([*ids, into]), "merge_orders")}
    target = orders[into]
    sources = [orders[i] for i in ids]
    if any(o.community_id != target.community_id for o in sources):
        raise BadInput("不在同一个社区的事，不能并成一件。", "other_community")
    if any(o.confidential and not target.confidential for o in sources):
        raise BadInput("保密的工单不能并进公开的工单。", "confidential")
    if any(o.procedure != target.procedure and o.voice_count and not target.voice_count for o in sources):
        raise BadInput("居民反映的事不能并进没有反映人的工单。", "no_voices")
    if not MOVES.allows("merge_orders", target.state):
        raise WrongState("要并进去的那张工单已经办完了。")
    now = clock.now()
    for order in sources:
        MOVES.apply("merge_orders", order, into=into)
        _keep_promise(order, target)
        clocking.stop(order)
        stepping.drop_requests(order, now)
        order.parent_id, order.relation, order.ending = target.id, MERGED, "merged"
        order.closed_at, order.is_open, order.light, order.waits_answer, order.due_at = now, False, clocks.NONE, False, None
        order.save()
    _bring_voices(target, sources)
    _take_in(target, sources)
    record_many(by, "orders.merge_orders", [row_of(o, {"into": str(target.id)}) for o in sources])
    tell(by, "add_voices", target, {"people": sum(o.voice_count for o in sources), "merged": [str(o.id) for o in sources], "voices": []})
    touch(*sources)
    return target


def _keep_promise(order: Order, target: Order) -> None:
    """The other reporters were promised an answer by their own hour: the earlier of the two hours holds for both. Where
    the target owes none any more, it owes them theirs."""
    for name in (Clock.ANSWER, Clock.SOLVE):
        mine = Clock.objects.filter(order_id=order.id, name=name, state=Clock.RUNNING).first()
        if mine is None:
            continue
        theirs = Clock.objects.filter(order_id=target.id, name=name, state=Clock.RUNNING).first()
        if theirs is not None and theirs.due_at > mine.due_at:
            for what in ("calendar", "amount", "pauses", "started_at", "due_at", "ladder", "step", "next_at", "light", "late_of", "clause"):
                setattr(theirs, what, getattr(mine, what))
            theirs.save()
        elif theirs is None and name not in clocking.going(target):
            last = Clock.objects.filter(order_id=target.id, name=name).order_by("-round").values_list("round", flat=True).first()
            mine.order_id, mine.round = target.id, 0 if last is None else last + 1
            mine.save(update_fields=["order", "round"])
            target.waits_answer = target.waits_answer or name == Clock.ANSWER


def _bring_voices(target: Order, sources: Sequence[Order]) -> None:
    """All voices move to the target. What one message said in several of the orders stays as voices of each, but the message itself
    can stand behind one of them only: one that counts, the target's own first."""
    rows = Voice.objects.filter(order_id__in=[o.id for o in (target, *sources)], message_id__isnull=False).values_list("id", "order_id", "message_id", "state")
    seen: set[UUID | None] = set()
    again = []
    for voice_id, _, message_id, _ in sorted(rows, key=lambda r: (r[3] != Voice.ACTIVE, r[1] != target.id, r[0])):
        if message_id in seen:
            again.append(voice_id)
        seen.add(message_id)
    Voice.objects.filter(id__in=again).update(message_id=None)
    Voice.objects.filter(order_id__in=[o.id for o in sources]).update(order_id=target.id)


def _take_in(target: Order, sources: Sequence[Order]) -> None:
    people = {v.speaker for v in Voice.objects.filter(order_id=target.id, state=Voice.ACTIVE).defer("words", "name", "phone")}
    target.voice_count = len(people)
    target.urgency = max(o.urgency for o in (target, *sources))
    count_ratings(target)
    clocking.refresh(target)
    target.save()
    text = OrderText.objects.filter(order_id=target.id).first()
    if text:
        more = OrderText.objects.filter(order_id__in=[o.id for o in sources]).values_list("tokens", flat=True)
        text.tokens = search.merged(text.tokens, *more)
        text.save(update_fields=["tokens"])


@transaction.atomic
def split_order(*, by: Actor, order_id: UUID, voice_ids: Sequence[UUID], words: str, kind: str = "", thing: str = "") -> Order:
    """Some of its voices mean another matter: they get an order of their own, with clocks from now. The first order keeps
    at least one voice; what is sealed stays sealed in both. Raises BadInput."""
    order = access.get_locked(by, order_id, "split_order")
    words = clean_words(words, "拆单原因")
    MOVES.apply("split_order", order, words=words)
    rows = list(Voice.objects.filter(order_id=order.id, state=Voice.ACTIVE).order_by("id"))
    moving = [v for v in rows if v.id in set(voice_ids)]
    if not moving or len(moving) == len(rows):
        raise BadInput("请选要拆出去的发声，原工单至少留一个。", "bad_voices")
    first = moving[0]
    draft = Draft(
        kind=kind or order.kind, stamp=hands.stamp_of(order), voice=VoiceDraft(words=first.words, door=first.door), thing=thing or order.thing,
        category="" if kind else order.category, urgency=order.urgency, question=order.procedure == "question", key=f"split:{first.id}",
        parent_id=order.id, relation=SPLIT, procedure="" if kind or order.procedure in NOT_TWICE else order.procedure,
        way=order.way, line="" if kind else order.line, confidential=order.confidential,
    )  # fmt: skip
    made = open_orders(by=SYSTEM, drafts=[draft])[0]
    # The draft's voice only gave the search its words; the people themselves move over.
    Voice.objects.filter(order_id=made.id).delete()
    Voice.objects.filter(id__in=[v.id for v in moving]).update(order_id=made.id)
    for one in (order, made):
        people = {v.speaker for v in Voice.objects.filter(order_id=one.id, state=Voice.ACTIVE).defer("words", "name", "phone")}
        one.voice_count = len(people)
        count_ratings(one)
        one.save()
    tell(by, "split_order", order, {"order": str(made.id), "voices": [str(v.id) for v in moving]}, words=words)
    return made


REPAIR = "repair"


@transaction.atomic
def open_repair(*, by: Actor, order_id: UUID, words: str) -> Order:
    """What a resident reported is the property company's to repair: it does so as a child order by the repair's procedure, with
    return by paper, decision, fund or vote and the one-time link. `words`: what is to be repaired, never who spoke; the voices
    stay with the first order, which goes on owing its answer and its result. Raises WrongState where there is no company."""
    order = access.get_locked(by, order_id, "open_repair")
    words = clean_words(words, "要修什么")
    MOVES.apply("open_repair", order, words=words)
    stamp = hands.stamp_of(order)
    if order.procedure == REPAIR or order.confidential or not hands.has_company(stamp):
        raise WrongState("这里没有物业公司可以转，或者这件事不能给物业。", "no_company")
    known = Order.objects.filter(parent_id=order.id, relation=CHILD, procedure=REPAIR)
    if known.filter(is_open=True).exists():
        raise WrongState("已经转给物业在修了。", "repair_open")
    draft = Draft(
        kind=REPAIR, category=order.category, stamp=stamp, title=f"{order.title[:70]}（物业报修）", thing=order.thing, urgency=order.urgency,
        key=f"repair:{order.id}:{known.count() + 1}", procedure=REPAIR, parent_id=order.id, relation=CHILD, opener_id=by.id,
        way=order.way,
    )  # fmt: skip
    made = open_orders(by=SYSTEM, drafts=[draft])[0]
    tell(by, "instruct_order", made, {"to": str(made.responsible_id) if made.responsible_id else None}, words=words)
    tell(by, "open_repair", order, {"order": str(made.id)})
    return made


@dataclass(frozen=True, slots=True)
class Task:
    """One part of a joint matter: who does it, what exactly, within how many working days."""

    to: UUID
    words: str
    days: int = 3


@transaction.atomic
def open_children(*, by: Actor, order_id: UUID, tasks: Sequence[Task]) -> list[Order]:
    """Join forces: each task is a child order with its own person and limit; the lead closes when all have answered."""
    order = access.get_locked(by, order_id, "open_children")
    MOVES.apply("open_children", order)
    if not tasks or len(tasks) > 20:
        raise BadInput("请至少选一个协办单位，最多 20 个。", "no_tasks")
    known = Order.objects.filter(parent_id=order.id, relation=CHILD).count()
    drafts = []
    for n, task in enumerate(tasks, known + 1):
        clean_words(task.words, "要协办什么")
        if not 1 <= task.days <= 60:
            raise BadInput("协办的时限请填 1 到 60 天。", "bad_days")
        check_assignee(order, task.to)
        drafts.append(
            Draft(
                kind=order.kind, category=order.category, stamp=hands.stamp_of(order), title=f"{order.title}（协办 {n}）", thing=order.thing,
                urgency=order.urgency, key=f"child:{order.id}:{n}", procedure="task", to_account=task.to, parent_id=order.id,
                relation=CHILD, limit=task.days, confidential=order.confidential, opener_id=by.id,
            )
        )  # fmt: skip
    made = open_orders(by=SYSTEM, drafts=drafts)
    for child, task in zip(made, tasks, strict=True):
        tell(by, "instruct_order", child, {"to": str(task.to)}, words=task.words.strip())
    tell(by, "open_children", order, {"orders": [str(o.id) for o in made]})
    return made
