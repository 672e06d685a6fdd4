"""REST of orders: who may do what where (every role × every verb × own and other places), sealed reporter, typed errors,
and what one opening costs."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from linli.accounts import actions as accounts
from linli.accounts.models import Account
from linli.grid import actions as grid
from linli.grid.models import Area
from linli.grid.selectors import Stamp
from linli.kernel import ids
from linli.kernel.actors import SYSTEM
from linli.kernel.roles import Role
from linli.ledger.models import Event
from linli.orders import actions
from linli.orders.drafts import Draft, VoiceDraft
from linli.orders.models import Order, Request, Voice
from linli.orders.states import MOVES, Rating
from tests.orders.test_states import WORDS, brought_to, opened, voice_of

R = Role
BACKEND = "django.contrib.auth.backends.ModelBackend"
#: what each role may do in its own area, written out here a second time on purpose. note … answer: verbs of work
READS = {
    R.GRID_WORKER, R.LINE_WORKER, R.GRID_MANAGER, R.GRID_GUIDE, R.COMMUNITY_HEAD, R.DUTY_OFFICER, R.CENTRE,
    R.STABILITY_CENTRE, R.STREET_SECTION, R.STREET_LEADER, R.FRONT_DESK, R.DISTRICT_BODY,
}  # fmt: skip
WORKS = {R.GRID_WORKER, R.COMMUNITY_HEAD, R.DUTY_OFFICER, R.CENTRE}
DIRECTS = {R.COMMUNITY_HEAD, R.CENTRE, R.STREET_LEADER}
DECIDES = {R.COMMUNITY_HEAD, R.CENTRE, R.STREET_SECTION, R.STREET_LEADER, R.DISTRICT_BODY}
MAY: dict[str, set[Role]] = {
    "get_order": READS,
    "open_order": WORKS | {R.LINE_WORKER, R.FRONT_DESK},
    "accept_order": set(),
    "note_order": WORKS | {R.LINE_WORKER, R.STREET_SECTION, R.STREET_LEADER},
    "answer_order": WORKS,
    "transfer_order": DIRECTS,
    "assign_order": DIRECTS,
    "return_order": set(),
    "correct_order": WORKS | {R.GRID_MANAGER},
    "handle_order": {R.COMMUNITY_HEAD, R.CENTRE},
    "claim_order": {R.GRID_WORKER, R.LINE_WORKER, R.STREET_SECTION, R.COMMUNITY_HEAD},
    "dispatch_order": DIRECTS,
    "take_back_order": DIRECTS,
    "pass_step": {R.COMMUNITY_HEAD, R.CENTRE},
    "raise_order": DIRECTS,
    "request_pause": set(),
    "request_extension": set(),
    "grant_request": DECIDES,
    "refuse_request": DECIDES,
    "resume_order": DIRECTS,
    "urge_order": WORKS | {R.FRONT_DESK, R.STREET_LEADER},
    "supervise_order": {R.STREET_LEADER, R.STABILITY_CENTRE, R.DISTRICT_BODY, R.GRID_GUIDE, R.CENTRE},
    "open_children": DIRECTS,
    "open_repair": WORKS,
    "merge_orders": WORKS,
    "split_order": WORKS,
    "void_order": DIRECTS,
    "conclude_review": {R.STREET_SECTION, R.STREET_LEADER},
    "add_voice": WORKS,
    "view_voices": READS - {R.DISTRICT_BODY, R.GRID_GUIDE},
    "remove_voice": WORKS,
    "rate_order": WORKS | {R.FRONT_DESK},
}
#: verbs that nobody but the responsible person does
OWN = {"accept_order", "return_order", "request_pause", "request_extension"}


def path_and_body(verb: str, order: Order, cast) -> tuple[str, dict | None]:
    """The request of a verb; None: a GET."""
    here, to = f"/api/orders/{order.id}", str(cast.account["shi_qiang"].id)
    voice = f"{here}/voices/{voice_of(order).id}"
    request = asked(order).id if verb in ("grant_request", "refuse_request") else ""
    beside = opened_beside(order).id if verb == "merge_orders" else ""
    return {
        "get_order": (here, None),
        "open_order": ("/api/orders", {"kind": "repair", "words": "路灯坏了", "community_id": str(order.community_id)}),
        "accept_order": (f"{here}/accept", {}),
        "note_order": (f"{here}/note", {"words": "到现场看过"}),
        "answer_order": (f"{here}/answer", {"words": WORDS}),
        "transfer_order": (f"{here}/transfer", {"to": to, "words": "归物业修"}),
        "assign_order": (f"{here}/assign", {"to": to}),
        "return_order": (f"{here}/return", {"words": "不在我的网格"}),
        "correct_order": (f"{here}/correct", {"thing": "门禁"}),
        "handle_order": (f"{here}/handle", {"words": WORDS}),
        "claim_order": (f"{here}/claim", {}),
        "dispatch_order": (f"{here}/dispatch", {"to": to}),
        "take_back_order": (f"{here}/take-back", {"words": "三天没有动静"}),
        "pass_step": (f"{here}/pass", {"outcome": "done", "words": WORDS}),
        "raise_order": (f"{here}/raise", {"words": "社区没有这个权限"}),
        "request_pause": (f"{here}/pause", {"waits_for": "money", "until": "2026-04-01T02:00:00Z", "words": "等维修资金"}),
        "request_extension": (f"{here}/extend", {"clock": "solve", "amount": 60, "words": "要等配件"}),
        "grant_request": (f"/api/requests/{request}/grant", {}),
        "refuse_request": (f"/api/requests/{request}/refuse", {"words": "时间够用"}),
        "resume_order": (f"{here}/resume", {}),
        "urge_order": (f"{here}/urge", {}),
        "supervise_order": (f"{here}/supervise", {"words": "请说明进展"}),
        "open_children": (f"{here}/children", {"tasks": [{"to": to, "words": "换一个控制板"}]}),
        "open_repair": (f"{here}/repair", {"words": "楼道顶上漏水"}),
        "merge_orders": (f"{here}/merge", {"orders": [str(beside)]}),
        "split_order": (f"{here}/split", {"voices": [str(voice_of(order, 1).id)], "words": "说的是另一部电梯"}),
        "void_order": (f"{here}/void", {"words": "试着按的"}),
        "conclude_review": (f"{here}/conclude", {"words": WORDS}),
        "add_voice": (f"{here}/voices", {"words": "我家也是", "name": "孙奶奶"}),
        "view_voices": (f"{here}/voices/view", {"purpose": "contact"}),
        "remove_voice": (f"{voice}/remove", {"words": "说的是另一件事"}),
        "rate_order": (f"{voice}/rate", {"rating": "satisfied"}),
    }[verb]


def asked(order: Order) -> Request:
    """An open request of somebody else's."""
    row, _ = Request.objects.get_or_create(
        order_id=order.id, kind=Request.EXTENSION, state=Request.OPEN,
        defaults={"asked_by": ids.new(), "asked_at": order.opened_at, "words": "要等配件", "clock": "solve", "amount": 60},
    )  # fmt: skip
    return row


