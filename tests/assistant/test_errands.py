"""The optional scribe: the plain answer stands at once and unchanged; what is added is labelled, true, late for nobody."""

import threading
import time

import pytest

from linli.assistant import errands, plans
from linli.assistant.models import Errand
from linli.assistant.scribe.client import Breaker
from linli.doors.resident import lines
from linli.groups.models import Message
from linli.ledger.models import Event
from linli.orders import actions as orders
from linli.orders.models import Doubt, Order
from tests.assistant.scribe.fake import drips, floods, http, says, sends, served, stalls
from tests.assistant.talk import heard, say
from tests.desk import sign_in, text

pytestmark = pytest.mark.django_db
QUESTION = "老年证怎么办？"


@pytest.fixture
def scribe(settings, monkeypatch):
    """A scribe is set: `act` says what it does; the server is there for the test's time."""
    monkeypatch.setattr(errands, "breaker", Breaker())
    monkeypatch.setattr(errands, "_said", {})
    with served(says("")) as fake:
        settings.LINLI_SCRIBE_URL, settings.LINLI_SCRIBE_MODEL, settings.LINLI_SCRIBE_SECONDS = fake.url, "fake", 0.5
        yield fake


@pytest.fixture
def timid(monkeypatch):
    """小栖 is sure of no kind."""
    monkeypatch.setattr(plans, "KIND_SURE", 1.1)


def told(cast) -> Message:
    """小栖's answer to a question that it knows."""
    return heard(say(cast, "zhou", QUESTION))


def shortened(answer: str) -> str:
    """An honest rewording: the answer's first sentence."""
    return answer.split("。")[0] + "。"


def test_it_is_off_as_it_comes(cast, at, settings):
    assert settings.LINLI_SCRIBE_URL == "" and errands.endpoint() is None
    told(cast)
    assert not Errand.objects.exists() and errands.run() == 0


def test_the_answer_stands_first_and_another_wording_comes_under_it_with_its_label(cast, at, scribe):
    reply = told(cast)
    assert "ai" not in reply.card, "nobody waited"
    scribe.act = says(shortened(reply.text))
    assert errands.run() == 1
    after = Message.objects.get(id=reply.id)
    assert after.text == reply.text and after.card == {**reply.card, "ai": shortened(reply.text)}
    assert Errand.objects.get().state == Errand.DONE
    page = sign_in(cast, "zhou").get(f"/g/{reply.group_id}/")
    said = text(page)
    assert "AI生成" in said and said.index(reply.text[:10]) < said.index("AI生成")
    assert Event.objects.filter(verb="groups.reword_message").count() == 1
    assert lines.lines(cast.actor("zhou"), [after], [cast.member["zhou"]])[0].card["ai"]


def test_nothing_of_the_asker_is_sent(cast, at, scribe):
    reply = heard(say(cast, "zhou", "小栖，老年证怎么办？我是3号楼502的周桂兰，13812345678"))
    if reply is None or reply.outcome != "answer":
        reply = told(cast)
    scribe.act = says(shortened(reply.text))
    errands.run()
    sent = str(scribe.asked)
    assert scribe.asked and not any(x in sent for x in ("周桂兰", "13812345678", "502", "周阿姨"))


@pytest.mark.parametrize(
    "lie", ["请拨打 13900001111 咨询，办证要交 200 元。", "满50周岁就可以办。", "您好！我不知道。请问还有什么可以帮您？", "不能办老年证。", "<script>alert(1)</script>老年证"],
)  # fmt: skip
def test_a_lie_is_dropped(cast, at, scribe, lie):
    reply = told(cast)
    scribe.act = says(lie)
    errands.run()
    assert Message.objects.get(id=reply.id).card == reply.card
    row = Errand.objects.get()
    assert row.state == Errand.LEFT and row.reason.startswith("changed_")


@pytest.mark.parametrize(
    "act", [stalls, drips, floods, sends(b""), sends(http(b"{}", "500 no")), sends(http(b'{"cho', length=900)), says(""), sends(http(b"", "302 Found"))],
    ids=["stalls", "drips", "floods", "hangs up", "500", "breaks off", "empty", "redirects"],
)  # fmt: skip
def test_whatever_it_does_the_plain_answer_stands_unchanged(cast, at, scribe, act):
    scribe.act = act
    reply = told(cast)
    began = time.monotonic()
    errands.run()
    assert time.monotonic() - began < 10
    after = Message.objects.get(id=reply.id)
    assert (after.text, after.card) == (reply.text, reply.card) and Errand.objects.get().state == Errand.LEFT


