"""The library at the desk: read, search, one clause from an order, compare, print, write, review, files in and out."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from linli.ledger.models import Event
from linli.standards import exchange, seed, texts
from linli.standards.actions import library as actions
from linli.standards.documents import plain
from linli.standards.models import Document
from tests.browser import fits
from tests.desk import HTMX, opened, sign_in, text
from tests.standards.test_library_life import HEAD, drafted, in_force

FORM = {
    "title": HEAD.title, "code": "lddw", "place": "service/governance", "scope": HEAD.scope, "object": HEAD.object,
    "flow": "发现\n提醒\n\n清理", "requirement": HEAD.requirement, "valid_from": "", "valid_until": "",
}  # fmt: skip
CLAUSE = {
    "number": "1.1", "chapter": "总则", "title": "先提醒", "text": "清理前 3 天张贴提醒，2 个工作日内清理，逾期记 -1 分，清到 90%。",
    "value_code": ["", "", "", "", ""], "value_label": ["提醒", "清理", "逾期", "清理率", ""], "value_amount": ["3", "2", "-1", "90", ""],
    "value_unit": ["天", "个工作日", "分", "%", ""],
}  # fmt: skip


def at_(code, version, verb):
    return reverse("standard_do", args=[code, version, verb])


def test_everybody_at_the_desk_reads_and_finds(cast, at):
    client = sign_in(cast, "li_min")
    said = text(client.get("/desk/standards/"))
    for name in ("通用基础", "术语与缩略语", "治理评价与考核", "投诉处理规范", "不是国家标准"):
        assert name in said
    assert "起草一份" not in said and "导出 xlsx" in said
    assert "物业服务规范 4.2" in text(client.get("/desk/standards/", {"q": "电梯"}))
    assert "没有找到" in text(client.get("/desk/standards/", {"q": "量子"}))
    only = text(client.get("/desk/standards/", {"part": "platform"}))
    assert "平台开发规范" in only and "投票管理规范" not in only
    whole = text(client.get("/desk/standards/WXQ/"))
    assert "2 小时" in whole and "范围" in whole and "起草新一版" not in whole
    assert client.get("/desk/standards/ZZZ/").status_code == 404 and client.get("/desk/standards/WXQ/9/").status_code == 404


@pytest.mark.parametrize(("key", "status"), [("shi_qiang", 200), ("bao_hua", 200), ("zhou", 403), (None, 403)])
def test_who_may_look(cast, at, client, key, status):
    visitor = sign_in(cast, key) if key else client
    for url in ("/desk/standards/", "/desk/standards/WYFW/", "/desk/standards/clause/WYFW-4.2/", "/desk/standards/WYFW/1/print/"):
        assert visitor.get(url).status_code == status, url
    assert visitor.get("/desk/standards/table/").status_code == (200 if key == "bao_hua" else 403)
    assert visitor.get("/desk/standards/new/").status_code == 403


def test_an_order_s_clause_leads_to_its_page(cast, at):
    order = opened(cast)
    client = sign_in(cast, "li_min")
    drawer = client.get(f"/desk/orders/{order.id}/", headers=HTMX).content.decode()
    assert 'href="/desk/standards/clause/WXQ-4.2/?version=1"' in drawer and "微信群服务规范 4.2" in drawer
    assert "微信群服务规范 4.2" in text(client.get(f"/desk/orders/{order.id}/print/"))
    page = text(client.get("/desk/standards/clause/WXQ-4.2/?version=1"))
    assert "群诉求" in page and "一致" in page and "答复 2 小时" in page
    assert client.get("/desk/standards/clause/WXQ-9.9/").status_code == 404


def test_an_old_order_s_clause_says_that_there_is_a_newer_one(cast, at):
    order = opened(cast)
    at.move(hours=1)
    made = actions.revise_document(by=cast.actor("yu_tao"), code="WXQ")
    actions.submit_document(by=cast.actor("yu_tao"), document_id=made.id)
    actions.approve_document(by=cast.actor("yuan_qing"), document_id=made.id)
    client = sign_in(cast, "li_min")
    assert "clause/WXQ-4.2/?version=1" in client.get(f"/desk/orders/{order.id}/", headers=HTMX).content.decode()
    assert "不是施行中的一版" in text(client.get("/desk/standards/clause/WXQ-4.2/?version=1"))
    assert "一字不差" in text(client.get("/desk/standards/clause/WXQ-4.2/"))
    assert "两版一字不差" in text(client.get("/desk/standards/WXQ/compare/"))


def test_written_sent_back_and_approved_in_the_browser(cast, at):
    writer, reviewer = sign_in(cast, "xie_lin"), sign_in(cast, "yuan_qing")
    wrong = writer.post("/desk/standards/new/", {**FORM, "scope": " "})
    assert wrong.status_code == 422 and "请填写范围" in text(wrong) and HEAD.requirement in text(wrong)
    assert writer.post("/desk/standards/new/", FORM).url == "/desk/standards/LDDW/1/"
    assert "还没有条款" in text(writer.post(at_("LDDW", 1, "submit")))
    add = reverse("standard_clause_new", args=["LDDW", 1])
    assert 'value="1.1"' in writer.get(add).content.decode()
    bad = writer.post(add, {**CLAUSE, "value_amount": ["三", "", "", "", ""]})
    assert bad.status_code == 422 and "写成数字" in text(bad) and "张贴提醒" in text(bad)
    assert writer.post(add, {**CLAUSE, "more": "1"}).url == f"{add}?after=1.1"
    assert 'value="1.2"' in writer.get(f"{add}?after=1.1").content.decode()
    clause = texts.text_of(Document.objects.get(code="LDDW")).clauses[0]
    assert [(v.kind, v.words) for v in clause.values] == [
        ("limit", "3 天"), ("limit", "2 个工作日"), ("score", "-1 分"), ("threshold", "90%"),
    ]  # fmt: skip
    writer.post(at_("LDDW", 1, "submit"))
    assert "请另一位同事" in text(writer.get("/desk/standards/LDDW/1/"))
    assert writer.post(at_("LDDW", 1, "approve")).status_code == 403
    assert HEAD.title in text(reviewer.get("/desk/standards/?state=review"))
    reviewer.post(at_("LDDW", 1, "return"), {"words": "写明谁张贴"})
    assert "写明谁张贴" in text(writer.get("/desk/standards/LDDW/1/"))
    edit = reverse("standard_clause_edit", args=["LDDW", 1, "1.1"])
    drawn = writer.get(edit).context
    rows = drawn["rows"]
    again = {**{k: drawn["data"][k] for k in ("number", "chapter", "title")}, "text": "社区清理前 3 天张贴提醒。", "was": drawn["was"]}
    for name in ("code", "label", "amount", "unit"):
        again[f"value_{name}"] = [r.get(name, "") for r in rows]
    assert writer.post(edit, again).status_code == 302
    assert texts.text_of(Document.objects.get(code="LDDW")).clauses[0].values == clause.values
    stale = writer.post(edit, {**again, "text": "别的话。"})
    assert stale.status_code == 422 and "刚才有同事改了" in text(stale) and "别的话。" in text(stale)
    writer.post(at_("LDDW", 1, "submit"))
    assert "今天起施行" in text(reviewer.get("/desk/standards/LDDW/1/"))
    assert reviewer.post(at_("LDDW", 1, "approve")).status_code == 302
    assert HEAD.title in text(sign_in(cast, "li_min").get("/desk/standards/"))
    assert writer.get(edit).status_code == 409 and writer.get(reverse("standard_head", args=["LDDW", 1])).status_code == 409


def test_head_changed_clause_taken_out_draft_thrown_away(cast, at):
    drafted(cast)
    writer = sign_in(cast, "yu_tao")
    head = reverse("standard_head", args=["LDDW", 1])
    hidden = {f"was_{n}": v for n, v in writer.get(head).context["was"]}
    assert writer.post(head, {**FORM, **hidden, "scope": "全部楼道。"}).status_code == 302
    stale = writer.post(head, {**FORM, **hidden, "scope": "别的。"})
    assert stale.status_code == 422 and "刚才有同事" in text(stale)
    assert Document.objects.get(code="LDDW").scope == "全部楼道。"
    edit = reverse("standard_clause_edit", args=["LDDW", 1, "1.1"])
    assert writer.post(edit, {"remove": "1", "was": writer.get(edit).context["was"]}).status_code == 302
    assert "先写第一条" in text(writer.get("/desk/standards/LDDW/1/"))
    assert writer.get(edit).status_code == 404
    assert writer.post(at_("LDDW", 1, "drop")).status_code == 302 and not Document.objects.filter(code="LDDW").exists()


def test_two_versions_side_by_side(cast, at):
    in_force(cast)
    made = actions.revise_document(by=cast.actor("yu_tao"), code="LDDW")
    old = texts.clause_text(made.clauses.get())
    actions.remove_clause(by=cast.actor("yu_tao"), document_id=made.id, number="1.1", was=old.digest)
    actions.save_clause(by=cast.actor("yu_tao"), document_id=made.id, clause=type(old)("1.2", "总则", "新的", "新的话。"))
    page = sign_in(cast, "yu_tao").get("/desk/standards/LDDW/compare/", {"old": "1", "new": "2"})
    said = text(page)
    assert "新增 1 条，删去 1 条，改动 0 条" in said and "<ins>新的话。</ins>" in page.content.decode()
    turned = sign_in(cast, "yu_tao").get("/desk/standards/LDDW/compare/", {"old": "2", "new": "1"})
    assert [c.kind for c in turned.context["changes"]] == ["removed", "added"]
    seen = sign_in(cast, "li_min").get("/desk/standards/LDDW/compare/", {"old": "1", "new": "2"})
    assert "新的话" not in text(seen) and "只有这一版" in text(seen)


def test_paper_says_who_and_when(cast, at):
    said = text(sign_in(cast, "li_min").get("/desk/standards/WXQ/1/print/"))
    assert "打印人：李敏" in said and "WXQ 第 1 版" in said and "时限、阈值和分值" in said and "16 个工作小时" in said


def test_files_go_out_and_come_in(cast, at):
    centre = sign_in(cast, "yu_tao")
    out = centre.get("/desk/standards/table/")
    assert "attachment" in out["Content-Disposition"] and len(exchange.read(out.content)) == len(seed.shipped())
    one = centre.get("/desk/standards/table/", {"form": "json", "code": "XT"})
    assert [d["code"] for d in json.loads(one.content)] == ["XT"]
    assert Event.objects.filter(verb="standards.export_documents").count() == 2
    assert "一样的 33 份" in text(centre.post("/desk/standards/table/in/", {"table": SimpleUploadedFile("a.xlsx", out.content)}))
    data = json.loads(one.content)
    data[0]["chapters"][0]["clauses"][0]["text"] = ""
    refused = centre.post("/desk/standards/table/in/", {"table": SimpleUploadedFile("a.json", json.dumps(data).encode())})
    assert refused.status_code == 422 and "XT 第 1.1 条：请填写正文" in text(refused)
    assert centre.post("/desk/standards/table/in/", {}).status_code == 422
    changed = [plain(d) for d in seed.shipped() if d.code == "XT"]
    changed[0]["scope"] = "换了范围。"
    taken = centre.post("/desk/standards/table/in/", {"table": SimpleUploadedFile("a.json", json.dumps(changed).encode())})
    assert "改过的 1 份" in text(taken) and Document.objects.get(code="XT", version=2).state == "draft"
    assert sign_in(cast, "li_min").get("/desk/standards/table/in/").status_code == 403


def test_what_procedures_say_otherwise_is_shown_to_those_who_write(cast, at):
    made = actions.revise_document(by=cast.actor("yu_tao"), code="WTLZ")
    old = texts.clause_text(made.clauses.get(number="3.2"))
    actions.remove_clause(by=cast.actor("yu_tao"), document_id=made.id, number="3.2", was=old.digest)
    assert "这一稿没有 WTLZ-3.2" in text(sign_in(cast, "yu_tao").get("/desk/standards/WTLZ/2/"))
    actions.submit_document(by=cast.actor("yu_tao"), document_id=made.id)
    actions.approve_document(by=cast.actor("yuan_qing"), document_id=made.id)
    assert "流程和条款不一致" in text(sign_in(cast, "yu_tao").get("/desk/standards/"))
    assert "流程和条款不一致" not in text(sign_in(cast, "li_min").get("/desk/standards/"))


@pytest.mark.parametrize("url", ["/desk/standards/", "/desk/standards/?q=电梯", "/desk/standards/?state=draft"])
def test_a_list_costs_ten_statements_at_most(cast, at, url):
    client = sign_in(cast, "yu_tao")
    client.get(url)
    with CaptureQueriesContext(connection) as asked:
        client.get(url)
    assert len(asked) <= 10


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("width", [390, 1440])
def test_nothing_runs_out_of_the_page(cast, at, site, open_page, width):
    drafted(cast)
    client = sign_in(cast, "yu_tao")
    client.get("/desk/standards/")  # the process's first page loads routes and templates, which is not the browser's to wait for
    page = open_page(width)
    page.context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": site.url}])
    for url in (
        "/desk/standards/", "/desk/standards/?q=电梯", "/desk/standards/WXQ/", "/desk/standards/LDDW/1/", "/desk/standards/clause/WXQ-4.5/",
        "/desk/standards/LDDW/1/clause/1.1/", "/desk/standards/LDDW/1/head/", "/desk/standards/table/in/", "/desk/standards/WXQ/1/print/",
    ):  # fmt: skip
        page.goto(url)
        fits(page, url)
    page.goto("/desk/standards/LDDW/1/clause/1.1/")
    page.fill("#text", "清理前 3 天在楼道口张贴提醒。")
    page.click("button:has-text('存好'):not([name])")
    page.wait_for_url("**/LDDW/1/?saved=1.1")
    assert "第 1.1 条存好了" in page.inner_text("#main") and "楼道口" in page.inner_text("#main")
