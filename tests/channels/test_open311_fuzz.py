"""GeoReport v2 under schemathesis, by its own OpenAPI document: no path excluded, each reached with a 2xx in both formats."""

from typing import Any
from urllib.parse import urlencode

import pytest
import schemathesis
from django.core import signals
from django.db import close_old_connections
from django.test import Client
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import positive_data_acceptance

from linli.channels.open311 import schema as described
from linli.channels.open311.urls import urlpatterns
from linli.site.wsgi import application
from tests.channels.test_open311 import NEW
from tests.orders.test_states import WORDS, opened
from tests.site.test_api_fuzz import headers, play

PATHS = 7
#: these are found by what they name; a schema cannot say which words are a place of ours
UNSAID = {"open_request"}


@pytest.fixture
def schema(cast, at):
    signals.request_started.disconnect(close_old_connections)
    signals.request_finished.disconnect(close_old_connections)
    yield schemathesis.openapi.from_wsgi("/open311/openapi.json", application)
    signals.request_started.connect(close_old_connections)
    signals.request_finished.connect(close_old_connections)


def each(schema) -> dict[str, Any]:
    """operationId → operation; none is left out."""
    found = {o.ok().definition.raw["operationId"]: o.ok() for o in schema.get_all_operations()}
    assert len(found) == sum(len(methods) for methods in schema.raw_schema["paths"].values()) == PATHS + 2
    return found


def test_every_path_of_the_door_is_described():
    # beside the description itself and the answer for whatever else is asked for
    assert len(urlpatterns) - 2 == len(described.document()["paths"]) == PATHS


def test_any_input_gets_a_declared_answer(cast, schema):
    """All checks of schemathesis: data that fits the description, and data that does not."""
    signed = headers(cast)
    for name, operation in each(schema).items():
        play(operation, signed, excluded=[positive_data_acceptance] if name in UNSAID else [])


def test_any_input_to_what_is_there_gets_a_declared_answer(cast, schema):
    signed, order = headers(cast), opened(cast)
    for fmt in ("json", "xml"):
        there = {"fmt": fmt, "code": "repair", "number": order.number, "token": order.id.hex}
        how = {"there": there, "excluded": [positive_data_acceptance], "strategy": {"generation_mode": GenerationMode.POSITIVE}}
        reached = {name for name, operation in each(schema).items() if min(play(operation, signed, **how)) < 300}
        assert {"discovery", "services", "service_definition", "request", "token"} <= reached


@pytest.mark.parametrize("fmt", ["json", "xml"])
def test_every_operation_is_reached(cast, at, fmt):
    order, client = opened(cast), Client(SERVER_NAME="127.0.0.1", headers={"Authorization": headers(cast)["Authorization"]})
    update = {"service_request_id": order.number, "update_id": f"u-{fmt}", "status": "OPEN", "description": WORDS}
    given = {"code": "repair", "number": order.number, "token": order.id.hex, "fmt": fmt}
    sent = {"open_request": NEW, "take_update": update}
    for path, methods in described.document()["paths"].items():
        for method, operation in methods.items():
            url, name = path.format(**given), operation["operationId"]
            answer = client.get(url) if method == "get" else client.post(url, urlencode(sent[name]), content_type="application/x-www-form-urlencoded")
            assert str(answer.status_code) in operation["responses"] and answer.status_code < 300, (name, answer.content.decode())


def test_what_is_no_path_of_ours_is_said_in_the_format_that_was_asked_for(client):
    assert client.get("/open311/v2/dragons.json").json()[0]["code"] == 404
    assert client.get("/open311/v2/dragons/1.xml").content.startswith(b"<?xml")
    assert client.get("/open311/openapi.json").json()["openapi"] == "3.1.0"
    assert client.get("/open311/openapi.xml").status_code == 404
