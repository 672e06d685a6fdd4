"""The property's man is a member of the estate's group: he reads the words, and not who said them nor where she lives."""

import pytest

from linli.groups import veil
from linli.kernel.roles import NEVER_WORDS, Role
from tests.assistant.talk import say
from tests.doors.people import signed_in
from tests.secrets import tells

WORDS = "小区东门的路灯坏了，我住3号楼2单元502，电话13900001234"
TELLING = ("周阿姨", "陈师傅", "502", "13900001234")


@pytest.fixture
def talk(cast, at):
    """周阿姨 speaks of herself and of a neighbour in the group that 史强 is in; 陈师傅 asks; 小栖 answers both."""
    say(cast, "zhou@jx", WORDS)
    say(cast, "zhou@jx", "老年证怎么办？")
    say(cast, "zhou@jx", "我是周阿姨，好的")
    return cast


def pages(cast, key):
    client, group = signed_in(cast, key), cast.group["jx"].id
    return {
        "page": client.get(f"/g/{group}/"), "live frame": client.get(f"/g/{group}/since/"), "people": client.get(f"/g/{group}/info/"),
        "api": client.get(f"/api/groups/{group}/messages"), "report": client.get("/report/"),
    }  # fmt: skip


def test_he_reads_the_words_and_not_who(talk):
    for where, page in pages(talk, "shi_qiang").items():
        assert page.status_code == 200, where
        shown = page.content.decode()
        assert not tells(shown, *TELLING), where
        if where in ("page", "live frame", "api"):
            assert "小区东门的路灯坏了" in shown and "邻居" in shown, where
    names = {m["name"] for m in pages(talk, "shi_qiang")["api"].json()}
    assert names == {"邻居", "小栖"}


@pytest.mark.parametrize("key", ["zhou", "li_min"])
def test_neighbours_and_the_community_read_on_as_before(talk, key):
    found = {where: page.content.decode() for where, page in pages(talk, key).items()}
    assert "周阿姨" in found["people"] and "502" in found["page"] and "502" in found["api"]


def test_his_own_words_and_name_stay(talk):
    say(talk, next(k for k, m in talk.member.items() if m.account_id == talk.account["shi_qiang"].id), "物业502办公室的电话13900001234")
    shown = pages(talk, "shi_qiang")["page"].content.decode()
    assert "物业502办公室的电话13900001234" in shown and "住3号楼2单元502" not in shown


def test_whatever_else_her_posts_say(cast):
    for role in (Role.PROPERTY, Role.FIRM, Role.MERCHANT, Role.DEPARTMENT):
        assert role in NEVER_WORDS
    assert veil.over(cast.actor("shi_qiang")) and not veil.over(cast.actor("li_min")) and not veil.over(cast.actor("zhou"))
