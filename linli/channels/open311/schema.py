"""GeoReport v2 as we speak it, described in OpenAPI 3.1 at /open311/openapi.json: for clients, and so that every path is tested against
its description."""

from typing import Any

from linli.channels.open311.services import ATTRIBUTES

Json = dict[str, Any]
#: as GeoReport writes a moment; "" is as good as none
MOMENT = r"^(20[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]\+08:00)?$"
STATUS = r"^((open|closed)(,(open|closed))*)?$"
ERRORS = ("400", "403", "404", "405", "409", "429")
TEXT: Json = {"type": "string"}


def _object(**properties: Any) -> Json:
    return {"type": "object", "properties": properties, "required": sorted(properties)}


def _list(member: Json) -> Json:
    return {"type": "array", "items": member}


NULLABLE: Json = {"type": ["string", "null"]}
SCHEMAS: Json = {
    "Discovery": _object(
        changeset=TEXT, contact=TEXT, key_service=TEXT,
        endpoints=_list(_object(specification=TEXT, url=TEXT, changeset=TEXT, type=TEXT, formats=_list(TEXT))),
    ),
    "Services": _list(_object(
        service_code=TEXT, service_name=TEXT, description=TEXT, metadata={"type": "boolean"}, type=TEXT, keywords=TEXT, group=TEXT
    )),
    "Definition": _object(service_code=TEXT, attributes=_list(_object(
        variable={"type": "boolean"}, code=TEXT, datatype=TEXT, required={"type": "boolean"}, datatype_description=TEXT, order={"type": "integer"},
        description=TEXT, values=_list(TEXT),
    ))),
    "Requests": _list(_object(
        service_request_id=TEXT, token=TEXT, status={"enum": ["open", "closed"]}, status_notes=TEXT, service_name=TEXT, service_code=TEXT,
        description=TEXT, agency_responsible=TEXT, service_notice=TEXT, requested_datetime=NULLABLE, updated_datetime=NULLABLE,
        expected_datetime=NULLABLE, address=TEXT, address_id=TEXT, zipcode=TEXT, lat={"type": ["number", "null"]}, long={"type": ["number", "null"]},
        media_url=TEXT,
    )),
    "Opened": _list(_object(service_request_id=TEXT, token=TEXT, service_notice=TEXT, account_id=TEXT)),
    "Token": _list(_object(token=TEXT, service_request_id=TEXT)),
    "Updates": _list(_object(
        update_id=TEXT, service_request_id=TEXT, status={"enum": ["open", "closed"]}, updated_datetime=TEXT, description=TEXT, media_url=TEXT
    )),
    "Updated": _list(_object(update_id=TEXT)),
    "Errors": _list(_object(code={"type": "integer"}, description=TEXT)),
    "NewRequest": {
        "type": "object", "required": ["service_code", "description"], "anyOf": [{"required": ["address_string"]}, {"required": ["address_id"]}],
        "properties": {
            "service_code": {**TEXT, "maxLength": 24}, "description": {**TEXT, "pattern": r"\S", "maxLength": 2000},
            "address_string": {**TEXT, "pattern": r"\S"}, "address_id": {**TEXT, "pattern": r"\S"}, "media_url": TEXT, "first_name": TEXT,
            "last_name": TEXT, "phone": TEXT, "jurisdiction_id": TEXT, "api_key": TEXT,
            **{f"attribute[{a['code']}]": {**TEXT, "description": a["description"]} for a in ATTRIBUTES},
        },
    },
    "NewUpdate": {
        "type": "object", "required": ["service_request_id", "update_id", "status", "description"],
        "properties": {
            "service_request_id": TEXT, "update_id": {**TEXT, "minLength": 1, "maxLength": 80}, "status": {"enum": ["open", "closed", "OPEN", "CLOSED"]},
            "description": {**TEXT, "pattern": r"\S", "maxLength": 2000}, "jurisdiction_id": TEXT, "api_key": TEXT,
        },
    },
}  # fmt: skip


