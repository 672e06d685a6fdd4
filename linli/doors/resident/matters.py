"""A resident's matters in plain steps: what happened, whose words, what is next and by when. Nothing of the other voices,
no staff notes, no lights. Eight statements for any number of matters, nine where a scheme of rewards is switched on."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from linli.accounts import selectors as accounts
from linli.doors.resident import plain
from linli.files import selectors as files
from linli.files.models import Blob
from linli.grid import selectors as places
from linli.kernel import clock
from linli.kernel.actors import Actor
from linli.ledger.models import Event
from linli.orders import actions as orders
from linli.orders import labels, selectors
from linli.orders.actions.clocking import flow_to_show
from linli.orders.models import Order, Voice, Word
from linli.orders.states import OPEN, RATING_LABELS, WAITS_FOR, OrderState, Rating
from linli.standards.flow import APPOINTMENT
from linli.ui import figures

SHOWN = {
    "orders.open_orders": "收到，由{to}来办", "orders.accept_order": "{who}接手了", "orders.answer_order": "{who}答复",
    "orders.transfer_order": "转给{to}来办", "orders.assign_order": "转给{to}来办", "orders.return_order": "换{to}来办",
    "orders.handle_order": "{who}办结", "orders.reopen_order": "按“没解决”重新办理", "orders.void_order": "{who}说明",
    "orders.send_to_review": "转另一个单位复核", "orders.conclude_review": "复核的最终答复",
    "orders.close_order": "这件事结束了", "orders.claim_order": "{who}领办了", "orders.dispatch_order": "派给{to}来办",
    "orders.take_back_order": "换人来办", "orders.raise_order": "社区办不了，上报给{to}", "orders.pass_step": "", "orders.urge_order": "您催了一声",
    "orders.grant_request": "", "orders.resume_order": "等到了，接着办", "orders.merge_orders": "和邻居反映的同一件事并在一起办",
}  # fmt: skip
ENDED = {"no": "{who}如实答复：这件事办不了", "not_ours": "{who}答复：归别的单位管"}


@dataclass(slots=True)
class Step:
    """One row of `{% steps %}`, with the pictures that came with its words."""

    text: str
    at: datetime | None = None
    note: str = ""
    state: str = "done"
    pictures: list[Blob] = field(default_factory=list)


@dataclass(slots=True)
class Matter:
    """One order as its reporter sees it."""

    order: Order
    voice: Voice
    state: str
    tone: str
    person: str
    phone: str
    words: list[str]
    steps: list[Step]
    mine: list[tuple[str, Blob]] = field(default_factory=list)
    may_rate: bool = False
    rated: str = ""
    for_me: bool = False
    waits: bool = False
    #: may she urge now; when she did last, so that the page says so
    may_urge: bool = False
    urged_at: datetime | None = None
    #: the word of the step's objection, where its procedure has one for whom it concerns
    objection: str = ""
    #: what she is given for having found it, where the district has switched that on; only she sees it
    reward: int = 0

    @property
    def may_add(self) -> bool:
        """May she still add words? As long as it is not over."""
        return self.order.state in (*OPEN, OrderState.HANDLED)

    @property
    def asks(self) -> bool:
        """Is it her turn to say whether it helped?"""
        return self.may_rate and not self.rated

    @property
    def result(self) -> str:
        """The last words that a person on duty told the reporters."""
        return next((s.note for s in reversed(self.steps) if s.note), "")

    @property
    def in_short(self) -> str:
        """One line for a list: her turn, what is awaited, else the last words."""
        if self.asks:
            return "办好了吗？请您说一声"
        now = next((s.text for s in self.steps if s.state == "now"), "")
        return now if self.waits else self.result or now

    @property
    def pictures(self) -> list[Blob]:
        """All pictures that people on duty put to their words."""
        return [b for s in self.steps for b in s.pictures]


def voices_of(actor: Actor) -> list[Voice]:
    """The person's own voices, newest first."""
    if actor.kind == "link" and actor.id:
        return list(Voice.objects.filter(id=actor.id, state=Voice.ACTIVE))
    if actor.kind not in ("resident", "worker") or actor.id is None:
        return []
    return list(Voice.objects.filter(account_id=actor.id, state=Voice.ACTIVE).order_by("-id")[:500])


