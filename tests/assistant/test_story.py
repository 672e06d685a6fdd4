"""The story of the issue, step by step, through the real path without a browser (tests/browser has it with one)."""

from datetime import datetime, timedelta

import pytest

from linli.assistant import actions as assistant
from linli.assistant.models import Ask
from linli.groups.models import Member, Message
from linli.kernel import clock
from linli.ledger.delivery import deliver_all
from linli.notices.models import Notice
from linli.orders import actions as orders
from linli.orders.models import Order, Voice
from tests.assistant.talk import heard, holding, say

LIFT = "3号楼2单元电梯又坏了，老人下不去楼"
MORE = "电梯还没修好吗，2单元的"


def lift(cast):
    return Order.objects.get(id=say(cast, "zhou", LIFT).outcome_id)


def names(cast):
    """Every resident's real name, phone and home number of the cast: what no reply may hold."""
    people = [a.name for a in cast.account.values() if a.kind == "resident"]
    return [n for n in people if n and len(n) > 1]


def test_step_1_an_appeal_becomes_an_order_and_the_reply_is_honest(cast, at):
    message = say(cast, "zhou", LIFT)
    order = Order.objects.get(id=message.outcome_id)
    reply = heard(message)
    assert (message.outcome, order.kind, order.category, order.thing, order.unit) == ("order", "repair", "property", "电梯", "2单元")
    assert order.building_id == cast.building["jx3"].id and order.grid_id == cast.grid["jinxiu1"].id
    assert order.responsible_id == cast.account["li_min"].id
    assert order.answer_due_at == clock.now() + timedelta(hours=2)
    assert "今天 12:00 前" in reply.text and "小" in reply.text and len(reply.text) < 60
    assert reply.audience == Message.GROUP
    assert "修好" not in reply.text and "周" in reply.text


def test_an_acknowledgement_is_no_answer(cast, at):
    order = lift(cast)
    worker = cast.actor("li_min")
    orders.accept_order(by=worker, order_id=order.id)
    orders.note_order(by=worker, order_id=order.id, words="已打电话给电梯公司")
    order.refresh_from_db()
    assert order.answered_at is None
    for empty in ("收到", "正在处理，请耐心等待", "已转办"):
        with pytest.raises(Exception, match="收到"):
            orders.answer_order(by=worker, order_id=order.id, words=empty)
    at.move(minutes=30)
    orders.answer_order(by=worker, order_id=order.id, words="控制板烧坏，今天 17:00 前换好")
    order.refresh_from_db()
    assert order.answered_at == clock.now() and order.answered_in_time is True


def test_step_2_a_neighbour_is_a_second_voice_and_is_not_told_who_spoke_first(cast, at):
    order = lift(cast)
    at.move(minutes=20)
    message = say(cast, "chen", MORE)
    reply = heard(message)
    order.refresh_from_db()
    assert (message.outcome, message.outcome_id, order.voice_count) == ("voice", order.id, 2)
    assert "邻居" in reply.text and "周" not in reply.text


def test_the_like_in_another_building_is_another_order(cast, at):
    first = lift(cast)
    other = say(cast, "chen", "5号楼的电梯也坏了")
    assert other.outcome == "order" and other.outcome_id != first.id
    assert Order.objects.get(id=other.outcome_id).building_id == cast.building["jx5"].id


def test_the_worker_takes_a_voice_out_again(cast, at):
    order = lift(cast)
    say(cast, "chen", MORE)
    voice = Voice.objects.get(order=order, member_id=cast.member["chen"].id)
    orders.remove_voice(by=cast.actor("li_min"), order_id=order.id, voice_id=voice.id, words="说的是 1 单元")
    order.refresh_from_db()
    assert order.voice_count == 1


def test_unsure_is_asked_and_an_unanswered_question_becomes_a_matter(cast, at):
    lift(cast)
    at.move(minutes=20)
    message = say(cast, "zhou@jx", "电梯什么时候修好啊") if "zhou@jx" in cast.member else None
    if message is None or message.outcome != "asked":
        pytest.fail(f"expected a question back, got {message and message.outcome}")
    ask = Ask.objects.get(message_id=message.id)
    assert heard(message).card["ask"] == str(ask.id)
    before = Order.objects.count()
    at.move(minutes=11)
    assert assistant.expire_asks() == 1 and assistant.expire_asks() == 0
    assert Order.objects.count() == before + 1


