"""Finding and answering without a desk: the company's one-time link, golden eyes, the message board, deputies."""

import pytest
from django.test import Client

from linli.kernel import ids
from linli.kernel.errors import BadInput, Forbidden
from linli.ledger.models import Event
from linli.orders import actions, campaigns
from linli.orders.models import Campaign, CompanyLink, FindKind, Order, Voice, Word
from linli.standards.models import Kind
from tests.desk import HTMX, NAME, PHONE, WORDS, leaks, opened, sealed, sign_in, text
from tests.orders.test_web_verbs import do, fresh, photo
from tests.secrets import tells
from tests.standards.own import text as text_of_trees
from tests.standards.own import trees

pytestmark = pytest.mark.django_db
FIXED = "换了一段水管，试水两小时不再漏了"


def invited(cast, order, words="2单元三楼楼道顶上漏水"):
    return actions.invite_company(by=cast.actor("li_min"), order_id=order.id, words=words)


# the one-time link


def test_the_link_is_shown_once_and_only_its_digest_is_kept(cast, at):
    order = opened(cast, thing="水管", procedure="repair")
    done = do(sign_in(cast, "zhao_hui"), order, "invite_company", words="2单元三楼楼道顶上漏水")
    assert done.status_code == 200 and "/w/" in done.content.decode() and "三天内有效" in text(done)
    token = done.content.decode().split("/w/")[1].split("/")[0]
    assert CompanyLink.objects.get().digest != token and actions.open_link(token=token).order_id == order.id
    assert "/w/" not in sign_in(cast, "zhao_hui").get(f"/desk/orders/{order.id}/").content.decode().split("给物业发链接")[0]


def test_a_company_without_an_account_answers_and_the_link_ends(cast, at):
    order = opened(cast, thing="水管", procedure="repair")
    guest, url = Client(), f"/w/{invited(cast, order)}/"
    page = text(guest.get(url))
    assert "锦绣物业服务中心" in page and "2单元三楼楼道顶上漏水" in page and "修好了" in page
    assert guest.post(url, {"outcome": "done", "words": "好的"}).status_code == 422
    done = guest.post(url, {"outcome": "done", "words": FIXED, "photos": photo()})
    assert done.status_code == 200 and "这个链接已经作废" in text(done)
    assert (fresh(order).state, fresh(order).ending) == ("handled", "done")
    assert guest.get(url).status_code == 404 and guest.post(url, {"outcome": "done", "words": FIXED}).status_code == 404
    event = Event.objects.get(subject_id=order.id, verb="orders.handle_order")
    assert event.actor_kind == "link" and event.actor_id == CompanyLink.objects.get().id
    assert "物业（一次性链接）：办结" in text(sign_in(cast, "li_min").get(f"/desk/orders/{order.id}/"))


def test_a_return_needs_paper_and_goes_to_the_community(cast, at):
    order = opened(cast, thing="水管", procedure="repair")
    guest, url = Client(), f"/w/{invited(cast, order)}/"
    wrong = guest.post(url, {"outcome": "fund", "words": "整根立管要换，合同里没有"})
    assert wrong.status_code == 422 and "书面材料" in text(wrong) and "整根立管要换" in wrong.content.decode()
    assert guest.post(url, {"outcome": "fund", "words": "整根立管要换，合同里没有", "photos": photo()}).status_code == 200
    assert fresh(order).step == "decide" and fresh(order).responsible_id == cast.account["zhao_hui"].id


def test_the_company_never_learns_who_spoke(cast, at):
    order = sealed(cast, procedure="repair")
    guest, url = Client(), f"/w/{invited(cast, order)}/"
    assert leaks(guest.get(url).content) == [] and not any(s in guest.get(url).content.decode() for s in (NAME, PHONE, WORDS))


def test_it_expires_ends_with_the_step_and_with_the_next_link(cast, at):
    order = opened(cast, thing="水管", procedure="repair")
    first, second = invited(cast, order), invited(cast, order)
    assert Client().get(f"/w/{first}/").status_code == 404 and Client().get(f"/w/{second}/").status_code == 200
    at.move(hours=72)
    assert Client().get(f"/w/{second}/").status_code == 404
    third = invited(cast, order)
    actions.handle_order(by=cast.actor("shi_qiang"), order_id=order.id, words=FIXED)
    assert Client().get(f"/w/{third}/").status_code == 404
    assert Client().get("/w/nonsense/").status_code == 404


