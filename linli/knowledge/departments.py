"""The departments that fill the base and answer what it does not know (domain.md A2). Codes are what people call them."""

from linli.language import CATEGORIES

NAMES = tuple(
    "民政 人社 医保 卫健 公安 公安交管 公安出入境 司法 教育 住建 城管 市场监管 消防 应急 生态环境 自然资源 税务 残联 退役军人 人武部 信访 政务服务"
    " 供水 供电 燃气 供热 通信 邮政 金融 社区 文体 农业农村 交通运输 妇联 工会 民族宗教 统计 网信 公积金 水务 园林绿化".split()
)
#: what events call them: no words in the ledger. A name is added at the end, never moved.
CODES = {name: f"department-{number:02d}" for number, name in enumerate(NAMES, 1)}
#: where a question goes whose words are near to no entry: by what it is about
BY_CATEGORY = {
    "property": "住建", "environment": "生态环境", "health": "卫健", "education": "教育", "traffic": "公安交管",
    "safety": "公安", "municipal": "住建", "welfare": "人社", "commerce": "市场监管", "culture": "社区",
}  # fmt: skip
assert set(BY_CATEGORY) <= set(CATEGORIES)
OTHERS = "政务服务"
