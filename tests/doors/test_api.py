"""REST of the rooms: each answers for the caller's own places and her own work, and counts nobody."""

import json

import pytest
from django.test import Client

from linli.kernel.actors import SYSTEM
from linli.orders import actions as orders
from tests.orders.test_states import WORDS, opened, pooled

BACKEND = "django.contrib.auth.backends.ModelBackend"
ROOMS = ("/api/hall", "/api/tasks", "/api/requests", "/api/watch", "/api/board", "/api/insight/month", "/api/rosters/{}", "/api/paper/sheets")


@pytest.fixture
def client(cast, at):
    def of(who):
        found = Client(SERVER_NAME="127.0.0.1")
        found.force_login(cast.account[who], backend=BACKEND)
        return found

    return of


def test_the_hall_says_who_may_take_what_waits(cast, client):
    order = pooled(cast)
    (row,) = client("li_min").get("/api/hall").json()["pooled"]
    assert (row["order"]["id"], row["claim"], row["give"]) == (str(order.id), True, False)
    (row,) = client("zhao_hui").get("/api/hall").json()["pooled"]
    assert row["give"]
    assert client("zhou").get("/api/hall").status_code == 403
    assert client("he_feng").get("/api/hall").status_code == 403


def test_tasks_are_ones_own(cast, client):
    order = opened(cast)
    orders.assign_order(by=SYSTEM, order_id=order.id, to=cast.account["li_min"].id)
    assert [o["id"] for o in client("li_min").get("/api/tasks").json()["answer"]] == [str(order.id)]
    assert client("zhao_hui").get(f"/api/tasks?account={cast.account['li_min'].id}").json()["answer"] == []


def test_requests_are_those_that_wait_for_the_caller(cast, client):
    order = opened(cast)
    orders.assign_order(by=SYSTEM, order_id=order.id, to=cast.account["li_min"].id)
    asked = orders.request_extension(by=cast.actor("li_min"), order_id=order.id, clock_name="solve", amount=60, words=WORDS)
    head, li = client("zhao_hui").get("/api/requests").json(), client("li_min").get("/api/requests").json()
    assert ([r["id"] for r in head["to_decide"]], head["own"]) == ([str(asked.id)], [])
    assert (li["to_decide"], [r["id"] for r in li["own"]]) == ([], [str(asked.id)])


def test_the_watch_list_and_the_board_follow_the_callers_places(cast, client):
    order = opened(cast)
    made = orders.supervise_order(by=cast.actor("cao_wei"), order_id=order.id, words="请说明进展")
    seen = client("cao_wei").get("/api/watch").json()
    assert ([o["id"] for o in seen["mine"]], seen["all"], seen["closed"]) == ([str(made.id)], 1, 0)
    board = client("zhao_hui").get("/api/board").json()
    assert board["open"] == sum(row["count"] for row in board["by_light"]) == 2
    assert client("li_min").get("/api/board").status_code == 403


def test_no_answer_of_a_room_counts_or_names_a_person_but_on_the_roster(cast, client):
    """Three workers with different figures: no answer holds a number beside one of them."""
    for n, who in enumerate(("li_min", "han_mei", "shi_qiang"), 1):
        for _ in range(n):
            orders.assign_order(by=SYSTEM, order_id=opened(cast).id, to=cast.account[who].id)
    here = cast.community["jinxiu"].id
    for who in ("zhao_hui", "cao_wei", "yu_tao", "li_min"):
        reader = client(who)
        for path in ROOMS:
            answer = reader.get(path.format(here))
            if answer.status_code != 200:
                continue
            for row in counts(answer.json()):
                assert not {"account_id", "responsible_id", "who", "by_id"} & set(row), (who, path, row)


def counts(said):
    """Every object of an answer that holds a count or a share."""
    if isinstance(said, list):
        for one in said:
            yield from counts(one)
    elif isinstance(said, dict):
        if {"count", "figures", "open", "mark", "closed", "all"} & {k for k, v in said.items() if not isinstance(v, str)}:
            yield said
        for one in said.values():
            yield from counts(one)


def test_messages_are_ones_own_and_are_read(cast, client, deliver):
    order = opened(cast)
    orders.assign_order(by=SYSTEM, order_id=order.id, to=cast.account["li_min"].id)
    deliver()
    li = client("li_min")
    rows = li.get("/api/notices?unread=true").json()
    assert rows and {r["subject_id"] for r in rows} == {str(order.id)}
    body = json.dumps({"ids": [r["id"] for r in rows]})
    assert client("han_mei").post("/api/notices/read", body, content_type="application/json").json()["read"] == 0
    said = li.post("/api/notices/read", body, content_type="application/json").json()
    assert said == {"read": len(rows), "unread": 0}
