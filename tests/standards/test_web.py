"""Procedures at the desk: who sees and writes what, mistakes beside their fields, two people on one draft, no scripts needed."""

from datetime import time

import pytest
from django.urls import reverse

from linli.calendars import actions as calendars
from linli.kernel.actors import SYSTEM
from linli.standards import actions, selectors
from linli.standards.models import Procedure
from linli.standards.procedures import PROCEDURES
from tests.desk import HTMX, opened, sign_in, text
from tests.standards.harvest import fields
from tests.standards.own import text as own_text
from tests.standards.own import trees

pytestmark = pytest.mark.usefixtures("cast", "at")
NEW = "/desk/procedures/new/"


def form(client, url=NEW, **changes):
    """The page's form with some fields changed."""
    return fields(client.get(url).content.decode()) | {k.replace("__", "-"): [v] if isinstance(v, str) else v for k, v in changes.items()}


def drafted(cast, key="yu_tao"):
    return actions.draft_procedure(by=cast.actor(key), text=own_text())


def test_the_list_names_all_procedures_with_their_clauses(cast):
    said = text(sign_in(cast, "li_min").get("/desk/procedures/"))
    assert all(name in said for _, name, _, _ in PROCEDURES)
    assert "微信群服务规范 4.2" in said and "写一份新流程" not in said


def test_all_seeded_procedures_are_drawn_on_one_page_with_the_names_of_their_clauses(cast):
    page = sign_in(cast, "zhao_hui").get("/desk/procedures/all/")
    html = page.content.decode()
    assert html.count("<svg class=\"flow-drawing\"") == len(PROCEDURES) == 21
    for code, name, clause, _ in PROCEDURES:
        assert f'id="{code}"' in html and f"{name}的流程图" in html
        known = selectors.clauses().get(clause)
        assert (f"{known.document} {known.number}" if known else clause) in text(page)
    assert "到 150% 还没办提醒街道分管领导" in text(page) and "24 小时" in text(page)


@pytest.mark.parametrize("key", ["shi_qiang", "lian_feng", "he_feng"])
def test_firms_and_volunteers_see_none(cast, key):
    client = sign_in(cast, key)
    assert [client.get(u).status_code for u in ("/desk/procedures/", "/desk/procedures/all/", NEW)] == [403, 403, 403]


def test_a_resident_or_a_guest_sees_none(cast, client):
    assert client.get("/desk/procedures/").status_code == 403
    assert sign_in(cast, "zhou").get("/desk/procedures/").status_code == 403


def test_a_worker_reads_and_does_not_write(cast):
    client = sign_in(cast, "li_min")
    golden = selectors.procedure("golden_eye")
    page = client.get(reverse("procedure", args=[golden.id]))
    assert "待社区领办" in text(page) and "照这份改一版" not in text(page)
    assert client.get(NEW).status_code == client.post("/desk/procedures/form/").status_code == 403
    assert client.post(reverse("procedure_do", args=[golden.id, "copy"])).status_code == 403


def test_what_does_not_exist_is_not_found(cast):
    client = sign_in(cast, "yu_tao")
    assert client.get(f"/desk/procedures/{cast.district.id}/").status_code == 404
    assert client.post(f"/desk/procedures/{drafted(cast).id}/explode/").status_code == 404


