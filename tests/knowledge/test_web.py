"""The knowledge base at the desk: find, try, write, retire; what was asked and not known."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from linli.knowledge import actions, index
from linli.knowledge.models import Entry
from linli.ledger.models import Event
from tests.desk import sign_in, text

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
    second = sign_in(cast, "li_min").get(f"/desk/knowledge/{first.context['next']}")
    codes = [e.code for e in first.context["rows"]] + [e.code for e in second.context["rows"]]
    assert codes == sorted(set(codes)) and len(codes) > 30


def approve(cast, entry, who="yu_tao"):
    return sign_in(cast, who).post(f"/desk/knowledge/{entry.id}/approve/")


def test_written_by_one_read_by_another_and_known_at_once(cast, at):
    head = sign_in(cast, "zhao_hui")
    assert head.post("/desk/knowledge/new/", {**NEW, "submit": "1"}).status_code == 302
    entry = Entry.objects.get(question="屋顶共享菜地怎么申请？")
    assert entry.wordings == ["想种屋顶菜地", "菜地抽签什么时候"] and entry.state == Entry.REVIEW
    assert approve(cast, entry, "zhao_hui").status_code == 403
    assert entry.question in text(sign_in(cast, "yu_tao").get("/desk/knowledge/?state=review"))
    assert "用起来" in text(sign_in(cast, "yu_tao").get(f"/desk/knowledge/{entry.id}/"))
    assert approve(cast, entry).status_code == 302
    tried = head.get("/desk/knowledge/", {"try": "屋顶共享菜地怎么申请"})
    assert tried.context["tried"].verdict == "answer" and tried.context["tried"].entries[0].id == entry.id
    assert "小栖会这样答" in text(tried)


def test_sent_back_with_a_reason_and_sent_again(cast, at):
    worker = sign_in(cast, "li_min")
    worker.post("/desk/knowledge/new/", {**NEW, "submit": "1"})
    entry = Entry.objects.get(question=NEW["question"])
    sign_in(cast, "zhao_hui").post(f"/desk/knowledge/{entry.id}/return/", {"words": "请写登记时间"})
    assert "请写登记时间" in text(worker.get(f"/desk/knowledge/{entry.id}/"))
    worker.post(f"/desk/knowledge/{entry.id}/", {**NEW, "answer": "每年三月一日到十日登记。", "submit": "1"})
    entry.refresh_from_db()
    assert (entry.state, entry.note) == (Entry.REVIEW, "") and "三月一日" in entry.answer


def test_a_change_is_told_only_when_it_is_approved_and_keeps_its_code(cast, at):
    entry = Entry.objects.get(code="senior_card")
    head = sign_in(cast, "zhao_hui")
    wrong = head.post(f"/desk/knowledge/{entry.id}/", {**NEW, "source": " "})
    assert wrong.status_code == 422 and "请填写来源" in text(wrong) and "抽签决定" in wrong.content.decode()
    head.post(f"/desk/knowledge/{entry.id}/", {**NEW, "question": "老年卡怎么办？", "submit": "1"})
    draft = Entry.objects.get(question="老年卡怎么办？")
    entry.refresh_from_db()
    assert entry.state == Entry.IN_FORCE and str(entry.id) in index.current()[1] and draft.replaces == entry.id
    assert "正在等审核" in text(head.get(f"/desk/knowledge/{entry.id}/"))
    approve(cast, draft)
    entry.refresh_from_db()
    draft.refresh_from_db()
    assert (entry.state, draft.state, draft.code) == (Entry.EXPIRED, Entry.IN_FORCE, "senior_card")
    assert str(draft.id) in index.current()[1] and str(entry.id) not in index.current()[1]


def test_a_retired_entry_is_not_served_and_can_come_back(cast, at):
    entry = Entry.objects.get(code="senior_card")
    head = sign_in(cast, "zhao_hui")
    head.post(f"/desk/knowledge/{entry.id}/retire/")
    assert str(entry.id) not in index.current()[1]
    assert "老年证怎么办？" in text(head.get("/desk/knowledge/?state=expired"))
    head.post(f"/desk/knowledge/{entry.id}/", {**NEW, "submit": "1"})
    back = Entry.objects.get(replaces=entry.id)
    approve(cast, back)
    assert str(back.id) in index.current()[1] and Entry.objects.get(id=back.id).code == "senior_card"


def test_by_department_and_what_nobody_has_read(cast, at):
    client = sign_in(cast, "li_min")
    page = client.get("/desk/knowledge/", {"department": "消防"})
    assert page.context["rows"] and {e.department for e in page.context["rows"]} == {"消防"}
    unread = client.get("/desk/knowledge/?unread=1").context["rows"]
    assert unread and all("待核" in e.source + e.article and e.read_on is None for e in unread)
    assert not {str(e.id) for e in unread} & set(index.current()[1])


def test_a_table_goes_out_and_comes_in_for_review(cast, at):
    head = sign_in(cast, "zhao_hui")
    out = head.get("/desk/knowledge/table/?form=csv")
    assert "attachment" in out["Content-Disposition"] and "老年证怎么办？" in out.content.decode("utf-8-sig")
    assert Event.objects.filter(verb="knowledge.export_entries").count() == 1
    table = "问题,答案,来源\n菜地怎么申请？,三月登记,菜地公约\n,没问题,公约\n"
    file = SimpleUploadedFile("t.csv", table.encode("gb18030"))
    said = text(head.post("/desk/knowledge/table/in/", {"table": file}))
    assert "新的 1 条" in said and "第 3 行" in said
    assert Entry.objects.get(question="菜地怎么申请？").state == Entry.REVIEW
    assert head.post("/desk/knowledge/table/in/", {}).status_code == 422
    assert sign_in(cast, "li_min").get("/desk/knowledge/table/in/").status_code == 403


@pytest.mark.parametrize("key", ["shi_qiang", "lian_feng"])
def test_firms_and_the_property_write_nothing(cast, at, key):
    entry, client = Entry.objects.get(code="senior_card"), sign_in(cast, key)
    assert client.get("/desk/knowledge/new/").status_code == 403
    assert client.post(f"/desk/knowledge/{entry.id}/", NEW).status_code == 403
    assert not Event.objects.filter(verb__startswith="knowledge.", subject_id=entry.id).exists()


@pytest.mark.parametrize("key", ["li_min", "lu_xin", "shi_qiang", "admin"])
def test_only_editors_approve_and_retire(cast, at, key):
    entry = Entry.objects.get(code="senior_card")
    client = sign_in(cast, key)
    assert client.post(f"/desk/knowledge/{entry.id}/retire/").status_code == 403
    other = actions.draft_entry(by=cast.actor("han_mei"), text=actions.Text(question="菜地？", answer="有", source="公约"))
    actions.submit_entry(by=cast.actor("han_mei"), entry_id=other.id)
    assert client.post(f"/desk/knowledge/{other.id}/approve/").status_code == 403
    assert Entry.objects.get(id=other.id).state == Entry.REVIEW


def test_what_was_said_to_be_useless_stands_apart(cast, at):
    entry = Entry.objects.get(code="senior_card")
    actions.tell_useful(by=cast.actor("zhou"), entry_id=entry.id, message_id=entry.id, member_id=cast.member["zhou"].id, useful=False)
    page = sign_in(cast, "zhao_hui").get("/desk/knowledge/?doubted=1")
    assert [e.id for e in page.context["rows"]] == [entry.id]
