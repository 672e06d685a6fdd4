"""What comes from the hotline, as a file, as pasted text or typed from a slip: looked at row by row (which place, which kind,
known already, the matter of an order of ours?), confirmed, and taken in.

The machine proposes community and building from the address; where it cannot tell, the reader chooses, and a row without a
place is not taken. Nothing is stored of a file but its sealed rows, for a day at most.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile

from linli.channels.hotline import access, actions, paste, sheet
from linli.channels.hotline.actions import Told
from linli.channels.hotline.sheet import Row, Wrong
from linli.channels.models import HotlineSheet, Outside
from linli.doors import counter
from linli.doors.hotline_same import OF_ROW, Same, earlier, proposals
from linli.files.actions import store_upload
from linli.grid import selectors as places
from linli.grid.models import Area
from linli.grid.selectors import Stamp
from linli.kernel import clock
from linli.kernel.actors import Actor
from linli.kernel.errors import BadInput, NotFound, WrongState
from linli.kernel.masking import mask_phone
from linli.language import Gazetteer, Understanding, building_key, normalise, understand_many
from linli.orders import access as order_access
from linli.orders import labels
from linli.orders.drafts import COMPLAINT, Draft, VoiceDraft, told_kind
from linli.orders.models import Order
from linli.orders.states import Door
from linli.standards import selectors as standards

NOTHING: Mapping[str, str] = MappingProxyType({})
MOST_PHOTOS = 3


@dataclass(slots=True)
class Seen:
    """One row as its reader sees it. `stamp` None: no place could be told, she chooses; `known`: the number is here."""

    row: Row
    kind: str
    stamp: Stamp | None
    known: bool
    u: Understanding
    chosen: UUID | None = None
    #: open orders and earlier rows that are perhaps the same matter, and the one that was ticked
    same: list[Same] = field(default_factory=list)
    ticked: str = ""

    @property
    def community_id(self) -> UUID | None:
        """The community it would go to."""
        return self.chosen or (self.stamp.community_id if self.stamp else None)

    @property
    def due_at(self) -> datetime | None:
        """The hotline's deadline."""
        return self.row.moment("due_at")

    @property
    def sent_at(self) -> datetime | None:
        """When the hotline took it in."""
        return self.row.moment("sent_at")

    @property
    def phone(self) -> str:
        """The caller's number, masked: enough to see that it was read."""
        return mask_phone(self.row.phone)

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

    @property
    def alike(self) -> int:
        """New rows for which an order of ours may be the same matter."""
        return sum(1 for s in self.fresh if any(x.order for x in s.same))

    @property
    def twins(self) -> int:
        """New rows for which an earlier row of the file may be the same matter."""
        return sum(1 for s in self.fresh if any(x.row for x in s.same))


@dataclass(slots=True)
class Took:
    """How many rows became orders, how many callers joined an order, how many numbers were here already."""

    opened: int
    joined: int
    known: int


def read(actor: Actor, upload: UploadedFile | None) -> HotlineSheet:
    """Read a file and keep its rows, sealed. Raises BadInput, Forbidden."""
    access.check(actor)
    if upload is None or not upload.size:
        raise BadInput("请选一个文件：热线平台导出的 .xlsx 或 .csv。", "no_file")
    rows, wrongs = sheet.read(upload.name or "", upload.read(sheet.MOST_BYTES + 1))
    if not rows and not wrongs:
        raise BadInput("文件里只有表头，没有工单。", "empty")
    return actions.keep_sheet(by=actor, name=upload.name or "", rows=rows, wrongs=wrongs)


def paste_in(actor: Actor, text: str, photos: Sequence[UploadedFile] = ()) -> HotlineSheet:
    """Read slips that were copied from the platform or typed from paper, and keep them, sealed. Photos of the paper go with the
    slip; nothing is read from them. Raises BadInput, Forbidden."""
    access.check(actor)
    rows, wrongs = paste.read(text)
    if photos:
        if len(rows) != 1 or wrongs:
            raise BadInput("照片要和一件工单配在一起：一次贴一件，再加它的照片。", "photo_of_one")
        rows[0].blobs = [str(store_upload(actor, p, kinds=("image",)).id) for p in photos[:MOST_PHOTOS]]
    return actions.keep_sheet(by=actor, name="粘贴的工单", rows=rows, wrongs=wrongs)


