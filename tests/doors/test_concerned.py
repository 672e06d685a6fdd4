"""不良舆论: whom an order concerns that nobody reported is told what was done and objects herself; a human decides."""

from datetime import timedelta

import pytest
from django.urls import reverse

from linli.groups.models import Message
from linli.kernel.actors import Actor
from linli.kernel.errors import Forbidden, NotFound, WrongState
from linli.orders import access, actions
from linli.orders.actions import Given
from linli.orders.drafts import Concern, Draft, VoiceDraft
from linli.orders.hands import stamp_of
from linli.orders.models import Clock, Concerned, Order
from linli.ui.figures import when
from tests.desk import opened, sign_in, text
from tests.doors.people import signed_in, work
from tests.stories.procedures.driver import Walk

pytestmark = pytest.mark.django_db
REASON = "您在群里说水管里有虫，物业和水务来查过，水质合格；请以检测报告为准，群里的那句话已请您更正。"


@pytest.fixture
def opinion(cast, at):
    """小刘's words in the group are dealt with by her group's worker; she is named."""
    order = Walk(cast, at, "bad_opinion").order
    actions.name_concerned(by=cast.actor("zhao_hui"), order_id=order.id, concern=of(cast, "liu"))
    return order


def of(cast, key):
    member = cast.member[key]
    return Concern(member.account_id, member.id, member.group_id)


def treated(cast, order):
    by = cast.actor("zhao_hui")
    actions.pass_step(by=by, order_id=order.id, outcome="level2", given=Given(words="有人转发，影响不小", seriousness=2, difficulty=2))
    actions.pass_step(by=by, order_id=order.id, outcome="done", given=Given(words=REASON))
    work()
    order = Order.objects.get(id=order.id)
    assert order.step == "objection"
    return order


def mine(cast, key):
    return text(signed_in(cast, key).get(reverse("mine")))


def object_to(cast, key, order, words="我有照片，水里真的有虫"):
    return signed_in(cast, key).post(reverse("concerned_object", args=[order.id]), {"words": words})


def test_she_reads_what_was_done_and_until_when_she_may_object(cast, at, opinion):
    assert "和您有关" not in mine(cast, "liu"), "nothing was done yet"
    order = treated(cast, opinion)
    shown, until = mine(cast, "liu"), Clock.objects.get(order_id=order.id, name="objection", state=Clock.RUNNING).due_at
    assert until - at() >= timedelta(days=3)
    assert "和您有关的一件事" in shown and REASON in shown and "《不良舆论处置规范》" in shown and f"{when(until, full=True)} 前" in shown
    assert "有人转发" not in shown and order.title not in shown, "staff's notes and the matter's name are not hers to see here"
    assert "和您有关" not in mine(cast, "zhou") and "我不同意" in shown
    message = Message.objects.get(outcome="concerned")
    assert message.audience == Message.OWN and message.to_member_id == cast.member["liu"].id and "水管" not in message.text


def test_she_objects_and_another_body_decides(cast, at, opinion):
    order = treated(cast, opinion)
    assert object_to(cast, "liu", order, " ").status_code == 400
    assert object_to(cast, "liu", order).status_code == 302
    order.refresh_from_db()
    assert order.step == "ruling" and order.responsible_id == cast.account["xie_lin"].id
    assert "复核中" in mine(cast, "liu") and "我不同意" not in mine(cast, "liu")
    assert object_to(cast, "liu", order).status_code == 409
    found = "当时说的有依据，处置不当，已经撤回，并在群里说明。"
    actions.pass_step(by=cast.actor("xie_lin"), order_id=order.id, outcome="undone", given=Given(words=found))
    work()
    shown = mine(cast, "liu")
    assert "处置已撤回" in shown and found in shown
    assert sum("复核有结果" in m.text for m in Message.objects.filter(outcome="concerned")) == 1


def test_after_three_working_days_it_is_over(cast, at, opinion):
    order = treated(cast, opinion)
    at.set(Clock.objects.get(order_id=order.id, name="objection", state=Clock.RUNNING).due_at)
    Walk.ticks()
    assert not Order.objects.get(id=order.id).is_open
    assert object_to(cast, "liu", order).status_code == 409 and "我不同意" not in mine(cast, "liu")


