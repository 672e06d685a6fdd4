"""Sheets of paper: typed twice by two people, compared, settled by the second, and made into orders once."""

import json

import pytest
from django.db import IntegrityError, transaction

from linli.channels.models import PaperSheet
from linli.channels.paper import actions, forms
from linli.kernel.errors import BadInput, Forbidden, NotFound, WrongState
from linli.ledger.models import Event
from linli.orders import known
from linli.orders.models import Order, Voice, Word
from tests.orders.test_web_verbs import photo

pytestmark = pytest.mark.django_db
WORDS = "楼道的灯坏了三天，老人上下楼看不见"


@pytest.fixture
def jx3(cast, at):
    """锦绣苑3号楼 as the forms name it."""
    return str(cast.building["jx3"].id)


def handed_in(cast, form="slip", by="lu_xin", key="one", community="jinxiu"):
    return actions.upload_sheet(by=cast.actor(by), form=form, community_id=cast.community[community].id, photo=photo(), key=key)


def typed(cast, sheet, who, **entry):
    return actions.enter_sheet(by=cast.actor(who), sheet_id=sheet.id, typed={k.replace("_", "-"): v for k, v in entry.items()})


def slip(jx3, **more):
    return {"name": "周阿姨", "phone": "190 0000 7788", "building": jx3, "place": "2单元502室门口", "words": WORDS} | more


def test_two_alike_entries_become_one_order_with_the_photo_sealed_in_its_voice(cast, jx3):
    sheet = handed_in(cast)
    assert typed(cast, sheet, "lu_xin", **slip(jx3)).state == PaperSheet.TYPED
    assert not Order.objects.exists()
    # Spaces, full widths and a last full stop are no difference.
    done = typed(cast, sheet, "li_min", **slip(jx3, phone="１９００００07788", words=f"{WORDS}。 "))
    order = Order.objects.get()
    assert (done.state, done.order_ids) == (PaperSheet.DONE, [str(order.id)])
    assert (order.building_id, order.unit, order.door, order.kind) == (cast.building["jx3"].id, "2单元", "counter", "repair")
    assert "502" not in order.place_text + order.title
    voice = Voice.objects.get()
    assert (voice.name, voice.phone, voice.blob_ids) == ("周阿姨", "19000007788", [str(sheet.blob_id)])
    assert WORDS in voice.words and "502" in voice.words


def test_what_was_typed_is_sealed_and_gone_when_orders_were_made(cast, jx3):
    sheet = handed_in(cast)
    typed(cast, sheet, "lu_xin", **slip(jx3))
    raw = PaperSheet.objects.extra(select={"raw": "first"}).values_list("raw", flat=True).get()
    assert raw and WORDS not in str(raw) and "19000007788" not in str(raw)
    sheet = typed(cast, sheet, "li_min", **slip(jx3))
    sheet.refresh_from_db()
    assert (sheet.first, sheet.second) == ("", "")
    told = json.dumps(list(Event.objects.filter(verb__startswith="channels.").values_list("facts", flat=True)), ensure_ascii=False)
    assert WORDS not in told and "周阿姨" not in told
    assert set(Event.objects.filter(subject_id=sheet.id).values_list("verb", flat=True)) == {
        "channels.upload_sheet", "channels.enter_sheet", "channels.finish_sheet",
    }  # fmt: skip


