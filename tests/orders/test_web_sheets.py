"""Every list of the desk as xlsx: one mechanism, one mark, one record, and nobody's name but the viewer's."""

from io import BytesIO

import pytest
from openpyxl import load_workbook

from linli.kernel.actors import SYSTEM
from linli.ledger.models import Event
from linli.orders import actions
from linli.ui.sheets import Sheet, book
from tests.desk import opened, sign_in
from tests.insight.test_cells import settle

pytestmark = pytest.mark.django_db
LISTS = ("/desk/hall/export/", "/desk/tasks/export/", "/desk/requests/export/", "/desk/watch/export/")


def cells(response):
    """(first line, all rows) of the first sheet."""
    assert response.status_code == 200 and response["Content-Disposition"].startswith("attachment")
    rows = list(load_workbook(BytesIO(response.content), read_only=True).worksheets[0].iter_rows(values_only=True))
    return rows[0][0], rows


@pytest.fixture
def full(cast, at):
    """Something in each list of 李敏 and 赵慧; one of it is confidential."""
    pooled = opened(cast, procedure="golden_eye", kind="sanitation")
    mine = opened(cast)
    actions.request_extension(by=cast.actor("li_min"), order_id=mine.id, clock_name="solve", amount=60, words="等厂家来人")
    actions.supervise_order(by=cast.actor("cao_wei"), order_id=mine.id, words="请今天有结果")
    secret = opened(cast, kind="abuse", thing="打人")
    return {"pooled": pooled, "mine": mine, "secret": secret}


@pytest.mark.parametrize(("path", "who", "key", "part"), [
    (LISTS[0], "zhao_hui", "pooled", "等着领办"), (LISTS[1], "li_min", "mine", "等我答复"),
    (LISTS[2], "zhao_hui", "mine", "等我定的"), (LISTS[3], "cao_wei", "mine", "我发出的，还没答复"),
])  # fmt: skip
def test_each_list_holds_its_orders_marked_and_recorded(cast, full, path, who, key, part):
    mark, rows = cells(sign_in(cast, who).get(path))
    assert cast.account[who].name in mark and "导出" in mark and "请勿外传" in mark
    order = full[key]
    wanted = [r for r in rows if r[0] == part]
    number = order.number if path != LISTS[3] else wanted[0][1]
    assert [r for r in wanted if r[1] == number or order.number in r]
    recorded = Event.objects.filter(verb="orders.export_orders")
    assert recorded.count() == len({r[1] for r in rows[2:]}) > 0
    assert {e.actor_id for e in recorded} == {cast.account[who].id}


def test_no_list_names_a_colleague_or_a_confidential_matter(cast, full):
    names = {a.name for a in cast.account.values() if a.name}
    for who in ("li_min", "zhao_hui", "cao_wei"):
        for path in LISTS:
            mark, rows = cells(sign_in(cast, who).get(path))
            words = {str(c) for r in rows[1:] for c in r if c is not None}
            assert not words & names, (who, path)
            assert full["secret"].number not in words
    hers = cast.key_of(full["secret"].responsible_id)
    mark, rows = cells(sign_in(cast, hers).get("/desk/tasks/export/"))
    assert "另有 1 件涉密工单没有导出" in mark


def test_whose_posts_take_no_list_out_is_refused_and_nothing_is_recorded(cast, full):
    for path in LISTS:
        assert sign_in(cast, "shi_qiang").get(path).status_code == 403
        assert sign_in(cast, "zhou").get(path).status_code == 403
    assert not Event.objects.filter(verb="orders.export_orders").exists()


def test_the_months_table_and_the_clauses_leave_with_their_denominators(cast, at, deliver):
    order = opened(cast)
    actions.answer_order(by=SYSTEM, order_id=order.id, words="电梯控制板下午换好，五点恢复")
    settle(deliver)
    client = sign_in(cast, "cao_wei")
    mark, rows = cells(client.get("/desk/figures/export/?month=2026-03"))
    assert cast.account["cao_wei"].name in mark
    titles = rows[2]
    total = dict(zip(titles, rows[-1], strict=True))
    assert (total["受理（件）"], total["按时答复（件）"], total["按时答复的总数（件）"], total["按时答复率"]) == (1, 1, 1, "100%")
    _, rows = cells(client.get("/desk/figures/clauses/export/?month=2026-03"))
    line = next(r for r in rows if r[0] == "WXQ-4.2")
    assert line[2:5] == (1, 1, "100%")
    facts = [e.facts["table"] for e in Event.objects.filter(verb="insight.export_figures").order_by("id")]
    assert facts == ["figures", "clauses"]
    assert sign_in(cast, "shi_qiang").get("/desk/figures/export/").status_code == 403


def test_a_long_list_goes_on_on_further_sheets_and_no_text_is_a_formula():
    data = book([Sheet("工单", [("事项", 10)], [["=1+1"]] * 2001)], ["某人 · 导出"])
    made = load_workbook(BytesIO(data), read_only=True)
    assert made.sheetnames == ["工单1", "工单2"]
    rows = list(made.worksheets[1].iter_rows(values_only=True))
    assert rows == [("某人 · 导出",), ("事项",), ("'=1+1",)]
