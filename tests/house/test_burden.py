"""The burden rule (domain.md, 基层减负): three workers have different figures, and no page, export or API answer shows any of
them to anyone but the worker herself: no count, share, light or order by person, no list sorted, grouped or filtered by one."""

import json
import re
from collections import Counter
from html import unescape
from io import BytesIO
from typing import Any
from urllib.parse import parse_qsl, urlsplit
from uuid import UUID
from zipfile import ZipFile

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from openpyxl import load_workbook

from linli.channels.paper.actions import upload_sheet
from linli.demo.people import WORKERS
from linli.doors.resident import links
from linli.grid.selectors import stamp_of_building
from linli.insight import actions as insight
from linli.insight.models import Cell, ClauseCell, WeekSheet
from linli.kernel import clock
from linli.kernel.actors import CLOCK, SYSTEM
from linli.kernel.roles import Role
from linli.knowledge.models import Entry
from linli.ledger.delivery import deliver_all
from linli.notices.models import Notice
from linli.orders import actions, selectors
from linli.orders.drafts import Draft
from linli.orders.models import Order
from linli.standards.models import Procedure
from tests.desk import BACKEND
from tests.orders.people import voice_of
from tests.orders.test_web_verbs import photo

pytestmark = pytest.mark.django_db
#: what each of them has in hand, and how much of it is red: numbers that nothing else on a page adds up to
HELD = {"li_min": (113, 61), "wang_fang": (127, 73), "zhang_jie": (149, 89)}
NAMES = {"li_min": "李敏", "wang_fang": "王芳", "zhang_jie": "张洁"}
BUILDINGS = ("jx3", "jx5", "jxa")
#: names under which a list might be asked for by a person or in another order
PERSONAL = {
    "sort", "order_by", "ordering", "by", "group_by", "who", "whom", "person", "people", "responsible", "responsible_id",
    "worker", "account", "account_id", "assignee", "claimer", "rank", "top", "desc",
}  # fmt: skip
#: the ways in which a month's figures are laid out: none of them is a person
NO_PERSON = {("by", "place"), ("by", "kind"), ("by", "clause"), ("by", "way")}
#: the one filter by another person: whose orders are to be handed over (hand-over page only)
HAND_OVER: set[str] = set()


def readers() -> list[str]:
    """One of each role, the three themselves, a resident and nobody."""
    by_role: dict[Role, str] = {}
    for worker in WORKERS:
        for role, *_ in worker.posts:
            by_role.setdefault(role, worker.key)
    return [*dict.fromkeys([*HELD, *by_role.values()]), "zhou", ""]


def brought_about(cast, at) -> None:
    """389 orders in three grids; whose they are has nothing to do with the grid."""
    todo = [(key, red) for key, (all_, reds) in HELD.items() for red in [True] * reds + [False] * (all_ - reds)]
    for late in (True, False):
        drafts = [
            Draft(kind="noise", thing="噪音", stamp=stamp_of_building(cast.building[BUILDINGS[n % 3]]), voice=voice_of(cast), to_account=cast.account[key].id)
            for n, (key, red) in enumerate(todo) if red is late
        ]  # fmt: skip
        actions.open_orders(by=SYSTEM, drafts=drafts)
        if late:
            at.move(hours=3)
            while actions.advance_clocks():
                pass
    for key, (all_, reds) in HELD.items():
        mine = Order.objects.filter(responsible_id=cast.account[key].id)
        assert (mine.count(), mine.filter(light="red").count()) == (all_, reds)
    figures = {n for pair in HELD.values() for n in pair}
    for grid in cast.grid.values():
        here = Order.objects.filter(grid_id=grid.id)
        assert not {here.count(), here.filter(light="red").count()} & figures, "a place's figure would hide a person's"
    deliver_all()
    while insight.refresh_cells():
        pass
    assert Cell.objects.exists() and ClauseCell.objects.exists(), "pages of figures would be walked empty"
    insight.make_week_sheets(by=CLOCK)
    assert WeekSheet.objects.exists()


