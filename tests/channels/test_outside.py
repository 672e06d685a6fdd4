"""Notices by mail and text message: who chose it, when, once, and nothing in it that names anybody. The post is a real server."""

import json
from datetime import datetime, timedelta
from pathlib import Path
from threading import Thread

import pytest
from django.db import connections

from linli.accounts.models import Account
from linli.channels.outside import calling
from linli.kernel import clock
from linli.kernel.actors import BOT
from linli.kernel.errors import BadInput, Forbidden
from linli.ledger.models import Event
from linli.notices.actions import mark_read, notify
from linli.notices.models import Notice, Sending, Way
from linli.notices.outside import actions, mail, selectors
from linli.orders import actions as orders
from tests.desk import opened, sealed
from tests.notices.outside.postbox import Postbox

LI = "li@example.cn"


@pytest.fixture
def box(settings, tmp_path):
    found = Postbox()
    settings.LINLI_MAIL_BACKEND, settings.LINLI_MAIL_FROM = "smtp", "linli@example.cn"
    settings.LINLI_MAIL_URL = f"smtp://127.0.0.1:{found.port}"
    settings.LINLI_VAR, settings.LINLI_ADDRESS = tmp_path, "https://linli.example.cn"
    settings.LINLI_QUIET, settings.LINLI_DIGEST = "22:00-07:00", "08:30"
    yield found
    found.close()


def choose(cast, how, channel="mail", who="li_min"):
    return actions.choose_way(by=cast.actor(who), channel=channel, how=how, address=LI if channel == "mail" else "")


def tell(cast, order, key, urgent=False, who="li_min"):
    notify(BOT, [cast.account[who].id], "order_step", "order", order.id, key, urgent=urgent)
    return Notice.objects.get(dedupe_key=key)


def run():
    actions.give_up_taken()
    actions.owe()
    return calling.send_due()


def later():
    """What waits for another try is due now, what is leased has lost its holder: the wall is not moved, their time is."""
    Sending.objects.filter(state__lte=Sending.TAKEN).update(due_at=clock.wall() - timedelta(seconds=1))


def texts(settings):
    """The text messages of the file back end."""
    lines = [line for path in (Path(settings.LINLI_VAR) / "sms").glob("*.jsonl") for line in path.read_text().splitlines()]
    return [json.loads(line) for line in lines]


def test_without_a_choice_nothing_goes_out(cast, at, deliver, box):
    opened(cast)
    deliver()
    assert Notice.objects.exists() and run() == 0 and box.heard == []


def test_each_goes_once_and_says_the_number_and_nothing_else(cast, at, deliver, box, settings):
    choose(cast, "each")
    choose(cast, "each", "sms")
    order = sealed(cast)
    deliver()
    notice = Notice.objects.get(account_id=cast.account["li_min"].id)
    assert run() == 2 and run() == 0
    [letter], [short] = box.taken, texts(settings)
    link = f"https://linli.example.cn/desk/notices/{notice.id}/"
    assert box.to == [LI] and letter["Subject"] == f"邻里：工单 {order.number} 有一条新消息"
    assert letter.get_content().splitlines() == [
        f"工单 {order.number} 有一条新消息。登录以后看：", link, "",
        "信里只写单号，不写人和事。想换一种提醒，或者不再收，在这里改：", "https://linli.example.cn/desk/me/",
    ]  # fmt: skip
    assert short["phone"] == cast.account["li_min"].phone
    assert short["text"] == f"【邻里】工单 {order.number} 有一条新消息，登录以后看：{link}"


def test_a_confidential_order_has_no_number(cast, at, box):
    choose(cast, "each", who="zhao_hui")
    order = opened(cast, kind="abuse", words="他又打她了", thing="家暴")
    assert order.confidential
    tell(cast, order, "k1", urgent=True, who="zhao_hui")
    assert run() == 1
    assert box.taken[0]["Subject"] == "邻里：您有急事，请马上看"
    assert order.number not in box.taken[0].as_string() + box.taken[0].get_content()


def test_an_order_that_went_to_somebody_else_has_no_number_any_more(cast, at, box):
    choose(cast, "each", who="shi_qiang")
    order = opened(cast)
    orders.assign_order(by=cast.actor("zhao_hui"), order_id=order.id, to=cast.account["shi_qiang"].id)
    tell(cast, order, "k1", who="shi_qiang")
    orders.assign_order(by=cast.actor("zhao_hui"), order_id=order.id, to=cast.account["li_min"].id)
    assert run() == 1
    assert box.taken[0]["Subject"] == "邻里：您有一条新消息"


