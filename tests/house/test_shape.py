"""What each page owes to whoever hears it instead of seeing it, and that no page leads a colleague to a shut door."""

import re
from collections import Counter
from html.parser import HTMLParser

import pytest
from django.urls import get_resolver

from linli.grid.selectors import stamp_of_building
from linli.insight import actions as insight
from linli.kernel.actors import CLOCK, SYSTEM
from linli.ledger.delivery import deliver_all
from linli.orders import actions
from linli.orders.drafts import Draft
from tests.house.test_burden import NO_PAGE, browser, filled, known, of_pattern, patterns
from tests.orders.people import voice_of

pytestmark = [pytest.mark.django_db, pytest.mark.once]
#: who opens a page first; enough of them for every page that the burden walk opens
READERS = ("yu_tao", "zhao_hui", "lu_xin", "admin", "zhou", "")
#: pages that many may not open from the desk's own lists: each must lead only where its reader may go
OFFERS = ("/desk/", "/desk/tasks/", "/desk/groups/", "/desk/figures/")
ENTRANTS = ("admin", "you_gang", "hua_yu", "lang_yue", "bao_hua", "shi_qiang")
FIELDS = ("input", "select", "textarea")
#: files, pictures and what only redirects
NO_HTML = re.compile(r"export|xlsx|picture|table/|photo|blob|file/|call/|webmanifest|styleguide")
SILENT = ("hidden", "submit", "button", "image", "reset")


class Page(HTMLParser):
    """What a screen reader needs of one page: its language, headings, the names of fields and pictures, its links."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.lang, self.links = "", []
        self.count: Counter[str] = Counter()
        self.ids: Counter[str] = Counter()
        self.labelled: set[str] = set()
        self.fields: list[tuple[str, str, bool]] = []
        self.inside = 0
        self.pictures: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        has = {k: v or "" for k, v in attrs}
        self.count[tag] += 1
        if has.get("id"):
            self.ids[has["id"]] += 1
        if tag == "html":
            self.lang = has.get("lang", "")
        elif tag == "label":
            self.inside += 1
            self.labelled.add(has.get("for", ""))
        elif tag == "a" and has.get("href", "").startswith("/"):
            self.links.append(has["href"])
        elif tag == "img" and "alt" not in has:
            self.pictures.append(has.get("src", ""))
        elif tag in FIELDS and has.get("type") not in SILENT and has.get("aria-hidden") != "true":
            self.fields.append((has.get("id", ""), has.get("name", ""), bool(self.inside or has.get("aria-label") or has.get("aria-labelledby"))))

    def handle_endtag(self, tag: str) -> None:
        self.inside -= tag == "label"

    @property
    def wrong(self) -> list[str]:
        """What is missing, in words."""
        found = [] if self.lang == "zh-CN" else [f"language {self.lang!r}"]
        if self.count["h1"] != 1:
            found.append(f"{self.count['h1']} h1")
        found += [f"no name for the field {name or id_}" for id_, name, named in self.fields if not named and id_ not in self.labelled]
        found += [f"no alt for {src}" for src in self.pictures]
        return found + [f"id {name} stands {n} times" for name, n in self.ids.items() if n > 1]


def town(cast) -> None:
    """An order of each worker that the pages speak of, figures and a Monday sheet."""
    for key in ("wang_fang", "li_min"):
        draft = Draft(kind="noise", thing="噪音", stamp=stamp_of_building(cast.building["jx3"]), voice=voice_of(cast), to_account=cast.account[key].id)
        actions.open_order(by=SYSTEM, draft=draft)
    deliver_all()
    while insight.refresh_cells():
        pass
    insight.make_week_sheets(by=CLOCK)


def test_each_page_has_one_heading_and_a_name_for_each_field(cast):
    town(cast)
    values = known(cast)
    todo = {filled(p, of_pattern(p, values)): p for p in patterns(get_resolver()) if not p.startswith((*NO_PAGE, "open311/")) and not NO_HTML.search(p)}
    wrong: list[str] = []
    seen = 0
    for reader in READERS:
        client = browser(cast, reader)
        for address in list(todo):
            answer = client.get(address)
            if answer.status_code in (200, 405):
                del todo[address]
            if answer.status_code != 200:
                continue
            html = b"".join(answer).decode("utf-8", "replace") if "text/html" in answer.get("Content-Type", "") else ""
            if "<html" in html:
                seen += 1
                wrong += [f"{address} ({reader}): {w}" for w in Page(html).wrong]
    assert wrong == [], "\n".join(wrong)
    assert seen > 85, "the walk opened too few pages to say anything"


@pytest.mark.parametrize("key", ENTRANTS)
def test_the_desk_leads_nobody_to_a_shut_door(cast, key):
    client = browser(cast, key)
    links = {link for page in OFFERS for link in Page(client.get(page).content.decode()).links}
    assert links
    shut = {link: status for link in sorted(links) if (status := client.get(link).status_code) >= 400}
    assert shut == {}


def test_it_would_be_seen():
    bad = '<html><h1>a</h1><h1>b</h1><input name="q"><img src="x"><i id="k"></i><i id="k"></i></html>'
    assert len(Page(bad).wrong) == 5
    good = '<html lang="zh-CN"><h1>a</h1><label>q<input name="q"></label><label for="w">w</label><input id="w"><img alt=""></html>'
    assert Page(good).wrong == []
