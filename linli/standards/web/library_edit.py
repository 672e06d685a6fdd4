"""Writing the library: a new standard, what stands above the clauses, one clause at a time, and the verbs of its life."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from linli.kernel.actors import Actor
from linli.kernel.errors import BadInput, Conflict, Forbidden, NotFound, WrongState
from linli.standards import access_library as access
from linli.standards.actions import library as actions
from linli.standards.documents import (
    LIMIT,
    MOST_VALUES,
    SCORE,
    SPANS,
    SUBSYSTEMS,
    THRESHOLD,
    ClauseText,
    DocumentState,
    Head,
    Value,
)
from linli.standards.models import Document
from linli.standards.texts import clause_text, text_of
from linli.standards.web.library import page, whole, worker

#: what people write as the unit of a limit → (unit, calendar)
WRITTEN = {words.removeprefix("个"): span for span, (words, _) in SPANS.items()}
UNITS = (*WRITTEN, "%", "次", "人", "件", "项", "个月", "年", "分")
BLANK = 3
WORDS = ("title", "scope", "object", "requirement", "valid_from", "valid_until")


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """GET and POST /desk/standards/new/ — code and head; the clauses come after."""
    actor, post = worker(request), request.POST
    access.ask(actor, "draft_document")
    wrong = ""
    if request.method == "POST":
        try:
            made = actions.draft_document(by=actor, code=post.get("code", "").strip().upper(), head=_head(post))
            return HttpResponseRedirect(reverse("standard_version", args=[made.code, made.version]))
        except (BadInput, Conflict) as exc:
            wrong = exc.message
    context = page(actor, "draft", data=post, wrong=wrong, modules=MODULES, place=post.get("place", ""))
    return render(request, "standards/library_head.html", context, status=422 if wrong else 200)


MODULES = [(f"{code}/{m}", f"{name} · {label}") for code, (name, modules) in SUBSYSTEMS.items() for m, label in modules.items()]


def _head(post: Mapping[str, str]) -> Head:
    subsystem, _, module = post.get("place", "").partition("/")
    steps = tuple(" ".join(s.split()) for s in post.get("flow", "").splitlines() if s.strip())
    return Head(subsystem=subsystem, module=module, flow=steps, **{n: post.get(n, "").strip() for n in WORDS})


def _of(request: HttpRequest, code: str, version: str, verb: str) -> tuple[Actor, Document]:
    actor = worker(request)
    access.ask(actor, verb)
    found = access.get(actor, code, int(version))
    if found.state != DocumentState.DRAFT:
        raise WrongState("这一版已经不是草稿了，不能再改。要改请起草新一版。")
    return actor, found


@require_http_methods(["GET", "POST"])
def head(request: HttpRequest, code: str, version: str) -> HttpResponse:
    """GET and POST /desk/standards/<code>/<version>/head/ — scope, object, flow, requirement, days."""
    actor, found = _of(request, code, version, "change_document")
    now, post, wrong = text_of(found, ()).head, request.POST, ""
    data: Any = {n: getattr(now, n) for n in WORDS} | {"flow": "\n".join(now.flow)}
    place = f"{now.subsystem}/{now.module}"
    if request.method == "POST":
        try:
            old = _was(post, now)
            was = Head(**{**old, "flow": tuple(old["flow"].split("\n"))})  # type: ignore[arg-type]
            actions.change_document(by=actor, document_id=found.id, head=_head(post), was=was)
            return HttpResponseRedirect(reverse("standard_version", args=[code, version]))
        except (BadInput, Conflict) as exc:
            wrong, data, place = exc.message, post, post.get("place", "")
    context = page(actor, found.state, document=found, data=data, wrong=wrong, modules=MODULES, place=place, was=_hidden(now))
    return render(request, "standards/library_head.html", context, status=422 if wrong else 200)


def _hidden(now: Head) -> list[tuple[str, str]]:
    """What stood there when the form was drawn, as hidden fields."""
    return [(n, "\n".join(v) if n == "flow" else v) for n, v in ((n, getattr(now, n)) for n in Head.__dataclass_fields__)]


def _was(post: Mapping[str, str], now: Head) -> dict[str, str]:
    return {n: post.get(f"was_{n}", v).replace("\r\n", "\n") for n, v in _hidden(now)}


@require_http_methods(["GET", "POST"])
def clause(request: HttpRequest, code: str, version: str, number: str = "") -> HttpResponse:
    """GET and POST /desk/standards/<code>/<version>/clause/ and /clause/<number>/ — write one clause, or take it out."""
    actor, found = _of(request, code, version, "save_clause")
    row = found.clauses.filter(number=number).first() if number else None
    if number and row is None:
        raise NotFound("没有找到这一条，可能刚才有同事删了或改了号。")
    text, post, wrong = clause_text(row) if row else None, request.POST, ""
    if request.method == "POST":
        try:
            if post.get("remove"):
                actions.remove_clause(by=actor, document_id=found.id, number=number, was=post.get("was", ""))
                return HttpResponseRedirect(reverse("standard_version", args=[code, version]))
            saved = actions.save_clause(
                by=actor, document_id=found.id, clause=_clause(post, text), number=number, was=post.get("was", ""),
            )  # fmt: skip
            back = reverse("standard_version", args=[code, version])
            more = f"{reverse('standard_clause_new', args=[code, version])}?after={saved.number}"
            return HttpResponseRedirect(more if post.get("more") else f"{back}?saved={saved.number}")
        except (BadInput, Conflict) as exc:
            wrong = exc.message
    data: Any = post if wrong else _data(found, text, request.GET.get("after", ""))
    context = page(
        actor, found.state, document=found, number=number, data=data, wrong=wrong, was=post.get("was", "") or (text.digest if text else ""),
        rows=_posted(post) if wrong else _rows(text), units=UNITS,
        chapters=sorted({c.chapter for c in found.clauses.only("chapter")}),
    )  # fmt: skip
    return render(request, "standards/library_clause_edit.html", context, status=422 if wrong else 200)


def _data(found: Document, text: ClauseText | None, after: str) -> dict[str, str]:
    if text:
        return {"number": text.number, "chapter": text.chapter, "title": text.title, "text": text.text}
    last = found.clauses.filter(number=after).first() or found.clauses.order_by("-position").first()
    if last is None:
        return {"number": "1.1", "chapter": "总则"}
    chapter, at = last.number.split(".")
    return {"number": f"{chapter}.{int(at) + 1}", "chapter": last.chapter}


def _rows(text: ClauseText | None) -> list[dict[str, str]]:
    """Values as rows of the form, and some empty ones."""
    words = {span: w for w, span in WRITTEN.items()}
    rows = [
        {"code": v.code, "label": v.label, "amount": f"{v.amount:g}", "unit": words[v.unit, v.calendar] if v.kind == LIMIT else v.unit}
        for v in (text.values if text else ())
    ]
    return rows + [{}] * min(BLANK, MOST_VALUES - len(rows))


def _posted(post: Any) -> list[dict[str, str]]:
    names = ("code", "label", "amount", "unit")
    return [dict(zip(names, row, strict=True)) for row in zip(*(post.getlist(f"value_{n}") for n in names), strict=False)]


def _clause(post: Any, old: ClauseText | None) -> ClauseText:
    known = {v.code: v for v in (old.values if old else ())}
    rows, used = [], set(known)
    for row in _posted(post)[:MOST_VALUES]:
        label, unit = row["label"].strip(), row["unit"].strip().removeprefix("个") if row["unit"].strip() != "个月" else "个月"
        if not label and not row["amount"].strip():
            continue
        code = row["code"] if row["code"] in known else next(c for n in range(1, 100) if (c := f"v{n}") not in used)
        used.add(code)
        rows.append(_value(code, label, row["amount"].strip(), unit, known.get(code)))
    return ClauseText(
        post.get("number", "").strip(), post.get("chapter", "").strip(), post.get("title", "").strip(),
        "\n".join(line.strip() for line in post.get("text", "").strip().splitlines()), tuple(rows),
    )  # fmt: skip


def _value(code: str, label: str, written: str, unit: str, old: Value | None) -> Value:
    try:
        amount = float(written)
        number = int(amount) if amount == int(amount) else amount
    except (ValueError, OverflowError) as exc:
        raise BadInput(f"“{label}”的数请写成数字，比如 2 或 0.5。", "bad_number") from exc
    if old and old.kind != LIMIT and old.unit == unit:
        return Value(code, label, old.kind, number, unit)
    if unit in WRITTEN:
        return Value(code, label, LIMIT, number, *WRITTEN[unit])
    return Value(code, label, SCORE if unit == "分" else THRESHOLD, number, unit)


@require_POST
def do(request: HttpRequest, code: str, version: str, verb: str) -> HttpResponse:
    """POST /desk/standards/<code>/<version>/do/revise|submit|return|approve|drop/"""
    actor = worker(request)
    found = access.get(actor, code, int(version))
    try:
        if verb == "revise":
            made = actions.revise_document(by=actor, code=code)
            return HttpResponseRedirect(reverse("standard_version", args=[code, made.version]))
        if verb == "drop":
            actions.drop_document(by=actor, document_id=found.id)
            return HttpResponseRedirect(f"{reverse('standards')}?state=draft")
        if verb == "return":
            actions.return_document(by=actor, document_id=found.id, words=request.POST.get("words", ""))
        else:
            {"submit": actions.submit_document, "approve": actions.approve_document}[verb](by=actor, document_id=found.id)
    except (BadInput, Conflict, Forbidden, WrongState) as exc:
        return render(request, "standards/library_document.html", whole(actor, found, wrong=exc.message), status=exc.status)
    return HttpResponseRedirect(reverse("standard_version", args=[code, version]))