def test_every_opening_is_logged_and_who_may_invite(cast, at):
    order = opened(cast, thing="水管", procedure="repair")
    token = invited(cast, order)
    for _ in range(3):
        Client().get(f"/w/{token}/")
    assert Event.objects.filter(subject_id=order.id, verb="orders.open_link").count() == 1
    for key in ("shi_qiang", "lu_xin", "ge_jun"):
        assert do(sign_in(cast, key), order, "invite_company").status_code in (403, 404), key
    appeal = opened(cast)
    assert "给物业发链接" not in text(sign_in(cast, "li_min").get(f"/desk/orders/{appeal.id}/", headers=HTMX))
    assert do(sign_in(cast, "li_min"), appeal, "invite_company").status_code == 409


# golden eyes


def find(cast, client, **data):
    body = {"kind": "sanitation", "community": str(cast.community["heping"].id), "where": "1号楼后面空地", "words": "堆了五袋旧水泥", "photos": photo()}
    return client.post("/desk/golden-eye/", body | data)


def test_a_golden_eye_reports_and_stays_sealed(cast, at):
    he = sign_in(cast, "he_feng")
    assert "看到就报" in text(he.get("/desk/golden-eye/")) and "黄金眼报告" in text(he.get("/desk/"))
    assert find(cast, he).status_code == 302
    order = Order.objects.get()
    assert (order.procedure, order.step, order.door, order.state) == ("golden_eye", "claim", "golden_eye", "pooled")
    assert order.opener_id is None and Voice.objects.get().account_id == cast.account["he_feng"].id
    assert not Event.objects.filter(subject_id=order.id, actor_id=cast.account["he_feng"].id).exists()
    page = text(sign_in(cast, "wei_na").get(f"/desk/orders/{order.id}/"))
    assert "贺凤" not in page and "旧水泥" not in page and "黄金眼" in page
    assert "我报过的" in text(he.get("/desk/golden-eye/")) and he.get(f"/desk/orders/{order.id}/").status_code == 404


def test_the_finder_hears_and_rates_and_urges(cast, at):
    he = sign_in(cast, "he_feng")
    find(cast, he)
    order = Order.objects.get()
    assert "正在请合适的同志领办，最晚 今天 14:00 有人接手" in text(he.get("/mine/"))
    assert he.post(f"/mine/{Voice.objects.get().id}/urge/").status_code == 302 and fresh(order).urged == 1
    actions.claim_order(by=cast.actor("wei_na"), order_id=order.id)
    actions.pass_step(by=cast.actor("wei_na"), order_id=order.id, outcome="true", given=actions.Given(words="看过了，属实", blobs=[str(ids.new())]))
    actions.pass_step(by=cast.actor("wei_na"), order_id=order.id, outcome="done", given=actions.Given(words="建筑垃圾已经清走，空地围好了", blobs=[str(ids.new())]))
    assert "建筑垃圾已经清走" in text(he.get("/mine/"))
    assert he.post(f"/mine/{Voice.objects.get().id}/rate/", {"rating": "satisfied"}).status_code == 302
    assert fresh(order).satisfied == 1 and fresh(order).state == "closed"


@pytest.mark.parametrize("data, said", [
    ({"words": " "}, "看到了什么"), ({"where": ""}, "说清在哪儿"), ({"kind": "noise"}, "哪一种情况"),
    ({"community": "x"}, "哪个社区"),
])  # fmt: skip
def test_what_a_report_lacks_is_said_and_the_words_stay(cast, at, data, said):
    answer = find(cast, sign_in(cast, "he_feng"), **data)
    assert answer.status_code == 422 and said in text(answer) and not Order.objects.exists()
    assert ("旧水泥" in answer.content.decode()) == (data.get("words") != " ")


