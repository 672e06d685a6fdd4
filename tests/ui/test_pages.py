"""The sample pages, the switch to 长辈版 and the error pages, without a database."""

import pytest
from django.template.loader import render_to_string
from django.test import RequestFactory

from linli.ui import mistakes, samples, web

requests = RequestFactory()


def test_the_styleguide_shows_every_part():
    html = web.styleguide(requests.get("/styleguide")).content.decode()
    for part in (
        'class="light red"',
        'class="bars"',
        'class="spark"',
        'class="qr"',
        "data-elder",
        "data-screen",
        samples.LONG,
    ):
        assert part in html
    for word in samples.WORDS:
        assert f"fg-{word}" in html


@pytest.mark.parametrize("page", samples.PAGES)
def test_each_sample_page_stands_alone(page):
    response = web.styleguide_page(requests.get(f"/styleguide/{page}"), page)
    html = response.content.decode()
    assert response.status_code == 200
    assert '<html lang="zh-CN"' in html and 'class="skip" href="#main"' in html and 'id="main"' in html
    assert "&#x27;" not in html.split("</title>")[0]


@pytest.mark.parametrize("code", mistakes.CODES)
def test_errors_speak_plainly_and_say_what_to_do_next(code):
    response = web.error_page(requests.get("/x"), code)
    html = response.content.decode()
    assert response.status_code == code
    assert f'data-error="{code}"' in html and mistakes.mistake(code).heading in html and 'href="/"' in html
    assert "Traceback" not in html


def test_the_error_template_may_be_drawn_directly():
    html = render_to_string("ui/error.html", {"status": 429, "message": "慢一点再试。"})
    assert "慢一点再试。" in html and "点得有点快" in html and "编号 429" in html


def test_an_error_page_needs_no_request_and_takes_a_message():
    assert "这件事已经有人接了" in web.error_page(None, 409, "这件事已经有人接了").content.decode()
    assert web.error_page(None, 502).status_code == 502
    assert web.error_page(None, 418).status_code == 418
    assert web.styleguide_page(requests.get("/"), "nothing").status_code == 404


def test_the_server_draws_the_readers_choice():
    request = requests.get("/")
    request.COOKIES.update(elder="1", size="2")
    html = web.styleguide_page(request, "home").content.decode()
    assert '<html lang="zh-CN" data-elder data-size="2"' in html and "标准版" in html
    request.COOKIES.update(elder="0", size='9"><script>')
    html = web.styleguide_page(request, "home").content.decode()
    assert '<html lang="zh-CN">' in html


def test_the_switch_works_without_scripts_and_goes_back_only_here():
    response = web.elder(requests.get("/elder?on=1", HTTP_REFERER="http://testserver/mine/"))
    assert response.url == "http://testserver/mine/" and response.cookies["elder"].value == "1"
    response = web.elder(requests.get("/elder?on=0", HTTP_REFERER="https://elsewhere.example/"))
    assert response.url == "/" and response.cookies["elder"].value == "0"
