"""Places, posts, leave and rosters: who may write them, what is refused, and that nothing happens twice."""

from datetime import date, datetime, time, timedelta
from uuid import uuid4

import pytest

from linli.grid import actions
from linli.grid.models import Absence, Area, Building, Home, Post, RosterShift
from linli.kernel import clock
from linli.kernel.actors import SYSTEM
from linli.kernel.errors import BadInput, Conflict, Forbidden, NotFound
from linli.kernel.roles import Role
from linli.ledger.models import Event

pytestmark = pytest.mark.django_db


def events(verb):
    return Event.objects.filter(verb=f"grid.{verb}").count()


def test_a_tree_grows_from_the_district_down(cast):
    street = cast.street["jinxiu"]
    new = actions.add_area(
        by=SYSTEM, level=Area.COMMUNITY, code="990101001099", name=" 新桥社区 ", parent=street, roads=("新桥路", "新桥路")
    )
    assert (new.name, new.street_id, new.community_id, new.roads) == ("新桥社区", street.id, new.id, ["新桥路"])
    grid = actions.add_area(by=SYSTEM, level=Area.GRID, code="990101001099001", name="第一网格", parent=new)
    assert (grid.street_id, grid.community_id) == (street.id, new.id)
    before = events("add_area")
    again = actions.add_area(by=SYSTEM, level=Area.GRID, code="990101001099001", name="第一网格", parent=new)
    assert again.id == grid.id and events("add_area") == before
    with pytest.raises(Conflict):
        actions.add_area(by=SYSTEM, level=Area.GRID, code="990101001099001", name="别的网格", parent=new)
    with pytest.raises(BadInput):
        actions.add_area(by=SYSTEM, level=Area.GRID, code="990101001099002", name="没有社区", parent=street)


def test_an_area_is_changed_and_ended(cast):
    area = cast.community["liudi"]
    before = events("change_area")
    actions.change_area(by=SYSTEM, area_id=area.id, name=area.name)
    assert events("change_area") == before
    changed = actions.change_area(
        by=SYSTEM, area_id=area.id, landmarks=["新亭子"], valid_to=date(2026, 12, 31), replaced_by=cast.community["jinxiu"].id
    )
    assert changed.landmarks == ["新亭子"] and changed.replaced_by == cast.community["jinxiu"].id
    event = Event.objects.filter(verb="grid.change_area").latest("id")
    assert event.facts == {"v": 1, "fields": ["landmarks", "valid_to", "replaced_by"]}
    with pytest.raises(NotFound):
        actions.change_area(by=SYSTEM, area_id=uuid4(), name="哪里")


def test_buildings_and_homes_are_known_by_their_names(cast):
    grid = cast.grid["jinxiu1"]
    building = actions.add_building(by=SYSTEM, grid=grid, estate="锦绣苑", name="19号楼", units=2)
    assert len(building.qr) >= 16 and building.community_id == cast.community["jinxiu"].id
    assert actions.add_building(by=SYSTEM, grid=grid, estate="锦绣苑", name="19号楼").id == building.id
    with pytest.raises(Conflict):
        actions.add_building(by=SYSTEM, grid=cast.grid["jinxiu2"], estate="锦绣苑", name="19号楼")
    homes = actions.add_homes(by=SYSTEM, building=building, homes=[("1单元", "101"), ("2单元", "101"), ("1单元", "101")])
    assert homes[0].id == homes[2].id != homes[1].id
    assert actions.add_home(by=SYSTEM, building=building, unit="2单元", room="101").id == homes[1].id
    assert Home.objects.filter(building=building).count() == 2
    assert Home.objects.get(id=homes[0].id).room == "101"
    for units in (0, 100):
        with pytest.raises(BadInput):
            actions.add_building(by=SYSTEM, grid=grid, estate="锦绣苑", name="20号楼", units=units)


def test_the_codes_in_the_lifts_are_all_different(cast):
    assert Building.objects.values("qr").distinct().count() == Building.objects.count()