def test_the_centre_keeps_kinds_and_campaigns_and_finds_are_counted_by_campaign(cast, at):
    yu, url = sign_in(cast, "yu_tao"), "/desk/golden-eye/kinds/"
    assert "卫生死角" in text(yu.get(url)) and "种类和专项" in text(yu.get("/desk/golden-eye/"))
    assert yu.post(url, {"do": "add", "label": "电动车上楼", "kind": "safety"}).status_code == 302
    assert yu.post(url, {"do": "drop", "code": "group_rental"}).status_code == 302
    code = FindKind.objects.get(label="电动车上楼").code
    days = {"name": "春季飞线充电整治", "starts_on": "2026-03-01", "ends_on": "2026-03-31", "kinds": [code], "area": str(cast.community["heping"].id)}
    assert yu.post(url, {"do": "start"} | days).status_code == 302
    he = sign_in(cast, "he_feng")
    page = text(he.get("/desk/golden-eye/"))
    assert "电动车上楼" in page and "违法出租" not in page and "春季飞线充电整治" in page and "到 3月31日" in page
    assert find(cast, he, kind=code).status_code == 302 and find(cast, he, kind="sanitation").status_code == 302
    assert find(cast, he, kind="group_rental").status_code == 422
    campaign = Campaign.objects.get()
    inside, outside = Order.objects.get(kind="safety"), Order.objects.get(kind="sanitation")
    assert (inside.campaign_id, inside.thing, outside.campaign_id) == (campaign.id, "电动车上楼", None)
    actions.claim_order(by=cast.actor("wei_na"), order_id=inside.id)
    actions.pass_step(by=cast.actor("wei_na"), order_id=inside.id, outcome="true", given=actions.Given(words="看过了，属实", blobs=[str(ids.new())]))
    assert "和平里社区 1 1/1 0/1 0/1 合计 1 1/1 0/1 0/1" in text(yu.get(url)) and "贺凤" not in text(yu.get(url))
    assert yu.post(url, {"do": "end", "campaign": str(campaign.id)}).status_code == 302
    find(cast, he, kind=code, words="又有两辆推上楼了")
    assert Order.objects.filter(campaign_id=campaign.id).count() == 1 and "已经结束" in text(yu.get(url))
    for key in ("he_feng", "zhao_hui", "cao_wei"):
        assert sign_in(cast, key).get(url).status_code == 403 and sign_in(cast, key).post(url, {"do": "add", "label": "占道", "kind": "safety"}).status_code == 403, key


@pytest.mark.parametrize("data, said", [
    ({"do": "add", "label": "占", "kind": "safety"}, "2 到 16 个字"), ({"do": "add", "label": "占道", "kind": "complaint"}, "哪一类事项"),
    ({"do": "add", "label": "卫生死角", "kind": "sanitation"}, "已经有这一种"), ({"do": "start", "name": "整治", "starts_on": "x", "ends_on": ""}, "从哪天到哪天"),
    ({"do": "start", "name": "整治", "starts_on": "2026-03-05", "ends_on": "2026-03-01", "kinds": ["vice"]}, "开始之后"),
    ({"do": "start", "name": "整治", "starts_on": "2026-03-01", "ends_on": "2026-03-05"}, "看哪几种"),
    ({"do": "start", "name": "整治", "starts_on": "2026-03-01", "ends_on": "2026-03-05", "kinds": ["vice"], "area": "x"}, "重新选"),
])  # fmt: skip
def test_what_a_campaign_lacks_is_said(cast, at, data, said):
    answer = sign_in(cast, "yu_tao").post("/desk/golden-eye/kinds/", data)
    assert answer.status_code == 422 and said in text(answer)


def test_one_kind_always_stays(cast, at):
    yu = cast.actor("yu_tao")
    for f in campaigns.finds()[1:]:
        actions.drop_find_kind(by=yu, code=f.code)
    with pytest.raises(BadInput):
        actions.drop_find_kind(by=yu, code=campaigns.finds()[0].code)


def test_a_report_without_a_photo_is_taken_too(cast, at):
    assert find(cast, sign_in(cast, "he_feng"), photos="").status_code == 302
    assert Order.objects.get().step == "claim" and Voice.objects.get().blob_ids == []


def test_golden_eyes_report_in_their_place_only(cast, at):
    assert find(cast, sign_in(cast, "he_feng"), community=str(cast.community["jinxiu"].id)).status_code == 403
    for key in ("cao_wei", "shi_qiang", "han_mei"):
        assert sign_in(cast, key).get("/desk/golden-eye/").status_code == 403, key
    assert sign_in(cast, "zhou").get("/desk/golden-eye/").status_code == 403


