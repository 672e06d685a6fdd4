"""One order, two sources: a row of the hotline that is the matter of an order in hand is proposed beside it; ticked, its caller
is one more voice, number and deadline go with the order, and its result is carried back under each number. And slips that are
pasted or typed from paper, with the paper's photo."""

from datetime import datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from linli.channels.models import HotlineSheet, Outside
from linli.grid.selectors import stamp_of_building
from linli.kernel import clock
from linli.kernel.actors import SYSTEM
from linli.ledger.models import Event
from linli.orders import actions as orders
from linli.orders.drafts import Draft, VoiceDraft
from linli.orders.models import Clock, Order, Voice
from tests.channels.test_hotline import LIFT
from tests.channels.test_hotline_paste import SECOND, SLIP
from tests.desk import sign_in, text
from tests.doors.test_hotline import DONE, LAMP, NOWHERE, taken, upload
from tests.files.samples import picture
from tests.orders.test_states import opened

AGAIN = ["RX20260302000999", "2026-03-02 09:40", "3号楼电梯还没修好，抱着孩子爬楼", "锦绣苑3号楼2单元", "2026-03-03 12:00", "物业管理", "孙先生", "19000005566"]


@pytest.fixture
def centre(cast, at):
    """俞涛 at the cloud platform's centre."""
    return sign_in(cast, "yu_tao")


@pytest.fixture
def lift(cast, at):
    """The order that two neighbours' words in the group have opened: the lift of 3号楼2单元."""
    return opened(cast)


def joined(client, *rows, order, **chosen):
    """The rows taken in, each ticked as the same matter as the order."""
    shown = upload(client, *rows)
    data = {f"same-{r[0]}": str(order.id) for r in rows} | {f"place-{k}": v for k, v in chosen.items()}
    return client.post(f"{shown.url}take/", data)


def ended(cast, order):
    """Whoever has the group's order ends its work."""
    order.refresh_from_db()
    by = cast.actor(cast.key_of(order.responsible_id))
    return orders.handle_order(by=by, order_id=order.id, words=DONE)


def test_the_order_of_the_same_matter_is_shown_beside_its_row_and_nothing_is_ticked(cast, centre, lift):
    answer = centre.get(upload(centre, LIFT, LAMP).url)
    page = text(answer)
    assert "有 1 件和我们正在办的很像" in page
    assert "同一件事：" in page
    assert lift.number in page
    raw = answer.content.decode()
    assert f'value="{lift.id}"' in raw
    assert f'value="{lift.id}" checked' not in raw


def test_unticked_it_is_an_order_of_its_own(cast, centre, lift):
    told = taken(centre, LIFT)
    assert "took=1&there=0&joined=0" in told.url
    assert Order.objects.count() == 2
    assert lift.voices.count() == 2


def test_ticked_the_caller_is_a_further_voice_and_the_order_has_number_and_the_earlier_deadline(cast, centre, lift):
    told = joined(centre, AGAIN, order=lift)
    assert "took=0&there=0&joined=1" in told.url
    assert Order.objects.count() == 1
    assert "1 件和正在办的是同一件事" in text(centre.get(told.url))
    before = lift.solve_due_at
    lift.refresh_from_db()
    assert (lift.voice_count, Outside.objects.get().order_id) == (3, lift.id)
    voice = Voice.objects.order_by("id").last()
    assert (voice.door, voice.name, voice.phone, voice.words) == ("hotline", "孙先生", "19000005566", AGAIN[2])
    due = datetime(2026, 3, 3, 12, tzinfo=clock.LOCAL)
    assert before > due
    assert (lift.solve_due_at, Clock.objects.get(order=lift, name="solve").due_at) == (due, due)
    assert Clock.objects.get(order=lift, name="answer").due_at == lift.answer_due_at < due
    assert AGAIN[0] in text(sign_in(cast, "li_min").get(f"/desk/hotline/{lift.id}/"))


def test_a_later_deadline_of_the_hotline_leaves_ours(cast, centre, lift):
    before = lift.solve_due_at
    joined(centre, [*AGAIN[:4], "2026-03-30 12:00"], order=lift)
    lift.refresh_from_db()
    assert lift.solve_due_at == before
    assert Outside.objects.get().due_at == datetime(2026, 3, 30, 12, tzinfo=clock.LOCAL)


def test_an_earlier_deadline_turns_the_light_when_it_comes(cast, at, centre, lift):
    joined(centre, [*AGAIN[:4], "2026-03-02 14:00"], order=lift)
    orders.answer_order(by=SYSTEM, order_id=lift.id, words="已联系维保，技术员在路上。")
    at.set(datetime(2026, 3, 2, 14, 1, tzinfo=clock.LOCAL))
    while orders.advance_clocks():
        pass
    lift.refresh_from_db()
    assert lift.light == "red"


