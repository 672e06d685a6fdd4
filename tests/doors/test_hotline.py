"""12345 at the desk: a file becomes orders with the outside number and deadline, once; results are carried back, honestly
and without a caller's name."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections
from openpyxl import load_workbook

from linli.channels.hotline import actions as hotline
from linli.channels.models import HotlineSheet, Outside
from linli.kernel import clock
from linli.ledger.models import Event
from linli.orders import actions as orders
from linli.orders.models import Clock, Order, Voice
from tests.channels.test_hotline import HEAD, LIFT, csv, xlsx
from tests.desk import sign_in, text

LAMP = ["RX20260302000456", "2026-03-02 09:00", "柳堤路的路灯不亮三天了", "柳堤路", "2026-03-04", "市政设施", "", ""]
NOWHERE = ["RX20260302000789", "2026-03-02 09:10", "楼道里堆满了杂物", "", "", "市容", "", ""]
DONE = "周女士您好，电梯主板已换，3月3日15:00恢复运行，回访电话19000007788。"


@pytest.fixture
def centre(cast, at):
    """俞涛 at the cloud platform's centre."""
    return sign_in(cast, "yu_tao")


def upload(client, *rows, name="转办单.xlsx"):
    data = xlsx(HEAD, *rows) if name.endswith("xlsx") else csv(HEAD, *rows)
    return client.post("/desk/hotline/file/", {"file": SimpleUploadedFile(name, data)})


def taken(client, *rows, **chosen):
    shown = upload(client, *rows)
    assert shown.status_code == 302, text(shown)
    return client.post(f"{shown.url}take/", {f"place-{k}": v for k, v in chosen.items()})


def handled(cast, number=LIFT[0], words=DONE, outcome="done", **given):
    """Whoever is responsible ends the work; the order waits to be carried back."""
    order = Order.objects.get(id=Outside.objects.get(number=number).order_id)
    by = cast.actor(cast.key_of(order.responsible_id))
    return orders.pass_step(by=by, order_id=order.id, outcome=outcome, given=orders.Given(words=words, **given))


def test_a_file_is_shown_row_by_row_before_anything_is_opened(cast, centre):
    shown = centre.get(upload(centre, LIFT, LAMP, NOWHERE, ["", *LIFT[1:]]).url)
    page = text(shown)
    assert "新的 3 件" in page
    assert "锦绣苑3号楼2单元" in page
    assert "有 1 件看不出是哪个社区" in page
    assert "第 5 行 没有工单编号。" in page
    assert not Order.objects.exists()
    assert LIFT[2] not in HotlineSheet.objects.values_list("name", flat=True)


def test_rows_become_orders_of_the_procedure_with_number_deadline_and_sealed_caller(cast, centre):
    there = taken(centre, LIFT, LAMP)
    assert "took=2" in there.url
    lift, lamp = (Order.objects.get(id=Outside.objects.get(number=n).order_id) for n in (LIFT[0], LAMP[0]))
    assert (lift.procedure, lift.door, lift.building_id, lift.unit) == ("hotline", "hotline", cast.building["jx3"].id, "2单元")
    assert lift.responsible_id == cast.account["li_min"].id
    assert lamp.community_id == cast.community["liudi"].id
    assert lift.solve_due_at == datetime(2026, 3, 5, 17, tzinfo=clock.LOCAL)
    assert Clock.objects.get(order=lamp, name="solve").due_at == datetime(2026, 3, 4, 23, 59, tzinfo=clock.LOCAL)
    voice = Voice.objects.get(order=lift)
    assert (voice.name, voice.phone, voice.words) == ("周女士", "19000007788", LIFT[2])
    assert HotlineSheet.objects.get().rows == ""


def test_the_same_number_again_changes_nothing(cast, centre):
    taken(centre, LIFT)
    handled(cast)
    before = list(Order.objects.values()), list(Outside.objects.values()), list(Voice.objects.values_list("id", flat=True))
    again = taken(centre, [LIFT[0], LIFT[1], "别的内容", "柳堤路", "2026-03-20"], LAMP)
    assert "took=1&there=1" in again.url
    order = Order.objects.get(id=Outside.objects.get(number=LIFT[0]).order_id)
    assert [o for o in Order.objects.values() if o["id"] == order.id] == before[0]
    assert [o for o in Outside.objects.values() if o["number"] == LIFT[0]] == before[1]
    assert set(before[2]) == set(order.voices.values_list("id", flat=True))


def test_a_sheet_is_taken_once_by_its_own_reader(cast, centre):
    shown = upload(centre, LIFT)
    assert sign_in(cast, "lu_xin").post(f"{shown.url}take/").status_code == 404
    assert centre.post(f"{shown.url}take/").status_code == 302
    assert centre.post(f"{shown.url}take/").status_code == 409
    assert Order.objects.count() == 1


