"""GeoReport v2 as another city's software speaks it, in both formats, by keys and within their reach."""

import json
from urllib.parse import urlencode
from xml.etree import ElementTree

import pytest
from django.test import Client

from linli.accounts import actions as accounts
from linli.grid.selectors import stamp_of_building
from linli.kernel.actors import SYSTEM
from linli.orders import actions as orders
from linli.orders.drafts import Draft, VoiceDraft
from linli.orders.models import Order, Word
from tests.orders.test_states import WORDS, opened

BASE = "/open311/v2"
NEW = {"service_code": "repair", "description": "3号楼2单元电梯停在一楼", "address_string": "锦绣苑3号楼", "attribute[thing]": "电梯", "phone": "13900001111", "last_name": "周"}


@pytest.fixture
def http():
    return Client(SERVER_NAME="127.0.0.1", enforce_csrf_checks=True)


def key_of(cast, who="zhao_hui"):
    return accounts.add_api_key(by=SYSTEM, account=cast.account[who], name="热线平台")[1]


def private(cast):
    """A confidential matter at the same building."""
    draft = Draft(kind="abuse", stamp=stamp_of_building(cast.building["jx3"]), voice=VoiceDraft(words="他又打她了"))
    return orders.open_order(by=SYSTEM, draft=draft)


def get(http, path, key="", **data):
    return http.get(f"{BASE}/{path}", {**data, **({"api_key": key} if key else {})})


def post(http, path, key, data, **headers):
    return http.post(f"{BASE}/{path}", urlencode({**data, "api_key": key}), content_type="application/x-www-form-urlencoded", headers=headers)


def test_services_are_public_and_say_what_they_ask(cast, at, http):
    rows = get(http, "services.json").json()
    codes = [r["service_code"] for r in rows]
    assert "repair" in codes and "other" not in codes
    assert set(rows[0]) == {"service_code", "service_name", "description", "metadata", "type", "keywords", "group"}
    definition = get(http, "services/repair.json").json()
    assert definition["service_code"] == "repair" and {a["code"] for a in definition["attributes"]} == {"thing", "unit"}
    tree = ElementTree.fromstring(get(http, "services.xml").content)
    assert tree.tag == "services" and [s.findtext("service_code") for s in tree.iter("service")] == codes
    tree = ElementTree.fromstring(get(http, "services/repair.xml").content)
    assert tree.tag == "service_definition" and tree.find("attributes/attribute/code").text == "thing"
    assert get(http, "services/dragons.json").status_code == 404
    assert http.get("/open311/discovery.json").json()["endpoints"][0]["specification"].endswith("GeoReport_v2")
    assert ElementTree.fromstring(http.get("/open311/discovery.xml").content).find("endpoints/endpoint/url").text.endswith("/open311/v2")


@pytest.mark.parametrize("fmt", ["json", "xml"])
def test_a_request_becomes_an_order_and_is_found_by_number_and_token(cast, at, http, fmt):
    key = key_of(cast)
    made = post(http, f"requests.{fmt}", key, NEW)
    assert made.status_code == 201, made.content.decode()
    first = made.json()[0] if fmt == "json" else {e.tag: e.text for e in ElementTree.fromstring(made.content).find("request")}
    order = Order.objects.get(number=first["service_request_id"])
    assert (order.kind, order.thing, order.building_id, order.door) == ("repair", "电梯", cast.building["jx3"].id, "api")
    shown = get(http, f"requests/{order.number}.json", key).json()[0]
    assert (shown["status"], shown["service_code"], shown["address"]) == ("open", "repair", order.place_text)
    assert shown["requested_datetime"].endswith("+08:00") and shown["expected_datetime"]
    assert get(http, f"tokens/{first['token']}.json", key).json() == [{"token": order.id.hex, "service_request_id": order.number}]
    assert [r["service_request_id"] for r in get(http, "requests.json", key, status="open", service_code="repair").json()] == [order.number]
    assert get(http, "requests.json", key, status="closed").json() == []
    # who spoke stays sealed: nowhere a name, a number or the words
    assert all(secret not in json.dumps(shown, ensure_ascii=False) for secret in ("13900001111", "停在一楼", "周"))


def test_the_same_idempotency_key_is_one_order(cast, at, http):
    key = key_of(cast)
    first, again = (post(http, "requests.json", key, NEW, **{"Idempotency-Key": "k-1"}).json() for _ in range(2))
    assert first == again and Order.objects.count() == 1


def on_board(cast, who="zhou"):
    """A message that everybody may read."""
    stamp = stamp_of_building(cast.building["jx5"])
    order = orders.leave_message(by=cast.actor(who), stamp=stamp, words="健身角该修一修了", blobs=[])
    return orders.pass_step(by=cast.actor("zhao_hui"), order_id=order.id, outcome="show")


