"""An emergency on the order's page: its plan at each step, and a closing report that has all its parts."""

import json

import pytest
from django.urls import reverse

from linli.kernel.errors import BadInput
from linli.orders import actions
from linli.orders.actions import Given
from linli.orders.drafts import Draft
from linli.orders.hands import stamp_of
from linli.orders.models import Order, Word
from tests.desk import opened, sign_in, text
from tests.stories.procedures.driver import Walk

pytestmark = pytest.mark.django_db
PARTS = {"progress": "9 点 40 分起火，10 点扑灭", "cause": "电瓶车充电短路", "response": "物业没有清通道，已约谈", "follow_up": "楼道装充电棚，月底前完成"}


def fire(cast, thing="厨房着火"):
    draft = Draft(kind="event", stamp=stamp_of(opened(cast)), procedure="emergency", thing=thing)
    return actions.open_order(by=cast.actor("hua_yu"), draft=draft)


def page(cast, order, who="li_min"):
    return text(sign_in(cast, who).get(reverse("order", args=[order.id])))


def test_the_page_shows_the_plan_of_its_kind_and_what_this_step_asks(cast, at):
    order = fire(cast)
    shown = page(cast, order)
    assert "预案：火情" in shown and "TF-5.1" in shown and "到场 15 分钟" in shown
    assert "这一步 ：当班社工 15 分钟内到场" in shown and "居民怎么做 ：不坐电梯" in shown and "物业开消防通道" not in shown
    actions.pass_step(by=cast.actor("li_min"), order_id=order.id, outcome="true", given=Given(words="三楼厨房起火，有烟"))
    after = page(cast, order, "cao_wei")
    assert "这一步 ：物业开消防通道" in after and "当班社工 15 分钟内到场" not in after


def test_where_the_name_tells_no_kind_all_plans_stand_there(cast, at):
    shown = page(cast, fire(cast, "楼前出事"))
    assert "对照预案" in shown and "火情" in shown and "电梯困人" in shown


def test_other_orders_have_no_plan(cast, at):
    shown = page(cast, opened(cast, thing="电梯困人"))
    assert "预案" not in shown


def reported(cast, at):
    walk = Walk(cast, at, "emergency").go("verify:true respond:held follow:done")
    assert walk.order.step == "report"
    return walk


@pytest.mark.parametrize("missing", sorted(PARTS))
def test_a_closing_report_needs_progress_cause_response_and_follow_up(cast, at, missing):
    walk = reported(cast, at)
    given = Given(blobs=["0" * 64], parts=PARTS | {missing: " "})
    with pytest.raises(BadInput):
        actions.pass_step(by=walk.holder(), order_id=walk.order.id, outcome="report", given=given)
    assert Order.objects.get(id=walk.order.id).step == "report"


def test_the_report_is_written_by_its_parts_at_the_desk_and_by_the_api(cast, at):
    walk = reported(cast, at)
    client = sign_in(cast, cast.key_of(walk.order.responsible_id))
    url = reverse("order_pass", args=[walk.order.id, "report"])
    form = text(client.get(url))
    assert all(label in form for label in ("经过", "原因", "处置和责任", "善后和改进"))
    answer = client.post(url, {"part-progress": PARTS["progress"], "step": "report"})
    assert answer.status_code == 422 and PARTS["progress"] in answer.content.decode() and "“原因”" in text(answer)
    api = f"/api/orders/{walk.order.id}/pass"
    body = {"outcome": "report", "step": "report", "parts": PARTS, "blobs": ["00000000-0000-0000-0000-000000000000"]}
    assert client.post(api, json.dumps(body), content_type="application/json").status_code == 200
    words = Word.objects.filter(order=walk.order).order_by("-id")[0].text
    assert words.splitlines() == [
        f"经过：{PARTS['progress']}", f"原因：{PARTS['cause']}", f"处置和责任：{PARTS['response']}", f"善后和改进：{PARTS['follow_up']}"
    ]  # fmt: skip
    assert not Order.objects.get(id=walk.order.id).is_open