def test_who_keeps_failing_is_not_asked_for_a_while(cast, at, scribe):
    scribe.act = sends(http(b"{}", "503 busy"))
    for _ in range(5):
        told(cast)
        at.move(minutes=11)
    assert errands.run() == 5 and len(scribe.asked) == 3
    assert sorted(Errand.objects.values_list("reason", flat=True)) == ["refused"] * 3 + ["resting"] * 2


def test_an_answer_that_was_read_long_ago_is_left_alone(cast, at, scribe):
    told(cast)
    Errand.objects.update(at=Errand.objects.get().at - errands.LATE * 2)
    errands.run()
    assert scribe.asked == [] and Errand.objects.get().reason == "late"
    Errand.objects.update(at=Errand.objects.get().at - errands.KEPT)
    assert errands.tidy() == 1


def test_the_worker_goes_on_while_the_scribe_stalls(cast, at, scribe, monkeypatch):
    """`begin` comes back while the errand still runs, in a thread of its own, and begins no second one beside it."""
    begun, held = threading.Event(), threading.Event()
    monkeypatch.setattr(errands, "run", lambda: begun.set() or held.wait(20))
    told(cast)
    errands.begin()
    assert begun.wait(20) and not held.is_set()
    errands.begin()
    running = [t for t in threading.enumerate() if t.name == "scribe"]
    assert len(running) == 1
    held.set()
    running[0].join(20)
    assert not running[0].is_alive()


# fields of words that were not understood


def unsure(cast, words="晚上老是拖椅子，吵得睡不着觉") -> Order:
    message = say(cast, "zhou", words)
    assert message.outcome == "order", message.outcome
    return Order.objects.get(id=message.outcome_id)


def test_a_guess_stands_beside_the_doubt_and_a_person_decides(cast, at, scribe, timid):
    order = unsure(cast)
    before = (order.kind, order.category)
    scribe.act = says('{"category": "culture", "kind": "dispute", "place": ""}')
    errands.run()
    order.refresh_from_db()
    assert (order.kind, order.category) == before, "it decides nothing"
    client = sign_in(cast, "li_min")
    page = text(client.get(f"/desk/orders/{order.id}/"))
    assert "AI生成" in page and "按建议改" in page and "由您来定" in page
    client.post(f"/desk/orders/{order.id}/do/correct_order/", {"kind": "dispute", "category": "culture"})
    order.refresh_from_db()
    assert (order.kind, order.category) == ("dispute", "culture")
    assert "AI生成" in text(client.get(f"/desk/orders/{order.id}/")), "the history says who suggested it"
    assert Doubt.objects.get().settled_at


@pytest.mark.parametrize(
    "said", ['{"category": "heaven", "kind": "abuse", "place": "火星"}', "噪音", "[]", "null", '{"category": 5}', '{"category": ["noise"], "kind": {}}', "{" * 3000],
)  # fmt: skip
def test_nonsense_suggests_nothing(cast, at, scribe, timid, said):
    order = unsure(cast)
    scribe.act = says(said)
    errands.run()
    assert Errand.objects.get().state == Errand.LEFT
    doubt = Doubt.objects.get(order_id=order.id)
    assert (doubt.suggested_kind, doubt.suggested_category, doubt.suggested_place) == ("", "", "")


@pytest.mark.parametrize(
    "words",
    [
        "楼上天天打孩子，哭得惨", "着火了快来人", "有人在楼里搞传销拉人头", "电梯困人了快来人，出不来", "投诉社工小李态度恶劣",
        "我是李大勇，楼道灯坏了", "我老公有尿毒症，楼道灯坏了出不了门", "漏水了，打13812345678找我弟弟小王",
    ],
)  # fmt: skip
def test_sealed_urgent_and_personal_words_never_leave(cast, at, scribe, timid, words):
    say(cast, "zhou", words)
    errands.run()
    assert scribe.asked == []


def test_doors_and_numbers_are_taken_out_before_words_leave(cast, at, scribe, timid):
    unsure(cast, "3号楼2单元502室晚上老是拖椅子，吵得睡不着觉")
    scribe.act = says('{"category": "environment", "kind": "noise", "place": ""}')
    errands.run()
    sent = scribe.asked[0]["messages"][1]["content"]
    assert sent == "某户晚上老是拖椅子,吵得睡不着觉"


def test_a_matter_sealed_meanwhile_gets_no_guess(cast, at, scribe, timid):
    order = unsure(cast)
    orders.correct_order(by=cast.actor("zhao_hui"), order_id=order.id, kind="abuse")
    errands.run()
    assert scribe.asked == [] and Errand.objects.get().reason == "not_sent"
