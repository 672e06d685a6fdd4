"""The Monday sheet of a street or the district: five figures against the week before, what fails today and which post can still save it,
what comes back again and again, what is not ours and where it went, three decisions to take. Never a person's name."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q

from linli.grid import selectors as grid
from linli.grid.duty import DutyBook
from linli.grid.duty import book as duty_book
from linli.grid.models import Area
from linli.insight import access, hot, tables
from linli.insight.figures import Figures
from linli.insight.models import WeekSheet
from linli.insight.tables import Chosen
from linli.kernel import clock
from linli.kernel.actors import SYSTEM, Actor
from linli.kernel.errors import Forbidden, NotFound
from linli.kernel.roles import LABELS, Role
from linli.language import neutral
from linli.orders import labels, scopes
from linli.orders.counted import LIVE
from linli.orders.hands import stamp_of
from linli.orders.models import Order, Word
from linli.orders.scopes import Scope
from linli.orders.states import OrderState
from linli.ui import figures as said

#: the hour (China) at which the sheet lies on the table
HOUR = 8
FIVE = (
    ("按时答复", "answered_in_time", "answer_due", "件"), ("按时解决", "solved_in_time", "solve_due", "件"),
    ("居民满意", "satisfied", "rated", "人"), ("重办过的", "reopened", "opened", "件"), ("有结果的", "handled", "opened", "件"),
)  # fmt: skip
FAILING, REPEATED, ELSEWHERE, DECISIONS = 8, 5, 5, 3
NOT_OURS = ("not_ours", "beyond", "no", "refused")
#: with fewer orders than these a share moves too much by chance to be called better or worse
ENOUGH = 5


def monday_of(day: date) -> date:
    """The Monday of a day's week."""
    return day - timedelta(days=day.weekday())


def areas() -> list[Area]:
    """Those that have a sheet of their own: the district and its streets."""
    return [a for a in grid.areas() if a.level in (Area.DISTRICT, Area.STREET)]


def area_of(actor: Actor, wished: UUID | None = None) -> Area:
    """The wished one, or the actor's own: her street, the district for who covers all. Raises Forbidden, NotFound."""
    if not access.may(actor, "read_week"):
        raise Forbidden("周一八点一张纸给街道领导、科室和平台中心看。")
    reach = scopes.reach(actor, access.RIGHTS["read_week"])
    mine = [a for a in areas() if any(s.holds(scopes.of_area(a)) for s in reach)]
    found = next((a for a in mine if a.id == wished), None) if wished else next(iter(mine), None)
    if found is None:
        raise NotFound("没有找到这个地方，或者不在您负责的范围里。")
    return found


def gather(area: Area, monday: date) -> dict[str, Any]:
    """What the sheet of that Monday says, in ids, codes and numbers: the week before it, against the week before that."""
    scope = scopes.of_area(area)
    last, before = (_figures(scope, monday - timedelta(days=7 * n)) for n in (1, 2))
    failing, failing_all = _failing(scope)
    repeated = _repeated(scope)
    elsewhere, elsewhere_all = _elsewhere(scope, monday)
    found: dict[str, Any] = {
        "last": _numbers(last), "before": _numbers(before), "failing": failing, "failing_all": failing_all, "repeated": repeated,
        "elsewhere": elsewhere, "elsewhere_all": elsewhere_all, "late_kind": _late_kind(scope, monday),
    }  # fmt: skip
    return found | {"decisions": _decisions(found, last)}


def _figures(scope: Scope, monday: date) -> Figures:
    chosen = Chosen(monday, monday + timedelta(days=6))
    return tables.sum_of(tables.rows([scope], chosen, "community_id"))


def _numbers(row: Figures) -> dict[str, int]:
    names = {n for _, part, whole, _ in FIVE for n in (part, whole)} | {"opened", "voices", "unrated"}
    return {n: getattr(row, n) for n in sorted(names)}


def _failing(scope: Scope) -> tuple[list[dict[str, Any]], int]:
    """Open orders that are late or will be before midnight: first those that can still be saved. Sealed ones stand on no paper."""
    now = clock.now()
    tonight = datetime.combine(clock.local_day(now) + timedelta(days=1), time(), clock.LOCAL)
    rows = Order.objects.filter(LIVE, **scope.equal(), is_open=True, confidential=False, due_at__lt=tonight)
    book = duty_book()
    chosen = [*rows.filter(due_at__gte=now).order_by("due_at", "id")[:FAILING], *rows.filter(due_at__lt=now).order_by("-urgency", "due_at", "id")[:FAILING]]
    found = [{"order": str(o.id), "due": o.due_at.isoformat() if o.due_at else "", **_post(o, book, now)} for o in chosen[:FAILING]]
    return found, rows.count()


