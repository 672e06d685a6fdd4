"""What is told without its place, and the place told after it: one matter, at its place, and one that a neighbour told already."""

from datetime import timedelta

import pytest

from linli.assistant.intake import take_in
from linli.groups import actions as groups
from linli.groups.inbound import Inbound
from linli.groups.models import Message
from linli.kernel import clock, ids
from linli.kernel.actors import Actor
from linli.orders import actions as orders
from linli.orders.models import Order
from linli.orders.states import Door
from tests.assistant.talk import heard, say

pytestmark = pytest.mark.django_db
BROKEN = "电梯坏了，一动不动"


def together(cast, who: str, *texts: str) -> list[Message]:
    """Several lines of one person, taken in in one batch."""
    member = cast.member[who]
    group = member.group
    made = groups.receive(
        Actor("resident", member.account_id),
        [Inbound(group.id, group.community_id, f"page:{group.id}", str(ids.new()), t, member.id, clock.now()) for t in texts],
    )
    while take_in():
        pass
    return [Message.objects.get(id=m.id) for m in made]


def test_who_did_not_say_where_is_asked_and_the_bare_place_completes_it(cast, at):
    first = say(cast, "zhou@jx", BROKEN)
    order = Order.objects.get()
    assert order.building_id is None and "具体在哪儿？" in heard(first).text
    at.move(minutes=40)
    told = say(cast, "zhou@jx", "3号楼2单元的")
    order.refresh_from_db()
    assert Order.objects.count() == 1 and told.outcome == "voice" and told.outcome_id == order.id
    assert (order.building_id, order.unit, order.place_text) == (cast.building["jx3"].id, "2单元", "锦绣苑3号楼2单元")
    assert order.grid_id == cast.grid["jinxiu1"].id and "在锦绣苑3号楼2单元" in heard(told).text
    assert [v.words for v in order.voices.order_by("id")] == [BROKEN, "3号楼2单元的"]


def test_on_her_own_page_the_place_completes_the_order_that_it_stands_under(cast, at):
    first, other = say(cast, "zhou@jx", BROKEN), say(cast, "zhou@jx", "小区大门口的路灯全都不亮，晚上看不见路")
    order = Order.objects.get(id=first.outcome_id)
    at.move(hours=5)
    say(cast, "zhou@jx", "5号楼1单元", hint={"order": str(order.id)})
    order.refresh_from_db()
    assert order.place_text == "锦绣苑5号楼1单元" and Order.objects.get(id=other.outcome_id).building_id is None
    say(cast, "zhou@jx", "3号楼那边也是这样", hint={"order": str(order.id)})
    order.refresh_from_db()
    assert order.place_text == "锦绣苑5号楼1单元" and order.voices.count() == 3


def test_where_the_group_says_it_nobody_is_asked(cast, at):
    assert "在哪儿" not in heard(say(cast, "chen", BROKEN)).text
    assert "在哪儿" not in heard(say(cast, "ma@jx", "5号楼电梯坏了")).text


@pytest.mark.parametrize("where", ["2单元", "是2单元的", "2单元的，快点来"])
def test_the_unit_alone_completes_the_building(cast, at, where):
    say(cast, "zhou@jx", "3号楼电梯坏了，一动不动")
    say(cast, "zhou@jx", where)
    order = Order.objects.get()
    assert (order.unit, order.place_text) == ("2单元", "锦绣苑3号楼2单元")


def test_in_one_breath_the_order_stands_there_from_the_beginning(cast, at):
    messages = together(cast, "zhou@jx", BROKEN, "3号楼2单元")
    order = Order.objects.get()
    assert order.place_text == "锦绣苑3号楼2单元" and order.voices.count() == 2
    assert "在哪儿" not in heard(messages[0]).text and heard(messages[1]) is None, "one answer is enough"


def test_the_place_shows_that_a_neighbour_told_it_already(cast, at):
    say(cast, "chen", "3号楼2单元电梯坏了")
    known = Order.objects.get()
    asked = say(cast, "ma@jx", BROKEN)
    assert asked.outcome == "asked" and "是同一件事吗" in heard(asked).text
    told = say(cast, "ma@jx", "3号楼2单元的")
    asked.refresh_from_db()
    assert (told.outcome, told.outcome_id, asked.outcome_id) == ("settled", known.id, known.id) and Order.objects.count() == 1
    assert known.voices.count() == 2 and "邻居也说了这件事" in heard(asked, last=True).text


