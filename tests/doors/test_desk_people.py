"""A group's people at the desk, where it belongs, and what somebody who has left hands over."""

import pytest

from linli.grid import actions as grid
from linli.groups.models import Group, Member
from linli.kernel.actors import SYSTEM
from linli.orders.models import Order
from linli.orders.states import OrderState
from tests.desk import opened, sign_in, text
from tests.orders.test_states import brought_to

pytestmark = pytest.mark.django_db


def of(cast, key, group="jx3"):
    return Member.objects.get(group=cast.group[group], account_id=cast.account[key].id)


def people(cast, group="jx3"):
    return f"/desk/groups/{cast.group[group].id}/people/"


def test_who_leads_and_who_is_in_it(cast, at):
    page = sign_in(cast, "zhao_hui").get(people(cast))
    assert "周阿姨" in text(page) and "社工小李 群主 同事" in text(page)
    assert [m.nickname for m in sign_in(cast, "zhao_hui").get(f"{people(cast)}?q=周").context["page"]] == ["周阿姨"]
    group = sign_in(cast, "zhao_hui").get(f"/desk/groups/{cast.group['jx3'].id}/")
    assert "群主： 社工小李" in text(group) and "现在是 锦绣苑3号楼 的群" in text(group)
    for key, status in (("cao_wei", 403), ("han_mei", 403), ("wei_na", 404), ("shi_qiang", 404), ("zhou", 403)):
        assert sign_in(cast, key).get(people(cast)).status_code == status, key


def test_an_owner_is_made_and_dropped(cast, at):
    head, zhou, li = sign_in(cast, "zhao_hui"), of(cast, "zhou"), of(cast, "li_min")
    answer = head.post(f"{people(cast)}{zhou.id}/make_owner/")
    assert answer.status_code == 302 and "也是群主了" in text(head.get(answer["Location"]))
    assert head.post(f"{people(cast)}{li.id}/drop_owner/").status_code == 302
    last = head.post(f"{people(cast)}{zhou.id}/drop_owner/")
    assert last.status_code == 422 and "最后一位群主" in text(last)
    changes = text(head.get(f"/desk/groups/{cast.group['jx3'].id}/"))
    assert "赵晖 请 周阿姨 做群主" in changes and "赵晖 不再让 社工小李 做群主" in changes
    assert head.post(f"{people(cast)}{zhou.id}/crown/").status_code == 404
    assert sign_in(cast, "wei_na").post(f"{people(cast)}{zhou.id}/make_owner/").status_code == 404


def test_somebody_is_taken_out_and_the_invitation_renewed(cast, at):
    head, chen, old = sign_in(cast, "zhao_hui"), of(cast, "chen"), cast.group["jx3"].invite
    url = f"{people(cast)}{chen.id}/remove_member/"
    wrong = head.post(url, {"renew": "1"})
    assert wrong.status_code == 422 and "请选为什么移出" in text(wrong) and Group.objects.get(id=cast.group["jx3"].id).invite == old
    assert head.post(url, {"reason": "ads", "renew": "1"}).status_code == 302
    assert of(cast, "chen").left_at and Group.objects.get(id=cast.group["jx3"].id).invite != old
    assert "陈师傅" not in text(head.get(people(cast))) and head.get(f"{people(cast)}{chen.id}/").status_code == 404
    assert "赵晖 把 陈师傅 移出群（发广告、刷屏）" in text(head.get(f"/desk/groups/{cast.group['jx3'].id}/"))
    mine = sign_in(cast, "li_min").post(f"{people(cast)}{of(cast, 'li_min').id}/remove_member/", {"reason": "asked"})
    assert mine.status_code == 422 and "自己要走" in text(mine)


def test_a_colleague_is_brought_in(cast, at):
    head = sign_in(cast, "zhao_hui")
    page = head.get(people(cast))
    choices = dict(page.context["colleagues"])
    assert cast.account["zhang_jie"].id in choices and cast.account["hua_yu"].id in choices
    assert cast.account["li_min"].id not in choices and cast.account["wei_na"].id not in choices
    url = f"/desk/groups/{cast.group['jx3'].id}/colleague/"
    for data, said in (({}, "请选请哪位同事"), ({"account": str(cast.account["wei_na"].id)}, "在本社区或本街道有岗位"), ({"account": str(cast.account["zhang_jie"].id), "nickname": "长" * 17}, "16 个字")):
        wrong = head.post(url, data)
        assert wrong.status_code == 422 and said in text(wrong)
    assert head.post(url, {"account": str(cast.account["zhang_jie"].id), "nickname": "社工小张"}).status_code == 302
    assert of(cast, "zhang_jie").nickname == "社工小张"