def test_step_3_it_is_in_the_worker_s_messages_at_once(cast, at):
    order = lift(cast)
    assert Notice.objects.filter(account_id=cast.account["li_min"].id, subject_id=order.id, kind="order_assigned").count() == 1


def test_out_of_hours_the_roster_answers(cast, at):
    at.set(datetime(2026, 3, 2, 21, 30))
    order = lift(cast)
    assert order.responsible_via == "roster"
    assert cast.actor(cast.key_of(order.responsible_id)).has_role("duty_officer")


def test_step_4_group_and_voices_hear_and_rate(cast, at):
    order = lift(cast)
    say(cast, "chen", MORE)
    orders.handle_order(by=cast.actor("li_min"), order_id=order.id, words="控制板已更换，电梯恢复运行")
    deliver_all()
    told = holding("控制板已更换", direction="out")
    assert sorted(m.audience for m in told) == ["group", "own", "own"]
    order.refresh_from_db()
    assert (order.state, order.solved_in_time) == ("handled", True)
    assert say(cast, "zhou", "修好了，谢谢").outcome == "rated"
    assert say(cast, "chen", "还是坏的，没修好").outcome == "rated"
    order.refresh_from_db()
    assert (order.state, order.reopened, order.is_open) == ("assigned", 1, True)


def test_reopened_twice_at_most_then_review_and_a_final_letter(cast, at):
    order = lift(cast)
    voice = Voice.objects.get(order=order)
    resident, worker = cast.actor("zhou"), cast.actor("li_min")
    for times in (1, 2, 3):
        orders.handle_order(by=worker, order_id=order.id, words="电梯公司来过，已恢复运行")
        at.move(hours=1)
        orders.rate_order(by=resident, order_id=order.id, voice_id=voice.id, rating="unsolved")
        order.refresh_from_db()
        assert (order.reopened, order.state) == ((times, "assigned") if times < 3 else (2, "review"))
    assert cast.actor(cast.key_of(order.responsible_id)).has_role("street_section")
    orders.conclude_review(by=cast.actor("xie_lin"), order_id=order.id, words="已核实，换新电梯列入六月计划；不服可向区住建局投诉")
    order.refresh_from_db()
    assert (order.state, order.ending) == ("closed", "reviewed")


def test_nobody_rates_closes_as_unrated_and_never_counts_as_satisfied(cast, at):
    order = lift(cast)
    orders.handle_order(by=cast.actor("li_min"), order_id=order.id, words="控制板已更换，电梯恢复运行")
    at.move(days=7, minutes=-1)
    assert orders.close_unrated() == 0
    at.move(minutes=2)
    assert orders.close_unrated() == 1
    order.refresh_from_db()
    assert (order.state, order.satisfied, order.voices.get().rating) == ("closed", 0, "unrated")


def test_step_5_a_question_is_answered_with_its_source(cast, at):
    message = say(cast, "zhou", "老年证怎么办？")
    reply = heard(message)
    assert message.outcome == "answered" and reply.card["type"] == "answer" and reply.card["source"]


def test_what_is_not_known_goes_to_a_person_and_the_answer_comes_back(cast, at):
    message = say(cast, "zhou", "外星人在我国落户需要带哪些材料呢？")
    assert message.outcome == "handed" and "说不准" in heard(message).text
    order = Order.objects.get(id=message.outcome_id)
    assert order.procedure == "question" and order.responsible_id
    orders.answer_order(by=cast.actor(cast.key_of(order.responsible_id)), order_id=order.id, words="目前没有这样的规定，办不了。")
    deliver_all()
    assert len(holding("目前没有这样的规定", direction="out", audience="group")) == 1


@pytest.mark.parametrize("text", ["好的", "谢谢大家", "早上好", "[玫瑰]", "哈哈哈", "节哀顺变", "今天天气真好"])
def test_step_6_small_talk_and_grief_get_no_reply(cast, at, text):
    message = say(cast, "zhou", text)
    assert message.outcome in ("small_talk", "left_alone") and heard(message) is None


def test_it_says_that_it_is_a_machine(cast, at):
    assert "不是真人" in heard(say(cast, "zhou", "你是真人吗")).text


def test_a_person_is_always_reached(cast, at):
    message = say(cast, "zhou", "人工")
    order = Order.objects.get(id=message.outcome_id)
    assert message.outcome == "person" and order.responsible_id and Notice.objects.filter(subject_id=order.id).exists()


