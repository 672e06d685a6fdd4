"""A sensitive matter is told to the street and to the department of its kind, once; she reads it, never who spoke."""

import pytest
from django.urls import reverse

from linli.ledger import delivery
from linli.notices.models import Notice
from linli.orders import access, actions, known
from linli.orders.models import Order
from tests.desk import leaks, opened, sealed, sign_in, text

pytestmark = pytest.mark.django_db


def told(cast, order, kind="order_to_know"):
    delivery.deliver_all()
    return sorted(cast.key_of(n.account_id) for n in Notice.objects.filter(subject_id=order.id, kind=kind))


def test_the_street_and_the_department_of_its_kind_hear_of_it(cast, at):
    order = opened(cast, kind="vice")
    assert told(cast, order) == ["fang_zheng"] and "ge_jun" in told(cast, order, "order_assigned")
    elsewhere = opened(cast, "hp1", kind="illegal_building")
    assert told(cast, elsewhere) == ["luo_cheng"] and "fan_ying" in told(cast, elsewhere, "order_assigned")


def test_another_departments_matter_and_a_plain_one_are_not_theirs(cast, at):
    for order in (opened(cast, kind="illegal_building"), opened(cast, "hp1", kind="vice"), opened(cast), opened(cast, kind="complaint")):
        assert told(cast, order) == []
        assert not access.reads(cast.actor("fang_zheng"), order) and not access.reads(cast.actor("luo_cheng"), order)


def test_found_out_later_it_is_told_once(cast, at):
    order = opened(cast)
    assert told(cast, order) == []
    actions.correct_order(by=cast.actor("zhao_hui"), order_id=order.id, kind="vice")
    actions.correct_order(by=cast.actor("zhao_hui"), order_id=order.id, kind="abuse")
    assert told(cast, order) == ["fang_zheng"]


def test_the_department_reads_the_matter_and_never_who_spoke(cast, at):
    order = sealed(cast)
    actions.correct_order(by=cast.actor("zhao_hui"), order_id=order.id, kind="vice")
    order = Order.objects.get(id=order.id)
    fang = cast.actor("fang_zheng")
    assert access.reads(fang, order) and order in access.visible_to(fang)
    assert not any(access.may(fang, verb, order) for verb in access.RIGHTS if verb not in ("read", "urge_order"))
    page = sign_in(cast, "fang_zheng").get(reverse("order", args=[order.id]))
    assert page.status_code == 200 and leaks(text(page)) == []
    assert any("方正" in name for _, people in known.of(order).could for name in people) or any(k.name == "方正" for k in known.of(order).knowers)