def test_a_row_without_a_place_waits_for_its_reader_and_nothing_is_taken_till_then(cast, centre):
    shown = upload(centre, LAMP, NOWHERE)
    refused = centre.post(f"{shown.url}take/")
    assert refused.status_code == 422
    assert "第 3 行还没有选社区" in text(refused)
    assert not Order.objects.exists()
    centre.post(f"{shown.url}take/", {f"place-{NOWHERE[0]}": str(cast.community["heping"].id)})
    assert Order.objects.get(id=Outside.objects.get(number=NOWHERE[0]).order_id).community_id == cast.community["heping"].id


def test_the_front_desk_takes_in_for_its_community_only(cast, at):
    desk = sign_in(cast, "lu_xin")
    taken(desk, NOWHERE)
    assert Order.objects.get().community_id == cast.community["jinxiu"].id
    shown = upload(desk, LAMP)
    desk.post(f"{shown.url}take/", {f"place-{LAMP[0]}": str(cast.community["liudi"].id)})
    assert set(Order.objects.values_list("community_id", flat=True)) == {cast.community["jinxiu"].id}


@pytest.mark.parametrize("key", ["li_min", "zhou", "ge_jun"])
def test_others_have_nothing_to_do_with_the_hotline(cast, at, key):
    client = sign_in(cast, key)
    assert client.get("/desk/hotline/").status_code == 403
    assert upload(client, LIFT).status_code == 403
    assert client.get("/desk/hotline/back.xlsx").status_code == 403


def test_a_result_waits_to_be_carried_back_without_the_callers_name(cast, centre):
    taken(centre, LIFT)
    order = handled(cast)
    assert (order.step, order.is_open) == ("reply", True)
    page = text(centre.get("/desk/hotline/"))
    assert f"【{LIFT[0]}】已办好" in page
    assert "电梯主板已换" in page
    assert "周女士" not in page
    assert "19000007788" not in page
    assert centre.post(f"/desk/hotline/{order.id}/carried/").status_code == 204
    order.refresh_from_db()
    assert (order.state, order.step) == ("handled", "rate")
    assert Outside.objects.get().carried_by == cast.account["yu_tao"].id
    assert "都回填了" in text(centre.get("/desk/hotline/"))
    assert centre.post(f"/desk/hotline/{order.id}/carried/").status_code == 204
    assert Event.objects.filter(verb="channels.carry_back").count() == 1


def test_nothing_is_carried_before_there_is_a_result_nor_by_the_front_desk(cast, centre):
    taken(centre, LIFT)
    order = Order.objects.get()
    assert centre.post(f"/desk/hotline/{order.id}/carried/").status_code == 409
    handled(cast)
    desk = sign_in(cast, "lu_xin")
    assert "由云平台中心回填" in text(desk.get("/desk/hotline/"))
    assert desk.post(f"/desk/hotline/{order.id}/carried/").status_code == 403
    assert Outside.objects.get().carried_at is None


def test_an_honest_no_is_carried_back_as_what_it_is(cast, centre):
    taken(centre, LIFT)
    handled(cast, words="加装第二部电梯不在本社区职权内，请向区住建局申请。", outcome="beyond", law="《物业管理条例》第五条")
    order = Order.objects.get()
    assert order.step == "work"
    asked = order.requests.get(state="open")
    orders.grant_request(by=cast.actor("zhao_hui"), request_id=asked.id)
    page = text(centre.get("/desk/hotline/"))
    assert f"【{LIFT[0]}】超出职权" in page
    assert "《物业管理条例》第五条" in page


def test_a_voided_order_is_owed_to_the_platform_as_well(cast, centre):
    taken(centre, LIFT)
    order = Order.objects.get()
    orders.void_order(by=cast.actor("zhao_hui"), order_id=order.id, words="经核实是误转，该小区不在本区。")
    assert f"【{LIFT[0]}】作废" in text(centre.get("/desk/hotline/"))
    centre.post(f"/desk/hotline/{order.id}/carried/")
    assert "都回填了" in text(centre.get("/desk/hotline/"))


def test_a_merged_order_is_carried_back_with_the_end_of_the_one_it_became(cast, centre):
    taken(centre, LIFT, [NOWHERE[0], "", "电梯又停了", "锦绣苑3号楼2单元"])
    first, second = (Order.objects.get(id=Outside.objects.get(number=n).order_id) for n in (LIFT[0], NOWHERE[0]))
    orders.merge_orders(by=cast.actor("zhao_hui"), order_ids=[second.id], into=first.id)
    assert "都回填了" in text(centre.get("/desk/hotline/"))
    handled(cast)
    page = text(centre.get("/desk/hotline/"))
    assert f"【{LIFT[0]}】已办好" in page
    assert f"【{NOWHERE[0]}】已办好" in page


