"""What the base does not know: a department's queue with a limit, an answer for the asker, a proposed entry."""

from datetime import datetime

import pytest

from linli.groups.models import Message
from linli.kernel import clock
from linli.kernel.errors import BadInput, Forbidden, WrongState
from linli.knowledge import access, actions, index, selectors
from linli.knowledge.models import Entry, Gap
from linli.knowledge.states import GapState
from linli.orders import actions as orders
from linli.orders.models import Order, Voice
from tests.assistant.talk import say
from tests.desk import sign_in, text

QUESTION = "咱们这里能不能领养流浪的羊驼？"
ANSWER = "可以申请，先到街道登记，兽医检疫合格以后再领回家，十个工作日内给您答复。"


@pytest.fixture(autouse=True)
def alone():
    index.drop()
    yield
    index.drop()


def said(cast, who):
    """What 小栖 told this member, oldest first."""
    rows = Message.objects.filter(to_member_id=cast.member[who].id, direction=Message.OUT).order_by("id")
    return list(rows.values_list("text", flat=True))


def asked(cast, deliver, words=QUESTION) -> Gap:
    say(cast, "zhou", words)
    deliver()
    return Gap.objects.get()


def test_a_question_stands_in_a_named_department_s_queue_with_a_limit(cast, at, deliver):
    gap = asked(cast, deliver)
    assert gap.question == "咱们这里能不能领养流浪的羊驼?" and gap.department in {e.department for e in index.current()[1].values()}
    # Monday 10:00, three working days: Thursday's end of work
    assert clock.local(gap.due_at) == datetime(2026, 3, 5, 17, 30, tzinfo=clock.LOCAL)
    order = Order.objects.get(id=gap.order_id)
    assert order.answer_due_at and order.responsible_id, "the person on duty answers all the same"
    say(cast, "zhou", "在吗，" + QUESTION)
    deliver()
    assert Gap.objects.count() == Order.objects.filter(kind="consult").count()


def test_the_department_answers_the_asker_and_proposes_an_entry(cast, at, deliver):
    gap = asked(cast, deliver)
    Gap.objects.update(department="城管")
    officer = cast.actor("luo_cheng")
    with pytest.raises(BadInput):
        actions.answer_gap(by=officer, gap_id=gap.id, words=ANSWER, source=" ")
    actions.answer_gap(by=officer, gap_id=gap.id, words=ANSWER, source="街道动物防疫通知")
    deliver()
    order = Order.objects.get(id=gap.order_id)
    assert order.state == "handled" and order.answered_at and order.answered_in_time
    assert ANSWER in said(cast, "zhou")[-1] and "部门小骆" in said(cast, "zhou")[-1]
    entry = Entry.objects.get(id=Gap.objects.get().entry_id)
    assert (entry.state, entry.written_by, entry.department) == (Entry.REVIEW, officer.id, "城管")
    actions.approve_entry(by=cast.actor("zhao_hui"), entry_id=entry.id)
    say(cast, "liu", QUESTION)
    assert ANSWER in said(cast, "liu")[-1]


def test_who_is_on_duty_answered_first_and_the_queue_is_done(cast, at, deliver):
    gap = asked(cast, deliver)
    orders.answer_order(by=cast.actor("li_min"), order_id=gap.order_id, words=ANSWER)
    deliver()
    gap.refresh_from_db()
    assert (gap.state, gap.answer, gap.answered_by) == (GapState.ANSWERED, ANSWER, cast.account["li_min"].id)
    with pytest.raises(WrongState):
        actions.answer_gap(by=cast.actor("yu_tao"), gap_id=gap.id, words="晚了一步的答案，请看上面", source="公约")
    page = sign_in(cast, "zhao_hui").get(f"/desk/knowledge/asked/{gap.id}/")
    assert "写进知识库" in text(page) and "/desk/knowledge/new/?" in page.content.decode()


def test_an_answer_that_comes_second_does_not_disturb(cast, at, deliver):
    gap = asked(cast, deliver)
    orders.answer_order(by=cast.actor("li_min"), order_id=gap.order_id, words=ANSWER)
    actions.answer_gap(by=cast.actor("yu_tao"), gap_id=gap.id, words="部门的答案：要先检疫，再到街道登记", source="公约")
    deliver()
    order = Order.objects.get(id=gap.order_id)
    assert order.state == "working" and sum("部门的答案" in s for s in said(cast, "zhou")) == 0