def test_a_sensitive_find_is_known_to_few(cast, at):
    find(cast, sign_in(cast, "he_feng"), kind="vice")
    order = Order.objects.get()
    assert order.confidential and sign_in(cast, "wei_na").get(f"/desk/orders/{order.id}/").status_code == 404
    assert sign_in(cast, "chu_weimin").post(f"/desk/hall/{order.id}/claim/", headers=HTMX).status_code == 200
    assert fresh(order).responsible_id == cast.account["chu_weimin"].id


# the message board


def message(cast, key="zhou", words="小区的健身角能不能修一修？我电话13912345678"):
    client = sign_in(cast, key)
    assert client.post("/board/", {"text": words, "community": str(cast.community["jinxiu"].id)}).status_code == 302
    return Order.objects.get()


def test_a_message_is_looked_at_before_others_see_it(cast, at):
    order = message(cast)
    assert (order.procedure, order.step, order.responsible_id) == ("message_board", "moderate", cast.account["zhao_hui"].id)
    assert "健身角" not in text(Client().get("/board/")) and "民情留言" in text(sign_in(cast, "zhou").get("/mine/"))
    assert sign_in(cast, "zhao_hui").post(f"/desk/orders/{order.id}/pass/show/", headers=HTMX).status_code == 200
    page = text(Client().get(f"/board/?community={order.community_id}"))
    assert "健身角能不能修一修" in page and "13912345678" not in page and "周" not in page and "等人答复" in page


TELLING = "我是3号楼502的周桂芳，电话13912345678，楼上王建国家天天拍地板，3号楼的电梯也该修了"
SECRETS = ("周桂芳", "502", "13912345678", "王建国")


def board_of(reader, order):
    return text(reader.get(f"/board/?community={order.community_id}"))


def test_names_homes_and_phones_are_read_by_nobody_but_the_writer(cast, at):
    order = message(cast, words=TELLING)
    actions.pass_step(by=cast.actor("zhao_hui"), order_id=order.id, outcome="show")
    actions.answer_order(by=cast.actor("han_mei"), order_id=order.id, words="周桂芳阿姨您好，3号楼502楼上我们去看过了")
    told = actions.Given(words="周桂芳反映的，502楼上已经铺了地垫，电梯下周大修")
    actions.pass_step(by=cast.actor("han_mei"), order_id=order.id, outcome="public", given=told)
    number = fresh(order).number
    for reader in (Client(), sign_in(cast, "chen"), sign_in(cast, "shi_qiang")):
        page = board_of(reader, order)
        assert "3号楼的电梯也该修了" in page and "电梯下周大修" in page and not tells(page, *SECRETS), page
        assert "您好" not in page, "what was told to her alone"
    assert TELLING in board_of(sign_in(cast, "zhou"), order)
    outside = [f"/open311/v2/requests.{f}" for f in ("json", "xml")] + [f"/open311/v2/requests/{number}.json", "/open311/v2/servicerequestupdates.json"]
    for address in outside:
        said = Client().get(address).content.decode()
        assert ("电梯也该修了" in said or "updates" in address) and "电梯下周大修" in said and not tells(said, *SECRETS), address


def test_the_moderator_words_it_and_the_original_stays_sealed(cast, at):
    order = message(cast, words=TELLING)
    zhao, url = sign_in(cast, "zhao_hui"), f"/desk/orders/{order.id}/wording/"
    seen = text(zhao.get(f"/desk/orders/{order.id}/", headers=HTMX))
    assert "公开后大家看到的样子" in seen and not tells(seen, *SECRETS)
    assert zhao.post(url, {"words": " "}, headers=HTMX).status_code == 422
    assert zhao.post(url, {"words": "楼上周末拍地板，住13栋1301室的也听得见；电梯该修了"}, headers=HTMX).status_code == 200
    actions.pass_step(by=cast.actor("zhao_hui"), order_id=order.id, outcome="show")
    page = board_of(Client(), order)
    assert "楼上周末拍地板" in page and not tells(page, "1301") and "天天拍地板" not in page
    assert "楼上周末拍地板" in Client().get(f"/open311/v2/requests/{order.number}.json").content.decode()
    assert Voice.objects.get(order_id=order.id).words == TELLING
    event = Event.objects.get(subject_id=order.id, verb="orders.edit_wording")
    assert event.actor_id == cast.account["zhao_hui"].id and "拍地板" not in str(event.facts)
    for key in ("shi_qiang", "li_min", "qian_xiulan", "chu_weimin"):
        assert sign_in(cast, key).post(url, {"words": "换一句"}, headers=HTMX).status_code in (403, 404), key
    appeal = opened(cast)
    assert zhao.post(f"/desk/orders/{appeal.id}/wording/", {"words": "换一句"}, headers=HTMX).status_code == 409


