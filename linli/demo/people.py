"""The named cast: everybody in it is invented, and so is every number (190-0000-…). Keys are the log-in names."""

from dataclasses import dataclass

from linli.kernel.roles import Role

R = Role
PASSWORD = "linli-demo-2026"  # noqa: S105 - of the demo only; outside demo mode nobody gets it


@dataclass(frozen=True, slots=True)
class Worker:
    """Somebody with posts. `posts`: (role, area, organisation, line); area "grid:…", "community:…", "street:…" or ""
    for the district. `shown` is how she is called in groups; `groups` those she is in ("*" as owner)."""

    key: str
    name: str
    title: str
    posts: tuple[tuple[Role, str, str, str], ...]
    shown: str = ""
    groups: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A resident: nickname, real name, building/unit/room, birth year, groups. Without groups she has no phone."""

    key: str
    nickname: str
    name: str
    home: tuple[str, str, str]
    born: int
    groups: tuple[str, ...]
    roles: tuple[Role, ...] = (R.RESIDENT,)


def _post(role: Role, area: str = "", org: str = "", line: str = "") -> tuple[Role, str, str, str]:
    return (role, area, org, line)


def _grid(key: str, name: str, grid: str, *groups: str) -> Worker:
    community = f"community:{grid[:-1]}"
    posts = [_post(R.GRID_WORKER, f"grid:{grid}")]
    if any(g.endswith("*") for g in groups):
        posts.append(_post(R.GROUP_OWNER, community))
    return Worker(key, name, "网格责任社工", tuple(posts), f"社工小{name[0]}", groups)


WORKERS: tuple[Worker, ...] = (
    # 锦绣苑社区
    Worker("zhao_hui", "赵晖", "社区书记", (_post(R.COMMUNITY_HEAD, "community:jinxiu"),), "赵书记", ("jx", "jxr")),
    _grid("li_min", "李敏", "jinxiu1", "jx3*", "jx*"),
    _grid("wang_fang", "王芳", "jinxiu2", "jx5*", "jx3", "jx"),
    _grid("zhang_jie", "张洁", "jinxiu3", "jxr*", "jx"),
    Worker("han_mei", "韩梅", "养老条线社工", (_post(R.LINE_WORKER, "community:jinxiu", line="养老"),), "社工小韩", ("jx",)),
    Worker("you_gang", "尤刚", "网格协管员", (_post(R.GRID_HELPER, "grid:jinxiu1"),)),
    Worker("xu_jing", "许静", "网格管理员", (_post(R.GRID_MANAGER, "community:jinxiu"),)),
    Worker("lu_xin", "鲁欣", "前台接办", (_post(R.FRONT_DESK, "community:jinxiu"),)),
    Worker("shi_qiang", "史强", "物业维修", (_post(R.PROPERTY, "community:jinxiu", "jx_property"),), "锦绣物业史师傅", ("jx",)),
    Worker("ren_qi", "任琪", "网格信息员", (_post(R.COLLECTOR, "grid:jinxiu2"),)),
    Worker("lian_feng", "廉峰", "驻区单位联络人", (_post(R.FIRM, "community:jinxiu", "factory"),)),
    # 柳堤社区
    Worker("qian_xiulan", "钱秀兰", "社区书记", (_post(R.COMMUNITY_HEAD, "community:liudi"),), "钱书记", ("ld", "ldr")),
    _grid("sun_li", "孙丽", "liudi1", "ld2*", "ld*"),
    _grid("zou_jing", "邹静", "liudi2", "ld7*", "ld"),
    _grid("he_tao", "何涛", "liudi3", "ldr", "ld"),
    Worker("tang_ning", "唐宁", "就业条线社工", (_post(R.LINE_WORKER, "community:liudi", line="就业"),)),
    Worker("fei_ming", "费明", "物业经理", (_post(R.PROPERTY, "community:liudi", "ld_property"),), "柳堤物业费经理", ("ld",)),
    Worker("cen_lan", "岑兰", "便民超市店主", (_post(R.MERCHANT, "community:liudi", "shop"),), "荷花超市", ("ld",)),
    # 河湾村
    Worker("wu_changhe", "吴长河", "村书记", (_post(R.COMMUNITY_HEAD, "community:hewan"),), "吴书记", ("hw", "hwr")),
    _grid("zheng_hong", "郑红", "hewan1", "hw1*", "hw*"),
    _grid("feng_lei", "冯磊", "hewan2", "hwr*", "hw"),
    _grid("chen_yan", "陈燕", "hewan3", "hw5*", "hw"),
    # 和平里社区
    Worker("chu_weimin", "褚卫民", "社区书记", (_post(R.COMMUNITY_HEAD, "community:heping"),), "褚书记", ("hp", "hpr")),
    _grid("wei_na", "魏娜", "heping1", "hp1*", "hp*"),
    _grid("jiang_bo", "蒋波", "heping2", "hpr*", "hp"),
    _grid("shen_ting", "沈婷", "heping3", "hp6*", "hp"),
    Worker("lei_ming", "雷鸣", "助老服务社负责人", (_post(R.SOCIAL_ORG, "community:heping", "sunset"),)),
    Worker("he_feng", "贺凤", "黄金眼志愿者", (_post(R.GOLDEN_EYE, "community:heping"),)),
    # 街道
    Worker("cao_wei", "曹伟", "街道分管领导", (_post(R.STREET_LEADER, "street:jinxiu"),)),
    Worker("yan_hui", "严慧", "街道分管领导", (_post(R.STREET_LEADER, "street:heping"),)),
    Worker("xie_lin", "谢琳", "社会事务科", (_post(R.STREET_SECTION, "street:jinxiu", "jx_affairs"),)),
    Worker("miao_kai", "苗凯", "平安建设办公室", (_post(R.STREET_SECTION, "street:heping", "hp_safety"),)),
    Worker("hua_yu", "华宇", "街道值班员", (_post(R.DUTY_OFFICER, "street:jinxiu"),), "街道值班小华"),
    Worker("jin_qiang", "金强", "街道值班员", (_post(R.DUTY_OFFICER, "street:jinxiu"),), "街道值班老金"),
    Worker("tao_ran", "陶然", "街道值班员", (_post(R.DUTY_OFFICER, "street:heping"),), "街道值班小陶"),
    Worker("jiang_xin", "姜鑫", "街道值班员", (_post(R.DUTY_OFFICER, "street:heping"),), "街道值班小姜"),
    Worker("ge_jun", "葛军", "综治中心", (_post(R.STABILITY_CENTRE, "street:jinxiu"),)),
    Worker("fan_ying", "范英", "综治中心", (_post(R.STABILITY_CENTRE, "street:heping"),)),
    Worker("fang_zheng", "方正", "派出所民警", (_post(R.DEPARTMENT, "street:jinxiu", "police", "公安"),)),
    Worker("luo_cheng", "骆成", "综合行政执法队", (_post(R.DEPARTMENT, "street:heping", "city_order", "城管"),)),
    Worker("qi_yue", "齐悦", "网格指导员", (_post(R.GRID_GUIDE, "street:jinxiu"),)),
    # 区
    Worker("yu_tao", "俞涛", "云平台中心", (_post(R.CENTRE),)),
    Worker("lang_yue", "郎悦", "大数据中心", (_post(R.BIG_DATA),)),
    Worker("yuan_qing", "袁清", "民政局", (_post(R.DISTRICT_BODY, "", "civil", "民政"),)),
    Worker("bao_hua", "鲍华", "区人大代表", (_post(R.DEPUTY),)),
    Worker("admin", "滕宇", "系统管理员", (_post(R.ADMIN_SYSTEM),)),
    Worker("security", "殷安", "安全管理员", (_post(R.ADMIN_SECURITY),)),
    Worker("audit", "罗审", "审计管理员", (_post(R.ADMIN_AUDIT),)),
)

NEIGHBOURS: tuple[Neighbour, ...] = (
    Neighbour("zhou", "周阿姨", "周桂芳", ("jx3", "2单元", "502"), 1958, ("jx3", "jx")),
    Neighbour("chen", "陈师傅", "陈建军", ("jx3", "2单元", "301"), 1966, ("jx3", "jx")),
    Neighbour("liu", "小刘", "刘畅", ("jx3", "1单元", "902"), 1993, ("jx3", "jx")),
    Neighbour("ma", "马老师", "马文秀", ("jx3", "3单元", "201"), 1961, ("jx3", "jx"), (R.RESIDENT, R.PARTY_MEMBER)),
    Neighbour("gao", "高大爷", "高德福", ("jx5", "1单元", "102"), 1949, ("jx5", "jx")),
    Neighbour("lin", "林妈妈", "林晓云", ("jx5", "2单元", "701"), 1988, ("jx5", "jx")),
    Neighbour("guo", "郭先生", "郭志远", ("jxa", "1单元", "1501"), 1985, ("jxr", "jx")),
    Neighbour("xiao", "小肖", "肖雨晴", ("jxa", "1单元", "802"), 1996, ("jxr",)),
    Neighbour("dong", "董姐", "董丽华", ("ld7", "1单元", "401"), 1974, ("ld7", "ld")),
    Neighbour("pan", "潘叔", "潘国庆", ("ld7", "2单元", "602"), 1960, ("ld7", "ld", "ldr*"), (R.RESIDENT, R.GROUP_OWNER)),
    Neighbour("yu", "于奶奶", "于淑珍", ("ld2", "1单元", "201"), 1950, ("ld2", "ld")),
    Neighbour("du", "杜先生", "杜鹏飞", ("ld2", "3单元", "502"), 1982, ("ld2", "ld")),
    Neighbour("cheng", "程阿姨", "程美玲", ("ld11", "1单元", "1202"), 1963, ("ld", "ldr")),
    Neighbour("wan", "万家富", "万家富", ("hw1", "1单元", "101"), 1957, ("hw1", "hw")),
    Neighbour("shao", "邵婶", "邵桂英", ("hw2", "1单元", "101"), 1965, ("hw1", "hw")),
    Neighbour("mao", "小毛", "毛俊杰", ("hw3", "1单元", "201"), 1995, ("hw", "hwr")),
    Neighbour("ding", "丁大姐", "丁秋菊", ("hw5", "1单元", "302"), 1970, ("hw5", "hw")),
    Neighbour("yao", "姚师傅", "姚海生", ("hw5", "2单元", "501"), 1968, ("hw5", "hw", "hwr")),
    Neighbour("hou", "侯爷爷", "侯连生", ("hp1", "1单元", "101"), 1946, ("hp1", "hp"), (R.RESIDENT, R.PARTY_MEMBER)),
    Neighbour("bai", "白女士", "白洁", ("hp1", "2单元", "402"), 1987, ("hp1", "hp", "hpr")),
    Neighbour("song", "宋叔", "宋振国", ("hp6", "1单元", "301"), 1959, ("hp6", "hp")),
    Neighbour("tian", "小田", "田甜", ("hp6", "2单元", "602"), 1998, ("hp6", "hp")),
    Neighbour("kang", "康姐", "康爱萍", ("hp3", "1单元", "202"), 1972, ("hp", "hpr")),
    # She has no smartphone: people come to her, or she calls the counter.
    Neighbour("sun_nainai", "孙奶奶", "孙玉兰", ("jx3", "2单元", "601"), 1943, ()),
    # Children are in the base data with their families and have no account.
    Neighbour("duoduo", "朵朵", "刘朵朵", ("jx3", "1单元", "902"), 2019, ()),
    Neighbour("doudou", "豆豆", "林豆豆", ("jx5", "2单元", "701"), 2016, ()),
)
STAND_INS = {"li_min": "wang_fang", "wang_fang": "zhang_jie", "sun_li": "zou_jing", "wei_na": "shen_ting"}
#: two officers share the week of a street, day and night; office hours go before the roster
OFFICERS = {"jinxiu": ("hua_yu", "jin_qiang"), "heping": ("tao_ran", "jiang_xin")}
EVERYBODY: tuple[Worker | Neighbour, ...] = (*WORKERS, *NEIGHBOURS)