def figures_of(reader: str) -> dict[str, tuple[int, ...]]:
    """Whose figures this reader must not find."""
    return {key: pair for key, pair in HELD.items() if key != reader}


def standing(text: str, number: int) -> bool:
    """Does the number stand by itself, not within a short number, a time, an id or a phone?"""
    return re.search(rf"(?<![\d\-:./#a-f]){number}(?![\d:\-/]|\.\d)", text) is not None


BLOCK = re.compile(r"<(tr|li|article|section|option|dd|dt|p|h\d|figcaption)\b[^>]*>((?:(?!<\1\b).)*?)</\1>", re.S)


#: how a notice speaks of a missed hour
LATE = re.compile(r"到时间了?还没|超时已久还没")


def plain(html: str) -> str:
    """Without scripts, styles and tags."""
    html = re.sub(r"<(script|style|svg)\b.*?</\1>", " ", html, flags=re.S)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


#: a share is nobody's figure unless a name stands beside it, and sentences to learn from are no orders
NO_ORDERS = re.compile(r"\d+\s*[%％]|\d+(?: / \d+)? 句")


def wrong_on(html: str, reader: str) -> list[str]:
    """Figures of others on a page, shares and lights beside a name, links that sort or choose by a person."""
    found = []
    words = NO_ORDERS.sub(" ", plain(html))
    for key, pair in figures_of(reader).items():
        found += [f"{NAMES[key]}: {n}" for n in pair if standing(words, n)]
        total = sum(n for n, _ in HELD.values())
        shares = {round(100 * pair[0] / total), round(100 * pair[1] / pair[0])}
        for block in BLOCK.finditer(html):
            near = plain(block[2])
            if NAMES[key] in near and any(re.search(rf"(?<!\d){s}\s*[%％]", near) for s in shares):
                found.append(f"a share beside {NAMES[key]}: {near[:80]}")
    for block in BLOCK.finditer(html):
        near = plain(block[2])
        found += [f"a notice of red names {NAMES[k]}: {near[:60]}" for k in HELD if k != reader and NAMES[k] in near and LATE.search(near)]
    for link in re.findall(r'(?:href|hx-get|action|hx-post)="([^"]+)"', html):
        query = parse_qsl(urlsplit(unescape(link)).query, keep_blank_values=True)
        asked = {name for name, value in query if (name, value) not in NO_PERSON}
        found += [f"{link} chooses by {name}" for name in asked & PERSONAL - HAND_OVER]
    for name in re.findall(r'<(?:select|input)[^>]*\bname="([\w-]+)"[^>]*>', html):
        if name in {"sort", "order_by", "ordering", "group_by", "rank"}:
            found.append(f"a field that sorts: {name}")
    return found


def wrong_in(answer: Any, reader: str, path: str = "") -> list[str]:
    """The same in JSON: no value is a figure of another, and no object joins a person with a count."""
    if isinstance(answer, dict):
        found = [x for k, v in answer.items() for x in wrong_in(v, reader, f"{path}.{k}")]
        named = [k for k, v in answer.items() if isinstance(v, str) and v in NAMES.values()]
        counts = [k for k, v in answer.items() if isinstance(v, int | float) and not isinstance(v, bool) and v > 2]
        return found + ([f"{path}: {named} beside {counts}"] if named and counts else [])
    if isinstance(answer, list):
        return [x for n, v in enumerate(answer) for x in wrong_in(v, reader, f"{path}[{n}]")]
    if isinstance(answer, int) and not isinstance(answer, bool):
        return [f"{path}: {answer}" for pair in figures_of(reader).values() if answer in pair]
    return []


def suspect(content: bytes, reader: str) -> bool:
    """Does a workbook's raw text hold a name or a figure at all? Reading it cell by cell takes a hundred times as long."""
    with ZipFile(BytesIO(content)) as book:
        raw = "".join(book.read(n).decode() for n in book.namelist() if n.startswith(("xl/worksheets/", "xl/sharedStrings")))
    texts = set(re.findall(r">([^<>]+)<", raw))
    figures = {str(n) for pair in figures_of(reader).values() for n in pair}
    return bool(texts & figures) or any(name in text for text in texts for name in NAMES.values())