def _post(order: Order, book: DutyBook, now: datetime) -> dict[str, str]:
    """Who can still save it, as an office: role and place or organisation."""
    if order.state == OrderState.POOLED or order.responsible_id is None:
        return {"role": "pool", "at": str(order.street_id)}
    # In the last minute in which it can be saved; what is late already is its responsible person's.
    last = max(now, order.due_at - timedelta(minutes=1)) if order.due_at and order.due_at > now else None
    who = book.holder_of(order.responsible_id, stamp_of(order), last).account_id if last else order.responsible_id
    posts = grid.posts_of(who) if who else []
    near = (order.grid_id, order.community_id, order.street_id)
    posts.sort(key=lambda p: near.index(p.area_id) if p.area_id in near else len(near))
    best = next((p for p in posts if p.role in LABELS and p.role not in (Role.GROUP_OWNER, Role.RESIDENT)), None)
    if best is None:
        return {"role": Role.CENTRE, "at": ""}
    return {"role": best.role, "at": str(best.area_id or ""), "org": str(best.org_id or "")}


def _repeated(scope: Scope) -> list[dict[str, Any]]:
    found = hot.hot_matters(SYSTEM, [scope], clock.today() - timedelta(days=hot.DAYS - 1), limit=REPEATED * 3)
    rows = []
    for m in [m for m in found if not m.confidential][:REPEATED]:
        newest = Order.objects.filter(LIVE, community_id=m.community_id, is_open=True, confidential=False, place_text__startswith=m.place)
        order = newest.filter(Q(thing=m.thing) | Q(thing="")).order_by("-id").first()
        rows.append({
            "place": m.place, "thing": m.thing, "people": m.people, "orders": m.orders, "open": m.still_open, "trend": m.trend,
            "query": m.query, "order": str(order.id) if order else "",
        })  # fmt: skip
    return rows


def _elsewhere(scope: Scope, monday: date) -> tuple[list[dict[str, Any]], int]:
    first = datetime.combine(monday - timedelta(days=7), time(), clock.LOCAL)
    rows = Order.objects.filter(LIVE, **scope.equal(), confidential=False, ending__in=NOT_OURS)
    rows = rows.filter(handled_at__gte=first, handled_at__lt=first + timedelta(days=7))
    return [{"order": str(o.id), "ending": o.ending} for o in rows.order_by("-voice_count", "id")[:ELSEWHERE]], rows.count()


def _late_kind(scope: Scope, monday: date) -> dict[str, Any]:
    chosen = Chosen(monday - timedelta(days=7), monday - timedelta(days=1), by="kind")
    lines = [(row["kind"], row["n_solve_due"] or 0, row["n_solved_in_time"] or 0) for row in tables.rows([scope], chosen, "kind")]
    late = [(due - done, kind, due) for kind, due, done in lines if due > done]
    if not late:
        return {}
    n, kind, due = max(late)
    return {"kind": kind, "late": n, "due": due}


def _decisions(found: Mapping[str, Any], last: Figures) -> list[dict[str, Any]]:
    """What a leader has to decide, most pressing first; each names the place, matter or number that it rests on."""
    rows: list[dict[str, Any]] = []
    if found["failing"]:
        rows.append({"what": "save", "order": found["failing"][0]["order"]})
    rows += [{"what": "repeat", "n": n} for n, m in enumerate(found["repeated"][:1]) if m["open"]]
    if found["elsewhere_all"]:
        rows.append({"what": "elsewhere", "count": found["elsewhere_all"]})
    if found["late_kind"]:
        rows.append({"what": "late", **found["late_kind"]})
    rows += [{"what": "repeat", "n": n} for n, m in enumerate(found["repeated"][1:3], 1) if m["open"]]
    if last.unrated:
        rows.append({"what": "ask", "count": last.unrated, "whole": last.unrated + last.rated + last.not_reached})
    return rows[:DECISIONS]


@dataclass(frozen=True, slots=True)
class Five:
    """One of the five figures; `was`: the week before; word: better, worse, as before, or too few to say."""

    label: str
    part: int
    whole: int
    unit: str
    was_part: int
    was_whole: int
    word: str


