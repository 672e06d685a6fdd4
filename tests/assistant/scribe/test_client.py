"""One request to an endpoint that cannot be trusted: it ends, and nothing but plain words comes back."""

import time

import pytest

from linli.assistant.scribe.client import MOST_BYTES, Breaker, Endpoint, Failed, ask
from tests.assistant.scribe.fake import drips, drips_headers, floods, http, reply, says, sends, served, stalls

HURRY = 0.5


def code_of(act, seconds=4.0) -> str:
    with served(act) as fake, pytest.raises(Failed) as failed:
        ask(fake.endpoint(seconds), "s", "u", Breaker())
    return failed.value.code


def test_it_asks_as_such_endpoints_want_and_takes_the_words():
    with served(says(" 带上身份证去窗口。 ")) as fake:
        assert ask(fake.endpoint(), "系统", "原文", Breaker()) == "带上身份证去窗口。"
    (asked,) = fake.asked
    assert asked["model"] == "fake-model" and [m["content"] for m in asked["messages"]] == ["系统", "原文"] and asked["stream"] is False
    assert "POST /v1/chat/completions" in fake.heads[0] and "Bearer fake-key" in fake.heads[0]


@pytest.mark.parametrize("act", [stalls, drips, drips_headers], ids=lambda a: a.__name__)
def test_who_stalls_is_left_at_the_deadline(act):
    began = time.monotonic()
    assert code_of(act, HURRY) == "late"
    assert time.monotonic() - began < 10 * HURRY


@pytest.mark.parametrize(
    "raw,code",
    [
        (reply("电话 0571")[:-30], "cut"),  # breaks off in the middle of the body
        (http(b'{"choices": [', length=4000), "cut"),
        (b"", "unreachable"),
        (b"\x00\xff\xfe not http at all\r\n\r\n", "unreachable"),
        (b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 500 + b"\r\n", "unreachable"),
        (http(b"<html>504</html>"), "not_json"),
        (http(b"[]"), "not_json"),
        (http(b'{"choices": []}'), "not_json"),
        (http(b'{"choices": [{"message": null}]}'), "not_json"),
        (http(b"[" * 20_000), "not_json"),
        (http(b"\xff\xfe\x00"), "not_json"),
        (reply(None), "not_json"),
        (reply(["一", "二"]), "not_json"),
        (reply("   "), "empty"),
        (reply("话没说完", finish="length"), "cut"),
        (reply("字" * 5000), "too_long"),
        (http(b" " * (MOST_BYTES + 1)), "too_long"),
        (http(b"{}", "500 Internal Server Error"), "refused"),
        (http(b"{}", "401 Unauthorized"), "refused"),
        (http(b"", "302 Found", more="Location: http://127.0.0.1:1/\r\n"), "redirect"),
    ],
)
def test_what_is_no_plain_answer_is_none(raw, code):
    assert code_of(sends(raw)) == code


def test_a_flood_is_not_drunk():
    assert code_of(floods) == "too_long"


def test_a_redirect_is_not_followed():
    with served(says("被带走了")) as other:
        target = f"Location: {other.url}/chat/completions\r\n"
        assert code_of(sends(http(b"", "307 Temporary Redirect", more=target))) == "redirect"
        assert other.asked == []


@pytest.mark.parametrize("url", ["ftp://127.0.0.1/v1", "file:///etc/passwd", "", "http://"])
def test_other_addresses_are_refused(url):
    with pytest.raises(Failed) as failed:
        ask(Endpoint(url, "m"), "s", "u", Breaker())
    assert failed.value.code == "bad_address"


def test_after_three_failures_nobody_is_asked_for_a_while():
    moment = [0.0]
    breaker = Breaker(limit=3, rest=60, now=lambda: moment[0])
    with served(sends(http(b"{}", "500 no"))) as fake:
        for _ in range(5):
            with pytest.raises(Failed):
                ask(fake.endpoint(), "s", "u", breaker)
        assert len(fake.asked) == 3 and breaker.resting
        moment[0] = 61
        with pytest.raises(Failed):
            ask(fake.endpoint(), "s", "u", breaker)
        assert len(fake.asked) == 4
        moment[0] = 61 + 119
        assert breaker.resting, "the second rest is twice as long"
        moment[0] = 61 + 121
        fake.act = says("好了")
        assert ask(fake.endpoint(), "s", "u", breaker) == "好了"
        fake.act = sends(b"")
        with pytest.raises(Failed):
            ask(fake.endpoint(), "s", "u", breaker)
    assert not breaker.resting, "one success starts the count again"


def test_the_key_is_shown_nowhere():
    assert "secret-key" not in repr(Endpoint("http://127.0.0.1/v1", "m", "secret-key"))
