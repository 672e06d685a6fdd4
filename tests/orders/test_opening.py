"""A word becomes an order: number, place, responsible person, two clocks, first voice, one event; history does not act."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.db.models import CharField
from django.test.utils import CaptureQueriesContext

from linli.kernel import clock
from linli.kernel.actors import SYSTEM
from linli.kernel.errors import BadInput, Forbidden
from linli.ledger.delivery import deliver_all
from linli.ledger.models import Event
from linli.notices.models import Notice
from linli.orders import actions
from linli.orders.drafts import VoiceDraft
from linli.orders.models import Clock, Order
from linli.standards.models import Procedure
from linli.standards.selectors import BrokenProcedure
from tests.orders.people import draft, opened, voice_of

pytestmark = pytest.mark.django_db


def test_all_that_one_word_makes(cast, at):
    order = opened(cast)
    now = clock.now()
    assert order.number == "001001-260302-001" and order.state == "assigned" and order.is_open and order.light == "green"
    assert (order.responsible_id, order.responsible_via) == (cast.account["li_min"].id, "worker")
    assert order.grid_id == cast.grid["jinxiu1"].id and order.place_text == "锦绣苑3号楼2单元" and order.title == "电梯 · 报修"
    clocks = {c.name: c for c in order.clocks.all()}
    assert clocks["answer"].due_at == order.answer_due_at == now + timedelta(hours=2)
    assert clocks["answer"].next_at == now + timedelta(minutes=96) and order.solve_due_at > now + timedelta(hours=16)
    voice = order.voices.get()
    assert voice.words == "2单元电梯坏了" and voice.account_id == cast.account["zhou"].id
    event = Event.objects.get(subject_id=order.id)
    assert event.verb == "orders.open_orders" and event.community_id == order.community_id
    assert "电梯" not in str(event.facts) and "周" not in str(event.facts)
    deliver_all()
    assert Notice.objects.filter(subject_id=order.id).values_list("account_id", "kind").get() == (cast.account["li_min"].id, "order_assigned")


def test_a_key_is_one_order_also_within_a_batch_of_new_ones(cast, at):
    first = actions.open_order(by=SYSTEM, draft=draft(cast, key="k1"))
    again = actions.open_orders(by=SYSTEM, drafts=[draft(cast, key="k0"), draft(cast, key="k1"), draft(cast)])
    assert again[1].id == first.id and len({o.id for o in again}) == 3 == Order.objects.count()
    assert Event.objects.filter(verb="orders.open_orders").count() == 3


@pytest.mark.django_db(transaction=True)
def test_a_new_key_is_not_looked_for_and_a_known_one_gives_its_order_whatever_has_changed(cast, at):
    """Outside a caller's transaction: the unique key itself tells."""
    opened(cast)
    with CaptureQueriesContext(connection) as asked:
        first = actions.open_order(by=SYSTEM, draft=draft(cast, key="k1"))
    assert not [q["sql"] for q in asked if q["sql"].startswith("SELECT") and "orders_order" in q["sql"]]
    assert actions.open_order(by=SYSTEM, draft=draft(cast, key="k1")).id == first.id
    assert opened(cast).number.endswith("-003"), "no number is lost"
    Procedure.objects.filter(code=first.procedure).update(data={})
    with pytest.raises(BrokenProcedure):
        actions.open_order(by=SYSTEM, draft=draft(cast, key="k2"))
    assert actions.open_order(by=SYSTEM, draft=draft(cast, key="k1")).id == first.id
    assert Order.objects.count() == 3 == Event.objects.filter(verb="orders.open_orders").count()


def test_nothing_is_kept_when_one_of_a_batch_is_refused(cast, at):
    with pytest.raises(BadInput):
        actions.open_orders(by=SYSTEM, drafts=[draft(cast), draft(cast, kind="nonsense")])
    with pytest.raises(Forbidden):
        actions.open_orders(by=cast.actor("sun_li"), drafts=[draft(cast)])
    with pytest.raises(Forbidden):
        actions.open_orders(by=cast.actor("zhou"), drafts=[draft(cast)])
    assert not Order.objects.exists() and not Event.objects.filter(verb="orders.open_orders").exists()


