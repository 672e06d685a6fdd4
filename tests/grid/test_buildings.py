"""Buildings and organisations at the desk, and the homes with their personal numbers."""

from uuid import uuid4

import pytest

from linli.grid import actions, selectors
from linli.grid.models import Building, Home, Organisation
from linli.grid.seen import Stale, seen_of
from linli.groups.models import Group
from linli.kernel.actors import SYSTEM
from linli.kernel.errors import BadInput, Conflict, Forbidden, NotFound
from linli.ledger.models import Event
from linli.orders.models import Order
from tests.desk import opened

pytestmark = pytest.mark.django_db


def test_a_building_moves_and_its_orders_keep_their_stamps(cast, at, deliver):
    building, two = cast.building["jx3"], cast.grid["jinxiu2"]
    order = opened(cast)
    shared = selectors.buildings_by_id([building.id])[0]
    actions.change_building(by=cast.actor("admin"), building_id=building.id, grid_id=two.id, name="3栋", units=4)
    assert shared.name == "3号楼" and selectors.buildings_by_id([building.id])[0].name == "3栋"
    event = Event.objects.get(verb="grid.change_building")
    assert event.facts == {"v": 1, "fields": ["name", "units", "grid_id"], "from_grid": str(cast.grid["jinxiu1"].id)}
    assert event.grid_id == two.id
    assert Order.objects.get(id=order.id).grid_id == cast.grid["jinxiu1"].id
    building.refresh_from_db()
    assert cast.key_of(opened(cast).responsible_id) == "wang_fang"
    deliver()
    assert Group.objects.get(id=cast.group["jx3"].id).grid_id == two.id, "its group goes with it"
    assert Event.objects.filter(verb="groups.follow_building", subject_id=cast.group["jx3"].id).count() == 1
    assert Building.objects.get(id=building.id).qr == building.qr, "the codes in the lifts stay good"


def test_another_name_alone_moves_no_group(cast, at, deliver):
    actions.change_building(by=SYSTEM, building_id=cast.building["jx3"].id, name="3栋")
    deliver()
    assert not Event.objects.filter(verb="groups.follow_building").exists()


def test_the_property_company_comes_and_goes(cast, at):
    building = cast.building["jx3"]
    before = building.property_org_id
    assert before
    actions.change_building(by=SYSTEM, building_id=building.id, property_org="")
    assert Building.objects.get(id=building.id).property_org_id is None
    actions.change_building(by=SYSTEM, building_id=building.id, property_org=before)
    assert Building.objects.get(id=building.id).property_org_id == before
    with pytest.raises(NotFound):
        actions.change_building(by=SYSTEM, building_id=building.id, property_org=uuid4())


@pytest.mark.parametrize(("given", "error"), [
    ({"estate": " "}, BadInput), ({"name": ""}, BadInput), ({"name": "长" * 33}, BadInput), ({"units": 0}, BadInput),
    ({"units": 100}, BadInput), ({"name": "5号楼"}, Conflict), ({"units": 1}, Conflict),
])  # fmt: skip
def test_what_cannot_be_is_refused(cast, at, given, error):
    building = cast.building["jx3"]
    with pytest.raises(error) as told:
        actions.change_building(by=SYSTEM, building_id=building.id, **given)
    if "units" in given and error is Conflict:
        assert "还登记着住户" in told.value.message
    now = Building.objects.get(id=building.id)
    assert (now.estate, now.name, now.units) == (building.estate, building.name, building.units)
    assert not Event.objects.filter(verb="grid.change_building").exists()


def test_it_stays_in_its_community(cast, at):
    for elsewhere in (cast.grid["liudi1"], cast.community["jinxiu"]):
        with pytest.raises(BadInput):
            actions.change_building(by=SYSTEM, building_id=cast.building["jx3"].id, grid_id=elsewhere.id)
    with pytest.raises(NotFound):
        actions.change_building(by=SYSTEM, building_id=uuid4(), name="x")


def test_who_may_not_changes_no_building(cast, at):
    for key in ("zhao_hui", "li_min", "cao_wei", "shi_qiang"):
        with pytest.raises(Forbidden):
            actions.change_building(by=cast.actor(key), building_id=cast.building["jx3"].id, name="x")
        with pytest.raises(Forbidden):
            actions.add_homes(by=cast.actor(key), building=cast.building["jx3"], homes=[("1单元", "101")])


def test_an_older_copy_of_a_building(cast, at):
    building = cast.building["jx3"]
    seen = seen_of(building)
    actions.change_building(by=SYSTEM, building_id=building.id, units=5, seen=seen)
    with pytest.raises(Stale):
        actions.change_building(by=SYSTEM, building_id=building.id, name="三号楼", units=3, seen=seen)


def test_room_numbers_are_opened_by_who_goes_to_the_doors(cast, at):
    building = cast.building["jx3"]
    homes = actions.view_homes(by=cast.actor("wang_fang"), building_id=building.id)
    assert len(homes) == Home.objects.filter(building=building).count()
    assert [h.unit for h in homes] == sorted(h.unit for h in homes)
    event = Event.objects.get(verb="grid.view_homes")
    assert event.actor_id == cast.account["wang_fang"].id and event.facts == {"v": 1, "homes": len(homes)}
    for key in ("admin", "wei_na", "yu_tao", "shi_qiang", "cao_wei"):
        with pytest.raises(Forbidden):
            actions.view_homes(by=cast.actor(key), building_id=building.id)
    assert Event.objects.filter(verb="grid.view_homes").count() == 1


def test_an_organisation_is_changed(cast, at):
    org = Organisation.objects.get(name="锦绣物业服务中心")
    admin = cast.actor("admin")
    actions.change_organisation(by=admin, org_id=org.id, name="新锦绣物业", phone="")
    now = Organisation.objects.get(id=org.id)
    assert (now.name, now.phone, now.kind) == ("新锦绣物业", "", "property")
    assert Event.objects.get(verb="grid.change_organisation").facts["fields"] == ["name", "phone"]
    actions.change_organisation(by=admin, org_id=org.id, name="新锦绣物业")
    assert Event.objects.filter(verb="grid.change_organisation").count() == 1
    other = actions.add_organisation(by=admin, name="另一家物业", kind="property", area=org.area)
    with pytest.raises(Conflict):
        actions.change_organisation(by=admin, org_id=other.id, name="新锦绣物业")
    with pytest.raises(BadInput):
        actions.change_organisation(by=admin, org_id=org.id, name="")
    with pytest.raises(Stale):
        actions.change_organisation(by=admin, org_id=org.id, name="x", seen=seen_of(org))
    with pytest.raises(NotFound):
        actions.change_organisation(by=admin, org_id=uuid4(), name="x")
    with pytest.raises(Forbidden):
        actions.change_organisation(by=cast.actor("zhao_hui"), org_id=org.id, name="x")
