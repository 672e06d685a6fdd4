"""The REST API: OpenAPI 3 at /api/openapi.json. Who signs in on a page may use it; CSRF holds for sessions."""

from typing import Any

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.openapi.schema import OpenAPISchema
from ninja.renderers import JSONRenderer
from ninja.security import HttpBearer, django_auth

from linli.accounts import selectors as accounts
from linli.accounts.models import Account
from linli.channels.sensors.api import router as sensors
from linli.doors.api import router as doors
from linli.files.api import router as files
from linli.grid.api import router as grid
from linli.groups.api import router as groups
from linli.insight.api import router as insight
from linli.kernel import locks
from linli.kernel.errors import LinliError
from linli.knowledge.api import router as knowledge
from linli.orders.api import router as orders
from linli.standards.api import router as standards
from linli.standards.procedures_api import router as procedures


class PlainJSON(JSONRenderer):
    """Chinese stays Chinese: a third of the bytes, and a person can read it."""

    json_dumps_params = {"ensure_ascii": False}


class Key(HttpBearer):
    """A machine's key (`linli keys add`): it acts as its account. A wrong one is refused, whoever else is signed in."""

    def authenticate(self, request: HttpRequest, token: str) -> Account:
        account = accounts.account_of_key(token)
        if account is None:
            raise AuthenticationError
        request.user = account  # `request.actor` is built of it when it is first asked for
        return account


class Api(NinjaAPI):
    """Its description is made once in a process: that takes half a second of a processor, and anybody may ask for it."""

    def __init__(self, **how: Any):
        super().__init__(**how)
        self._described: dict[str, OpenAPISchema] = {}

    def get_openapi_schema(self, *, path_prefix: str | None = None, path_params: dict[str, Any] | None = None) -> OpenAPISchema:
        """The OpenAPI document; not to be changed."""
        prefix = self.get_root_path(path_params or {}) if path_prefix is None else path_prefix
        if prefix not in self._described:
            self._described[prefix] = super().get_openapi_schema(path_prefix=prefix)
        return self._described[prefix]


api = Api(
    title="Linli 邻里", version="1", auth=[Key(), django_auth], docs_url=None, renderer=PlainJSON(),
    description="邻里的接口：与页面同一套动作、同一套权限。先登录，写操作带 X-CSRFToken；机器用钥匙：Authorization: Bearer lk_…。"
    "每个错误都是 {code, message}。",
)  # fmt: skip
for router in (orders, groups, knowledge, insight, sensors, standards, procedures, grid, files, doors):
    api.add_router("", router)

#: what ninja itself refuses before an operation runs
REFUSED = {
    400: ("bad_input", "请求的内容读不出来，请检查格式。"),
    403: ("csrf", "缺少校验码：请带上 X-CSRFToken，再试一次。"),
}


def _problem(request: HttpRequest, status: int, code: str, message: str) -> HttpResponse:
    return api.create_response(request, {"code": code, "message": message}, status=status)


@api.exception_handler(LinliError)
def _linli(request: HttpRequest, exc: LinliError) -> HttpResponse:
    return _problem(request, exc.status, exc.code, exc.message)


@api.exception_handler(OperationalError)
def _busy(request: HttpRequest, exc: OperationalError) -> HttpResponse:
    if not locks.is_busy(exc):
        raise exc
    return _problem(request, locks.Busy.status, locks.Busy.code, locks.Busy.message)


@api.exception_handler(AuthenticationError)
def _unknown(request: HttpRequest, exc: AuthenticationError) -> HttpResponse:
    return _problem(request, 401, "sign_in", "请先登录。")


@api.exception_handler(HttpError)
def _http(request: HttpRequest, exc: HttpError) -> HttpResponse:
    code, message = REFUSED.get(exc.status_code, (f"http_{exc.status_code}", "没有办成，请再试一次。"))
    return _problem(request, exc.status_code, code, message)


@api.exception_handler(ValidationError)
def _invalid(request: HttpRequest, exc: ValidationError) -> HttpResponse:
    fields = sorted({str(e["loc"][-1]) for e in exc.errors if e.get("loc")})
    return _problem(request, 400, "bad_input", f"这些内容不对：{'、'.join(fields)}")