def test_a_message_shown_and_answered_in_private_keeps_its_answer_private(cast, at):
    order = message(cast)
    actions.pass_step(by=cast.actor("zhao_hui"), order_id=order.id, outcome="show")
    actions.pass_step(by=cast.actor("han_mei"), order_id=order.id, outcome="private", given=actions.Given(words="您家的补贴已经到账，存折可以去查了"))
    assert "补贴" not in board_of(Client(), order) and "已经私下答复了本人" in board_of(Client(), order)
    assert "补贴" not in Client().get("/open311/v2/servicerequestupdates.json").content.decode()
    assert "补贴已经到账" in text(sign_in(cast, "zhou").get("/mine/"))


def test_it_is_answered_by_a_named_person_or_in_private(cast, at):
    order = message(cast)
    actions.pass_step(by=cast.actor("zhao_hui"), order_id=order.id, outcome="show")
    actions.pass_step(by=cast.actor(cast.key_of(fresh(order).responsible_id)), order_id=order.id, outcome="company", given=actions.Given(words="请物业说明健身角归谁修"))
    actions.pass_step(by=cast.actor("shi_qiang"), order_id=order.id, outcome="said", given=actions.Given(words="器材是街道装的，物业只管打扫"))
    actions.pass_step(by=cast.actor("han_mei"), order_id=order.id, outcome="public", given=actions.Given(words="已经报给街道，三月底前换两件新器材"))
    page = text(Client().get("/board/"))
    assert "社工小韩" in page and "三月底前换两件新器材" in page and "物业只管打扫" in page and "请物业说明" not in page


def test_what_is_not_shown_stands_nowhere(cast, at):
    order = message(cast)
    actions.pass_step(by=cast.actor("zhao_hui"), order_id=order.id, outcome="private")
    actions.pass_step(by=cast.actor("han_mei"), order_id=order.id, outcome="private", given=actions.Given(words="您说的那户我们上门看过了，已经劝住"))
    assert "健身角" not in text(Client().get("/board/")) and "已经劝住" in text(sign_in(cast, "zhou").get("/mine/"))


def test_a_guest_reads_and_does_not_write(cast, at):
    assert "留言请先加入群，或者用手机号登录" in text(Client().get("/board/"))
    assert Client().post("/board/", {"text": "你好"}).status_code == 422 and not Order.objects.exists()
    assert "还没有内容" in text(sign_in(cast, "zhou").post("/board/", {"text": " "}))


# deputies


def test_a_deputy_writes_an_opinion_of_her_own(cast, at):
    bao = sign_in(cast, "bao_hua")
    body = {"thing": "公交站迁移", "community": str(cast.community["jinxiu"].id), "where": "银杏路", "words": "三位居民提出站台离路口太近，建议往西挪"}
    assert bao.post("/desk/deputies/", body).status_code == 302
    order = Order.objects.get()
    assert (order.procedure, order.step, order.opener_id) == ("deputies", "assign", cast.account["bao_hua"].id)
    assert "代表意见交办" in text(bao.get("/desk/deputies/"))
    assert Word.objects.get(order_id=order.id).text.startswith("三位居民")
    district = cast.actor(cast.key_of(order.responsible_id))
    to = cast.account["xie_lin"].id
    actions.pass_step(by=district, order_id=order.id, outcome="assign", given=actions.Given(words="请社会事务科承办", person=to))
    actions.pass_step(by=cast.actor("xie_lin"), order_id=order.id, outcome="accept", given=actions.Given(words="受理"))
    actions.pass_step(by=cast.actor("xie_lin"), order_id=order.id, outcome="A", given=actions.Given(words="站台已经往西移了三十米，本周启用"))
    page = bao.get("/desk/deputies/")
    assert "等您评价" in text(page) and "站台已经往西移了三十米" in text(page)
    assert bao.get(f"/desk/orders/{order.id}/").status_code == 200
    assert bao.post(f"/desk/orders/{order.id}/pass/content/", {"words": "满意，居民都说好"}, headers=HTMX).status_code == 200
    assert fresh(order).ending == "class_a" and not fresh(order).is_open