def look(actor: Actor, sheet_id: UUID, chosen: Mapping[str, str] = NOTHING, same: Mapping[str, str] = NOTHING) -> Look:
    """What each row of a kept sheet would become; `chosen` and `same` as in `take`. Raises NotFound for somebody else's,
    WrongState once it was taken."""
    access.check(actor)
    kept = HotlineSheet.objects.filter(id=sheet_id, account_id=actor.id).first()
    if kept is None:
        raise NotFound("这个文件已经过了一天，请重新选一次。")
    if kept.taken_at is not None:
        raise WrongState("这个文件已经转入过了。", "taken")
    rows, wrongs = actions.held_in(kept)
    known = known_numbers([r.number for r in rows])
    mine = counter.communities(actor)
    picked = {str(a.id): a for a in mine}
    found = []
    for row, (u, stamp) in zip(rows, _understand(rows, mine), strict=True):
        area = picked.get(chosen.get(row.number, ""))
        found.append((row, u, stamp_in(area, row) if area and (stamp is None or stamp.community_id != area.id) else stamp))
    seen = [
        Seen(r, labels.kind(told_kind(r.words, u)), stamp, r.number in known, u=u, same=[*alike, *twins])
        for (r, u, stamp), alike, twins in zip(found, proposals(actor, found), earlier(found, known), strict=True)
    ]
    for one in seen:
        one.chosen = picked[chosen[one.row.number]].id if chosen.get(one.row.number, "") in picked else None
        one.ticked = next((s.value for s in one.same if s.value == same.get(one.row.number)), "")
    return Look(kept, seen, mine, wrongs)


def known_numbers(numbers: Sequence[str]) -> set[str]:
    """Those that are here already."""
    return set(Outside.objects.filter(number__in=numbers).values_list("number", flat=True))


def take(actor: Actor, sheet_id: UUID, chosen: Mapping[str, str], same: Mapping[str, str] = NOTHING) -> Took:
    """Take a kept sheet in. `chosen`: number of a row → community id, where she chose; `same`: number → id of the order, or
    row:number of the earlier row, that is the same matter, where she ticked one.

    Raises BadInput while a new row has no place, or when a ticked order is no longer open; nothing is taken then.
    """
    seen = look(actor, sheet_id, chosen, same)
    taken = []
    for one in seen.fresh:
        if one.stamp is None:
            raise BadInput(f"第 {one.row.line} 行还没有选社区。选好再转入，别的都还在。", "no_place")
        if same.get(one.row.number) and not one.ticked:
            raise BadInput(f"第 {one.row.line} 行要并到的那一件已经变了（办结了，或者换了地方）。请再看一遍这一行。", "same_gone")
        of_row = one.ticked.startswith(OF_ROW)
        taken.append(Told(
            one.row, draft_of(one.row, one.u, one.stamp), same=UUID(one.ticked) if one.ticked and not of_row else None,
            joins=one.ticked.removeprefix(OF_ROW) if of_row else "",
        ))  # fmt: skip
    actions.take_sheet(by=actor, sheet_id=sheet_id, taken=taken)
    joined = sum(1 for t in taken if t.same or t.joins)
    return Took(len(taken) - joined, joined, seen.known)


@dataclass(slots=True)
class One:
    """What became of one order that another system handed in; `alike`: open orders that may be the same matter. `order` is None for
    what the actor may not look into (a sensitive matter, another's place)."""

    order: Order | None
    new: bool
    joined: bool
    alike: list[Same]


def row_of(values: Mapping[str, str]) -> Row:
    """A row from its parts as text (`sheet.HEADINGS`). Raises BadInput."""
    try:
        return sheet.row(values)
    except ValueError as exc:
        raise BadInput(str(exc), "bad_row") from exc


def take_one(actor: Actor, row: Row, community_id: UUID | None, same_as: UUID | None) -> One:
    """One order of another system; the same number again changes nothing. Raises BadInput where the place is not told or `same_as` is no
    open order of the same matter, NotFound for a community that is not the actor's, Forbidden."""
    access.check(actor)
    mine = counter.communities(actor)
    area = next((a for a in mine if a.id == community_id), None)
    if community_id and area is None:
        raise NotFound("没有这个社区，或者不在您的范围里。", "bad_community")
    known = Outside.objects.filter(number=row.number).first()
    if known is not None:
        return One(order_access.get_or_none(actor, known.order_id), False, False, [])
    [(u, stamp)] = _understand([row], [area] if area else mine)
    if stamp is None:
        raise BadInput("看不出是哪个社区的事，请给出 community_id。", "no_place")
    [alike] = proposals(actor, [(row, u, stamp)])
    if same_as and same_as not in {s.order.id for s in alike if s.order}:
        raise BadInput("same_as 不是正在办的同一件事。", "same_gone")
    order, new = actions.take_one(by=actor, told=Told(row, draft_of(row, u, stamp), same_as))
    return One(order if order_access.reads(actor, order) else None, new, bool(same_as) and new, [] if same_as else alike)


def draft_of(row: Row, u: Understanding, stamp: Stamp) -> Draft:
    """The order to be: the hotline's deadline and number, the caller sealed. Words against our own people and sensitive
    matters take their own road, whatever door they came through."""
    kind = told_kind(row.words, u)
    voice = VoiceDraft(words=row.words, name=row.name, phone=row.phone, door=Door.HOTLINE, blob_ids=list(row.blobs))
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