def test_the_place_shows_that_it_is_another_one(cast, at):
    say(cast, "chen", "3号楼2单元电梯坏了")
    known = Order.objects.get()
    say(cast, "ma@jx", BROKEN)
    say(cast, "ma@jx", "5号楼的")
    own = Order.objects.exclude(id=known.id).get()
    assert own.building_id == cast.building["jx5"].id and known.voices.count() == 1 and own.voices.count() == 1


def test_two_that_a_place_makes_one_become_one(cast, at):
    for who, building in (("chen", "3号楼2单元"), ("liu", "5号楼")):
        say(cast, who, f"{building}电梯坏了")
    known = Order.objects.filter(building_id=cast.building["jx3"].id).get()
    first = say(cast, "ma@jx", BROKEN)  # two are like it, so nobody is asked whether it is one of them
    assert first.outcome == "order" and Order.objects.count() == 3
    told = say(cast, "ma@jx", "3号楼2单元的")
    own = Order.objects.get(id=first.outcome_id)
    assert (own.ending, own.parent_id) == ("merged", known.id) and told.outcome_id == known.id
    assert "邻居也说了这件事" in heard(told).text and known.voices.values("member_id").distinct().count() == 2


@pytest.mark.parametrize(("words", "same"), [("是的", True), ("对，同一件", True), ("嗯", True), ("不是", False), ("不是的，另一件", False), ("两回事", False)])
def test_yes_and_no_may_be_written(cast, at, words, same):
    say(cast, "chen", "3号楼2单元电梯坏了")
    asked = say(cast, "ma@jx", BROKEN)
    said = say(cast, "ma@jx", words)
    asked.refresh_from_db()
    assert said.outcome == "settled" and asked.outcome == ("voice" if same else "order")
    assert Order.objects.count() == (1 if same else 2) and heard(said) is None and heard(asked, last=True).text


def test_only_who_was_asked_answers_and_only_the_open_question(cast, at):
    say(cast, "chen", "3号楼2单元电梯坏了")
    asked = say(cast, "ma@jx", BROKEN)
    assert say(cast, "zhou@jx", "是的").outcome == "small_talk"
    assert say(cast, "ma@jx", "是的").outcome == "settled" and say(cast, "ma@jx", "是的").outcome == "small_talk"
    at.move(minutes=11)
    assert Message.objects.get(id=asked.id).outcome == "voice"


@pytest.mark.parametrize("words", ["5号楼也坏了", "5号楼的呢？", "3号楼2单元楼道灯也不亮，黑得看不见路"])
def test_another_place_and_another_matter_stay_what_they_are(cast, at, words):
    say(cast, "zhou@jx", "3号楼电梯坏了，一动不动")
    say(cast, "zhou@jx", words)
    first = Order.objects.order_by("id")[0]
    assert (first.building_id, first.unit) == (cast.building["jx3"].id, "")


def test_the_lift_of_another_unit_does_not_move_the_first(cast, at):
    say(cast, "zhou@jx", "3号楼电梯坏了，一动不动")
    say(cast, "zhou@jx", "2单元的电梯也坏了")
    assert Order.objects.order_by("id")[0].unit == ""


def test_a_form_that_holds_a_place_alone_is_a_matter(cast, at):
    first = say(cast, "zhou@jx", BROKEN)
    form = say(cast, "zhou@jx", "3号楼2单元", hint={"door": Door.REPORT})
    assert form.outcome == "order" and form.outcome_id != first.outcome_id


def test_what_a_colleague_may_not_answer_any_more_is_a_word_in_the_group(cast, at):
    order = Order.objects.get(id=say(cast, "chen", "3号楼2单元电梯坏了，老人下不去楼").outcome_id)
    worker = next(m for m in cast.member.values() if m.staff and m.group_id == cast.group["jx3"].id and m.account_id == order.responsible_id)
    key = next(k for k, m in cast.member.items() if m.id == worker.id)
    asked = say(cast, key, "3号楼2单元电梯控制板烧坏了，师傅已经到了，今天17点前换好")
    assert asked.outcome == "asked"
    orders.transfer_order(by=cast.actor("zhao_hui"), order_id=order.id, to=cast.account["wang_fang"].id, words="小王在附近")
    said = say(cast, key, "是的")
    assert said.state == Message.DONE and said.outcome in ("settled", "small_talk")


def test_a_neighbour_s_place_completes_nothing(cast, at):
    say(cast, "zhou@jx", BROKEN)
    say(cast, "ma@jx", "3号楼2单元")
    assert Order.objects.order_by("id")[0].building_id is None