@pytest.mark.parametrize("how,goes", [("off", []), ("urgent", ["k2"]), ("digest", ["k2"]), ("each", ["k1", "k2"])])
def test_what_she_chose_is_what_goes(cast, at, box, how, goes):
    choose(cast, how)
    order = opened(cast)
    made = [tell(cast, order, "k1"), tell(cast, order, "k2", urgent=True)]
    run()
    links = [line for letter in box.taken for line in letter.get_content().splitlines() if "/notices/" in line]
    assert [n.dedupe_key for n in made if any(str(n.id) in line for line in links)] == goes == ["k1", "k2"][2 - len(links) :]


def test_what_she_read_or_was_told_before_she_chose_does_not_go(cast, at, box):
    order = opened(cast)
    tell(cast, order, "before")
    at.move(minutes=1)
    choose(cast, "each")
    read = tell(cast, order, "read")
    mark_read(cast.actor("li_min"), [read.id])
    late = tell(cast, order, "read between")
    actions.owe()
    mark_read(cast.actor("li_min"), [late.id])
    assert calling.send_due() == 1 and box.taken == []
    assert Sending.objects.get().state == Sending.DROPPED


def test_a_choice_or_an_account_that_ended_meanwhile_counts(cast, at, box):
    choose(cast, "each")
    order = opened(cast)
    tell(cast, order, "k1")
    actions.owe()
    choose(cast, "off")
    assert calling.send_due() == 1
    choose(cast, "each")
    tell(cast, order, "k2")
    actions.owe()
    Account.objects.filter(id=cast.account["li_min"].id).update(is_active=False)
    assert calling.send_due() == 1 and box.taken == []


def test_at_night_only_what_is_urgent(cast, at, box):
    choose(cast, "each")
    order = opened(cast)
    at.set(datetime(2026, 3, 2, 21, 59))
    tell(cast, order, "evening")
    actions.owe()
    at.set(datetime(2026, 3, 2, 22, 0))
    tell(cast, order, "night")
    tell(cast, order, "fire", urgent=True)
    assert run() == 1 and run() == 0
    assert "急事" in box.taken[0]["Subject"]
    at.set(datetime(2026, 3, 3, 7, 0))
    assert run() == 2 and len(box.taken) == 3


def test_a_digest_a_day_of_what_is_unread(cast, at, box, settings):
    choose(cast, "digest")
    choose(cast, "digest", "sms", who="zhao_hui")
    order, secret = opened(cast), opened(cast, "jx5", kind="abuse", words="他又打她了", thing="家暴")
    tell(cast, order, "k1")
    tell(cast, order, "k2")
    tell(cast, secret, "k3")
    tell(cast, order, "hers", who="zhao_hui")
    assert run() == 0, "today's hour was over when she chose"
    at.set(datetime(2026, 3, 3, 8, 29))
    assert run() == 0
    at.set(datetime(2026, 3, 3, 8, 30))
    assert run() == 2 and run() == 0
    [letter] = box.taken
    assert letter["Subject"] == "邻里：您有 3 条消息还没看"
    assert f"说的是工单 {order.number}。" in letter.get_content() and secret.number not in letter.get_content()
    assert [t["text"] for t in texts(settings)] == ["【邻里】您有 1 条消息还没看，登录以后看：https://linli.example.cn/desk/notices/"]
    mark_read(cast.actor("li_min"))
    mark_read(cast.actor("zhao_hui"))
    at.set(datetime(2026, 3, 4, 8, 30))
    assert run() == 2 and len(box.taken) == 1, "nothing unread, nothing said"


def test_a_digest_whose_hour_is_quiet_comes_when_it_is_over(cast, at, box, settings):
    settings.LINLI_DIGEST = "23:00"
    choose(cast, "digest")
    tell(cast, opened(cast), "k1")
    at.set(datetime(2026, 3, 3, 6, 59))
    assert run() == 0
    at.set(datetime(2026, 3, 3, 7, 0))
    assert run() == 1 and run() == 0 and len(box.taken) == 1
    assert actions.digest_before(clock.now())[0] == datetime(2026, 3, 2).date()


def test_a_worker_that_dies_sends_nothing_twice(cast, at, box, monkeypatch):
    choose(cast, "each")
    order = opened(cast)
    tell(cast, order, "k1")
    actions.owe()
    assert actions.take() is not None  # it dies before it calls
    tell(cast, order, "k2")

    def dies(*_):
        raise SystemExit

    with monkeypatch.context() as patch:
        patch.setattr(actions, "settle", dies)  # it dies after the letter was taken, before that is written down
        with pytest.raises(SystemExit):
            run()
    assert len(box.taken) == 1
    assert run() == 0
    later()
    assert run() == 0 and len(box.taken) == 1
    assert {s.state for s in Sending.objects.all()} == {Sending.UNSURE} and selectors.lost() == {"mail": 2}