def test_the_group_is_moved_and_renamed(cast, at):
    li, group = sign_in(cast, "li_min"), cast.group["jx3"]
    do = f"/desk/groups/{group.id}/do"
    assert li.post(f"{do}/move/", {"place": f"b:{cast.building['jx5'].id}", "unit": "2单元"}).status_code == 302
    now = Group.objects.get(id=group.id)
    assert (now.building_id, now.unit, now.grid_id) == (cast.building["jx5"].id, "2单元", cast.grid["jinxiu2"].id)
    assert "现在是 锦绣苑5号楼2单元 的群" in text(li.get(f"/desk/groups/{group.id}/"))
    for data, said in (({"place": "b:x"}, "请选这个群在哪里"), ({"place": f"b:{cast.building['hp1'].id}"}, "本社区的楼栋"), ({"place": f"b:{cast.building['jx5'].id}", "unit": "长" * 17}, "太长")):
        wrong = li.post(f"{do}/move/", data)
        assert wrong.status_code == 422 and said in text(wrong)
    assert li.post(f"{do}/move/", {"place": "", "unit": "2单元"}).status_code == 302
    assert Group.objects.get(id=group.id).building_id is None
    wrong = li.post(f"{do}/rename/", {"name": "锦绣苑5号楼"})
    assert wrong.status_code == 422 and 'value="锦绣苑5号楼"' in wrong.content.decode()


# -- whoever has left hands over ---------------------------------------------------------------------------------


def gone(cast, key="li_min"):
    grid.change_colleague(by=SYSTEM, account_id=cast.account[key].id, active=False)
    return f"/desk/handover/{cast.account[key].id}/"


def test_there_is_no_such_page_for_who_is_at_work(cast, at):
    opened(cast)
    for key in ("zhao_hui", "admin", "li_min", "cao_wei", "yu_tao"):
        assert sign_in(cast, key).get(f"/desk/handover/{cast.account['li_min'].id}/").status_code == 404, key


def test_what_she_had_in_hand_goes_to_somebody_of_the_place(cast, at):
    first, second = opened(cast), opened(cast, thing="路灯", words="楼下路灯不亮")
    url = gone(cast)
    head = sign_in(cast, "zhao_hui")
    page = head.get(url)
    assert "名下还有 2 件" in text(page) and "路灯" in text(page) and "的群主，请另一位来做" in text(page)
    to = str(cast.account["wang_fang"].id)
    for data, said in (({"order": [str(first.id)]}, "请选交给哪位"), ({"to": to}, "请勾上"), ({"order": ["x"], "to": to}, "请选交给哪位"), ({"order": [str(first.id), str(second.id)], "to": str(cast.account["wei_na"].id)}, "一件都没有动")):
        wrong = head.post(f"{url}assign/", data)
        assert wrong.status_code == 422 and said in text(wrong), data
    assert not Order.objects.filter(responsible_id=cast.account["wang_fang"].id).exists()
    assert head.post(f"{url}assign/", {"order": [str(first.id)], "to": to, "words": "请接着办"}).status_code == 302
    assert [cast.key_of(o.responsible_id) for o in (Order.objects.get(id=first.id), Order.objects.get(id=second.id))] == ["wang_fang", "li_min"]
    assert head.post(f"{url}assign/", {"order": [str(first.id)], "to": str(cast.account["zhang_jie"].id)}).status_code == 302
    assert cast.key_of(Order.objects.get(id=first.id).responsible_id) == "wang_fang", "what is no longer hers is not moved again"


def test_what_waits_goes_on_waiting_with_somebody_else(cast, at):
    order = brought_to(OrderState.WAITING, cast)
    url, head = gone(cast), sign_in(cast, "zhao_hui")
    assert "挂账等待" in text(head.get(url))
    assert head.post(f"{url}assign/", {"order": [str(order.id)], "to": str(cast.account["wang_fang"].id)}).status_code == 302
    order.refresh_from_db()
    assert (cast.key_of(order.responsible_id), order.state) == ("wang_fang", OrderState.WAITING)


def test_what_is_under_review_is_shown_and_not_handed_over(cast, at):
    order = brought_to(OrderState.REVIEW, cast)
    url, centre = gone(cast, cast.key_of(order.responsible_id)), sign_in(cast, "yu_tao")
    assert "复核中，不用交接" in text(centre.get(url))
    wrong = centre.post(f"{url}assign/", {"order": [str(order.id)], "to": str(cast.account["wang_fang"].id)})
    assert wrong.status_code == 422 and "一件都没有动" in text(wrong)


def test_the_administrator_sees_how_many_and_whom_to_ask(cast, at):
    opened(cast)
    page = sign_in(cast, "admin").get(gone(cast))
    assert "名下还有 1 件" in text(page) and "其中 1 件您的岗位看不到内容，请 赵晖 来交接" in text(page) and "电梯" not in text(page)
    assert sign_in(cast, "wei_na").get(f"/desk/handover/{cast.account['li_min'].id}/").status_code == 404


def test_who_may_only_look_gives_nothing_away(cast, at):
    order = opened(cast)
    url = gone(cast)
    worker = sign_in(cast, "wang_fang")
    before = worker.get(url)
    assert before.status_code in (200, 404)
    wrong = sign_in(cast, "hua_yu").post(f"{url}assign/", {"order": [str(order.id)], "to": str(cast.account["wang_fang"].id)})
    assert wrong.status_code in (403, 404, 422)
    assert cast.key_of(Order.objects.get(id=order.id).responsible_id) == "li_min"


def test_whoever_holds_no_post_any_more_has_left_too(cast, at):
    opened(cast)
    for post in cast.actor("li_min").posts:
        grid.end_post(by=SYSTEM, post_id=post.id)
    assert "名下还有 1 件" in text(sign_in(cast, "zhao_hui").get(f"/desk/handover/{cast.account['li_min'].id}/"))
    assert "现在没有岗位" in text(sign_in(cast, "admin").get(f"/desk/grid/colleague/{cast.account['li_min'].id}/"))