def test_words_that_tell_who_asked_wait_for_a_person(cast, at, deliver):
    gap = asked(cast, deliver, "我老公有尿毒症，能不能申请在家里养一只羊驼陪他？")
    assert gap.question == "" and "尿毒症" in Voice.objects.get(order_id=gap.order_id).words
    officer = cast.actor("yu_tao")
    with pytest.raises(BadInput):
        actions.answer_gap(by=officer, gap_id=gap.id, words=ANSWER, source="公约")
    page = sign_in(cast, "yu_tao").get(f"/desk/knowledge/asked/{gap.id}/")
    assert "尿毒症" not in page.content.decode() and "换个说法" in text(page)
    actions.word_gap(by=cast.actor("zhao_hui"), gap_id=gap.id, question="病人家里能养羊驼陪伴吗？")
    actions.answer_gap(by=officer, gap_id=gap.id, words=ANSWER, source="公约")
    deliver()
    assert Order.objects.get(id=gap.order_id).answered_at


def test_passed_on_with_a_reason_and_the_limit_stays(cast, at, deliver):
    gap = asked(cast, deliver)
    Gap.objects.update(department="城管")
    officer, police = cast.actor("luo_cheng"), cast.actor("fang_zheng")
    with pytest.raises(Forbidden):
        actions.move_gap(by=police, gap_id=gap.id, department="公安", words="归我们")
    for department, words in (("没有这个部门", "x"), ("城管", "x"), ("公安", " ")):
        with pytest.raises(BadInput):
            actions.move_gap(by=officer, gap_id=gap.id, department=department, words=words)
    moved = actions.move_gap(by=officer, gap_id=gap.id, department="公安", words="大型动物登记归派出所")
    assert (moved.department, moved.moved, moved.due_at) == ("公安", 1, gap.due_at)
    assert access.gaps_of(police).count() == 1 and access.gaps_of(officer).count() == 0


def test_who_sees_which_queue(cast, at, deliver):
    gap = asked(cast, deliver)
    Gap.objects.update(department="公安")
    sees = {k for k in ("fang_zheng", "luo_cheng", "yuan_qing", "zhao_hui", "qian_xiulan", "xie_lin", "yu_tao", "li_min", "shi_qiang", "bao_hua") if access.gaps_of(cast.actor(k)).exists()}
    assert sees == {"fang_zheng", "zhao_hui", "xie_lin", "yu_tao"}
    assert sign_in(cast, "luo_cheng").get(f"/desk/knowledge/asked/{gap.id}/").status_code == 404


def test_lights_and_order_of_the_queue(cast, at, deliver):
    gap = asked(cast, deliver)
    centre = cast.actor("yu_tao")
    seen = []
    for moment in (datetime(2026, 3, 2, 11), datetime(2026, 3, 5, 9), datetime(2026, 3, 5, 17, 30)):
        at.set(moment)
        seen.append(selectors.list_gaps(centre)[0][0].light)
    assert seen == ["green", "yellow", "red"]
    actions.close_gap(by=centre, gap_id=gap.id, words="只是开玩笑")
    assert selectors.list_gaps(centre)[0] == [] and selectors.list_gaps(centre, state="closed")[0][0].light == "none"


def test_the_pages_walk_from_question_to_knowledge(cast, at, deliver):
    gap = asked(cast, deliver)
    centre = sign_in(cast, "yu_tao")
    assert "羊驼" in text(centre.get("/desk/knowledge/asked/"))
    wrong = centre.post(f"/desk/knowledge/asked/{gap.id}/", {"do": "answer", "words": ANSWER, "source": ""})
    assert wrong.status_code == 422 and ANSWER in wrong.content.decode()
    assert centre.post(f"/desk/knowledge/asked/{gap.id}/", {"do": "answer", "words": ANSWER, "source": "公约", "propose": "1"}).status_code == 302
    assert "居民问的，都有人答上来了" in text(centre.get("/desk/knowledge/asked/"))
    assert ANSWER in text(centre.get("/desk/knowledge/asked/?state=answered"))
