"""Words against our own people; words of our own people; being called by name; several results at once."""

from datetime import datetime

import pytest

from linli.assistant import actions as assistant
from linli.assistant.models import Ask
from linli.groups.models import Message
from linli.kernel.actors import Actor
from linli.kernel.errors import BadInput, NotFound
from linli.kernel.roles import Role
from linli.language.staff import against_staff
from linli.ledger.delivery import deliver_all
from linli.notices.models import Notice
from linli.orders import access
from linli.orders import actions as orders
from linli.orders.models import Order
from tests.assistant.talk import heard, say

pytestmark = pytest.mark.django_db
AGAINST = "我要投诉社工小李，上次去办事她态度太差，还骂人"
DONE = "控制板换好了，试过三次都正常"


@pytest.mark.parametrize(
    ("text", "complains"),
    [
        (AGAINST, True), ("投诉居委会不作为", True), ("窗口的人爱理不理", True), ("主任推来推去踢皮球", True), ("举报书记收红包", True),
        ("网格员上门态度恶劣", True), ("我向社区反映电梯坏了三天没人管", False), ("跟居委会说了邻居骂人", False),
        ("物业的保安态度差还骂人", False), ("请社工来看看楼上骂人的", False), ("谢谢社工帮忙，邻居态度太差了", False),
        ("社区的工作人员态度很好", False), ("告诉社工一声水管漏了", False), ("投诉3号楼的狗", False), ("书记，楼下又吵了", False),
    ],
)  # fmt: skip
def test_who_is_complained_of(text, complains):
    assert against_staff(text) is complains


def test_a_complaint_of_a_worker_goes_beyond_the_community_and_is_answered_alone(cast, at):
    message = say(cast, "ma", AGAINST)
    order, reply = Order.objects.get(), heard(message)
    assert (order.kind, order.confidential, order.procedure, order.responsible_id) == ("complaint", True, "complaint", cast.account["cao_wei"].id)
    assert reply.audience == Message.MEMBER and "小李" not in reply.text
    sees = {k for k in cast.account if access.reads(cast.actor(k), order)}
    assert sees == {"ma", "cao_wei"}
    listed = {k for k in cast.account if access.visible_to(cast.actor(k)).exists()}
    assert listed == sees
    assert set(Notice.objects.values_list("account_id", flat=True)) == {cast.account["cao_wei"].id}
    at.move(hours=2)
    while orders.advance_clocks():
        pass
    deliver_all()
    assert cast.account["zhao_hui"].id not in set(Notice.objects.values_list("account_id", flat=True))
    with pytest.raises(NotFound):
        orders.answer_order(by=cast.actor("li_min"), order_id=order.id, words=DONE)


def test_it_is_never_counted_to_what_she_just_said_and_never_handed_to_the_community(cast, at):
    lift = Order.objects.get(id=say(cast, "chen", "3号楼2单元电梯坏了，老人下不去楼").outcome_id)
    at.move(minutes=2)
    message = say(cast, "chen", AGAINST)
    order = Order.objects.get(id=message.outcome_id)
    assert order.id != lift.id and lift.voices.count() == 1
    street = cast.actor("cao_wei")
    with pytest.raises(BadInput):
        orders.transfer_order(by=street, order_id=order.id, to=cast.account["li_min"].id, words="请核实")
    orders.transfer_order(by=street, order_id=order.id, to=cast.account["xie_lin"].id, words="请核实")
    assert access.reads(cast.actor("xie_lin"), Order.objects.get(id=order.id))


def test_at_night_a_confidential_matter_is_in_hands_that_may_open_it(cast, at):
    at.set(datetime(2026, 3, 2, 16, 55))
    order = Order.objects.get(id=say(cast, "chen", "有人在8号楼聚众赌博，天天到半夜").outcome_id)
    assert order.confidential and order.responsible_id == cast.account["zhao_hui"].id
    officer = cast.actor("hua_yu")
    assert not access.reads(officer, order) and not access.visible_to(officer).filter(id=order.id).exists()
    at.set(datetime(2026, 3, 2, 18, 32))
    while orders.advance_clocks():
        pass
    deliver_all()
    yellow = Notice.objects.get(kind="clock_yellow")
    assert yellow.account_id == cast.account["hua_yu"].id, "the roster's minute"
    assert access.reads(officer, order) and access.visible_to(officer).filter(id=order.id).exists()
    orders.answer_order(by=officer, order_id=order.id, words="已经通知派出所，民警正在去的路上，请不要靠近。")
    at.set(datetime(2026, 3, 3, 10))
    assert not access.reads(officer, Order.objects.get(id=order.id)), "her shift is over"


