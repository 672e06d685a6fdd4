"""What every district starts with: clauses, kinds and procedures (orders.md). Written by us."""

from django.db import transaction

from linli.kernel import clock
from linli.ledger import stamps
from linli.standards import selectors
from linli.standards.kinds import CATEGORIES, CATEGORY_LABELS
from linli.standards.models import Clause, Kind, Procedure
from linli.standards.procedures import PROCEDURES

__all__ = ["CATEGORIES", "CATEGORY_LABELS", "CLAUSES", "seed_standards"]
CLAUSES = [
    ("WXQ-4.2", "微信群服务规范", "4.2", "居民在群内提出的诉求，由当班人员在 2 小时内给出有内容的答复：是什么情况、怎么办、什么时候办；不能办的，说明理由和去处。"),
    ("WXQ-4.3", "微信群服务规范", "4.3", "办理结果回到提出诉求的群和本人，并请本人评价；7 日内无人评价的，记为未评价，不计入满意。"),
    ("TSCL-5.1", "投诉处理规范", "5.1", "违建、传销、群租房等重大敏感事项不在群内公开细节，2 小时内私下答复，同时报街道。"),
    ("TSCL-6.1", "投诉处理规范", "6.1", "对工作人员的投诉由街道办理并私下答复；被投诉的人和他所在的社区不得经手，也看不到是谁投诉的。"),
    ("TSCL-5.4", "投诉处理规范", "5.4", "本人认为没有解决的，7 日内可以要求重办；重办以两次为限，此后由另一单位复核并给出最终答复。"),
    ("WYFW-4.2", "物业服务规范", "4.2", "电梯困人、漏水、停电等影响居住的报修，先安排人到场，再说明修复时间。"),
    ("XQHF-3.1", "小栖机器人智能回复规范", "3.1", "知道的立刻回答并注明来源；不知道的交给专人，不得含糊，不得不回。"),
]
DAILY = [
    # code, label, category, minutes of working time
    ("repair", "报修", "property", 960), ("sanitation", "卫生", "environment", 480),
    ("safety", "安全", "safety", 480), ("noise", "噪音", "environment", 480),
    ("parking", "停车", "traffic", 960), ("dispute", "纠纷", "culture", 1440),
    ("help", "求助", "welfare", 480), ("consult", "咨询", "welfare", 480),
]  # fmt: skip
SENSITIVE = [
    ("illegal_building", "违建", "municipal", 4800), ("pyramid_selling", "传销", "safety", 2400),
    ("group_rental", "群租房", "safety", 4800), ("vice", "黄赌毒", "safety", 2400), ("abuse", "家暴虐待", "safety", 960),
]  # fmt: skip
COMPLAINTS = [("complaint", "作风投诉", "welfare", 2400)]
TO_SORT = [("look", "待听待看", "welfare", 480), ("person", "找人工", "welfare", 480)]
#: matters of other procedures than a resident's word; nobody chooses them by hand when taking a word in
OTHER = [
    ("alarm", "感知告警", "safety", 480), ("data", "数据更正", "welfare", 2100), ("event", "突发事件", "safety", 480),
    ("opinion", "舆情", "culture", 960), ("item", "事项办理", "welfare", 2100), ("deputy", "代表意见", "municipal", 4200),
    ("message", "民情留言", "culture", 2100), ("watch", "督办督查", "welfare", 960),
]  # fmt: skip
#: these were first written as {"answer": …, "solve": …}; the form with steps is their second version
SECOND = ("group_appeal", "sensitive", "question", "complaint")


@transaction.atomic
def seed_standards() -> None:
    """Write what is missing; what an adopter has changed stays. Safe to run again."""
    Clause.objects.bulk_create(
        [Clause(code=c, document=d, number=n, text=t) for c, d, n, t in CLAUSES], ignore_conflicts=True
    )
    rows = [(row, "", True) for row in DAILY + TO_SORT] + [(row, "head", True) for row in SENSITIVE]
    rows += [(row, "street", True) for row in COMPLAINTS] + [(row, "", False) for row in OTHER]
    Kind.objects.bulk_create(
        [
            Kind(code=code, label=label, category=category, sensitive=first == "head", confidential=bool(first), first=first,
                 order=order, solve_minutes=minutes, solve_calendar="hours", listed=listed)
            for order, ((code, label, category, minutes), first, listed) in enumerate(rows)
        ],
        ignore_conflicts=True,
    )  # fmt: skip
    _seed_procedures()
    stamps.renew([selectors.STAMP])


def _seed_procedures() -> None:
    have: dict[str, int] = {}
    for code, version in Procedure.objects.values_list("code", "version"):
        have[code] = max(version, have.get(code, 0))
    for code, name, clause, data in PROCEDURES:
        version = 2 if code in SECOND else 1
        if have.get(code, 0) >= version:
            continue
        Procedure.objects.filter(code=code, state=Procedure.IN_FORCE).update(state=Procedure.SUPERSEDED)
        Procedure.objects.create(code=code, version=version, name=name, clause_code=clause, data=data, in_force_at=clock.now())
