"""Places, colleagues and duty at the desk."""

from datetime import datetime, time

import pytest

from linli.accounts.models import Account
from linli.grid import actions
from linli.grid.models import Absence, Area, Building, Home, Organisation, Post, RosterShift
from linli.kernel.actors import SYSTEM
from linli.kernel.roles import Role
from tests.desk import sign_in, text
from tests.secrets import tells


def test_a_worker_sees_her_community(cast, at):
    said = text(sign_in(cast, "li_min").get("/desk/grid/"))
    for words in ("锦绣苑社区", "锦绣苑第一网格", "锦绣苑3号楼", "锦绣物业服务中心", "李敏", "赵晖", "银杏路", "打印电梯码"):
        assert words in said, words
    assert "和平里" not in said and "添加同事" not in said


@pytest.mark.parametrize("key", ["shi_qiang", "lian_feng", "cen_lan", "bao_hua"])
def test_firms_and_the_property_do_not(cast, at, key):
    client = sign_in(cast, key)
    assert client.get("/desk/grid/").status_code == client.get("/desk/roster/").status_code == 403
    assert "网格" not in text(client.get("/desk/")).split("工单")[1][:40]


def test_areas_out_of_reach_are_not_found(cast, at):
    li = sign_in(cast, "li_min")
    assert li.get(f"/desk/grid/{cast.community['heping'].id}/").status_code == 404
    assert li.get(f"/desk/roster/{cast.community['heping'].id}/").status_code == 404
    assert li.get(f"/desk/grid/building/{cast.building['hp1'].id}/codes/").status_code == 404


def test_lift_codes_know_building_and_unit(cast, at):
    page = sign_in(cast, "li_min").get(f"/desk/grid/building/{cast.building['jx3'].id}/codes/")
    said = text(page)
    assert "锦绣苑3号楼 2单元" in said and said.count("扫一扫，说一声") == 3 and page.content.count(b'class="qr"') == 3
    assert [u for u, _ in page.context["sheets"]] == ["1单元", "2单元", "3单元"]
    assert f"/q/{cast.building['jx3'].qr}/?u=" in page.context["sheets"][0][1]


def test_the_administrator_sets_up_a_place(cast, at):
    admin = sign_in(cast, "admin")
    here = cast.community["jinxiu"]
    add = f"/desk/grid/{here.id}/add"
    admin.post(f"{add}/area/", {"name": "锦绣苑第四网格", "code": "990101001001004"})
    grid = Area.objects.get(code="990101001001004")
    assert (grid.level, grid.parent_id) == (Area.GRID, here.id)
    org = Organisation.objects.get(name="锦绣物业服务中心")
    admin.post(f"{add}/building/", {"grid": str(grid.id), "estate": "锦绣苑", "name": "12号楼", "units": "2", "org": str(org.id)})
    assert Building.objects.get(name="12号楼", estate="锦绣苑").property_org_id == org.id
    admin.post(f"{add}/organisation/", {"name": "新电梯维保公司", "kind": "firm", "phone": "025-5550001"})
    assert Organisation.objects.get(name="新电梯维保公司").phone == "0255550001"
    admin.post(f"{add}/post/", {"login": "li_min", "role": "line_worker"})
    assert Post.objects.filter(account_id=cast.account["li_min"].id, role="line_worker", area=here).exists()


def test_a_new_colleague_gets_a_link_once(cast, at):
    admin = sign_in(cast, "admin")
    url = f"/desk/grid/{cast.grid['jinxiu1'].id}/add/colleague/"
    page = admin.post(url, {"name": "新同事", "login": "xin", "phone": "19000009999", "role": "grid_worker"})
    assert "/welcome/" in text(page) and "只能用一次" in text(page)
    account = Account.objects.get(login="xin")
    assert not account.has_usable_password()
    assert Post.objects.get(account_id=account.id).area_id == cast.grid["jinxiu1"].id
    again = admin.post(url, {"name": "另一位", "login": "xin", "role": "grid_worker"})
    assert again.status_code == 422 and "已经有人用了" in text(again) and 'value="另一位"' in again.content.decode()


def test_wrong_input_is_said_in_place(cast, at):
    admin = sign_in(cast, "admin")
    add = f"/desk/grid/{cast.community['jinxiu'].id}/add"
    for what, data, said in (
        ("area", {"name": "", "code": "1"}, "请填写名称"), ("building", {"estate": "x", "name": "y", "units": "很多", "grid": str(cast.grid["jinxiu1"].id)}, "请填数字"),
        ("building", {"estate": "x", "name": "y", "units": "1"}, "请选这栋楼在哪个网格"), ("organisation", {"name": "x", "kind": "?"}, "请选单位类别"),
        ("post", {"login": "nobody", "role": "grid_worker"}, "没有这个登录名"), ("post", {"login": "li_min", "role": "king"}, "没有这个角色"),
    ):  # fmt: skip
        answer = admin.post(f"{add}/{what}/", data)
        assert answer.status_code == 422 and said in text(answer), what