def asked(cast, *keys, thing="电梯", words="我是3号楼502的周桂芳，电梯又坏了", **more):
    """Neighbours ask for the same thing, each in an order of her own."""
    for key in keys:
        m = cast.member[key]
        opened(cast, thing=thing, words=words, member_id=m.id, account_id=m.account_id, group_id=m.group_id, **more)


def test_what_many_ask_for_is_picked_and_one_tap_takes_it_up(cast, at):
    asked(cast, "zhou", "chen", "liu")
    asked(cast, "zhou", "zhou", "zhou", "chen", thing="路灯")
    asked(cast, "zhou", "chen", "liu", thing="群租", kind="group_rental")
    bao, jinxiu = sign_in(cast, "bao_hua"), str(cast.community["jinxiu"].id)
    page = text(bao.get("/desk/deputies/"))
    assert "锦绣苑社区 · 电梯 3 人反映 · 3 件" in page and "路灯" not in page and "群租" not in page
    assert not tells(page.split("自己提一条意见")[0], "周桂芳", "502", "周阿姨", "3号楼")
    for thing in ("路灯", "群租", "水管"):
        few = bao.post("/desk/deputies/", {"pick": jinxiu, "what": thing})
        assert few.status_code == 422 and "还不够多" in text(few), thing
    for _ in range(2):
        bao.post("/desk/deputies/", {"pick": jinxiu, "what": "电梯"})
    order = Order.objects.get(procedure="deputies")
    assert (order.opener_id, order.thing, order.voice_count) == (cast.account["bao_hua"].id, "电梯", 3)
    assert "3 位居民反映“电梯”" in Word.objects.get(order_id=order.id).text
    rows = Voice.objects.filter(order_id=order.id)
    assert {v.account_id for v in rows} == {cast.account[k].id for k in ("zhou", "chen", "liu")}
    assert all((v.words, v.name, v.phone, v.home_id) == ("", "", "", None) for v in rows)
    assert f"意见编号 {order.number} 已提" in text(bao.get("/desk/deputies/"))
    for key in ("li_min", "zhao_hui", "he_feng"):
        assert sign_in(cast, key).post("/desk/deputies/", {"pick": jinxiu, "what": "电梯"}).status_code == 403, key


def test_a_deputy_raises_follows_and_rates(cast, at):
    asked(cast, "zhou", "chen", "liu")
    bao, jinxiu = sign_in(cast, "bao_hua"), str(cast.community["jinxiu"].id)
    bao.post("/desk/deputies/", {"pick": jinxiu, "what": "电梯"})
    order = Order.objects.get(procedure="deputies")
    assert bao.get(f"/desk/orders/{order.id}/").status_code == 200
    assert bao.get(f"/desk/orders/{Order.objects.exclude(procedure='deputies').first().id}/").status_code == 404, "not those of the neighbours"
    assert bao.post("/desk/deputies/", {"urge": str(order.id)}).status_code == 302 and fresh(order).urged == 1
    again = bao.post("/desk/deputies/", {"urge": str(order.id)})
    assert again.status_code == 422 and "今天已经催过了" in text(again)
    district = cast.actor(cast.key_of(order.responsible_id))
    actions.pass_step(by=district, order_id=order.id, outcome="assign", given=actions.Given(words="请社会事务科承办", person=cast.account["xie_lin"].id))
    actions.pass_step(by=cast.actor("xie_lin"), order_id=order.id, outcome="accept", given=actions.Given(words="受理"))
    actions.pass_step(by=cast.actor("xie_lin"), order_id=order.id, outcome="A", given=actions.Given(words="三部电梯的更新已经完工，本周投用"))
    voice = Voice.objects.filter(order_id=order.id, account_id=cast.account["zhou"].id).get()
    assert fresh(order).step == "deputy" and fresh(order).responsible_id == cast.account["bao_hua"].id
    with pytest.raises(Forbidden):
        actions.rate_order(by=cast.actor("bao_hua"), order_id=order.id, voice_id=voice.id, rating="satisfied")
    assert bao.post(f"/desk/orders/{order.id}/voices/", {"purpose": "work"}, headers=HTMX).status_code == 403
    actions.pass_step(by=cast.actor("bao_hua"), order_id=order.id, outcome="content", given=actions.Given(words="满意"))
    assert (fresh(order).step, fresh(order).state, fresh(order).satisfied) == ("rate", "handled", 0), "the voters are still asked"
    assert "电梯的更新已经完工" in text(sign_in(cast, "zhou").get("/mine/"))
    for key in ("zhou", "chen", "liu"):
        mine = Voice.objects.get(order_id=order.id, account_id=cast.account[key].id)
        assert sign_in(cast, key).post(f"/mine/{mine.id}/rate/", {"rating": "satisfied"}).status_code == 302
    assert (fresh(order).satisfied, fresh(order).ending, fresh(order).is_open, fresh(order).state) == (3, "class_a", False, "closed")
    assert "3 位居民反映， 3 位评价了" in text(bao.get("/desk/deputies/"))


