"""A group's people in real Chromium, on a phone and on a screen: long nicknames, many members, mistakes."""

import pytest

from linli.groups import actions
from linli.groups.models import Group, Member
from linli.kernel.actors import SYSTEM
from tests.grid.test_browser import WIDTHS, desk, fits, said  # noqa: F401 - `desk` is a fixture

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_the_pages_fit_with_many_members(cast, desk):  # noqa: F811
    group = cast.group["jx3"]
    for n in range(150):
        actions.add_member(by=SYSTEM, group=group, sender_ref=f"wx:{n}", nickname=f"锦绣苑三期东区地下停车场{n}")
    Group.objects.filter(id=group.id).update(name=("锦绣苑三期东区地下停车场与人防工程联合业主" * 4)[:64])
    for path in ("", "people/", "people/?page=2", "people/?q=没有这个人", f"people/{Member.objects.filter(group=group, staff=False).first().id}/"):
        for width in (390, 1440):
            page = desk("zhao_hui", f"/desk/groups/{group.id}/{path}", width)
            fits(page, f"group {path} {width}")
            page.close()


@WIDTHS
def test_somebody_is_asked_to_lead_and_somebody_has_to_go(cast, desk, width):  # noqa: F811
    group = cast.group["jx3"]
    page = desk("zhao_hui", f"/desk/groups/{group.id}/", width)
    page.click("text=看群里的人")
    page.click("main >> text=周阿姨")
    page.click("text=请 周阿姨 做群主")
    said(page, "现在也是群主了")
    page.click("main >> text=社工小李")
    page.click("text=不再做群主")
    page.click("text=再点一次：不再做群主")
    said(page, "不再是群主")
    page.click("main >> text=周阿姨")
    page.check("input[value=moved]")
    page.click("button:has-text('移出群')")
    page.click("text=再点一次：移出群")
    said(page, "最后一位群主")
    fits(page, "last owner")
    page.click("text=群里的人")
    page.click("main >> text=陈师傅")
    page.check("input[value=ads]")
    page.click("text=同时换一个新的邀请链接")
    page.click("button:has-text('移出群')")
    page.click("text=再点一次：移出群")
    said(page, "已经移出群")
    page.click("text=请同事进群")
    page.select_option("#g-who", label="张洁 · 社工小张")
    page.click("button:has-text('请进群')")
    said(page, "已经请进群")
    fits(page, "people")
    page.goto(f"/desk/groups/{group.id}/")
    said(page, "把 陈师傅 移出群（发广告、刷屏）")
    page.select_option("#place", label="锦绣苑5号楼")
    page.click("text=移到这里")
    said(page, "改了群在哪里")
    fits(page, "moved group")
    assert Group.objects.get(id=group.id).building_id == cast.building["jx5"].id
