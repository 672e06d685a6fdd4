"""A colleague's page at the desk, and the list of all."""

import pytest

from linli.grid import actions
from linli.grid.models import Post
from linli.kernel.actors import SYSTEM
from tests.desk import sign_in, text

pytestmark = pytest.mark.django_db


def test_who_sees_a_colleague_s_page(cast, at):
    li = cast.account["li_min"]
    url = f"/desk/grid/colleague/{li.id}/"
    admin, head = text(sign_in(cast, "admin").get(url)), text(sign_in(cast, "zhao_hui").get(url))
    assert li.phone in admin and "停用账号" in admin and "生成新的登录链接" in admin
    assert li.phone not in head and "****" in head and "停用账号" not in head and "登记请假" in head
    for key, status in (("cao_wei", 200), ("chu_weimin", 404), ("wang_fang", 404), ("security", 404), ("shi_qiang", 403)):
        assert sign_in(cast, key).get(url).status_code == status, key
    assert sign_in(cast, "admin").get(f"/desk/grid/colleague/{cast.account['zhou'].id}/").status_code == 404


def test_a_colleague_is_changed_stopped_and_started(cast, at):
    admin, li = sign_in(cast, "admin"), cast.account["li_min"]
    own = sign_in(cast, "li_min")
    assert own.get("/desk/").status_code == 200
    url = f"/desk/grid/colleague/{li.id}"
    assert admin.post(f"{url}/change/", {"name": "李敏敏", "phone": "19000001111"}).status_code == 302
    wrong = admin.post(f"{url}/change/", {"name": "李", "phone": "12"})
    assert wrong.status_code == 422 and "电话号码好像不对" in text(wrong) and 'value="12"' in wrong.content.decode()
    assert admin.post(f"{url}/active/", {"active": "0"}).status_code == 302
    page = admin.get(f"{url}/")
    assert "账号停用" in text(page) and f"/desk/handover/{li.id}/" in page.content.decode()
    assert own.get("/desk/").status_code in (302, 403), "she is out at once"
    assert admin.post(f"{url}/link/").status_code == 422
    assert admin.post(f"{url}/active/", {"active": "1"}).status_code == 302
    link = admin.post(f"{url}/link/")
    assert link.status_code == 200 and "/welcome/" in text(link) and "/welcome/" not in text(admin.get(f"{url}/"))
    own_stop = admin.post(f"/desk/grid/colleague/{cast.account['admin'].id}/active/", {"active": "0"})
    assert own_stop.status_code == 422 and "自己的账号" in text(own_stop)
    for verb in ("change", "active", "link", "post"):
        assert sign_in(cast, "zhao_hui").post(f"{url}/{verb}/", {"name": "x", "active": "0", "role": "grid_worker"}).status_code == 403, verb


def test_posts_are_added_with_a_period_and_ended_on_a_day(cast, at):
    admin, li = sign_in(cast, "admin"), cast.account["li_min"]
    url = f"/desk/grid/colleague/{li.id}/post/"
    data = {"role": "collector", "area": str(cast.grid["jinxiu2"].id), "starts": "2026-04-01", "ends": "2026-04-30"}
    assert admin.post(url, data).status_code == 302
    post = Post.objects.get(account_id=li.id, role="collector")
    assert (str(post.starts), str(post.ends)) == ("2026-04-01", "2026-04-30")
    for change, said in (
        ({"role": ""}, "请选岗位"), ({"role": "king"}, "没有这个角色"), ({"area": "x"}, "没有这个地方"), ({"starts": "2026-05-01"}, "结束的日子"),
        ({"starts": "morgen"}, "要写成"), ({"role": "community_head"}, "社区书记要设在社区"), ({"role": "centre"}, "云平台中心要设在区"),
    ):  # fmt: skip
        answer = admin.post(url, data | change)
        assert answer.status_code == 422 and said in text(answer), change
    assert admin.post(f"/desk/grid/post/{post.id}/end/", {"last_day": "2026-04-10"}).status_code == 302
    assert str(Post.objects.get(id=post.id).ends) == "2026-04-10"
    last = Post.objects.get(account_id=cast.account["admin"].id, role="admin_system")
    answer = admin.post(f"/desk/grid/post/{last.id}/end/", {"last_day": "2026-03-02"})
    assert answer.status_code == 422 and "最后一位系统管理员" in text(answer)


def test_the_list_of_colleagues(cast, at):
    admin = sign_in(cast, "admin")
    assert "李敏" in text(admin.get("/desk/grid/colleagues/?q=li_m")) and "王芳" not in text(admin.get("/desk/grid/colleagues/?q=李敏"))
    actions.change_colleague(by=SYSTEM, account_id=cast.account["li_min"].id, active=False)
    stopped = admin.get("/desk/grid/colleagues/?state=stopped")
    assert [a.login for a, _ in stopped.context["people"]] == ["li_min"]
    for key in ("zhao_hui", "cao_wei", "li_min"):
        assert sign_in(cast, key).get("/desk/grid/colleagues/").status_code == 403