def opened_beside(order: Order) -> Order:
    """Another order of the same place, whatever state the first is in."""
    stamp = Stamp(order.street_id, order.community_id, order.grid_id, order.building_id)
    voice = VoiceDraft(words="电梯又坏了")
    return actions.open_order(by=SYSTEM, draft=Draft(kind="repair", stamp=stamp, voice=voice, key=f"beside:{order.id}"))


STATE_FOR = {
    "rate_order": "handled", "conclude_review": "review", "claim_order": "pooled", "dispatch_order": "pooled",
    "take_back_order": "taken", "resume_order": "waiting", "request_pause": "answered",
}  # fmt: skip


def state_for(verb: str) -> str:
    """A state in which the verb applies."""
    return STATE_FOR.get(verb, "assigned")


def in_state(state: str, cast, building: str = "jx3") -> Order:
    """`brought_to`, and two that are no states of their own: taken out of the pool, and answered."""
    if state == "taken":
        order = brought_to("pooled", cast, building)
        suggested = actions.suggest(order)
        assert suggested is not None
        return actions.dispatch_order(by=SYSTEM, order_id=order.id, to=suggested.account_id)
    if state == "answered":
        order = brought_to("assigned", cast, building)
        return actions.answer_order(by=SYSTEM, order_id=order.id, words=WORDS)
    return brought_to(state, cast, building)


def client_of(account: Account) -> Client:
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(account, backend=BACKEND)
    return client


def ask(client: Client, verb: str, order: Order, cast):  # type: ignore[no-untyped-def]
    path, body = path_and_body(verb, order, cast)
    if body is None:
        return client.get(path)
    return client.post(path, json.dumps(body), content_type="application/json")


