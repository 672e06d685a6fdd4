"""Which matter a message belongs to: one that is known already, its speaker's own, a neighbour's, or a new one."""

import re
from dataclasses import replace
from datetime import timedelta

from linli.assistant.desk import Candidate, Desk
from linli.assistant.plans import (
    Plan,
    draft_of,
    handled_of,
    join,
    joinable,
    only_voice,
    own_voice,
    recent,
    voice_of,
)
from linli.grid import selectors as places
from linli.grid.selectors import Stamp
from linli.groups.models import Group, Message
from linli.language import (
    Matter,
    Place,
    Understanding,
    find_place,
    normalise,
    query_tokens,
    same_matter,
    understand_many,
)
from linli.orders.states import FLOOD, Door

GATHERED = "同一位居民接着说的几件事"
ANEW = re.compile("又[坏堵漏停断裂塌]|重新坏|再次|另外一|新的?(?:问题|情况)")
"""Words that say that something happened again."""
SAME_WORDS = 0.7
"""Of the words of the shorter of two complaints, so many have to be the other's."""
WHOM = ("养老", "邻里")
"""Things that say who is hit rather than what is broken."""
SUFFERS = re.compile("[下上出进]不[去来了]|走不[了动]|没法|睡不[着好]|受不了|怎么[办活]")


#: what is asked of a person stands at no place
NO_PLACE = ("consult", "person", "complaint")
ALSO = re.compile("也|还有|另外|别的")
ELSE = re.compile(f"{ALSO.pattern}|又|吗|？|\\?")
ASKED_WITHIN = timedelta(hours=2)
"""小栖 asks where it is; so long the bare place is taken for the answer."""
STOPS, REST = "，。、,.!！~ 的了在是就呢啊哈", 6
"""Besides the place so many characters may be said (那边, 快点来), not counting these at both ends."""


def appeal(desk: Desk, message: Message, u: Understanding, group: Group, say: str, *, quiet: bool = False) -> Plan:
    """A voice of a matter that is known, or an order; several matters in one message are taken each by itself. `say`: the
    sentence for a new one; `quiet`: to the speaker alone."""
    parts = _parts(desk, u, group)
    if len(parts) > 1:
        # Each is a matter of its own, and may be one that a neighbour has told already.
        plans = [_join_or_open(desk, message, part, group, say, quiet, n, words) for n, (part, words) in enumerate(parts)]
        plans = [p for p in plans if p.outcome != "asked"] or plans[:1]
        whole = Plan(message, "order" if any(p.drafts for p in plans) else "voice", "heard_many", private=quiet)
        for plan in plans:
            whole.drafts += plan.drafts
            whole.joins += plan.joins
        return whole
    return _join_or_open(desk, message, u, group, say, quiet)


def _parts(desk: Desk, u: Understanding, group: Group) -> list[tuple[Understanding, str]]:
    """The matters of a message with their words; what is no matter by itself stays with the one before it."""
    found: list[tuple[Understanding, str]] = []
    before = ""
    for part, words in zip(understand_many(u.parts, desk.gazetteer(group.id)), u.parts, strict=True):
        if part.intent in ("appeal", "emergency"):
            found.append((part, f"{before}{words}"))
            before = ""
        elif found:
            found[-1] = (found[-1][0], f"{found[-1][1]}，{words}")
        else:
            before = f"{words}，"
    return found


def _join_or_open(desk: Desk, message: Message, u: Understanding, group: Group, say: str, quiet: bool, n: int = 0, words: str | None = None) -> Plan:
    """`n` and `words`: the n-th of several matters in one message, and its part of the words; such a part is never asked
    about."""
    stamp = desk.stamp(u.place, group, message.hint)
    matter = desk.matter(u, stamp, desk.now, message.text if words is None else words)
    unsure: list[Candidate] = []
    for candidate in reversed(desk.near(matter.place.building)):
        if not joinable(candidate, message):
            continue
        verdict = same_matter(matter, candidate.matter)
        mine = message.member_id in candidate.members
        if verdict == "same" and not mine and not u.follow_up and _which_unit(desk, matter, candidate):
            verdict = "unsure"
        if verdict == "unsure" and mine and recent(candidate, desk.now):
            verdict = "same"
        if verdict == "same":
            plan = join(message, candidate, mine, quiet, words)
            return complete(plan, candidate, stamp, u.place) if mine and not ALSO.search(message.text) else plan
        if verdict == "unsure" and not candidate.secret:
            unsure.append(candidate)
    if over := final_of(desk, message, u, matter):
        return Plan(message, "voice", "final", joins=[(over, voice_of(message, words))], private=True)
    if u.follow_up and words is None and (done := handled_of(desk, message, u)):
        return Plan(message, "voice", "done", joins=[(done, voice_of(message))], private=quiet or done.secret)
    if u.follow_up and not u.thing:
        mine_open = [c for c in desk.candidates if message.member_id in c.members and not c.handled]
        if len(mine_open) == 1:
            return join(message, mine_open[0], True, quiet)
        unsure = unsure or [c for c in mine_open if not c.secret]
    fragment = None if words is not None else fragment_of(desk, message, u)
    if fragment:
        return join(message, fragment, True, quiet)
    askable = words is None and u.intent != "emergency" and not quiet and message.member_id
    if len(unsure) == 1 and unsure[0].order and askable:
        return Plan(message, "asked", "same", ask=unsure[0])
    if u.intent == "appeal" and not u.urgency and desk.floods(message):
        return _gathered(desk, message, u, group, n, words)
    more = _for_company(desk, message, u, group) if say == "heard" else {}
    return Plan(message, "order", say, drafts=[draft_of(desk, message, u, group, n, words, **more)], private=quiet)