def test_what_a_colleague_writes_in_the_group_may_be_the_answer(cast, at):
    order = Order.objects.get(id=say(cast, "zhou", "3号楼2单元电梯又坏了，老人下不去楼").outcome_id)
    at.move(minutes=15)
    message = say(cast, "li_min", "2单元电梯维保师傅已经出发了，今天11点半前到，老人要下楼打我电话")
    ask = heard(message)
    assert message.outcome == "asked" and ask.audience == Message.MEMBER and ask.to_member_id == message.member_id
    before = Message.objects.filter(direction=Message.OUT, audience=Message.GROUP).count()
    assistant.settle_ask(by=Actor("worker", cast.account["li_min"].id), ask_id=Ask.objects.get().id, member_id=message.member_id, yes=True)
    deliver_all()
    order.refresh_from_db()
    assert order.answered_in_time and not order.waits_answer and order.words.get().text == message.text
    assert Message.objects.filter(direction=Message.OUT, audience=Message.GROUP).count() == before, "the group has read it already"
    own = Message.objects.filter(to_member_id=cast.member["zhou"].id, audience=Message.OWN)
    assert own.count() == 1 and "11点半" in own.get().text


@pytest.mark.parametrize("text", ["收到，马上处理", "大家晚上好", "2单元电梯的通知贴在门口了吗"])
def test_other_words_of_hers_are_left_alone(cast, at, text):
    say(cast, "zhou", "3号楼2单元电梯又坏了，老人下不去楼")
    message = say(cast, "li_min", text)
    assert heard(message) is None or heard(message).audience == Message.MEMBER
    assert not Order.objects.filter(waits_answer=False).exists()


def test_a_no_or_silence_makes_no_answer(cast, at):
    order = Order.objects.get(id=say(cast, "zhou", "3号楼2单元电梯又坏了，老人下不去楼").outcome_id)
    say(cast, "li_min", "2单元电梯维保师傅已经出发了，今天11点半前到")
    at.move(minutes=11)
    assistant.expire_asks()
    assert Order.objects.count() == 1 and Order.objects.get(id=order.id).waits_answer


@pytest.mark.parametrize("text", ["小栖你好", "小栖在吗", "@小栖 ", "小栖，今天天气真好"])
def test_called_by_name_it_answers(cast, at, text):
    reply = heard(say(cast, "zhou", text))
    assert reply and "我在" in reply.text


def test_called_by_name_with_two_words_it_knows_what_is_meant(cast, at):
    assert "老年" in heard(say(cast, "zhou", "@小栖 老年证")).text


def test_of_two_results_the_newest_is_meant(cast, at):
    first = Order.objects.get(id=say(cast, "gao", "5号楼1单元门禁刷不开了").outcome_id)
    at.move(minutes=20)
    second = Order.objects.get(id=say(cast, "gao", "5号楼1单元楼道灯不亮").outcome_id)
    worker = cast.actor("wang_fang")
    orders.handle_order(by=worker, order_id=second.id, words="灯泡换好了，晚上试过会亮")
    at.move(minutes=5)
    orders.handle_order(by=worker, order_id=first.id, words="门禁的电源板换好了，门卡能用")
    deliver_all()
    at.move(minutes=1)
    assert say(cast, "gao", "还是不行，没修好").outcome == "rated"
    assert (Order.objects.get(id=first.id).reopened, Order.objects.get(id=second.id).reopened) == (1, 0)


def test_a_photo_with_hardly_a_word_is_asked_about(cast, at):
    message = say(cast, "zhou", "看看这个", blobs=["00000000-0000-7000-8000-000000000001"])
    assert message.outcome == "asked" and "照片" in heard(message).text
    ask = Ask.objects.get()
    order = assistant.settle_ask(by=Actor("resident", cast.account["zhou"].id), ask_id=ask.id, member_id=message.member_id, yes=True)
    assert order and order.kind == "look" and order.voices.get().blob_ids == message.blob_ids


def test_where_the_property_reads_along_nobody_who_reports_is_named(cast, at):
    assert any(p.role == Role.PROPERTY for p in cast.actor("shi_qiang").posts)
    reply = heard(say(cast, "zhou@jx", "小区东门的路灯坏了三天了"))
    assert reply.audience == Message.GROUP and "周" not in reply.text
    at.move(minutes=20)
    assert "周" in heard(say(cast, "zhou", "3号楼2单元电梯又坏了，老人下不去楼")).text
