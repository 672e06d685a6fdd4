"""The ten categories of public opinion into which every kind of matter falls (domain.md A6)."""

CATEGORIES = [
    ("property", "物业服务"), ("environment", "环境卫生"), ("health", "医疗健康"), ("education", "教育托幼"),
    ("traffic", "交通出行"), ("safety", "公共安全"), ("municipal", "市政设施"), ("welfare", "社会保障"),
    ("commerce", "消费经营"), ("culture", "邻里文化"),
]  # fmt: skip
CATEGORY_LABELS = dict(CATEGORIES)
