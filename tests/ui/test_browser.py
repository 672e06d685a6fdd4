"""The scripts and sizes in real Chromium. A small server asks the views themselves: no site, no database."""

import io
import mimetypes
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import urlsplit

import pytest
from django.contrib.staticfiles import finders
from django.test import RequestFactory
from django.urls import Resolver404, get_resolver
from PIL import Image

from tests.browser import fits

pytestmark = pytest.mark.browser
POLICY = "default-src 'self'; style-src 'self'; script-src 'self'; frame-ancestors 'none'"
HTML = "text/html; charset=utf-8"


class House(ThreadingHTTPServer):
    """A small server: pages by their views, static files by the finders, POSTs counted."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Door)
        self.safe, self.plain = (f"http://{host}:{self.server_port}" for host in ("localhost", "linli.test"))
        self.posts, self.complaints, self.streams, self.pieces = [], [], 0, 0
        self.answer = (303, "/styleguide/mine")

    def handle_error(self, request, client_address):
        """A browser that goes away is no error."""


class Door(BaseHTTPRequestHandler):
    server: House

    def say(self, status, body=b"", kind=HTML, **headers):
        self.send_response(status)
        for name, value in {"Content-Type": kind, "Content-Security-Policy": POLICY, **headers}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        path = urlsplit(self.path).path
        if path.startswith("/static/"):
            found = finders.find(path.removeprefix("/static/"))
            kind = mimetypes.guess_type(path)[0] or "text/plain"
            return self.say(200, Path(found).read_bytes(), kind) if found else self.say(404)
        if path == "/live":
            self.server.streams += 1
            return self.say(200, b'event: changed\ndata: {"topic":"t"}\n\n', "text/event-stream")
        if path == "/piece":
            self.server.pieces += 1
            return self.say(200, f"<p>第{self.server.pieces}次</p>".encode())
        if path == "/drawer":
            return self.say(200, '<h2 tabindex="-1" data-focus>详情</h2>'.encode())
        asked = RequestFactory().get(path)
        pairs = (
            pair.strip().split("=", 1) for pair in self.headers.get("Cookie", "").split(";") if "=" in pair
        )
        asked.COOKIES.update(pairs)
        try:
            match = get_resolver("linli.ui.urls").resolve(path)
        except Resolver404:
            return self.say(404)
        response = match.func(asked, *match.args, **match.kwargs)
        return self.say(response.status_code, response.content)

    def do_POST(self):
        self.server.posts.append(self.rfile.read(int(self.headers["Content-Length"])))
        status, said = self.server.answer
        kind = HTML if said.startswith("<") else "text/plain; charset=utf-8"
        return self.say(303, Location=said) if status == 303 else self.say(status, said.encode(), kind)

    def log_message(self, *parts):
        """Silent."""


@pytest.fixture
def house():
    server = House()
    Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def open_page(chromium, house):
    contexts = []

    def go(path, width=390, elder=False, size="", base=""):
        base = base or house.safe
        context = chromium.new_context(viewport={"width": width, "height": 844})
        contexts.append(context)
        if base == house.safe:
            context.grant_permissions(["microphone", "clipboard-read", "clipboard-write"], origin=base)
        cookies = {"elder": "1" if elder else "", "size": size}
        context.add_cookies([{"name": k, "value": v, "url": base} for k, v in cookies.items() if v])
        page = context.new_page()
        page.set_default_timeout(20_000)
        page.on("pageerror", lambda e: house.complaints.append(str(e)))
        page.on(
            "console", lambda m: house.complaints.append(m.text) if "Content Security" in m.text else None
        )
        page.goto(base + path)
        return page

    yield go
    for context in contexts:
        context.close()
    assert not house.complaints


def until(page, script):
    """Wait until the script is true (page.wait_for_function needs eval, which our policy forbids)."""
    for _ in range(200):
        if page.evaluate(script):
            return
        page.wait_for_timeout(100)
    raise AssertionError(script)


SMALL_TARGETS = """least => [...document.querySelectorAll('a, button, select, textarea, label.check, input:not([type=hidden])')]
  .filter(e => e.offsetParent !== null && !e.matches('.skip, .choices input, .check input, .pick input, .search input, main p a'))
  .map(e => [e, (e.closest('[data-row]') || e).getBoundingClientRect()]).filter(([e, r]) => r.width && (r.height < least - .5 || r.width < Math.min(least, 44) - .5))
  .map(([e, r]) => `${e.tagName}.${e.className} ${e.textContent.trim().slice(0, 12)} ${Math.round(r.width)}x${Math.round(r.height)}`)"""
SMALL_TEXT = """least => { const found = new Set(), walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) { const e = walk.currentNode.parentElement, s = getComputedStyle(e);
    if (walk.currentNode.data.trim() && e.offsetParent !== null && !e.closest('.sr, script, kbd') && parseFloat(s.fontSize) < least - .01)
      found.add(e.tagName + '.' + e.className + ' ' + s.fontSize + ' ' + walk.currentNode.data.trim().slice(0, 12)); }
  return [...found]; }"""


@pytest.mark.parametrize("elder", [False, True], ids=["standard", "elder"])
@pytest.mark.parametrize("name", ["home", "talk", "mine", "desk", "404"])
def test_targets_text_and_width_fit_thumbs_and_tired_eyes(open_page, name, elder):
    page = open_page(f"/styleguide/{name}", elder=elder)
    assert page.evaluate(SMALL_TARGETS, 60 if elder else 44) == []
    assert page.evaluate(SMALL_TEXT, 18 if elder else 14) == []
    fits(page)


@pytest.mark.parametrize("width", [390, 820, 1440])
def test_the_styleguide_fits_every_width_and_the_greatest_type(open_page, width):
    page = open_page("/styleguide", width=width, elder=True, size="3")
    fits(page)
    assert (
        float(page.evaluate("parseFloat(getComputedStyle(document.querySelector('.side')).fontSize)")) >= 30
    )


def test_elder_mode_and_size_are_switched_at_once_and_kept(open_page):
    page = open_page("/styleguide")
    page.click("[data-elder-toggle]")
    page.click('[data-size-set="1"]')
    assert page.evaluate("document.documentElement.matches('[data-elder][data-size=\"1\"]')")
    page.reload()
    assert page.evaluate("document.documentElement.matches('[data-elder][data-size=\"1\"]')")
    assert page.inner_text("[data-elder-toggle]") == "标准版"


def test_words_stay_when_the_network_is_lost_and_go_once(open_page, house):
    page = open_page("/styleguide/talk")
    page.context.set_offline(True)
    page.fill("textarea", "路灯不亮")
    key = page.input_value("input[name=key]")
    page.click("button[aria-label=发送]")
    page.wait_for_selector(".toast.bad")
    assert "写好的都还在" in page.inner_text(".toast") and page.input_value("textarea") == "路灯不亮"
    page.context.set_offline(False)
    page.reload()
    assert page.input_value("textarea") == "路灯不亮" and page.is_visible(".draft")
    key = page.input_value("input[name=key]")
    page.dblclick("button[aria-label=发送]")
    page.wait_for_url("**/styleguide/mine")
    assert len(house.posts) == 1 and key.encode() in house.posts[0] and "路灯不亮".encode() in house.posts[0]
    page.goto(house.safe + "/styleguide/talk")
    assert page.input_value("textarea") == "" and page.input_value("input[name=key]") != key


def test_a_refused_form_keeps_words_and_says_why(open_page, house):
    page = open_page("/styleguide/talk")
    house.answer = (409, '{"code":"conflict","message":"这件事已经有人接了"}')
    page.fill("textarea", "路灯不亮")
    page.click("button[aria-label=发送]")
    page.wait_for_selector(".toast.bad")
    assert "这件事已经有人接了" in page.inner_text(".toast") and page.input_value("textarea") == "路灯不亮"
    page.click(".toast .btn")
    house.answer = (429, "您说得太快了，歇一分钟。")
    page.click("button[aria-label=发送]")
    page.wait_for_selector(".toast.bad")
    assert "歇一分钟" in page.inner_text(".toast")
    house.answer = (422, '<main id="main"><p class="note bad">请写清楚在哪里</p></main>')
    page.click("button[aria-label=发送]")
    page.wait_for_selector(".note.bad")
    assert len(house.posts) == 3


def test_an_htmx_form_is_emptied_after_success_and_refused_in_plain_words(open_page, house):
    page = open_page("/styleguide/talk")
    page.evaluate(
        "(() => { const f = document.querySelector('.say'); f.removeAttribute('action'); f.setAttribute('data-clear', '');"
        "f.setAttribute('hx-post', '/say'); f.setAttribute('hx-target', '.talk'); f.setAttribute('hx-swap', 'beforeend');"
        "htmx.process(f); })()"
    )
    key = page.input_value("input[name=key]")
    house.answer = (422, "说得太长了，分两次说。")
    page.fill("textarea", "路灯不亮")
    page.click("button[aria-label=发送]")
    page.wait_for_selector(".toast.bad")
    assert "分两次说" in page.inner_text(".toast") and page.input_value("textarea") == "路灯不亮"
    assert page.input_value("input[name=key]") == key
    house.answer = (200, '<p id="mine">路灯不亮</p>')
    page.click("button[aria-label=发送]")
    page.wait_for_selector("#mine")
    until(page, "document.querySelector('textarea').value === ''")
    assert page.input_value("input[name=key]") != key and len(house.posts) == 2


def test_enter_sends_at_a_keyboard_but_not_while_a_character_is_composed(open_page, house):
    page = open_page("/styleguide/talk", width=1440)
    page.fill("textarea", "路灯")
    page.evaluate(
        "document.querySelector('textarea').dispatchEvent("
        "new KeyboardEvent('keydown', {key: 'Enter', isComposing: true, bubbles: true, cancelable: true}))"
    )
    assert not house.posts
    page.press("textarea", "Enter")
    page.wait_for_url("**/styleguide/mine")
    assert len(house.posts) == 1


def test_the_desk_is_walked_by_keyboard(open_page):
    page = open_page("/styleguide/desk", width=1440)
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.matches('[data-search]')")
    page.keyboard.press("Escape")
    assert not page.query_selector("#drawer > *") and not page.is_visible("#drawer")
    page.evaluate(
        "document.querySelectorAll('[data-row] a').forEach(a => { a.setAttribute('hx-get', '/drawer');"
        " a.setAttribute('hx-target', '#drawer'); htmx.process(a); })"
    )
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    page.keyboard.press("x")
    assert page.inner_text("[data-bulk-count]") == "1" and page.is_visible("[data-bulk]")
    page.keyboard.press("Enter")
    page.wait_for_selector("#drawer [data-focus]")
    until(page, "document.activeElement.matches('[data-focus]')")
    assert page.evaluate("document.querySelectorAll('[data-row]')[0].classList.contains('on')")
    page.keyboard.press("Escape")
    assert page.evaluate(
        "document.activeElement.closest('[data-row]') === document.querySelector('[data-row]')"
    )


def test_on_a_phone_the_tree_folds(open_page):
    page = open_page("/styleguide/desk")
    page.keyboard.press("Escape")
    assert not page.is_visible(".tree")
    page.click("[data-toggle='#tree']")
    assert page.is_visible(".tree")


def test_a_weighty_button_wants_a_second_tap(open_page):
    page = open_page("/styleguide")
    page.evaluate(
        "window.taps = 0; document.querySelector('[data-twice]').addEventListener('click', () => { window.taps += 1; })"
    )
    page.click("[data-twice]")
    assert page.inner_text("[data-twice]") == "再点一次：退回" and page.evaluate("window.taps") == 0
    page.click("[data-twice]")
    assert page.evaluate("window.taps") == 1


@pytest.mark.parametrize("base", ["safe", "plain"])
def test_copying_works_with_and_without_a_secure_page(open_page, house, base):
    page = open_page("/styleguide", base=getattr(house, base))
    page.click("[data-copy]")
    page.wait_for_selector(".toast")
    assert "已复制" in page.inner_text(".toast") and page.inner_text("[data-copy]") == "已复制"


def test_speaking_by_tap_is_kept_heard_and_sent(open_page, house):
    page = open_page("/styleguide/home")
    assert page.is_visible("[data-voice-hold]") and not page.is_visible("[data-voice-file]")
    page.click("[data-voice-hold]")
    page.wait_for_selector('[data-voice][data-state="on"]')
    page.wait_for_timeout(1300)
    page.click("[data-voice-hold]")
    page.wait_for_selector('[data-voice][data-state="kept"]')
    assert page.evaluate("document.querySelector('[data-voice] input').files[0].size") > 100
    page.wait_for_selector("[data-voice-play]:visible")
    page.click("[data-voice-drop]")
    assert page.evaluate("document.querySelector('[data-voice] input').files.length") == 0


def test_without_a_secure_page_the_phones_own_recorder_is_used(open_page, house):
    page = open_page("/styleguide/home", base=house.plain)
    assert page.is_visible("[data-voice-file]") and not page.is_visible("[data-voice-hold]")
    page.set_input_files(
        "[data-voice] input", {"name": "a.m4a", "mimeType": "audio/mp4", "buffer": b"x" * 300}
    )
    page.wait_for_selector('[data-voice][data-state="kept"]')


def test_pictures_are_shown_small_and_made_lighter(open_page):
    page = open_page("/styleguide")
    raw = io.BytesIO()
    Image.effect_noise((2600, 1300), 90).convert("RGB").save(raw, "JPEG", quality=95)
    photo = {"name": "电梯.jpg", "mimeType": "image/jpeg", "buffer": raw.getvalue()}
    page.set_input_files("[data-photos] input", [photo] * 2)
    until(page, "document.querySelectorAll('[data-photos] canvas').length === 2")
    page.set_input_files(
        "[data-photos] input", [{"name": "坏的.jpg", "mimeType": "image/jpeg", "buffer": b"no"}] * 8
    )
    until(page, "document.querySelector('[data-photos] input').files.length === 9")
    assert "最多 9 张" in page.inner_text(".toast")
    sizes = page.evaluate("[...document.querySelector('[data-photos] input').files].map(f => f.size)")
    assert sizes[0] < len(raw.getvalue())
    page.click("[data-photos] .drop >> nth=0")
    assert page.evaluate("document.querySelector('[data-photos] input').files.length") == 8


def test_a_live_piece_fetches_when_its_topic_changes_and_after_a_break(open_page, house):
    page = open_page("/styleguide/mine")
    page.evaluate(
        "(() => { const d = document.createElement('div'); d.id = 'bit'; d.setAttribute('data-live', 'token');"
        "d.setAttribute('hx-get', '/piece'); d.setAttribute('hx-trigger', 'live'); document.querySelector('main').append(d);"
        "htmx.process(d); document.dispatchEvent(new CustomEvent('htmx:afterSettle', {detail: {target: d}})); })()"
    )
    until(page, "document.querySelector('#bit').textContent.includes('次')")
    first = house.pieces
    page.wait_for_timeout(2500)
    assert house.streams >= 2 and house.pieces > first