def test_a_post_is_given_once_and_ended(cast):
    account = cast.account["lu_xin"]
    community = cast.community["jinxiu"]
    post = actions.add_post(by=SYSTEM, account_id=account.id, role=Role.LINE_WORKER, area=community, line="jobs")
    again = actions.add_post(by=SYSTEM, account_id=account.id, role="line_worker", area=community, line="jobs")
    assert again.id == post.id
    assert cast.actor("lu_xin").has_role(Role.LINE_WORKER)
    actions.end_post(by=SYSTEM, post_id=post.id)
    assert not cast.actor("lu_xin").has_role(Role.LINE_WORKER)
    count = events("end_post")
    actions.end_post(by=SYSTEM, post_id=post.id)
    assert events("end_post") == count
    anew = actions.add_post(by=SYSTEM, account_id=account.id, role=Role.LINE_WORKER, area=community, line="jobs")
    assert anew.id != post.id
    with pytest.raises(BadInput):
        actions.add_post(by=SYSTEM, account_id=account.id, role="mayor", area=community)
    with pytest.raises(NotFound):
        actions.add_post(by=SYSTEM, account_id=uuid4(), role=Role.CENTRE)


def test_leave_does_not_overlap_and_ends_early(cast, at):
    li, wang = cast.account["li_min"], cast.account["wang_fang"]
    begins = clock.now() + timedelta(hours=1)
    given = {"by": cast.actor("zhao_hui"), "account_id": li.id, "starts_at": begins, "ends_at": begins + timedelta(days=2)}
    leave = actions.add_absence(**given, stand_in_id=wang.id)
    assert actions.add_absence(**given, stand_in_id=wang.id).id == leave.id
    with pytest.raises(Conflict):
        actions.add_absence(**given | {"ends_at": begins + timedelta(days=1)})
    with pytest.raises(BadInput):
        actions.add_absence(**given | {"account_id": wang.id}, stand_in_id=wang.id)
    with pytest.raises(BadInput):
        actions.add_absence(**given | {"ends_at": begins})
    at.move(hours=5)
    assert actions.end_absence(by=cast.actor("zhao_hui"), absence_id=leave.id).ends_at == clock.now()
    assert Absence.objects.count() == 1


def test_a_shift_changes_hands_and_goes(cast):
    street, head = cast.street["jinxiu"], cast.actor("cao_wei")
    given = {"area": street, "starts": time(8), "ends": time(20), "day": date(2026, 10, 1)}
    shift = actions.set_roster_shift(by=head, account_id=cast.account["hua_yu"].id, **given)
    other = actions.set_roster_shift(by=head, account_id=cast.account["jin_qiang"].id, **given)
    assert other.id == shift.id and RosterShift.objects.get(id=shift.id).account_id == cast.account["jin_qiang"].id
    actions.remove_roster_shift(by=head, shift_id=shift.id)
    actions.remove_roster_shift(by=head, shift_id=shift.id)
    assert not RosterShift.objects.filter(id=shift.id).exists() and events("remove_roster_shift") == 1
    for wrong in ({"weekday": 1}, {"day": None}, {"day": None, "weekday": 7}, {"area": cast.grid["jinxiu1"]}):
        with pytest.raises(BadInput):
            actions.set_roster_shift(by=SYSTEM, account_id=cast.account["hua_yu"].id, **given | wrong)
    with pytest.raises(BadInput):
        actions.set_roster_shift(by=SYSTEM, account_id=cast.account["zhou"].id, **given)


def test_who_may_not_is_refused_and_nothing_is_written(cast):
    before = Event.objects.count(), Post.objects.count()
    with pytest.raises(Forbidden):
        actions.add_post(by=cast.actor("zhao_hui"), account_id=cast.account["zhou"].id, role=Role.ADMIN_SYSTEM)
    with pytest.raises(Forbidden):
        actions.set_roster_shift(
            by=cast.actor("zhao_hui"), area=cast.community["heping"], account_id=cast.account["wei_na"].id,
            weekday=0, starts=time(8), ends=time(9),
        )  # fmt: skip
    with pytest.raises(Forbidden):
        actions.add_absence(
            by=cast.actor("chu_weimin"), account_id=cast.account["li_min"].id, starts_at=clock.now(),
            ends_at=clock.now() + timedelta(days=1),
        )  # fmt: skip
    assert (Event.objects.count(), Post.objects.count()) == before


def test_naive_times_of_leave_are_refused(cast):
    with pytest.raises(BadInput):
        actions.add_absence(
            by=SYSTEM, account_id=cast.account["li_min"].id, starts_at=datetime(2026, 3, 2), ends_at=datetime(2026, 3, 3)
        )