@contextmanager
def undone() -> Iterator[None]:
    """Whatever happens inside has not happened afterwards."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def with_post(cast, role: Role, area: Area | None, name: str = "") -> Client:
    """Somebody new with one post; an area of None is the whole district."""
    account = accounts.add_account(by=SYSTEM, kind=Account.STAFF, login=f"try-{role}-{name}", name="试岗")
    grid.add_post(by=SYSTEM, account_id=account.id, role=role, area=area)
    return client_of(account)


@pytest.mark.parametrize("building", ["jx3", "ld7"])
def test_a_role_does_its_verbs_in_its_own_place_only(cast, at, building):
    orders = {state: in_state(state, cast, building) for state in {"assigned", *STATE_FOR.values()}}
    own = building == "jx3"
    for role in Role:
        with undone():
            client = with_post(cast, role, cast.community["jinxiu"])
            for verb, roles in MAY.items():
                with undone():
                    answer = ask(client, verb, orders[state_for(verb)], cast)
                if own and role in roles:
                    assert answer.status_code in (200, 201), (role, verb, answer.content)
                    continue
                seen = verb == "open_order" or (own and role in READS)
                assert answer.status_code == (403 if seen else 404), (role, verb, building)
                assert set(answer.json()) == {"code", "message"}


@pytest.mark.parametrize("role", sorted(READS))
def test_a_post_reaches_down_and_never_up_or_aside(cast, at, role):
    order = opened(cast)
    held = {"grid:jinxiu1", "community:jinxiu", "street:jinxiu", ""}
    for ref in (*held, "grid:jinxiu2", "community:liudi", "street:heping"):
        client = with_post(cast, role, cast.area(ref), ref)
        assert client.get(f"/api/orders/{order.id}").status_code == (200 if ref in held else 404), ref


def test_the_table_tries_every_verb_that_is_asked_for(cast, at):
    tried = {"add_voices" if v == "add_voice" else v for v in MAY}
    assert set(MOVES.moves) - tried == {
        "reopen_order", "send_to_review", "close_order", "instruct_order", "request_outcome",
    }  # fmt: skip


@pytest.mark.parametrize("verb", sorted(OWN | {"answer_order", "handle_order", "transfer_order", "note_order", "correct_order"}))
def test_the_responsible_person_does_her_own_whatever_her_role(cast, at, verb):
    order = opened(cast)
    for key in ("shi_qiang", "fang_zheng", "han_mei", "ge_jun"):
        with undone():
            actions.assign_order(by=SYSTEM, order_id=order.id, to=cast.account[key].id)
            if verb == "request_pause":
                actions.answer_order(by=SYSTEM, order_id=order.id, words=WORDS)
            status = ask(client_of(cast.account[key]), verb, order, cast).status_code
            if verb == "transfer_order":
                assert status in (200, 400), key  # 400: handed to herself or nobody above
            else:
                assert status in (200, 201), key


@pytest.mark.parametrize("role", list(Role))
def test_a_confidential_order_is_known_to_few(cast, at, role):
    order = opened(cast)
    actions.correct_order(by=SYSTEM, order_id=order.id, kind="abuse")
    client = with_post(cast, role, cast.community["jinxiu"])
    few = {R.COMMUNITY_HEAD, R.STABILITY_CENTRE, R.STREET_LEADER}
    assert client.get(f"/api/orders/{order.id}").status_code == (200 if role in few else 404)
    listed = [row["id"] for row in client.get("/api/orders").json()["items"]]
    assert (str(order.id) in listed) == (role in few)


def test_the_repairing_side_never_opens_the_voices(cast, at):
    order = opened(cast)
    actions.assign_order(by=SYSTEM, order_id=order.id, to=cast.account["shi_qiang"].id)
    client = client_of(cast.account["shi_qiang"])
    assert client.get(f"/api/orders/{order.id}").status_code == 200
    assert ask(client, "view_voices", order, cast).status_code == 403
    said = client.get(f"/api/orders/{order.id}/events").content.decode()
    for voice in order.voices.all():
        assert str(voice.id) not in said and str(voice.account_id) not in said and voice.words not in said


def test_voices_are_opened_for_a_purpose_and_that_is_recorded(cast, at):
    order = opened(cast)
    head = client_of(cast.account["zhao_hui"])
    path = f"/api/orders/{order.id}/voices/view"
    refused = head.post(path, json.dumps({"purpose": "curious"}), content_type="application/json")
    assert (refused.status_code, refused.json()["code"]) == (400, "missing_purpose")
    cards = head.post(path, json.dumps({"purpose": "contact"}), content_type="application/json").json()
    assert [c["words"] for c in cards] == ["电梯坏了", "还没修好"]
    assert cards[0]["phone"].startswith("190")
    masked = client_of(cast.account["lu_xin"]).post(path, json.dumps({"purpose": "contact"}), content_type="application/json")
    assert "*" in masked.json()[0]["phone"]
    assert Event.objects.filter(subject_id=order.id, verb="orders.view_voices").count() == 2


def test_a_procedure_and_a_line_are_named_with_the_same_right_as_at_the_desk(cast, at):
    def post(who: str, **body):  # type: ignore[no-untyped-def]
        whole = {"kind": "safety", "words": "书院巷口的井盖松了", "building_id": str(cast.building["jx3"].id), **body}
        return client_of(cast.account[who]).post("/api/orders", json.dumps(whole), content_type="application/json")

    made = post("li_min", procedure="pool", line="养老", key="p1")
    assert (made.status_code, made.json()["procedure"], made.json()["step"], made.json()["way"], made.json()["line"]) == (
        201, "pool", "claim", "staff", "养老",
    )  # fmt: skip
    assert post("li_min", procedure="pool", line="养老", key="p1").json()["id"] == made.json()["id"]
    assert post("li_min", line="养老").json()["line"] == "养老"
    named = post("lu_xin", procedure="item", kind="item", name="陈奶奶")
    assert named.status_code == 201 and named.json()["voice_count"] == 1
    for who, body in (("ren_qi", {"procedure": "pool"}), ("li_min", {"procedure": "joint"}), ("li_min", {"procedure": "task"}),
                      ("li_min", {"procedure": "pool", "building_id": str(cast.building["hp1"].id)})):  # fmt: skip
        assert post(who, **body).status_code == 403, body
    for body, code in (({"procedure": "nothing"}, "unknown_procedure"), ({"procedure": "golden_eye"}, "own_page"),
                       ({"line": "没有的线"}, "unknown_line"), ({"procedure": "pool", "line": "就业"}, "unknown_line")):  # fmt: skip
        answer = post("li_min", **body)
        assert (answer.status_code, answer.json()["code"]) == (400, code), body


def test_looking_is_recorded(cast, at):
    order = opened(cast)
    client = client_of(cast.account["zhao_hui"])
    client.get(f"/api/orders/{order.id}")
    client.get(f"/api/orders/{order.id}")
    assert Event.objects.filter(subject_id=order.id, verb="orders.view_order").count() == 1


def test_opening_one_order_costs_at_most_twenty_statements(cast, at):
    client = client_of(cast.account["zhao_hui"])
    body = {"kind": "repair", "words": "3号楼2单元电梯坏了", "building_id": str(cast.building["jx3"].id), "thing": "电梯"}

    def post(key: str):  # type: ignore[no-untyped-def]
        return client.post("/api/orders", json.dumps(body | {"key": key}), content_type="application/json")

    post("warm")
    with CaptureQueriesContext(connection) as queries:
        answer = post("one")
    assert answer.status_code == 201
    # A test's savepoints stand where serve has BEGIN and COMMIT.
    asked = [q["sql"] for q in queries]
    assert len(asked) <= 20, "\n".join(asked)
    again = post("one").json()
    assert again["id"] == answer.json()["id"]
    assert Order.objects.count() == 2


def test_a_list_page_costs_at_most_ten_statements(cast, at):
    for _ in range(25):
        opened(cast)
    for key in ("zhao_hui", "li_min", "yu_tao", "cao_wei"):
        client = client_of(cast.account[key])
        client.get("/api/orders")
        with CaptureQueriesContext(connection) as queries:
            page = client.get("/api/orders").json()
        assert len(queries) <= 10
        assert len(page["items"]) == 20
        rest = client.get("/api/orders", {"after": page["next"]}).json()
        seen = [row["id"] for row in page["items"] + rest["items"]]
        assert len(seen) == len(set(seen)) == 25 and rest["next"] == ""


def test_a_list_obeys_its_filters(cast, at):
    order = opened(cast)
    client = client_of(cast.account["yu_tao"])

    def found(query: str) -> list[str]:
        return [row["id"] for row in client.get(f"/api/orders?{query}").json()["items"]]

    mine = str(order.id)
    for query in (
        f"area={cast.street['jinxiu'].id}", f"area={cast.community['jinxiu'].id}", f"area={cast.grid['jinxiu1'].id}",
        "kind=repair", "category=property", "light=green", "state=assigned", "state=counted", "q=电梯", "since=2026-03-02",
        "until=2026-03-02",
    ):  # fmt: skip
        assert found(query) == [mine], query
    for query in (
        f"area={cast.street['heping'].id}", f"area={cast.grid['jinxiu2'].id}", "kind=noise", "category=health", "light=red",
        "state=closed", "q=路灯", "since=2026-03-03", "until=2026-03-01", "mine=true", "state=history",
    ):  # fmt: skip
        assert found(query) == [], query


def test_a_resident_sees_and_rates_her_own_alone(cast, at):
    order = brought_to("handled", cast)
    zhou, liu = client_of(cast.account["zhou"]), client_of(cast.account["liu"])
    assert [row["id"] for row in zhou.get("/api/orders").json()["items"]] == [str(order.id)]
    assert liu.get("/api/orders").json()["items"] == []
    assert zhou.get(f"/api/orders/{order.id}").status_code == 200
    assert liu.get(f"/api/orders/{order.id}").status_code == 404
    own, other = voice_of(order, 0), voice_of(order, 1)
    body = json.dumps({"rating": "unsolved", "how": "phone"})

    def rate(client: Client, voice: Voice) -> int:
        return client.post(f"/api/orders/{order.id}/voices/{voice.id}/rate", body, content_type="application/json").status_code

    assert (rate(liu, own), rate(zhou, other), rate(zhou, own)) == (404, 404, 200)
    own.refresh_from_db()
    order.refresh_from_db()
    assert (own.rated_how, own.rating, order.reopened) == ("page", Rating.UNRATED, 1)
    for verb in ("accept_order", "answer_order", "view_voices", "void_order"):
        assert ask(zhou, verb, order, cast).status_code == 403


def test_errors_are_typed(cast, at):
    order = opened(cast)
    head, guest = client_of(cast.account["zhao_hui"]), Client(SERVER_NAME="127.0.0.1")
    strict = Client(SERVER_NAME="127.0.0.1", enforce_csrf_checks=True)
    strict.force_login(cast.account["zhao_hui"], backend=BACKEND)
    here = f"/api/orders/{order.id}"

    def post(client: Client, path: str, body: object, raw: str = "") -> tuple[int, str]:
        answer = client.post(path, raw or json.dumps(body), content_type="application/json")
        assert set(answer.json()) == {"code", "message"} and answer.json()["message"]
        return answer.status_code, answer.json()["code"]

    assert post(guest, f"{here}/accept", {}) == (401, "sign_in")
    assert post(strict, f"{here}/note", {"words": "到过"}) == (403, "csrf")
    assert post(head, f"{here}/note", {}) == (400, "bad_input")
    assert post(head, f"{here}/note", None, raw="{oh") == (400, "bad_input")
    assert post(head, f"{here}/note", {"words": "字" * 2001}) == (400, "bad_input")
    assert post(head, f"{here}/answer", {"words": "收到"}) == (400, "no_matter")
    assert post(head, f"{here}/assign", {"to": str(cast.account["wei_na"].id)}) == (400, "bad_assignee")
    assert post(head, f"{here}/conclude", {"words": WORDS}) == (403, "forbidden")
    assert post(head, f"/api/orders/{UUID(int=1)}/note", {"words": "到过"}) == (404, "not_found")
    assert post(head, "/api/orders", {"kind": "dragon", "words": "龙", "building_id": str(cast.building["jx3"].id)}) == (400, "unknown_kind")
    assert post(head, "/api/orders", {"kind": "repair", "words": "灯"}) == (400, "missing_place")
    actions.void_order(by=SYSTEM, order_id=order.id, words="试着按的")
    assert post(head, f"{here}/note", {"words": "到过"}) == (409, "wrong_state")
    for status, path in (
        (400, "/api/orders?area=1"), (404, "/api/orders?after=~"), (404, f"/api/orders?area={UUID(int=1)}"), (400, "/api/orders?since=never"),
    ):  # fmt: skip
        answer = head.get(path)
        assert answer.status_code == status and set(answer.json()) == {"code", "message"}, path
    missing = head.get("/api/nowhere")
    assert (missing.status_code, set(missing.json())) == (404, {"code", "message"})


def test_a_token_of_csrf_is_enough(cast, at):
    client = Client(SERVER_NAME="127.0.0.1", enforce_csrf_checks=True)
    client.force_login(cast.account["zhao_hui"], backend=BACKEND)
    client.cookies["csrftoken"] = "a" * 32
    order = opened(cast)
    answer = client.post(
        f"/api/orders/{order.id}/note", json.dumps({"words": "到过"}), content_type="application/json",
        headers={"X-CSRFToken": "a" * 32},
    )  # fmt: skip
    assert answer.status_code == 200
