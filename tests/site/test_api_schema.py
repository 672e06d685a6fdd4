"""The OpenAPI document: every operation says its errors, wants a session, and is reached here with a 2xx."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from linli.groups import actions as groups
from linli.groups.models import Message
from linli.kernel.actors import SYSTEM
from linli.orders import actions as orders
from linli.orders.models import Order
from tests.orders.test_states import WORDS, brought_to, opened, pooled, voice_of
from tests.site import wide_calls

BACKEND = "django.contrib.auth.backends.ModelBackend"
ERRORS = {"400", "401", "403", "404", "409", "429"}


@pytest.fixture
def document(db) -> dict[str, Any]:
    answer = Client(SERVER_NAME="127.0.0.1").get("/api/openapi.json")
    assert answer.status_code == 200
    found: dict[str, Any] = answer.json()
    return found


def operations(document: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """operationId → operation, with its path and method."""
    return {
        op["operationId"]: op | {"path": path, "method": method}
        for path, methods in document["paths"].items()
        for method, op in methods.items()
    }


def test_it_is_made_once(document, monkeypatch):
    """Anybody may ask for it, and making it takes half a second."""
    monkeypatch.setattr("ninja.main.get_schema", lambda **_: pytest.fail("made again"))
    assert Client(SERVER_NAME="127.0.0.1").get("/api/openapi.json").json() == document


def test_every_operation_declares_its_errors_and_a_session(document):
    assert document["openapi"].startswith("3.")
    for name, op in operations(document).items():
        assert set(op["responses"]) >= ERRORS, name
        for code in ERRORS:
            schema = op["responses"][code]["content"]["application/json"]["schema"]
            assert schema == {"$ref": "#/components/schemas/Problem"}, (name, code)
        assert op["security"], name
        assert op["description"], name
        assert any(code.startswith("2") for code in op["responses"]), name
    assert document["components"]["schemas"]["Problem"]["required"] == ["code", "message"]


def calls(cast) -> dict[str, wide_calls.Call]:
    """operationId → (who, method, path, body), each on an order of its own."""
    return of_orders(cast) | wide_calls.calls(cast)


def send(client: Client, method: str, path: str, body: Any) -> Any:
    """As a client sends it: JSON, or a photo as a form."""
    if method == "get":
        return client.get(path)
    if isinstance(body, bytes):
        return client.post(path, {"photo": SimpleUploadedFile("a.jpg", body)})
    return client.post(path, json.dumps(body), content_type="application/json")


def of_orders(cast) -> dict[str, wide_calls.Call]:
    """Those of orders, groups, knowledge and figures."""
    order = opened(cast)
    here = {v: f"/api/orders/{opened(cast).id}" for v in ("accept", "note", "answer", "transfer", "assign", "correct", "handle", "void")}
    returned = opened(cast)
    orders.assign_order(by=SYSTEM, order_id=returned.id, to=cast.account["li_min"].id)
    handled, review = brought_to("handled", cast), brought_to("review", cast)
    claimed, sent, taken = pooled(cast), pooled(cast), pooled(cast)
    orders.dispatch_order(by=SYSTEM, order_id=taken.id, to=cast.account["li_min"].id)
    waiting = brought_to("waiting", cast)
    paused, more, yes, no, up, seen, joint, one, leak = (opened(cast) for _ in range(9))
    for each in (paused, more, yes, no):
        orders.assign_order(by=SYSTEM, order_id=each.id, to=cast.account["li_min"].id)
    orders.answer_order(by=SYSTEM, order_id=paused.id, words=WORDS)
    li = cast.actor("li_min")
    asked = [orders.request_extension(by=li, order_id=o.id, clock_name="solve", amount=60, words="要等配件") for o in (yes, no)]
    later = "2026-03-20T02:00:00Z"
    group = f"/api/groups/{cast.group['jx3'].id}/messages"
    to = str(cast.account["shi_qiang"].id)
    head, words = "zhao_hui", {"words": WORDS}
    voice = voice_of(handled)
    return {
        "open_order": (head, "post", "/api/orders", {"kind": "repair", "words": "灯坏了", "building_id": str(cast.building["jx3"].id)}),
        "list_orders": (head, "get", "/api/orders?state=all", None),
        "search_orders": (head, "get", "/api/orders/search?q=电梯", None),
        "get_order": (head, "get", f"/api/orders/{order.id}", None),
        "order_events": (head, "get", f"/api/orders/{order.id}/events", None),
        "accept_order": ("li_min", "post", f"{here['accept']}/accept", {}),
        "note_order": (head, "post", f"{here['note']}/note", words),
        "answer_order": (head, "post", f"{here['answer']}/answer", words),
        "transfer_order": (head, "post", f"{here['transfer']}/transfer", {"to": to, **words}),
        "assign_order": (head, "post", f"{here['assign']}/assign", {"to": to}),
        "return_order": ("li_min", "post", f"/api/orders/{returned.id}/return", words),
        "correct_order": (head, "post", f"{here['correct']}/correct", {"thing": "门禁"}),
        "handle_order": (head, "post", f"{here['handle']}/handle", words),
        "do_many": ("li_min", "post", "/api/orders/batch", {"verb": "note_order", "orders": [str(claimed.id)], "words": "看过了"}),
        "claim_order": ("li_min", "post", f"/api/orders/{claimed.id}/claim", {}),
        "dispatch_order": (head, "post", f"/api/orders/{sent.id}/dispatch", {"to": str(cast.account["li_min"].id)}),
        "take_back_order": (head, "post", f"/api/orders/{taken.id}/take-back", words),
        "order_outcomes": (head, "get", f"/api/orders/{order.id}/outcomes", None),
        "pass_step": (head, "post", f"/api/orders/{opened(cast).id}/pass", {"outcome": "no", **words}),
        "raise_order": (head, "post", f"/api/orders/{up.id}/raise", words),
        "order_requests": (head, "get", f"/api/orders/{yes.id}/requests", None),
        "request_pause": ("li_min", "post", f"/api/orders/{paused.id}/pause", {"waits_for": "money", "until": later, **words}),
        "request_extension": ("li_min", "post", f"/api/orders/{more.id}/extend", {"clock": "solve", "amount": 60, **words}),
        "grant_request": (head, "post", f"/api/requests/{asked[0].id}/grant", {}),
        "refuse_request": (head, "post", f"/api/requests/{asked[1].id}/refuse", words),
        "resume_order": (head, "post", f"/api/orders/{waiting.id}/resume", {}),
        "urge_order": ("zhou", "post", f"/api/orders/{order.id}/urge", {}),
        "supervise_order": ("yu_tao", "post", f"/api/orders/{seen.id}/supervise", words),
        "open_children": (head, "post", f"/api/orders/{joint.id}/children", {"tasks": [{"to": to, **words}]}),
        "open_repair": (head, "post", f"/api/orders/{leak.id}/repair", words),
        "merge_orders": (head, "post", f"/api/orders/{order.id}/merge", {"orders": [str(one.id)]}),
        "split_order": (head, "post", f"/api/orders/{up.id}/split", {"voices": [str(voice_of(up, 1).id)], **words}),
        "void_order": (head, "post", f"{here['void']}/void", words),
        "conclude_review": ("xie_lin", "post", f"/api/orders/{review.id}/conclude", words),
        "add_voice": (head, "post", f"/api/orders/{order.id}/voices", {"words": "我家也是"}),
        "view_voices": (head, "post", f"/api/orders/{order.id}/voices/view", {"purpose": "verify"}),
        "remove_voice": (head, "post", f"/api/orders/{order.id}/voices/{voice_of(order, 1).id}/remove", words),
        "rate_order": ("zhou", "post", f"/api/orders/{handled.id}/voices/{voice.id}/rate", {"rating": "satisfied"}),
        "my_groups": ("zhou", "get", "/api/groups", None),
        "read_messages": ("zhou", "get", group, None),
        "say_message": ("zhou", "post", group, {"text": "早上好", "key": "k1"}),
        "ask_knowledge": ("zhou", "post", "/api/knowledge/ask", {"question": "老年证怎么办？"}),
        "insight_figures": (head, "get", "/api/insight/figures?days=7", None),
        "insight_hot": (head, "get", "/api/insight/hot", None),
        "take_readings": ("yu_tao", "post", "/api/sensors/readings", {"readings": [{"device": "XF-1", "at": later, "value": 1.5, "alarm": False}]}),
    }


def test_every_operation_is_reached(cast, at, document):
    table, known = calls(cast), operations(document)
    assert set(table) == set(known)
    clients: dict[str, Client] = {}
    for name, (who, method, path, body) in table.items():
        if who not in clients:
            clients[who] = Client(SERVER_NAME="127.0.0.1")
            clients[who].force_login(cast.account[who], backend=BACKEND)
        answer = send(clients[who], method, path, body)
        declared = {int(code) for code in known[name]["responses"] if code.startswith("2")}
        assert answer.status_code in declared, (name, answer.status_code, answer.content.decode())
        assert known[name]["method"] == method


def test_a_guest_reaches_nothing_but_the_document(cast, at, document):
    guest = Client(SERVER_NAME="127.0.0.1")
    for name, (_, method, path, body) in calls(cast).items():
        answer = send(guest, method, path, body)
        assert (answer.status_code, answer.json()["code"]) == (401, "sign_in"), name


def test_a_word_over_the_api_is_stored_once_and_only_by_members(cast, at):
    group = cast.group["jx3"]
    path = f"/api/groups/{group.id}/messages"
    zhou, dong = Client(SERVER_NAME="127.0.0.1"), Client(SERVER_NAME="127.0.0.1")
    zhou.force_login(cast.account["zhou"], backend=BACKEND)
    dong.force_login(cast.account["dong"], backend=BACKEND)

    def say(client: Client, text: str, key: str) -> Any:
        return client.post(path, json.dumps({"text": text, "key": key}), content_type="application/json")

    first, again = say(zhou, "电梯坏了", "a").json(), say(zhou, "电梯坏了", "a").json()
    assert (first["new"], again["new"]) == (True, False) and first["id"] == again["id"]
    assert [m.text for m in Message.objects.filter(group=group)].count("电梯坏了") == 1
    assert say(zhou, " \n", "b").status_code == 400
    assert say(dong, "我不在这个群", "c").status_code == 404
    assert dong.get(path).status_code == 404
    seen = zhou.get(path).json()
    assert [(m["text"], m["mine"], m["name"]) for m in seen] == [("电梯坏了", True, "周阿姨")]
    assert [g["name"] for g in zhou.get("/api/groups").json()] == sorted([group.name, cast.group["jx"].name])
    groups.leave_group(by=cast.actor("zhou"), group_id=group.id)
    assert say(zhou, "还在吗", "d").status_code == 404


def test_what_is_not_known_is_not_answered(cast, at):
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(cast.account["zhou"], backend=BACKEND)

    def ask(question: str) -> Any:
        return client.post("/api/knowledge/ask", json.dumps({"question": question}), content_type="application/json").json()

    known = ask("老年证怎么办？")
    assert known["verdict"] == "answer" and len(known["entries"]) == 1 and known["entries"][0]["source"]
    assert ask("火星上的停车费怎么交给外星人") == {"verdict": "refuse", "entries": []}
    assert Order.objects.count() == 0


def test_the_page_about_the_api_names_every_operation(document):
    page = (Path(__file__).parents[2] / "docs" / "api.md").read_text(encoding="utf-8")
    for name, op in operations(document).items():
        row = next((line for line in page.splitlines() if line.startswith(f"| `{name}` |")), "")
        assert f"| {op['method'].upper()} " in row, name
    assert len([line for line in page.splitlines() if line.startswith("| `")]) == len(operations(document))
