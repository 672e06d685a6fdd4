"""What 小栖 has on its desk while it takes in one batch of one community: groups, members, places, open matters."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q

from linli.assistant.models import Ask
from linli.grid import selectors as places
from linli.grid.models import Area, Building
from linli.grid.selectors import Stamp
from linli.groups.models import Group, Member, Message
from linli.kernel import clock
from linli.language import Gazetteer, Matter, Place, Understanding, building_key, spot_of
from linli.orders.drafts import Draft, VoiceDraft
from linli.orders.models import Order, Voice
from linli.orders.states import FLOOD, Door, OrderState
from linli.standards import selectors as standards

LOOK_BACK = timedelta(days=30)
CANDIDATES = 300
ANSWERED_WITHIN = timedelta(minutes=10)
#: so long after a final letter the same matter belongs to its order; later it is a new one
FINAL_FOR = timedelta(days=90)
#: within a day: the orders of one speaker before what she says more is gathered under one
FLOOD_AFTER, FLOOD_WITHIN = 5, timedelta(hours=24)
SHORT = 20
CORRECTS = re.compile("不是|不对|错了|搞错|弄错")
OFFERING = ("close", "answer")
#: what of an order is looked at and spoken of here; a batch reads hundreds of them
COMPARED = (
    "id", "state", "is_open", "kind", "confidential", "title", "thing", "building_id", "unit", "place_text", "opened_at",
    "answer_due_at", "waits_answer", "handled_at", "history", "responsible_id", "responsible_via", "urgency", "ending", "procedure",
    "procedure_version", "relation",
)  # fmt: skip


@dataclass(slots=True)
class Candidate:
    """An open matter: an order, or a draft of this very batch that later messages may join."""

    matter: Matter
    order: Order | None = None
    draft: Draft | None = None
    joiners: list[VoiceDraft] = field(default_factory=list)
    members: set[UUID] = field(default_factory=set)
    handled: bool = False
    #: a final letter has ended it: only its own speaker's words still belong to it
    final: bool = False
    #: the message that a draft of this batch comes from: its parts are different matters
    source: UUID | None = None

    @property
    def kind(self) -> str:
        """Code of the matter's kind."""
        return self.order.kind if self.order else self.draft.kind if self.draft else ""

    @property
    def gathers(self) -> bool:
        """Does it gather what one speaker says beyond the orders of a day? Then it is no matter of anybody else's."""
        return (self.order.relation if self.order else self.draft.relation if self.draft else "") == FLOOD

    @property
    def secret(self) -> bool:
        """Confidential: known to its own speaker only, and never spoken of in public."""
        if self.order:
            return self.order.confidential
        kind = standards.kinds().get(self.kind)
        return bool(kind and kind.confidential) or bool(self.draft and self.draft.confidential)

    @property
    def waits(self) -> bool:
        """Has nobody answered it yet?"""
        return self.draft is not None or bool(self.order and self.order.is_open and self.order.waits_answer)

    @property
    def title(self) -> str:
        """Neutral name and place, fit for everybody's eyes."""
        if self.order:
            return f"{self.order.place_text} {self.order.title}".strip()
        assert self.draft is not None
        return f"{self.draft.stamp.text} {self.draft.thing or ''}".strip()


def _lives(hint: dict) -> bool:
    """Does the hint's building say where somebody lives, rather than where the code hangs?"""
    return hint.get("door") in (Door.COUNTER, Door.PHONE)


def known_place(building_id: UUID | None, unit: str, text: str, area: Area | None) -> Place:
    """The place of an order for comparing: its building, or what its words name."""
    if building_id:
        return Place(building=str(building_id), unit=unit)
    spot = spot_of(text, area.roads, area.landmarks, area.name) if area else Place(landmark=text)
    return replace(spot, unit=unit)