def test_others_change_nothing(cast, at):
    for key in ("li_min", "zhao_hui", "cao_wei"):
        client = sign_in(cast, key)
        add = f"/desk/grid/{cast.community['jinxiu'].id}/add"
        assert client.post(f"{add}/area/", {"name": "x", "code": "9"}).status_code == 403
        assert client.post(f"{add}/colleague/", {"name": "x", "login": "y", "role": "grid_worker"}).status_code == 403
        post = Post.objects.filter(account_id=cast.account["wang_fang"].id).first()
        assert client.post(f"/desk/grid/post/{post.id}/end/").status_code == 403
    assert not Account.objects.filter(login="y").exists()


def test_the_week_shows_who_is_on_duty_and_what_nobody_has(cast, at):
    street = cast.street["jinxiu"]
    page = sign_in(cast, "cao_wei").get(f"/desk/roster/{street.id}/")
    assert "华宇" in text(page) and "没人" not in text(page).replace("没人”", "")
    days = page.context["days"]
    assert [d.name for d in days][0] == "周一" and days[0].today and len(days[0].shifts) == 2
    for shift in RosterShift.objects.filter(area=street, weekday=2, starts=time(20)):
        actions.remove_roster_shift(by=SYSTEM, shift_id=shift.id)
    page = sign_in(cast, "cao_wei").get(f"/desk/roster/{street.id}/")
    gap = page.context["days"][2].gaps
    assert gap and gap[0][0].time() == time(20) and "没排人的时间" in text(page)


def test_the_leader_fills_the_gap(cast, at):
    street = cast.street["jinxiu"]
    for shift in RosterShift.objects.filter(area=street, weekday=2):
        actions.remove_roster_shift(by=SYSTEM, shift_id=shift.id)
    leader = sign_in(cast, "cao_wei")
    url = f"/desk/roster/{street.id}/shift/"
    officer = str(cast.account["jin_qiang"].id)
    assert leader.post(url, {"account": officer, "weekday": "2", "starts": "08:00", "ends": "08:00"}).status_code == 302
    shift = RosterShift.objects.get(area=street, weekday=2)
    assert (shift.account_id, shift.starts) == (cast.account["jin_qiang"].id, time(8))
    assert not leader.get(f"/desk/roster/{street.id}/").context["days"][2].gaps
    leader.post(url, {"account": officer, "day": "2026-03-07", "weekday": "", "starts": "09:00", "ends": "18:00"})
    assert RosterShift.objects.get(area=street, day="2026-03-07")
    leader.post(f"/desk/roster/{street.id}/shift/{shift.id}/remove/")
    assert not RosterShift.objects.filter(id=shift.id).exists()
    wrong = leader.post(url, {"account": "", "weekday": "2", "starts": "08:00", "ends": "20:00"})
    assert wrong.status_code == 422 and "请选谁来值班" in text(wrong)


def test_leave_with_a_stand_in(cast, at):
    head = sign_in(cast, "zhao_hui")
    here = cast.community["jinxiu"]
    url = f"/desk/roster/{here.id}/absence/"
    data = {"account": str(cast.account["li_min"].id), "stand_in": str(cast.account["wang_fang"].id), "starts": "2026-03-03T09:00", "ends": "2026-03-05T18:00"}
    assert head.post(url, data).status_code == 302
    said = text(head.get(f"/desk/roster/{here.id}/"))
    assert "李敏" in said and "代班" in said and "王芳" in said
    again = head.post(url, {**data, "ends": "2026-03-06T18:00"})
    assert again.status_code == 422 and "已经有请假记录" in text(again)
    absence = Absence.objects.get(account_id=cast.account["li_min"].id)
    at.set(datetime(2026, 3, 4, 9))
    head.post(f"/desk/roster/{here.id}/absence/{absence.id}/end/")
    assert Absence.objects.get(id=absence.id).ends_at == at.at
    assert sign_in(cast, "li_min").post(url, data).status_code == 403