def wrong_in_sheet(content: bytes, reader: str) -> list[str]:
    """A workbook: no cell is a figure of another, no row joins a name with a number of hers."""
    found: list[str] = []
    if not suspect(content, reader):
        return found
    for sheet in load_workbook(BytesIO(content), read_only=True).worksheets:
        for row in sheet.iter_rows(values_only=True):
            cells = [c for c in row if c is not None]
            for key, pair in figures_of(reader).items():
                if any(c in pair or str(c) in map(str, pair) for c in cells):
                    found.append(f"{sheet.title}: {cells[:6]} holds a figure of {NAMES[key]}")
                if NAMES[key] in map(str, cells) and sum(isinstance(c, int | float) for c in cells) > 1:
                    found.append(f"{sheet.title}: {NAMES[key]} beside numbers")
    return found


def patterns(resolver: URLResolver, before: str = "") -> list[str]:
    """The pattern of every page, once."""
    found: dict[str, None] = {}
    for one in resolver.url_patterns:
        here = before + str(one.pattern)
        if isinstance(one, URLResolver):
            found |= dict.fromkeys(patterns(one, here))
        elif isinstance(one, URLPattern):
            found[here] = None
    return list(found)


def group_end(pattern: str, start: int) -> int:
    """Where the bracket that opens at `start` is closed."""
    depth = 0
    for n in range(start, len(pattern)):
        depth += {"(": 1, ")": -1}.get(pattern[n], 0)
        if depth == 0:
            return n + 1
    raise ValueError(pattern)


def filled(pattern: str, values: dict[str, str]) -> str:
    """An address: each part of the pattern, `<uuid:name>` or `(?P<name>…)`, filled with a value, else with one that nothing has."""
    path = pattern
    while (start := path.find("(?P<")) >= 0:
        end = group_end(path, start)
        name = path[start + 4 : path.index(">", start)]
        path = path[:start] + values.get(name, NOTHING["str"]) + path[end:]

    def value(found: re.Match[str]) -> str:
        return values.get(found[2], NOTHING[found[1] or "str"])

    return "/" + re.sub(r"<(?:(\w+):)?(\w+)>", value, path).replace("^", "").replace("$", "").replace("\\.", ".")


NOTHING = {"uuid": str(UUID(int=7)), "uuidstr": str(UUID(int=7)), "int": "7", "slug": "nothing", "str": "nothing"}
#: pages that cannot be walked in this test, each with its reason; all others must open for somebody
NOT_WALKED = {
    "desk/archive/<int:batch_id>/": "a file of former years: whose they were is not in it",
    "desk/archive/<int:batch_id>/problems/": "rows of that file that were refused",
    "desk/counter/done/<uuid:message_id>/": "the receipt of what the reader herself took in a moment ago",
    "desk/counter/slip/<slug:kind>/<uuid:subject>/": "the same receipt on paper",
    "desk/handover/<uuid:account_id>/": "only for who has left, never for who works: tests/doors/test_desk_people.py",
    "desk/hotline/file/<uuid:sheet_id>/": "a file of the hotline while it is taken in",
    "desk/knowledge/asked/<uuid:gap_id>/": "one question that waits for a department",
    "desk/notices/<uuid:notice_id>/": "leads on to what the notice is about",
    "desk/orders/<uuid:order_id>/blob/<uuid:blob_id>/": "a picture",
    "mine/<uuid:voice_id>/file/<uuid:blob_id>/": "a picture",
    "v/<str:token>/file/<uuid:blob_id>/": "a picture",
    "m/<uuid:message_id>/file/<int:number>/": "a picture",
    "desk/orders/<uuid:order_id>/call/<uuid:voice_id>/": "dials a number",
    "desk/paper/<uuid:sheet_id>/settle/": "two readings of one sheet",
    "desk/procedures/<uuid:procedure_id>/edit/": "a form, and only of a draft",
    r"desk/standards/^(?P<code>[A-Z]{2,8})/(?P<version>\d{1,5})/head/$": "a form, and only of a draft",
    r"desk/standards/^(?P<code>[A-Z]{2,8})/(?P<version>\d{1,5})/clause/$": "a form, and only of a draft",
    r"desk/standards/^(?P<code>[A-Z]{2,8})/(?P<version>\d{1,5})/clause/(?P<number>\d{1,2}\.\d{1,2})/$": "a form, and only of a draft",
    "desk/relay/<uuid:paste_id>/": "a chat that the reader herself pasted",
    "desk/relay/<uuid:paste_id>/news/": "the same",
    "desk/known/": "leads on to an order by its number",
    "elder": "a switch that leads back",
    r"open311/^v2/requests/(?P<number>[\w-]{1,32})\.(?P<fmt>\w+)$": "for machines: tests/channels/test_open311.py",
    r"open311/^v2/tokens/(?P<token>[\w-]{1,64})\.(?P<fmt>\w+)$": "the same",
    "open311/^(?P<rest>.*)$": "no such path, said in the format asked for",
    "styleguide/<slug:page>": "samples: their numbers are invented, no order stands in them",
    "w/<str:token>/": "one order, by a link that opens once",
}
#: texts and drawings of the library: no order stands in them and they are the same for everybody, so three readers are enough
LIBRARY = ("desk/standards/", "desk/procedures/", "desk/knowledge/table/")
#: machines, not people, read these: their answers are judged with the API
NO_PAGE = ("api/", "static", "sign-out")


