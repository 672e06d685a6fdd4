"""The first page, sign-in, the number, 我的."""

import gzip
import json
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.test import Client
from django.urls import reverse

from linli.accounts import actions as accounts
from linli.accounts.models import Account, PhoneCode
from linli.groups.models import Member
from linli.kernel.actors import SYSTEM
from linli.ledger.delivery import deliver_all
from linli.orders import actions as orders
from linli.orders.models import Order, Voice
from tests.doors.people import say, signed_in
from tests.doors.test_talk import LIFT

pytestmark = pytest.mark.django_db


def last_code() -> str:
    lines = [p.read_text().splitlines() for p in sorted(Path(settings.LINLI_VAR, "sms").glob("*.jsonl"))]
    return re.search(r"(\d{6})", json.loads(lines[-1][-1])["text"]).group(1)


def test_a_guest_is_shown_what_is_public(cast, at):
    response = Client().get("/")
    text = response.content.decode()
    assert response.status_code == 200 and "有事，说一句就行" in text and "锦绣苑3号楼" not in text


def test_a_resident_sees_her_groups_and_the_worker_of_her_place(cast, at):
    text = signed_in(cast, "zhou").get("/").content.decode()
    assert "锦绣苑3号楼" in text and "您这里由社工小李负责" in text and f"tel:{cast.account['li_min'].phone}" in text
    at.move(hours=12)
    assert "值班员" in signed_in(cast, "zhou").get("/").content.decode()


def test_every_page_answers_in_elder_mode_without_inline_code(cast, at):
    for client in (Client(), signed_in(cast, "zhou"), signed_in(cast, "li_min")):
        client.cookies["elder"] = "1"
        for name in ("home", "me", "mine", "report", "answers", "sign_in"):
            response = client.get(reverse(name))
            text = response.content.decode()
            assert response.status_code == 200, name
            assert not re.search(r"<script>|<style|\sstyle=|\son\w+=|hx-on", text), name
            assert "data-elder" in text


def test_password_and_where_it_leads(cast, at):
    account = cast.account["li_min"]
    account.set_password("a long good password")
    account.save()
    client = Client()
    assert client.post("/sign-in/", {"login": "li_min", "password": "wrong"}).status_code == 422
    response = client.post("/sign-in/", {"login": "li_min", "password": "a long good password"})
    assert response.status_code == 302 and response["Location"] == "/desk/"
    response = Client().post("/sign-in/?next=https://evil.example/", {"login": "li_min", "password": "a long good password"})
    assert response["Location"] == "/desk/"


def test_too_many_wrong_passwords_are_locked(cast, at):
    client = Client(REMOTE_ADDR="10.0.0.9")
    for _ in range(9):
        response = client.post("/sign-in/", {"login": "li_min", "password": "wrong"})
    assert response.status_code == 429 and "十五分钟" in response.content.decode()


def test_one_tap_sign_in_is_of_the_demo_only(cast, at, settings):
    data = {"account": str(cast.account["admin"].id)}
    assert Client().post("/sign-in/as/", data).status_code == 404
    assert "演示" not in Client().get("/sign-in/").content.decode()
    settings.LINLI_DEMO = True
    assert "演示" in Client().get("/sign-in/").content.decode()
    client = Client()
    assert client.post("/sign-in/as/", data)["Location"] == "/desk/"
    assert client.get("/sign-in/as/").status_code == 405


def test_a_number_proved_and_found_again_on_another_phone(cast, at):
    zhou = signed_in(cast, "zhou")
    say(zhou, cast.group["jx3"], LIFT)
    zhou.post("/phone/", {"phone": "139 0000 0001"})
    assert "验证码不对" in zhou.post("/phone/", {"phone": "13900000001", "code": "000000"}).content.decode()
    assert zhou.post("/phone/", {"phone": "13900000001", "code": last_code()}).status_code == 302
    other = Client()
    other.post("/phone/", {"phone": "13900000001"})
    other.post("/phone/", {"phone": "13900000001", "code": last_code()})
    assert LIFT in other.get(reverse("mine")).content.decode()


def test_what_she_did_meanwhile_comes_along(cast, at):
    zhou, new = signed_in(cast, "zhou"), Client()
    zhou.post("/phone/", {"phone": "13900000001"})
    zhou.post("/phone/", {"phone": "13900000001", "code": last_code()})
    new.post(f"/join/{cast.group['jx5'].invite}/", {"nickname": "周阿姨新手机"})
    say(new, cast.group["jx5"], "5号楼电梯坏了")
    new.post("/phone/", {"phone": "13900000001"})
    new.post("/phone/", {"phone": "13900000001", "code": last_code()})
    text = new.get("/").content.decode()
    assert "锦绣苑5号楼" in text and "锦绣苑3号楼" in text
    assert Voice.objects.get().account_id == cast.account["zhou"].id
    assert new.get(reverse("talk", args=[cast.group["jx5"].id])).status_code == 200


def test_a_wrong_code_stays_counted(cast, at):
    zhou = signed_in(cast, "zhou")
    zhou.post("/phone/", {"phone": "13900000001"})
    for _ in range(6):
        zhou.post("/phone/", {"phone": "13900000001", "code": "999999"})
    assert PhoneCode.objects.get().tries == accounts.CODE_TRIES
    assert zhou.post("/phone/", {"phone": "13900000001", "code": last_code()}).status_code == 422


def test_a_guest_with_an_unknown_number_learns_how_to_join(cast, at):
    guest = Client()
    guest.post("/phone/", {"phone": "13900000077"})
    text = guest.post("/phone/", {"phone": "13900000077", "code": last_code()}).content.decode()
    assert "还没有登记过" in text


def test_open_matters_stand_at_home(cast, at):
    say(signed_in(cast, "zhou"), cast.group["jx3"], LIFT)
    orders.handle_order(by=cast.actor("li_min"), order_id=Order.objects.get().id, words="控制板换好了，电梯恢复运行。")
    deliver_all()
    assert "办好了吗？请您说一声" in signed_in(cast, "zhou").get("/").content.decode()


def test_a_stopped_account_is_a_guest(cast, at):
    zhou = signed_in(cast, "zhou")
    accounts.change_account(by=SYSTEM, account_id=cast.account["zhou"].id, active=False)
    assert "登录" in zhou.get("/").content.decode()
    assert zhou.get(reverse("talk", args=[cast.group["jx3"].id])).status_code == 404
    assert Account.objects.get(id=cast.account["zhou"].id).is_active is False
    assert Member.objects.filter(account_id=cast.account["zhou"].id).exists()


@pytest.mark.parametrize("who", ["", "zhou"])
def test_the_first_page_is_light(cast, at, who):
    """Page, styles and scripts together stay below 100 KB compressed: an old phone, a slow line."""
    client = signed_in(cast, who) if who else Client()
    page = client.get("/").content
    files = set(re.findall(r'(?:src|href)="/static/([^"]+)"', page.decode()))
    total = len(gzip.compress(page)) + sum(len(gzip.compress(Path(finders.find(f)).read_bytes())) for f in files)
    assert len(files) > 4 and total < 100_000, total
