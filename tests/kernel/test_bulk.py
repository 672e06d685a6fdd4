"""Many rows at once: the same rows as the ORM would write, on both databases, and nothing of a batch that fails."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from psycopg import _queries

from linli.groups.models import Message
from linli.kernel import clock, ids
from linli.kernel.bulk import FEW, insert_rows, update_rows
from linli.orders.models import Order, OrderText, Voice
from linli.orders.states import Door, OrderState
from tests.orders.people import opened

pytestmark = pytest.mark.django_db
HARD = "电梯\t坏了\n“又”\\N \\. 😀，0x00 之外都行'\";--"


def message(cast, n: int, **more) -> Message:
    group = next(iter(cast.group.values()))
    given = {"account": "page:x", "dedupe_key": str(n), "text": HARD, "blob_ids": [HARD], "hint": {"门": [1, None, True]}}
    return Message(group=group, community_id=group.community_id, sent_at=clock.now(), received_at=clock.now(), **given | more)


@pytest.mark.parametrize("count", [0, 1, FEW - 1, FEW, 50])
def test_rows_come_back_as_they_went_in(cast, at, count):
    rows = [message(cast, n, history=bool(n % 2), outcome_id=ids.new() if n % 3 else None) for n in range(count)]
    insert_rows(rows)
    kept = {m.id: m for m in Message.objects.filter(account="page:x")}
    assert len(kept) == count
    for row in rows:
        for field in Message._meta.concrete_fields:
            assert getattr(kept[row.id], field.attname) == getattr(row, field.attname), field.name
        row.text = "改过"
        row.save()
    assert [m.text for m in Message.objects.filter(account="page:x")] == ["改过"] * count


@pytest.mark.parametrize("count", [1, FEW])
def test_personal_columns_are_sealed_on_the_way(cast, at, count):
    order = opened(cast)
    rows = [Voice(order=order, words="三楼的张阿姨", name="张桂花", door=Door.PHONE, created_at=clock.now()) for _ in range(count)]
    insert_rows(rows)
    with connection.cursor() as cursor:
        cursor.execute("SELECT words, name FROM orders_voice")
        assert not [row for row in cursor.fetchall() if "张" in row[0] + row[1]]
    assert {v.name for v in Voice.objects.filter(door=Door.PHONE)} == {"张桂花"}


@pytest.mark.parametrize("count", [2, FEW + 1])
def test_a_row_that_is_known_fails_the_batch_and_nothing_stays(cast, at, count):
    rows = [message(cast, n) for n in range(count - 1)]
    with pytest.raises(IntegrityError), transaction.atomic():
        insert_rows([*rows, message(cast, 0)])
    assert not Message.objects.filter(account="page:x").exists()


def test_keys_that_the_database_makes(cast, at):
    orders = [opened(cast, key=f"k{n}") for n in range(FEW)]
    OrderText.objects.all().delete()
    insert_rows([OrderText(order=o, tokens=f"词{n}") for n, o in enumerate(orders)])
    assert OrderText.objects.count() == FEW and all(OrderText.objects.values_list("id", flat=True))


@pytest.mark.parametrize("count", [1, FEW, 30])
def test_a_batch_is_one_statement_also_for_who_counts(cast, at, count):
    rows = [message(cast, n) for n in range(count)]
    with CaptureQueriesContext(connection) as seen:
        insert_rows(rows)
    assert len(seen) == 1


@pytest.mark.postgres
def test_the_long_statement_of_an_order_is_read_once(cast, at):
    opened(cast)
    before = _queries._query2pg.cache_info()
    opened(cast)
    after = _queries._query2pg.cache_info()
    assert after.misses == before.misses and after.hits >= before.hits + 4
    assert _queries.MAX_CACHED_STATEMENT_PARAMS > 100


def test_many_rows_are_changed_at_once_and_a_guard_holds(cast, at):
    one, two = opened(cast, key="a"), opened(cast, key="b")
    Order.objects.filter(id=two.id).update(state=OrderState.CLOSED)
    rows = [(one.id, "red", clock.now()), (two.id, "red", clock.now())]
    assert update_rows(Order, ["light", "answer_due_at"], rows, guard="state = 'assigned'") == 1
    assert set(Order.objects.filter(light="red").values_list("id", flat=True)) == {one.id}
