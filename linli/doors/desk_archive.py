"""Old orders from spreadsheets at the desk: hand a file in, look at what its columns mean and how ten rows would be filed, save the
mapping by name, file it, take it back."""

from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linli.channels import access, actions
from linli.channels.archive import book, headers, mapping, rows
from linli.channels.archive.headers import TARGETS
from linli.channels.archive.mapping import SHEETS, Columns
from linli.channels.archive.rows import Look, Places, Read, Wrong
from linli.channels.bulk.source import Unreadable
from linli.channels.models import Batch, SheetMapping
from linli.doors.desk_notices import worker
from linli.files import vault
from linli.grid import selectors as places
from linli.grid.models import Area
from linli.kernel import masking
from linli.kernel.actors import Actor
from linli.kernel.errors import BadInput, LinliError, NotFound
from linli.standards import selectors as standards

AT_MOST = 50
TRIED = 10
READ_AT_MOST = 300
WRONG_AT_MOST = 20
#: more are taken back by the worker
BACK_AT_ONCE = 2000


@dataclass(frozen=True, slots=True)
class Tried:
    """One line as it would be filed; the reporter masked."""

    line: str
    number: str
    opened_at: Any
    place: str
    kind: str
    by_words: bool
    title: str
    words: str
    result: str
    reporter: str


@require_http_methods(["GET", "POST"])
def archive(request: HttpRequest) -> HttpResponse:
    """GET /desk/archive/ — the batches so far and a place to hand a file in; POST takes the file."""
    actor = worker(request)
    access.ask(actor, "begin_batch")
    wrong = ""
    if request.method == "POST":
        try:
            return HttpResponseRedirect(reverse("desk_batch", args=[_take(actor, request).id]))
        except (BadInput, Unreadable) as exc:
            wrong = str(exc)
    context = {"room": "orders", "tree_label": "", "batches": batches(actor), "wrong": wrong, "mappings": SheetMapping.objects.order_by("name")}
    return render(request, "doors/desk_archive.html", context, status=422 if wrong else 200)


def batches(actor: Actor) -> list[Batch]:
    """The newest ones that reach no further than the actor's places."""
    return [b for b in Batch.objects.order_by("-id")[:AT_MOST] if _reaches(actor, b)]


def _take(actor: Actor, request: HttpRequest) -> Batch:
    file = request.FILES.get("file")
    if file is None:
        raise BadInput("请先选一份 .xlsx、.xls 或 .csv。", "empty")
    if (file.size or 0) > actions.MOST_BYTES:
        raise BadInput("这份表超过 64 MB，请按年份拆开，或者请管理员用 linli import orders 导。", "too_large")
    data = file.read()
    with NamedTemporaryFile(prefix="linli-import-") as spool:
        spool.write(data)
        spool.flush()
        path = Path(spool.name)
        seen = rows.look(path, file.name or "")
        if not seen.headings:
            raise BadInput("没有找到表头：要有一行写着“反映时间”“诉求内容”这样的列名。", "no_heading")
        known = Places(access.communities(actor))
        saved = SheetMapping.objects.filter(name=request.POST.get("map", "")).first()
        names = [n for n, _ in seen.sheets]
        columns = mapping.parse(saved.data) if saved else mapping.guess(seen.headings, names, known.names())
        if not columns.columns.get("community") and not columns.community and len(known.names()) == 1:
            columns.community = next(str(a.id) for a in places.areas(Area.COMMUNITY) if a.name == known.names()[0])
        return actions.begin_batch(by=actor, name=file.name or "", columns=columns, total=book.size(path), data=data)


def _reaches(actor: Actor, batch: Batch) -> bool:
    where = access.communities(actor)
    return where is None or batch.account_id == actor.id or (batch.communities is not None and {UUID(i) for i in batch.communities} <= where)


def batch_of(actor: Actor, batch_id: int) -> Batch:
    """A batch that reaches no further than the actor's places. Raises Forbidden, NotFound."""
    access.ask(actor, "begin_batch")
    batch = Batch.objects.filter(id=batch_id).first()
    if batch is None or not _reaches(actor, batch):
        raise NotFound("没有这一批。")
    return batch


@require_http_methods(["GET", "POST"])
def batch(request: HttpRequest, batch_id: int) -> HttpResponse:
    """GET /desk/archive/<id>/ — the mapping screen, or how far it is; POST looks again, saves the mapping, or begins."""
    actor = worker(request)
    found = batch_of(actor, batch_id)
    if found.state != Batch.LOOKED:
        template = "doors/desk_batch_now.html" if getattr(request, "htmx", None) else "doors/desk_batch.html"  # type: ignore[attr-defined]
        return render(request, template, {"room": "orders", "tree_label": "", "b": found})
    columns, wrong, saved = mapping.parse(found.mapping), "", ""
    if request.method == "POST":
        try:
            columns = _columns(request.POST)
            if name := request.POST.get("name", "").strip():
                saved = actions.save_mapping(by=actor, name=name, columns=columns).name
            if request.POST.get("do") == "start":
                actions.start_batch(by=actor, batch=found, columns=columns)
                return HttpResponseRedirect(reverse("desk_batch", args=[found.id]))
        except BadInput as exc:
            wrong = exc.message
    context = _screen(actor, found, columns) | {"room": "orders", "tree_label": "", "b": found, "wrong": wrong, "saved": saved}
    return render(request, "doors/desk_mapping.html", context, status=422 if wrong else 200)


