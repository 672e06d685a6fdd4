"""Several orders of the list at once: who may, what is asked, and a line of its own for each of them."""

import pytest

from linli.kernel import ids
from linli.orders import actions
from linli.orders.models import Order, Word
from tests.desk import opened, sign_in, text

pytestmark = pytest.mark.django_db
WORDS = "电话问过，明天上午一起看"


def many(client, verb: str, *orders, **data):
    return client.post(f"/desk/orders/many/{verb}/", {"orders": [str(getattr(o, "id", o)) for o in orders], **data})


def test_the_list_has_ticks_for_who_may_and_none_for_others(cast, at):
    opened(cast)
    page = sign_in(cast, "zhao_hui").get("/desk/orders/").content.decode()
    assert "data-bulk" in page and "data-pick" in page and "many/assign_order" in page and "many/note_order" in page
    worker = sign_in(cast, "li_min").get("/desk/orders/").content.decode()
    assert "many/note_order" in worker and "many/assign_order" not in worker
    for key in ("lu_xin", "qi_yue"):
        assert "data-bulk" not in sign_in(cast, key).get("/desk/orders/").content.decode(), key
    assert many(sign_in(cast, "li_min"), "assign_order", opened(cast)).status_code == 404
    assert many(sign_in(cast, "zhao_hui"), "handle_order", opened(cast)).status_code == 404


def test_a_note_is_asked_for_and_written_to_each(cast, at):
    one, two = opened(cast), opened(cast, "jx5")
    client = sign_in(cast, "zhao_hui")
    assert "选了 2 件" in text(many(client, "note_order", one, two)) and not Word.objects.exists()
    assert many(client, "note_order", one, two, go="1", words=" ").status_code == 422
    page = text(many(client, "note_order", one, two, go="1", words=WORDS))
    assert "记下了 2 件" in page and one.number in page and two.number in page
    assert sorted((w.order_id, w.verb, w.text) for w in Word.objects.all()) == [(o.id, "note_order", WORDS) for o in (one, two)]


def test_each_has_its_own_line_and_one_keeps_no_other_from_it(cast, at):
    one, over = opened(cast), opened(cast, thing="路灯")
    actions.void_order(by=cast.actor("zhao_hui"), order_id=over.id, words="试着按的")
    client = sign_in(cast, "zhao_hui")
    to = str(cast.account["wang_fang"].id)
    asked = text(many(client, "assign_order", one, over))
    assert "交给谁" in asked and "王芳" in asked
    assert many(client, "assign_order", one, over, go="1").status_code == 422
    page = text(many(client, "assign_order", one, over, go="1", to=to))
    assert "指派了 1 件，一共 2 件" in page and over.number in page
    assert Order.objects.get(id=one.id).responsible_id == cast.account["wang_fang"].id
    assert Order.objects.get(id=over.id).responsible_id != cast.account["wang_fang"].id


def test_what_is_not_hers_or_none_is_refused(cast, at):
    far = opened(cast, "hp1")
    client = sign_in(cast, "zhao_hui")
    page = text(many(client, "note_order", far, ids.new(), go="1", words=WORDS))
    assert "记下了 0 件，一共 2 件" in page and far.number not in page and not Word.objects.exists()
    assert many(client, "note_order").status_code == many(client, "note_order", "x").status_code == 400


def test_only_who_can_take_all_of_them_is_offered(cast, at):
    centre = sign_in(cast, "yu_tao")
    page = text(many(centre, "assign_order", opened(cast), opened(cast, "hp1")))
    assert "俞涛" in page and "王芳" not in page and "蒋波" not in page