class Desk:
    """Read once per batch; `candidates` grows as drafts are made."""

    def __init__(self, community_id: UUID, messages: Sequence[Message]):
        self.now: datetime = clock.now()
        self.community_id = community_id
        self.groups = Group.objects.in_bulk({m.group_id for m in messages})
        self.members = Member.objects.in_bulk({m.member_id for m in messages if m.member_id})
        self.buildings = places.buildings(community_id)
        self.area = places.area(community_id)
        self._by_key: dict[str, list[Building]] = {}
        for b in self.buildings:
            self._by_key.setdefault(building_key(b.name), []).append(b)
        self._by_id = {b.id: b for b in self.buildings}
        self._gazetteers: dict[UUID, Gazetteer] = {}
        self.candidates: list[Candidate] = []
        #: the batch's words in their order, as they were understood
        self.heard: Sequence[tuple[Message, Understanding]] = ()
        #: those of them that answer a question of somebody else
        self.answers: set[UUID] = set()
        self._nicknames: dict[UUID, dict[UUID, str]] = {}
        self.today: dict[UUID, list[UUID | None]] = {}
        short = {m.member_id for m in messages if m.member_id and 0 < len(m.text) <= SHORT and not m.history}
        self.choices = self._open_choices(short)
        #: 小栖's last open question to each speaker of a short message
        self.asks = {a.member_id: a for a in Ask.objects.filter(member_id__in=short, state=Ask.OPEN, expires_at__gt=self.now).order_by("id")} if short else {}
        self.joined = self._joined(messages)

    def _open_choices(self, members: set[UUID]) -> dict[UUID, list[tuple[str, str]]]:
        """The choices last offered to each speaker of a short message, a few minutes ago: (entry id, label)."""
        offered = Message.objects.filter(
            to_member_id__in=members, direction=Message.OUT, outcome__in=OFFERING, received_at__gt=self.now - ANSWERED_WITHIN
        ).order_by("id")
        return {m: [(e, label) for e, label in card.get("choices", ())] for m, card in offered.values_list("to_member_id", "card") if m}

    def building(self, building_id: str) -> Building | None:
        """The building that a compared place names by its id."""
        return next((b for b in self.buildings if str(b.id) == building_id), None)

    def _joined(self, messages: Sequence[Message]) -> dict[UUID, set[UUID]]:
        """The orders to which each speaker of a correcting message was counted a few minutes ago."""
        members = {m.member_id for m in messages if m.member_id and CORRECTS.search(m.text[:SHORT * 2]) and not m.history}
        if not members:
            return {}
        told = Message.objects.filter(
            to_member_id__in=members, direction=Message.OUT, outcome__in=("joined", "settled"), received_at__gt=self.now - ANSWERED_WITHIN
        )
        found: dict[UUID, set[UUID]] = {}
        for member_id, order_id in told.values_list("to_member_id", "outcome_id"):
            if member_id and order_id:
                found.setdefault(member_id, set()).add(order_id)
        return found

    def nicknames(self, group_id: UUID) -> dict[UUID, str]:
        """What a group's members are called there, by member; colleagues are left out. Read once a batch, where it is asked."""
        if group_id not in self._nicknames:
            rows = Member.objects.filter(group_id=group_id, staff=False, left_at=None).values_list("id", "nickname")
            self._nicknames[group_id] = {i: n for i, n in rows if n}
        return self._nicknames[group_id]

    def gazetteer(self, group_id: UUID) -> Gazetteer:
        """The places that a group knows."""
        found = self._gazetteers.get(group_id)
        if found is None:
            group = self.groups[group_id]
            home = self._by_id.get(group.building_id) if group.building_id else None
            found = self._gazetteers[group_id] = Gazetteer(
                group=group.name, estate=home.estate if home else "",
                buildings=tuple(dict.fromkeys(b.name for b in self.buildings)),
                home_building=home.name if home else "", home_unit=group.unit,
                roads=tuple(self.area.roads if self.area else ()),
                landmarks=tuple(self.area.landmarks if self.area else ()),
            )  # fmt: skip
        return found

    def building_of(self, place: Place, group: Group, hint: dict) -> Building | None:
        """The building a message speaks of: the code on the wall, the words, else the group's own building. At counter and
        phone the worker writes where the caller lives, so there the words go before it."""
        given = self._by_id.get(UUID(hint["building"])) if hint.get("building") else None
        if given and not (_lives(hint) and (place.building or place.road or place.landmark)):
            return given
        home = given or (self._by_id.get(group.building_id) if group.building_id else None)
        if not place.building:
            return None if place.road or place.landmark else home
        named = self._by_key.get(building_key(place.building), [])
        if home:
            same_estate = [b for b in named if b.estate == home.estate]
            named = same_estate or named
        return named[0] if len(named) == 1 else None

    def stamp(self, place: Place, group: Group, hint: dict) -> Stamp:
        """Where a matter is, as far as the words and the group tell."""
        building = self.building_of(place, group, hint)
        unit = hint.get("unit") or place.unit
        if _lives(hint) and (place.unit or building is None or str(building.id) != hint.get("building")):
            unit = place.unit
        if building:
            if not unit and building.id == group.building_id:
                unit = group.unit
            return places.stamp_of_building(building, unit)
        # Never `place.text`: what was written may hold the number of a home, and this stands under everybody's eyes.
        text = f"{place.road}{place.landmark}" or unit or (self.area.name if self.area else "")
        if place.building:
            text = f"{place.building}{unit}"
        return Stamp(group.street_id, group.community_id, group.grid_id, None, unit, text)

    @staticmethod
    def place_key(stamp: Stamp, place: Place) -> Place:
        """The place for comparing: two estates' 3号楼 are different buildings, so the id stands for the name."""
        building = str(stamp.building_id) if stamp.building_id else place.building
        return Place(
            building=building, unit=stamp.unit or place.unit, room=place.room, road=place.road, landmark=place.landmark
        )

    def is_nowhere(self, building_id: UUID | None, unit: str, text: str) -> bool:
        """Do the words of a place say no more than the community?"""
        return building_id is None and not unit and text == (self.area.name if self.area else "")

    def matter(self, u: Understanding, stamp: Stamp, at: datetime, text: str) -> Matter:
        """What is compared of a message."""
        return Matter(
            text=text, thing=u.thing, kind=u.kind, place=self.place_key(stamp, u.place), tokens=u.tokens, at=at
        )

    def near(self, building: str) -> list[Candidate]:
        """The candidates but those of another building, which are other matters whatever the words (`same_matter`)."""
        return [c for c in self.candidates if not building or c.matter.place.building in ("", building)]

    def floods(self, message: Message) -> bool:
        """Has this speaker had her orders of a day already? Never for who speaks for others, at the counter or by phone."""
        member = self.members.get(message.member_id) if message.member_id else None
        if member is None or member.staff or message.hint.get("door") in (Door.COUNTER, Door.PHONE):
            return False
        begun = len(set(self.today.get(member.id, ())))
        begun += sum(1 for c in self.candidates if c.draft is not None and c.draft.voice and c.draft.voice.member_id == member.id)
        return begun >= FLOOD_AFTER

    def load_candidates(self, understood: Sequence[Understanding], messages: Sequence[Message]) -> None:
        """Open matters that this batch could speak of: same things or kinds here, and the speakers' own."""
        relevant = [u for u in understood if u.intent in ("appeal", "emergency") or u.follow_up or u.rating]
        # What a colleague writes may be the answer to a matter that waits.
        by_staff = [u for u, m in zip(understood, messages, strict=True) if u.thing and m.member_id and self.members[m.member_id].staff]
        own_only = any(u.intent in ("sensitive", "call_person") for u in understood)
        own = {m.member_id for m in messages if m.member_id}
        named = {UUID(m.hint["order"]) for m in messages if m.hint.get("order")}
        named |= {a.order_id for a in self.asks.values() if a.order_id}
        # A short word with a place in it may say where the speaker's own matter is.
        loud = bool(named or self.joined) or any(m.kind != "text" or u.place and len(m.text) <= SHORT for u, m in zip(understood, messages, strict=True))
        if not relevant and not loud and not own_only and not by_staff:
            return
        things = {u.thing for u in (*relevant, *by_staff) if u.thing}
        kinds = {u.kind for u in relevant if u.kind and not u.thing}
        match = Q(thing__in=things) if things else Q(pk__in=[])
        if kinds:
            match |= Q(kind__in=kinds, thing="")
        compared = Order.objects.values_list(*COMPARED, named=True)
        here = compared.filter(community_id=self.community_id, confidential=False, history=False)
        rows = list(
            here.filter(match, is_open=True, opened_at__gt=self.now - LOOK_BACK).order_by("-id")[:CANDIDATES]
        )
        mine: dict[UUID, set[UUID]] = {}
        over = Q(order__ending="reviewed", order__is_open=False, order__closed_at__gt=self.now - FINAL_FOR)
        voices = Voice.objects.filter(
            Q(created_at__gt=self.now - LOOK_BACK) | over, member_id__in=own, state=Voice.ACTIVE, order__history=False
        )
        for order_id, member_id, at, opened_at in voices.order_by("id").values_list("order_id", "member_id", "created_at", "order__opened_at"):
            if member_id:
                mine.setdefault(order_id, set()).add(member_id)
                if at == opened_at and at > self.now - FLOOD_WITHIN:
                    self.today.setdefault(member_id, []).append(order_id)
        known = {o.id for o in rows}
        rows += list(
            compared.filter(id__in=[i for i in (*mine, *(named - set(mine))) if i not in known]).filter(
                Q(is_open=True) | Q(state=OrderState.HANDLED) | Q(ending="reviewed", closed_at__gt=self.now - FINAL_FOR)
            )
        )
        for order in rows:
            place = known_place(order.building_id, order.unit, order.place_text, self.area)
            final = order.ending == "reviewed" and not order.is_open
            # A final letter does not grow old as an open matter does: until FINAL_FOR is over it is the same one.
            at = None if final else order.opened_at
            matter = Matter(text="", thing=order.thing, kind=order.kind, place=place, tokens=(), at=at)
            self.candidates.append(
                Candidate(matter, order=order, members=mine.get(order.id, set()), handled=not order.is_open, final=final)
            )
