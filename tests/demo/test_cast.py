"""The named cast: everybody is there, has a place, and is nobody real."""

import re
from unicodedata import category

import pytest
from django.apps import apps
from django.contrib.auth.hashers import check_password

from linli.accounts.models import Account
from linli.demo import cast as casting
from linli.demo import people, places
from linli.demo.people import NEIGHBOURS, WORKERS
from linli.grid.models import Area, Building, Post
from linli.groups.models import Group, Member
from linli.kernel.roles import Role
from linli.knowledge.models import Entry
from linli.ledger.models import Event
from linli.standards.models import Kind

pytestmark = pytest.mark.django_db


def rows():
    return {m.__name__: m.objects.count() for m in apps.get_models() if m._meta.app_config.name.startswith("linli.")}


def test_every_role_is_there(cast):
    assert set(Post.objects.values_list("role", flat=True)) == {r.value for r in Role} == {r.value for r in casting.all_roles()}


def test_the_district_has_its_places(cast):
    assert [Area.objects.filter(level=x).count() for x in ("district", "street", "community", "grid")] == [1, 2, 4, 12]
    assert Group.objects.count() == 16 and Building.objects.count() == 30
    assert {m.group_id for m in Member.objects.filter(role=Member.OWNER)} == {g.id for g in cast.group.values()}
    assert cast.community["hewan"].village and cast.building["jx3"].units == 3
    assert cast.member["zhou"].group_id == cast.member["chen"].group_id == cast.group["jx3"].id
    assert cast.actor("li_min").posts[0].grid_id == cast.building["jx3"].grid_id


def test_nobody_and_no_place_is_real(cast):
    assert all(code.startswith("99") for code in Area.objects.values_list("code", flat=True))
    phones = [a.phone for a in Account.objects.all()]
    assert all(re.fullmatch(r"1900000\d{4}", p) for p in phones) and len(set(phones)) == len(phones)
    assert all(re.fullmatch(r"1900000\d{4}", row[3]) for row in places.ORGANISATIONS.values())


def test_loading_twice_changes_nothing(cast):
    before = rows()
    again = casting.load()
    assert rows() == before
    assert {k: a.id for k, a in again.account.items()} == {k: a.id for k, a in cast.account.items()}


def test_find_gives_the_same_mapping(cast):
    found = casting.find()
    for name in ("street", "community", "grid", "building", "home", "org", "account", "person", "group", "member"):
        made, read = getattr(cast, name), getattr(found, name)
        assert {k: v.id for k, v in made.items()} == {k: v.id for k, v in read.items()}, name
    assert found.key_of(cast.account["zhao_hui"].id) == "zhao_hui"


def test_old_people_and_children_are_people_without_accounts(cast):
    for key in ("sun_nainai", "duoduo", "doudou"):
        assert cast.person[key].home_id and key not in cast.account


def test_only_the_demo_has_a_password(cast, settings):
    """Outside demo mode the cast cannot sign in: the password stands in the sources."""
    assert not any(check_password(people.PASSWORD, a.password) for a in list(cast.account.values())[:5])


def test_no_event_holds_a_name(cast):
    for event in Event.objects.all():
        assert not any(category(c) == "Lo" for c in str(event.facts)), event.verb


def test_seeds_came_with_it(cast):
    assert Entry.objects.count() >= 300 and Kind.objects.filter(sensitive=True).count() == 5
    assert all(8 <= len(e.wordings) <= 14 and e.source and e.department for e in Entry.objects.all())


def test_keys_are_log_in_names_and_unique():
    keys = [p.key for p in (*WORKERS, *NEIGHBOURS)]
    assert len(keys) == len(set(keys)) and all(re.fullmatch(r"[a-z_]+", k) for k in keys)
