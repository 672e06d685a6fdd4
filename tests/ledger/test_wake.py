"""Wake-up after commit, and the tokens that say who may hear what."""

import pytest
from django.db import transaction

from linli.ledger import datagram, live_token, wake
from linli.ledger.models import Wake

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def ear(settings, tmp_path):
    settings.LINLI_RUN = tmp_path
    sock = datagram.listen("live", "test")
    yield sock
    datagram.close(sock)
    assert not list(tmp_path.glob("*.sock"))


def test_a_topic_is_told_after_its_commit_with_the_row_that_says_so(ear):
    with transaction.atomic():
        wake.touch(["g:1", "o:2", "g:1"])
        assert datagram.drain(ear) == []
    [told] = datagram.drain(ear)
    rows = [f"{w.id} {w.topic}" for w in Wake.objects.order_by("topic")]
    assert told.splitlines() == rows and len(rows) == 2


def test_what_is_rolled_back_wakes_nobody(ear):
    with pytest.raises(KeyError), transaction.atomic():
        wake.touch("g:1")
        raise KeyError
    assert datagram.drain(ear) == [] and not Wake.objects.exists()


def test_a_socket_left_by_a_killed_process_is_cleared_away(ear, tmp_path):
    dead = datagram.listen("live", "dead")
    dead.close()
    wake.touch("g:1")
    assert not (tmp_path / "live-dead.sock").exists() and datagram.drain(ear)


def test_a_full_ear_is_passed_over_and_not_cut_off(ear, tmp_path):
    for _ in range(2_000):
        datagram.send("live", "1 g:1")
    assert (tmp_path / "live-test.sock").exists() and datagram.drain(ear)
    datagram.send("live", "2 g:2")
    assert datagram.drain(ear) == ["2 g:2"]


def test_a_token_says_its_topics_and_no_others():
    token = live_token.make(["g:1", "a:7"])
    assert live_token.read(token) == ["g:1", "a:7"] and token != live_token.make(["g:1", "a:7"])
    for wrong in (token[:-1], "x" + token, "", "nonsense:more"):
        with pytest.raises(ValueError):
            live_token.read(wrong)


def test_a_token_grows_old(monkeypatch):
    token = live_token.make(["g:1"], seconds=60)
    real = live_token.clock.wall()
    monkeypatch.setattr(live_token.clock, "wall", lambda: real + live_token.clock.timedelta(seconds=61))
    with pytest.raises(ValueError, match="over"):
        live_token.read(token)


def test_a_token_is_as_old_as_its_page(monkeypatch):
    real = live_token.clock.wall()
    monkeypatch.setattr(live_token.clock, "wall", lambda: real)
    with live_token.page():
        monkeypatch.setattr(live_token.clock, "wall", lambda: real + live_token.clock.timedelta(seconds=3))
        assert live_token.open_pass(live_token.make(["g:1"])).made == round(real.timestamp(), 3)
    assert live_token.open_pass(live_token.make(["g:1"])).made == round(real.timestamp(), 3) + 3


def test_a_token_has_room_for_a_page_and_no_more():
    with pytest.raises(ValueError):
        live_token.make([f"g:{n}" for n in range(41)])
