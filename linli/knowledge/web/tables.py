"""Entries as a table: out for a spreadsheet, back in for review."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_http_methods

from linli.kernel import clock
from linli.kernel.errors import BadInput
from linli.knowledge import access, exchange
from linli.knowledge.web.common import page, worker

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_BYTES = 8 * 1024 * 1024


@require_GET
def export(request: HttpRequest) -> HttpResponse:
    """GET /desk/knowledge/table/?form=xlsx|csv — all entries; the going out is recorded."""
    actor = worker(request)
    as_csv = request.GET.get("form") == "csv"
    body, kind = (exchange.csv_of(actor), "text/csv; charset=utf-8") if as_csv else (exchange.xlsx_of(actor), XLSX)
    answer = HttpResponse(body, content_type=kind)
    answer["Content-Disposition"] = f'attachment; filename="knowledge-{clock.today():%Y%m%d}.{"csv" if as_csv else "xlsx"}"'
    return answer


@require_http_methods(["GET", "POST"])
def take_in(request: HttpRequest) -> HttpResponse:
    """GET and POST /desk/knowledge/table/in/ — what is new or changed waits for review; mistakes are told by line."""
    actor = worker(request)
    access.ask_edit(actor)
    wrong, taken = "", None
    if request.method == "POST":
        sent = request.FILES.get("table")
        try:
            if sent is None or not sent.size:
                raise BadInput("请先选一个文件。", "no_file")
            if sent.size > MOST_BYTES:
                raise BadInput("文件太大了，请分成几个，每个 8 MB 以内。", "too_large")
            taken = exchange.take_in(actor, sent.read())
        except BadInput as exc:
            wrong = exc.message
    return render(request, "knowledge/table.html", page(actor, "", taken=taken, wrong=wrong, headings=exchange.HEADINGS), status=422 if wrong else 200)