def test_differences_are_settled_by_the_second_who_chooses_or_writes_anew(cast, jx3):
    sheet = handed_in(cast)
    typed(cast, sheet, "lu_xin", **slip(jx3))
    sheet = typed(cast, sheet, "li_min", **slip(jx3, name="周桂芳", phone="19000007789", words="楼道的灯坏了"))
    assert sheet.state == PaperSheet.DIFFERS and not Order.objects.exists()
    assert [d.field.name for d in actions.differences_of(sheet)] == ["name", "phone", "words"]
    settled = {"name": "周阿姨", "phone": "19000007788"}
    with pytest.raises(BadInput, match="要反映的事还没有定"):
        actions.settle_sheet(by=cast.actor("li_min"), sheet_id=sheet.id, settled=settled)
    settled["words"] = "楼道的灯坏了两天"
    with pytest.raises(Forbidden):
        actions.settle_sheet(by=cast.actor("lu_xin"), sheet_id=sheet.id, settled=settled)
    actions.settle_sheet(by=cast.actor("li_min"), sheet_id=sheet.id, settled=settled)
    voice = Voice.objects.get()
    assert (voice.name, voice.phone) == ("周阿姨", "19000007788") and voice.words.startswith("楼道的灯坏了两天")
    with pytest.raises(WrongState):
        actions.settle_sheet(by=cast.actor("li_min"), sheet_id=sheet.id, settled=settled)
    assert Order.objects.count() == 1


def test_the_order_knows_everybody_who_had_the_paper(cast, jx3):
    sheet = handed_in(cast, by="zhao_hui")
    actions.view_sheet(by=cast.actor("wang_fang"), sheet=sheet)
    typed(cast, sheet, "lu_xin", **slip(jx3))
    typed(cast, sheet, "li_min", **slip(jx3))
    had = [k for k in known.of(Order.objects.get()).knowers if any(d.verb == "finish_sheet" for d in k.deeds)]
    assert {k.name for k in had} == {"赵晖", "王芳", "鲁欣", "李敏"} and all(k.words for k in had)


def test_nobody_enters_the_same_sheet_twice(cast, jx3):
    sheet = handed_in(cast)
    typed(cast, sheet, "lu_xin", **slip(jx3))
    with pytest.raises(Forbidden, match="另一位同事"):
        typed(cast, sheet, "lu_xin", **slip(jx3))
    with pytest.raises(IntegrityError), transaction.atomic():
        PaperSheet.objects.filter(id=sheet.id).update(second_by=cast.account["lu_xin"].id)
    typed(cast, sheet, "li_min", **slip(jx3, words="另一件事"))
    with pytest.raises(WrongState, match="不用再录"):
        typed(cast, sheet, "zhao_hui", **slip(jx3))


def test_each_line_of_an_inspection_is_one_order(cast, jx3):
    sheet = handed_in(cast, "inspection")
    lines = {"name": "李敏", "building_1": jx3, "place_1": "1单元", "words_1": "消防通道堆了纸箱", "place_4": "东门花坛边", "words_4": "路灯不亮"}
    typed(cast, sheet, "li_min", **lines)
    sheet = typed(cast, sheet, "zhao_hui", **lines)
    first, second = Order.objects.order_by("number")
    assert sheet.order_ids == [str(first.id), str(second.id)]
    assert (first.building_id, first.unit, first.door, first.way) == (cast.building["jx3"].id, "1单元", "desk", "staff")
    assert second.place_text == "东门花坛边"
    # A finding of our own people, whatever the post of whoever typed it: to be claimed, and nobody is asked to rate it.
    assert {(o.procedure, o.step, o.state, o.way) for o in (first, second)} == {("pool", "claim", "pooled", "staff")}
    assert not Voice.objects.exists()
    words = list(Word.objects.order_by("id"))
    assert all(w.blob_ids == [str(sheet.blob_id)] for w in words) and words[1].text == "路灯不亮\n（巡查人：李敏）"
    assert [o.key for o in (first, second)] == [f"paper:{sheet.id}:1", f"paper:{sheet.id}:4"]


def test_a_deputys_form_is_her_opinion_and_comes_back_to_her(cast, jx3):
    sheet = handed_in(cast, "deputy", by="zhao_hui")
    entry = {"deputy": str(cast.account["bao_hua"].id), "thing": "公交站迁移", "place": "柳堤路口", "words": "车站离小区太远，建议往东移"}
    typed(cast, sheet, "zhao_hui", **entry)
    typed(cast, sheet, "lu_xin", **entry)
    order = Order.objects.get()
    assert (order.procedure, order.thing, order.opener_id, order.door) == ("deputies", "公交站迁移", cast.account["bao_hua"].id, "deputy")
    assert Word.objects.get(order_id=order.id).blob_ids == [str(sheet.blob_id)]


