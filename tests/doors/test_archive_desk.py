"""Old orders at the desk: a file, its columns, how ten rows would be filed, the worker's progress, taken back again."""

from datetime import datetime
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook

from linli.channels.actions import file_batches
from linli.channels.models import Batch, SheetMapping
from linli.demo.people import WORKERS
from linli.files import vault
from linli.kernel.roles import Role
from linli.orders.models import Order
from tests.browser import fits
from tests.desk import sign_in, text

HEAD = ["工单编号", "反映时间", "所属社区", "地址", "诉求类型", "诉求内容", "处理结果", "办结时间", "反映人", "联系电话", "经办人"]
ROWS = [
    ["GD1", "2019-05-01 09:30", "锦绣苑社区", "3号楼2单元501", "水电维修", "电梯坏了两天，老人下不去楼", "换了控制板", "2019-05-02", "周桂芳", "19000000001", "李敏"],
    ["GD2", 43587.5, "锦绣苑社区", "锦绣广场", "卫生", "垃圾没人收", "", None, "", "", ""],
    [4.4e17, "2019-05-03", "锦绣苑社区", "5号楼", "卫生", "楼道有异味", "", None, "", "", ""],
    ["GD4", "2019-05-03", "柳堤社区", "5号楼", "卫生", "楼道有异味", "", None, "", "", ""],
]  # fmt: skip


def file(*rows, name="2019年台账.xlsx"):
    made, out = Workbook(), BytesIO()
    made.active.title = "五月"
    for row in [HEAD, *rows]:
        made.active.append(row)
    made.save(out)
    return SimpleUploadedFile(name, out.getvalue())


def handed_in(cast, key="zhao_hui", *rows):
    client = sign_in(cast, key)
    done = client.post("/desk/archive/", {"file": file(*(rows or ROWS))})
    assert done.status_code == 302, text(done)
    return client, done.url


def mapped(page, **more):
    """The form as the page offers it."""
    return {f"column:{label}": target for label, _, target in page.context["labels"]} | {"sheet": "", "community": ""} | more


def test_only_who_may_file_sees_the_page(cast, at):
    for key, status in (("zhao_hui", 200), ("li_min", 403), ("shi_qiang", 403), ("zhou", 403)):
        assert sign_in(cast, key).get("/desk/archive/").status_code == status
    assert "导入历史工单" in text(sign_in(cast, "zhao_hui").get("/desk/"))
    assert "导入历史工单" not in text(sign_in(cast, "li_min").get("/desk/"))


def test_the_columns_are_guessed_and_the_preview_shows_what_would_be_filed(cast, at):
    client, url = handed_in(cast)
    page = client.get(url)
    assert {label: target for label, _, target in page.context["labels"]} == {
        "工单编号": "number", "反映时间": "opened_at", "所属社区": "community", "地址": "place", "诉求类型": "kind", "诉求内容": "words",
        "处理结果": "result", "办结时间": "closed_at", "反映人": "name", "联系电话": "phone", "经办人": "",
    }  # fmt: skip
    first, second = page.context["tried"]
    assert (first.number, first.title, first.kind, first.by_words, first.reporter) == ("GD1", "电梯 · 报修", "报修", True, "周* 190****0001")
    assert (second.kind, second.by_words) == ("卫生", False)
    said = text(page)
    assert "“五月”第 4 行：“编号”被表格软件改成了 4.4E+17" in said
    assert "“柳堤社区”不在您负责的范围里" in said
    assert "周桂芳" not in said and "19000000001" not in said
    assert not Order.objects.exists()


def test_saved_by_name_filed_by_the_worker_and_taken_back(cast, at, django_capture_on_commit_callbacks):
    client, url = handed_in(cast)
    page = client.get(url)
    seen = client.post(url, mapped(page, name="老台账", **{"kind:水电维修": "repair", "kind:卫生": "sanitation", "do": "look"}))
    assert "存好了" in text(seen) and seen.context["tried"][0].by_words is False
    assert SheetMapping.objects.get().data["kinds"] == {"水电维修": "repair", "卫生": "sanitation"}
    started = client.post(url, mapped(page, do="start", **{"kind:水电维修": "repair"}))
    assert started.status_code == 302
    sha256 = Batch.objects.get().sha256
    assert "排队" in text(client.get(url))
    with django_capture_on_commit_callbacks(execute=True):
        while file_batches():
            pass
    done = client.get(url)
    assert "2 件" in text(done) and "2 行" in text(done)
    assert {o.number for o in Order.objects.all()} == {"GD1", "GD2"}
    assert not vault.path_of(sha256).exists(), "the file with its names and numbers is not kept"
    wrong = client.get(f"{url}problems/").content.decode()
    assert "五月" in wrong and wrong.count("\r\n") == 3
    assert client.post(f"{url}back/").status_code == 302
    assert not Order.objects.exists() and Batch.objects.get().state == Batch.GONE
    again = client.post("/desk/archive/", {"file": file(*ROWS), "map": "老台账"})
    assert client.get(again.url).context["tried"][0].by_words is False


def test_nothing_starts_without_the_columns_that_matter(cast, at):
    client, url = handed_in(cast)
    page = client.get(url)
    refused = client.post(url, mapped(page, do="start") | {"column:反映时间": ""})
    assert refused.status_code == 422 and "还没选：反映时间" in text(refused)
    both = client.post(url, mapped(page, do="look") | {"column:办结时间": "opened_at"})
    assert both.status_code == 422 and "只能对应一列" in text(both)
    assert Batch.objects.get().state == Batch.LOOKED


def test_what_is_no_table_is_refused_in_plain_words(cast, at):
    client = sign_in(cast, "zhao_hui")
    for content in (b"PK\x03\x04", b"", "只有一句话".encode(), b"\xd0\xcf\x11\xe0\x00"):
        page = client.post("/desk/archive/", {"file": SimpleUploadedFile("台账.xlsx", content)})
        assert page.status_code == 422, content
        assert "Traceback" not in text(page)
    assert client.post("/desk/archive/", {}).status_code == 422
    assert not Batch.objects.exists()


def test_a_colleague_of_another_community_sees_nothing_of_it(cast, at):
    _, url = handed_in(cast)
    other = sign_in(cast, other_head())
    assert other.get(url).status_code == 404
    assert other.post(f"{url}back/").status_code == 404
    assert "2019年台账" not in text(other.get("/desk/archive/"))


def other_head():
    return next(w.key for w in WORKERS if any(p[0] == Role.COMMUNITY_HEAD and p[1] == "community:liudi" for p in w.posts))


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("width", [1440, 390])
def test_from_the_file_to_the_filed_orders_in_a_browser(cast, at, site, open_page, tmp_path, width):
    at.set(datetime(2026, 3, 2, 10))
    (tmp_path / "2019年台账.xlsx").write_bytes(file(*ROWS).read())
    page = open_page(width)
    page.context.add_cookies([{"name": "sessionid", "value": sign_in(cast, "zhao_hui").cookies["sessionid"].value, "url": site.url}])
    page.goto("/desk/archive/")
    page.set_input_files("input[type=file]", str(tmp_path / "2019年台账.xlsx"))
    page.click("text=先看看，还不归档")
    page.wait_for_selector("text=会归成这样")
    fits(page)
    page.fill("#name", "老台账")
    page.click("text=再看一遍")
    page.wait_for_selector("text=存好了")
    page.click("text=就这样，全部归档")
    page.wait_for_selector("text=完成")
    fits(page)
    page.click("text=这一批撤回")
    page.click("text=再点一次")
    page.wait_for_selector("text=已撤回")
    assert not Order.objects.exists()
