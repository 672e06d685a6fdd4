"""The real server: pages, static files, live streams, over the test's database."""

import http.client
import json
import time

import pytest
from django.db import transaction

from linli.ledger import datagram, live_token, wake
from linli.site import wakes

pytestmark = pytest.mark.django_db(transaction=True)


def get(site, path, **headers):
    conn = http.client.HTTPConnection("127.0.0.1", site.port, timeout=10)
    conn.request("GET", path, headers=headers)
    answer = conn.getresponse()
    body = answer.read()
    conn.close()
    return answer.status, answer.headers, body


class Stream:
    """A listening browser, as far as the server can tell."""

    def __init__(self, site, topics, token=None):
        self.conn = http.client.HTTPConnection("127.0.0.1", site.port, timeout=10)
        self.conn.request("GET", "/live?t=" + (token or live_token.make(topics)))
        self.answer = self.conn.getresponse()

    def next(self):
        """The next `changed` event's data."""
        for line in self.answer:
            if line.startswith(b"data: "):
                return json.loads(line[6:])
        return None

    def hello(self):
        assert self.answer.readline() == b"retry: 2000\n"
        return self


def test_pages_come_from_django_with_the_strict_policy(site):
    status, headers, body = get(site, "/styleguide")
    assert status == 200 and "邻里" in body.decode()
    assert "default-src 'self'" in headers["Content-Security-Policy"] and "Server" not in headers


def test_pages_are_compressed_for_slow_phones(site):
    _, headers, body = get(site, "/styleguide", **{"Accept-Encoding": "gzip"})
    assert headers["Content-Encoding"] == "gzip" and body[:2] == b"\x1f\x8b"


def test_a_stream_hears_its_topic_and_no_other(site):
    mine = Stream(site, ["g:1", "o:2"]).hello()
    assert mine.answer.getheader("content-type").startswith("text/event-stream")
    began = time.monotonic()
    with transaction.atomic():
        wake.touch("g:9")
        wake.touch("g:1")
    assert mine.next() == {"topic": "g:1"}
    assert time.monotonic() - began < 0.9
    wake.touch("o:2")
    assert mine.next() == {"topic": "o:2"}


def test_a_lost_datagram_costs_a_second_and_nothing_is_told_twice(site, monkeypatch):
    mine = Stream(site, ["g:1", "g:2"]).hello()
    monkeypatch.setattr(wake, "send", lambda kind, message: None)
    wake.touch("g:1")
    assert mine.next() == {"topic": "g:1"}
    monkeypatch.undo()
    wake.touch("g:2")
    assert mine.next() == {"topic": "g:2"}
    time.sleep(1.3)
    wake.touch("g:1")
    assert mine.next() == {"topic": "g:1"}


def test_what_changed_before_the_page_listened_is_told_at_once(site):
    token = live_token.make(["g:5"])
    time.sleep(0.01)
    wake.touch("g:5")
    time.sleep(1.2)
    assert Stream(site, [], token).hello().next() == {"topic": "g:5"}


def test_a_forged_or_old_token_hears_nothing(site, at):
    token = live_token.make(["g:1"])
    assert get(site, "/live?t=" + token[:-2] + "xx")[0] == 403
    assert get(site, "/live?t=" + live_token.make(["g:1"], seconds=-1))[0] == 403
    assert get(site, "/live")[0] == 403


def test_one_token_opens_a_few_streams_only(site):
    token = live_token.make(["g:1"])
    streams = [Stream(site, [], token) for _ in range(9)]
    assert [s.answer.status for s in streams] == [200] * 8 + [429]
    for stream in streams:
        stream.conn.close()
        stream.answer.close()
    until = time.monotonic() + 20
    while Stream(site, [], token).answer.status != 200:
        assert time.monotonic() < until, "closed streams are still counted"
        time.sleep(0.1)


def test_stopping_ends_the_streams_at_once(site):
    mine = Stream(site, ["g:1"]).hello()
    began = time.monotonic()
    site.server.should_exit = True
    assert mine.next() is None
    assert time.monotonic() - began < 2


@pytest.mark.browser
def test_a_page_in_chromium_gets_its_scripts_and_styles(page):
    failed = []
    page.on("response", lambda r: r.status >= 400 and failed.append(r.url))
    page.goto("/styleguide")
    assert page.evaluate("typeof htmx") == "object"
    assert not failed


@pytest.mark.postgres
def test_postgresql_tells_other_machines_too(settings, tmp_path, monkeypatch):
    settings.LINLI_PG_NOTIFY, settings.LINLI_RUN = True, tmp_path
    ear = datagram.listen("live", "other-machine")
    bridge = wakes.Notified("live")
    bridge.start()
    try:
        monkeypatch.setattr(wake, "send", lambda kind, message: None)
        heard, until = [], time.monotonic() + 20
        while not heard:
            assert time.monotonic() < until
            with transaction.atomic():
                wake.touch("g:1")
                time.sleep(0.05)
            time.sleep(0.1)
            heard = datagram.drain(ear)
        assert heard[0].endswith(" g:1")
    finally:
        bridge.stop()
        bridge.join(5)
        datagram.close(ear)