def test_muted_by_the_owner_words_still_become_orders_and_reporters_hear_on_their_own_page(cast, at):
    group = cast.member["zhou"].group
    owner = Member.objects.get(group=group, role=Member.OWNER)
    cast.member["owner"] = owner
    assert say(cast, "zhou", "小栖别说话").outcome == "small_talk"
    assert say(cast, "owner", "小栖别说话").outcome == "command"
    group.refresh_from_db()
    assert group.muted
    message = say(cast, "zhou", LIFT)
    assert message.outcome == "order"
    assert heard(message).audience == Message.OWN
    orders.handle_order(by=cast.actor("li_min"), order_id=message.outcome_id, words="控制板已更换，电梯恢复运行")
    deliver_all()
    assert not holding("控制板", direction="out", audience="group", received_at__gte=message.received_at)
    say(cast, "owner", "小栖说话")
    group.refresh_from_db()
    assert not group.muted


def test_no_loops_and_no_repeats(cast, at):
    lift(cast)
    replies = [heard(say(cast, "chen", MORE)) for _ in range(5)]
    assert [bool(r) for r in replies] == [True, False, False, False, False]


def test_too_many_words_slow_the_answers_but_no_word_is_refused(cast, at):
    outcomes = [say(cast, "zhou", f"{n}号楼路灯不亮了") for n in range(1, 9)]
    assert all(m.outcome in ("order", "voice", "asked") for m in outcomes)
    assert sum(1 for m in outcomes if heard(m)) == 6


def test_results_wait_for_the_morning_but_whoever_writes_is_answered_at_night(cast, at):
    at.set(datetime(2026, 3, 2, 23, 10))
    message = say(cast, "zhou", "楼道里垃圾堆成山，臭死了")
    assert heard(message) and "\n" not in heard(message).text
    order = Order.objects.get(id=message.outcome_id)
    orders.answer_order(by=cast.actor(cast.key_of(order.responsible_id)), order_id=order.id, words="保洁明早 7 点来清，8 点前清完")
    deliver_all()
    told = holding("保洁明早", direction="out")
    assert [m.audience for m in told] == ["own"]


def test_urgent_results_do_not_wait(cast, at):
    at.set(datetime(2026, 3, 2, 23, 10))
    order = lift(cast)
    assert order.urgency == 1
    orders.answer_order(by=cast.actor(cast.key_of(order.responsible_id)), order_id=order.id, words="电梯公司 30 分钟内到，先接老人下楼")
    deliver_all()
    assert holding("电梯公司 30 分钟", audience="group")


def test_step_7_a_sensitive_matter_is_private_and_confidential(cast, at):
    message = say(cast, "zhou", "3号楼楼上天天有人搞传销上课")
    order = Order.objects.get(id=message.outcome_id)
    reply = heard(message)
    assert (message.outcome, order.confidential, order.kind) == ("sensitive", True, "pyramid_selling")
    assert reply.audience == Message.MEMBER and reply.to_member_id == cast.member["zhou"].id
    assert "传销" not in reply.text
    assert order.responsible_id == cast.account["zhao_hui"].id
    assert Notice.objects.filter(subject_id=order.id, account_id=cast.account["ge_jun"].id).exists()
    orders.handle_order(by=cast.actor("zhao_hui"), order_id=order.id, words="已会同派出所上门核查并清退")
    deliver_all()
    assert not holding("清退", audience="group")


def test_step_8_left_alone_it_turns_yellow_red_and_reaches_the_street_once_each(cast, at):
    order = lift(cast)
    steps = []
    for minutes in (95, 2, 22, 2, 58, 3, 200):
        at.move(minutes=minutes)
        while orders.advance_clocks():
            pass
        deliver_all()
        order.refresh_from_db()
        steps.append((order.light, Notice.objects.filter(subject_id=order.id, kind__startswith="clock_", params__clock="answer").count()))
    assert steps == [("green", 0), ("yellow", 1), ("yellow", 1), ("red", 2), ("red", 2), ("red", 3), ("red", 3)]
    kinds = Notice.objects.filter(subject_id=order.id, params__clock="answer").order_by("created_at", "id")
    who = [(n.kind, cast.key_of(n.account_id)) for n in kinds]
    # 80 % falls at 11:36, in li_min's own duty time; then the community head, then the street's leader
    assert who == [("clock_yellow", "li_min"), ("clock_red_head", "zhao_hui"), ("clock_150_street", "cao_wei")]
    order.refresh_from_db()
    assert order.responsible_id == cast.account["li_min"].id


