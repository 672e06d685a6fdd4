"""Working time at the desk: whose week, looked at before it is saved; days; and what holds for every form of the room."""

from datetime import date, time

import pytest
from django.test import Client

from linli.calendars.actions import OFFICE
from linli.calendars.selectors import get_calendar, own_week
from linli.grid import actions
from linli.kernel.actors import SYSTEM
from tests.desk import BACKEND, sign_in, text

pytestmark = pytest.mark.django_db

WEEK = {"rows": "2", "days-0": ["0", "1", "2", "3", "4"], "from-0": "08:00", "to-0": "12:00", "days-1": ["0", "5"], "from-1": "13:00", "to-1": "17:00"}


def save(client, url, data):
    looked = client.post(f"{url}set/", data | {"step": "look"})
    assert looked.status_code == 200, text(looked)
    return client.post(f"{url}set/", data | {"step": "save", "looked": looked.context["looked"], "seen": looked.context["seen"]})


@pytest.mark.parametrize(("key", "place", "status"), [
    ("admin", "", 302), ("lang_yue", "", 302), ("lang_yue", "street:jinxiu", 302), ("cao_wei", "street:jinxiu", 302),
    ("cao_wei", "community:liudi", 302), ("zhao_hui", "community:jinxiu", 302), ("cao_wei", "", 403), ("zhao_hui", "", 403),
    ("zhao_hui", "street:jinxiu", 403), ("li_min", "community:jinxiu", 403), ("yu_tao", "", 403), ("zhao_hui", "community:heping", 404),
    ("cao_wei", "street:heping", 404), ("shi_qiang", "community:jinxiu", 403),
])  # fmt: skip
def test_who_changes_whose_week(cast, at, key, place, status):
    area = cast.area(place) if place else cast.district
    client, url = sign_in(cast, key), f"/desk/grid/hours/{area.id}/"
    if status == 302:
        assert save(client, url, WEEK).status_code == 302
        assert own_week("hours", area.code if place else "") == own_week("days", area.code if place else "")
        assert (5, time(13), time(17)) in own_week("hours", area.code if place else "")
        assert client.post(f"{url}days/", {"first": "2026-03-09", "working": "0"}).status_code == 302
        assert client.post(f"{url}days/drop/", {"first": "2026-03-09"}).status_code == 302
        assert client.post(f"{url}drop/").status_code == (302 if place else 422)
    else:
        for verb, data in (("set", WEEK | {"step": "save"}), ("days", {"first": "2026-03-09", "working": "0"}), ("days/drop", {"first": "2026-10-01"}), ("drop", {})):
            assert client.post(f"{url}{verb}/", data).status_code == status, verb
        assert own_week("hours", area.code if place else "") in ([], sorted(OFFICE))


def test_everybody_may_read_it(cast, at):
    page = sign_in(cast, "li_min").get("/desk/grid/hours/")
    assert page.status_code == 200 and "锦绣苑社区的上班时间" in text(page) and "跟着示范区" in text(page) and "单独定一张" not in text(page)
    assert "国庆节 · 国家公布" in text(page)


def test_a_wrong_week_is_said_in_place(cast, at):
    head, url = sign_in(cast, "zhao_hui"), f"/desk/grid/hours/{cast.community['jinxiu'].id}/set/"
    for change, said in (
        ({"to-1": "14:00", "from-1": "11:00"}, "重叠"), ({"days-0": [], "days-1": []}, "至少留一段"), ({"from-0": ""}, "从几点到几点"),
        ({"from-0": "99:99"}, "从几点到几点"), ({"to-0": "08:00"}, "同一个时间"), ({"rows": "abc"}, "至少留一段"), ({"days-0": ["9", "x"], "to-0": ""}, "没勾星期几"),
    ):  # fmt: skip
        answer = head.post(url, WEEK | change | {"step": "look"})
        assert answer.status_code == 422 and said in text(answer), change
    assert 'value="13:00"' in head.post(url, WEEK | {"to-1": "13:00", "step": "look"}).content.decode()


def test_what_was_not_looked_at_is_not_saved(cast, at):
    head, url = sign_in(cast, "zhao_hui"), f"/desk/grid/hours/{cast.community['jinxiu'].id}/"
    looked = head.post(f"{url}set/", WEEK | {"step": "look"})
    assert "3月6日 周五 16:50 收到的 2 个工作小时的事" in text(looked) and "一周上班 28 小时" in text(looked)
    other = WEEK | {"to-1": "18:00", "step": "save", "looked": looked.context["looked"], "seen": looked.context["seen"]}
    again = head.post(f"{url}set/", other)
    assert again.status_code == 200 and "一周上班 30 小时" in text(again) and own_week("hours", cast.community["jinxiu"].code) == []
    actions.set_hours(by=SYSTEM, area=cast.community["jinxiu"], shifts=[(0, time(8), time(9))])
    stale = head.post(f"{url}set/", other | {"looked": again.context["looked"]})
    assert stale.status_code == 422 and "有人先改了这里" in text(stale)


def test_days_are_added_and_taken_away(cast, at):
    head, url = sign_in(cast, "zhao_hui"), f"/desk/grid/hours/{cast.community['jinxiu'].id}/days/"
    data = {"first": "2026-03-09", "last": "2026-03-10", "working": "0", "name": "停电检修", "provisional": "1"}
    answer = head.post(url, data)
    page = head.get(answer["Location"])
    assert "3月9日–3月10日" in text(page) and "停电检修" in text(page) and "暂定" in text(page) and "赵晖 定了特别的日子" in text(page)
    for change, said in (({"first": ""}, "哪一天"), ({"last": "2026-03-01"}, "最后一天"), ({"working": ""}, "放假还是上班"), ({"first": "x"}, "要写成"), ({"name": "长" * 61}, "60字")):
        wrong = head.post(url, data | change)
        assert wrong.status_code == 422 and said in text(wrong), change
    assert head.post(f"{url}drop/", {"first": "2026-03-09", "last": "2026-03-10"}).status_code == 302
    gone = head.post(f"{url}drop/", {"first": "2026-03-09"})
    assert gone.status_code == 422 and "没有特别安排" in text(gone)


def test_a_published_day_is_put_right_and_comes_back(cast, at):
    admin, url = sign_in(cast, "admin"), f"/desk/grid/hours/{cast.district.id}/days/"
    refused = admin.post(f"{url}drop/", {"first": "2026-10-01"})
    assert refused.status_code == 422 and "国家公布" in text(refused)
    admin.post(url, {"first": "2026-10-01", "working": "1", "name": "防汛值守"})
    assert get_calendar("hours").works_on(date(2026, 10, 1))
    admin.post(f"{url}drop/", {"first": "2026-10-01"})
    assert not get_calendar("hours").works_on(date(2026, 10, 1))


def test_sent_without_its_token_it_is_refused(cast, at):
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.account["admin"], backend=BACKEND)
    for url in (f"/desk/grid/{cast.community['jinxiu'].id}/change/", f"/desk/grid/colleague/{cast.account['li_min'].id}/active/", f"/desk/grid/hours/{cast.district.id}/set/"):
        assert client.post(url, {"name": "x", "active": "0"}).status_code == 403


@pytest.mark.parametrize("path", ["change", "end", "restore", "add/area"])
def test_looking_changes_nothing(cast, at, path):
    assert sign_in(cast, "admin").get(f"/desk/grid/{cast.community['jinxiu'].id}/{path}/").status_code == 405
