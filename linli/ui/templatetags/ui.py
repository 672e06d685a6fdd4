"""Template tags of the visual language; the list with arguments stands in docs/ui.md."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import segno
from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from linli.kernel import ids
from linli.ui import faces, figures, mistakes
from linli.ui.icons import ICONS

register = template.Library()

_SHAPES = {
    "green": '<circle cx="5" cy="5" r="5"/>',
    "yellow": '<path d="M5 0l5 9.500H0z"/>',
    "red": '<path d="M.5.5h9v9h-9z"/>',
    "roster": '<path d="M7 0a5 5 0 1 0 3 7A4.500 4.500 0 0 1 7 0z"/>',
    "none": '<path d="M0 3.700h10v2.600H0z"/>',
}
LIGHT_WORDS = {"green": "正常", "yellow": "临近", "red": "超时", "roster": "值班", "none": "不计时"}


@register.simple_tag
def icon(name: str, label: str = "", cls: str = "") -> SafeString:
    """An inline picture; silent for screen readers unless it has a label. Unknown names are an error."""
    if name not in ICONS:
        raise template.TemplateSyntaxError(f"no icon named {name!r}; see linli/ui/icons.py")
    said = format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"')
    return format_html(
        '<svg class="icon{}" viewBox="0 0 24 24" {} focusable="false">{}</svg>',
        f" {cls}" if cls else "",
        said,
        mark_safe(ICONS[name]),  # noqa: S308 - our own drawing
    )


@register.simple_tag
def light(state: str, word: str = "") -> SafeString:
    """A light: shape, word and colour; state is green, yellow, red, roster or none."""
    state = str(state or "none")
    return format_html(
        '<span class="light {}"><svg viewBox="0 0 10 10" aria-hidden="true">{}</svg>{}</span>',
        state,
        mark_safe(_SHAPES[state]),  # noqa: S308 - our own drawing
        word or LIGHT_WORDS[state],
    )


@register.simple_tag
def face(name: str = "", kind: str = "person") -> SafeString:
    """The face of a speaker; kind is person, worker, me or bot. The name stands beside it, so it is silent."""
    if kind == "bot":
        return format_html('<span class="face bot" aria-hidden="true">{}</span>', mark_safe(faces.BIRD))  # noqa: S308
    sign = "我" if kind == "me" else faces.initial(str(name)) or icon("me")
    cls = f"t{faces.tone(str(name))}" + (" worker" if kind == "worker" else "")
    return format_html('<span class="face {}" aria-hidden="true">{}</span>', cls, sign)


@register.simple_tag
def bird() -> SafeString:
    """小栖 on an eave, for empty and error pages."""
    return mark_safe(faces.PERCHED)  # noqa: S308 - our own drawing


@register.inclusion_tag("ui/steps.html")
def steps(rows: Iterable[Any]) -> dict[str, Any]:
    """Plain steps of a matter; each row has text and, if wanted, at, state (done, now, next), who, note."""
    return {"rows": rows}


@register.simple_block_tag
def bubble(
    content: str,
    name: str = "",
    kind: str = "person",
    at: datetime | None = None,
    role: str = "",
    id: str = "",
    bare: bool = False,
) -> SafeString:
    """A message of a talk: `{% bubble name="周阿姨" at=m.at %}{{ m.text }}{% endbubble %}`; kind as in `face`."""
    who = [format_html("<span>{}</span>", w) for w in (name if kind != "me" else "", role) if w]
    if at:
        who.append(when(at))
    return format_html(
        '<div class="msg {}"{}>{}<div><p class="who">{}</p><div class="bub{}">{}</div></div></div>',
        kind,
        format_html(' id="{}"', id) if id else "",
        face(name, kind),
        format_html_join(" ", "{}", ((w,) for w in who)),
        " bare" if bare else "",
        mark_safe(content.strip()),  # noqa: S308 - already rendered by the template engine
    )


@register.simple_tag
def share(part: float, whole: float, unit: str = "件") -> SafeString:
    """A share with its denominator: 41 / 43 件 · 95%; 暂无 without one."""
    if not whole:
        return mark_safe('<span class="share faint">暂无</span>')
    return format_html(
        '<span class="share num">{} <small>/ {} {} <span class="nowrap">· {}</span></small></span>',
        f"{part:,}",
        f"{whole:,}",
        unit,
        figures.percent(part, whole),
    )


def _bar(row: Any) -> dict[str, Any]:
    if isinstance(row, dict):
        return row
    if isinstance(row, Sequence):
        return dict(zip(("label", "value", "note", "url", "cls"), row, strict=False))
    return {k: getattr(row, k, "") for k in ("label", "value", "note", "url", "cls")}


@register.inclusion_tag("ui/bars.html")
def bars(rows: Iterable[Any], unit: str = "") -> dict[str, Any]:
    """Level bars as a list; each row is (label, value[, note[, url[, cls]]]), a dict or an object with those."""
    found = [_bar(r) for r in rows]
    top = max([float(r["value"] or 0) for r in found] + [1.0])
    return {
        "rows": [{**r, "width": round(float(r["value"] or 0) / top * 100, 1)} for r in found],
        "unit": unit,
    }


@register.simple_tag
def spark(values: Iterable[float], label: str = "") -> SafeString:
    """A small line; its figures are its label, so that it can be heard."""
    row = list(values)
    if not row:
        return mark_safe('<span class="faint">暂无</span>')
    places = figures.points(row)
    return format_html(
        '<svg class="spark" viewBox="0 0 96 28" role="img" aria-label="{}">'
        '<polyline points="{}" fill="none" stroke="currentColor" stroke-width="2" stroke-linejoin="round"/>'
        '<circle class="spark-end" cx="{}" cy="{}" r="3" stroke-width="1.500"/></svg>',
        f"{label or f'最近 {len(row)} 个数'}：{'、'.join(f'{v:g}' for v in row)}",
        " ".join(f"{x},{y}" for x, y in places),
        *places[-1],
    )


@register.simple_tag
def when(at: datetime | None, style: str = "") -> SafeString:
    """A moment as a time element: 今天 10:40; style "full" adds the hour to days long past, "paper" names the day by its date,
    since a sheet is read on other days too: 11月3日 14:05. Nothing for None."""
    if at is None:
        return mark_safe('<span class="faint">—</span>')
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        at.isoformat(timespec="seconds"),
        figures.moment(at),
        figures.on_paper(at) if style == "paper" else figures.when(at, full=style == "full"),
    )


@register.simple_tag
def remain(minutes: float | timedelta | None) -> SafeString:
    """Time left: 剩 0:20, 超 0:35; minutes or a timedelta, below nought is late; 不计时 for None."""
    if minutes is None:
        return mark_safe('<span class="faint nowrap">不计时</span>')
    late = figures.minutes_of(minutes) < 0
    return format_html(
        '<span class="num{}"><span aria-hidden="true">{}</span><span class="sr">{}</span></span>',
        " bad strong" if late else "",
        figures.remain(minutes),
        figures.remain_spoken(minutes),
    )


@register.inclusion_tag("ui/empty.html")
def empty(text: str, url: str = "", label: str = "") -> dict[str, str]:
    """An empty list that says what to do next: a sentence and, if wanted, one way on."""
    return {"text": text, "url": url, "label": label}


@register.simple_tag
def qr(url: str, label: str = "扫一扫打开") -> SafeString:
    """A QR code as inline SVG, black on white."""
    code = segno.make(url, error="m", micro=False)
    drawn = code.svg_inline(omitsize=True, border=2, svgclass=None, lineclass=None, dark="#000", light="#fff")
    return format_html('<span class="qr" role="img" aria-label="{}">{}</span>', label, mark_safe(drawn))  # noqa: S308


@register.simple_tag
def once(key: UUID | str | None = None) -> SafeString:
    """The hidden idempotency key of a form with data-once; works without scripts too."""
    return format_html('<input type="hidden" name="key" value="{}">', key or ids.new())


@register.simple_tag(name="mistake")
def mistake_(code: int | str | None = None, message: str = "") -> mistakes.Mistake:
    """The words of an error page: `{% mistake status message as m %}`."""
    return mistakes.mistake(int(code or 500), message)
