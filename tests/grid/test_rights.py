"""Role × verb × place: the whole table, said once more by hand."""

from uuid import uuid4

import pytest

from linli.grid import access
from linli.kernel.actors import GUEST, SYSTEM, Actor
from linli.residents import access as residents

pytestmark = pytest.mark.django_db

WHERE = ("grid:jinxiu1", "grid:jinxiu2", "community:jinxiu", "community:liudi", "street:jinxiu", "community:heping", "", "none")
EVERYWHERE = set(WHERE)
OWN = {"grid:jinxiu1", "grid:jinxiu2", "community:jinxiu"}
OWN_STREET = OWN | {"community:liudi", "street:jinxiu"}
#: who stands in the table besides the administrator, and where
ROSTER = {"zhao_hui": OWN, "cao_wei": OWN_STREET}
HOURS = ROSTER | {"lang_yue": EVERYWHERE}
DOORS = {"li_min": OWN, "ren_qi": OWN, "lu_xin": OWN, "han_mei": OWN, "xu_jing": OWN, "zhao_hui": OWN, "hua_yu": OWN_STREET}
TABLE = {
    "add_area": {}, "change_area": {}, "restore_area": {}, "add_organisation": {}, "change_organisation": {},
    "add_building": {}, "change_building": {}, "add_homes": {}, "add_post": {}, "end_post": {}, "change_colleague": {},
    "renew_link": {}, "view_homes": DOORS, "add_absence": ROSTER, "end_absence": ROSTER, "set_roster_shift": ROSTER,
    "remove_roster_shift": ROSTER, "set_hours": HOURS, "drop_hours": HOURS, "set_special_days": HOURS,
    "drop_special_days": HOURS,
}  # fmt: skip
PEOPLE = (
    "admin", "zhao_hui", "cao_wei", "lang_yue", "li_min", "ren_qi", "lu_xin", "han_mei", "xu_jing", "hua_yu", "yu_tao",
    "you_gang", "xie_lin", "qi_yue", "ge_jun", "shi_qiang", "lian_feng", "cen_lan", "bao_hua", "security", "audit", "zhou",
)  # fmt: skip


def place(cast, ref):
    return None if ref == "none" else cast.district if ref == "" else cast.area(ref)


def test_the_table_is_whole():
    assert set(TABLE) == set(access.RIGHTS)


@pytest.mark.parametrize("verb", sorted(TABLE))
def test_who_may_do_it_and_where(cast, verb):
    admin = EVERYWHERE if verb != "view_homes" else set()
    for key in PEOPLE:
        wanted = admin if key == "admin" else TABLE[verb].get(key, set())
        assert {ref for ref in WHERE if access.may(cast.actor(key), verb, place(cast, ref))} == wanted, key
    for machine in (SYSTEM,):
        assert all(access.may(machine, verb, place(cast, ref)) for ref in WHERE)
    for nobody in (GUEST, Actor("link", uuid4()), Actor("resident", uuid4())):
        assert not any(access.may(nobody, verb, place(cast, ref)) for ref in WHERE)


def test_an_unknown_verb_is_a_mistake_of_ours(cast):
    with pytest.raises(KeyError):
        access.may(cast.actor("admin"), "sell_area", None)


def test_who_may_know_a_person_may_open_her_door_number():
    assert access.DOORS == residents.READ