def test_nobody_else_objects_and_she_reads_nothing_of_the_order(cast, at, opinion):
    order = treated(cast, opinion)
    for other in ("zhou", "chen"):
        assert object_to(cast, other, order).status_code == 404
    liu = cast.actor("liu")
    assert not access.reads(liu, order) and not access.visible_to(liu).exists() and not access.may(liu, "rate_order", order)
    with pytest.raises(NotFound):
        access.get(liu, order.id)
    assert not access.may(Actor("guest"), "object_order", order)


def test_a_reporter_of_it_does_not_object_for_her(cast, at, opinion):
    """Somebody told of it: her voice hears the result, the objection is not hers."""
    order = treated(cast, opinion)
    member = cast.member["chen"]
    actions.add_voices(
        by=cast.actor("zhao_hui"), order_id=order.id,
        voices=[actions_voice(member)],
    )  # fmt: skip
    with pytest.raises(Forbidden):
        actions.object_order(by=cast.actor("chen"), order_id=order.id, words="我看也不对")
    assert object_to(cast, "liu", order).status_code == 302


def actions_voice(member):
    return VoiceDraft(words="他又在群里说了", group_id=member.group_id, member_id=member.id, account_id=member.account_id)


def test_named_late_her_days_begin_anew_and_she_is_told(cast, at):
    order = Walk(cast, at, "bad_opinion").order
    treated(cast, order)
    assert not Message.objects.filter(outcome="concerned").exists()
    at.move(days=2)
    actions.name_concerned(by=cast.actor("zhao_hui"), order_id=order.id, concern=of(cast, "liu"))
    work()
    row = Clock.objects.get(order_id=order.id, name="objection", state=Clock.RUNNING)
    assert row.due_at - at() >= timedelta(days=3) and Message.objects.filter(outcome="concerned").count() == 1


def test_only_where_there_is_an_objection_and_nobody_reported(cast, at):
    plain = opened(cast)
    with pytest.raises(WrongState):
        actions.name_concerned(by=cast.actor("zhao_hui"), order_id=plain.id, concern=of(cast, "liu"))
    order = Walk(cast, at, "bad_opinion").order
    with pytest.raises(NotFound):
        actions.name_concerned(by=cast.actor("chu_weimin"), order_id=order.id, concern=of(cast, "liu"))
    with pytest.raises((Forbidden, NotFound)):
        actions.name_concerned(by=cast.actor("li_min"), order_id=order.id, concern=of(cast, "liu"))


def test_whom_it_concerns_may_be_said_when_it_is_opened(cast, at):
    draft = Draft(kind="opinion", stamp=stamp_of(opened(cast)), procedure="bad_opinion", concern=of(cast, "liu"))
    order = actions.open_order(by=cast.actor("zhao_hui"), draft=draft)
    assert Concerned.objects.get(order=order).account_id == cast.account["liu"].id


def test_the_desk_finds_her_in_her_group(cast, at):
    order = Walk(cast, at, "bad_opinion").order
    head = sign_in(cast, "zhao_hui")
    assert "还没有写明当事人" in text(head.get(reverse("order", args=[order.id])))
    url = reverse("order_concerned", args=[order.id])
    page = text(head.get(f"{url}?group={cast.group['jx3'].id}&q=小刘"))
    assert "小刘" in page and "周阿姨" not in page
    assert "没有这样称呼" in text(head.get(f"{url}?group={cast.group['jx3'].id}&q=没有此人"))
    assert head.post(url, {"member": str(cast.member["bai"].id)}).status_code == 422, "of another community"
    assert head.post(url, {"member": "x"}).status_code == 422
    assert head.post(url, {"member": str(cast.member["liu"].id)}).status_code == 302
    assert Concerned.objects.get().member_id == cast.member["liu"].id
    drawer = text(head.get(reverse("order", args=[order.id])))
    assert "当事人写明了" in drawer and "小刘" not in drawer, "sealed"
    assert sign_in(cast, "li_min").get(url).status_code in (403, 404)


def test_who_comes_back_to_her_old_account_may_object_from_it(cast, at, opinion):
    order = treated(cast, opinion)
    actions.move_voices(by=cast.actor("liu"), source=cast.account["liu"].id, target=cast.account["gao"].id)
    assert "和您有关的一件事" in mine(cast, "gao") and "和您有关的一件事" not in mine(cast, "liu")
    actions.object_order(by=cast.actor("gao"), order_id=order.id, words="我有照片，水里真的有虫")
    with pytest.raises(NotFound):
        actions.object_order(by=cast.actor("liu"), order_id=order.id, words="我有照片，水里真的有虫")
