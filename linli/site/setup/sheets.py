"""The sheets and columns of the set-up file. `*` is put behind the headings that must be filled in."""

from dataclasses import dataclass

MARK = "备注"
EXAMPLE = "示例"
README = "说明"


@dataclass(frozen=True, slots=True)
class Column:
    """heading; an example; what to write (shown in the sheet 说明); must it be filled in?"""

    heading: str
    example: str = ""
    meaning: str = ""
    required: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: what a line of it is, and its columns. Every sheet also has 备注 in front, which is free."""

    name: str
    meaning: str
    columns: tuple[Column, ...]

    def headings(self) -> list[str]:
        """All headings that are known in this sheet."""
        return [MARK, *(c.heading for c in self.columns)]


def _must(heading: str, example: str, meaning: str = "") -> Column:
    return Column(heading, example, meaning, required=True)


CODE = "统计用区划代码，12 位；网格在社区代码后面加两位顺序号"
BY_NAME = "填名称；有同名的就填编码"

SHEETS: tuple[Sheet, ...] = (
    Sheet("区", "只填一行：这套系统服务的区（县）", (
        _must("编码", "990101000000", CODE), _must("名称", "示范区"),
    )),
    Sheet("街道", "每行一个街道（镇）", (
        _must("编码", "990101001000", CODE), _must("名称", "锦绣街道"),
    )),
    Sheet("社区", "每行一个社区或村", (
        _must("街道", "锦绣街道", BY_NAME), _must("编码", "990101001001", CODE), _must("名称", "锦绣苑社区"),
        Column("类型", "居委会", "居委会或村委会；不填就是居委会"),
        Column("道路", "锦绣路、银杏路", "用顿号隔开；小栖靠它听懂地名"),
        Column("地标", "锦绣广场、东门", "用顿号隔开"),
    )),
    Sheet("网格", "每行一个网格", (
        _must("社区", "锦绣苑社区", BY_NAME), _must("编码", "99010100100101", CODE), _must("名称", "第一网格"),
    )),
    Sheet("单位", "可以不填：物业公司、科室、部门、商户等", (
        _must("名称", "锦绣物业服务中心"),
        _must("类别", "物业", "物业、科室、部门、区级部门、驻区单位、商户、社会组织"),
        Column("街道", "", "街道的单位填街道"), Column("社区", "锦绣苑社区", "社区的单位填社区；都不填就是全区的"),
        Column("电话", "02500000001"),
    )),
    Sheet("楼栋", "每行一栋楼", (
        _must("社区", "锦绣苑社区", BY_NAME), _must("网格", "第一网格", BY_NAME), _must("小区", "锦绣苑"),
        _must("楼栋", "3号楼"), Column("单元数", "3", "不填就是 1"), Column("物业", "锦绣物业服务中心", "“单位”表里的名称"),
    )),
    Sheet("住户", "可以不填：每行一户，只有门牌，没有人名", (
        _must("社区", "锦绣苑社区", BY_NAME), _must("小区", "锦绣苑"), _must("楼栋", "3号楼"),
        Column("单元", "2单元"), _must("房号", "502"),
    )),
    Sheet("人员", "每行一位工作人员", (
        _must("登录名", "limin", "小写字母、数字、点、横线，2–32 个字；定了就不再改"), _must("姓名", "李敏"),
        Column("手机", "19000000102", "居民一键呼叫、同事联系用"),
        Column("称呼", "社工小李", "在群里怎么称呼；不填就用姓名"),
    )),
    Sheet("岗位", "每行一个岗位；一个人可以有几个", (
        _must("登录名", "limin", "“人员”表里的登录名"), _must("岗位", "网格责任社工", "下面列出的岗位之一"),
        Column("街道", ""), Column("社区", "锦绣苑社区"), Column("网格", "第一网格", "填到哪一级，就管到哪一级；都不填就是全区"),
        Column("单位", "", "“单位”表里的名称"), Column("条线", "", "条线专职社工的条线，比如 养老"),
        Column("开始", "", "日期；不填就是现在"), Column("结束", "", "日期（含当天）；不填就是一直"),
    )),
    Sheet("群", "每行一个居民群", (
        _must("社区", "锦绣苑社区", BY_NAME), _must("群名", "锦绣苑3号楼"),
        Column("方式", "网页群", "网页群（居民点链接加入），或微信群（由社工把聊天记录贴进来）；不填就是网页群"),
        Column("小区", "锦绣苑", "这个群属于某一栋楼时填"), Column("楼栋", "3号楼"), Column("单元", ""),
        Column("群主", "limin", "登录名"), Column("成员", "", "进群的工作人员的登录名，用顿号隔开"),
    )),
    Sheet("值班", "社工下班以后谁值班：排在街道或社区", (
        Column("街道", "锦绣街道"), Column("社区", "", "社区自己值班时填"),
        Column("星期", "每天", "每天，或者一、二、三这样写；和“日期”填一个"),
        Column("日期", "", "只管这一天，比如 2027-02-17；优先于星期"),
        _must("开始", "17:30"), _must("结束", "09:00", "不晚于开始的，就是第二天"), _must("登录名", "sunwei"),
    )),
    Sheet("替班", "可以不填：谁请假，谁替", (
        _must("登录名", "limin"), _must("开始", "2027-02-10", "日期，或日期加时间"),
        _must("结束", "2027-02-16", "日期（含当天），或日期加时间"), Column("替班人", "wangfang", "登录名；不填就由同社区的同事顶上"),
    )),
)  # fmt: skip
BY_SHEET = {sheet.name: sheet for sheet in SHEETS}