def _columns(data: QueryDict) -> Columns:
    """From the form: `column:<label>` = target, `kind:<text>` = our code."""
    columns: dict[str, list[str]] = {}
    kinds: dict[str, str] = {}
    for key in data:
        what, _, label = key.partition(":")
        if what == "column" and data[key]:
            columns.setdefault(data[key], []).append(label)
        elif what == "kind" and data[key]:
            kinds[label] = data[key]
    return mapping.parse({"columns": columns, "kinds": kinds, "sheet": data.get("sheet", ""), "community": data.get("community", "")})


def _screen(actor: Actor, found: Batch, columns: Columns) -> dict[str, Any]:
    known = Places(access.communities(actor))
    with actions.unsealed(found) as path:
        seen = rows.look(path, found.name)
        tried, problems, read = _try(path, found, columns, known)
    target = {label: t for t, labels in columns.columns.items() for label in labels}
    kinds = standards.kinds()
    same = mapping.kind_codes(seen.kinds) | columns.kinds
    where = access.communities(actor)
    return {
        "look": seen, "labels": [(label, _example(seen, label, target), target.get(label, "")) for label in seen.labels],
        "targets": TARGETS.items(), "sheets": SHEETS.items(), "columns": columns,
        "kinds": [(text, n, same.get(text, "")) for text, n in seen.kinds.most_common()] if columns.columns.get("kind") else [],
        "our_kinds": [k for k in kinds.values() if k.listed], "tried": tried, "problems": problems, "read": read,
        "communities": [a for a in places.areas(Area.COMMUNITY) if where is None or a.id in where], "missing": columns.missing(),
    }  # fmt: skip


def _example(seen: Look, label: str, target: dict[str, str]) -> str:
    """What the column holds; a reporter's name and number masked as everywhere."""
    said = seen.examples.get(label, "")
    what = {target.get(label, ""), headers.guess(label)}
    if "phone" in what:
        return masking.mask_phone(said)
    return masking.mask_name(said) if "name" in what else said


def _try(path: Path, found: Batch, columns: Columns, known: Places) -> tuple[list[Tried], list[Wrong], int]:
    """Ten rows as they would be filed, and what is wrong with the first hundreds."""
    tried: list[Tried] = []
    problems: list[Wrong] = []
    read = 0
    if columns.missing():
        return tried, problems, read
    names = {a.id: a.name for a in places.areas(Area.COMMUNITY)}
    kinds = standards.kinds()
    for row in rows.read(path, columns, known, batch=found.code, name=found.name):
        read += 1
        if isinstance(row, Wrong):
            problems.append(row)
        elif len(tried) < TRIED:
            tried.append(_tried(row, names, kinds))
        if read >= READ_AT_MOST or len(problems) >= WRONG_AT_MOST:
            break
    return tried, problems, read


def _tried(row: Read, names: dict[UUID, str], kinds: dict[str, Any]) -> Tried:
    old, kind = row.old, kinds[row.old.kind]
    thing = "" if kind.confidential else old.thing
    reporter = " ".join(x for x in (masking.mask_name(old.name), masking.mask_phone(old.phone)) if x)
    return Tried(
        f"{row.sheet} 第 {row.line} 行", old.number, old.opened_at, f"{names.get(old.stamp.community_id, '')} {old.stamp.text}", kind.label,
        row.by_words, f"{thing} · {kind.label}" if thing else kind.label, old.words, old.result, reporter,
    )  # fmt: skip


@require_GET
def batch_problems(request: HttpRequest, batch_id: int) -> HttpResponse:
    """GET /desk/archive/<id>/problems/ — the refused lines as a .csv to send back to whoever keeps the table."""
    found = batch_of(worker(request), batch_id)
    text = "\ufeff工作表,行,原因\r\n" + "".join(f"{_field(s)},{line},{_field(why)}\r\n" for s, line, why in found.problems)
    response = HttpResponse(text, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{found.code}-problems.csv"'
    return response


def _field(text: str) -> str:
    """One cell of a .csv; no text becomes a formula."""
    text = f"'{text}" if text[:1] in "=+-@\t" and text else text
    return '"' + text.replace('"', '""') + '"'


def undo(actor: Actor, found: Batch) -> None:
    """What a batch filed goes again (a part of much at once, the rest in the background); a file that was only looked at is dropped."""
    if found.state == Batch.LOOKED:
        actions.end_batch(by=actor, batch=found, state=Batch.GONE)
    else:
        actions.take_back_batch(by=actor, batch=found, at_most=BACK_AT_ONCE)


@require_POST
def take_back(request: HttpRequest, batch_id: int) -> HttpResponse:
    """POST /desk/archive/<id>/back/ — everything that this batch filed goes again, or the file that was only looked at."""
    actor = worker(request)
    found = batch_of(actor, batch_id)
    try:
        undo(actor, found)
    except (LinliError, vault.Unreadable) as exc:
        raise BadInput(str(exc)) from exc
    return HttpResponseRedirect(reverse("desk_archive"))