def open_golden_eye(cast) -> Order:
    """One that the head of the community has taken in hand, at a step with ways out of its own."""
    made = actions.open_order(by=SYSTEM, draft=Draft(kind="sanitation", stamp=stamp_of_building(cast.building["jx3"]), procedure="golden_eye", key="walked"))
    return actions.claim_order(by=cast.actor("zhao_hui"), order_id=made.id) if made.state == "pooled" else made


def known(cast) -> dict[str, dict[str, str]]:
    """What fills the parts of an address: real things, by the beginning of the pattern ("" for all)."""
    order = Order.objects.filter(responsible_id=cast.account["wang_fang"].id).order_by("id").first()
    assert order is not None
    group = cast.group["jx3"]
    sheet = upload_sheet(by=cast.actor("lu_xin"), form="slip", community_id=cast.community["jinxiu"].id, photo=photo(), key="walked")
    found = open_golden_eye(cast)
    week = WeekSheet.objects.order_by("id").first()
    assert week is not None
    return {
        "": {
            "order_id": str(order.id), "voice_id": str(order.voices.get().id), "group_id": str(group.id), "building_id": str(cast.building["jx3"].id),
            "area_id": str(cast.community["jinxiu"].id), "account_id": str(cast.account["wang_fang"].id), "verb": "assign_order",
            "invite": group.invite, "number": "0", "community_id": str(cast.community["jinxiu"].id),
            "procedure_id": str(Procedure.objects.filter(code="golden_eye").values_list("id", flat=True)[0]), "fmt": "json",
            "org_id": str(next(iter(cast.org.values())).id), "member_id": str(cast.member["zhou"].id),
            "entry_id": str(Entry.objects.values_list("id", flat=True)[0]),
        },
        "desk/^knowledge/": {"verb": "submit"}, "v/": {"token": links.make(order.voices.get().id)}, "open311/^v2/services/": {"code": "noise"},
        "q/": {"code": cast.building["jx3"].qr},
        "desk/bring/": {"procedure": "pool"}, "api/standards/": {"code": "WXQ"}, "api/procedures/": {"code": "golden_eye"},
        "desk/paper/": {"sheet_id": str(sheet.id)}, "desk/paper/blank/": {"code": "slip"},
        "desk/week/": {"sheet_id": str(week.id)},
        "desk/standards/": {"code": "WXQ", "version": "1", "number": "4.2", "verb": "revise"},
        "desk/standards/^clause/": {"code": "WXQ-4.2"},
        "desk/orders/<uuid:order_id>/pass/": {"order_id": str(found.id), "code": "true"},
    }  # fmt: skip


