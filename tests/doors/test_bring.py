"""发起: the door through which every procedure that a colleague begins is opened, with its right, its place and its words."""

import pytest
from django.test import Client

from linli.orders.models import Order, Voice, Word
from tests.desk import sign_in, text
from tests.orders.test_web_verbs import photo
from tests.standards.own import trees

pytestmark = pytest.mark.django_db


def post(cast, client: Client, procedure: str, where: str = "", building: str = "", community: str = "jinxiu", **data):
    body = {"community": str(cast.community[community].id), "words": "书院巷口的井盖松了，车压过去响", "where": where, **data}
    if building:
        body["building"] = str(cast.building[building].id)
    return client.post(f"/desk/bring/{procedure}/", body)


@pytest.mark.parametrize("key, shown, hidden", [
    ("you_gang", ("巡查看到的", "资料有错，要更正"), ("发现一个问题", "请物业修", "几家一起办", "不良言论")),
    ("ren_qi", ("巡查看到的", "资料有错，要更正"), ("突发事件", "替居民办")),
    ("qi_yue", ("巡查看到的",), ("发现一个问题", "资料有错")),
    ("shi_qiang", ("巡查看到的", "请物业修"), ("资料有错", "预警")),
    ("li_min", ("巡查看到的", "发现一个问题", "请物业修", "矛盾、隐患要预警", "突发事件", "感知设备报警", "替居民办一件事"), ("要几家一起办",)),
    ("cao_wei", ("要几家一起办",), ("巡查看到的", "替居民办")),
])  # fmt: skip
def test_she_chooses_among_what_her_roles_open(cast, at, key, shown, hidden):
    client = sign_in(cast, key)
    assert "发起一件事" in text(client.get("/desk/")), "it stands where work begins"
    page = text(client.get("/desk/bring/"))
    assert all(s in page for s in shown) and not any(h in page for h in hidden)


def test_who_opens_nothing_has_no_such_page(cast, at):
    for key in ("lian_feng", "admin", "lang_yue"):
        client = sign_in(cast, key)
        assert client.get("/desk/bring/").status_code == 403 and "发起一件事" not in text(client.get("/desk/")), key
    assert Client().get("/desk/bring/").status_code in (302, 403) and sign_in(cast, "zhou").get("/desk/bring/").status_code in (302, 403)
    assert sign_in(cast, "you_gang").get("/desk/bring/joint/").status_code == 403
    assert sign_in(cast, "you_gang").get("/desk/bring/nothing/").status_code == 404


def test_a_helper_reports_and_sees_what_became_of_it(cast, at):
    client = sign_in(cast, "you_gang")
    answer = post(cast, client, "patrol", where="东门花坛边", outcome="report", photos=photo())
    assert answer.status_code == 302
    order = Order.objects.get()
    assert (order.procedure, order.step, order.place_text, order.way) == ("patrol", "verify", "东门花坛边", "staff")
    assert len(Word.objects.get(order_id=order.id).blob_ids) == 1
    page = text(client.get(answer.url))
    assert order.number in page and "核实录入" in page and "我发起的" in page
    assert order.number not in text(sign_in(cast, "ren_qi").get("/desk/bring/")), "hers alone"


def test_solved_on_the_spot_is_recorded_and_over(cast, at):
    client = sign_in(cast, "you_gang")
    answer = post(cast, client, "patrol", words="2单元楼道的纸箱已经请住户搬走了", building="jx3", outcome="spot")
    order = Order.objects.get()
    assert (order.state, order.ending, order.building_id) == ("closed", "done", cast.building["jx3"].id)
    assert "当场解决" in text(client.get(answer.url))


def test_the_place_may_stand_in_the_words(cast, at):
    post(cast, sign_in(cast, "li_min"), "repair", words="5号楼1单元楼道顶上漏水")
    order = Order.objects.get()
    assert (order.building_id, order.unit, order.kind, order.step) == (cast.building["jx5"].id, "1单元", "repair", "company")
    assert order.responsible_id == cast.account["shi_qiang"].id


def test_without_any_place_it_is_her_own_grid(cast, at):
    post(cast, sign_in(cast, "you_gang"), "patrol", words="有人在楼道里给电瓶车充电", outcome="report")
    order = Order.objects.get()
    assert (order.grid_id, order.community_id) == (cast.grid["jinxiu1"].id, cast.community["jinxiu"].id)


def test_the_line_is_asked_where_the_procedure_leads_to_one(cast, at):
    client = sign_in(cast, "li_min")
    assert "哪条线" in text(client.get("/desk/bring/pool/")) and "哪条线" not in text(client.get("/desk/bring/repair/"))
    post(cast, client, "pool", line="养老")
    order = Order.objects.get()
    assert (order.line, order.step) == ("养老", "claim")
    page = text(sign_in(cast, "zhao_hui").get(f"/desk/orders/{order.id}/do/dispatch_order/"))
    assert "专做这一条线的社工" in page and "韩梅" in page


def test_somebody_who_waits_for_it_is_sealed_and_hears(cast, at):
    client = sign_in(cast, "lu_xin")
    assert "替谁办的" in text(client.get("/desk/bring/item/"))
    post(cast, client, "item", words="申请高龄津贴，身份证和户口本带来了", name="陈奶奶", phone="13912345678")
    voice = Voice.objects.get()
    assert (voice.name, voice.phone, voice.order.procedure) == ("陈奶奶", "13912345678", "item")
    assert "陈奶奶" not in text(client.get("/desk/bring/"))


def test_what_is_missing_is_said_and_the_words_stay(cast, at):
    client = sign_in(cast, "li_min")
    wrong = post(cast, client, "patrol", words="好了", outcome="spot")
    assert wrong.status_code == 422 and "写清办了什么" in text(wrong) and "好了" in wrong.content.decode()
    assert post(cast, client, "pool", words=" ").status_code == 422
    assert client.post("/desk/bring/pool/", {"words": "路灯坏了"}).status_code == 422
    assert post(cast, client, "pool", community="heping").status_code == 403
    assert not Order.objects.exists()


def test_the_same_form_twice_is_one_order(cast, at):
    client = sign_in(cast, "li_min")
    for _ in range(2):
        assert post(cast, client, "pool", key="once-1").status_code == 302
    assert Order.objects.count() == 1


def test_a_secret_matter_is_not_shown_to_who_may_not_read_it(cast, at):
    client = sign_in(cast, "li_min")
    answer = post(cast, client, "pool", words="12栋天台有人搭铁皮房，新的违建")
    order = Order.objects.get()
    assert order.confidential and order.procedure == "sensitive"
    page = text(client.get(answer.url))
    assert "要保密的事" in page and order.number not in page


def test_a_procedure_of_the_streets_own_is_among_them(cast, at):
    made_procedure = trees(cast)
    page = text(sign_in(cast, "li_min").get("/desk/bring/"))
    assert made_procedure.name in page
    assert post(cast, sign_in(cast, "li_min"), made_procedure.code).status_code == 302
    order = Order.objects.get()
    assert (order.procedure, order.kind) == (made_procedure.code, made_procedure.code)
