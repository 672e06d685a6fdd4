"""The procedures at the desk: ways out of a step, requests that a second person decides, joining, splitting, supervising;
the claim hall, one's own tasks, requests and supervision. Rights and wrong input, in plain Chinese."""

import json

import pytest

from linli.ledger.models import Event
from linli.orders import actions, pool, road
from linli.orders.models import Order, Request, Voice, Word
from linli.standards import selectors as standards
from tests.desk import HTMX, leaks, opened, sealed, sign_in, text
from tests.orders.people import voice_of
from tests.orders.test_web_verbs import GOOD, do, fresh, photo


def passing(client, order, code, **data):
    return client.post(f"/desk/orders/{order.id}/pass/{code}/", data, headers=HTMX)


def drawer(client, order):
    return client.get(f"/desk/orders/{order.id}/", headers=HTMX)


def said(response):
    """What is told at the foot of the page."""
    return json.loads(response["HX-Trigger"])["toast"]["text"]


def eye(cast, **more):
    """A golden-eye report that 李敏 has claimed."""
    order = opened(cast, thing="乱倒垃圾", kind="sanitation", procedure="golden_eye", **more)
    actions.claim_order(by=cast.actor("li_min"), order_id=order.id)
    return fresh(order)


def test_the_line_of_steps_has_what_is_done_now_and_next(cast, at):
    order = eye(cast)
    page = text(drawer(sign_in(cast, "li_min"), order))
    assert "今天 10:00 待社区领办 到场核实 正常 剩 24 小时" in page and "李敏 · 24 小时" in page
    assert "接下来： 整改 上一步的人" in page and "评价 居民 · 7 天" in page


def test_a_plain_appeal_has_no_line_of_steps_and_its_own_form(cast, at):
    order = opened(cast)
    page = drawer(sign_in(cast, "li_min"), order).content.decode()
    assert "这一步怎么办" not in page and "/do/handle_order/" in page and "/pass/" not in page


def test_a_way_out_asks_for_what_it_needs_and_for_nothing_else(cast, at):
    order = eye(cast)
    li = sign_in(cast, "li_min")
    form = li.get(f"/desk/orders/{order.id}/pass/true/", headers=HTMX).content.decode()
    assert 'name="words"' in form and 'name="photos"' in form
    assert not any(f'name="{n}"' in form for n in ("law", "until", "to", "seriousness"))
    wrong = passing(li, order, "true", words="现场看过了，确实堆了两车建筑垃圾")
    assert wrong.status_code == 422 and "要有照片" in text(wrong) and "确实堆了两车" in wrong.content.decode()
    done = passing(li, order, "true", words="现场看过了，确实堆了两车建筑垃圾", photos=photo())
    assert done.status_code == 200 and "整改" in text(done)
    assert fresh(order).step == "work" and Word.objects.get(order_id=order.id, verb="pass_step").blob_ids


def test_a_way_whose_time_is_over_is_not_offered_and_a_moved_order_says_so(cast, at):
    order = eye(cast)
    li = sign_in(cast, "li_min")
    assert "不属实，提出异议" in text(drawer(li, order))
    at.move(hours=25)
    assert "不属实，提出异议" not in text(drawer(li, order))
    late = passing(li, order, "dispute", words="去看过，是正常的装修堆料")
    assert late.status_code == 409 and fresh(order).step == "verify"


def test_a_form_of_an_earlier_step_is_not_taken_for_this_one(cast, at):
    order = opened(cast, thing="停车争执", kind="dispute", procedure="deputies")
    answer = passing(sign_in(cast, "yuan_qing"), order, "not_ours", words="这条路归市里管", law="城市道路管理条例", step="work")
    assert answer.status_code == 409 and fresh(order).step == "assign"


def test_another_s_step_has_no_ways(cast, at):
    order = eye(cast)
    for key in ("han_mei", "lu_xin", "cao_wei"):
        client = sign_in(cast, key)
        assert "这一步怎么办" not in text(drawer(client, order)), key
        assert passing(client, order, "true", words="我替她核实过了").status_code == 409
    for key in ("wang_fang", "wei_na", "shi_qiang"):
        assert sign_in(cast, key).get(f"/desk/orders/{order.id}/pass/true/").status_code == 404
    assert fresh(order).step == "verify"


