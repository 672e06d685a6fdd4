"""Areas at the desk: renamed, ended on a day with what follows, taken back; who reads them on which day."""

from datetime import date, datetime

import pytest

from linli.grid import actions, selectors
from linli.grid.duty import book
from linli.grid.models import Area
from linli.grid.seen import Stale, seen_of
from linli.kernel.actors import SYSTEM
from linli.kernel.errors import BadInput, Conflict, Forbidden
from linli.ledger.models import Event

pytestmark = pytest.mark.django_db


def fresh(area):
    return Area.objects.get(id=area.id)


def test_what_people_call_it_is_changed_once(cast, at):
    area = cast.community["jinxiu"]
    admin = cast.actor("admin")
    shown = selectors.area(area.id)
    actions.change_area(by=admin, area_id=area.id, name=" 锦绣 新苑社区 ", roads=["新桥路", "新桥路", " "], village=True)
    now = fresh(area)
    assert (now.name, now.roads, now.village) == ("锦绣 新苑社区", ["新桥路"], True)
    assert shown.name == "锦绣苑社区", "what readers share is not changed under their hands"
    assert selectors.area(area.id).name == "锦绣 新苑社区"
    event = Event.objects.get(verb="grid.change_area")
    assert event.facts["fields"] == ["name", "village", "roads"] and event.community_id == area.id and event.actor_id == admin.id
    actions.change_area(by=admin, area_id=area.id, name="锦绣 新苑社区")
    assert Event.objects.filter(verb="grid.change_area").count() == 1


@pytest.mark.parametrize(("given", "error"), [
    ({"name": "  "}, BadInput), ({"name": "长" * 65}, BadInput), ({"name": "柳堤社区"}, Conflict),
    ({"roads": ["一条很长很长很长很长很长很长很长很长很长很长很长很长的没有隔开的路名"]}, BadInput),
    ({"landmarks": [str(n) for n in range(61)]}, BadInput),
])  # fmt: skip
def test_a_bad_name_is_refused(cast, at, given, error):
    with pytest.raises(error):
        actions.change_area(by=SYSTEM, area_id=cast.community["jinxiu"].id, **given)
    assert fresh(cast.community["jinxiu"]).name == "锦绣苑社区"


def test_an_older_copy_is_not_written_over_a_newer_one(cast, at):
    area = cast.community["jinxiu"]
    seen = seen_of(area)
    actions.change_area(by=SYSTEM, area_id=area.id, roads=["新桥路"], seen=seen)
    with pytest.raises(Stale):
        actions.change_area(by=SYSTEM, area_id=area.id, name="别的名字", roads=area.roads, seen=seen)
    assert (fresh(area).name, fresh(area).roads) == ("锦绣苑社区", ["新桥路"])


def test_it_is_in_force_to_the_end_of_its_last_day(cast, at):
    area, heir = cast.community["liudi"], cast.community["jinxiu"]
    actions.change_area(by=SYSTEM, area_id=area.id, valid_to=date(2026, 3, 31), replaced_by=heir.id)
    names = lambda: {a.name for a in selectors.areas()}  # noqa: E731
    at.set(datetime(2026, 3, 31, 23, 59))
    assert {"柳堤社区", "柳堤第一网格"} <= names()
    at.set(datetime(2026, 4, 1, 0, 1))
    assert not {"柳堤社区", "柳堤第一网格"} & names(), "what lies in it ends with it"
    assert selectors.area(area.id).name == "柳堤社区" and selectors.area_names([area.id])
    stamp = selectors.stamp_of_building(cast.building["ld2"])
    assert stamp.community_id == area.id and book().holder(stamp, at()).account_id, "and still nobody's word is lost"


def test_buildings_of_an_ended_grid_go_to_the_one_that_follows(cast, at):
    one, two, three = (cast.grid[f"jinxiu{n}"] for n in (1, 2, 3))
    building = cast.building["jx3"]
    actions.change_area(by=SYSTEM, area_id=one.id, valid_to=date(2026, 3, 2), replaced_by=two.id)
    assert selectors.stamp_of_building(building).grid_id == one.id
    at.set(datetime(2026, 3, 3, 10))
    assert selectors.stamp_of_building(building).grid_id == two.id
    assert cast.key_of(book().holder(selectors.stamp_of_building(building), at()).account_id) == "wang_fang"
    actions.change_area(by=SYSTEM, area_id=two.id, valid_to=date(2026, 3, 3), replaced_by=three.id)
    at.set(datetime(2026, 3, 4, 10))
    assert selectors.stamp_of_building(building).grid_id == three.id
    actions.restore_area(by=SYSTEM, area_id=one.id)
    assert selectors.stamp_of_building(building).grid_id == one.id
    assert fresh(one).valid_to is None and fresh(one).replaced_by is None
    actions.restore_area(by=SYSTEM, area_id=one.id)
    assert Event.objects.filter(verb="grid.restore_area").count() == 1


@pytest.mark.parametrize(("what", "day", "heir", "error"), [
    ("grid:jinxiu1", date(2026, 12, 31), "", Conflict),  # its buildings would be nobody's
    ("grid:jinxiu1", date(2026, 12, 31), "grid:liudi1", Conflict),
    ("grid:jinxiu1", date(2026, 12, 31), "grid:jinxiu1", BadInput),
    ("grid:jinxiu1", date(2026, 12, 31), "community:jinxiu", BadInput),
    ("grid:jinxiu1", None, "grid:jinxiu2", BadInput),
    ("community:jinxiu", date(2026, 12, 31), "", Conflict),
    ("street:jinxiu", date(2026, 12, 31), "", Conflict),
    ("", date(2026, 12, 31), "", BadInput),
])  # fmt: skip
def test_nothing_in_use_is_left_without_a_place(cast, at, what, day, heir, error):
    area = cast.area(what) if what else cast.district
    with pytest.raises(error):
        actions.change_area(by=SYSTEM, area_id=area.id, valid_to=day, replaced_by=cast.area(heir).id if heir else None)
    assert fresh(area).valid_to is None


def test_an_empty_place_may_end_without_a_follower(cast, at):
    new = actions.add_area(by=SYSTEM, level=Area.GRID, code="990101001001099", name="空网格", parent=cast.community["jinxiu"])
    actions.change_area(by=SYSTEM, area_id=new.id, valid_to=date(2026, 3, 1))
    assert "空网格" not in {a.name for a in selectors.areas()}
    with pytest.raises(BadInput):  # what has ended follows nobody
        actions.change_area(by=SYSTEM, area_id=cast.grid["jinxiu1"].id, valid_to=date(2026, 4, 1), replaced_by=new.id)


def test_only_the_administrator(cast, at):
    for key in ("zhao_hui", "cao_wei", "li_min", "lang_yue", "security"):
        with pytest.raises(Forbidden):
            actions.change_area(by=cast.actor(key), area_id=cast.community["jinxiu"].id, name="我的社区")
        with pytest.raises(Forbidden):
            actions.restore_area(by=cast.actor(key), area_id=cast.community["jinxiu"].id)