def test_written_submitted_read_by_another_and_used(cast):
    centre, leader = sign_in(cast, "yu_tao"), sign_in(cast, "cao_wei")
    sent = form(centre, name="树木修剪", **{"kind-category": "environment", "s-s1-amount": "4", "submit": "1"})
    made = Procedure.objects.get(id=centre.post(NEW, sent).headers["Location"].split("/")[-2])
    assert (made.state, made.data["kind"], made.version) == ("review", {"label": "树木修剪", "category": "environment"}, 1)
    own = text(centre.get(reverse("procedure", args=[made.id])))
    assert "请另一位同志来审核" in own and "没问题，用起来" not in own
    url = reverse("procedure", args=[made.id])
    assert "没问题，用起来" in text(leader.get(url))
    assert leader.post(reverse("procedure_do", args=[made.id, "return"]), {"words": "四小时太短"}).headers["Location"] == url
    assert "四小时太短" in text(centre.get(url))
    centre.post(reverse("procedure_do", args=[made.id, "submit"]))
    leader.post(reverse("procedure_do", args=[made.id, "approve"]))
    page = leader.get(url)
    assert "有了自己的一类事“树木修剪”" in text(page) and f"/desk/counter/?kind={made.code}" in page.content.decode()
    assert "树木修剪" in text(sign_in(cast, "lu_xin").get("/desk/counter/"))


def test_the_same_form_sent_twice_is_written_once(cast):
    client = sign_in(cast, "yu_tao")
    sent = form(client, name="树木修剪", submit="1", **{"s-s1-amount": "4"})
    assert client.post(NEW, sent).headers["Location"] == client.post(NEW, sent).headers["Location"]
    assert Procedure.objects.filter(name="树木修剪").count() == 1


@pytest.mark.parametrize(
    ("changes", "slot", "words"),
    [({"s-s1-amount": "四个小时"}, "wrong-s1-limit", "不懂"), ({"name": ""}, "wrong-all-name", "起个名字"), ({"name": "很" * 30}, "wrong-all-name", "16 个字以内"),
     ({"s-rate-days": "x"}, "wrong-rate-days", "不是整数")],
)  # fmt: skip
def test_a_mistake_is_said_beside_its_field_and_nothing_is_lost(cast, changes, slot, words):
    client = sign_in(cast, "yu_tao")
    sent = form(client, name="树木修剪", **{"s-s1-label": "爬上去看看"}) | {k: [v] for k, v in changes.items()}
    page = client.post(NEW, sent)
    html = page.content.decode()
    beside = html.split(f'id="{slot}"')[1].split("</div>")[0]
    assert page.status_code == 422 and words in beside and "爬上去看看" in html
    back = fields(html)
    assert all(back[k] == v for k, v in changes.items() if isinstance(v, list)) and back["s-s1-label"] == ["爬上去看看"]
    assert not Procedure.objects.filter(state="draft").exists()


def test_a_broken_one_is_kept_as_a_draft_and_not_submitted(cast):
    client = sign_in(cast, "yu_tao")
    page = client.post(NEW, form(client, name="树木修剪", **{"s-s1-amount": "4", "s-s1-unit": "", "submit": "1"}))
    assert page.status_code == 422 and "请选按哪个日历算" in text(page) and "草稿已经存好" in text(page)
    made = Procedure.objects.get(name="树木修剪")
    assert made.state == "draft"
    # Going on from there changes the draft that was stored.
    assert f'action="/desk/procedures/{made.id}/edit/"' in page.content.decode()
    shown = client.get(reverse("procedure", args=[made.id]))
    assert "还有 1 处没写好" in text(shown)
    refused = client.post(reverse("procedure_do", args=[made.id, "submit"]))
    assert refused.status_code == 422 and "请选按哪个日历算" in text(refused)


def test_two_people_at_once_are_told_and_no_word_is_lost(cast):
    made = drafted(cast)
    url = reverse("procedure_edit", args=[made.id])
    mine, hers = sign_in(cast, "yu_tao"), sign_in(cast, "xie_lin")
    before = form(mine, url, **{"s-s1-label": "俞涛改的名字"})
    assert hers.post(url, form(hers, url, **{"s-s1-label": "谢琳改的名字"})).status_code == 302
    page = mine.post(url, before)
    said, back = text(page), fields(page.content.decode())
    assert page.status_code == 422 and "不是同一稿" in said and "您写的都还在" in said and "谢琳" in said
    assert back["s-s1-label"] == ["俞涛改的名字"] and back["edit"] == ["0"]
    assert Procedure.objects.get(id=made.id).data["steps"][0]["label"] == "谢琳改的名字"
    # Saving again without having decided is refused again; deciding writes over it.
    assert mine.post(url, back).status_code == 422
    assert mine.post(url, back | {"over": ["1"]}).status_code == 302
    assert Procedure.objects.get(id=made.id).data["steps"][0]["label"] == "俞涛改的名字"