def test_a_level_follows_from_two_axes(cast, at):
    order = opened(cast, thing="停车争执", kind="dispute", procedure="early_warning")
    ge = sign_in(cast, "ge_jun")
    wrong = passing(ge, order, "level", words="两栋楼为停车起了争执")
    assert wrong.status_code == 422 and "各选一档" in text(wrong)
    assert passing(ge, order, "level", words="两栋楼为停车起了争执", seriousness=3, difficulty=2).status_code == 200
    assert (fresh(order).warning, fresh(order).step) == (1, "handle1")
    assert "1 级预警" in text(drawer(sign_in(cast, "cao_wei"), order))


def test_a_pause_is_asked_for_and_decided_by_another(cast, at):
    order = opened(cast)
    li = sign_in(cast, "li_min")
    actions.answer_order(by=cast.actor("li_min"), order_id=order.id, words=GOOD)
    assert "请填等到哪一天" in text(do(li, order, "request_pause", waits_for="money", words="等维修资金"))
    assert do(li, order, "request_pause", waits_for="money", until="2026-03-20", words="等维修资金").status_code == 200
    row = Request.objects.get()
    assert "在等另一位同志定" in text(drawer(li, order)) and "/grant/" not in drawer(li, order).content.decode()
    assert li.post(f"/desk/requests/{row.id}/grant/", headers=HTMX).status_code == 403
    zhao = sign_in(cast, "zhao_hui")
    assert "挂账：等资金，等到3月20日" in text(zhao.get("/desk/requests/"))
    assert "挂账：等资金" in text(zhao.get("/desk/tasks/"))
    answer = zhao.post(f"/desk/requests/{row.id}/grant/", {"from": "requests"}, headers=HTMX)
    assert answer.status_code == 200 and "同意了" in text(answer)
    assert fresh(order).state == "waiting" and "等到了，接着办" in text(drawer(li, order))
    assert "在等别的事" in text(li.get("/desk/tasks/"))
    assert do(li, order, "resume_order").status_code == 200 and fresh(order).state == "working"
    assert zhao.post(f"/desk/requests/{row.id}/grant/", headers=HTMX).status_code == 409


def test_more_time_is_one_choice_and_a_refusal_has_its_reason(cast, at):
    order = opened(cast)
    li = sign_in(cast, "li_min")
    form = li.get(f"/desk/orders/{order.id}/do/request_extension/", headers=HTMX)
    assert "办结多给" in text(form) and "答复多给" not in text(form)
    value = f"solve:{order.clocks.get(name='solve').amount}"
    assert value in form.content.decode()
    assert "请选要多给多少时间" in text(do(li, order, "request_extension", words="配件要从外地来"))
    assert do(li, order, "request_extension", words="配件要从外地来", more=value).status_code == 200
    row = Request.objects.get()
    zhao = sign_in(cast, "zhao_hui")
    zhao.post(f"/desk/requests/{row.id}/refuse/", {"words": "邻楼有备件，先去借"}, headers=HTMX)
    mine = text(li.get("/desk/requests/"))
    assert "没有同意" in mine and "赵晖：邻楼有备件，先去借" in mine


def test_an_outcome_of_two_persons(cast, at):
    order = opened(cast, procedure="hotline")
    li = sign_in(cast, "li_min")
    data = {"words": "这条路归市里管，已经把您的话转过去了", "law": "城市道路管理条例第六条"}
    assert "请写明依据" in text(passing(li, order, "beyond", words=data["words"]))
    assert "提请确认" in said(passing(li, order, "beyond", **data))
    assert fresh(order).step == "work" and "确认结果：超出职权" in text(drawer(sign_in(cast, "zhao_hui"), order))
    sign_in(cast, "zhao_hui").post(f"/desk/requests/{Request.objects.get().id}/grant/", headers=HTMX)
    assert (fresh(order).step, fresh(order).ending) == ("reply", "beyond")


