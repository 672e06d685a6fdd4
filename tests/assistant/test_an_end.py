"""An end to reopening, and a flood from one person: nothing is lost, nothing begins for ever anew (TSCL-5.6)."""

import pytest

from linli.groups.models import Message
from linli.insight.figures import Figures, counts
from linli.kernel import clock
from linli.kernel.actors import SYSTEM
from linli.kernel.errors import WrongState
from linli.ledger.models import Event
from linli.orders import actions
from linli.orders.drafts import VoiceDraft
from linli.orders.models import Clock, Order, Voice
from tests.assistant.talk import heard, say

pytestmark = pytest.mark.django_db
LIFT = "3号楼2单元电梯坏了，到现在没人修"
FIXED = "控制板换好，下午五点恢复运行"
LETTER = "查过三次检修记录，电梯运行正常；不同意的可以向区住建局申请行政复议"
FLOOD = [
    "3号楼门口路灯不亮", "小区东门垃圾桶满了没人清", "2单元楼道堆了好多杂物", "楼下健身器材断了一根", "单元门关不上", "花坛里草太高了没人剪",
    "地下车库漏水", "快递柜屏幕坏了", "3号楼外墙掉瓷砖皮", "3号楼水箱漏水了",
]  # fmt: skip


def ended(cast) -> Order:
    """The lift, twice done anew, then reviewed with a final letter."""
    order = Order.objects.get(id=say(cast, "zhou", LIFT).outcome_id)
    for _ in range(3):
        actions.handle_order(by=SYSTEM, order_id=order.id, words=FIXED)
        actions.rate_order(by=SYSTEM, order_id=order.id, voice_id=order.voices.order_by("id")[0].id, rating="unsolved")
    actions.conclude_review(by=SYSTEM, order_id=order.id, words=LETTER)
    order.refresh_from_db()
    assert (order.ending, order.is_open) == ("reviewed", False)
    return order


def figures() -> Figures:
    found = Figures()
    found.add(Order.objects.aggregate(**counts(clock.now())))
    return found


def test_after_the_final_letter_the_same_matter_is_kept_with_its_order(cast, at):
    order = ended(cast)
    before, clocks, state = figures(), list(Clock.objects.order_by("id").values()), Order.objects.values().get()
    at.move(days=40)
    again = "3号楼2单元电梯坏了，你们根本没修"
    message = say(cast, "zhou", again)
    assert (message.outcome, message.outcome_id) == ("voice", order.id) and Order.objects.count() == 1
    assert Voice.objects.filter(order_id=order.id).order_by("-id")[0].words == again
    assert Order.objects.values().get() == state and list(Clock.objects.order_by("id").values()) == clocks and figures() == before
    reply = heard(message)
    assert "最终答复" in reply.text and "去处" in reply.text and reply.audience == Message.MEMBER
    assert not [n for n in ("前给您答复", "会有答复") if n in reply.text], "no hour is promised"
    assert Event.objects.filter(subject_id=order.id, verb="orders.keep_words").count() == 1


@pytest.mark.parametrize("who, said, days", [
    ("zhou", "3号楼3单元电梯坏了，没人修", 3), ("zhou", "3号楼2单元路灯不亮", 3), ("zhou", "3号楼2单元电梯又坏了", 3),
    ("zhou", "3号楼2单元电梯困人了，快来人", 3), ("zhou", LIFT, 91), ("chen", LIFT, 3),
])  # fmt: skip
def test_something_new_is_taken_up_anew(cast, at, who, said, days):
    order = ended(cast)
    at.move(days=days)
    message = say(cast, who, said)
    assert message.outcome == "order" and message.outcome_id != order.id
    assert Order.objects.get(id=message.outcome_id).is_open


def test_a_complaint_said_again_after_its_final_letter_is_kept_and_another_is_taken_up(cast, at):
    rude = "社工李敏态度太差，我去问补贴她直接摔门"
    order = Order.objects.get(id=say(cast, "zhou", rude).outcome_id)
    assert order.kind == "complaint"
    for _ in range(3):
        actions.handle_order(by=SYSTEM, order_id=order.id, words=FIXED)
        actions.rate_order(by=SYSTEM, order_id=order.id, voice_id=order.voices.order_by("id")[0].id, rating="unsolved")
    actions.conclude_review(by=SYSTEM, order_id=order.id, words=LETTER)
    at.move(days=5)
    again = say(cast, "zhou", "社工李敏态度太差，我去问补贴她直接摔门，你们包庇")
    assert again.outcome_id == order.id and Order.objects.count() == 1
    assert "李敏" not in heard(again).text and heard(again).audience == Message.MEMBER
    other = say(cast, "zhou", "网格员小王收了装修队的红包，不管噪音")
    assert other.outcome_id != order.id and Order.objects.get(id=other.outcome_id).is_open


def test_words_are_kept_only_with_what_a_final_letter_has_ended(cast, at):
    order = Order.objects.get(id=say(cast, "zhou", LIFT).outcome_id)
    with pytest.raises(WrongState):
        actions.keep_words(by=SYSTEM, order_id=order.id, voices=[VoiceDraft(words="还没修")])
    assert order.voices.count() == 1


def test_many_messages_about_one_matter_are_one_order_and_one_person(cast, at):
    first = say(cast, "zhou", LIFT)
    for n in range(12):
        at.move(minutes=2)
        say(cast, "zhou", f"3号楼2单元电梯坏了，还没人来，第{n + 1}遍说了")
    order = Order.objects.get()
    assert order.id == first.outcome_id and order.voice_count == 1 and order.voices.count() == 13


def test_a_flood_from_one_person_is_gathered_without_losing_a_word(cast, at):
    for words in FLOOD:
        at.move(minutes=3)
        assert say(cast, "zhou", words).outcome in ("order", "voice"), words
    own, gathered = Order.objects.exclude(relation="flood"), Order.objects.get(relation="flood")
    assert own.count() == 5 and gathered.parent_id == own.order_by("id")[0].id and gathered.responsible_id
    assert sorted(v.words for v in Voice.objects.all()) == sorted(FLOOD)
    assert [v.words for v in gathered.voices.order_by("id")] == FLOOD[5:] and gathered.voice_count == 1
    at.move(days=3)
    actions.advance_clocks()
    found = figures()
    assert (found.opened, found.answer_due) == (5, 5), "what was gathered stands in no denominator"
    actions.handle_order(by=SYSTEM, order_id=gathered.id, words="逐件看过，已经分别回话")
    assert (figures().handled, figures().solved, figures().solve_due) == (0, 0, found.solve_due)


def test_what_hurries_and_what_a_neighbour_says_is_never_gathered(cast, at):
    for words in FLOOD[:5]:
        at.move(minutes=3)
        say(cast, "zhou", words)
    urgent = say(cast, "zhou", "3号楼3单元电梯困人了，快来人")
    other = say(cast, "chen", FLOOD[6])
    for message in (urgent, other):
        assert Order.objects.get(id=message.outcome_id).relation == ""
    at.move(hours=25)
    assert Order.objects.get(id=say(cast, "zhou", FLOOD[7]).outcome_id).relation == "", "a new day"
