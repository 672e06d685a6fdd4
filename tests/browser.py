"""`site`: the product served for real (pages, static, /live, a worker) over the test's database; `page`: Chromium on it."""

import os
import shutil
import socket
import threading
import time
from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from django.db import connections

from linli.site import asgi, serving
from linli.site.worker import Worker

#: the same engine without the windows of a desk comes first: it takes a third of the processor time
CHROMIUM = next(filter(None, map(shutil.which, ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome"))), None)
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream", "--host-resolver-rules=MAP linli.test 127.0.0.1",
    # Every person of a story has a browser of her own; fewer processes for them save a tenth of the time.
    "--renderer-process-limit=1", "--in-process-gpu", "--disable-software-rasterizer",
]  # fmt: skip


WIDER = "w => [...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > w + 1).slice(0, 5).map(e => e.tagName + '.' + e.className)"


def fits(page, what: str = "") -> None:  # type: ignore[no-untyped-def]
    """The page is no wider than its screen. Its words stand there before its style sheets do, so the load is waited for."""
    page.wait_for_load_state("load")
    width = page.viewport_size["width"]
    assert page.evaluate("document.documentElement.scrollWidth") <= width, (what or page.url, page.evaluate(WIDER, width))


def free_port() -> int:
    """A port of the loopback that nobody uses now."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return sock.getsockname()[1]


@pytest.fixture
def site(transactional_db) -> Iterator[SimpleNamespace]:  # type: ignore[no-untyped-def]
    """`site.url` of a server in this process's threads, so that `at` moves its clock too; `site.worker` beside it."""
    server = serving.server(asgi.build(), host="127.0.0.1", port=(port := free_port()))
    worker = Worker()

    def work() -> None:
        try:
            worker.run()
        finally:
            connections.close_all()

    threads = [threading.Thread(target=server.run, daemon=True), threading.Thread(target=work, daemon=True)]
    for thread in threads:
        thread.start()
    until = time.monotonic() + 20
    while not server.started:
        assert threads[0].is_alive() and time.monotonic() < until, "the server did not start"
        time.sleep(0.02)
    yield SimpleNamespace(url=f"http://127.0.0.1:{port}", port=port, worker=worker, server=server)
    worker.stop()
    server.should_exit = True
    for thread in threads:
        thread.join(15)
        assert not thread.is_alive(), "a thread of the server did not end"


@pytest.fixture(scope="session")
def playwright():  # type: ignore[no-untyped-def]
    """One driver for the worker's tests: a second one beside it would refuse to start."""
    if not CHROMIUM:
        pytest.skip("no Chromium on this machine (Debian: apt-get install chromium)")
    api = pytest.importorskip("playwright.sync_api")
    # Playwright's loop runs in the tests' thread; the ORM there is still called from plain functions.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with api.sync_playwright() as driver:
        yield driver


@pytest.fixture(scope="session")
def chromium(playwright):  # type: ignore[no-untyped-def]
    """One Chromium for the worker's tests."""
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
    yield browser
    browser.close()


@pytest.fixture
def open_page(chromium, site):  # type: ignore[no-untyped-def]
    """`open_page(width=390)` → a page of a person of her own (own cookies), with `site.url` as its base."""
    contexts = []

    def make(width: int = 390, height: int | None = None, **more):  # type: ignore[no-untyped-def]
        tall = height or (844 if width < 800 else 900)
        more.setdefault("has_touch", width < 800)
        # What a browser with windows allows by itself at a tap.
        more["permissions"] = [*more.get("permissions", ()), "clipboard-read", "clipboard-write"]
        context = chromium.new_context(
            base_url=site.url, viewport={"width": width, "height": tall}, locale="zh-CN", **more
        )
        context.set_default_timeout(20_000)
        contexts.append(context)
        page = context.new_page()
        page.linli_errors = []
        page.on("pageerror", lambda error: page.linli_errors.append(str(error)))
        return page

    yield make
    errors = [e for context in contexts for page in context.pages for e in getattr(page, "linli_errors", [])]
    for context in contexts:
        context.close()
    assert not errors, f"errors in the pages' scripts: {errors}"


@pytest.fixture
def page(open_page):  # type: ignore[no-untyped-def]
    """One page of a phone, 390 px wide."""
    return open_page(390)