def matters(voices: Sequence[Voice], *, limit: int = 20, skip: int = 0, open_only: bool = False) -> list[Matter]:
    """The orders of these voices, hers to act on first, then open ones, then the rest, newest first."""
    mine: dict[UUID, list[Voice]] = defaultdict(list)
    for voice in voices:
        mine[voice.order_id].append(voice)
    found = list(Order.objects.filter(id__in=list(mine), history=False))
    if open_only:
        found = [o for o in found if o.is_open or o.state == OrderState.HANDLED]
    unrated = {i for i, vs in mine.items() if all(v.rating == Rating.UNRATED for v in vs)}
    # A matter opened again has a new hour: it stands among the newest.
    found.sort(key=lambda o: (o.answer_due_at or o.opened_at, o.id), reverse=True)
    found.sort(key=lambda o: 0 if o.id in unrated and plain.may_rate(o) else 1 if o.is_open else 2)
    return _tell(found[skip : skip + limit], mine)


def _tell(rows: Sequence[Order], mine: dict[UUID, list[Voice]]) -> list[Matter]:
    ids = [o.id for o in rows]
    events: dict[UUID, list[Event]] = defaultdict(list)
    for event in Event.objects.filter(subject_id__in=ids, verb__in=[*SHOWN, "orders.rate_order"]).order_by("id"):
        events[event.subject_id].append(event)
    words = {w.event_id: w for w in Word.objects.filter(order_id__in=ids, public=True)}
    named: set[Any] = {o.responsible_id for o in rows}
    for told in events.values():
        named |= {e.actor_id for e in told if e.actor_kind == "worker"} | {_to(e) for e in told}
    people = places.staff_labels(named)
    phones = accounts.phones({o.responsible_id for o in rows if o.responsible_id and (o.is_open)})
    wanted = {UUID(b) for w in words.values() for b in w.blob_ids} | {UUID(b) for i in ids for v in mine[i] for b in v.blob_ids}
    blobs = files.get_blobs(wanted) if wanted else {}
    rewards = selectors.rewards_of([v.id for o in rows if flow_to_show(o).scores_on for v in mine[o.id]])
    return [_matter(o, mine[o.id], events[o.id], words, people, phones, blobs, rewards) for o in rows]


def _to(event: Event) -> UUID | None:
    to = event.facts.get("to") or event.facts.get("responsible")
    return UUID(to) if to and to != "None" else None


def _matter(order: Order, voices: list[Voice], events: list[Event], words: dict[UUID, Word], people: dict[UUID, str], phones: dict[UUID, str], blobs: dict[UUID, Blob], rewards: dict[UUID, int]) -> Matter:
    voice = min(voices, key=lambda v: v.id)
    steps = []
    for event in events:
        step = _step(order, event, voices, words.get(event.id), people, blobs)
        if step:
            steps.append(step)
    person = people.get(order.responsible_id, "值班的同志") if order.responsible_id else "值班的同志"
    waits = order.is_open and order.waits_answer
    urged = max((e.at for e in events if e.verb == "orders.urge_order" and _own(e, voices)), default=None)
    steps += _coming(order, person, waits)
    attached = [blobs.get(UUID(b)) for v in reversed(voices) for b in v.blob_ids]
    rating = next((v.rating for v in voices if v.rating != Rating.UNRATED), Rating.UNRATED)
    return Matter(
        order, voice, plain.state(order, True), plain.tone(order), person,
        phones.get(order.responsible_id, "") if order.responsible_id else "", [v.words for v in reversed(voices) if v.words], steps,
        [("audio" if b.is_audio else "image", b) for b in attached if b], plain.may_rate(order), plain.rated(rating),
        for_me=voice.for_voice_id is not None, waits=waits, urged_at=urged if order.is_open else None,
        may_urge=order.is_open and (urged is None or urged + orders.URGE_AGAIN <= clock.now()), objection=orders.objection(order),
        reward=sum(rewards.get(v.id, 0) for v in voices),
    )  # fmt: skip