def test_a_large_district_folds_its_tree(cast, at):
    street = cast.street["jinxiu"]
    for n in range(70):
        actions.add_area(by=SYSTEM, level=Area.COMMUNITY, code=f"99010100{n:04d}x", name=f"第{n}社区", parent=street)
    page = sign_in(cast, "yu_tao").get(f"/desk/grid/{cast.community['jinxiu'].id}/")
    shown = [n.name for n in page.context["nodes"]]
    assert "锦绣苑第一网格" in shown and "和平街道" in shown and "和平里第一网格" not in shown
    assert Role.CENTRE in {p.role for p in cast.actor("yu_tao").posts}


def test_the_administrator_changes_a_place(cast, at):
    admin, here = sign_in(cast, "admin"), cast.community["jinxiu"]
    page = admin.get(f"/desk/grid/{here.id}/")
    data = {"name": "锦绣新苑社区", "roads": "新桥路，银杏路 学林巷", "landmarks": "东门", "seen": page.context["filled"]["change"]["seen"]}
    assert admin.post(f"/desk/grid/{here.id}/change/", data).status_code == 302
    now = Area.objects.get(id=here.id)
    assert (now.name, now.roads, now.landmarks) == ("锦绣新苑社区", ["新桥路", "银杏路", "学林巷"], ["东门"])
    stale = admin.post(f"/desk/grid/{here.id}/change/", data | {"name": "别的名字"})
    assert stale.status_code == 422 and "有人先改了这里" in text(stale) and 'value="别的名字"' in stale.content.decode()
    again = stale.context["filled"]["change"]["seen"]
    assert admin.post(f"/desk/grid/{here.id}/change/", data | {"name": "别的名字", "seen": again}).status_code == 302
    wrong = admin.post(f"/desk/grid/{here.id}/change/", {"name": " ", "roads": "一条新路"})
    assert wrong.status_code == 422 and "请填写名称" in text(wrong) and "一条新路" in wrong.content.decode()


def test_a_place_ends_and_goes_on(cast, at):
    admin, grid = sign_in(cast, "admin"), cast.grid["jinxiu1"]
    end = f"/desk/grid/{grid.id}/end/"
    for data, said in (
        ({}, "请填写用到哪一天"), ({"valid_to": "2026-02-30"}, "要写成"), ({"valid_to": "2026-03-02", "replaced_by": "x"}, "没有这个地方"),
        ({"valid_to": "2026-03-02"}, "接着管的网格"), ({"valid_to": "2026-03-02", "replaced_by": str(cast.community["jinxiu"].id)}, "同一级"),
    ):  # fmt: skip
        answer = admin.post(end, data)
        assert answer.status_code == 422 and said in text(answer), data
    assert admin.post(end, {"valid_to": "2026-03-02", "replaced_by": str(cast.grid["jinxiu2"].id)}).status_code == 302
    at.move(days=1)
    page = admin.get(f"/desk/grid/{grid.id}/")
    assert "已经结束了" in text(page) and "锦绣苑第二网格 接着管" in text(page) and "添加同事" not in text(page)
    assert "锦绣苑第一网格" in text(admin.get(f"/desk/grid/{cast.community['jinxiu'].id}/")), "among those that have ended"
    assert sign_in(cast, "li_min").get(f"/desk/grid/{grid.id}/").status_code == 404
    assert sign_in(cast, "zhao_hui").post(f"/desk/grid/{grid.id}/restore/").status_code == 403
    assert admin.post(f"/desk/grid/{grid.id}/restore/").status_code == 302
    assert "已经结束了" not in text(admin.get(f"/desk/grid/{grid.id}/"))


def test_a_building_s_page_shows_its_units_and_no_rooms(cast, at):
    building = cast.building["jx3"]
    url = f"/desk/grid/building/{building.id}/"
    for key in ("admin", "li_min", "zhao_hui", "cao_wei"):
        page = sign_in(cast, key).get(url)
        assert page.status_code == 200 and "1单元" in text(page) and not tells(text(page), "1102"), key
        assert ("看房号" in text(page)) is (key in ("li_min", "zhao_hui")), key
        assert ("改这栋楼" in text(page)) is (key == "admin"), key
    assert sign_in(cast, "wei_na").get(url).status_code == 404
    assert sign_in(cast, "shi_qiang").get(url).status_code == 403
    seen = sign_in(cast, "li_min").post(f"{url}view/")
    assert "1102" in text(seen) and seen.headers["Cache-Control"] == "private, no-store"
    for key, status in (("admin", 403), ("cao_wei", 403), ("wei_na", 404), ("shi_qiang", 403)):
        answer = sign_in(cast, key).post(f"{url}view/")
        assert answer.status_code == status and not tells(text(answer), "1102"), key