def _for_company(desk: Desk, message: Message, u: Understanding, group: Group) -> dict[str, str]:
    """「请物业修」 (hint "fix"): a repair of the property company that looks after the building; the community's where there
    is none. What hurries or is sensitive never comes here."""
    building = desk.building_of(u.place, group, message.hint) if message.hint.get("fix") else None
    return {"procedure": "repair", "kind": "repair"} if building and building.property_org_id else {}


def _gathered(desk: Desk, message: Message, u: Understanding, group: Group, n: int, words: str | None) -> Plan:
    """Beyond the orders of a day what one speaker says comes under one: no word is lost, one person looks at it all."""
    mine = [c for c in desk.candidates if c.gathers and not c.handled and message.member_id in c.members]
    if mine:
        return Plan(message, "voice", "gathered", joins=[(mine[-1], voice_of(message, words))], private=True)
    first = next((i for i in desk.today.get(message.member_id, ()) if i), None) if message.member_id else None
    draft = draft_of(
        desk, message, u, group, n, words, kind="help", thing="", title=GATHERED, relation=FLOOD, parent_id=first,
    )  # fmt: skip
    return Plan(message, "order", "gathered", drafts=[draft], private=True)


def final_of(desk: Desk, message: Message, u: Understanding, matter: Matter) -> Candidate | None:
    """The speaker's matter that a final letter has ended, said again with nothing new: the same thing at the same place, or only
    a question how it stands. What broke anew, hurries, or is somewhere else is another matter (TSCL-5.6)."""
    mine = [c for c in desk.candidates if c.final and message.member_id and message.member_id in c.members]
    if not mine or u.intent != "appeal" or u.urgency or ANEW.search(message.text):
        return None
    same = [c for c in mine if same_matter(matter, c.matter) == "same"]
    if not same and u.follow_up and not u.thing and not u.place and len(mine) == 1:
        same = mine
    return same[-1] if same else None


def complained_again(desk: Desk, message: Message, u: Understanding) -> Candidate | None:
    """The speaker's complaint that a final letter has ended, in much the same words as then; a complaint has no thing and no place
    to be known by."""
    mine = [c for c in desk.candidates if c.final and c.kind == "complaint" and message.member_id and message.member_id in c.members]
    for candidate in reversed(mine):
        assert candidate.order is not None and message.member_id is not None
        first = own_voice(candidate, message.member_id)
        if first and not ANEW.search(message.text):
            then, now = set(query_tokens(first.words)), set(query_tokens(message.text))
            if len(then & now) >= SAME_WORDS * max(min(len(then), len(now)), 1):
                return candidate
    return None


def _which_unit(desk: Desk, matter: Matter, candidate: Candidate) -> bool:
    """The building has several units, and only one of the two says which: perhaps the lift next door."""
    building = desk.building(matter.place.building)
    return bool(building and building.units > 1 and bool(matter.place.unit) != bool(candidate.matter.place.unit))


MEANT = re.compile(r"^(?:不是|不对|错了|搞错|弄错)|我(?:说|讲|反映)的(?:不?是)|不是(?:这|那)(?:件|个|部)")


def corrected(desk: Desk, message: Message, u: Understanding, group: Group) -> Plan | None:
    """「不是，我说的是1单元的」 just after 小栖 counted her to a neighbour's matter: hers is another one, at that place."""
    if message.member_id is None or not u.place or not MEANT.search(message.text):
        return None
    mine = [
        c for c in desk.candidates
        if c.order and message.member_id in c.members and c.order.id in desk.joined.get(message.member_id, ())
    ]  # fmt: skip
    if not mine:
        return None
    stamp = desk.stamp(u.place, group, message.hint)
    wrong = mine[-1]
    assert wrong.order is not None
    if desk.place_key(stamp, u.place) == wrong.matter.place:
        return None
    wrong.members.discard(message.member_id)
    return Plan(message, "order", "split", data={"from": wrong.order.id, "stamp": stamp})