def test_merging_finds_the_like_and_keeps_every_voice(cast, at):
    one, two = opened(cast), opened(cast, words="电梯又停在六楼了")
    other = opened(cast, thing="路灯", words="路灯不亮")
    elsewhere = opened(cast, "ld7", words="我们这儿电梯也坏了")
    li = sign_in(cast, "li_min")
    form = li.get(f"/desk/orders/{one.id}/do/merge_orders/", headers=HTMX).content.decode()
    assert form.index(str(two.id)) < form.index(str(other.id)) and str(elsewhere.id) not in form and str(one.id) not in form.split('id="hits"')[1]
    hits = li.get(f"/desk/orders/{one.id}/do/merge_orders/?part=hits&q={other.number}", headers=HTMX).content.decode()
    assert str(other.id) in hits and str(two.id) not in hits
    assert "请选要并到一起的工单" in text(do(li, one, "merge_orders"))
    assert "2 人" in text(do(li, one, "merge_orders", orders=[str(two.id)]))
    assert Voice.objects.filter(order_id=one.id).count() == 2 and fresh(two).state == "void"
    page = text(drawer(li, one))
    assert "并进来的" in page and "已经并入" in text(drawer(li, two))


def test_splitting_opens_the_words_for_the_record_and_moves_who_was_chosen(cast, at):
    order = opened(cast, account_id=cast.account["zhou"].id)
    actions.add_voices(by=cast.actor("li_min"), order_id=order.id, voices=[voice_of(cast, "chen", "我说的是门禁，不是电梯")])
    li = sign_in(cast, "li_min")
    form = li.get(f"/desk/orders/{order.id}/do/split_order/", headers=HTMX)
    assert "我说的是门禁" in text(form) and Event.objects.filter(verb="orders.view_voices", subject_id=order.id).count() == 1
    assert "原工单至少留一个" in text(do(li, order, "split_order", words="说的是两件事"))
    moved = order.voices.get(account_id=cast.account["chen"].id)
    assert do(li, order, "split_order", words="说的是两件事", voices=[str(moved.id)], thing="门禁").status_code == 200
    made = Order.objects.get(parent_id=order.id)
    assert made.thing == "门禁" and Voice.objects.get(id=moved.id).order_id == made.id
    assert "拆出去的" in text(drawer(li, order))


def test_joint_handling_shows_who_still_owes_an_answer(cast, at):
    order = opened(cast)
    zhao = sign_in(cast, "zhao_hui")
    data = {"to": [str(cast.account["shi_qiang"].id), ""], "task": ["看看控制板", ""], "days": ["2", "3"]}
    assert "请选协办的人" in text(do(zhao, order, "open_children", to=[""], task=["看看控制板"], days=["2"]))
    assert do(zhao, order, "open_children", **data).status_code == 200
    child = Order.objects.get(parent_id=order.id)
    assert child.responsible_id == cast.account["shi_qiang"].id
    page = text(drawer(zhao, order))
    assert "协办 1 家，还有 1 家没答复" in page and "史强" in page
    actions.pass_step(by=cast.actor("shi_qiang"), order_id=child.id, outcome="done", given=actions.Given(words="控制板已经换了新的"))
    assert "协办 1 家，都答复了" in text(drawer(zhao, order))


def test_a_supervision_is_answered_and_closed_by_its_issuer(cast, at):
    order = opened(cast)
    cao = sign_in(cast, "cao_wei")
    assert do(cao, order, "supervise_order", words="第三次了，说明原因", days="2").status_code == 200
    watch = Order.objects.get(parent_id=order.id)
    assert "我发出的，还没答复 正常 锦绣苑3号楼2单元 督办" in text(cao.get("/desk/watch/"))
    assert "督办" in text(sign_in(cast, "li_min").get("/desk/tasks/"))
    passing(sign_in(cast, "li_min"), watch, "said", words="厂家少发了一块板，今天下午补到")
    assert "答复了，等我看" in text(cao.get("/desk/watch/"))
    assert passing(cao, watch, "content", words="知道了，销号").status_code == 200
    assert "30 天内督办已销号 1 / 1 件 · 100%" in text(cao.get("/desk/watch/"))


