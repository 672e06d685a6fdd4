from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from django.http import HttpResponse
from django.template import Context, Template, TemplateSyntaxError
from django.utils.html import strip_tags

from linli.kernel import clock
from linli.ui import faces, figures
from linli.ui.answers import toast
from linli.ui.icons import ICONS
from linli.ui.templatetags import ui


def at(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=clock.LOCAL)


NOW = at(2026, 11, 22, 10, 20)


def draw(text: str, **context) -> str:
    return Template("{% load ui %}" + text).render(Context(context))


@pytest.mark.parametrize(
    ("moment", "said"),
    [
        (at(2026, 11, 22, 9, 5), "今天 9:05"),
        (at(2026, 11, 21, 23, 59), "昨天 23:59"),
        (at(2026, 11, 23, 9, 0), "明天 9:00"),
        (at(2026, 11, 24, 17, 0), "后天 17:00"),
        (at(2026, 11, 26, 17, 0), "11月26日 17:00"),
        (at(2026, 11, 3, 14, 5), "11月3日"),
        (at(2025, 11, 3, 14, 5), "2025年11月3日"),
        (datetime(2026, 11, 21, 16, 30, tzinfo=UTC), "今天 0:30"),
    ],
)
def test_moments_are_said_as_people_in_china_say_them(moment, said):
    assert figures.when(moment, NOW) == said


def test_paper_names_the_day_by_its_date():
    with clock.frozen(NOW):
        drawn = strip_tags(draw("{% when a 'paper' %}|{% when b 'paper' %}", a=NOW, b=at(2025, 1, 2, 9, 5)))
    assert drawn == f"{clock.local(NOW).month}月{clock.local(NOW).day}日 {clock.local(NOW):%-H:%M}|2025年1月2日 9:05"


def test_when_is_a_time_element_and_nothing_is_a_dash():
    with clock.frozen(NOW):
        drawn = draw("{% when m %}|{% when m 'full' %}|{% when n %}", m=at(2026, 11, 3, 14, 5), n=None)
    assert 'datetime="2026-11-03T14:05:00+08:00"' in drawn and 'title="2026年11月3日 14:05"' in drawn
    assert strip_tags(drawn) == "11月3日|11月3日 14:05|—"


@pytest.mark.parametrize(
    ("minutes", "said", "heard"),
    [
        (20, "剩 0:20", "剩 20 分钟"),
        (-35, "超 0:35", "超时 35 分钟"),
        (102, "剩 1:42", "剩 1 小时 42 分钟"),
        (0, "剩 0:00", "剩 0 分钟"),
        (-0.5, "超 0:01", "超时 1 分钟"),
        (timedelta(hours=9, minutes=59), "剩 9:59", "剩 9 小时 59 分钟"),
        (timedelta(hours=19, minutes=5), "剩 19 小时", "剩 19 小时"),
        (-2249, "超 37 小时", "超时 37 小时"),
        (timedelta(hours=-2), "超 2:00", "超时 2 小时"),
    ],
)
def test_time_left(minutes, said, heard):
    assert figures.remain(minutes) == said
    assert figures.remain_spoken(minutes) == heard


def test_a_clock_that_does_not_run_says_so():
    assert strip_tags(draw("{% remain None %}")) == "不计时"


@pytest.mark.parametrize(
    ("part", "whole", "said"),
    [
        (41, 43, "41 / 43 件 · 95%"),
        (0, 0, "暂无"),
        (0, 5, "0 / 5 件 · 0%"),
        (1, 500, "1 / 500 件 · 不到 1%"),
        (999, 1000, "999 / 1,000 件 · 99%"),
        (7, 7, "7 / 7 件 · 100%"),
    ],
)
def test_a_share_never_stands_without_its_denominator(part, whole, said):
    assert strip_tags(draw("{% share n d %}", n=part, d=whole)) == said


@pytest.mark.parametrize("state", ui.LIGHT_WORDS)
def test_a_light_has_shape_word_and_colour(state):
    drawn = draw("{% light s %}", s=state)
    assert strip_tags(drawn) == ui.LIGHT_WORDS[state]
    assert "<svg" in drawn and f'class="light {state}"' in drawn