def test_the_roster_s_minutes_are_the_roster_s(cast, at):
    at.set(datetime(2026, 3, 2, 16, 30))
    order = lift(cast)
    at.set(datetime(2026, 3, 2, 18, 10))
    orders.advance_clocks()
    yellow = Notice.objects.get(subject_id=order.id, kind="clock_yellow")
    assert cast.actor(cast.key_of(yellow.account_id)).has_role("duty_officer")
    order.refresh_from_db()
    assert order.responsible_id == cast.account["li_min"].id


def test_one_message_with_two_matters_becomes_two_orders(cast, at):
    message = say(cast, "zhou", "3号楼1单元楼道灯不亮了，另外南门口垃圾堆了三天没人清")
    assert Order.objects.filter(key__startswith=f"m:{message.id}:").count() == 2


def test_a_voice_message_is_kept_and_never_refused(cast, at):
    message = say(cast, "zhou", "", kind="voice", blobs=["00000000-0000-0000-0000-000000000001"])
    order = Order.objects.get(id=message.outcome_id)
    assert order.kind == "look" and "亲自听" in heard(message).text and "文字" not in heard(message).text
    assert order.voices.get().blob_ids


def test_the_same_key_is_stored_once(cast, at):
    assert say(cast, "zhou", LIFT, key="k1") is not None
    assert say(cast, "zhou", LIFT, key="k1") is None
    assert Order.objects.count() == 1


def test_a_colleague_s_notice_in_the_group_is_no_appeal(cast, at):
    group = cast.member["zhou"].group
    cast.member["li"] = Member.objects.get(group=group, account_id=cast.account["li_min"].id)
    assert cast.member["li"].staff
    message = say(cast, "li", "3号楼2单元电梯明天上午检修，停运两小时，请大家走楼梯")
    assert message.outcome == "small_talk" and heard(message) is None
    assert say(cast, "li", "小栖，老年证怎么办？").outcome == "answered"


def test_a_building_of_several_units_is_asked_which_lift(cast, at):
    order = lift(cast)
    at.move(minutes=20)
    message = say(cast, "ma", "电梯坏了，上不去楼")
    assert message.outcome == "asked" and heard(message).card["type"] == "ask"
    assert Order.objects.get(id=order.id).voice_count == 1
    assert say(cast, "chen", MORE).outcome == "voice", "who asks how it goes speaks of what is known"


def test_no_i_meant_the_other_unit_is_heard(cast, at):
    order = lift(cast)
    at.move(minutes=20)
    say(cast, "ma", "电梯还没修好吗")
    assert Order.objects.get(id=order.id).voice_count == 2
    at.move(minutes=1)
    message = say(cast, "ma", "不是，我说的是1单元的电梯")
    mine = Order.objects.get(id=message.outcome_id)
    assert (message.outcome, mine.unit, mine.voices.get().member_id) == ("order", "1单元", cast.member["ma"].id)
    assert mine.id != order.id and Order.objects.get(id=order.id).voice_count == 1
    assert "单独记下" in heard(message).text
    assert say(cast, "ma", "不是我说的那样").outcome == "small_talk"


def test_a_missed_hour_is_told_as_missed(cast, at):
    order = lift(cast)
    at.move(hours=3)
    reply = heard(say(cast, "chen", MORE))
    assert "超时" in reply.text and "前会有答复" not in reply.text
    at.move(minutes=30)
    own = heard(say(cast, "zhou", "电梯怎么还没人管"))
    assert "超时" in own.text
    orders.answer_order(by=cast.actor("li_min"), order_id=order.id, words="控制板烧坏了，今天十七点前换好")
    at.move(minutes=30)
    assert "超时" not in heard(say(cast, "liu", "2单元电梯还没修好吗")).text


def test_opened_again_the_new_hour_is_told(cast, at):
    order = lift(cast)
    orders.handle_order(by=cast.actor("li_min"), order_id=order.id, words="控制板换好了，已经恢复使用")
    deliver_all()
    say(cast, "zhou", "还是坏的，没修好")
    at.move(minutes=20)
    reply = heard(say(cast, "chen", MORE))
    assert "前会有答复" in reply.text and "超时" not in reply.text
