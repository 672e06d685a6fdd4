"""A file of the hotline: looked at row by row (which place, which kind, known already?), confirmed, and taken in as orders.

The machine proposes community and building from the address; where it cannot tell, the reader chooses, and a row without a
place is not taken. Nothing is stored of a file but its sealed rows, for a day at most.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile

from linli.channels.hotline import access, actions, sheet
from linli.channels.hotline.sheet import Row, Wrong
from linli.channels.models import HotlineSheet
from linli.doors import counter
from linli.grid import selectors as places
from linli.grid.models import Area
from linli.grid.selectors import Stamp
from linli.kernel import clock
from linli.kernel.actors import Actor
from linli.kernel.errors import BadInput, NotFound, WrongState
from linli.language import Gazetteer, Understanding, building_key, normalise, understand_many
from linli.orders import labels
from linli.orders.drafts import COMPLAINT, Draft, VoiceDraft, told_kind
from linli.orders.models import Order
from linli.orders.states import Door
from linli.standards import selectors as standards


@dataclass(slots=True)
class Seen:
    """One row as its reader sees it. `stamp` None: no place could be told, she chooses; `known`: the number is here."""

    row: Row
    kind: str
    stamp: Stamp | None = None
    known: bool = False
    chosen: UUID | None = None

    @property
    def community_id(self) -> UUID | None:
        """The community it would go to."""
        return self.chosen or (self.stamp.community_id if self.stamp else None)

    @property
    def due_at(self) -> datetime | None:
        """The hotline's deadline."""
        return self.row.moment("due_at")

    @property
    def late(self) -> bool:
        """Has the deadline passed before we ever saw it?"""
        return self.due_at is not None and self.due_at <= clock.now()


@dataclass(slots=True)
class Look:
    """What was understood of a file."""

    sheet: HotlineSheet
    rows: list[Seen]
    communities: list[Area] = field(default_factory=list)
    wrongs: list[Wrong] = field(default_factory=list)

    @property
    def fresh(self) -> list[Seen]:
        """Rows that would become orders."""
        return [s for s in self.rows if not s.known]

    @property
    def known(self) -> int:
        """Rows whose number is here already."""
        return len(self.rows) - len(self.fresh)

    @property
    def placeless(self) -> int:
        """Rows for which a community has to be chosen."""
        return sum(1 for s in self.fresh if s.stamp is None)


def read(actor: Actor, upload: UploadedFile | None) -> HotlineSheet:
    """Read a file and keep its rows, sealed. Raises BadInput, Forbidden."""
    access.check(actor)
    if upload is None or not upload.size:
        raise BadInput("请选一个文件：热线平台导出的 .xlsx 或 .csv。", "no_file")
    rows, wrongs = sheet.read(upload.name or "", upload.read(sheet.MOST_BYTES + 1))
    if not rows and not wrongs:
        raise BadInput("文件里只有表头，没有工单。", "empty")
    return actions.keep_sheet(by=actor, name=upload.name or "", rows=rows, wrongs=wrongs)


def look(actor: Actor, sheet_id: UUID, chosen: Mapping[str, str] = MappingProxyType({})) -> Look:
    """What each row of a kept sheet would become; `chosen` as in `take`. Raises NotFound for somebody else's, WrongState once it was taken."""
    access.check(actor)
    kept = HotlineSheet.objects.filter(id=sheet_id, account_id=actor.id).first()
    if kept is None:
        raise NotFound("这个文件已经过了一天，请重新选一次。")
    if kept.taken_at is not None:
        raise WrongState("这个文件已经转入过了。", "taken")
    rows, wrongs = actions.held_in(kept)
    keys = [actions.key_of(r.number) for r in rows]
    known = set(Order.objects.filter(key__in=keys).values_list("key", flat=True))
    mine = counter.communities(actor)
    found = _understand(rows, mine)
    picked = {str(a.id): a.id for a in mine}
    return Look(
        kept,
        [
            Seen(r, labels.kind(told_kind(r.words, u)), stamp, actions.key_of(r.number) in known, picked.get(chosen.get(r.number, "")))
            for r, (u, stamp) in zip(rows, found, strict=True)
        ],
        mine,
        wrongs,
    )  # fmt: skip