def _step(order: Order, event: Event, voices: list[Voice], word: Word | None, people: dict[UUID, str], blobs: dict[UUID, Blob]) -> Step | None:
    if event.verb == "orders.rate_order":
        if event.facts.get("voice") not in {str(v.id) for v in voices}:
            return None
        return Step(f"您评了：{RATING_LABELS[Rating(event.facts['rating'])]}", event.at)
    if event.verb == "orders.urge_order" and not _own(event, voices):
        return None
    if event.verb == "orders.grant_request" and event.facts.get("what") != "pause":
        return None
    who = people.get(event.actor_id, "工作人员") if event.actor_id else "工作人员"
    to = _to(event)
    if event.verb == "orders.open_orders" and to is None:
        return Step("收到，正在请人领办", event.at)
    text = ENDED.get(event.facts.get("ending", ""), SHOWN[event.verb]) or _passed(order, event)
    said = text.format(who=who, to=people.get(to, "值班的同志") if to else "值班的同志")
    if event.verb == "orders.close_order" and event.facts.get("how") == "unrated":
        said = "七天没有评价，这件事先结束了"
    shown = word if word and word.public else None
    pictures = [b for b in (blobs.get(UUID(i)) for i in shown.blob_ids) if b and b.is_image] if shown else []
    return Step(said, event.at, shown.text if shown else "", pictures=pictures)


def _own(event: Event, voices: list[Voice]) -> bool:
    return event.actor_id is not None and event.actor_id in {i for v in voices for i in (v.account_id, v.id)}


def _passed(order: Order, event: Event) -> str:
    """A step of the procedure that is over, in the procedure's own plain words: 到场核实：属实，开始整改."""
    if event.verb == "orders.grant_request":
        return "要等一等，时限先停下来"
    step = flow_to_show(order).steps.get(event.facts.get("step_from", ""))
    outcome = step.outcome(event.facts.get("outcome", "")) if step else None
    return f"{step.label}：{outcome.label}" if step and outcome else "办到下一步了"


def _waiting(order: Order, person: str) -> Step:
    """What it waits for, until when, and who looks then; an appointment by its day."""
    if order.step == APPOINTMENT and order.waits_until:
        return Step(f"约好了：{figures.day(order.waits_until)}上班时间到窗口办；来不了，请打电话改约", state="now")
    what = WAITS_FOR.get(order.waits_for) or labels.step(order) or "等别的事先办好"
    until = f"，{figures.when(order.waits_until)}{person}会再看，并告诉您" if order.waits_until else ""
    return Step(f"{what}{until}", state="now")


def _coming(order: Order, person: str, waits: bool) -> list[Step]:
    """What is next: one person and one honest hour."""
    if order.state == OrderState.REVIEW:
        return [Step("另一个单位在复核，会给您最终的答复", state="now")]
    if order.state == OrderState.HANDLED:
        return [Step("等您说一声：解决了没有", state="now")]
    if not order.is_open:
        return []
    if order.state == OrderState.WAITING:
        return [_waiting(order, person)]
    rows = []
    if order.state == OrderState.POOLED:
        until = f"，最晚 {figures.when(order.due_at, full=True)} 有人接手" if order.due_at else ""
        rows.append(Step(f"正在请合适的同志领办{until}", state="now"))
    if waits and order.answer_due_at:
        until, late = figures.when(order.answer_due_at, full=True), order.answer_due_at <= clock.now()
        said = f"说好 {until} 前给您答复，超时了，社区书记已经知道" if late else f"{person}最晚 {until} 给您答复"
        rows.append(Step(said, state="now"))
    elif order.state != OrderState.POOLED and (step := labels.step(order)) and not plain.simple(order):
        rows.append(Step(f"{person}正在办这一步：{step}", state="now"))
    if order.solve_due_at:
        until = figures.when(order.solve_due_at, full=True)
        rows.append(Step(f"办结的时限到 {until}", state="next" if rows else "now"))
    return rows


def blob_of(actor: Actor, voice_id: UUID, blob_id: UUID) -> Blob | None:
    """A picture or voice of a matter: one's own, or one that came with words said to the reporters."""
    voices = voices_of(actor)
    order_id = next((v.order_id for v in voices if v.id == voice_id), None)
    if order_id is None:
        return None
    mine = {b for v in voices if v.order_id == order_id for b in v.blob_ids}
    told = {b for w in Word.objects.filter(order_id=order_id, public=True) for b in w.blob_ids}
    return files.get_blob(blob_id) if str(blob_id) in mine | told else None
