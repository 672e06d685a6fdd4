"""The one-time link and the way out."""

import pytest
from django.test import Client

from linli.accounts import actions
from linli.kernel.actors import SYSTEM
from tests.doors.people import signed_in

pytestmark = pytest.mark.django_db
GOOD = "seven wide green doors"


def test_a_link_sets_a_password_once(cast, at):
    token = actions.make_one_time_link(by=SYSTEM, account=cast.account["li_min"])
    client = Client()
    assert client.get(f"/welcome/{token}/").status_code == 200
    assert client.post(f"/welcome/{token}/", {"password": GOOD, "again": "other"}).status_code == 422
    weak = client.post(f"/welcome/{token}/", {"password": "1234567890", "again": "1234567890"})
    assert weak.status_code == 422 and "10 位" in weak.content.decode()
    assert client.post(f"/welcome/{token}/", {"password": GOOD, "again": GOOD})["Location"] == "/desk/"
    assert Client().post(f"/welcome/{token}/", {"password": GOOD, "again": GOOD}).status_code == 404
    assert Client().post("/sign-in/", {"login": "li_min", "password": GOOD}).status_code == 302


def test_an_old_link_is_refused(cast, at):
    token = actions.make_one_time_link(by=SYSTEM, account=cast.account["li_min"], hours=-1)
    gone = Client().post(f"/welcome/{token}/", {"password": GOOD, "again": GOOD})
    assert gone.status_code == 404 and "过期" in gone.content.decode()


def test_signing_out_is_a_post(cast, at):
    zhou = signed_in(cast, "zhou")
    assert zhou.get("/sign-out/").status_code == 405
    zhou.post("/sign-out/")
    assert "登录" in zhou.get("/").content.decode()
