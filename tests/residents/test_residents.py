"""The base data: sealed columns, found by equality, seen by those who serve the place, each opening in the history."""

import pytest
from django.db import connection

from linli.kernel.actors import GUEST, SYSTEM
from linli.kernel.errors import BadInput, Conflict, Forbidden, NotFound
from linli.ledger.models import Event
from linli.residents import access, actions, selectors
from linli.residents.models import Person

pytestmark = pytest.mark.django_db


def number(stem="99010119580307001"):
    total = sum(int(d) * (2 ** (17 - i) % 11) for i, d in enumerate(stem))
    return stem + "10X98765432"[total % 11]


def test_personal_columns_are_sealed_in_the_database(cast):
    person = actions.add_person(by=SYSTEM, name="测试甲", phone="190-0000-9001", id_number=number(), community_id=cast.community["jinxiu"].id)
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, phone, id_number, phone_index FROM residents_person")
        stored = " ".join(str(v) for row in cursor.fetchall() for v in row)
    assert "测试甲" not in stored and "19000009001" not in stored and number() not in stored
    again = Person.objects.get(id=person.id)
    assert (again.name, again.phone, again.id_number) == ("测试甲", "19000009001", number())


def test_people_are_found_by_equal_numbers_only(cast):
    li = cast.actor("li_min")
    actions.add_person(by=li, name="测试乙", phone="19000009002", id_number=number(), community_id=cast.community["jinxiu"].id)
    assert [p.name for p in selectors.find_by_phone(li, "190 0000 9002")] == ["测试乙"]
    assert selectors.find_by_phone(li, "1900000900") == []
    assert selectors.find_by_id_number(li, number().lower()).name == "测试乙"
    assert selectors.find_by_phone(cast.actor("wei_na"), "19000009002") == []


def test_a_known_identity_number_is_not_asked_again(cast):
    li = cast.actor("li_min")
    first = actions.add_person(by=li, name="测试丙", id_number=number(), community_id=cast.community["jinxiu"].id)
    assert actions.add_person(by=li, name="测试丙", id_number=number(), community_id=cast.community["jinxiu"].id).id == first.id
    with pytest.raises(Conflict):
        actions.add_person(by=cast.actor("wei_na"), name="测试丙", id_number=number(), community_id=cast.community["heping"].id)


@pytest.mark.parametrize("wrong", ["123", "990101195813070019", "99010119580307001A", number()[:-1] + ("1" if number()[-1] != "1" else "2")])
def test_impossible_identity_numbers_are_refused(cast, wrong):
    with pytest.raises(BadInput):
        actions.add_person(by=SYSTEM, name="测试丁", id_number=wrong, community_id=cast.community["jinxiu"].id)


def test_who_may_see_whom(cast):
    zhou = cast.person["zhou"]
    for key in ("li_min", "wang_fang", "zhao_hui", "lu_xin", "hua_yu", "han_mei"):
        assert access.get(cast.actor(key), zhou.id).id == zhou.id
    for key in ("wei_na", "tao_ran", "shi_qiang", "zhou", "chen", "yuan_qing", "admin", "audit", "fang_zheng"):
        with pytest.raises(NotFound):
            access.get(cast.actor(key), zhou.id)
    with pytest.raises(NotFound):
        access.get(GUEST, zhou.id)
    with pytest.raises(Forbidden):
        actions.change_person(by=cast.actor("hua_yu"), person_id=zhou.id, name="改名")
    with pytest.raises(Forbidden):
        actions.add_person(by=cast.actor("wei_na"), name="别处的人", community_id=cast.community["jinxiu"].id)


def test_lists_show_masked_and_openings_are_in_the_history(cast):
    card = selectors.card(cast.person["zhou"])
    assert card.name == "周*" and "****" in card.phone
    person = actions.view_person(by=cast.actor("li_min"), person_id=cast.person["zhou"].id, purpose="call_back")
    assert person.name == "周桂芳"
    event = Event.objects.get(verb="residents.view_person")
    assert event.actor_id == cast.account["li_min"].id and event.facts == {"v": 1, "purpose": "call_back"}
    with pytest.raises(BadInput):
        actions.view_person(by=cast.actor("li_min"), person_id=cast.person["zhou"].id, purpose="想看看")


def test_links_tie_a_person_to_one_account_or_member(cast):
    li, zhou, sun = cast.actor("li_min"), cast.person["zhou"], cast.person["sun_nainai"]
    assert selectors.person_of(account_id=cast.account["zhou"].id) == zhou.id
    assert selectors.home_of(account_id=cast.account["zhou"].id) == zhou.home_id
    member = cast.member["zhou"]
    link = actions.link_member(by=li, person_id=zhou.id, member_id=member.id, evidence="visit", consent="told")
    assert actions.link_member(by=li, person_id=zhou.id, member_id=member.id, evidence="visit").id == link.id
    assert selectors.person_of(member_id=member.id) == zhou.id
    with pytest.raises(Conflict):
        actions.link_member(by=li, person_id=sun.id, member_id=member.id, evidence="visit")
    with pytest.raises(BadInput):
        actions.link_member(by=li, person_id=zhou.id, member_id=cast.member["zhou@jx"].id, evidence="guess")
    actions.end_link(by=li, link_id=link.id)
    assert selectors.person_of(member_id=member.id) is None


def test_a_change_says_which_fields_and_never_what(cast):
    person = actions.change_person(by=cast.actor("li_min"), person_id=cast.person["zhou"].id, name="周桂芬", phone="19000009003")
    assert person.name == "周桂芬"
    event = Event.objects.get(verb="residents.change_person")
    assert event.facts["fields"] == ["name", "phone", "phone_index"]