def test_where_a_line_is_confidential_the_photo_goes_with_it_alone(cast, jx3):
    sheet = handed_in(cast, "inspection")
    lines = {"building_1": jx3, "words_1": "路灯不亮", "building_2": jx3, "words_2": "居委会主任收红包，要投诉居委会主任"}
    typed(cast, sheet, "li_min", **lines)
    typed(cast, sheet, "wang_fang", **lines)
    complaint, lamp = Order.objects.get(kind="complaint"), Order.objects.get(procedure="pool")
    assert (complaint.procedure, complaint.way, complaint.confidential) == ("complaint", "staff", True)
    assert Voice.objects.get().order_id == complaint.id and Voice.objects.get().blob_ids == [str(sheet.blob_id)]
    assert Word.objects.get(order_id=lamp.id).blob_ids == []


@pytest.mark.parametrize(
    ("form", "entry", "said"),
    [
        ("slip", {"place": "东门"}, "写写是什么事"),
        ("slip", {"words": WORDS}, "请选楼栋"),
        ("slip", {"words": WORDS, "place": "东门", "phone": "12"}, "电话号码"),
        ("slip", {"words": WORDS, "building": "nowhere"}, "名单里选"),
        ("slip", {"words": "字" * 2001, "place": "东门"}, "最多 2000"),
        ("inspection", {"name": "李敏"}, "至少录一行"),
        ("inspection", {"place_2": "东门"}, "第 2 行还没有写"),
        ("inspection", {"words_3": "路灯不亮"}, "第 3 行请选楼栋"),
        ("deputy", {"thing": "公交站", "words": "太远", "place": "路口"}, "哪位代表"),
    ],
)
def test_what_no_order_can_be_made_of_is_said_at_once(cast, at, form, entry, said):
    sheet = handed_in(cast, form)
    with pytest.raises(BadInput, match=said):
        typed(cast, sheet, "lu_xin", **entry)
    sheet.refresh_from_db()
    assert sheet.state == PaperSheet.NEW


def test_a_photo_is_handed_in_once(cast, at):
    sheet = handed_in(cast)
    assert handed_in(cast).id == sheet.id
    with pytest.raises(BadInput, match="已经传过"):
        handed_in(cast, key="two")
    actions.drop_sheet(by=cast.actor("lu_xin"), sheet_id=sheet.id, why="wrong")
    assert handed_in(cast, key="three").id != sheet.id


def test_a_dropped_sheet_is_emptied_and_over(cast, jx3):
    sheet = handed_in(cast)
    typed(cast, sheet, "lu_xin", **slip(jx3))
    with pytest.raises(BadInput):
        actions.drop_sheet(by=cast.actor("li_min"), sheet_id=sheet.id, why="")
    sheet = actions.drop_sheet(by=cast.actor("li_min"), sheet_id=sheet.id, why="unreadable")
    assert (sheet.state, sheet.first) == (PaperSheet.DROPPED, "")
    with pytest.raises(WrongState):
        typed(cast, sheet, "li_min", **slip(jx3))


def test_another_communitys_sheet_does_not_exist(cast, jx3):
    sheet = handed_in(cast)
    outside = next(k for k in cast.account if (a := cast.actor(k)).posts and a.posts[0].role == "community_head" and k != "zhao_hui")
    with pytest.raises(NotFound):
        typed(cast, sheet, outside, **slip(jx3))
    with pytest.raises(Forbidden):
        handed_in(cast, by=outside)


def test_every_field_of_every_form_is_compared():
    for form in forms.FORMS.values():
        for field in form.fields:
            assert [d.field for d in forms.compare(form, {field.name: "一"}, {field.name: "二"})] == [field]