def test_urging_counts_per_order_and_once_a_day_per_person(cast, at):
    order = sealed(cast)
    actions.urge_order(by=cast.actor("zhou"), order_id=order.id)
    lu = sign_in(cast, "lu_xin")
    assert do(lu, order, "urge_order").status_code == 200
    again = do(lu, order, "urge_order")
    assert again.status_code == 409 and "今天已经催过了" in again.content.decode()
    page = text(sign_in(cast, "zhao_hui").get("/desk/watch/"))
    assert "催办 2 次" in page and "周" not in page


def test_raising_goes_up_with_a_reason(cast, at):
    order = opened(cast)
    assert "请写一写" in text(do(sign_in(cast, "li_min"), order, "raise_order", words=""))
    assert do(sign_in(cast, "li_min"), order, "raise_order", words="要改电路，社区没有权限").status_code == 200
    assert fresh(order).level >= 1 and fresh(order).responsible_id != cast.account["li_min"].id


def test_the_hall_has_what_i_may_claim_first_and_one_tap_takes_it(cast, at):
    mine, theirs = opened(cast, procedure="pool", unit=""), opened(cast, "jx5", procedure="pool", unit="")
    li, wang = sign_in(cast, "li_min"), sign_in(cast, "wang_fang")
    page = li.get("/desk/hall/").content.decode()
    assert page.index(str(mine.id)) < page.index(str(theirs.id)) and "我的网格" in page
    won = li.post(f"/desk/hall/{mine.id}/claim/", headers=HTMX)
    assert won.status_code == 200 and "领到了" in said(won) and fresh(mine).responsible_id == cast.account["li_min"].id
    lost = wang.post(f"/desk/hall/{mine.id}/claim/", headers=HTMX)
    assert lost.status_code == 200 and "别的同志刚刚先领走了，谢谢您肯搭手" in said(lost)
    assert wang.post(f"/desk/hall/{mine.id}/claim/").status_code == 409
    assert str(mine.id) not in wang.get("/desk/hall/").content.decode().split('id="hall"')[1].split("领走了还没动静")[0]


def test_the_cap_is_said_kindly_and_the_order_stays(cast, at):
    cap = standards.flow("pool", standards.procedure("pool").version).steps["claim"].cap
    orders = [opened(cast, procedure="pool", unit="") for _ in range(cap + 1)]
    for order in orders[:cap]:
        actions.claim_order(by=cast.actor("li_min"), order_id=order.id)
    li = sign_in(cast, "li_min")
    refused = li.post(f"/desk/hall/{orders[cap].id}/claim/", headers=HTMX)
    assert refused.status_code == 409 and "先办好几件再领" in text(refused) and fresh(orders[cap]).state == "pooled"
    assert f"您领的还有 {cap} 件没办完" in text(li.get("/desk/hall/"))
    assert f"{cap} 件没办完" not in text(sign_in(cast, "zhao_hui").get("/desk/hall/")), "her own figure is hers alone"


def test_the_centre_dispatches_by_suggestion_one_and_many(cast, at):
    orders = [opened(cast, b, procedure="pool", unit="") for b in ("jx3", "jx5", "ld7")]
    yu = sign_in(cast, "yu_tao")
    answer = yu.get(f"/desk/orders/{orders[0].id}/do/dispatch_order/", headers=HTMX)
    form = answer.content.decode()
    assert "建议派给社工小李：本网格的责任社工。" in text(answer)
    assert f'value="{cast.account["li_min"].id}" selected' in form
    assert do(yu, orders[0], "dispatch_order", to=str(cast.account["li_min"].id)).status_code == 200
    done = yu.post("/desk/hall/dispatch/", {"orders": [str(o.id) for o in orders]})
    assert "派出了 2 件" in text(done) and "有一件没派出去" in text(done)
    assert all(fresh(o).responsible_via == "dispatched" for o in orders)
    assert "请先勾选" in yu.post("/desk/hall/dispatch/").content.decode()


