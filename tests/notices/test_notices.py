"""Each step told once, to the right person, not at night."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from linli.kernel import clock
from linli.kernel.actors import BOT, CLOCK, GUEST, SYSTEM, Actor
from linli.kernel.errors import Forbidden
from linli.ledger.models import Wake
from linli.notices.actions import mark_read, notify, topic
from linli.notices.models import Notice
from linli.notices.selectors import inbox, unread_count

pytestmark = pytest.mark.django_db

CHEN, WANG = Actor("worker", uuid4()), Actor("worker", uuid4())
LI = Actor("resident", uuid4())
ORDER = uuid4()


@pytest.fixture(autouse=True)
def noon(settings):
    settings.LINLI_QUIET = "22:00-07:00"
    with clock.frozen(datetime(2026, 3, 2, 12)) as c:
        yield c


def tell(*who, key="order:1:assigned", kind="order_assigned", subject=ORDER, **more):
    return notify(BOT, [a.id for a in who], kind, "order", subject, key, **more)


def test_a_notice_comes_to_its_account_and_to_nobody_else():
    assert tell(CHEN, params={"order": ORDER, "due": clock.now(), "share": 0.8}) == 1
    [notice] = inbox(CHEN)
    assert (notice.kind, notice.subject_id, notice.urgent) == ("order_assigned", ORDER, False)
    assert notice.params == {"order": str(ORDER), "due": "2026-03-02T04:00:00+00:00", "share": 0.8}
    assert inbox(WANG) == [] and unread_count(CHEN) == 1 and unread_count(WANG) == 0
    assert Wake.objects.filter(topic=topic(CHEN.id)).count() == 1


def test_each_step_is_told_once():
    assert tell(CHEN, CHEN, WANG) == 2
    assert tell(CHEN, WANG, LI) == 1
    assert tell(CHEN, key="order:1:yellow", kind="clock_yellow") == 1
    assert (unread_count(CHEN), unread_count(WANG), unread_count(LI)) == (2, 1, 1)
    mark_read(CHEN)
    assert tell(CHEN) == 0 and unread_count(CHEN) == 0


def test_many_at_once_in_few_statements(django_assert_max_num_queries):
    many = [uuid4() for _ in range(1200)]
    with django_assert_max_num_queries(40):
        assert notify(CLOCK, many, "duty_gap", "post", ORDER, "gap:1") == 1200
    assert notify(CLOCK, many, "duty_gap", "post", ORDER, "gap:1") == 0
    assert notify(CLOCK, [], "duty_gap", "post", ORDER, "gap:2") == 0


def test_what_is_not_urgent_waits_for_the_morning(noon):
    noon.set(datetime(2026, 3, 2, 22, 0))
    tell(CHEN)
    tell(CHEN, key="order:1:red", kind="clock_red_head", urgent=True)
    assert [n.kind for n in inbox(CHEN)] == ["clock_red_head"] and unread_count(CHEN) == 1
    noon.set(datetime(2026, 3, 3, 6, 59))
    assert unread_count(CHEN) == 1
    noon.set(datetime(2026, 3, 3, 7, 0))
    assert [n.kind for n in inbox(CHEN)] == ["order_assigned", "clock_red_head"]


def test_a_notice_may_be_meant_for_later(noon):
    tell(CHEN, at=clock.now() + timedelta(hours=12))
    assert Notice.objects.get().not_before == datetime(2026, 3, 2, 23, tzinfo=UTC)
    assert Notice.objects.get().created_at == clock.now()
    assert inbox(CHEN) == []


def test_no_quiet_hours_when_the_setting_is_empty(settings, noon):
    settings.LINLI_QUIET = ""
    noon.set(datetime(2026, 3, 3, 3, 0))
    tell(CHEN)
    assert unread_count(CHEN) == 1


def test_reading_is_one_s_own_affair(noon):
    other = uuid4()
    tell(CHEN, WANG)
    tell(CHEN, key="k2", subject=other)
    tell(CHEN, key="k3", at=clock.now() + timedelta(hours=1))
    mine = inbox(CHEN)
    assert mark_read(WANG, [n.id for n in mine]) == 0
    assert mark_read(CHEN, subject_id=other) == 1
    assert [n.dedupe_key for n in inbox(CHEN, unread_only=True)] == ["order:1:assigned"]
    noon.move(minutes=5)
    assert mark_read(CHEN, [n.id for n in mine]) == 1
    first = Notice.objects.get(account_id=CHEN.id, dedupe_key="order:1:assigned").read_at
    assert first == clock.now()
    noon.move(minutes=5)
    assert mark_read(CHEN) == 0
    assert Notice.objects.get(account_id=CHEN.id, dedupe_key="order:1:assigned").read_at == first
    noon.move(hours=1)
    assert mark_read(CHEN) == 1 and unread_count(WANG) == 1


def test_who_has_no_account_has_no_inbox():
    for actor in (GUEST, BOT, CLOCK, SYSTEM, Actor("link", CHEN.id)):
        assert inbox(actor) == [] and unread_count(actor) == 0
        with pytest.raises(Forbidden):
            mark_read(actor)


def test_the_newest_stands_first_and_lists_are_short(noon, django_assert_num_queries):
    for i in range(5):
        tell(CHEN, key=f"k{i}")
        noon.move(minutes=1)
    with django_assert_num_queries(1):
        assert [n.dedupe_key for n in inbox(CHEN, limit=3)] == ["k4", "k3", "k2"]


@pytest.mark.parametrize(
    "value",
    [
        "电梯坏了",
        "Wang lives here",
        "13812341234",
        "+8613812341234",
        "320113198001011234",
        ["x"],
        {"a": 1},
        "x" * 65,
        datetime(2026, 3, 2),
    ],
)
def test_no_words_and_no_persons_in_a_notice(value):
    with pytest.raises(ValueError):
        tell(CHEN, params={"x": value})
    assert not Notice.objects.exists()


def test_codes_numbers_and_nothing_are_welcome():
    tell(
        CHEN,
        params={"number": "JX-20260302-001", "n": 3, "ok": True, "none": None, "code": "", "kind": "lift"},
    )
    assert Notice.objects.get().params["number"] == "JX-20260302-001"


@pytest.mark.parametrize("more", [{"kind": "no_such_kind"}, {"key": ""}, {"key": "x" * 121}])
def test_mistakes_of_the_caller_are_loud(more):
    with pytest.raises(ValueError):
        tell(CHEN, **more)