def test_its_result_is_carried_back_from_the_groups_order_under_each_number(cast, centre, lift):
    joined(centre, LIFT, AGAIN, order=lift)
    assert "没有正在办的" not in text(centre.get("/desk/hotline/?view=open"))
    assert "都回填了" in text(centre.get("/desk/hotline/"))
    ended(cast, lift)
    page = text(centre.get("/desk/hotline/"))
    assert f"【{LIFT[0]}】已办好" in page
    assert f"【{AGAIN[0]}】已办好" in page
    assert not any(secret in page for secret in ("周女士", "孙先生", "19000005566"))
    assert centre.post(f"/desk/hotline/{lift.id}/carried/", {"number": AGAIN[0]}).status_code == 204
    page = text(centre.get("/desk/hotline/"))
    assert f"【{LIFT[0]}】已办好" in page
    assert f"【{AGAIN[0]}】" not in page
    centre.post("/desk/hotline/carried/", {"order": [str(lift.id)]})
    assert "都回填了" in text(centre.get("/desk/hotline/"))
    assert set(Outside.objects.values_list("carried_by", flat=True)) == {cast.account["yu_tao"].id}


def test_the_same_number_again_adds_no_voice_twice(cast, centre, lift):
    joined(centre, AGAIN, order=lift)
    again = joined(centre, AGAIN, order=lift)
    assert "took=0&there=1&joined=0" in again.url
    assert lift.voices.count() == 3
    assert Event.objects.filter(verb="channels.take_sheet").count() == 1


def test_an_order_that_ended_meanwhile_is_not_joined_in_silence(cast, centre, lift):
    shown = upload(centre, AGAIN, LAMP)
    ended(cast, lift)
    refused = centre.post(f"{shown.url}take/", {f"same-{AGAIN[0]}": str(lift.id)})
    assert refused.status_code == 422
    assert "要并到的那一件已经变了" in text(refused)
    assert not Outside.objects.exists()


def test_another_place_another_thing_and_what_is_confidential_are_not_proposed(cast, centre, lift):
    other = ["RX3", "", "电梯坏了", "锦绣苑7号楼", ""]
    lamp = ["RX4", "", "楼道灯不亮", "锦绣苑3号楼2单元", ""]
    secret = ["RX5", "", "网格社工小李态度恶劣，说电梯坏了也不管", "锦绣苑3号楼2单元", ""]
    assert "很像" not in text(centre.get(upload(centre, other, lamp, secret).url))
    Order.objects.filter(id=lift.id).update(confidential=True)
    assert "很像" not in text(centre.get(upload(centre, LIFT).url))


def test_an_order_that_was_not_proposed_cannot_be_ticked(cast, centre, lift):
    draft = Draft(kind="repair", stamp=stamp_of_building(cast.building["jx3"]), voice=VoiceDraft(words="灯坏了"), thing="路灯")
    lamp = orders.open_order(by=SYSTEM, draft=draft)
    shown = upload(centre, LIFT)
    assert centre.post(f"{shown.url}take/", {f"same-{LIFT[0]}": str(lamp.id)}).status_code == 422
    assert lamp.voices.count() == 1


def test_the_front_desk_joins_too_and_others_do_not(cast, at, lift):
    joined(sign_in(cast, "lu_xin"), AGAIN, order=lift)
    assert lift.voices.count() == 3
    assert upload(sign_in(cast, "li_min"), LIFT).status_code == 403


def test_pasted_slips_are_shown_field_by_field_and_taken(cast, centre, lift):
    shown = centre.post("/desk/hotline/paste/", {"text": f"{SLIP}\n\n{SECOND}"})
    page = text(centre.get(shown.url))
    assert not Outside.objects.exists()
    for part in ("新的 2 件", LIFT[0], "周女士", "190****7788", "物业管理", "承办：锦绣社区", "回访要求：办结后回访", "同一件事"):
        assert part in page, part
    assert "19000007788" not in page
    assert "电梯" not in str(HotlineSheet.objects.values_list("name", flat=True))
    told = centre.post(f"{shown.url}take/", {f"same-{LIFT[0]}": str(lift.id)})
    assert "took=1&there=0&joined=1" in told.url
    assert set(Outside.objects.values_list("number", flat=True)) == {LIFT[0], "RX-2"}
    assert Outside.objects.get(number=LIFT[0]).unit == "锦绣社区"


def test_a_text_without_a_slip_comes_back_with_what_was_written(cast, centre):
    refused = centre.post("/desk/hotline/paste/", {"text": "电梯坏了，请派人"})
    assert refused.status_code == 422
    assert "没有认出工单" in text(refused)
    assert "电梯坏了，请派人" in text(refused)
    assert not HotlineSheet.objects.exists()


def test_a_slip_of_paper_is_typed_with_its_photo_and_nothing_is_read_from_it(cast, centre):
    page = text(centre.get("/desk/hotline/paste/?blank=1"))
    assert "工单编号：" in page
    assert "系统不从照片里认字" in page
    photo = SimpleUploadedFile("slip.jpg", picture())
    shown = centre.post("/desk/hotline/paste/", {"text": SLIP, "typed": "1", "photos": [photo]})
    assert "照片 1 张" in text(centre.get(shown.url))
    centre.post(f"{shown.url}take/")
    assert len(Voice.objects.get().blob_ids) == 1