def added_to(desk: Desk, message: Message, u: Understanding, group: Group) -> Plan | None:
    """More words to a matter, named by the page (hint "order"): of one's own, or by a worker for her caller. The bare place is where
    it is."""
    named = message.hint.get("order")
    by_worker = message.hint.get("door") in (Door.COUNTER, Door.PHONE)
    for candidate in desk.candidates if named else ():
        mine = by_worker or message.member_id in candidate.members
        if candidate.order and str(candidate.order.id) == named and mine:
            plan = join(message, candidate, True, False)
            return complete(plan, candidate, _said_of(desk, candidate, u, group, message), u.place) if bare_place(message, u) else plan
    return None


def fragment_of(desk: Desk, message: Message, u: Understanding) -> Candidate | None:
    """One matter over several messages of one speaker: more words without a thing or place of their own, or what it does to
    whom (老人都下不去楼了)."""
    if u.place or message.member_id is None or (u.thing and not (u.thing in WHOM and SUFFERS.search(message.text))):
        return None
    mine = [c for c in desk.candidates if message.member_id in c.members and not c.handled and recent(c, desk.now)]
    return mine[-1] if mine else None


def bare_place(message: Message, u: Understanding) -> bool:
    """Do the words say where, and nothing else?"""
    if not (u.place.building or u.place.unit or u.place.road or u.place.landmark) or ELSE.search(message.text):
        return False
    rest = normalise(message.text)
    for part in u.place.text.split():
        rest = rest.replace(part, "")
    return len(rest.strip(STOPS)) <= REST


def only_where(desk: Desk, message: Message, u: Understanding, group: Group) -> Plan | None:
    """「3号楼2单元的」 just after one's own 「电梯坏了」: it says where that is, and is no matter of its own. Of another building than
    the one that is known it is left to the others' rules."""
    if message.member_id is None or not bare_place(message, u):
        return None
    mine = [
        c for c in desk.candidates
        if message.member_id in c.members and not c.handled and not c.gathers and c.kind not in NO_PLACE
        and (recent(c, desk.now) or not _stands(c.matter.place) and recent(c, desk.now, ASKED_WITHIN)) and (u.thing in ("", *WHOM) or u.thing == c.matter.thing)
    ]  # fmt: skip
    if not mine:
        return None
    moved = _stands(u.place) and _taken_for_granted(desk, mine[-1], group, message)
    stamp = desk.stamp(u.place, group, message.hint) if moved else _said_of(desk, mine[-1], u, group, message)
    known = mine[-1].matter.place.building
    if known and u.place.building and str(stamp.building_id) != known and not moved:
        return None
    return complete(join(message, mine[-1], True, bool(u.leave_alone)), mine[-1], stamp, u.place, moved=moved)


def _taken_for_granted(desk: Desk, candidate: Candidate, group: Group, message: Message) -> bool:
    """Does it stand in the group's own building only because it was told there? A street lamp of which somebody speaks among her
    neighbours may stand anywhere, until others have said the same of their house."""
    place = candidate.matter.place
    if not group.building_id or place.building != str(group.building_id) or candidate.members != {message.member_id} or not recent(candidate, desk.now):
        return False
    voice = candidate.draft.voice if candidate.draft is not None else only_voice(candidate)
    return voice is not None and voice.member_id == message.member_id and not find_place(voice.words, desk.gazetteer(group.id))


def _stands(place: Place) -> bool:
    return bool(place.building or place.road or place.landmark)


def _said_of(desk: Desk, candidate: Candidate, u: Understanding, group: Group, message: Message) -> Stamp:
    """The place that is said of a matter: a unit alone is one of the building that is known."""
    known = desk.building(candidate.matter.place.building) if candidate.matter.place.building and not u.place.building else None
    return places.stamp_of_building(known, u.place.unit) if known else desk.stamp(u.place, group, message.hint)


def complete(plan: Plan, candidate: Candidate, stamp: Stamp, place: Place, *, moved: bool = False) -> Plan:
    """The speaker's own matter gets the building, the unit or the spot that it lacked, or the one that it was `moved` to: a draft at once, an order by
    `intake`."""
    here = Place() if moved else candidate.matter.place
    if stamp.building_id is None:
        # A unit of no building, or a building that two estates have, is no place to go to.
        if here or not (place.road or place.landmark):
            return plan
        there = replace(here, road=place.road, landmark=place.landmark)
    elif here.building and (here.building != str(stamp.building_id) or here.unit or not stamp.unit):
        return plan
    else:
        there = replace(here, building=str(stamp.building_id), unit=stamp.unit, landmark="")
    candidate.matter = replace(candidate.matter, place=there)
    if candidate.draft is not None:
        candidate.draft.stamp = stamp
    else:
        plan.say, plan.data = "placed", {"place": stamp}
    return plan