def _ref(name: str) -> Json:
    return {"$ref": f"#/components/schemas/{name}"}


def _answer(name: str, said: str) -> Json:
    return {"description": said, "content": {"application/json": {"schema": _ref(name)}, "text/xml": {"schema": {}}}}


def _query(name: str, said: str, pattern: str = "") -> Json:
    return {"name": name, "in": "query", "required": False, "description": said, "schema": {**TEXT, **({"pattern": pattern} if pattern else {})}}


def _path(name: str, **schema: Any) -> Json:
    return {"name": name, "in": "path", "required": True, "schema": {**TEXT, **schema}}


FORMAT = _path("fmt", enum=["json", "xml"])
WHERE = _query("jurisdiction_id", "the district's code; may be left out")
KEYS: list[Json] = [{"Bearer": []}]
WINDOW = [_query("start_date", "from then on", MOMENT), _query("end_date", "until then; 90 days at most", MOMENT)]


def _read(name: str, code: str, said: str, *params: Json) -> Json:
    """A GET: public as far as what it gives is, more with a key."""
    answers = {"200": _answer(code, said), **{e: _answer("Errors", "why not") for e in ERRORS}}
    return {"operationId": name, "description": said, "parameters": [FORMAT, WHERE, *params], "responses": answers, "security": [{}, *KEYS]}


def _write(name: str, code: str, body: str, said: str, *params: Json) -> Json:
    """A POST of a form, with a key."""
    answers = {"201": _answer(code, said), **{e: _answer("Errors", "why not") for e in ERRORS}}
    form = {"required": True, "content": {"application/x-www-form-urlencoded": {"schema": _ref(body)}}}
    return {"operationId": name, "description": said, "parameters": [FORMAT, *params], "requestBody": form, "responses": answers, "security": KEYS}


def document() -> Json:
    """The OpenAPI document."""
    number = _query("service_request_id", "numbers, separated by commas")
    again = {"name": "Idempotency-Key", "in": "header", "required": False, "schema": {**TEXT, "pattern": "^[A-Za-z0-9-]{1,64}$"}}
    v2 = "/open311/v2"
    return {
        "openapi": "3.1.0", "info": {"title": "Linli 邻里: Open311 GeoReport v2", "version": "2"},
        "components": {
            "schemas": SCHEMAS,
            "securitySchemes": {"Bearer": {"type": "http", "scheme": "bearer", "description": "or api_key=… in the query or form"}},
        },
        "paths": {
            "/open311/discovery.{fmt}": {"get": _read("discovery", "Discovery", "where the door is and what it speaks")},
            f"{v2}/services.{{fmt}}": {"get": _read("services", "Services", "the kinds from which people choose")},
            f"{v2}/services/{{code}}.{{fmt}}": {
                "get": _read("service_definition", "Definition", "what a service asks for", _path("code", pattern=r"^[A-Za-z0-9_-]{1,24}$")),
            },
            f"{v2}/requests.{{fmt}}": {
                "get": _read(
                    "requests", "Requests", "by id, service, status and date; the newest first, 1,000 at most", number,
                    _query("service_code", "codes, separated by commas"), _query("status", "open, closed or both", STATUS), *WINDOW,
                ),
                "post": _write("open_request", "Opened", "NewRequest", "a new request: its number and token", again),
            },
            f"{v2}/requests/{{number}}.{{fmt}}": {
                "get": _read("request", "Requests", "one request", _path("number", pattern=r"^[A-Za-z0-9_-]{1,32}$")),
            },
            f"{v2}/tokens/{{token}}.{{fmt}}": {
                "get": _read("token", "Token", "the number behind a token", _path("token", pattern=r"^[A-Za-z0-9_-]{1,64}$")),
            },
            f"{v2}/servicerequestupdates.{{fmt}}": {
                "get": _read("updates", "Updates", "words that were told to the reporters", number, *WINDOW),
                "post": _write("take_update", "Updated", "NewUpdate", "another system's progress: OPEN a note, CLOSED a result"),
            },
        },
    }  # fmt: skip