def test_numbers_begin_anew_each_day_in_china(cast, at):
    at.set(datetime(2026, 3, 2, 23, 59))
    late = opened(cast)
    at.move(minutes=2)
    early, second = opened(cast), opened(cast)
    other = opened(cast, building="hp1")
    assert [o.number[-10:] for o in (late, early, second, other)] == ["260302-001", "260303-001", "260303-002", "260303-001"]
    assert len({o.number for o in Order.objects.all()}) == 4
    assert (late.local_day.day, early.local_day.day) == (2, 3)


def test_a_sensitive_kind_is_confidential_and_goes_to_the_head(cast, at):
    order = opened(cast, kind="pyramid_selling", thing="养生会所")
    assert order.confidential and order.responsible_via == "head" and order.responsible_id == cast.account["zhao_hui"].id
    assert order.procedure == "sensitive" and order.thing == "" and "养生" not in order.title
    deliver_all()
    told = set(Notice.objects.filter(subject_id=order.id).values_list("account_id", flat=True))
    assert told == {cast.account[key].id for key in ("zhao_hui", "ge_jun", "fang_zheng")}, "head, stability centre, the kind's department"


def test_history_does_not_act(cast, at):
    then = clock.now() - timedelta(days=200)
    order = actions.open_order(by=SYSTEM, draft=draft(cast, history_at=then, batch="2025"))
    deliver_all()
    assert (order.history, order.is_open, order.state, order.light, order.opened_at) == (True, False, "closed", "none", then)
    assert order.responsible_id is None and not order.clocks.exists() and not Notice.objects.exists()
    assert Event.objects.get(subject_id=order.id).verb == "orders.file_history"
    assert order.voices.count() == 1 and order.local_day == clock.local_day(then)


def test_both_of_a_word_on_behalf_are_voices(cast, at):
    one = draft(cast)
    one.voice.behalf = VoiceDraft(words=one.voice.words, name="孙玉兰", phone="13900000001", home_id=cast.home["jx3-2单元-601"].id)
    order = actions.open_order(by=SYSTEM, draft=one)
    first, second = order.voices.order_by("id")
    assert second.for_voice_id == first.id and order.voice_count == 2
    assert second.name == "孙玉兰" and second.phone_index


def test_long_words_fit_every_column_on_every_database(cast, at):
    """SQLite takes any length in silence, PostgreSQL refuses: nothing longer than its column leaves the action."""
    one = draft(cast, thing="很" * 50, batch="b" * 90)
    one.stamp = replace(one.stamp, text="长" * 200, unit="东" * 40)
    one.voice.words = "𠮷😀" * 3000
    order = actions.open_order(by=SYSTEM, draft=one)
    order = Order.objects.get(id=order.id)
    texts = [f for f in Order._meta.fields if isinstance(f, CharField)]
    assert [f.name for f in texts if len(getattr(order, f.name) or "") > f.max_length] == []
    assert order.voices.get().words == "𠮷😀" * 3000


def test_at_night_it_is_the_roster_s_and_the_answer_clock_runs(cast, at):
    at.set(datetime(2026, 3, 2, 23, 30))
    order = opened(cast)
    assert order.responsible_via == "roster" and order.answer_due_at == clock.now() + timedelta(hours=2)
    solve = Clock.objects.get(order=order, name=Clock.SOLVE)
    assert clock.local(solve.next_at).hour in range(8, 19)
    deliver_all()
    notice = Notice.objects.get(subject_id=order.id)
    assert notice.account_id == order.responsible_id and notice.not_before == clock.now()


def test_a_word_without_a_grid_has_somebody_too(cast, at):
    one = draft(cast)
    one.stamp = replace(one.stamp, grid_id=None, building_id=None)
    order = actions.open_order(by=SYSTEM, draft=one)
    assert order.responsible_via == "colleague" and order.responsible_id
    assert actions.open_order(by=cast.actor("li_min"), draft=draft(cast, building="jx8")).responsible_id != cast.account["li_min"].id
    assert voice_of(cast).member_id == cast.member["zhou"].id