def test_opened_again_and_done_again_it_is_carried_back_again(cast, centre):
    taken(centre, LIFT)
    order = handled(cast)
    hotline.carry_back(by=cast.actor("yu_tao"), order_id=order.id)
    orders.rate_order(by=cast.actor("zhao_hui"), order_id=order.id, voice_id=order.voices.get().id, rating="unsolved", how="phone")
    assert "都回填了" in text(centre.get("/desk/hotline/"))
    handled(cast, words="又换了门机，已恢复运行，物业每天看一次。")
    assert "又换了门机" in text(centre.get("/desk/hotline/"))


def test_the_file_for_upload_holds_what_is_owed_and_no_caller(cast, centre):
    taken(centre, LIFT, LAMP)
    handled(cast)
    page = load_workbook(BytesIO(centre.get("/desk/hotline/back.xlsx").content)).active
    rows = [[c.value for c in row] for row in page.iter_rows()]
    assert rows[0][:3] == ["工单编号", "办理结果", "答复内容"]
    assert rows[1][:2] == [LIFT[0], "已办好"]
    assert "周女士" not in str(rows)
    assert "19000007788" not in str(rows)
    assert "俞涛" in str(rows[-1])
    assert Event.objects.filter(verb="orders.export_orders").count() == 1
    told = centre.post("/desk/hotline/carried/", {"order": [str(Outside.objects.get(number=LIFT[0]).order_id)]})
    assert "1 件记为已回填" in text(centre.get(told.url))


def test_words_against_our_own_people_take_the_road_of_a_complaint(cast, centre):
    taken(centre, ["RX9", "", "网格社工小李态度恶劣，爱理不理", "锦绣苑3号楼", "2026-03-05"])
    order = Order.objects.get()
    assert (order.kind, order.procedure, order.confidential) == ("complaint", "complaint", True)
    assert LIFT[0] not in text(sign_in(cast, "zhao_hui").get("/desk/hotline/?view=all"))
    assert "RX9" not in text(sign_in(cast, "zhao_hui").get("/desk/hotline/?view=all"))


def test_a_sensitive_matter_keeps_its_two_hours_and_whoever_has_it_carries_its_result(cast, centre):
    taken(centre, ["RX10", "", "楼上302有人在搞传销，天天有人进出上课", "锦绣苑3号楼", "2026-03-05"])
    order = Order.objects.get()
    assert (order.confidential, order.procedure) == (True, "sensitive")
    assert order.answer_due_at == datetime(2026, 3, 2, 12, tzinfo=clock.LOCAL)
    key = cast.key_of(order.responsible_id)
    orders.handle_order(by=cast.actor(key), order_id=order.id, words="已会同派出所清查，3月2日已经取缔。")
    assert "RX10" not in text(centre.get("/desk/hotline/"))
    client = sign_in(cast, key)
    assert "【RX10】已办好" in text(client.get(f"/desk/hotline/{order.id}/"))
    assert client.post(f"/desk/hotline/{order.id}/carried/").status_code == 204


def test_the_orders_page_tells_the_outside_number_and_deadline(cast, centre):
    taken(centre, LIFT)
    order = Order.objects.get()
    line = text(sign_in(cast, "li_min").get(f"/desk/hotline/{order.id}/"))
    assert f"12345 工单 {LIFT[0]}" in line
    assert "物业管理" in line
    assert f"/desk/hotline/{order.id}/" in sign_in(cast, "li_min").get(f"/desk/orders/{order.id}/").content.decode()


def test_no_caller_and_no_word_stands_in_an_event(cast, centre):
    taken(centre, LIFT)
    handled(cast)
    centre.post(f"/desk/hotline/{Order.objects.get().id}/carried/")
    told = str(list(Event.objects.values_list("facts", flat=True)))
    assert not any(secret in told for secret in ("周女士", "19000007788", "电梯", LIFT[0]))


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_the_same_number_in_two_files_at_the_same_moment_is_one_order(cast, at):
    client, other = sign_in(cast, "yu_tao"), sign_in(cast, "lu_xin")
    urls = [upload(c, LIFT, [f"RX-{n}", *LIFT[1:]]).url for n, c in enumerate((client, other))]
    together = threading.Barrier(2)

    def take(c, url):
        together.wait()
        try:
            return c.post(f"{url}take/").status_code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(take, (client, other), urls)) == [302, 302]
    assert sorted(Outside.objects.values_list("number", flat=True)) == ["RX-0", "RX-1", LIFT[0]]
    assert Order.objects.count() == 3