def test_homes_are_looked_at_and_then_written(cast, at):
    admin, building = sign_in(cast, "admin"), cast.building["jx3"]
    url = f"/desk/grid/building/{building.id}/homes/"
    before = Home.objects.filter(building=building).count()
    look = admin.post(url, {"homes": "2单元 502 1299"})
    assert look.status_code == 200 and "会加 1 户" in text(look) and Home.objects.filter(building=building).count() == before
    done = admin.post(url, {"homes": "2单元 502 1299", "sure": "1"})
    assert done.status_code == 302 and Home.objects.filter(building=building).count() == before + 1
    assert "加了 1 户" in text(admin.get(done["Location"]))
    for data, said in (({"homes": "2单元 502", "sure": "1"}, "都已经有了"), ({"homes": "", "sure": "1"}, "请写是哪几户"), ({"homes": "8单元 1"}, "第 1 行")):
        answer = admin.post(url, data)
        assert answer.status_code == 422 and said in text(answer) and data["homes"] in answer.content.decode()
    for key in ("li_min", "zhao_hui"):
        assert sign_in(cast, key).post(url, {"homes": "2单元 1", "sure": "1"}).status_code == 403


def test_a_building_is_changed_in_place(cast, at):
    admin, building = sign_in(cast, "admin"), cast.building["jx3"]
    url = f"/desk/grid/building/{building.id}/change/"
    data = {"estate": "锦绣苑", "name": "三号楼", "units": "4", "org": "", "grid": str(cast.grid["jinxiu2"].id)}
    assert "said=moved" in admin.post(url, data)["Location"]
    now = Building.objects.get(id=building.id)
    assert (now.name, now.units, now.property_org_id, now.grid_id) == ("三号楼", 4, None, cast.grid["jinxiu2"].id)
    for change, said in (
        ({"name": "5号楼"}, "已经有“锦绣苑5号楼”"), ({"units": "1"}, "还登记着住户"), ({"units": "很多"}, "请填数字"), ({"grid": ""}, "请选这栋楼在哪个网格"),
        ({"grid": str(cast.grid["liudi1"].id)}, "同一个社区"), ({"org": "x"}, "没有这个单位"), ({"estate": ""}, "请填写小区名"),
    ):  # fmt: skip
        answer = admin.post(url, data | change)
        assert answer.status_code == 422 and said in text(answer), change
    assert sign_in(cast, "zhao_hui").post(url, data).status_code == 403


def test_an_organisation_is_changed_in_place(cast, at):
    admin, org = sign_in(cast, "admin"), Organisation.objects.get(name="锦绣物业服务中心")
    url = f"/desk/grid/organisation/{org.id}/"
    assert "锦绣苑3号楼" in text(sign_in(cast, "li_min").get(url)) and "改名称" not in text(sign_in(cast, "li_min").get(url))
    assert admin.post(f"{url}change/", {"name": "新物业", "kind": "property", "phone": "025-5550009"}).status_code == 302
    assert Organisation.objects.get(id=org.id).phone == "0255550009"
    for data, said in (({"name": "", "kind": "property"}, "请填写单位名称"), ({"name": "x", "kind": "?"}, "请选单位类别"), ({"name": "x", "kind": "firm", "phone": "1"}, "电话号码")):
        answer = admin.post(f"{url}change/", data)
        assert answer.status_code == 422 and said in text(answer)
    assert sign_in(cast, "zhao_hui").post(f"{url}change/", {"name": "x", "kind": "firm"}).status_code == 403
    assert sign_in(cast, "wei_na").get(url).status_code == 404


def test_residents_are_not_listed_as_colleagues(cast, at):
    page = sign_in(cast, "admin").get(f"/desk/grid/{cast.community['jinxiu'].id}/")
    names = [p.name for p in page.context["people"]]
    assert "周阿姨" not in text(page) and names.count("李敏") == 1 and names[:2] == ["赵晖", "李敏"]


def test_all_buildings_are_found(cast, at):
    here = cast.community["jinxiu"]
    for n in range(120, 260):
        actions.add_building(by=SYSTEM, grid=cast.grid["jinxiu1"], estate="东区", name=f"{n}号楼")
    admin = sign_in(cast, "admin")
    page = admin.get(f"/desk/grid/{here.id}/")
    assert "全部 150 栋" in text(page) and len(page.context["buildings"]) == 30
    found = admin.get(f"/desk/grid/{here.id}/buildings/?q=125")
    assert [b.name for b, *_ in found.context["buildings"]] == ["125号楼"]
    assert len(admin.get(f"/desk/grid/{here.id}/buildings/?page=2").context["buildings"]) == 50
    assert sign_in(cast, "wei_na").get(f"/desk/grid/{here.id}/buildings/").status_code == 404
