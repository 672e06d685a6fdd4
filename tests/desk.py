"""What the desk's tests share: a signed-in browser without a browser, orders of the named cast, plain words of a page."""

import re
from html import unescape

from django.test import Client

from linli.grid.selectors import stamp_of_building
from linli.kernel.actors import SYSTEM
from linli.orders import actions, selectors
from linli.orders.drafts import Draft, VoiceDraft

BACKEND = "django.contrib.auth.backends.ModelBackend"
HTMX = {"HX-Request": "true"}
#: what must never reach the reported side: in no page, print, export or notice
NAME, PHONE, WORDS = "周桂芳阿姨", "19000007788", "我家孙子怕黑，楼上那家又把垃圾堆在门口"


def sign_in(cast, key):
    """A Client signed in as somebody of the cast."""
    selectors._counts.clear()  # kept counts of another test's database
    client = Client()
    client.force_login(cast.account[key], backend=BACKEND)
    return client


def opened(cast, building="jx3", words="电梯又坏了，老人下不去楼", thing="电梯", kind="repair", unit="2单元", **more):
    """An order at a building of the cast, opened by the machine."""
    voice = VoiceDraft(words=words, **{k: more.pop(k) for k in list(more) if k in VoiceDraft.__dataclass_fields__})
    draft = Draft(kind=kind, stamp=stamp_of_building(cast.building[building], unit), voice=voice, thing=thing, **more)
    return actions.open_order(by=SYSTEM, draft=draft)


def sealed(cast, building="jx3", **more):
    """An order whose reporter left name, phone, home and telling words."""
    home = cast.home["jx3-2单元-502"]
    return opened(
        cast, building, words=WORDS, name=NAME, phone=PHONE, home_id=home.id, account_id=cast.account["zhou"].id,
        thing="楼道堆物", kind="sanitation", **more,
    )  # fmt: skip


def text(response):
    """A page's words without its tags, spaces joined."""
    plain = re.sub(r"<(script|style)\b.*?</\1>", " ", response.content.decode(), flags=re.S)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", plain)).split())


def leaks(content):
    """Which of the reporter's secrets stand in a text or file."""
    found = content if isinstance(content, str) else content.decode("utf-8", "ignore")
    return [s for s in (NAME, PHONE, WORDS, "单元502", "住502", "周阿姨", "周桂芳", "孙子怕黑") if s in found]
