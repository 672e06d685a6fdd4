"""The REST API: OpenAPI 3 at /api/openapi.json. Who signs in on a page may use it; CSRF holds for sessions."""

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import ValidationError
from ninja.security import django_auth

from linli.kernel.errors import LinliError
from linli.orders.api import router as orders

api = NinjaAPI(title="Linli 邻里", version="1", auth=django_auth, docs_url=None)
api.add_router("", orders)


@api.exception_handler(LinliError)
def _linli(request: HttpRequest, exc: LinliError) -> HttpResponse:
    return api.create_response(request, {"code": exc.code, "message": exc.message}, status=exc.status)


@api.exception_handler(ValidationError)
def _invalid(request: HttpRequest, exc: ValidationError) -> HttpResponse:
    fields = sorted({str(e["loc"][-1]) for e in exc.errors if e.get("loc")})
    message = f"这些内容不对：{'、'.join(fields)}"
    return api.create_response(request, {"code": "bad_input", "message": message}, status=400)
