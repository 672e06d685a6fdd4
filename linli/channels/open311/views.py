"""GeoReport v2 over HTTP (wiki.open311.org/GeoReport_v2): discovery, services, requests, tokens, updates.

Services are public, and so are the requests on the message board. An `api_key` (or `Authorization: Bearer`) reads and writes
with its account's rights.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.dateparse import parse_datetime
from django.views.decorators.csrf import csrf_exempt

from linli.accounts import selectors as accounts
from linli.channels.open311 import actions, requests, schema, services, updates
from linli.channels.open311.render import answer, failure, refused
from linli.grid import selectors as places
from linli.grid.access import actor_for
from linli.grid.models import Area
from linli.kernel.actors import GUEST, Actor
from linli.kernel.errors import BadInput, Forbidden, LinliError, NotFound
from linli.orders import actions as orders
from linli.orders.drafts import Draft, VoiceDraft, client_key
from linli.orders.states import Door

View = Callable[..., HttpResponse]
FORMATS = ("json", "xml")


def door(*methods: str) -> Callable[[View], View]:
    """A view of this door: its format, its methods, the jurisdiction, and typed errors in the asked format."""

    def wrap(view: View) -> View:
        @wraps(view)
        def inner(request: HttpRequest, fmt: str, **kwargs: Any) -> HttpResponse:
            if fmt not in FORMATS:
                return failure("json", 404, "只有 json 和 xml 两种格式。")
            if request.method not in methods:
                response = failure(fmt, 405, "这个地址不支持这种请求方式。")
                response.headers["Allow"] = ", ".join(methods)
                return response
            try:
                _check_jurisdiction(request)
                return view(request, fmt, **kwargs)
            except LinliError as exc:
                return refused(fmt, exc)

        return csrf_exempt(inner)

    return wrap


def _data(request: HttpRequest) -> Mapping[str, str]:
    return request.POST if request.method == "POST" else request.GET


def _check_jurisdiction(request: HttpRequest) -> None:
    wanted = _data(request).get("jurisdiction_id", "")
    if wanted and all(a.code != wanted for a in places.areas(Area.DISTRICT)):
        raise NotFound("没有这个 jurisdiction_id：请写区的代码，或者不写。")


def _actor(request: HttpRequest) -> Actor:
    """Who asks by a key; without one a guest, who reads what is public. Raises Forbidden for a key that opens nothing."""
    head = request.headers.get("Authorization", "")
    key = head.removeprefix("Bearer ") if head.startswith("Bearer ") else _data(request).get("api_key", "")
    if not key:
        return GUEST
    account = accounts.account_of_key(key)
    if account is None:
        raise Forbidden("这个 api_key 不对，或者已经失效。")
    return actor_for(account, purpose="open311")


def _writer(request: HttpRequest) -> Actor:
    actor = _actor(request)
    if actor.kind == "guest":
        raise Forbidden("写入要带 api_key。")
    return actor


def _list(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


def _time(data: Mapping[str, str], name: str) -> datetime | None:
    text = data.get(name, "")
    if not text:
        return None
    try:
        at = parse_datetime(text.replace(" ", "+"))  # a + that a client forgot to encode
    except ValueError:
        at = None
    if at is None or at.tzinfo is None:
        raise BadInput(f"{name} 要写成带时区的时间，例如 2026-03-02T08:00:00+08:00。")
    return at


def _window(data: Mapping[str, str]) -> tuple[datetime, datetime]:
    try:
        return requests.between(_time(data, "start_date"), _time(data, "end_date"))
    except OverflowError as exc:
        raise BadInput("时间超出了能用的范围。") from exc


@door("GET")
def openapi(request: HttpRequest, fmt: str) -> HttpResponse:
    """The description of all this."""
    if fmt != "json":
        raise NotFound("接口说明只有 json。")
    return answer(fmt, "openapi", "", [schema.document()])


@csrf_exempt
def unknown(request: HttpRequest, rest: str) -> HttpResponse:
    """No such path: said in the format that was asked for."""
    return failure("xml" if rest.endswith(".xml") else "json", 404, "没有这个地址。")


@door("GET")
def discovery(request: HttpRequest, fmt: str) -> HttpResponse:
    """Where the door is and what it speaks."""
    row = {
        "changeset": "2026-11-26T00:00:00+08:00", "contact": "", "key_service": "linli keys add",
        "endpoints": [
            {
                "specification": "http://wiki.open311.org/GeoReport_v2", "url": request.build_absolute_uri("/open311/v2"),
                "changeset": "2026-11-26T00:00:00+08:00", "type": "production",
                "formats": ["text/xml", "application/json"],
            }
        ],
    }  # fmt: skip
    return answer(fmt, "discovery", "", [row])


@door("GET")
def service_list(request: HttpRequest, fmt: str) -> HttpResponse:
    """All services."""
    return answer(fmt, "services", "service", services.services())


@door("GET")
def service_definition(request: HttpRequest, fmt: str, code: str) -> HttpResponse:
    """What a service asks for beside the words."""
    return answer(fmt, "service_definition", "", [services.definition(code)])


@door("GET", "POST")
def request_list(request: HttpRequest, fmt: str) -> HttpResponse:
    """GET: requests by id, service, status and date. POST: a new one."""
    if request.method == "POST":
        return _open(request, _writer(request), fmt)
    actor, data = _actor(request), request.GET
    status = [s.lower() for s in _list(data.get("status", ""))]
    if any(s not in ("open", "closed") for s in status):
        raise BadInput("status 只能是 open 或 closed。")
    codes = _list(data.get("service_code", ""))
    for code in codes:
        services.service(code)
    found = requests.find(actor, numbers=_list(data.get("service_request_id", "")), codes=codes, status=status, window=_window(data))
    return answer(fmt, "service_requests", "request", requests.shown(actor, found))


def _open(request: HttpRequest, actor: Actor, fmt: str) -> HttpResponse:
    data = request.POST
    kind = services.service(data.get("service_code", ""))
    words = data.get("description", "").strip()
    if not words or len(words) > 2000:
        raise BadInput("description 要写 1 到 2000 个字。")
    unit, thing = data.get("attribute[unit]", "")[:16], data.get("attribute[thing]", "")[:32]
    address_id, address = data.get("address_id", "").strip(), data.get("address_string", "").strip()
    if not address_id and not address:
        raise BadInput("请给出 address_string 或 address_id；只有经纬度还不能定位。")
    media = data.get("media_url", "").strip()
    voice = VoiceDraft(
        words=f"{words}\n{media}" if media else words, name=f"{data.get('last_name', '')}{data.get('first_name', '')}"[:32],
        phone=data.get("phone", "")[:20], door=Door.API,
    )  # fmt: skip
    key = request.headers.get("Idempotency-Key", "")
    draft = Draft(
        kind=kind.code, stamp=requests.stamp_for(actor, address_id, address, unit), voice=voice, thing=thing,
        key=client_key(actor.id, key) if key else None,
    )  # fmt: skip
    order = orders.open_order(by=actor, draft=draft)
    notice = "内容保密：进展不经接口给出，由工作人员直接联系反映人。" if order.confidential else "已经转给值班的工作人员。"
    row = {"service_request_id": order.number, "token": order.id.hex, "service_notice": notice, "account_id": ""}
    return answer(fmt, "service_requests", "request", [row], 201)


@door("GET")
def request_one(request: HttpRequest, fmt: str, number: str) -> HttpResponse:
    """One request by its number."""
    actor = _actor(request)
    return answer(fmt, "service_requests", "request", requests.shown(actor, [requests.one(actor, number)]))


@door("GET")
def token(request: HttpRequest, fmt: str, token: str) -> HttpResponse:
    """The number behind a token."""
    order = requests.by_token(_actor(request), token)
    return answer(fmt, "service_requests", "request", [{"token": order.id.hex, "service_request_id": order.number}])


@door("GET", "POST")
def update_list(request: HttpRequest, fmt: str) -> HttpResponse:
    """GET: what was told to the reporters. POST: another system's progress."""
    if request.method == "POST":
        data = request.POST
        made = actions.take_update(
            by=_writer(request), number=data.get("service_request_id", ""), outside_id=data.get("update_id", ""),
            status=data.get("status", "open").lower(), words=data.get("description", ""),
        )  # fmt: skip
        return answer(fmt, "service_request_updates", "request_update", [{"update_id": made.hex}], 201)
    found = updates.find(_actor(request), _window(request.GET), _list(request.GET.get("service_request_id", "")))
    return answer(fmt, "service_request_updates", "request_update", found)
