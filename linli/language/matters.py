"""Whether two messages speak of one matter: words and place and time."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from linli.language.places import NOWHERE, Place

SAME_DAYS = timedelta(days=14)
"""A matter older than this is not joined without asking: the lift has most likely failed anew."""
OVERLAP = 0.5
AT_HOME = frozenset(
    {
        "",
        "漏水",
        "水管",
        "下水道",
        "门窗",
        "噪音",
        "装修",
        "网络",
        "供暖",
        "燃气",
        "狗",
        "邻里",
        "养老",
        "看病",
    }
)
"""Things that each home has for itself: two room numbers then mean, perhaps, two matters."""


@dataclass(slots=True)
class Matter:
    """What is compared of a matter: its words, thing, kind, place and the time of its (last) voice."""

    text: str
    thing: str = ""
    kind: str = ""
    place: Place = field(default=NOWHERE)
    tokens: tuple[str, ...] = ()
    at: datetime | None = None


def same_matter(new: Matter, old: Matter) -> str:
    """ "same", "unsure" (ask 「是同一件事吗？」) or "different". Two places that contradict are always different."""
    where = _places(new.place, old.place)
    if where == "apart":
        return "different"
    if new.thing and old.thing and new.thing != old.thing:
        return "unsure" if where == "exact" and _overlap(new.tokens, old.tokens) >= OVERLAP else "different"
    alike = _overlap(new.tokens, old.tokens)
    thing = bool(new.thing) and new.thing == old.thing
    if not thing and new.kind and old.kind and new.kind != old.kind:
        return "different"
    if not thing and alike < OVERLAP:
        return "different"
    if new.at and old.at and abs(new.at - old.at) > SAME_DAYS:
        return "unsure" if where != "unknown" else "different"
    if new.place.room and old.place.room and new.place.room != old.place.room and new.thing in AT_HOME:
        return "unsure"
    if where == "exact":
        return "same"
    if where == "compatible":
        return "same" if thing or alike >= OVERLAP else "unsure"
    return "unsure"


def _places(a: Place, b: Place) -> str:
    """ "apart", "exact" (building and unit, or road, or landmark), "compatible" (one says less) or "unknown"."""
    for one, other in ((a.building, b.building), (a.unit, b.unit)):
        if one and other and one != other:
            return "apart"
    if a.building and b.building:
        return "exact" if a.unit == b.unit else "compatible"
    if a.building or b.building:
        if a.unit and a.unit == b.unit:
            return "compatible"
        return "unknown"
    for one, other in ((a.road, b.road), (a.landmark, b.landmark)):
        if one and other:
            return "exact" if one == other else "apart"
    return "compatible" if a.unit and a.unit == b.unit else "unknown"


def _overlap(a: tuple[str, ...], b: tuple[str, ...]) -> float:
    """Shared words over the smaller set (0..1)."""
    one, other = set(a), set(b)
    return len(one & other) / min(len(one), len(other)) if one and other else 0.0
