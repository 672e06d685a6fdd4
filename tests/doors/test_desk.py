"""The desk's own pages: my work, messages, groups, what is stuck."""

from datetime import datetime

import pytest

from linli.doors import desk_health
from linli.groups.models import Group, Message
from linli.kernel import clock, ids
from linli.ledger import handlers
from linli.ledger.delivery import deliver_all
from linli.ledger.models import Delivery, Event
from linli.notices.models import Notice
from linli.orders import actions
from tests.desk import opened, sign_in, text
from tests.orders.test_selectors import DESKS

PAGES = ("/desk/", "/desk/me/", "/desk/orders/", "/desk/notices/", "/desk/groups/", "/desk/knowledge/", "/desk/knowledge/asked/", "/desk/knowledge/facts/")


@pytest.mark.parametrize("key", DESKS)
def test_every_role_opens_her_pages(cast, at, key):
    opened(cast)
    client = sign_in(cast, key)
    for url in PAGES:
        page = client.get(url)
        assert page.status_code == 200, url
        assert " style=" not in page.content.decode() and "onclick" not in page.content.decode()


@pytest.mark.parametrize("key", DESKS)
def test_each_way_that_the_first_page_offers_opens(cast, at, key):
    client = sign_in(cast, key)
    page = client.get("/desk/")
    offered = {w.url for w in (*page.context["ways"], *page.context["offices"])}
    assert [url for url in sorted(offered) if client.get(url).status_code != 200] == []
    assert len(offered) == len({w.label for w in (*page.context["ways"], *page.context["offices"])}), "nothing stands there twice"


@pytest.mark.parametrize(("key", "first"), [("lu_xin", "窗口、电话代填"), ("bao_hua", "代表意见"), ("he_feng", "黄金眼报告"), ("li_min", "转入微信群消息")])
def test_a_role_begins_where_her_work_is(cast, at, key, first):
    assert sign_in(cast, key).get("/desk/").context["more_ways"][0].label == first


def test_residents_and_guests_have_no_desk(cast, at):
    for url in PAGES:
        assert sign_in(cast, "zhou").get(url).status_code == 403


def test_what_waits_for_me_stands_first_by_due_time(cast, at, deliver):
    later, first = opened(cast, thing="路灯"), opened(cast, thing="电梯")
    actions.answer_order(by=cast.actor("li_min"), order_id=later.id, words="师傅下午三点到，五点前修好")
    third = opened(cast, thing="门禁")
    deliver()
    page = sign_in(cast, "li_min").get("/desk/")
    assert [r.order.id for r in page.context["waiting"]] == [first.id, third.id]
    said = text(page)
    assert said.index("等我答复") < said.index("新消息") and "早上好" in said
    assert "李敏" in said and "今天 12:00 前答复" in said


def test_nobody_elses_work_is_on_my_page(cast, at):
    opened(cast, "jx5")
    page = sign_in(cast, "li_min").get("/desk/")
    assert page.context["waiting"] == [] and "现在没有居民在等您答复" in text(page)


def test_at_night_the_officer_on_the_roster_has_them(cast, at):
    order = opened(cast)
    actions_done = opened(cast, thing="路灯")
    actions.answer_order(by=cast.actor("li_min"), order_id=actions_done.id, words="师傅下午三点到，五点前修好")
    at.set(datetime(2026, 3, 2, 19, 0))
    on, off = sign_in(cast, "hua_yu").get("/desk/"), sign_in(cast, "jin_qiang").get("/desk/")
    assert [r.order.id for r in on.context["instead"]] == [order.id] and "现在由我接着" in text(on)
    assert off.context["instead"] == []
    at.set(datetime(2026, 3, 3, 9, 30))
    assert sign_in(cast, "hua_yu").get("/desk/").context["instead"] == []


def test_leaders_see_places_and_clauses_and_no_persons(cast, at, deliver):
    order = opened(cast)
    opened(cast, "ld7")
    actions.handle_order(by=cast.actor("li_min"), order_id=order.id, words="控制板换好了，试乘过三次")
    deliver()
    page = sign_in(cast, "cao_wei").get("/desk/")
    said = text(page)
    assert "锦绣苑社区" in said and "微信群服务规范 4.2" in said and "1 / 1 件" in said
    assert [t.name for t in page.context["by_place"]] == sorted(t.name for t in page.context["by_place"])
    staff = {a.name for k, a in cast.account.items() if a.kind == "staff"} - {"曹伟"}
    tables = page.content.decode().split("最近七天，按地方")[1]
    assert not [n for n in staff if n in tables]
    for key in ("li_min", "han_mei", "lu_xin", "shi_qiang"):
        assert "最近七天" not in text(sign_in(cast, key).get("/desk/"))


def test_messages_are_sentences_and_lead_on(cast, at, deliver):
    order = opened(cast)
    deliver()
    li = sign_in(cast, "li_min")
    page = li.get("/desk/notices/")
    assert f"新工单 {order.number}：锦绣苑3号楼2单元，电梯 · 报修。请您负责，今天 12:00前给居民一个答复。" in text(page)
    notice = Notice.objects.get(account_id=cast.account["li_min"].id)
    assert li.get(f"/desk/notices/{notice.id}/")["Location"] == f"/desk/orders/{order.id}/"
    assert Notice.objects.get(id=notice.id).read_at is not None
    assert sign_in(cast, "wang_fang").get(f"/desk/notices/{notice.id}/").status_code == 404


