"""A repair from the resident's door to its end (D3): she asks for the property company, by a code on the wall, a form, the
telephone, or her appeal is handed to it; the company answers by its one-time link, returns with paper, the community decides,
money is waited for, it is repaired, and whoever is served says whether it helped."""

import pytest
from django.test import Client
from django.urls import reverse

from linli.groups.models import Message
from linli.kernel import ids
from linli.notices.models import Notice
from linli.orders import actions
from linli.orders.models import Order, Voice
from tests.desk import HTMX, leaks, opened, sign_in, text
from tests.doors.people import work
from tests.orders.test_web_verbs import do, photo
from tests.secrets import tells

pytestmark = pytest.mark.django_db
FUND = "整根立管锈穿，要动维修资金，不在合同里"


def only() -> Order:
    return Order.objects.exclude(relation="child").get()


def link_of(cast, order: Order) -> str:
    page = do(sign_in(cast, "zhao_hui"), order, "invite_company", words="2单元三楼楼道顶上漏水")
    return "/w/" + page.content.decode().split("/w/")[1].split("/")[0] + "/"


def scanned(cast, words: str, client: Client | None = None, building: str = "jx3", **more) -> Client:
    client = client or Client()
    url = reverse("at_building", args=[cast.building[building].qr])
    body = {"text": words, "nickname": "路过的老丁", "key": str(ids.new()), "fix": "property", **more}
    assert client.post(url, body).status_code == 302
    work()
    return client


def test_a_code_on_the_wall_to_the_company_fund_and_back(cast, at):
    page = Client().get(reverse("at_building", args=[cast.building["jx3"].qr]))
    assert "请物业修" in text(page)
    resident = scanned(cast, "2单元三楼楼道顶上漏水，滴到灯上了")
    order = only()
    assert (order.procedure, order.kind, order.step, order.door, order.way) == ("repair", "repair", "company", "qr", "resident")
    assert order.responsible_id == cast.account["shi_qiang"].id
    said = Message.objects.filter(direction=Message.OUT).order_by("-id")[0].text
    assert "物业小史来办" in said and "12:00 前给您答复" in said
    link = link_of(cast, order)
    company = Client()
    assert leaks(company.get(link).content) == [] and "老丁" not in company.get(link).content.decode()
    assert company.post(link, {"outcome": "fund", "words": FUND}).status_code == 422, "not without its paper"
    assert company.post(link, {"outcome": "fund", "words": FUND, "photos": photo()}).status_code == 200
    assert only().step == "decide"
    head = sign_in(cast, "zhao_hui")
    decided = {"step": "decide", "words": "立管要用维修资金，已经报上去，批了就换", "until": "2026-03-20"}
    assert head.post(f"/desk/orders/{order.id}/pass/fund/", decided, headers=HTMX).status_code == 200
    order = only()
    assert (order.state, order.step, order.waits_for) == ("waiting", "wait_fund", "wait_fund")
    assert "维修资金" in text(resident.get("/mine/"))
    assert head.post(f"/desk/orders/{order.id}/pass/got/", {"step": "wait_fund", "words": "资金到位，请物业开工"}, headers=HTMX).status_code == 200
    assert company.post(link_of(cast, order), {"outcome": "done", "words": "立管换好了，试水两小时不漏"}).status_code == 200
    assert "立管换好了" in text(resident.get("/mine/"))
    voice = Voice.objects.get(order_id=order.id)
    assert resident.post(f"/mine/{voice.id}/rate/", {"rating": "satisfied"}).status_code == 302
    order = only()
    assert (order.state, order.ending, order.satisfied) == ("closed", "done", 1)


def test_what_hurries_is_secret_or_has_no_company_goes_its_own_way(cast, at):
    scanned(cast, "着火了，2单元三楼冒烟，快来人")
    assert only().procedure == "group_appeal" and only().urgency == 2
    Order.objects.all().delete()
    scanned(cast, "居委会主任收红包，要投诉居委会主任")
    assert only().procedure == "complaint"
    Order.objects.all().delete()
    assert "请物业修" not in text(Client().get(reverse("at_building", args=[cast.building["hw1"].qr])))
    scanned(cast, "楼道灯坏了", building="hw1")
    assert only().procedure == "group_appeal", "the village has no company"