def test_a_photo_belongs_to_one_slip(cast, centre):
    refused = centre.post("/desk/hotline/paste/", {"text": f"{SLIP}\n\n{SECOND}", "photos": [SimpleUploadedFile("a.jpg", picture())]})
    assert refused.status_code == 422
    assert "照片要和一件工单配在一起" in text(refused)


@pytest.mark.parametrize("key", ["li_min", "zhou", "ge_jun"])
def test_others_paste_nothing(cast, at, key):
    client = sign_in(cast, key)
    assert client.get("/desk/hotline/paste/").status_code == 403
    assert client.post("/desk/hotline/paste/", {"text": SLIP}).status_code == 403


def test_no_caller_and_no_word_stands_in_an_event(cast, centre, lift):
    joined(centre, AGAIN, NOWHERE, order=lift, **{NOWHERE[0]: str(lift.community_id)})
    told = str(list(Event.objects.values_list("facts", flat=True)))
    assert not any(secret in told for secret in ("孙先生", "19000005566", "电梯", AGAIN[0]))


THIRD = ["RX20260302001001", "2026-03-02 09:55", "3号楼2单元的电梯坏了，几点能修好", "锦绣苑3号楼2单元", "2026-03-02 18:00", "物业管理", "吴先生", "19000002233"]


def ticked(client, *rows, **same):
    shown = upload(client, *rows)
    return client.post(f"{shown.url}take/", {f"same-{k}": v for k, v in same.items()})


def test_an_earlier_row_of_the_same_file_is_shown_and_nothing_is_ticked(cast, centre):
    answer = centre.get(upload(centre, LIFT, LAMP, AGAIN).url)
    page = text(answer)
    assert "这份里有 1 件和前面的很像" in page and f"这份里前面的 {LIFT[0]}" in page and "和我们正在办的很像" not in page
    assert f'value="row:{LIFT[0]}"' in answer.content.decode() and f'value="row:{LIFT[0]}" checked' not in answer.content.decode()
    told = taken(centre, LIFT, LAMP, AGAIN)
    assert "took=3&there=0&joined=0" in told.url and Order.objects.count() == 3


def test_ticked_three_calls_are_one_order_with_three_numbers_and_the_earliest_deadline(cast, centre):
    told = ticked(centre, LIFT, AGAIN, THIRD, **{AGAIN[0]: f"row:{LIFT[0]}", THIRD[0]: f"row:{AGAIN[0]}"})
    assert "took=1&there=0&joined=2" in told.url
    order = Order.objects.get()
    assert order.voice_count == 3 and set(Outside.objects.values_list("number", "order_id")) == {(r[0], order.id) for r in (LIFT, AGAIN, THIRD)}
    assert clock.local(order.solve_due_at) == datetime(2026, 3, 2, 18, tzinfo=clock.LOCAL)
    assert Event.objects.filter(verb="channels.take_sheet", facts__joined=True).count() == 2
    again = taken(centre, LIFT, AGAIN, THIRD)
    assert "took=0&there=3&joined=0" in again.url and Order.objects.count() == 1


def test_a_row_that_joins_an_order_of_ours_takes_those_behind_it_along(cast, centre, lift):
    told = ticked(centre, LIFT, AGAIN, **{LIFT[0]: str(lift.id), AGAIN[0]: f"row:{LIFT[0]}"})
    assert "took=0&there=0&joined=2" in told.url and Order.objects.count() == 1 and lift.voices.count() == 4


@pytest.mark.parametrize("value", ["row:RX0", f"row:{LAMP[0]}", f"row:{AGAIN[0]}", "row:", "nonsense"])
def test_what_is_not_proposed_cannot_be_ticked(cast, centre, value):
    shown = upload(centre, LAMP, LIFT, AGAIN)
    answer = centre.post(f"{shown.url}take/", {f"same-{LIFT[0]}": value})
    assert answer.status_code == 422 and "已经变了" in text(answer) and not Order.objects.exists()
    assert "took=3" in centre.post(f"{shown.url}take/").url, "nothing is lost"


def test_what_is_here_already_or_secret_is_nobody_s_twin(cast, centre):
    taken(centre, LIFT)
    secret = ["RX20260302001002", "2026-03-02 09:00", "3号楼2单元有人聚众赌博", "锦绣苑3号楼2单元", "", "", "", ""]
    page = text(centre.get(upload(centre, LIFT, AGAIN, secret, [*secret[:0], "RX20260302001003", *secret[1:]]).url))
    assert "这份里有" not in page and "有 1 件和我们正在办的很像" in page


def test_five_hundred_rows_are_compared_in_one_look(cast, centre, django_assert_max_num_queries):
    shown = upload(centre, *[[f"RX2026030200{n:04d}", *LIFT[1:]] for n in range(500)])
    with django_assert_max_num_queries(30):
        assert "这份里有 499 件和前面的很像" in text(centre.get(shown.url))
