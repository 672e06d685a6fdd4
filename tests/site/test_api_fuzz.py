"""The whole REST schema under schemathesis: whatever is sent, the answer is one that the schema declares."""

from typing import Any

import pytest
import schemathesis
from django.core import signals
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import positive_data_acceptance

from linli.accounts import actions as accounts
from linli.channels import actions as channels
from linli.channels.archive.mapping import Columns
from linli.kernel.actors import SYSTEM
from linli.orders import actions as orders
from linli.site.wsgi import application
from linli.standards import selectors as standards
from tests.orders.test_states import WORDS, opened, voice_of
from tests.site import wide_calls

ANY = settings(
    max_examples=10, derandomize=True, deadline=None, database=None, suppress_health_check=list(HealthCheck), phases=[Phase.explicit, Phase.generate],
)  # fmt: skip


#: a schema cannot say what a picture is: bytes that are none are refused with a typed 400
UNSAID = {"keep_photo"}


@pytest.fixture
def schema(cast, at):
    # As Django's own test client does: the connection belongs to the test.
    signals.request_started.disconnect(close_old_connections)
    signals.request_finished.disconnect(close_old_connections)
    yield schemathesis.openapi.from_wsgi("/api/openapi.json", application)
    signals.request_started.connect(close_old_connections)
    signals.request_finished.connect(close_old_connections)


#: asked by the centre, for the head of a community may not
OF_THE_CENTRE = {
    "take_hotline_order", "hotline_orders", "set_formula", "revise_standard", "save_clause", "drop_standard", "revise_procedure", "submit_procedure",
    "draft_procedure", "change_procedure",
    "raise_opinion", "week_sheet",
}  # fmt: skip


def headers(cast, who: str = "zhao_hui") -> dict[str, str]:
    key = accounts.add_api_key(by=SYSTEM, account=cast.account[who], name="试验")[1]
    return {"Authorization": f"Bearer {key}", "Accept-Encoding": "identity"}


def each(schema) -> dict[str, Any]:
    """operationId → operation; none is left out."""
    found = {o.ok().definition.raw["operationId"]: o.ok() for o in schema.get_all_operations()}
    document = schema.raw_schema["paths"]
    assert len(found) == sum(len(methods) for methods in document.values()) > 90
    return found


def play(operation: Any, headers: dict[str, str], **how: Any) -> list[int]:
    """Send ten drawn requests; the status codes that came back. Raises with the operation's name what a check found."""
    seen: list[int] = []

    @ANY
    @given(case=operation.as_strategy(**how.get("strategy", {})))
    def sent(case):
        for field in case.path_parameters or {}:
            case.path_parameters[field] = str(how.get("there", case.path_parameters)[field])
        seen.append(case.call_and_validate(headers=headers, excluded_checks=how.get("excluded")).status_code)

    try:
        sent()
    except BaseException as failed:
        raise AssertionError(operation.label) from failed
    return seen


def test_any_input_gets_a_declared_answer(cast, schema):
    """All checks of schemathesis, data that fits the schema and data that does not, ids that are nobody's."""
    signed = headers(cast)
    for name, operation in each(schema).items():
        play(operation, signed, excluded=[positive_data_acceptance] if name in UNSAID else [])


def test_any_input_to_what_is_there_gets_a_declared_answer(cast, schema):
    """The same with ids of a real order, voice, group and request. A schema cannot say that words need matter or that an
    order is in another state: what fits it may be refused with a typed 400 here."""
    signed, centre, order = headers(cast), headers(cast, "yu_tao"), opened(cast)
    orders.assign_order(by=SYSTEM, order_id=order.id, to=cast.account["li_min"].id)
    asked = orders.request_extension(by=cast.actor("li_min"), order_id=order.id, clock_name="solve", amount=60, words=WORDS)
    batch = channels.begin_batch(by=SYSTEM, name="旧工单.xlsx", columns=Columns(community=str(cast.community["jinxiu"].id)))
    there = {
        "order_id": order.id, "voice_id": voice_of(order).id, "group_id": cast.group["jx3"].id, "request_id": asked.id, "code": "WXQ",
        "document_id": wide_calls.drafted("DB").id, "procedure_id": standards.procedure("pool").id, "area_id": cast.community["jinxiu"].id, "community_id": cast.community["jinxiu"].id,
        "shift_id": order.id, "batch_id": batch.id, "sheet_id": order.id,
    }  # fmt: skip
    how = {"there": there, "excluded": [positive_data_acceptance], "strategy": {"generation_mode": GenerationMode.POSITIVE}}
    keys = {name: centre for name in OF_THE_CENTRE}
    reached = {name for name, operation in each(schema).items() if min(play(operation, keys.get(name, signed), **how)) < 300}
    assert {"get_order", "order_events", "list_orders", "note_order", "my_groups", "get_standard", "get_hours", "get_roster", "list_batches"} <= reached