def test_without_a_key_only_the_message_board_is_read_and_nothing_written(cast, at, http):
    order, shown = opened(cast), on_board(cast)
    dead = accounts.add_api_key(by=SYSTEM, account=cast.account["zhao_hui"], name="旧平台")
    accounts.end_api_key(by=SYSTEM, key_id=dead[0].id)
    assert [r["service_request_id"] for r in get(http, "requests.json").json()] == [shown.number]
    assert get(http, f"requests/{order.number}.json").status_code == 404
    assert get(http, f"tokens/{order.id.hex}.json").status_code == 404
    assert get(http, "servicerequestupdates.json").json() == []
    for key in ("lk_wrong", dead[1]):
        for path in ("requests.json", f"requests/{shown.number}.json", f"tokens/{shown.id.hex}.json", "servicerequestupdates.json"):
            assert get(http, path, key).status_code == 403, path
    for key in ("", "lk_wrong", dead[1]):
        assert post(http, "requests.json", key, NEW).status_code == 403
        assert post(http, "servicerequestupdates.json", key, {"service_request_id": shown.number, "update_id": "1", "description": WORDS}).status_code == 403
    failed = ElementTree.fromstring(get(http, "requests.xml", "lk_wrong").content)
    assert (failed.tag, failed.findtext("error/code")) == ("errors", "403") and "api_key" in failed.findtext("error/description")
    assert Order.objects.count() == 2


def test_a_key_reaches_as_far_as_its_account_and_no_confidential_order(cast, at, http):
    here, secret = opened(cast), private(cast)
    assert secret.confidential
    rows = get(http, "requests.json", key_of(cast)).json()
    assert [r["service_request_id"] for r in rows] == [here.number]
    assert get(http, f"requests/{secret.number}.json", key_of(cast)).status_code == 404
    assert get(http, f"tokens/{secret.id.hex}.json", key_of(cast)).status_code == 404
    assert get(http, "requests.json", key_of(cast, "qian_xiulan")).json() == []


@pytest.mark.parametrize("change", [
    {"service_code": "dragons"}, {"service_code": ""}, {"description": ""}, {"description": "字" * 2001}, {"address_string": ""},
    {"address_string": "月球背面"}, {"address_id": "999"}, {"jurisdiction_id": "nowhere"},
])  # fmt: skip
def test_what_cannot_be_used_is_said_in_plain_words(cast, at, http, change):
    answer = post(http, "requests.json", key_of(cast), NEW | change)
    assert answer.status_code in (400, 404)
    assert answer.json()[0]["code"] == answer.status_code and len(answer.json()[0]["description"]) > 6
    assert Order.objects.count() == 0


def test_dates_and_states_of_a_query(cast, at, http):
    key = key_of(cast)
    opened(cast)
    day = "2026-03-02T00:00:00+08:00"
    assert get(http, "requests.json", key, start_date="2020-01-01T00:00:00Z").json() == []  # 90 days from then
    assert len(get(http, "requests.json", key).json()) == 1
    for bad in ({"start_date": "yesterday"}, {"start_date": "2026-03-02"}, {"end_date": "9999-99-99T00:00:00Z"}, {"status": "maybe"}, {"service_code": "dragons"}):
        assert get(http, "requests.json", key, **bad).status_code in (400, 404), bad
    assert get(http, "requests.json", key, start_date=day).status_code == 200
    assert get(http, "requests.pdf", key).status_code == 404
    assert http.delete(f"{BASE}/requests.json").status_code == 405


def test_updates_go_out_and_come_in_once(cast, at, http):
    key, order = key_of(cast), opened(cast)
    orders.note_order(by=cast.actor("zhao_hui"), order_id=order.id, words="只给同事看的话，不出门")
    orders.answer_order(by=cast.actor("zhao_hui"), order_id=order.id, words=WORDS)
    out = get(http, "servicerequestupdates.json", key).json()
    assert [(u["service_request_id"], u["status"], u["description"]) for u in out] == [(order.number, "open", WORDS)]
    update = {"service_request_id": order.number, "update_id": "D-7", "status": "OPEN", "description": "维保单位已派人"}
    first, again = (post(http, "servicerequestupdates.json", key, update) for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 201) and first.json() == again.json()
    assert [w.text for w in Word.objects.filter(order=order, verb="note_order")].count("维保单位已派人") == 1
    assert post(http, "servicerequestupdates.json", key, update | {"service_request_id": opened(cast).number}).status_code == 409
    closed = update | {"update_id": "D-8", "status": "CLOSED", "description": WORDS}
    assert post(http, "servicerequestupdates.xml", key, closed).status_code == 201
    order.refresh_from_db()
    assert not order.is_open or order.state == "handled"
    for bad in ({"update_id": ""}, {"status": "DONE"}, {"service_request_id": "no"}, {"update_id": "D-9", "description": ""}):
        assert post(http, "servicerequestupdates.json", key, update | bad).status_code in (400, 404), bad


def test_the_bearer_key_opens_the_rest_as_well_and_a_wrong_one_nothing(cast, at, http):
    key = key_of(cast, "li_min")
    body = json.dumps({"kind": "repair", "words": "灯坏了", "building_id": str(cast.building["jx3"].id)})
    made = http.post("/api/orders", body, content_type="application/json", headers={"Authorization": f"Bearer {key}"})
    assert made.status_code == 201 and made.json()["kind"] == "repair"
    assert http.get("/api/orders", headers={"Authorization": f"Bearer {key}"}).status_code == 200
    http.force_login(cast.account["li_min"], backend="django.contrib.auth.backends.ModelBackend")
    assert http.get("/api/orders", headers={"Authorization": "Bearer lk_wrong"}).status_code == 401
