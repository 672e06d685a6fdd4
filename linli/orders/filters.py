"""What a list of orders is asked for; parsed from an address and written back into one. There is no filter, sort or
group by person, on purpose (burden rules of domain.md)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from urllib.parse import urlencode
from uuid import UUID

from linli.kernel.errors import BadInput
from linli.orders import counted, promises
from linli.orders.states import Door, OrderState, Way

OPEN_STATE, ALL, COUNTED = "open", "all", "counted"
STATE_CHOICES = [
    (OPEN_STATE, "没办完的"), (OrderState.POOLED, "待领办"), (OrderState.ASSIGNED, "待受理"), (OrderState.WORKING, "处理中"),
    (OrderState.WAITING, "挂账等待"),
    (OrderState.HANDLED, "待评价"), (OrderState.REVIEW, "复核中"), (OrderState.CLOSED, "已结束"),
    (OrderState.VOID, "已作废"), ("history", "历史"), (COUNTED, "计入民情的"),
    (ALL, "全部状态"),
]  # fmt: skip
LIGHTS = ("red", "yellow", "green", "none")
IN_OPEN = (OrderState.POOLED, OrderState.ASSIGNED, OrderState.WORKING, OrderState.WAITING, OrderState.REVIEW)


@dataclass(frozen=True, slots=True)
class Filters:
    """`state`: "open" (default), "all", "history", "counted" (all but void and history: what public opinion counts) or a
    state. `since`, `until`: days of opening, both included. `figure`: only the orders behind one of `counted.LISTS`. `promise`: the
    clause of a clock that they have, `kept` which of `promises.LISTS` it is. `after`: the
    cursor of the page before."""

    area: UUID | None = None
    kind: str = ""
    category: str = ""
    light: str = ""
    state: str = OPEN_STATE
    door: str = ""
    q: str = ""
    mine: bool = False
    since: date | None = None
    until: date | None = None
    clause: str = ""
    way: str = ""
    figure: str = ""
    promise: str = ""
    kept: str = ""
    after: str = ""

    @property
    def is_open(self) -> bool:
        """Only open orders: sorted by light and due time; else newest first."""
        return self.state in (OPEN_STATE, *IN_OPEN)

    @property
    def plain(self) -> bool:
        """Nothing chosen but the place."""
        return replace(self, area=None, after="") == Filters()

    @property
    def unchosen(self) -> bool:
        """Nothing chosen in the page's lists (step, light, kind, category, door), which a phone then folds away."""
        return replace(self, mine=False, q="").plain

    def query(self, **change: object) -> str:
        """The address part, with changes; the cursor is dropped unless it is given."""
        wanted = replace(self, **({"after": ""} | change))  # type: ignore[arg-type]
        parts = {
            "area": str(wanted.area or ""), "kind": wanted.kind, "category": wanted.category, "light": wanted.light,
            "state": "" if wanted.state == OPEN_STATE else wanted.state, "door": wanted.door, "q": wanted.q,
            "mine": "1" if wanted.mine else "", "since": wanted.since or "", "until": wanted.until or "",
            "clause": wanted.clause, "way": wanted.way, "figure": wanted.figure, "promise": wanted.promise, "kept": wanted.kept, "after": wanted.after,
        }  # fmt: skip
        return urlencode({k: v for k, v in parts.items() if v})


def parse(data: Mapping[str, str]) -> Filters:
    """From an address. Raises BadInput for an area that is no id; unknown codes are passed over."""
    try:
        area = UUID(data["area"]) if data.get("area") else None
    except ValueError as exc:
        raise BadInput("没有这个地方。", "bad_area") from exc
    state = data.get("state") or OPEN_STATE
    known = {code for code, _ in STATE_CHOICES}
    door, light = data.get("door", ""), data.get("light", "")
    way, figure, kept = data.get("way", ""), data.get("figure", ""), data.get("kept", "")
    return Filters(
        area=area, kind=data.get("kind", "")[:24], category=data.get("category", "")[:16],
        light=light if light in LIGHTS else "", state=state if state in known else OPEN_STATE,
        door=door if door in set(Door) else "", q=data.get("q", "").replace("\x00", "").strip()[:80],
        mine=data.get("mine") == "1", since=_day(data.get("since", "")), until=_day(data.get("until", "")),
        clause=data.get("clause", "")[:32], way=way if way in set(Way) else "", figure=figure if figure in counted.LISTS else "",
        promise=data.get("promise", "")[:32], kept=kept if kept in promises.LISTS else "",
        after=data.get("after", "")[:120],
    )  # fmt: skip


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as exc:
        raise BadInput("日期要写成 2026-03-02 这样。", "bad_day") from exc
