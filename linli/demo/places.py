"""The places of the demo district. Codes begin with 99: no real place has them."""

DISTRICT = ("990101000000", "示范区")

# key: (code, name)
STREETS = {
    "jinxiu": ("990101001000", "锦绣街道"),
    "heping": ("990101002000", "和平街道"),
}

# key: (street, code, name, village, roads, landmarks)
COMMUNITIES = {
    "jinxiu": ("jinxiu", "990101001001", "锦绣苑社区", False, ("锦绣路", "银杏路", "学林巷"),
               ("锦绣广场", "银杏幼儿园", "锦绣菜场", "东门", "西门")),
    "liudi": ("jinxiu", "990101001002", "柳堤社区", False, ("柳堤路", "滨河路", "荷花巷"),
              ("柳堤公园", "滨河步道", "柳堤小学", "北门", "老年食堂")),
    "hewan": ("heping", "990101002201", "河湾村", True, ("河湾路", "晒场路", "渡口路"),
              ("村文化礼堂", "老渡口", "晒谷场", "村卫生室")),
    "heping": ("heping", "990101002001", "和平里社区", False, ("和平路", "槐荫街", "书院巷"),
               ("和平里中心花园", "槐荫菜场", "书院小学", "南门", "工人文化宫")),
}  # fmt: skip

# key: (community, number of the grid)
GRIDS = {f"{community}{n}": (community, n) for community in COMMUNITIES for n in (1, 2, 3)}
GRID_NAMES = {1: "第一网格", 2: "第二网格", 3: "第三网格"}
ESTATES = {"jinxiu": "锦绣苑", "liudi": "柳堤", "hewan": "河湾", "heping": "和平里"}

# key: (grid, estate, name, units, storeys)
BUILDINGS = {
    "jx1": ("jinxiu1", "锦绣苑", "1号楼", 2, 6), "jx2": ("jinxiu1", "锦绣苑", "2号楼", 2, 6),
    "jx3": ("jinxiu1", "锦绣苑", "3号楼", 3, 11), "jx4": ("jinxiu2", "锦绣苑", "4号楼", 2, 11),
    "jx5": ("jinxiu2", "锦绣苑", "5号楼", 2, 11), "jx6": ("jinxiu2", "锦绣苑", "6号楼", 2, 11),
    "jx7": ("jinxiu2", "锦绣苑", "7号楼", 1, 18), "jx8": ("jinxiu3", "锦绣苑", "8号楼", 1, 18),
    "jxa": ("jinxiu3", "锦绣花园", "A座", 1, 18), "jxb": ("jinxiu3", "锦绣花园", "B座", 1, 18),
    "ld1": ("liudi1", "柳堤", "1号楼", 3, 6), "ld2": ("liudi1", "柳堤", "2号楼", 3, 6),
    "ld3": ("liudi1", "柳堤", "3号楼", 3, 6), "ld5": ("liudi2", "柳堤", "5号楼", 2, 6),
    "ld7": ("liudi2", "柳堤", "7号楼", 2, 9), "ld9": ("liudi2", "柳堤", "9号楼", 2, 9),
    "ld11": ("liudi3", "柳堤新村", "11号楼", 1, 18), "ld12": ("liudi3", "柳堤新村", "12号楼", 1, 18),
    "hw1": ("hewan1", "河湾一组", "1栋", 1, 2), "hw2": ("hewan1", "河湾一组", "2栋", 1, 2),
    "hw3": ("hewan2", "河湾二组", "3栋", 1, 2), "hw4": ("hewan2", "河湾二组", "4栋", 1, 2),
    "hw5": ("hewan3", "河湾安置房", "5号楼", 2, 6), "hw6": ("hewan3", "河湾安置房", "6号楼", 2, 6),
    "hp1": ("heping1", "和平里", "1号楼", 3, 5), "hp2": ("heping1", "和平里", "2号楼", 3, 5),
    "hp3": ("heping2", "和平里", "3号楼", 3, 5), "hp5": ("heping2", "和平里", "5号楼", 3, 5),
    "hp6": ("heping3", "和平里", "6号楼", 2, 6), "hp8": ("heping3", "和平里", "8号楼", 2, 6),
}  # fmt: skip