def test_what_is_in_force_is_not_edited_in_place(cast):
    client = sign_in(cast, "yu_tao")
    golden = selectors.procedure("golden_eye")
    assert client.get(reverse("procedure_edit", args=[golden.id])).status_code == 409
    new = client.post(reverse("procedure_do", args=[golden.id, "copy"])).headers["Location"]
    assert "第 3 版草稿" in text(client.get(new))
    again = client.post(reverse("procedure_do", args=[golden.id, "copy"]))
    assert again.status_code == 422 and "接着改那一份" in text(again)


def test_buttons_work_without_scripts(cast):
    client = sign_in(cast, "yu_tao")
    page = client.post(NEW, form(client, name="树木修剪", do="add_step"))
    back = fields(page.content.decode())
    assert page.status_code == 200 and back["step"][:2] == ["s1", "s2"] and back["name"] == ["树木修剪"]
    assert not Procedure.objects.filter(name="树木修剪").exists()


def test_the_form_is_looked_at_without_being_stored(cast):
    client = sign_in(cast, "yu_tao")
    sent = form(client, name="树木修剪", **{"s-s1-label": "爬上去看看", "s-s1-o-done-to": ""})
    looked = client.post("/desk/procedures/form/", sent, headers=HTMX).content.decode()
    assert 'data-step="s1"' in looked and "爬上去看看" in looked and "没有选到哪一步" in looked and 'name="s-s1-label"' not in looked
    rows = client.post("/desk/procedures/form/", sent | {"do": ["add_outcome:s1"]}, headers=HTMX).content.decode()
    assert 'name="s-s1-o-o1-label"' in rows
    assert Procedure.objects.filter(state="draft").count() == 0


def test_it_is_rehearsed_on_the_page(cast):
    client = sign_in(cast, "li_min")
    golden = selectors.procedure("golden_eye")
    said = text(client.get(reverse("procedure_dry", args=[golden.id]), {"dry-at": "2026-03-06T16:50"}))
    assert "3月6日 周五 16:50" in said and "3月6日 周五 20:50 “待社区领办”到时没人领，红灯，指派给社区书记" in said
    by_hand = text(client.get(reverse("procedure_dry", args=[golden.id]), {"dry-at": "2026-03-06T16:50", "dry-way-claim": "claimed"}))
    assert "选“领办”" in by_hand and "没人领" not in by_hand
    assert "请填哪天几点受理" in text(client.get(reverse("procedure_dry", args=[golden.id]), {"dry-at": "昨天"}))
    appeal = selectors.procedure("group_appeal")
    dispute = text(client.get(reverse("procedure_dry", args=[appeal.id]), {"dry-at": "2026-03-06T16:50", "dry-kind": "dispute"}))
    repair = text(client.get(reverse("procedure_dry", args=[appeal.id]), {"dry-at": "2026-03-06T16:50", "dry-kind": "sanitation"}))
    assert dispute != repair


def test_it_is_rehearsed_on_a_places_own_calendar(cast):
    """A community that works until eight in the evening: 80 % of 7 working hours are reached on the same Friday."""
    evening = [(day, time(13), time(23)) for day in range(7)]
    calendars.save_calendar(by=SYSTEM, code="hours", area_code=cast.community["hewan"].code, name="河湾村工作时间", kind="hours", shifts=evening)
    client = sign_in(cast, "li_min")
    item = selectors.procedure("message_board")
    page = client.get(reverse("procedure", args=[item.id]))
    assert "河湾村工作时间" in text(page)
    whole = {"dry-at": "2026-03-06T16:50"}
    district = text(client.get(reverse("procedure_dry", args=[item.id]), whole))
    village = text(client.get(reverse("procedure_dry", args=[item.id]), whole | {"dry-place": cast.community["hewan"].code}))
    assert "3月9日 周一 15:26 “分拣审看”到 80%" in district and "3月6日 周五 22:26 “分拣审看”到 80%" in village