def test_all_read_and_moved_on(cast, at, deliver):
    order = opened(cast)
    deliver()
    actions.assign_order(by=cast.actor("zhao_hui"), order_id=order.id, to=cast.account["shi_qiang"].id)
    deliver()
    actions.assign_order(by=cast.actor("zhao_hui"), order_id=order.id, to=cast.account["li_min"].id)
    property_man = sign_in(cast, "shi_qiang")
    page = text(property_man.get("/desk/notices/"))
    assert "已转给别的同事" in page and "电梯" not in page
    notice = Notice.objects.get(account_id=cast.account["shi_qiang"].id)
    assert property_man.get(f"/desk/notices/{notice.id}/").status_code == 404
    property_man.post("/desk/notices/read/")
    assert not Notice.objects.filter(account_id=cast.account["shi_qiang"].id, read_at=None).exists()


def test_groups_tell_size_and_real_name_share(cast, at):
    page = sign_in(cast, "zhao_hui").get("/desk/groups/")
    row = next(r for r in page.context["rows"] if r.group.name == "锦绣苑3号楼")
    assert (row.people, row.known, row.staff, row.manages, row.member) == (4, 4, 2, True, False)
    assert "4 / 4 人 · 100%" in text(page)
    assert sign_in(cast, "li_min").get("/desk/groups/").content.decode().count("进群") >= 2


def test_muting_inviting_renaming(cast, at):
    group = cast.group["jx3"]
    li = sign_in(cast, "li_min")
    page = li.get(f"/desk/groups/{group.id}/")
    assert f"/join/{group.invite}/" in page.content.decode() and "<svg" in page.content.decode()
    for verb, muted in (("mute", True), ("unmute", False)):
        li.post(f"/desk/groups/{group.id}/do/{verb}/")
        assert Group.objects.get(id=group.id).muted is muted
    li.post(f"/desk/groups/{group.id}/do/renew/")
    assert Group.objects.get(id=group.id).invite != group.invite
    wrong = li.post(f"/desk/groups/{group.id}/do/rename/", {"name": "锦绣苑业主群"})
    assert wrong.status_code == 422 and "同名" in text(wrong)
    assert "扫一扫" in text(li.get(f"/desk/groups/{group.id}/code/"))


def test_a_new_group_at_ones_own_place_only(cast, at):
    li = sign_in(cast, "li_min")
    house = cast.building["jx1"]
    done = li.post("/desk/groups/new/", {"name": "锦绣苑1号楼", "place": f"b:{house.id}", "channel": "page"})
    made = Group.objects.get(name="锦绣苑1号楼")
    assert done["Location"] == f"/desk/groups/{made.id}/" and made.building_id == house.id
    for place in (f"c:{cast.community['heping'].id}", f"b:{cast.building['hp1'].id}", "", "c:x"):
        wrong = li.post("/desk/groups/new/", {"name": "别处的群", "place": place})
        assert wrong.status_code == 422 and 'value="别处的群"' in wrong.content.decode()
    assert not Group.objects.filter(name="别处的群").exists()


def test_others_manage_no_group(cast, at):
    group = cast.group["jx3"]
    for key in ("wei_na", "han_mei", "shi_qiang", "cao_wei"):
        client = sign_in(cast, key)
        assert client.get(f"/desk/groups/{group.id}/").status_code in (403, 404), key
        assert client.post(f"/desk/groups/{group.id}/do/mute/").status_code in (403, 404)


def stuck(cast):
    group = cast.group["jx3"]
    return Message.objects.create(
        id=ids.new(), group=group, community_id=group.community_id, account=f"page:{group.id}", dedupe_key="stuck",
        text="谁也没看懂的话", sent_at=clock.now(), received_at=clock.now(), state=Message.STUCK, tries=3,
    )  # fmt: skip


def test_what_is_stuck_is_seen_and_tried_again(cast, at):
    message = stuck(cast)
    delivery = Delivery.objects.create(id=ids.new(), event_id=ids.new(), handler="x.y", state=Delivery.FAILED, attempts=8, due_at=clock.wall(), error="KeyError")
    for key in ("admin", "yu_tao"):
        said = text(sign_in(cast, key).get("/desk/health/"))
        assert "锦绣苑3号楼" in said and "x.y" in said and "谁也没看懂的话" not in said
    admin = sign_in(cast, "admin")
    admin.post(f"/desk/health/message/{message.id}/")
    admin.post(f"/desk/health/delivery/{delivery.id}/")
    message.refresh_from_db()
    delivery.refresh_from_db()
    assert (message.state, message.tries, delivery.state) == (Message.NEW, 0, Delivery.PENDING)
    for key in ("li_min", "zhao_hui", "audit"):
        client = sign_in(cast, key)
        assert client.get("/desk/health/").status_code == 403
        assert client.post(f"/desk/health/message/{message.id}/").status_code == 403
        assert client.post("/desk/health/deliveries/").status_code == 403


def test_what_did_not_arrive_is_said_in_plain_words_and_all_of_it_sent_again(cast, at):
    order = opened(cast)
    rows = Delivery.objects.filter(event_id__in=Event.objects.filter(subject_id=order.id).values("id"), handler__startswith="stories.")
    assert rows.update(state=Delivery.FAILED, attempts=8, error="OperationalError") > 1
    page = text(sign_in(cast, "admin").get("/desk/health/"))
    assert "提醒办事的同志" in page and order.number in page and "数据库没接上或太忙" in page and order.title not in page
    sign_in(cast, "admin").post("/desk/health/deliveries/")
    assert not Delivery.objects.exclude(state=Delivery.PENDING).exists()
    deliver_all()
    assert "都送到了" in text(sign_in(cast, "admin").get("/desk/health/"))


def test_each_handler_has_a_name_that_people_can_read():
    assert set(desk_health.WHAT) == set(handlers.names())
