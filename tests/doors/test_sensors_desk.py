"""Sensors at the desk: registering, what a device says now, rules written by one and approved by another."""

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import load_workbook

from linli.channels.models import Device, SensorRule
from linli.channels.sensors import actions
from linli.channels.sensors.actions import Reading
from linli.kernel import clock
from linli.orders.models import Order
from tests.channels.test_sensors_sheet import GOOD, HEAD, xlsx
from tests.desk import sign_in, text

pytestmark = pytest.mark.django_db


def form(cast, **more):
    area, building = cast.community["jinxiu"], cast.building["jx3"]
    return {"community": str(area.id), "building": str(building.id), "where": "2单元", "device_kind": "fire", "name": "楼道烟感", "code": "XF-0301"} | more


def test_a_device_is_registered_and_shows_what_it_says(cast, at):
    head = sign_in(cast, "zhao_hui")
    assert "还没有登记设备" in text(head.get(reverse("sensors")))
    answer = head.post(reverse("sensors"), form(cast), follow=True)
    assert "登记好了：XF-0301" in text(answer) and "等第一次数据" in text(answer)
    assert (Device.objects.get().place_text, Device.objects.get().unit) == ("锦绣苑3号楼2单元", "2单元")
    actions.take_readings(by=cast.actor("yu_tao"), readings=[Reading("XF-0301", clock.now(), 8, alarm=True)])
    page = text(head.get(reverse("sensors")))
    assert "烟雾报警" in page and "烟雾浓度 8 %" in page and Order.objects.get().number in page
    assert "XF-0301" not in text(head.get(reverse("sensors") + "?kind=air"))
    assert "XF-0301" not in text(sign_in(cast, "chu_weimin").get(reverse("sensors"))), "another community's"
    head.post(reverse("sensor_end", args=[Device.objects.get().id]))
    assert "还没有登记设备" in text(head.get(reverse("sensors")))


@pytest.mark.parametrize(
    ("more", "said"),
    [({"code": "编号一"}, "设备编号请用字母"), ({"building": "", "where": ""}, "请选楼栋"), ({"name": " "}, "请写设备名称"), ({"device_kind": "x"}, "请选是哪一种")],
)
def test_what_is_missing_is_said_and_nothing_is_lost(cast, at, more, said):
    answer = sign_in(cast, "zhao_hui").post(reverse("sensors"), form(cast, **more))
    assert answer.status_code == 422 and said in text(answer) and not Device.objects.exists()
    assert 'value="楼道烟感"' in answer.content.decode() or "name" in more


def test_a_place_of_others_is_not_registered(cast, at):
    answer = sign_in(cast, "zhao_hui").post(reverse("sensors"), form(cast, community=str(cast.community["heping"].id)))
    assert answer.status_code == 422 and not Device.objects.exists()


def test_who_works_here_looks_and_nobody_else(cast, at):
    worker = sign_in(cast, "li_min")
    assert worker.get(reverse("sensors")).status_code == 200 and "登记一台设备" not in text(worker.get(reverse("sensors")))
    assert worker.post(reverse("sensors"), form(cast)).status_code == 403
    for who in ("shi_qiang", "zhou"):
        assert sign_in(cast, who).get(reverse("sensors")).status_code == 403
    assert "感知设备" in text(worker.get(reverse("desk"))) and "感知设备" not in text(sign_in(cast, "shi_qiang").get(reverse("desk")))


def test_a_list_registers_all_or_names_each_wrong_line(cast, at):
    head = sign_in(cast, "zhao_hui")
    empty = head.get(reverse("sensor_template"))
    assert empty.status_code == 200 and [c.value for c in load_workbook(BytesIO(empty.content)).active[2]] == HEAD

    def hand_in(*rows):
        return head.post(reverse("sensor_file"), {"file": SimpleUploadedFile("设备.xlsx", xlsx(*rows))}, follow=True)

    wrong = hand_in(GOOD[0], ["XF-2", "烟感", "楼道", "锦绣苑社区", "88号楼", ""])
    assert wrong.status_code == 422 and "第 3 行：锦绣苑社区没有“88号楼”" in text(wrong) and "一台也没有登记" in text(wrong) and not Device.objects.exists()
    assert "登记好了 2 台" in text(hand_in(*GOOD))
    assert "登记好了 0 台，另有 2 台以前登记过" in text(hand_in(*GOOD)) and Device.objects.count() == 2
    assert "请先选一份表" in text(head.post(reverse("sensor_file")))
    assert sign_in(cast, "li_min").post(reverse("sensor_file")).status_code == 403
    other = sign_in(cast, "chu_weimin").post(reverse("sensor_file"), {"file": SimpleUploadedFile("设备.xlsx", xlsx(GOOD[0]))})
    assert other.status_code == 422 and "不归您管" in text(other)


def test_a_rule_is_written_by_one_and_approved_by_another(cast, at):
    section, centre = sign_in(cast, "xie_lin"), sign_in(cast, "yu_tao")
    page = reverse("sensor_rules")
    rule = SensorRule.objects.get(kind="air", cause="high")
    assert 'value="150"' in section.get(f"{page}?change={rule.id}").content.decode()
    sent = {"device_kind": "air", "cause": "high", "label": "空气污染", "test": "above", "threshold": "115", "minutes": "30"}
    assert "等另一位同志审核" in text(section.post(page, sent, follow=True))
    draft = SensorRule.objects.get(state=SensorRule.DRAFT)
    assert "PM2.5 高于 115 微克/立方米，持续 30 分钟" in text(centre.get(page)) and "现在是：PM2.5 高于 150" in text(centre.get(page))
    refused = section.post(reverse("sensor_rule_do", args=[draft.id, "approve"]))
    assert refused.status_code == 403 and SensorRule.objects.get(id=draft.id).state == SensorRule.DRAFT
    centre.post(reverse("sensor_rule_do", args=[draft.id, "approve"]))
    assert SensorRule.objects.get(kind="air", cause="high", state=SensorRule.IN_FORCE).threshold == 115
    assert centre.post(reverse("sensor_rule_do", args=[draft.id, "drop"])).status_code == 409


@pytest.mark.parametrize(
    ("more", "said"),
    [({"threshold": "很多"}, "请写数字"), ({"threshold": "nan"}, "太大"), ({"threshold": ""}, "到多少算告警"), ({"minutes": "-1"}, "整数分钟"), ({"label": ""}, "起个名字")],
)
def test_a_rule_that_cannot_hold_is_refused_in_words(cast, at, more, said):
    sent = {"device_kind": "air", "label": "空气污染", "test": "above", "threshold": "115", "minutes": "30"} | more
    answer = sign_in(cast, "xie_lin").post(reverse("sensor_rules"), sent)
    assert answer.status_code == 422 and said in text(answer) and not SensorRule.objects.filter(state=SensorRule.DRAFT).exists()


def test_who_writes_no_standards_reads_the_rules_only(cast, at):
    page = sign_in(cast, "li_min").get(reverse("sensor_rules"))
    assert "超过 24 小时没有数据" in text(page) and "写一条规则" not in text(page)
    assert sign_in(cast, "li_min").post(reverse("sensor_rules"), {"device_kind": "air", "label": "x", "test": "flag"}).status_code == 403
