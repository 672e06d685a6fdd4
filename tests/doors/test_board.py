"""The board of the command centre: figures that add up to their denominators, places and clauses, never a person."""

from datetime import timedelta

import pytest

from linli.doors import desk_board
from linli.orders import actions
from linli.orders.models import Order
from tests.desk import HTMX, opened, sign_in, text

GOOD = "控制板烧坏了，维修师傅已到，今天下午五点前换好"


@pytest.fixture
def town(cast, at):
    """Two in the pool, one appeal in hand, one waiting for money, one warned, one report claimed."""
    for building in ("jx3", "hp1"):
        opened(cast, building, thing="路灯", procedure="pool", unit="")
    opened(cast, "jx3")
    waits = opened(cast, "jx5", thing="围墙")
    actor = cast.actor(cast.key_of(waits.responsible_id))
    actions.answer_order(by=actor, order_id=waits.id, words=GOOD)
    row = actions.request_pause(by=actor, order_id=waits.id, waits_for="money", until=at.at + timedelta(days=20), words="等维修资金")
    actions.grant_request(by=cast.actor("zhao_hui"), request_id=row.id)
    warned = opened(cast, "jx5", thing="停车争执", kind="dispute", procedure="early_warning")
    given = actions.Given(words="两栋楼为停车起了争执", seriousness=3, difficulty=3)
    actions.pass_step(by=cast.actor("ge_jun"), order_id=warned.id, outcome="", given=given)
    eye = opened(cast, thing="乱倒垃圾", kind="sanitation", procedure="golden_eye")
    actions.claim_order(by=cast.actor("li_min"), order_id=eye.id)
    return cast


def test_every_part_adds_up_to_what_is_open(town, at):
    board = desk_board.figures(town.actor("yu_tao"))
    assert board.open == 6 == sum(n for _, n, *_ in board.by_light) == sum(n for _, n, *_ in board.by_state)
    assert board.open == sum(p.open for p in board.by_place) == sum(n for _, n, *_ in board.by_kind)
    assert (board.pooled, board.waiting, board.red, board.stuck) == (2, 1, 0, 0)
    assert ("问题流转 · 待领办", 2) in board.by_step and [line.note for line in board.warned] == ["1 级"]
    assert [p.name for p in board.by_place] == ["和平街道", "锦绣街道"] and sum(board.opened) == 6


def test_a_head_has_her_community_and_a_leader_her_street(town, at):
    assert desk_board.figures(town.actor("zhao_hui")).open == 5
    assert desk_board.figures(town.actor("yan_hui")).open == 1
    assert [p.name for p in desk_board.figures(town.actor("cao_wei")).by_place] == ["锦绣苑社区"]


def test_what_nobody_claimed_and_what_is_stuck_stands_by_itself(town, at):
    at.move(days=3)
    while actions.advance_clocks():
        pass
    board = desk_board.figures(town.actor("yu_tao"))
    assert board.pooled == 0, "after a day the centre has dispatched them"
    assert board.stuck == len(board.stuck_rows) > 0 and all(line.order.light == "red" for line in board.stuck_rows)


def test_a_confidential_matter_counts_only_for_who_may_know(town, at):
    before = desk_board.figures(town.actor("yu_tao")).open
    opened(town, kind="illegal_building", thing="加盖")
    assert Order.objects.filter(confidential=True).exists()
    assert desk_board.figures(town.actor("yu_tao")).open == before
    assert desk_board.figures(town.actor("cao_wei")).open == 6


def test_no_person_stands_on_it(town, at):
    for path in ("/desk/board/", "/desk/board/screen/"):
        page = text(sign_in(town, "cao_wei").get(path)).replace("曹伟", "")
        for account in town.account.values():
            assert account.name not in page.split("工单的各个页面")[-1] or account.name in "曹伟", account.name


def test_every_figure_has_its_denominator_and_leads_to_its_orders(town, at):
    yu = sign_in(town, "yu_tao")
    page = yu.get("/desk/board/")
    assert "待领办 2 / 6 件" in text(page) and "其中超时 0 / 6 件" in text(page)
    assert 'href="/desk/orders/?state=pooled"' in page.content.decode() and 'href="/desk/orders/?light=red"' in page.content.decode()
    live = yu.get("/desk/board/", headers=HTMX | {"HX-Target": "board"})
    assert "<html" not in live.content.decode() and "每 20 秒自动更新" in text(live)


def test_who_coordinates_looks_and_nobody_else(town, at):
    for key, status in (("yu_tao", 200), ("zhao_hui", 200), ("ge_jun", 200), ("li_min", 403), ("shi_qiang", 403), ("he_feng", 403)):
        for path in ("/desk/board/", "/desk/board/screen/"):
            assert sign_in(town, key).get(path).status_code == status, (key, path)
    assert "看板" not in text(sign_in(town, "li_min").get("/desk/tasks/"))