def test_what_has_its_result_by_now_is_not_moved(cast, at):
    say(cast, "zhou@jx", BROKEN)
    order = Order.objects.get()
    orders.handle_order(by=cast.actor("zhao_hui"), order_id=order.id, words="师傅来过，已经恢复运行，一起试乘过")
    say(cast, "zhou@jx", "3号楼2单元")
    order.refresh_from_db()
    assert order.building_id is None


def test_long_after_it_is_a_word_of_its_own(cast, at):
    say(cast, "zhou@jx", BROKEN)
    at.move(hours=3)
    say(cast, "zhou@jx", "3号楼2单元")
    assert Order.objects.order_by("id")[0].building_id is None
    assert clock.now() - Order.objects.order_by("id")[0].opened_at == timedelta(hours=3)


LAMP = "路灯全都不亮，晚上看不见路"


@pytest.mark.parametrize(("words", "spot"), [("锦绣广场那边", "锦绣广场"), ("在东门", "东门"), ("锦绣路上", "锦绣路"), ("锦绣路东门那里", "锦绣路东门")])
def test_what_stands_in_no_building_gets_the_spot_that_is_said(cast, at, words, spot):
    first = say(cast, "zhou@jx", LAMP)
    order = Order.objects.get()
    assert order.building_id is None and "具体在哪儿？" in heard(first).text
    at.move(minutes=40)
    told = say(cast, "zhou@jx", words)
    order.refresh_from_db()
    assert (order.place_text, order.building_id, told.outcome_id) == (spot, None, order.id) and f"在{spot}" in heard(told).text
    say(cast, "zhou@jx", "西门")
    order.refresh_from_db()
    assert order.place_text == spot, "where it is was said; another spot is another word"


def test_a_neighbour_s_of_the_same_spot_is_the_same_matter(cast, at):
    say(cast, "chen", f"锦绣路东门{LAMP}")
    known = Order.objects.get()
    assert known.place_text == "锦绣路东门"
    at.move(hours=2)
    assert say(cast, "ma@jx", f"东门的{LAMP}").outcome_id == known.id
    assert say(cast, "zhou@jx", f"西门的{LAMP}").outcome == "order" and Order.objects.count() == 2


def test_where_nothing_was_said_of_the_place_the_neighbour_is_asked(cast, at):
    say(cast, "zhou@jx", LAMP)
    at.move(hours=2)
    asked = say(cast, "ma@jx", f"东门的{LAMP}")
    assert asked.outcome == "asked" and "是同一件事吗" in heard(asked).text


def test_two_that_a_spot_makes_one_become_one(cast, at):
    for who, spot in (("chen", "东门"), ("liu", "西门")):
        say(cast, who, f"{spot}的{LAMP}")
    known = Order.objects.get(place_text="东门")
    first = say(cast, "ma@jx", LAMP)
    told = say(cast, "ma@jx", "东门")
    assert Order.objects.get(id=first.outcome_id).parent_id == known.id and told.outcome_id == known.id


@pytest.mark.parametrize(("words", "spot", "building"), [("锦绣广场那边", "锦绣广场", None), ("在东门", "东门", None), ("5号楼1单元的", "锦绣苑5号楼1单元", "jx5")])
def test_what_was_taken_for_the_group_s_house_stands_where_she_says(cast, at, words, spot, building):
    say(cast, "chen", LAMP)
    order = Order.objects.get()
    assert order.building_id == cast.building["jx3"].id, "told in the group of 3号楼"
    at.move(minutes=3)
    told = say(cast, "chen", words)
    order.refresh_from_db()
    assert Order.objects.count() == 1 and f"在{spot}" in heard(told).text
    assert (order.place_text, order.building_id) == (spot, building and cast.building[building].id)


def test_where_the_house_was_named_or_neighbours_said_the_same_it_stays(cast, at):
    say(cast, "chen", f"3号楼门口{LAMP}")
    say(cast, "chen", "东门那边")
    assert Order.objects.get().place_text.startswith("锦绣苑3号楼")
    at.move(hours=3)
    first = say(cast, "liu", "楼道灯坏了")
    say(cast, "chen", "楼道灯是坏了，黑得很")
    assert Order.objects.get(id=first.outcome_id).voices.count() == 2
    say(cast, "liu", "锦绣广场")
    assert Order.objects.get(id=first.outcome_id).building_id == cast.building["jx3"].id