def of_pattern(pattern: str, values: dict[str, dict[str, str]]) -> dict[str, str]:
    """The values that hold for a pattern; the longest beginning wins."""
    found: dict[str, str] = {}
    for start in sorted(values, key=len):
        if pattern.startswith(start):
            found |= values[start]
    return found


#: lists are read with all states and days as well, and with everything that a person might be asked by
LISTS = ("/desk/", "/desk/orders/", "/desk/orders/export/", "/desk/opinion/", "/desk/opinion/export/", "/desk/figures/", "/desk/figures/clauses/", "/desk/me/", "/desk/notices/", "/desk/groups/")


def browser(cast, reader: str) -> Client:
    selectors._counts.clear()
    client = Client(SERVER_NAME="127.0.0.1")
    if reader:
        client.force_login(cast.account[reader], backend=BACKEND)
    return client


def judged(response, reader: str) -> list[str]:
    kind = response.get("Content-Type", "")
    content = b"".join(response.streaming_content) if response.streaming else response.content
    if "json" in kind:
        return wrong_in(json.loads(content or b"null"), reader)
    if "spreadsheet" in kind:
        return wrong_in_sheet(content, reader)
    return wrong_on(content.decode("utf-8", "replace"), reader) if kind.startswith("text/") else []


def test_no_page_export_or_answer_tells_a_persons_figures_to_anybody_else(cast, at):
    brought_about(cast, at)
    values = known(cast)
    pages = {filled(p, of_pattern(p, values)): p for p in patterns(get_resolver()) if not p.startswith(NO_PAGE)}
    others = "&".join(f"{name}={cast.account['wang_fang'].id}" for name in sorted(PERSONAL))
    document = browser(cast, "zhao_hui").get("/api/openapi.json").json()
    operations = {}
    for path in (p for p, ways in document["paths"].items() if "get" in ways):
        fits = of_pattern(path.lstrip("/"), values)
        assert all(n in fits for n in re.findall(r"{(\w+)}", path)), path
        own = re.sub(r"{(\w+)}", lambda m, fits=fits: fits[m[1]], path)
        operations[own] = path
        if any(p["in"] == "query" for p in document["paths"][path]["get"].get("parameters", ())):
            operations[f"{own}?state=all&days=30&q=噪音&{others}"] = path
    lists = {f"{p}?state=all&days=30&{others}": pages[p] for p in LISTS}
    asked = [*pages, *lists, *operations]
    found: list[str] = []
    opened: Counter[str] = Counter()
    posted: set[str] = set()
    for reader in readers():
        client = browser(cast, reader)
        for address in asked:
            response = client.get(address)
            assert response.status_code < 500, (reader, address)
            if response.status_code == 200:
                opened[address] += 1
                found += [f"{reader or 'nobody'} at {address.split('?')[0]}: {x}" for x in judged(response, reader)]
            elif response.status_code == 405:
                posted.add(address)
        # What is only posted to shows nothing; who asks first is told so whoever she is.
        asked = [a for a in asked if a not in posted and not (opened[a] >= 3 and pages.get(a, "").startswith(LIBRARY))]
    assert found == []
    whole = pages | lists | operations
    shut = set(whole.values()) - {whole[a] for a in opened.keys() | posted}
    assert not shut - set(NOT_WALKED), f"nobody could open these, the walk did not see them: {sorted(shut - set(NOT_WALKED))}"
    assert not set(NOT_WALKED) - shut, f"these open, walk them: {sorted(set(NOT_WALKED) - shut)}"


def test_what_leaders_hear_of_red_names_places_and_posts_not_persons(cast, at):
    brought_about(cast, at)
    at.move(hours=30)
    while actions.advance_clocks():
        pass
    for reader, kind, said in (("zhao_hui", "clock_red_head", "到时间还没"), ("cao_wei", "clock_150_street", "超时已久还没")):
        assert Notice.objects.filter(account_id=cast.account[reader].id, kind=kind).exists()
        page = browser(cast, reader).get("/desk/notices/").content.decode()
        assert said in page and "网格责任社工" in page and wrong_on(page, reader) == []
        assert not [n for n in NAMES.values() if n in plain(page)], reader