def test_a_draft_is_rehearsed_as_it_stands_also_while_it_is_broken(cast):
    client = sign_in(cast, "yu_tao")
    whole = form(client, do="dry", **{"s-s1-amount": "7", "dry-at": "2026-03-06T16:50"})
    assert "3月9日 周一 15:26 “办理”到 80%，黄灯，提醒：责任人" in text(client.post("/desk/procedures/form/", whole, headers=HTMX))
    broken = whole | {"s-s1-unit": ["moon/60"]}
    assert "没有找到编号为“moon”的工作日历" in text(client.post("/desk/procedures/form/", broken, headers=HTMX))
    lost = whole | {"first": ["gone"]}
    assert "还没有写完整" in text(client.post("/desk/procedures/form/", lost, headers=HTMX))


def test_strange_forms_are_refused_in_plain_words(cast):
    client = sign_in(cast, "yu_tao")
    assert "请选从哪一步开始" in text(client.post("/desk/procedures/form/", {}, headers=HTMX))
    for strange in ({"step": ["s1", "s1"]}, {"step": ["../../x"]}, {"step": ["s1"], "s-s1-out": [f"o{n}" for n in range(99)]}):
        answer = client.post("/desk/procedures/form/", strange, headers=HTMX)
        assert answer.status_code == 400 and ("刷新后再填" in text(answer) or "太多了" in text(answer)), strange
    made = drafted(cast)
    url = reverse("procedure_edit", args=[made.id])
    torn = client.post(url, form(client, url, edit="x"))
    assert torn.status_code == 422 and "刷新后再填" in text(torn)


def test_markup_in_a_name_stays_words(cast):
    client = sign_in(cast, "yu_tao")
    page = client.post("/desk/procedures/form/", form(client, **{"s-s1-label": "<b onclick=x>&amp;"}), headers=HTMX).content.decode()
    assert "<b onclick" not in page and "&lt;b onclick=x&gt;" in page


def test_a_procedure_taken_out_of_use_is_said_and_kept(cast):
    made = trees(cast)
    order = opened(cast, kind=made.code)
    leader = sign_in(cast, "cao_wei")
    assert leader.post(reverse("procedure_do", args=[made.id, "withdraw"])).status_code == 302
    assert "已撤下" in text(leader.get(reverse("procedure", args=[made.id])))
    assert "树木修剪" not in text(sign_in(cast, "lu_xin").get("/desk/counter/"))
    assert sign_in(cast, "li_min").get(f"/desk/orders/{order.id}/").status_code == 200


def test_the_counter_opens_an_order_of_the_kind_that_the_worker_names(cast):
    made = trees(cast)
    client = sign_in(cast, "lu_xin")
    sent = {"words": "楼下的树挡光，想问问能不能剪", "kind": made.code, "phone": "19100001111", "building": str(cast.building["jx3"].id), "community": str(cast.community["jinxiu"].id)}
    done = client.post("/desk/counter/", sent, follow=True)
    order = Procedure.objects.get(id=made.id) and next(iter(done.context["done"].orders))
    assert (order.kind, order.procedure, order.procedure_version, order.step, order.category) == (made.code, made.code, 1, "s1", "environment")
    assert order.responsible_id == cast.account["li_min"].id and order.clocks.filter(name="s1").get().amount == 240
    wrong = client.post("/desk/counter/", sent | {"kind": "moon"})
    assert wrong.status_code == 422 and "没有这一类事" in text(wrong) and "楼下的树挡光" in wrong.content.decode()