def take(actor: Actor, sheet_id: UUID, chosen: Mapping[str, str]) -> tuple[int, int]:
    """(new orders, numbers that were here already). `chosen`: number of a row → community id, where she chose.

    Raises BadInput while a new row has no place; nothing is taken then.
    """
    seen = look(actor, sheet_id)
    by_id = {str(a.id): a for a in seen.communities}
    understood = understand_many([s.row.words for s in seen.rows])
    taken = []
    for one, u in zip(seen.rows, understood, strict=True):
        area = by_id.get(chosen.get(one.row.number, ""))
        stamp = one.stamp
        if area is not None and (stamp is None or stamp.community_id != area.id):
            stamp = stamp_in(area, one.row)
        if stamp is None and one.known:
            continue
        if stamp is None:
            raise BadInput(f"第 {one.row.line} 行还没有选社区。选好再转入，别的都还在。", "no_place")
        taken.append((one.row, draft_of(one.row, u, stamp)))
    left = sum(1 for one in seen.rows if one.known)
    actions.take_sheet(by=actor, sheet_id=sheet_id, taken=taken)
    return len(seen.rows) - left, left


def draft_of(row: Row, u: Understanding, stamp: Stamp) -> Draft:
    """The order to be: the hotline's deadline and number, the caller sealed. Words against our own people and sensitive
    matters take their own road, whatever door they came through."""
    kind = told_kind(row.words, u)
    voice = VoiceDraft(words=row.words, name=row.name, phone=row.phone, door=Door.HOTLINE)
    return Draft(
        kind=kind, stamp=stamp, voice=voice, thing=u.thing, category=u.category, urgency=u.urgency, door=Door.HOTLINE,
        key=actions.key_of(row.number), procedure="" if kind == COMPLAINT or standards.kinds()[kind].confidential else "hotline", due_at=row.moment("due_at"),
    )  # fmt: skip


def _understand(rows: list[Row], mine: list[Area]) -> list[tuple[Understanding, Stamp | None]]:
    areas = [community_of(r, mine) for r in rows]
    return [(u, stamp_in(a, r) if a else None) for r, a, u in zip(rows, areas, understand_many([r.words for r in rows]), strict=True)]


def community_of(row: Row, mine: list[Area]) -> Area | None:
    """The one community that the row names: in its own column, else in the address, else in the words; where the reader has
    only one, that one. None when nothing or more than one fits."""
    if len(mine) == 1:
        return mine[0]
    if row.community:
        named = [a for a in mine if _short(a.name) and _short(a.name) in row.community]
        return named[0] if len(named) == 1 else None
    for text in (row.address, row.words):
        best: list[Area] = []
        longest = 0
        for area in mine:
            length = max((len(n) for n in _names(area) if n in text), default=0)
            if length > longest:
                best, longest = [area], length
            elif length == longest and length:
                best.append(area)
        if longest:
            return best[0] if len(best) == 1 else None
    return None


def _short(name: str) -> str:
    return name.removesuffix("社区").removesuffix("村")


def _names(area: Area) -> set[str]:
    """What an address may call a community by. A gate ("东门") is everybody's."""
    estates = {b.estate for b in places.buildings(area.id)}
    return {n for n in (area.name, _short(area.name), *estates, *area.roads, *area.landmarks) if len(n) > 2 or n in estates}


def stamp_in(area: Area, row: Row) -> Stamp:
    """The building in the community, as far as address or words name one that there is once; else the community."""
    rows = places.buildings(area.id)
    known = Gazetteer(buildings=tuple(dict.fromkeys(b.name for b in rows)), roads=tuple(area.roads), landmarks=tuple(area.landmarks))
    place_text = ""
    for text, u in zip((row.address, row.words), understand_many([row.address, row.words], known), strict=True):
        plain = normalise(text)
        fits = [b for b in rows if u.place.building and building_key(b.name) == building_key(u.place.building)]
        best = max((len(b.estate) for b in fits if b.estate in plain), default=0)
        fits = [b for b in fits if not best or (len(b.estate) == best and b.estate in plain)]
        if len(fits) == 1:
            return places.stamp_of_building(fits[0], u.place.unit)
        place_text = place_text or u.place.text
    return Stamp(area.street_id, area.id, None, None, "", (place_text or area.name)[:80])  # type: ignore[arg-type]