def test_the_shapes_of_lights_differ():
    shapes = {draw("{% light s 'x' %}", s=s).split("<svg")[1] for s in ui.LIGHT_WORDS}
    assert len(shapes) == 5


@pytest.mark.parametrize(
    ("name", "sign"),
    [
        ("周阿姨", "周"),
        ("社工小李", "李"),
        ("网格员老王", "王"),
        ("小李", "李"),
        ("社工", "社"),
        ("🌸一米阳光", "一"),
        ("tom", "T"),
        ("🌸🌸", ""),
        ("", ""),
    ],
)
def test_the_first_character_stands_for_a_name(name, sign):
    assert faces.initial(name) == sign


def test_faces():
    assert "bird-beak" in draw("{% face '小栖' 'bot' %}")
    assert strip_tags(draw("{% face '周阿姨' 'me' %}")) == "我"
    assert "<svg" in draw("{% face '🌸' %}")
    assert faces.tone("周阿姨") == faces.tone("周阿姨") and 1 <= faces.tone("x") <= 6


def test_words_of_people_are_escaped_everywhere():
    evil = "<script>x</script>"
    drawn = draw(
        "{% bubble name=e role=e %}{{ e }}{% endbubble %}{% face e %}{% steps s %}{% bars b %}{% empty e e e %}"
        "{% icon 'mic' e %}{% light 'green' e %}{% spark v e %}{% share 1 2 e %}{% once e %}{% qr e e %}",
        e=evil,
        s=[{"text": evil, "who": evil, "note": evil}],
        b=[(evil, 3, evil)],
        v=[1, 2],
    )
    assert "<script" not in drawn and drawn.count("&lt;script&gt;") >= 10


def test_icons_are_silent_or_named_and_unknown_ones_are_an_error():
    assert 'aria-hidden="true"' in draw("{% icon 'mic' %}")
    assert 'role="img" aria-label="说话"' in draw("{% icon 'mic' '说话' %}")
    with pytest.raises(TemplateSyntaxError):
        draw("{% icon 'unicorn' %}")
    assert {
        "home",
        "report",
        "answers",
        "mine",
        "me",
        "mic",
        "phone",
        "camera",
        "print",
        "lock",
    } <= ICONS.keys()


def test_steps_take_rows_of_any_kind_and_name_what_is_now():
    drawn = draw(
        "{% steps rows %}",
        rows=[
            {"text": "已受理", "at": NOW},
            SimpleNamespace(text="已答复", state="now"),
            {"text": "请您确认", "state": "next"},
        ],
    )
    assert drawn.count("<li") == 3 and 'aria-current="step"' in drawn and "接下来：" in drawn


def test_bars_are_scaled_to_the_greatest_and_carry_figures():
    drawn = draw("{% bars rows '件' %}", rows=[("物业服务", 40), ("环境卫生", 10, "满意 3 / 4 人")])
    assert (
        'width="100.0"' in drawn and 'width="25.0"' in drawn and "40 件" in drawn and "满意 3 / 4 人" in drawn
    )
    assert "暂无" in draw("{% bars rows %}", rows=[])


def test_a_small_line_can_be_heard():
    assert 'aria-label="最近 7 天：1、4、2"' in draw("{% spark v '最近 7 天' %}", v=[1, 4, 2])
    assert "暂无" in draw("{% spark v %}", v=[]) and "<svg" in draw("{% spark v %}", v=[0])


def test_a_code_is_drawn_inline_without_styles():
    drawn = draw("{% qr 'https://linli.example/o/abc' %}")
    assert "<svg" in drawn and "style=" not in drawn and 'role="img"' in drawn


def test_bubbles_of_the_machine_and_of_oneself():
    drawn = draw(
        "{% bubble name='小栖' kind='bot' %}听到了{% endbubble %}{% bubble name='周' kind='me' %}好{% endbubble %}"
    )
    assert 'class="msg bot"' in drawn and 'class="msg me"' in drawn and "bird-beak" in drawn


def test_a_line_at_the_foot_keeps_other_triggers_and_is_plain_ascii():
    response = HttpResponse(headers={"HX-Trigger": '{"other": 1}'})
    toast(response, "已退回", undo="/undo")
    assert response.headers["HX-Trigger"].isascii() and '"other": 1' in response.headers["HX-Trigger"]