def test_only_deputies_and_the_district_raise_opinions(cast, at):
    for key, status in (("bao_hua", 200), ("yu_tao", 200), ("li_min", 403), ("zhao_hui", 403), ("he_feng", 403)):
        assert sign_in(cast, key).get("/desk/deputies/").status_code == status, key
    assert "几个字" in text(sign_in(cast, "bao_hua").post("/desk/deputies/", {"community": str(cast.community["jinxiu"].id), "where": "x", "words": "y"}))
    assert not Order.objects.exists()


def test_the_same_form_twice_is_one_report(cast, at):
    he = sign_in(cast, "he_feng")
    for _ in range(2):
        find(cast, he, key="0197aaaa-0000-7000-8000-000000000001")
    assert Order.objects.count() == 1


def test_the_moderator_chooses_the_line(cast, at):
    order = message(cast)
    head = sign_in(cast, "zhao_hui")
    form = text(head.get(f"/desk/orders/{order.id}/pass/show/", headers=HTMX))
    assert "交给哪条线" in form and "养老" in form and "就业" not in form, "the lines that somebody serves here"
    assert head.post(f"/desk/orders/{order.id}/pass/show/", {"step": "moderate", "line": "就业"}, headers=HTMX).status_code == 422
    assert fresh(order).step == "moderate"
    assert head.post(f"/desk/orders/{order.id}/pass/show/", {"step": "moderate", "line": "养老"}, headers=HTMX).status_code == 200
    assert (fresh(order).step, fresh(order).line, fresh(order).responsible_id) == ("reply", "养老", cast.account["han_mei"].id)
    with pytest.raises(BadInput, match="没有做这条线"):
        actions.pass_step(by=cast.actor("han_mei"), order_id=order.id, outcome="public", given=actions.Given(words="已经报给街道，三月底前换", line="养老"))


def test_the_place_on_the_spot_is_asked_for_and_kept(cast, at):
    data = text_of_trees().data
    data["steps"][0]["outcomes"][0]["needs"] = ["words", "place"]
    trees(cast, steps=data["steps"])
    order = opened(cast, kind=Kind.objects.get(label="树木修剪").code)
    li = sign_in(cast, "li_min")
    assert "到场位置" in text(li.get(f"/desk/orders/{order.id}/pass/trim/", headers=HTMX))
    missing = li.post(f"/desk/orders/{order.id}/pass/trim/", {"step": "s1", "words": "树枝压着电线"}, headers=HTMX)
    assert missing.status_code == 422 and "写明到了哪里" in text(missing)
    told = li.post(f"/desk/orders/{order.id}/pass/trim/", {"step": "s1", "words": "树枝压着电线", "place": "3号楼东侧第二棵"}, headers=HTMX)
    assert told.status_code == 200 and fresh(order).step == "s2"
    assert Word.objects.get(order_id=order.id, verb="pass_step").text == "树枝压着电线\n到场位置：3号楼东侧第二棵"
