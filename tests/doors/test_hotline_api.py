"""Another system hands the hotline's orders in with a key and fetches their results: once by number, nothing guessed, callers sealed."""

import json
from datetime import datetime

import pytest
from django.test import Client

from linli.accounts import actions as accounts
from linli.channels.models import Outside
from linli.kernel import clock
from linli.kernel.actors import SYSTEM
from linli.orders import actions as orders
from linli.orders.models import Order, Voice
from tests.orders.test_states import WORDS, opened

PATH = "/api/hotline/orders"
SLIP = {
    "number": "RX20260302000123", "words": "电梯坏了，老人下不去", "address": "锦绣苑3号楼2单元", "due_at": "2026-03-03T12:00:00+08:00",
    "kind": "物业管理", "grade": "一般", "name": "孙先生", "phone": "19000005566",
}  # fmt: skip


class System:
    """Another system with a key of somebody's account."""

    def __init__(self, cast, who="yu_tao"):
        key = accounts.add_api_key(by=SYSTEM, account=cast.account[who], name="热线平台")[1]
        self.client = Client(SERVER_NAME="127.0.0.1", enforce_csrf_checks=True, headers={"Authorization": f"Bearer {key}"})

    def send(self, path=PATH, **body):
        return self.client.post(path, json.dumps(body), content_type="application/json")


@pytest.fixture
def system(cast, at):
    return System(cast)


def test_an_order_is_taken_in_with_number_deadline_codes_and_sealed_caller(cast, system):
    answer = system.send(**SLIP)
    assert answer.status_code == 201, answer.content
    said = answer.json()
    order = Order.objects.get()
    assert (said["order"]["id"], said["new"], said["joined"], said["alike"]) == (str(order.id), True, False, [])
    assert (order.procedure, order.building_id, order.solve_due_at) == ("hotline", cast.building["jx3"].id, datetime(2026, 3, 3, 12, tzinfo=clock.LOCAL))
    outside = Outside.objects.get()
    assert (outside.number, outside.kind, outside.grade) == (SLIP["number"], "物业管理", "一般")
    assert Voice.objects.get().phone == "19000005566"
    assert "孙" not in answer.content.decode() and "19000005566" not in answer.content.decode()


def test_the_same_number_again_changes_nothing(cast, system):
    first = system.send(**SLIP).json()
    again = system.send(**SLIP | {"words": "别的话", "due_at": "2026-03-09T12:00:00+08:00"})
    assert (again.status_code, again.json()["new"], again.json()["order"]["id"]) == (200, False, first["order"]["id"])
    assert (Order.objects.count(), Voice.objects.count(), Outside.objects.get().due_at.day) == (1, 1, 3)


def test_an_order_of_the_same_matter_is_proposed_and_joined_when_it_is_named(cast, system):
    lift = opened(cast)
    beside = system.send(**SLIP).json()
    assert ([o["id"] for o in beside["alike"]], beside["joined"]) == ([str(lift.id)], False)
    joined = system.send(**SLIP | {"number": "RX-2", "same_as": str(lift.id)})
    assert (joined.status_code, joined.json()["joined"], joined.json()["order"]["id"]) == (201, True, str(lift.id))
    lift.refresh_from_db()
    assert (lift.voices.count(), lift.solve_due_at) == (3, datetime(2026, 3, 3, 12, tzinfo=clock.LOCAL))
    again = system.send(**SLIP | {"number": "RX-2", "same_as": str(lift.id)})
    assert (again.status_code, lift.voices.count()) == (200, 3)
    refused = system.send(**SLIP | {"number": "RX-3", "address": "锦绣苑7号楼", "same_as": str(lift.id)})
    assert (refused.status_code, refused.json()["code"]) == (400, "same_gone")


def test_what_cannot_be_told_is_refused_never_guessed(cast, system):
    nowhere = system.send(**SLIP | {"address": "", "words": "楼道里堆满了杂物"})
    assert (nowhere.status_code, nowhere.json()["code"]) == (400, "no_place")
    for wrong in ({"number": "4.4E+17"}, {"words": "  "}, {"due_at": "2062-01-01T00:00:00Z"}, {"due_at": "0001-01-01T00:00:00Z"}):
        assert system.send(**SLIP | wrong).status_code == 400, wrong
    assert system.send(**SLIP | {"community_id": str(cast.street["jinxiu"].id)}).status_code == 404
    assert not Order.objects.exists()
    placed = system.send(**SLIP | {"address": "", "words": "楼道里堆满了杂物", "community_id": str(cast.community["heping"].id)})
    assert placed.json()["order"]["community_id"] == str(cast.community["heping"].id)


def test_a_sensitive_matter_is_taken_and_not_shown(cast, system):
    answer = system.send(**SLIP | {"words": "楼上302有人在搞传销，天天有人进出上课"})
    assert (answer.status_code, answer.json()["order"], answer.json()["new"]) == (201, None, True)
    assert Order.objects.get().procedure == "sensitive"
    assert system.send(**SLIP).json() == {"order": None, "new": False, "joined": False, "alike": []}


def test_results_are_fetched_without_people_and_carried_back(cast, system):
    system.send(**SLIP)
    order = Order.objects.get()
    assert [(x["number"], x["owed"]) for x in system.client.get(f"{PATH}?view=open").json()] == [(SLIP["number"], False)]
    assert system.send(f"{PATH}/{order.id}/carried", number=SLIP["number"]).status_code == 409
    by = cast.actor(cast.key_of(order.responsible_id))
    orders.pass_step(by=by, order_id=order.id, outcome="done", given=orders.Given(words=f"孙先生您好，{WORDS}，回访19000005566"))
    (line,) = system.client.get(PATH).json()
    assert line["owed"] and line["may_carry"] and "控制板" in line["text"] and "孙先生" not in line["text"] and "19000005566" not in line["text"]
    done = system.send(f"{PATH}/{order.id}/carried", number=SLIP["number"])
    assert (done.status_code, done.json()[0]["number"]) == (200, SLIP["number"])
    assert system.client.get(PATH).json() == []
    order.refresh_from_db()
    assert order.step == "rate"


def test_keys_of_others_hand_nothing_in(cast, at):
    for who in ("li_min", "zhao_hui", "cao_wei"):
        assert System(cast, who).send(**SLIP).status_code == 403, who
    assert System(cast, "li_min").client.get(PATH).status_code == 403
    assert not Order.objects.exists()
