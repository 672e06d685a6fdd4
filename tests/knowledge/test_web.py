"""The knowledge base at the desk: find, try, write, retire; what was asked and not known."""

import pytest

from linli.knowledge import actions, index
from linli.knowledge.models import Entry
from linli.ledger.models import Event
from linli.orders import actions as orders
from tests.desk import opened, sign_in, text

NEW = {
    "question": "屋顶共享菜地怎么申请？", "answer": "每年三月到社区服务站登记，抽签决定。", "source": "社区共享菜地公约",
    "wordings": "想种屋顶菜地\n菜地抽签什么时候", "department": "社区",
}  # fmt: skip


def test_everybody_at_the_desk_reads(cast, at):
    said = text(sign_in(cast, "li_min").get("/desk/knowledge/"))
    assert "老年证怎么办？" in said or "下一页" in said
    entry = Entry.objects.get(code="senior_card")
    page = text(sign_in(cast, "li_min").get(f"/desk/knowledge/{entry.id}/"))
    assert "来源" in page and "保存" not in page
    assert sign_in(cast, "zhou").get("/desk/knowledge/").status_code == 403


def test_found_by_words(cast, at):
    said = text(sign_in(cast, "li_min").get("/desk/knowledge/", {"q": "老年证"}))
    assert "老年证怎么办？" in said and "生育登记" not in said
    assert "没有找到" in text(sign_in(cast, "li_min").get("/desk/knowledge/", {"q": "量子计算"}))


def test_pages_go_on(cast, at):
    first = sign_in(cast, "li_min").get("/desk/knowledge/")
    second = sign_in(cast, "li_min").get("/desk/knowledge/", {"after": first.context["next"]})
    codes = [e.code for e in first.context["rows"]] + [e.code for e in second.context["rows"]]
    assert codes == sorted(set(codes)) and len(codes) > 30


def test_writing_makes_it_known_at_once(cast, at):
    head = sign_in(cast, "zhao_hui")
    assert head.post("/desk/knowledge/new/", NEW).status_code == 302
    entry = Entry.objects.get(question="屋顶共享菜地怎么申请？")
    assert entry.wordings == ["想种屋顶菜地", "菜地抽签什么时候"]
    tried = head.get("/desk/knowledge/", {"try": "屋顶共享菜地怎么申请"})
    assert tried.context["tried"].verdict == "answer" and tried.context["tried"].entries[0].id == entry.id
    assert "小栖会这样答" in text(tried)


def test_changing_keeps_what_was_wrong(cast, at):
    entry = Entry.objects.get(code="senior_card")
    head = sign_in(cast, "zhao_hui")
    wrong = head.post(f"/desk/knowledge/{entry.id}/", {**NEW, "source": " "})
    assert wrong.status_code == 422 and "请填写来源" in text(wrong) and "抽签决定" in wrong.content.decode()
    head.post(f"/desk/knowledge/{entry.id}/", {**NEW, "question": "老年卡怎么办？"})
    entry.refresh_from_db()
    assert (entry.question, entry.code) == ("老年卡怎么办？", "senior_card")


def test_a_retired_entry_is_not_served_and_can_come_back(cast, at):
    entry = Entry.objects.get(code="senior_card")
    head = sign_in(cast, "zhao_hui")
    head.post(f"/desk/knowledge/{entry.id}/retire/")
    assert str(entry.id) not in index.current()[1]
    assert "老年证怎么办？" in text(head.get("/desk/knowledge/?state=expired"))
    head.post(f"/desk/knowledge/{entry.id}/", NEW)
    assert str(entry.id) in index.current()[1]


@pytest.mark.parametrize("key", ["li_min", "lu_xin", "shi_qiang", "admin"])
def test_only_editors_write(cast, at, key):
    entry = Entry.objects.get(code="senior_card")
    client = sign_in(cast, key)
    assert client.get("/desk/knowledge/new/").status_code == 403
    assert client.post(f"/desk/knowledge/{entry.id}/", NEW).status_code == 403
    assert client.post(f"/desk/knowledge/{entry.id}/retire/").status_code == 403
    assert not Event.objects.filter(verb__startswith="knowledge.", subject_id=entry.id).exists()


def test_what_was_said_to_be_useless_stands_apart(cast, at):
    entry = Entry.objects.get(code="senior_card")
    actions.tell_useful(by=cast.actor("zhou"), entry_id=entry.id, message_id=entry.id, member_id=cast.member["zhou"].id, useful=False)
    page = sign_in(cast, "zhao_hui").get("/desk/knowledge/?doubted=1")
    assert [e.id for e in page.context["rows"]] == [entry.id]


def test_asked_and_not_known(cast, at):
    order = opened(cast, "jx3", "咱们这里能装充电桩吗", thing="", kind="consult", question=True)
    head = sign_in(cast, "zhao_hui")
    assert "还没有人答复" in text(head.get("/desk/asked/"))
    orders.answer_order(by=cast.actor("li_min"), order_id=order.id, words="可以申请，先到物业登记车位，十个工作日内勘查")
    page = head.get("/desk/asked/")
    assert "先到物业登记车位" in text(page) and "充电桩" not in text(page), "the resident's words stay sealed"
    link = page.content.decode().split('href="/desk/knowledge/new/?answer=')[1].split('"')[0]
    form = head.get(f"/desk/knowledge/new/?answer={link}")
    assert "先到物业登记车位" in form.content.decode()
    assert b"/new/?answer=" not in sign_in(cast, "li_min").get("/desk/asked/").content
