"""The events and words of an order as plain Chinese lines: who did what and when."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from linli.accounts import selectors as accounts
from linli.files import selectors as files
from linli.files.models import Blob
from linli.kernel.actors import Actor
from linli.ledger.models import Event
from linli.ledger.record import history as events_of
from linli.orders import access, labels
from linli.orders.actions.clocking import flow_to_show
from linli.orders.models import Order, Word
from linli.orders.states import WAITS_FOR, Rating

LOOKS = frozenset({
    "orders.view_order", "orders.view_voices", "orders.call_voice", "orders.print_order", "orders.copy_order",
    "orders.export_orders", "orders.open_link",
})  # fmt: skip
#: what is done by a company's link; the personal links of residents only rate and urge
BY_LINK = frozenset({"orders.pass_step", "orders.handle_order"})
MACHINES = {"bot": "小栖", "clock": "时钟", "system": "系统"}
RATED = {"spoken": "在群里说", "phone": "电话里说", "counter": "在窗口说", "page": ""}


@dataclass(slots=True)
class Line:
    """One step: when, who, what; the words of a person and her pictures where the reader may see them."""

    at: datetime
    who: str
    text: str
    words: str = ""
    blobs: list[Blob] = field(default_factory=list)
    public: bool = False
    verb: str = ""


def lines(actor: Actor, order: Order) -> list[Line]:
    """The whole thread, oldest first; looking is left out (known.py tells of it). Four statements."""
    events = [e for e in events_of(order.id) if e.verb not in LOOKS]
    words = {w.event_id: w for w in Word.objects.filter(order_id=order.id)}
    seen = {i: w for i, w in words.items() if may_read_word(actor, w, events)}
    names = accounts.names(_people(events))
    blobs = files.get_blobs(UUID(b) for w in seen.values() for b in w.blob_ids)
    found = []
    for event in events:
        text = _text(order, event, names)
        word = seen.get(event.id)
        if not text:
            continue
        line = Line(event.at, who(event, names), text, verb=event.verb.partition(".")[2])
        if word:
            line.words, line.public = word.text, word.public
            line.blobs = [blobs[UUID(b)] for b in word.blob_ids if UUID(b) in blobs]
        found.append(line)
    return found


def may_read_word(actor: Actor, word: Word, events: Sequence[Event]) -> bool:
    """Staff read staff's words. Who must not know the reporter reads what was told in public, her own words, and the
    reason with which the order was given to her: a note may tell who spoke."""
    if word.public or actor.is_machine or (word.by_kind == actor.kind and word.by_id == actor.id):
        return True
    if actor.kind != "worker":
        return False
    if not actor.has_role(*access.SEALED_FROM) and actor.has_role(*access.READ):
        return True
    return any(e.id == word.event_id and e.facts.get("to") == str(actor.id) for e in events)


def who(event: Event, names: dict[UUID, str]) -> str:
    """Who did it. A resident is never named here: the reporter is sealed."""
    if event.actor_kind == "worker":
        return names.get(event.actor_id, "同事") if event.actor_id else "同事"
    if event.actor_kind == "link" and event.verb in BY_LINK:
        return "物业（一次性链接）"
    return MACHINES.get(event.actor_kind, "居民")


def _people(events: Sequence[Event]) -> set[UUID]:
    found = {e.actor_id for e in events if e.actor_kind == "worker" and e.actor_id}
    for event in events:
        for key in ("to", "responsible", "from"):
            value = event.facts.get(key)
            for one in value if isinstance(value, list) else [value]:
                if one and one != "None":
                    found.add(UUID(one))
    return found


def _name(value: str | None, names: dict[UUID, str]) -> str:
    return names.get(UUID(value), "同事") if value and value != "None" else "暂时没有人"


def _text(order: Order, event: Event, names: dict[UUID, str]) -> str:
    f, verb = event.facts, event.verb.partition(".")[2]
    via = labels.VIA.get(f.get("via", ""), "")
    if verb == "open_orders":
        if not f.get("responsible") and f.get("step") == "claim":
            return "受理，进入流转中心，等待领办"
        return f"受理，派给{_name(f.get('responsible'), names)}{f'（{via}）' if via else ''}"
    if verb in STEPS:
        return _stepped(order, verb, f, names)
    if verb == "add_voices":
        people = f.get("people", 0)
        return f"又有 {people} 位居民反映同一件事" if people else "反映人又补充了几句"
    if verb in ("transfer_order", "assign_order", "return_order", "send_to_review", "raise_order"):
        said = {
            "transfer_order": "转给", "assign_order": "指派给", "return_order": "退回，交给", "raise_order": "上报，交给",
            "send_to_review": "重办后仍没解决，转复核：",
        }  # fmt: skip
        return f"{said[verb]}{_name(f.get('to'), names)}"
    if verb == "correct_order":
        return _corrected(f)
    if verb == "suggest_fields":
        return _suggested(f)
    if verb == "handle_order":
        return f"办结：{labels.ENDINGS.get(f.get('ending', ''), '')}".rstrip("：")
    if verb in ("request_pause", "request_extension", "request_outcome", "grant_request", "refuse_request", "resume_order"):
        return _requested(order, verb, f)
    if verb == "rate_order":
        how = RATED.get(f.get("how", ""), "")
        return f"一位居民{how or '评价'}：{labels.RATING_LABELS.get(Rating(f.get('rating', 'unrated')), '')}"
    if verb == "reopen_order":
        return f"居民说没解决，第 {f.get('times', 1)} 次重办，时限重新起算"
    if verb == "warn_order":
        return _warned(order, f, names)
    if verb == "close_order":
        return "七日内没有人评价，按未评价结束" if f.get("how") == "unrated" else "居民都评价了，结束"
    if verb == "urge_order" and event.actor_kind == "worker":
        return "催办"
    said_plainly = {
        "file_history": "历史资料归档", "accept_order": "接单", "note_order": "记一笔", "answer_order": "答复居民",
        "void_order": "作废", "remove_voice": "移出一个发声", "conclude_review": "复核的最终答复", "urge_order": "居民催办",
        "supervise_order": "领导督办", "instruct_order": "交办内容", "open_repair": "转给物业报修", "merge_orders": "并入另一张工单", "split_order": "拆出一张新工单",
        "score_order": "按规范记分", "name_concerned": "写明了当事人（密封，只有 TA 自己和办理的人知道）", "invite_company": "给物业发了一次性链接，三天内有效",
        "keep_words": "最终答复以后又说的，记入原单，不再计时", "edit_wording": "改了公开的措辞，原话仍密封",
    }  # fmt: skip
    return said_plainly.get(verb, "")


STEPS = frozenset({"claim_order", "dispatch_order", "take_back_order", "pass_step", "open_children"})


def _stepped(order: Order, verb: str, facts: dict, names: dict[UUID, str]) -> str:
    to = f"，交给{_name(facts['to'], names)}" if facts.get("to") else ""
    if verb == "claim_order":
        return "领办"
    if verb == "dispatch_order":
        return f"没有人领办，派给{_name(facts.get('to'), names)}" if facts.get("percent") else f"派给{_name(facts.get('to'), names)}"
    if verb == "take_back_order":
        return f"从{_name(facts.get('from'), names)}手上收回，重新领办" if facts.get("step") else f"几次收回仍没人办{to}"
    if verb == "open_children":
        return f"请 {len(facts.get('orders', []))} 个单位协办"
    flow = flow_to_show(order)
    step = flow.steps.get(facts.get("step_from", ""))
    outcome = step.outcome(facts.get("outcome", "")) if step else None
    level = f"，{facts['level']} 级" if facts.get("level") else ""
    return f"{step.label if step else '上一步'}：{outcome.label if outcome else '完成'}{level}{to}"


WHAT = {"pause": "挂账", "extension": "延期", "outcome": "结果确认"}


def _requested(order: Order, verb: str, facts: dict) -> str:
    what = WHAT.get(facts.get("what", ""), "申请")
    if verb == "request_pause":
        return f"申请挂账：{WAITS_FOR.get(facts.get('waits_for', ''), '')}"
    if verb == "request_extension":
        return f"申请延长“{labels.clock(order, facts.get('clock', ''))}”的时限"
    if verb == "request_outcome":
        return "结果要另一位同志确认，已提请"
    if verb == "resume_order":
        return "恢复办理，时限接着走"
    return f"{'同意' if verb == 'grant_request' else '不同意'}{what}"


def _suggested(facts: dict) -> str:
    said = [labels.kind(facts["kind"])] if facts.get("kind") else []
    said += [labels.CATEGORY_LABELS[facts["category"]]] if facts.get("category") else []
    return f"AI 建议归为{' · '.join(said)}（AI生成，由人定）" if said else "AI 建议了地点（AI生成，由人定）"


def _corrected(facts: dict) -> str:
    if facts.get("confirmed"):
        return "看过了，小栖归的类没错"
    parts = []
    if facts.get("kind"):
        parts.append(f"种类由{labels.kind(facts.get('kind_from', ''))}改为{labels.kind(facts['kind'])}")
    if facts.get("category"):
        parts.append(f"类别改为{labels.CATEGORY_LABELS.get(facts['category'], facts['category'])}")
    if facts.get("thing"):
        parts.append("事项名称改了")
    if facts.get("building") or facts.get("place"):
        parts.append("地点改了")
    return f"更正：{'，'.join(parts) or '没有改动'}"


def _warned(order: Order, facts: dict, names: dict[UUID, str]) -> str:
    what = labels.clock(order, facts.get("clock", ""))
    to = "、".join(_name(t, names) for t in facts.get("to", [])) or labels.WHOM.get(facts.get("whom", ""), "")
    percent = facts.get("percent", 0)
    if percent < 100:
        return f"{what}时限已过 {percent}%，提醒{to}"
    if percent == 100:
        return f"{what}时限到了还没{what}，告诉{to}"
    return f"{what}超时已久（{percent}%），告诉{to}"


def shows_blob(actor: Actor, order: Order, blob_id: UUID) -> bool:
    """Is the blob one of the pictures of a step whose words the actor may read?"""
    words = [w for w in Word.objects.filter(order_id=order.id) if str(blob_id) in w.blob_ids]
    if not words:
        return False
    events = events_of(order.id)
    return any(may_read_word(actor, w, events) for w in words)