def test_who_refuses_for_now_is_asked_again_and_for_ever_is_not(cast, at, box):
    choose(cast, "each")
    order = opened(cast)
    tell(cast, order, "k1")
    box.refuse["RCPT"] = b"451 later"
    assert run() == 1 and run() == 0
    sending = Sending.objects.get()
    assert (sending.state, sending.attempts, sending.error) == (Sending.PENDING, 1, "smtp 451") and sending.due_at > clock.wall()
    box.refuse.clear()
    later()
    assert run() == 1 and len(box.taken) == 1
    tell(cast, order, "k2")
    box.refuse["RCPT"] = b"550 nobody here"
    assert run() == 1
    later()
    assert run() == 0 and selectors.lost() == {"mail": 1} and len(box.taken) == 1


def test_a_server_that_is_away_for_a_day_is_given_up(cast, at, box):
    choose(cast, "each")
    tell(cast, opened(cast), "k1")
    box.close()
    for _ in range(len(actions.WAITS) + 1):
        assert run() == 1
        later()
    assert run() == 0 and Sending.objects.get().state == Sending.FAILED
    assert sum(actions.WAITS) >= 20 * 3600


def test_who_falls_silent_with_the_letter_in_hand_is_not_sent_it_again(cast, at, box, monkeypatch):
    monkeypatch.setattr(mail, "SECONDS", 0.3)
    choose(cast, "each")
    tell(cast, opened(cast), "k1")
    box.stall = "DOT"
    assert run() == 1
    assert (Sending.objects.get().state, Sending.objects.get().error) == (Sending.UNSURE, "timeout")
    later()
    assert run() == 0 and len(box.taken) == 1


@pytest.mark.django_db(transaction=True)
def test_a_silent_server_does_not_hold_up_the_worker(cast, at, box, settings):
    choose(cast, "each")
    order = opened(cast)
    tell(cast, order, "k1")
    box.stall = "DOT"
    calling.send_outside()
    assert box.waiting.wait(20)  # it has the letter and says nothing, and we are here
    at.move(seconds=1)
    choose(cast, "each", "sms")
    tell(cast, order, "k2")
    calling.send_outside()
    assert Sending.objects.get(notice_id=Notice.objects.get(dedupe_key="k1").id).state == Sending.TAKEN
    box.release.set()
    for future in list(calling._running):
        future.result(20)
    assert Sending.objects.exclude(state=Sending.SENT).count() == 0 and len(box.taken) == 2 and len(texts(settings)) == 1


@pytest.mark.django_db(transaction=True)
def test_many_workers_at_once_send_each_once(cast, at, box):
    choose(cast, "each")
    order = opened(cast)
    for n in range(12):
        tell(cast, order, f"k{n}")

    def work():
        try:
            run()
        finally:
            connections.close_all()

    threads = [Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    said = [letter["Message-ID"] for letter in box.taken]
    assert len(said) == len(set(said)) == 12 and Sending.objects.filter(state=Sending.SENT).count() == 12


def test_a_choice_is_ones_own_and_its_event_holds_no_address(cast, at):
    way = choose(cast, "each")
    assert selectors.ways_of(cast.actor("li_min"))["mail"].address == LI
    assert selectors.ways_of(cast.actor("zhao_hui")) == {} and selectors.ways_of(BOT) == {}
    event = Event.objects.get(verb="notices.choose_way")
    assert event.facts == {"v": 1, "channel": "mail", "how": "each"}
    at.move(minutes=5)
    assert choose(cast, "each").since == way.since and Event.objects.filter(verb="notices.choose_way").count() == 1
    for wrong in ("", "li", "li@", "li@x", "li@example.cn\nBcc: x@example.cn", "李@example.cn", "a@" + "b." * 130 + "cn"):
        with pytest.raises(BadInput):
            actions.choose_way(by=cast.actor("li_min"), channel="mail", how="urgent", address=wrong)
    with pytest.raises(BadInput):
        choose(cast, "hourly")
    with pytest.raises(Forbidden):
        choose(cast, "each", who="zhou")
    assert Way.objects.count() == 1


def test_what_went_out_is_forgotten_after_thirty_days(cast, at, box):
    choose(cast, "each")
    order = opened(cast)
    tell(cast, order, "k1")
    run()
    at.move(days=29)
    actions.forget()
    assert Sending.objects.count() == 1
    at.move(days=2)
    actions.forget()
    assert Sending.objects.count() == 0 and run() == 0, "what is so old is not owed again"
