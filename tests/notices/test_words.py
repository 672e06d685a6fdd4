"""Quiet hours, texts and phone codes; no database."""

import json
from datetime import UTC, datetime

import pytest
from django.core.exceptions import ImproperlyConfigured
from hypothesis import given
from hypothesis import strategies as st

from linli.kernel import clock
from linli.kernel.clock import LOCAL
from linli.kernel.errors import BadInput
from linli.notices import quiet, sms, texts

NIGHT, NOON_NAP = quiet.parse("22:00-07:00"), quiet.parse("12:30-14:00")
moments = st.datetimes(datetime(2017, 1, 1), datetime(2030, 1, 1)).map(lambda d: d.replace(tzinfo=UTC))


@given(moments, st.sampled_from([NIGHT, NOON_NAP, quiet.parse("")]))
def test_after_is_the_first_moment_that_is_not_quiet(at, hours):
    after = hours.after(at)
    assert after >= at and not hours.holds(after) and after.tzinfo is UTC
    if hours.holds(at):
        assert after.astimezone(LOCAL).time() == hours.ends and (after - at).total_seconds() <= 9 * 3600
    else:
        assert after == at


def test_night_is_over_midnight_in_china():
    assert NIGHT.after(datetime(2026, 3, 2, 22, 0, tzinfo=LOCAL)) == datetime(2026, 3, 3, 7, 0, tzinfo=LOCAL)
    assert NIGHT.after(datetime(2026, 3, 3, 6, 59, tzinfo=LOCAL)) == datetime(2026, 3, 3, 7, 0, tzinfo=LOCAL)
    assert not NIGHT.holds(datetime(2026, 3, 3, 7, 0, tzinfo=LOCAL))
    assert not NIGHT.holds(datetime(2026, 3, 2, 21, 59, tzinfo=LOCAL))


@pytest.mark.parametrize("text", ["22:00", "22-7-1", "25:00-07:00", "night"])
def test_a_malformed_setting_is_loud(text):
    with pytest.raises(ValueError):
        quiet.parse(text)


LABELS = {
    "number": "JX-0302-1", "place": "锦绣苑3号楼2单元", "matter": "电梯故障", "person": "陈社工", "post": "网格责任社工", "due": "今天16:30",
    "time": "今晚10点到明早7点", "step": "答复", "group": "锦绣苑3号楼", "request": "挂账",
}  # fmt: skip


@pytest.mark.parametrize("kind", sorted(texts.TEXTS))
def test_every_kind_has_a_short_warm_sentence(kind):
    said = texts.render(kind, **LABELS)
    assert "{" not in said and "}" not in said and said.endswith("。") and len(said) <= 80
    assert texts.slots(kind) <= set(LABELS)
    with pytest.raises(KeyError):
        texts.render(kind)


@pytest.mark.parametrize("kind", ["clock_red_head", "clock_150_street"])
def test_what_a_leader_hears_of_red_names_no_person(kind):
    assert "person" not in texts.slots(kind) and "post" in texts.slots(kind)


def test_the_kinds_that_the_product_sends_are_all_there():
    assert set(texts.TEXTS) >= {
        "order_assigned", "order_transferred", "order_returned", "clock_yellow", "clock_red_head", "clock_150_street",
        "order_reopened", "order_review", "result_ready", "answer_given", "question_waiting", "duty_gap",
    }  # fmt: skip


def test_a_label_that_looks_like_a_template_stays_what_it_is():
    said = texts.render("result_ready", matter="{number}{matter.__class__}")
    assert "{number}{matter.__class__}" in said


def test_a_code_goes_to_the_file(settings, tmp_path):
    settings.LINLI_SMS_BACKEND, settings.LINLI_VAR = "file", tmp_path
    with clock.frozen(datetime(2026, 3, 2, 23, 30)):
        sms.send_code("13812341234", "482910")
        sms.send_code("13912341234", "111111", minutes=5)
    [path] = (tmp_path / "sms").iterdir()
    assert path.name == "2026-03-02.jsonl" and path.stat().st_mode & 0o777 == 0o600
    first, second = (json.loads(line) for line in path.read_text().splitlines())
    assert first["phone"] == "13812341234" and "482910" in first["text"] and "10分钟" in first["text"]
    assert first["at"] == "2026-03-02T15:30:00+00:00" and "5分钟" in second["text"]


def test_a_code_goes_to_the_console_with_the_number_masked(settings, capsys):
    settings.LINLI_SMS_BACKEND = "console"
    sms.send_code("13812341234", "482910")
    out = capsys.readouterr().out
    assert "482910" in out and "138****1234" in out and "13812341234" not in out


@pytest.mark.parametrize(
    "phone", ["", "12345", "23812341234", "1381234123４", "13812341234 ", "+8613812341234"]
)
def test_a_number_that_cannot_be_one_is_refused(settings, phone):
    settings.LINLI_SMS_BACKEND = "console"
    with pytest.raises(BadInput):
        sms.send_code(phone, "482910")


def test_an_unknown_back_end_is_loud(settings):
    settings.LINLI_SMS_BACKEND = "pigeon"
    with pytest.raises(ImproperlyConfigured):
        sms.send_code("13812341234", "482910")
