"""One company link, several phones at one moment: one answer counts."""

import pytest

from linli.kernel.errors import NotFound
from linli.ledger.models import Event
from linli.orders import actions
from linli.orders.models import Order
from tests.orders.people import opened, race

pytestmark = pytest.mark.django_db(transaction=True)


def test_of_six_answers_at_one_moment_one_counts(cast, at):
    order = opened(cast, procedure="repair", thing="水管")
    token = actions.invite_company(by=cast.actor("zhao_hui"), order_id=order.id)

    def answer(n):
        return lambda: actions.answer_link(token=token, outcome="done", given=actions.Given(words=f"换了第 {n} 段水管，试水不漏了"))

    found = race(*[answer(n) for n in range(6)])
    assert sum(isinstance(one, Order) for one in found) == 1 and sum(isinstance(one, NotFound) for one in found) == 5
    assert Event.objects.filter(subject_id=order.id, verb="orders.handle_order").count() == 1