def test_who_may_not_dispatch_is_not_offered_it(cast, at):
    order = opened(cast, procedure="pool", unit="")
    li = sign_in(cast, "li_min")
    assert "派给谁合适" not in text(li.get("/desk/hall/")) and "一起派出" not in text(li.get("/desk/hall/"))
    assert li.get(f"/desk/orders/{order.id}/do/dispatch_order/").status_code == 403
    assert "有一件没派出去" in text(li.post("/desk/hall/dispatch/", {"orders": [str(order.id)]})) and fresh(order).state == "pooled"
    for key in ("shi_qiang", "lian_feng", "he_feng"):
        client = sign_in(cast, key)
        assert client.get("/desk/hall/").status_code == 403 and client.get("/desk/watch/").status_code == 403
        assert client.post(f"/desk/hall/{order.id}/claim/", headers=HTMX).status_code == 403
    assert fresh(order).state == "pooled"


def test_idle_ones_are_taken_back(cast, at):
    order = opened(cast, procedure="pool", unit="")
    actions.claim_order(by=cast.actor("wang_fang"), order_id=order.id)
    zhao = sign_in(cast, "zhao_hui")
    assert "领走了还没动静" not in text(zhao.get("/desk/hall/"))
    at.move(hours=3)
    assert "领走了还没动静" in text(zhao.get("/desk/hall/")) and "领走了还没动静" not in text(sign_in(cast, "wang_fang").get("/desk/hall/"))
    actions.note_order(by=cast.actor("wang_fang"), order_id=order.id, words="在等师傅报价")
    assert "领走了还没动静" not in text(zhao.get("/desk/hall/"))
    assert do(zhao, order, "take_back_order", words="师傅那边她联系不上").status_code == 200
    assert fresh(order).state == "pooled" and str(order.id) in zhao.get("/desk/hall/").content.decode()


def test_my_tasks_are_mine_alone_and_by_what_they_want(cast, at):
    answer, visit = opened(cast), eye(cast)
    page = text(sign_in(cast, "li_min").get("/desk/tasks/"))
    assert "等我答复 1 件" in page and "到现场看一看 1 件" in page
    assert "手上没有等着办的事" in text(sign_in(cast, "wang_fang").get("/desk/tasks/"))
    assert "手上没有等着办的事" in text(sign_in(cast, "shi_qiang").get("/desk/tasks/"))
    assert {answer.id, visit.id} == {o.id for o in pool.tasks(cast.actor("li_min")).all()}


@pytest.mark.parametrize("path", ["hall/", "tasks/", "requests/", "watch/", "board/", "board/screen/"])
def test_guests_and_residents_have_no_desk(cast, at, client, path):
    assert client.get(f"/desk/{path}").status_code in (302, 403)
    assert sign_in(cast, "zhou").get(f"/desk/{path}").status_code == 403


@pytest.mark.parametrize("code", ["golden_eye", "pool", "repair", "deputies", "early_warning", "hotline", "item"])
def test_every_way_of_a_procedure_has_a_word_and_every_limit_too(cast, at, code):
    order = opened(cast, procedure=code)
    stops = road.stops(order, [], [], "")
    assert stops and stops[0].state == "now" and [s.state for s in stops[1:]] == ["next"] * (len(stops) - 1)
    assert all(s.label for s in stops)


def test_the_work_log_is_for_paper_and_recorded(cast, at):
    order = sealed(cast, procedure="golden_eye")
    actions.claim_order(by=cast.actor("li_min"), order_id=order.id)
    actions.note_order(by=cast.actor("li_min"), order_id=order.id, words="下午两点去看")
    page = sign_in(cast, "li_min").get(f"/desk/orders/{order.id}/log/")
    assert "李敏 领办" in text(page) and "下午两点去看（内部）" in text(page) and "打印人：李敏" in text(page)
    assert leaks(page.content) == [] and Event.objects.filter(subject_id=order.id, verb="orders.print_order").count() == 1
    assert sign_in(cast, "wei_na").get(f"/desk/orders/{order.id}/log/").status_code == 404