def test_a_question_with_the_tick_is_meant_as_a_repair(cast, at):
    scanned(cast, "水管漏水怎么办？")
    assert only().procedure == "repair"


def test_from_the_form_at_home(cast, at):
    zhou = sign_in(cast, "zhou")
    assert "请物业修" in text(zhou.get("/report/"))
    member = cast.member["zhou"]
    sent = zhou.post("/report/", {"text": "楼道门禁刷不开了", "member": str(member.id), "fix": "property", "key": "k1"})
    assert sent.status_code == 302
    work()
    assert (only().procedure, only().door, only().step) == ("repair", "report", "company")
    zhou.post("/report/", {"text": "楼下烧烤摊半夜还在吵，睡不着", "member": str(member.id), "key": "k2"})
    work()
    assert Order.objects.filter(procedure="group_appeal").count() == 1, "without the tick it is the community's"


def test_from_a_call(cast, at):
    lu = sign_in(cast, "lu_xin")
    assert "请物业修" in text(lu.get("/desk/counter/?door=phone"))
    body = {
        "door": "phone", "community": str(cast.community["jinxiu"].id), "words": "厨房下水堵了，水漫出来", "building": str(cast.building["jx3"].id),
        "room": "2单元502", "phone": "13912345678", "name": "老丁", "key": "c1", "fix": "property",
    }  # fmt: skip
    assert lu.post("/desk/counter/", body).status_code == 302
    work()
    assert (only().procedure, only().door) == ("repair", "phone")


def test_an_appeal_is_handed_to_the_company_and_its_voices_stay(cast, at):
    order = opened(cast, words="2单元三楼楼道顶上漏水，我家502正对着", thing="漏水", account_id=cast.account["zhou"].id)
    li = sign_in(cast, "li_min")
    assert "转物业报修" in text(li.get(f"/desk/orders/{order.id}/", headers=HTMX))
    assert do(li, order, "open_repair", words=" ").status_code == 422
    assert do(li, order, "open_repair", words="2单元三楼楼道顶上漏水，请来修").status_code == 200
    child = Order.objects.get(parent_id=order.id)
    assert (child.procedure, child.step, child.relation, child.voice_count, child.way) == ("repair", "company", "child", 0, "resident")
    assert child.responsible_id == cast.account["shi_qiang"].id and child.opener_id == cast.account["li_min"].id
    company = text(sign_in(cast, "shi_qiang").get(f"/desk/orders/{child.id}/"))
    assert "请来修" in company and not tells(company, "502")
    assert do(li, order, "open_repair", words="再转一次看看").status_code == 422, "one repair at a time"
    order.refresh_from_db()
    assert order.waits_answer and order.is_open, "the resident is still answered by the community"
    assert Client().post(link_of(cast, child), {"outcome": "done", "words": "补了防水，试水两小时不漏"}).status_code == 200
    child.refresh_from_db()
    assert (child.state, child.ending) == ("closed", "done")
    work()
    assert Notice.objects.filter(kind="children_done", subject_id=order.id, account_id=order.responsible_id).exists(), "she hears of it"
    assert actions.handle_order(by=cast.actor("li_min"), order_id=order.id, words="物业补了防水，不再漏了").state == "handled"


def test_what_cannot_go_to_a_company(cast, at):
    secret, village = opened(cast, kind="vice"), opened(cast, "hw1", thing="路灯")
    for order, who in ((secret, "zhao_hui"), (village, "zheng_hong")):
        page = sign_in(cast, who).get(f"/desk/orders/{order.id}/", headers=HTMX)
        assert page.status_code == 200 and "转物业报修" not in text(page)
        assert do(sign_in(cast, who), order, "open_repair", words="请来修一修").status_code == 422
    for who in ("shi_qiang", "lu_xin", "ge_jun"):
        assert do(sign_in(cast, who), opened(cast), "open_repair", words="请来修一修").status_code in (403, 404), who
