"""Procedures by REST: written as JSON, judged, rehearsed, read by a second person, used; what cannot be read is a typed refusal."""

from datetime import datetime

import pytest

from linli.kernel import clock
from linli.standards import selectors
from linli.standards.models import Procedure
from tests.desk import opened, sign_in
from tests.standards.own import text

pytestmark = pytest.mark.django_db
TREES = {"name": "树木修剪", "clause": "WXQ-4.2"}


def post(cast, key, path, body):
    return sign_in(cast, key).post(f"/api/procedures{path}", body, content_type="application/json")


def drafted(cast, **changes):
    return post(cast, "yu_tao", "", TREES | {"data": text().data} | changes)


def test_written_changed_read_by_another_and_used(cast, at):
    made = drafted(cast)
    assert made.status_code == 201, made.content
    draft = made.json()
    assert (draft["state"], draft["version"], draft["edit"], draft["wrong"]) == ("draft", 1, 0, [])
    data = draft["data"] | {"kind": {"label": "修剪", "category": "environment"}}
    changed = post(cast, "xie_lin", f"/{draft['id']}/change", TREES | {"data": data, "edit": 0})
    assert changed.status_code == 200 and changed.json()["edit"] == 1
    late = post(cast, "yu_tao", f"/{draft['id']}/change", TREES | {"data": data, "edit": 0})
    assert (late.status_code, late.json()["code"]) == (409, "changed_meanwhile")
    assert post(cast, "yu_tao", f"/{draft['id']}/submit", {}).json()["state"] == "review"
    assert post(cast, "xie_lin", f"/{draft['id']}/approve", {}).status_code == 403, "never by anybody who wrote in it"
    assert post(cast, "cao_wei", f"/{draft['id']}/approve", {}).json()["state"] == "in_force"
    assert selectors.kinds()[draft["code"]].label == "修剪"
    order = opened(cast, kind=draft["code"], procedure=draft["code"])
    assert (order.procedure, order.step) == (draft["code"], "s1")
    read = sign_in(cast, "li_min").get(f"/api/procedures/{draft['id']}/draft").json()
    assert read["data"] == data and read["name"] == "树木修剪"


def test_what_is_wrong_is_told_and_keeps_it_from_a_second_person(cast, at):
    data = text().data
    data["steps"][1]["limit"] = None
    data["steps"][0]["outcomes"][0]["to"] = "nowhere"
    draft = drafted(cast, data=data)
    assert draft.status_code == 201
    assert draft.json()["wrong"] and all(w["text"] for w in draft.json()["wrong"])
    refused = post(cast, "yu_tao", f"/{draft.json()['id']}/submit", {})
    assert (refused.status_code, refused.json()["code"]) == (400, "broken")


@pytest.mark.parametrize("data", [{}, {"steps": 3}, {"steps": [{}]}, {"steps": [], "limits": 1}, {"a": {"b": [1, None]}}, {"steps": ["\x00"]}])
def test_what_cannot_be_read_is_refused_and_nothing_is_kept(cast, data):
    before = Procedure.objects.count()
    refused = drafted(cast, data=data)
    assert (refused.status_code, refused.json()["code"]) == (400, "unreadable")
    assert Procedure.objects.count() == before


def test_it_is_rehearsed(cast, at):
    pool = selectors.procedure("group_appeal")
    found = post(cast, "li_min", f"/{pool.id}/rehearse", {"opened_at": "2026-03-06T16:50:00"})
    assert found.status_code == 200, found.content
    yellow = next(line for line in found.json() if line["light"] == "yellow")
    moment = clock.local(datetime.fromisoformat(yellow["at"]))
    assert (moment.day, moment.hour, moment.minute) == (6, 18, 26), "80 % of two hours on the wall"
    wrong = post(cast, "li_min", f"/{pool.id}/rehearse", {"opened_at": "1900-03-06T16:50:00"})
    assert (wrong.status_code, wrong.json()["code"]) == (400, "bad_moment")


@pytest.mark.parametrize(("key", "status"), [("yu_tao", 201), ("li_min", 403), ("zhao_hui", 403), ("zhou", 403)])
def test_who_may_write(cast, key, status):
    assert post(cast, key, "", TREES | {"data": text().data}).status_code == status


def test_residents_and_firms_read_no_draft(cast):
    pool = selectors.procedure("pool")
    for key in ("zhou", "shi_qiang"):
        assert sign_in(cast, key).get(f"/api/procedures/{pool.id}/draft").status_code in (403, 404), key
