"""The library as a file: out as xlsx or JSON, in as drafts to be read by a second person."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_http_methods

from linli.kernel import clock
from linli.kernel.errors import BadInput, Conflict, NotFound
from linli.standards import access_library as access
from linli.standards import exchange, reading
from linli.standards.actions import library as actions
from linli.standards.documents import CODE
from linli.standards.web.library import page, worker
from linli.ui import figures

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_GET
def export(request: HttpRequest) -> HttpResponse:
    """GET /desk/standards/table/?form=xlsx|json&code=WXQ — what is in force, all or one; recorded."""
    actor = worker(request)
    form = "json" if request.GET.get("form") == "json" else "xlsx"
    code = request.GET.get("code", "")
    texts = reading.exported(actor, [code] if CODE.fullmatch(code) else [])
    if not texts:
        raise NotFound("没有找到施行中的标准。")
    actions.export_documents(by=actor, codes=[t.code for t in texts], form=form)
    mark = f"{actor.name} · {figures.moment(clock.now())} 导出 · 邻里"
    body, kind = (exchange.as_json(texts), "application/json") if form == "json" else (exchange.as_xlsx(texts, mark), XLSX)
    answer = HttpResponse(body, content_type=kind)
    name = f"standards-{texts[0].code if len(texts) == 1 else 'all'}-{clock.today():%Y%m%d}.{form}"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@require_http_methods(["GET", "POST"])
def take_in(request: HttpRequest) -> HttpResponse:
    """GET and POST /desk/standards/table/in/ — all of a file as drafts, or everything that is wrong with it."""
    actor = worker(request)
    access.ask(actor, "take_in_documents")
    wrong, problems, taken = "", [], None
    if request.method == "POST":
        sent = request.FILES.get("table")
        try:
            if sent is None or not sent.size:
                raise BadInput("请先选一个文件。", "no_file")
            if sent.size > exchange.MOST_BYTES:
                raise BadInput("文件太大了，请分成几个，每个 8 MB 以内。", "too_large")
            taken = actions.take_in_documents(by=actor, texts=exchange.read(sent.read()))
        except exchange.BadFile as exc:
            wrong, problems = exc.message, exc.problems
        except (BadInput, Conflict) as exc:
            wrong = exc.message
    context = page(actor, "", taken=taken, wrong=wrong, problems=problems, columns=[(n, [c for c, _ in cs]) for n, cs in exchange.COLUMNS.items()])
    return render(request, "standards/library_table.html", context, status=422 if wrong else 200)
