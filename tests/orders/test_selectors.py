"""Lists of orders: the same as the access rule says, page by page, in few statements, by the right index."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from linli.kernel import clock, ids
from linli.kernel.errors import NotFound
from linli.orders import access, actions, selectors
from linli.orders.filters import ALL, LIGHTS, Filters, parse
from linli.orders.models import Clock, Order
from tests.desk import opened, sign_in

DESKS = (
    "li_min", "wang_fang", "zhao_hui", "han_mei", "xu_jing", "lu_xin", "cao_wei", "xie_lin", "hua_yu", "ge_jun", "qi_yue",
    "yu_tao", "yuan_qing", "shi_qiang", "fang_zheng", "lian_feng", "chu_weimin", "admin", "audit", "lang_yue",
)  # fmt: skip


def many(cast, number=60):
    """Orders over all communities, kinds and lights, some closed, some confidential, as a year would leave them."""
    grids = [g for g in cast.grid.values()]
    now = clock.now()
    workers = [cast.account[k].id for k in ("li_min", "sun_li", "wei_na", "shi_qiang")]
    rows = []
    for n in range(number):
        grid = grids[n % len(grids)]
        is_open = n % 3 != 0
        secret = n % 11 == 0
        rows.append(
            Order(
                id=ids.new(), number=f"T-{n:06d}", kind="vice" if secret else ("repair", "noise", "parking")[n % 3],
                category=("property", "environment")[n % 2], procedure="group_appeal", clause="WXQ-4.2",
                door=("group", "relay", "phone")[n % 3], confidential=secret, title=f"第{n}件", thing=("电梯", "路灯")[n % 2],
                street_id=grid.street_id, community_id=grid.community_id, grid_id=grid.id, place_text=grid.name,
                responsible_id=workers[n % 4], opened_at=now - timedelta(minutes=n), local_day=clock.local_day(now),
                due_at=now + timedelta(minutes=(n * 7) % 50), solve_due_at=now + timedelta(days=1),
                state="working" if is_open else "closed", is_open=is_open, light=LIGHTS[n % 4] if is_open else "none",
                history=not is_open and n % 2 == 0,
            )
        )  # fmt: skip
    Order.objects.bulk_create(rows)
    return rows


def pages(actor, filters, area=None, limit=7):
    """All pages of a list, one after the other."""
    after, found = "", []
    for _ in range(200):
        page = selectors.list_orders(actor, Filters(**{**filters, "after": after}), area, limit=limit)
        found += page.rows
        if not page.next:
            return found
        assert len(page.rows) == limit
        after = page.next
    raise AssertionError("the pages do not end")


@pytest.mark.parametrize("key", DESKS)
def test_a_list_holds_what_the_access_rule_says(cast, at, key):
    many(cast)
    actor = cast.actor(key)
    visible = {o.id for o in access.visible_to(actor)}
    mine = {o.id for o in Order.objects.filter(responsible_id=actor.id)}
    listed = {o.id for o in pages(actor, {"state": ALL})}
    assert listed <= visible
    told = {o.id for o in Order.objects.filter(confidential=True, kind__in=access.DEPARTMENTS)} if key == "fang_zheng" else set()
    assert visible - listed <= mine | told, "what lies outside her places stands under 只看交给我的; what a department knows of, in its notices"
    assert {o.id for o in pages(actor, {"state": ALL, "mine": True})} == mine


@pytest.mark.parametrize("filters", [
    {"state": "open"}, {"light": "red"}, {"light": "yellow", "kind": "noise"}, {"kind": "repair"}, {"state": "closed"},
    {"state": "history"}, {"state": ALL, "door": "relay"}, {"category": "property"}, {"state": "working", "door": "phone"},
])  # fmt: skip
def test_filters_find_the_same_as_looking_at_each(cast, at, filters):
    many(cast)
    wished = Filters(**filters)
    for key, area in (("cao_wei", None), ("yu_tao", None), ("cao_wei", cast.community["liudi"]), ("zhao_hui", cast.grid["jinxiu2"])):
        actor = cast.actor(key)
        found = pages(actor, filters, area)
        assert len({o.id for o in found}) == len(found), "no order stands on two pages"
        expected = {o.id for o in access.visible_to(actor) if fits(o, wished, area)}
        assert {o.id for o in found} == expected


def fits(order, f, area):
    if area and area.id not in (order.street_id, order.community_id, order.grid_id):
        return False
    states = {"open": order.is_open, "history": order.history, ALL: True}
    stands = states.get(f.state, order.state == f.state and not order.history)
    return stands and all(getattr(order, n) == getattr(f, n) for n in ("kind", "light", "door", "category") if getattr(f, n))


def test_open_orders_stand_worst_first_then_by_the_promise(cast, at):
    many(cast)
    found = pages(cast.actor("yu_tao"), {})
    keys = [(LIGHTS.index(o.light), o.due_at, o.id) for o in found]
    assert keys == sorted(keys)
    closed = pages(cast.actor("yu_tao"), {"state": "closed"})
    assert [o.id for o in closed] == sorted((o.id for o in closed), reverse=True)


def test_an_area_out_of_reach_is_empty(cast, at):
    many(cast)
    worker = cast.actor("li_min")
    assert selectors.list_orders(worker, Filters(area=cast.community["heping"].id), cast.community["heping"]).rows == []
    whole = selectors.list_orders(worker, Filters(state=ALL), cast.street["jinxiu"], limit=100).rows
    assert {o.grid_id for o in whole} == {cast.grid["jinxiu1"].id}


def test_counts_are_by_place_and_only_what_one_reads(cast, at):
    many(cast, 300)
    selectors._counts.clear()
    counts = selectors.open_counts(cast.actor("cao_wei"))
    here = Order.objects.filter(is_open=True, street_id=cast.street["jinxiu"].id)
    assert counts[cast.street["jinxiu"].id] == here.count()
    section = selectors.open_counts(cast.actor("xie_lin"))
    assert section[cast.street["jinxiu"].id] == here.filter(confidential=False).count() < here.count()
    assert counts[cast.grid["jinxiu2"].id] == here.filter(grid_id=cast.grid["jinxiu2"].id).count() > 0
    assert cast.street["heping"].id not in counts
    assert selectors.open_counts(cast.actor("shi_qiang")) == {}


def test_nothing_filters_or_sorts_by_a_person(cast, at):
    names = {n for n in Filters.__dataclass_fields__}
    assert not names & {"responsible", "responsible_id", "person", "worker", "account", "sort", "order"}
    person = str(cast.account["li_min"].id)
    assert parse({"responsible_id": person, "person": person, "sort": "responsible"}) == Filters()


@pytest.mark.parametrize("after", ["x", "1~2~3", "0~2026-01-01~", "9" * 100])
def test_a_broken_cursor_is_said_plainly(cast, at, after):
    many(cast, 5)
    with pytest.raises(NotFound):
        selectors.list_orders(cast.actor("yu_tao"), Filters(after=after))


def test_a_page_takes_at_most_ten_statements_however_many_rows(cast, at):
    client = sign_in(cast, "cao_wei")
    client.get("/desk/orders/")
    few = _statements(client, "/desk/orders/")
    many(cast, 5000)
    client.get("/desk/orders/")  # the calendars of its communities are read once and kept
    full = _statements(client, "/desk/orders/")
    assert len(full) <= 10, "\n".join(full)
    assert len(full) <= len(few) + 3
    for url in ("?kind=repair&light=red", f"?area={cast.community['liudi'].id}", "?mine=1", "?state=all", "?q=电梯"):
        client.get(f"/desk/orders/{url}")
        assert len(_statements(client, f"/desk/orders/{url}")) <= 10, url


def _statements(client, url):
    with CaptureQueriesContext(connection) as seen:
        assert client.get(url).status_code == 200
    return [q["sql"][:160] for q in seen.captured_queries]


def test_lists_read_their_indexes(cast, at):
    if connection.vendor != "sqlite":
        return  # the planner of an almost empty PostgreSQL table rightly reads all of it
    many(cast, 300)
    connection.cursor().execute("ANALYZE")
    for key, filters, area in (
        ("zhao_hui", {}, None), ("zhao_hui", {"light": "red", "kind": "noise"}, None), ("li_min", {}, None),
        ("zhao_hui", {"state": ALL}, None), ("cao_wei", {"state": ALL}, None), ("yu_tao", {}, None),
        ("cao_wei", {"light": "red"}, cast.community["liudi"]),
    ):  # fmt: skip
        with CaptureQueriesContext(connection) as seen:
            selectors.list_orders(cast.actor(key), Filters(**filters), area)
        sql = seen.captured_queries[-1]["sql"]
        plan = connection.cursor().execute(f"EXPLAIN QUERY PLAN {sql}").fetchall()
        lines = [row[-1] for row in plan if "orders_order" in row[-1]]
        assert lines and not [x for x in lines if x.startswith("SCAN") and "INDEX" not in x], plan


def test_similar_orders_tell_how_they_ended(cast, at):
    old = opened(cast, "jx3", thing="电梯")
    li = cast.actor("li_min")
    actions.handle_order(by=li, order_id=old.id, words="控制板换好了，试乘过三次")
    other = opened(cast, "jx5", thing="电梯")
    opened(cast, "jx3", thing="路灯")
    here = opened(cast, "jx3", thing="电梯")
    found = selectors.similar_orders(li, here)
    assert [o.id for o, _ in found][0] == old.id, "the same thing in the same house stands first"
    assert found[0][1] == "控制板换好了，试乘过三次"
    assert all(o.thing == "电梯" for o, _ in found)
    # 5号楼 lies in her colleague's grid: she does not read it, her head does
    assert other.id not in {o.id for o, _ in found}
    assert other.id in {o.id for o, _ in selectors.similar_orders(cast.actor("zhao_hui"), here)}


def test_rows_say_what_is_waited_for_and_who_is_away(cast, at):
    order = opened(cast)
    li = cast.actor("li_min")
    row = selectors.list_orders(li, Filters()).rows[0]
    assert (row.id, bool(row.waits_answer), bool(row.away)) == (order.id, True, False)
    actions.answer_order(by=li, order_id=order.id, words="维修师傅下午三点到，五点前修好")
    assert not selectors.list_orders(li, Filters()).rows[0].waits_answer
    assert Clock.objects.filter(order_id=order.id, state=Clock.RUNNING).count() == 1


def test_who_waits_for_me_is_for_me_alone(cast, at):
    first, second = opened(cast, thing="电梯"), opened(cast, thing="路灯")
    li = cast.actor("li_min")
    assert [o.id for o in selectors.waiting_for(li.id)] == [first.id, second.id]
    actions.answer_order(by=li, order_id=first.id, words="维修师傅下午三点到，五点前修好")
    assert [o.id for o in selectors.waiting_for(li.id)] == [second.id]
    assert [o.id for o in selectors.due_for(li.id, clock.now() + timedelta(days=30))] == [first.id]


def test_the_tree_of_a_community_shows_its_grids(cast, at):
    many(cast)
    page = sign_in(cast, "zhao_hui").get("/desk/orders/").content.decode()
    assert all(a.name in page for a in cast.grid.values() if a.community_id == cast.community["jinxiu"].id)
    assert "和平里" not in page
