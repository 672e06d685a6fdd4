"""A procedure rehearsed on the page: opened at a day and hour, on which calendar, with these choices."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from linli.calendars import selectors as calendars
from linli.kernel import clock
from linli.kernel.errors import LinliError
from linli.standards import selectors
from linli.standards.flow import END, RATE, Flow
from linli.standards.rehearsal import Rehearsal, Span, rehearse
from linli.standards.web import common, lookup

WIDTH = 1000


def choices(flow: Flow, values: Mapping[str, str]) -> dict[str, Any]:
    """The fields above a rehearsal, with what stands in them."""
    now = clock.local(clock.now())
    own = [c for c in calendars.list_calendars() if c.area_code]
    return {
        "at": values.get("dry-at") or f"{now:%Y-%m-%dT%H:%M}",
        "places": [("", "全区的")] + [(c.area_code, f"{c.name}（{c.area_code}）") for c in own], "place": values.get("dry-place", ""),
        "kinds": selectors.listed_kinds() if any(x.by_kind for x in flow.limits.values()) else [], "kind": values.get("dry-kind", ""),
        "ways": [
            (s, [("", "没有人动手")] + [(o.code, o.label) for o in s.outcomes], values.get(f"dry-way-{s.code}", ""))
            for s in flow.steps.values() if s.type not in (END, RATE)
        ],
    }  # fmt: skip


def run(flow: Flow, values: Mapping[str, str]) -> dict[str, Any]:
    """The context of the result; `said` where it cannot be rehearsed, in plain words."""
    try:
        start = datetime.fromisoformat(values.get("dry-at", "")).replace(tzinfo=clock.LOCAL)
    except ValueError:
        return {"said": "请填哪天几点受理。"}
    kinds = selectors.kinds()
    kind = kinds.get(values.get("dry-kind", "")) or next(iter(kinds.values()))
    ways = {k.removeprefix("dry-way-"): v for k, v in values.items() if k.startswith("dry-way-") and v}
    try:
        found = rehearse(
            flow, start, lambda code: calendars.get_calendar(code, values.get("dry-place", "")),
            kind_limit=(kind.solve_minutes, kind.solve_calendar), ways=ways,
        )  # fmt: skip
    except LinliError as exc:
        return {"said": exc.message}
    except (KeyError, IndexError, StopIteration):
        return {"said": "流程还没有写完整，先把上面标红的地方补好，再试跑。"}
    lines = [{"when": moment(x.at), "text": x.text, "light": x.light} for x in found.lines]
    return {"start": start, "lines": lines, "bars": bars(found)}


def moment(at: datetime) -> str:
    """3月6日 周五 16:50; the year where it is not this one."""
    local = clock.local(at)
    year = f"{local.year}年" if local.year != clock.today().year else ""
    return f"{year}{local.month}月{local.day}日 周{'一二三四五六日'[local.weekday()]} {local:%H:%M}"


def bars(found: Rehearsal) -> list[dict[str, Any]]:
    """One bar per limit: pieces (left, width, light) in thousandths of the time shown, and when its light changes."""
    if not found.spans:
        return []
    start = min(s.lights[0][0] for s in found.spans)
    moments = [at for s in found.spans for at, _ in s.lights] + [s.end for s in found.spans if s.end] + [x.at for x in found.lines]
    end = max(moments)
    whole = max(end - start, timedelta(minutes=1)) * 1.04

    def place(at: datetime) -> int:
        return round((at - start) / whole * WIDTH)

    def pieces(span: Span) -> list[tuple[int, int, str]]:
        cuts = [*span.lights, (span.end or start + whole, "")]
        return [(place(a), max(place(b) - place(a), 4), light) for (a, light), (b, _) in zip(cuts, cuts[1:], strict=False)]

    return [
        {"label": s.label, "pieces": pieces(s), "changes": [(moment(at), light) for at, light in s.lights],
         "end": moment(s.end) if s.end else ""}
        for s in found.spans
    ]


@require_GET
def rehearse_procedure(request: HttpRequest, procedure_id: UUID) -> HttpResponse:
    """GET /desk/procedures/<id>/dry/ — a version rehearsed."""
    common.worker(request)
    flow = lookup.flow_of(lookup.found(procedure_id))
    return render(request, "standards/_dry.html", {"dry": choices(flow, request.GET.dict()), **run(flow, request.GET.dict())})
