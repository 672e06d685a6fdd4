"""A small district as an adopter would fill it in: one building, five people, three groups. All of it is invented."""

from pathlib import Path
from typing import Any

from openpyxl import load_workbook

from linli.site.setup import template

Rows = dict[str, list[dict[str, Any]]]


def small() -> Rows:
    """A fresh copy; numbers stand as numbers where a spreadsheet would make them so."""
    return {
        "区": [{"编码": 990200000000, "名称": "示例区"}],
        "街道": [{"编码": 990200001000, "名称": "青桐街道"}],
        "社区": [
            {"街道": "青桐街道", "编码": 990200001001, "名称": "青桐里社区", "类型": "居委会", "道路": "青桐路、学院巷", "地标": "青桐广场"},
            {"街道": "青桐街道", "编码": "990200001201", "名称": "白杨村", "类型": "村委会"},
        ],
        "网格": [
            {"社区": "青桐里社区", "编码": 99020000100101, "名称": "第一网格"},
            {"社区": "白杨村", "编码": "99020000120101", "名称": "第一网格"},
        ],
        "单位": [{"名称": "青桐物业", "类别": "物业", "社区": "青桐里社区", "电话": "02500000009"}],
        "楼栋": [
            {"社区": "青桐里社区", "网格": "第一网格", "小区": "青桐里", "楼栋": "3号楼", "单元数": 3, "物业": "青桐物业"},
            {"社区": "白杨村", "网格": "第一网格", "小区": "白杨", "楼栋": "1栋"},
        ],
        "住户": [
            {"社区": "青桐里社区", "小区": "青桐里", "楼栋": "3号楼", "单元": 2, "房号": 502},
            {"社区": "青桐里社区", "小区": "青桐里", "楼栋": "3号楼", "单元": "2单元", "房号": "601"},
        ],
        "人员": [
            {"登录名": "fang.lan", "姓名": "方兰", "手机": 19000000201, "称呼": "社工小方"},
            {"登录名": "kong.ming", "姓名": "孔明亮", "手机": "19000000202"},
            {"登录名": "lu.shan", "姓名": "陆山"},
            {"登录名": "yin.yue", "姓名": "尹悦", "手机": "190-0000-0204"},
            {"登录名": "dai.wei", "姓名": "戴薇"},
        ],
        "岗位": [
            {"登录名": "fang.lan", "岗位": "网格责任社工", "社区": "青桐里社区", "网格": "第一网格"},
            {"登录名": "kong.ming", "岗位": "社区书记", "社区": "青桐里社区"},
            {"登录名": "lu.shan", "岗位": "街道值班员", "街道": "青桐街道"},
            {"登录名": "yin.yue", "岗位": "云平台中心"},
            {"登录名": "dai.wei", "岗位": "网格责任社工", "社区": "白杨村", "网格": "第一网格", "开始": "2099-01-01"},
        ],
        "群": [
            {"社区": "青桐里社区", "群名": "青桐里3号楼", "小区": "青桐里", "楼栋": "3号楼", "群主": "fang.lan", "成员": "kong.ming"},
            {"社区": "青桐里社区", "群名": "青桐里微信群", "方式": "微信群", "群主": "fang.lan"},
            {"社区": "白杨村", "群名": "白杨村民群", "群主": "dai.wei"},
        ],
        "值班": [{"街道": "青桐街道", "星期": "每天", "开始": "17:30", "结束": "09:00", "登录名": "lu.shan"},
                 {"街道": "青桐街道", "星期": "六、日", "开始": "09:00", "结束": "17:30", "登录名": "lu.shan"}],
        "替班": [{"登录名": "fang.lan", "开始": "2099-02-10", "结束": "2099-02-16", "替班人": "kong.ming"}],
    }  # fmt: skip


def fill(path: Path, rows: Rows) -> Path:
    """Fill the template in from line 3 on, as a person would, below the example that stays where it is."""
    path.unlink(missing_ok=True)
    template.write(path)
    book = load_workbook(path)
    for sheet, lines in rows.items():
        page = book[sheet]
        headings = {str(c.value).rstrip("*"): c.column for c in page[1]}
        for number, line in enumerate(lines, 3):
            for heading, value in line.items():
                page.cell(number, headings[heading]).value = value
    book.save(path)
    return path