# key: (name, kind, area: None = the district, "street:…" or "community:…", phone)
ORGANISATIONS = {
    "jx_property": ("锦绣物业服务中心", "property", "community:jinxiu", "19000002001"),
    "ld_property": ("柳堤物业服务中心", "property", "community:liudi", "19000002002"),
    "hp_property": ("和平里物业服务中心", "property", "community:heping", "19000002003"),
    "jx_affairs": ("锦绣街道社会事务科", "section", "street:jinxiu", "19000002004"),
    "hp_safety": ("和平街道平安建设办公室", "section", "street:heping", "19000002005"),
    "police": ("锦绣派出所", "department", "street:jinxiu", "19000002006"),
    "city_order": ("和平街道综合行政执法队", "department", "street:heping", "19000002007"),
    "civil": ("示范区民政局", "district_body", None, "19000002008"),
    "factory": ("银杏精密仪器有限公司", "firm", "community:jinxiu", "19000002009"),
    "shop": ("荷花巷便民超市", "merchant", "community:liudi", "19000002010"),
    "sunset": ("夕阳红助老服务社", "social_org", "community:heping", "19000002011"),
}
PROPERTY_OF = {"jinxiu": "jx_property", "liudi": "ld_property", "heping": "hp_property"}

# key: (name, community, building or None, channel)
GROUPS = {
    "jx3": ("锦绣苑3号楼", "jinxiu", "jx3", "page"), "jx5": ("锦绣苑5号楼", "jinxiu", "jx5", "page"),
    "jx": ("锦绣苑业主群", "jinxiu", None, "page"), "jxr": ("锦绣花园邻里微信群", "jinxiu", "jxa", "relay"),
    "ld7": ("柳堤7号楼", "liudi", "ld7", "page"), "ld2": ("柳堤2号楼", "liudi", "ld2", "page"),
    "ld": ("柳堤业主群", "liudi", None, "page"), "ldr": ("柳堤步道健走微信群", "liudi", None, "relay"),
    "hw1": ("河湾一组", "hewan", "hw1", "page"), "hw5": ("河湾安置房5号楼", "hewan", "hw5", "page"),
    "hw": ("河湾村村民群", "hewan", None, "page"), "hwr": ("河湾在外乡亲微信群", "hewan", None, "relay"),
    "hp1": ("和平里1号楼", "heping", "hp1", "page"), "hp6": ("和平里6号楼", "heping", "hp6", "page"),
    "hp": ("和平里居民群", "heping", None, "page"), "hpr": ("书院小学家长微信群", "heping", None, "relay"),
}  # fmt: skip


def grid_code(key: str) -> str:
    """The code of a grid: its community's and three digits."""
    community, number = GRIDS[key]
    return f"{COMMUNITIES[community][1]}{number:03d}"


def grid_name(key: str) -> str:
    """What people call a grid."""
    community, number = GRIDS[key]
    return f"{ESTATES[community]}{GRID_NAMES[number]}"


def homes_of(key: str) -> list[tuple[str, str]]:
    """(unit, room) of all homes of a building: two on each storey of each unit."""
    _, _, _, units, storeys = BUILDINGS[key]
    return [
        (f"{unit}单元", f"{storey}0{door}")
        for unit in range(1, units + 1)
        for storey in range(1, storeys + 1)
        for door in (1, 2)
    ]

# Local facts of the knowledge base, for the district (None) and by community; the rest is left to fill in, as in life.
FACTS: dict[str | None, dict[str, str]] = {
    None: {
        "供水热线": "190-0000-2101", "供电热线": "190-0000-2102", "燃气热线": "190-0000-2103", "城管热线": "190-0000-2104",
        "政务服务中心地址": "锦绣路1号", "婚姻登记处地址": "锦绣路1号二楼", "不动产登记中心地址": "锦绣路1号三楼",
        "法律援助电话": "190-0000-2105", "残联电话": "190-0000-2106", "公积金热线": "190-0000-2107",
        "高龄津贴标准": "满八十岁每月一百元", "医保缴费时间": "每年十月到十二月", "垃圾投放时间": "早上六点半到九点，晚上六点到九点",
    },
    "jinxiu": {"社区服务站电话": "190-0000-2201", "社区服务站地址": "银杏路8号", "派出所电话": "190-0000-2006", "装修允许时间": "工作日八点到十二点、两点到六点"},
    "liudi": {"社区服务站电话": "190-0000-2202", "社区服务站地址": "荷花巷2号", "派出所电话": "190-0000-2006"},
    "hewan": {"社区服务站电话": "190-0000-2203", "社区服务站地址": "村文化礼堂旁"},
    "heping": {"社区服务站电话": "190-0000-2204", "社区服务站地址": "槐荫街5号", "老年助餐点": "工人文化宫一楼，中午十一点到一点"},
}  # fmt: skip