def test_the_walk_would_see_it(cast, at):
    """The judges themselves: what must be found is found, and a row that only names whose it is is not."""
    assert wrong_on("<tr><td>李敏</td><td>113 件</td></tr>", "zhao_hui")
    assert wrong_on("<li>张洁 红灯 89</li>", "li_min") and not wrong_on("<li>张洁 红灯 89</li>", "zhang_jie")
    assert wrong_on("<li>王芳 占 33%</li>", "zhao_hui") and wrong_on('<a href="?sort=responsible">按人排</a>', "zhao_hui")
    assert wrong_on("<p>在办 113 件</p>", "zhao_hui") and not wrong_on("<p>113 / 149 句 · 89%</p>", "zhao_hui")
    assert not wrong_on("<tr><td>003-260302-113</td><td>噪音</td><td>李敏</td><td>1 人发声</td></tr>", "zhao_hui")
    late = "<li>工单 003-1（3号楼，噪音）到时间还没答复，负责人是李敏，请您帮着协调一下。</li>"
    assert wrong_on(late, "zhao_hui") and not wrong_on(late, "li_min") and not wrong_on(late.replace("李敏", "网格责任社工"), "zhao_hui")
    assert wrong_in({"items": [{"name": "李敏", "open": 12}]}, "zhao_hui") and wrong_in({"open": 127}, "zhao_hui")
    assert not wrong_in({"responsible_name": "李敏", "voice_count": 1}, "zhao_hui")


def shown(client: Client, query: str) -> list[str]:
    rows = client.get(f"/api/orders?{query}").json()["items"]
    return [r["id"] for r in rows]


def test_nothing_sorts_groups_or_chooses_by_a_person(cast, at):
    """Whatever is asked, the list is the same: worst light first, then the promise."""
    people = ("li_min", "wang_fang", "zhang_jie")
    for n in range(9):
        actions.open_order(by=SYSTEM, draft=Draft(kind="noise", stamp=stamp_of_building(cast.building["jx3"]), voice=voice_of(cast), to_account=cast.account[people[n % 3]].id))
        at.move(minutes=1)
    client = browser(cast, "zhao_hui")
    plain_ = shown(client, "")
    assert plain_ == [str(i) for i in Order.objects.order_by("due_at", "id").values_list("id", flat=True)]
    page = client.get("/desk/orders/").content.decode()
    assert all(i in page for i in plain_)
    for name in sorted(PERSONAL):
        for value in ("responsible_id", str(cast.account["li_min"].id)):
            assert shown(client, f"{name}={value}") == plain_, name
        asked = client.get("/desk/orders/", {name: str(cast.account["li_min"].id)}).content.decode()
        places = [asked.find(i) for i in plain_]
        assert min(places) > 0 and places == sorted(places), name


def test_no_operation_of_the_api_has_a_parameter_of_a_person(cast):
    document = browser(cast, "zhao_hui").get("/api/openapi.json").json()
    for path, ways in document["paths"].items():
        for way in ways.values():
            names = {p["name"] for p in way.get("parameters", ()) if p["in"] == "query"}
            assert not names & PERSONAL - HAND_OVER, path


def test_she_sees_her_own(cast, at):
    """The rule is no blindfold: her own desk tells her what is hers, and her own light."""
    actions.open_orders(
        by=SYSTEM,
        drafts=[Draft(kind="noise", thing="噪音", stamp=stamp_of_building(cast.building["jx3"]), voice=voice_of(cast), to_account=cast.account["li_min"].id) for _ in range(7)],
    )  # fmt: skip
    mine = browser(cast, "li_min").get("/api/orders?mine=1").json()["items"]
    assert len(mine) == 7 and clock.now()
    assert browser(cast, "wang_fang").get("/api/orders?mine=1").json()["items"] == []