@dataclass(frozen=True, slots=True)
class Line:
    """One matter on the sheet: its order where there is one, what it is, by when or how often, which post, where it went."""

    order: Order | None
    what: str
    when: str = ""
    post: str = ""
    where: str = ""
    query: str = ""
    red: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet to be shown: everything in words. `sheet` is None while it is not kept yet."""

    area: Area
    monday: date
    sheet: WeekSheet | None
    opened: int
    voices: int
    opened_before: int
    five: list[Five]
    failing: list[Line]
    failing_all: int
    repeated: list[Line]
    elsewhere: list[Line]
    elsewhere_all: int
    decisions: list[str]

    @property
    def since(self) -> date:
        """The first day that the figures are about."""
        return self.monday - timedelta(days=7)

    @property
    def until(self) -> date:
        """The last one."""
        return self.monday - timedelta(days=1)

    @property
    def orders(self) -> list[Line]:
        """The lines that a remark can be about."""
        return [line for line in (*self.failing, *self.repeated) if line.order]


def kept(area: Area, monday: date) -> WeekSheet | None:
    """The sheet of that Monday, as it was made."""
    return WeekSheet.objects.filter(area_id=area.id, monday=monday).first()


def sheet(area: Area, monday: date, row: WeekSheet | None) -> Sheet:
    """The kept sheet in words, or one gathered now. Labels are looked up now; the numbers are those of the sheet."""
    data = row.data if row else gather(area, monday)
    rows = [*data["failing"], *data["elsewhere"], *data["repeated"]]
    orders = {str(o.id): o for o in Order.objects.filter(id__in=[r["order"] for r in rows if r["order"]])}
    last, before = data["last"], data["before"]
    five = [
        Five(label, last[p], last[w], unit, before[p], before[w], _word(p, last[p], last[w], before[p], before[w])) for label, p, w, unit in FIVE
    ]
    failing = [_failing_line(orders.get(r["order"]), r) for r in data["failing"]]
    repeated = [
        Line(orders.get(r["order"]), f"{r['place']} · {r['thing']}", f"{r['people']} 人说了 {r['orders']} 次", where=hot.WORDS[r["trend"]], query=r["query"])
        for r in data["repeated"]
    ]  # fmt: skip
    told = _told([r["order"] for r in data["elsewhere"]])
    elsewhere = [
        Line(o, _what(o), labels.ENDINGS.get(r["ending"], ""), where=told.get(r["order"], "去处写在工单里"))
        for r in data["elsewhere"] if (o := orders.get(r["order"]))
    ]  # fmt: skip
    return Sheet(
        area, monday, row, last["opened"], last["voices"], before["opened"], five, failing, data["failing_all"], repeated, elsewhere,
        data["elsewhere_all"], [_decision(d, data, orders) for d in data["decisions"]],
    )  # fmt: skip


def _word(part: str, n: int, whole: int, was: int, was_whole: int) -> str:
    """Better, worse, as before; a small number is not called either."""
    if min(whole, was_whole) < ENOUGH:
        return "件数少，不比"
    gap = n * was_whole - was * whole
    if part == "reopened":
        gap = -gap
    return "和前一周一样" if gap == 0 else "比前一周好" if gap > 0 else "比前一周差"


def _what(order: Order) -> str:
    return f"{order.place_text} {order.title}".strip()


def _failing_line(order: Order | None, row: Mapping[str, Any]) -> Line:
    due = datetime.fromisoformat(row["due"]) if row["due"] else None
    late = bool(due and due < clock.now())
    when = "" if due is None else f"{said.on_paper(due)} 到期，已超时" if late else f"{said.on_paper(due)} 前"
    return Line(order, _what(order) if order else "已经撤回的工单", when, _office(row), red=late)


def _office(row: Mapping[str, Any]) -> str:
    names = grid.area_names([UUID(row["at"])]) if row.get("at") else {}
    where = next(iter(names.values()), "")
    if row["role"] == "pool":
        return f"{where}流转中心（还没人领）"
    org = next(iter(grid.organisation_names([UUID(row["org"])]).values()), "") if row.get("org") else ""
    label = LABELS[Role(row["role"])]
    return f"{org}{label}" if org else where + (label[2:] if where.endswith(label[:2]) else label)


def _told(ids: Sequence[str]) -> dict[str, str]:
    """Where a matter went, in our people's own public words as far as they name nobody."""
    found: dict[str, str] = {}
    for word in Word.objects.filter(order_id__in=list(ids), public=True).order_by("id"):
        first = neutral(word.text.split("\n")[0].split("。")[0][:60])
        if first:
            found[str(word.order_id)] = first
    return found


def _decision(row: Mapping[str, Any], data: Mapping[str, Any], orders: Mapping[str, Order]) -> str:
    if row["what"] == "save":
        line = _failing_line(orders.get(row["order"]), data["failing"][0])
        rest = f"（今天到期和已超时的共 {data['failing_all']} 件）" if data["failing_all"] > 1 else ""
        return f"今天先保哪一件：建议请{line.post}先办“{line.what}”{rest}。"
    if row["what"] == "repeat":
        m = data["repeated"][row["n"]]
        return f"{m['place']}的{m['thing']}，30 天里 {m['people']} 人说了 {m['orders']} 次：建议定一个牵头单位，一次办到底。"
    if row["what"] == "elsewhere":
        return f"上周有 {row['count']} 件不归我们管或办不了：建议由街道出面，和有权的单位一件一件对接。"
    if row["what"] == "late":
        return f"{labels.kind(row['kind'])}类上周 {row['late']} / {row['due']} 件没按时解决：建议查一查卡在哪一步，要不要加人或改办法。"
    return f"上周 {row['count']} / {row['whole']} 人没有评价：建议请社区挑几户上门或打电话问问。"


def readers(area: Area) -> list[UUID]:
    """Who gets the notice: the street's leaders; for the district its body and the centre."""
    book = duty_book()
    if area.level == Area.STREET:
        return book.with_role(Role.STREET_LEADER, area.id)
    return list(dict.fromkeys([*book.with_role(Role.DISTRICT_BODY, area.id), *book.with_role(Role.DISTRICT_BODY, None), *book.centre()]))
