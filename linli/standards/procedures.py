"""The procedures that every district starts with (orders.md, table of procedures), written as the data they are. A street
changes them at the desk; what it changed stays. Limits and people follow the clauses named beside them."""

from linli.standards.flow import APPOINTMENT, FINDER
from linli.standards.parts import (
    AGAIN,
    DAY,
    DISTRICT,
    END,
    FREE,
    HOUR,
    LADDER,
    LADDER_UP,
    OFFICE_DAY,
    SECTION,
    UNTRUE,
    Data,
    limit,
    out,
    over,
    rate,
    results,
    review,
    step,
)


def appeal(ladder: list, clause: str) -> Data:
    """Two clocks from the opening: answered by whoever is on duty, solved by the time of its kind."""
    return {
        "first": "work",
        "limits": [
            over("answer", "答复", "open", "answer", amount=2 * HOUR, calendar="clock", ladder=ladder, clause=clause),
            over("solve", "办结", "open", "handle", ladder=ladder, clause=clause),
        ],
        "steps": [step("work", "办理", "task", *results(), who="place"), rate(), *review(), END],
        "again": AGAIN,
    }  # fmt: skip


POOL_OPENERS = [
    "grid_worker", "line_worker", "grid_helper", "grid_manager", "community_head", "street_section", "centre", "front_desk", "duty_officer",
]
#: whoever is on the street sees something: also who collects data, inspects, guards, or looks after the buildings (C17)
PATROLS = [*POOL_OPENERS, "collector", "grid_guide", "department", "property", "stability_centre"]


def pool(first: str) -> Data:
    """问题流转 (C7, C8): staff put a problem into the pool; a helper solves it on the spot or has it verified first."""
    claim_limit = limit(DAY, "clock", [[80, "community_head"], [100, "centre"], [100, "holder", "dispatch"]], "WTLZ-3.2")
    return {
        "first": first,
        "entries": {"grid_helper": "found"} if first == "claim" else {},
        "open_by": POOL_OPENERS if first == "claim" else PATROLS,
        "limits": [
            over("idle", "动手", "step:work", "touch", amount=OFFICE_DAY, calendar="hours", clause="WTLZ-3.4",
                 ladder=[[80, "holder"], [100, "centre", "take_back"]]),
            over("solve", "办结", "accept", "handle", ladder=LADDER, clause="WTLZ-3.3"),
        ],
        "steps": [
            step("found", "现场处置", "task",
                 out("spot", "当场解决了", "end", told=True, ending="done"),
                 out("report", "上报核实", "verify"),
                 who="opener", limit=limit(DAY, "clock", [[80, "responsible"], [100, "community_head"]], "WTLZ-2.1")),
            step("verify", "核实录入", "task",
                 out("true", "属实，进入流转", "claim"),
                 out("solved", "已经解决", "end", told=True, ending="done"),
                 out("untrue", "不属实", "untrue", told=True, ending="untrue"),
                 who="manager", limit=limit(OFFICE_DAY, "hours", [[80, "responsible"], [100, "community_head"]], "WTLZ-2.2")),
            step("claim", "待领办", "claim", out("claimed", "领办", "work", FREE), cap=10, limit=claim_limit,
                 clause="WTLZ-3.2", roles=["grid_worker", "line_worker", "street_section", "community_head"]),
            step("work", "办理", "task", *results(), who="claimer", clause="WTLZ-3.3"),
            rate(), *review(), UNTRUE, END,
        ],
        "again": AGAIN,
    }  # fmt: skip


GOLDEN_EYE: Data = {
    "first": "claim",
    "open_by": ["golden_eye", "grid_worker", "department", "centre"],
    "limits": [
        over("verified", "到场核实", "accept", "step:verify", amount=DAY, calendar="clock", ladder=LADDER, clause="HJY-3.2"),
        over("solve", "办结", "accept", "handle", amount=2 * DAY, calendar="clock", ladder=LADDER, clause="HJY-3.3"),
    ],
    "steps": [
        step("claim", "待社区领办", "claim", out("claimed", "领办", "verify", FREE), clause="HJY-3.1",
             roles=["grid_worker", "community_head"],
             limit=limit(4 * HOUR, "clock", [[80, "community_head"], [100, "community_head", "dispatch"]], "HJY-3.1")),
        step("verify", "到场核实", "task",
             out("true", "属实，开始整改", "work", "words", "photo"),
             out("dispute", "不属实，提出异议", "ruling", "words", within=[DAY, "clock"]),
             who="claimer", clause="HJY-3.2"),
        step("ruling", "街道科室裁定", "task",
             out("true", "裁定属实，继续办理", "work"),
             out("untrue", "裁定不属实，作废", "untrue", told=True, ending="untrue"),
             who="section", pauses=True, clause="HJY-3.4", limit=limit(1, "days", SECTION, "HJY-3.4")),
        step("work", "整改", "task", out("done", "整改好了", "rate", "words", "photo", told=True, ending="done"),
             who="same", clause="HJY-3.3"),
        rate(), *review(), UNTRUE, END,
    ],
    "again": AGAIN,
    "scores": {"on": False, "rows": [
        {"on": "outcome:verify:true", "points": -2, "clause": "HJY-5.1"}, {"on": "outcome:ruling:true", "points": -2, "clause": "HJY-5.1"},
        {"on": "late:claim", "points": -1, "clause": "HJY-5.2"},
        {"on": "late:verified", "points": -1, "clause": "HJY-5.2"}, {"on": "late:solve", "points": -2, "clause": "HJY-5.2"},
        {"on": "reopen", "points": -1, "clause": "HJY-5.3"},
        {"on": "outcome:verify:true", "points": 2, "clause": "HJY-5.5", "to": FINDER}, {"on": "outcome:ruling:true", "points": 2, "clause": "HJY-5.5", "to": FINDER},
    ]},
}  # fmt: skip

EARLY_WARNING: Data = {
    "first": "assess",
    "open_by": ["grid_worker", "line_worker", "grid_manager", "community_head", "stability_centre", "centre"],
    "limits": [],
    "steps": [
        step("assess", "综治中心研判定级", "assess",
             out("level1", "一级预警", "handle1"), out("level2", "二级预警", "handle2"), out("level3", "三级预警", "handle3"),
             out("none", "不构成预警", "untrue", ending="untrue"),
             who="stability_centre", clause="YJ-2.1", matrix=[[3, 3, 2], [3, 2, 1], [2, 1, 1]],
             limit=limit(4 * HOUR, "clock", SECTION, "YJ-2.1")),
        *[
            step(f"handle{level}", f"{name}处置", "task", out("done", "处置完毕", f"inspect{level}", ending="done"), who=who,
                 clause=f"YJ-3.{level}", limit=limit(amount, calendar, ladder, f"YJ-3.{level}"))
            for level, name, who, amount, calendar, ladder in (
                (1, "一级", "street", DAY, "clock", [[50, "responsible"], [80, "stability_centre"], [100, "district"]]),
                (2, "二级", "section", 3, "days", [[80, "responsible"], [100, "street"], [150, "district"]]),
                (3, "三级", "head", 7, "days", [[80, "responsible"], [100, "section"], [150, "street"]]),
            )
        ],
        *[
            step(f"inspect{level}", "督查核验", "task", out("pass", "核验通过", "end", result=True, ending="done"),
                 out("again", "处置不到位，重新处置", f"handle{level}"), who="guide", clause="YJ-4.1",
                 limit=limit(3, "days", [[80, "responsible"], [100, "stability_centre"]], "YJ-4.1"))
            for level in (1, 2, 3)
        ],
        UNTRUE, END,
    ],
}  # fmt: skip

DEPUTIES: Data = {
    "first": "assign",
    "open_by": ["deputy", "district_body", "centre"],
    "limits": [],
    "steps": [
        step("assign", "代表意见交办", "task", out("assign", "交给承办单位", "accept", "words", "person"),
             out("not_ours", "不属于本区职权", "rate", "words", "law", told=True, ending="not_ours"),
             who="district", clause="DB-2.1", limit=limit(5, "days", DISTRICT, "DB-2.1")),
        step("accept", "承办单位受理", "task", out("accept", "受理", "work"),
             out("return", "不属于本单位，退回", "assign", "words", "law", within=[7, "days"]),
             who="named", clause="DB-2.2",
             limit=limit(7, "days", [[80, "responsible"], [100, "responsible", "pass", "accept"]], "DB-2.2")),
        step("work", "办理答复", "task",
             out("A", "A 类：已经解决", "deputy", told=True, result=True, ending="class_a"),
             out("B", "B 类：列入计划，逐步解决", "deputy_bc", told=True, ending="class_b"),
             out("C", "C 类：条件所限，留作下年再办", "deputy_bc", told=True, ending="class_c"),
             out("D", "D 类：留作参考", "deputy", told=True, result=True, ending="class_d"),
             who="same", clause="DB-3.1", limit=limit(90 * DAY, "clock", DISTRICT, "DB-3.1")),
        step("deputy", "代表评价", "task", out("content", "代表满意", "rate"), out("again", "代表不满意，重新办理", "work"),
             out("silent", "代表未评价", "rate", FREE), who="deputy", clause="DB-4.1",
             limit=limit(15, "days", [[80, "responsible"], [100, "district", "pass", "silent"]], "DB-4.1")),
        step("deputy_bc", "代表评价（跟踪件）", "task", out("content", "代表同意", "yearly"), out("again", "代表不满意，重新办理", "work"),
             out("silent", "代表未评价", "yearly", FREE), who="deputy", clause="DB-4.1",
             limit=limit(15, "days", [[80, "responsible"], [100, "district", "pass", "silent"]], "DB-4.1")),
        step("yearly", "一年后再办", "wait", out("back", "到期再办", "department", FREE), who="same", clause="DB-4.2",
             limit=limit(365 * DAY, "clock", [[95, "district"], [100, "district", "pass", "back"]], "DB-4.2")),
        step("department", "承办单位再办", "task",
             out("A", "A 类：已经解决", "deputy", told=True, result=True, ending="class_a"),
             out("B", "B 类：列入计划，逐步解决", "deputy_bc", told=True, ending="class_b"),
             out("C", "C 类：条件所限，留作下年再办", "deputy_bc", told=True, ending="class_c"),
             who="department", clause="DB-4.2", limit=limit(90 * DAY, "clock", DISTRICT, "DB-3.1")),
        rate(30), *review(), END,
    ],
    "again": {"to": "department", "at_most": 2, "then": "review"},
}  # fmt: skip

HOTLINE: Data = {
    "first": "work",
    "open_by": ["centre", "front_desk"],
    "limits": [
        over("answer", "联系诉求人", "open", "answer", amount=DAY, calendar="clock", ladder=LADDER, clause="RX-2.1"),
        over("solve", "办结", "open", "step:reply", ladder=LADDER, clause="RX-2.2"),
    ],
    "steps": [
        step("work", "办理", "task",
             out("done", "办好了", "reply", told=True, result=True, ending="done"),
             out("refuse", "依法不予受理", "reply", "words", "law", told=True, result=True, second=True, ending="refused"),
             out("beyond", "超出职权", "reply", "words", "law", told=True, result=True, second=True, ending="beyond"),
             out("not_ours", "转有权单位", "reply", "words", "law", told=True, result=True, second=True, ending="not_ours"),
             out("tried", "已尽责，诉求人仍不满意", "reply", told=True, result=True, second=True, ending="tried"),
             who="place", clause="RX-2.2"),
        step("reply", "回填热线", "task", out("copied", "已回填", "rate", FREE), who="centre", clause="RX-2.3",
             limit=limit(4 * HOUR, "clock", [[80, "responsible"], [100, "centre"]], "RX-2.3")),
        rate(), *review(), END,
    ],
    "again": AGAIN,
}  # fmt: skip

REPAIR: Data = {
    "first": "company",
    "open_by": ["grid_worker", "line_worker", "community_head", "front_desk", "duty_officer", "centre", "property"],
    "limits": [
        over("answer", "答复", "open", "answer", amount=2 * HOUR, calendar="clock", ladder=LADDER, clause="WYFW-4.2"),
        over("solve", "修好", "open", "handle", ladder=LADDER, clause="WYFW-4.2"),
    ],
    "steps": [
        step("company", "物业维修", "task",
             out("done", "修好了", "rate", told=True, ending="done"),
             out("contract", "不在合同内，退回", "decide", "words", "paper", within=[1, "days"]),
             out("fund", "要用维修资金，退回", "decide", "words", "paper", within=[1, "days"]),
             out("vote", "要业主表决，退回", "decide", "words", "paper", within=[1, "days"]),
             who="property", clause="WYFW-4.2"),
        step("decide", "社区决定", "task",
             out("company", "仍由物业修", "company"), out("ours", "社区来办", "work"),
             out("fund", "申请维修资金", "wait_fund", "words", "date", told=True),
             out("vote", "组织业主表决", "wait_vote", "words", "date", told=True),
             out("no", "修不了，如实说明", "rate", told=True, ending="no"),
             who="head", pauses=True, clause="WYFW-4.5", limit=limit(1, "days", [[80, "responsible"], [100, "street"]], "WYFW-4.5")),
        step("wait_fund", "等维修资金", "wait", out("got", "资金到位，开始维修", "company"),
             out("later", "还要再等", "wait_fund", "words", "date", told=True),
             out("no", "资金没批，如实说明", "rate", told=True, ending="no"), who="same", clause="WYFW-4.6"),
        step("wait_vote", "等业主表决", "wait", out("passed", "表决通过，开始维修", "company"),
             out("passed_fund", "表决通过，等维修资金", "wait_fund", "words", "date", told=True),
             out("later", "还要再等", "wait_vote", "words", "date", told=True),
             out("no", "表决没通过，如实说明", "rate", told=True, ending="no"), who="same", clause="WYFW-4.6"),
        step("work", "社区办理", "task", *results(), who="place"),
        rate(), *review(), END,
    ],
    "again": {"to": "company", "at_most": 2, "then": "review"},
}  # fmt: skip

MESSAGE_BOARD: Data = {
    "first": "moderate",
    "open_by": ["line_worker", "community_head", "front_desk"],
    "limits": [
        over("answer", "答复", "open", "answer", amount=5, calendar="days", ladder=LADDER, clause="MQ-2.3"),
        over("solve", "办结", "open", "handle", amount=10, calendar="days", ladder=LADDER, clause="MQ-2.3"),
    ],
    "steps": [
        step("moderate", "分拣审看", "task",
             out("show", "可以公开，转条线", "reply", FREE, shows=True), out("private", "不公开，转条线", "reply", FREE),
             out("reject", "不能刊登，说明原因", "rejected", told=True, ending="rejected"),
             who="head", clause="MQ-2.1", limit=limit(OFFICE_DAY, "hours", LADDER, "MQ-2.1")),
        step("reply", "条线答复", "task",
             out("public", "公开答复", "rate", told=True, shows=True, ending="done"),
             out("private", "私下答复", "rate", told=True, ending="done"),
             out("company", "请物业说明", "company"),
             out("not_ours", "归别的单位管", "rate", told=True, ending="not_ours"),
             who="line", clause="MQ-2.2"),
        step("company", "物业说明", "task", out("said", "说明如上", "reply", shows=True), who="property", pauses=True, clause="MQ-2.4",
             limit=limit(2, "days", [[80, "responsible"], [100, "community_head", "pass", "said"]], "MQ-2.4")),
        rate(), *review(),
        {"code": "rejected", "label": "未刊登", "type": "end", "ending": "rejected", "outcomes": []}, END,
    ],
    "again": {"to": "reply", "at_most": 2, "then": "review"},
}  # fmt: skip

CORRECTION: Data = {
    "first": "verify",
    "open_by": ["grid_worker", "line_worker", "grid_helper", "grid_manager", "collector", "front_desk", "community_head", "centre"],
    "limits": [],
    "steps": [
        step("verify", "核实", "task", out("wrong", "确实有误", "correct"), out("right", "数据没错", "rate", told=True, ending="no"),
             out("dispute", "本人有异议", "ruling"), who="place", clause="SJ-3.1", limit=limit(3, "days", LADDER, "SJ-3.1")),
        step("ruling", "街道科室核定", "task", out("wrong", "核定有误", "correct"),
             out("right", "核定没错", "rate", told=True, ending="no"), who="section", clause="SJ-3.3",
             limit=limit(5, "days", SECTION, "SJ-3.3")),
        step("correct", "更正", "task", out("done", "已经更正", "rate", told=True, ending="done"), who="manager", clause="SJ-3.2",
             limit=limit(2, "days", LADDER, "SJ-3.2")),
        rate(), *review(), END,
    ],
    "again": {"to": "ruling", "at_most": 1, "then": "review"},
}  # fmt: skip

EMERGENCY: Data = {
    "first": "verify",
    "open_by": ["grid_worker", "line_worker", "grid_manager", "community_head", "duty_officer", "centre", "department", "street_section"],
    "limits": [
        over("answer", "发布进展", "open", "answer", amount=HOUR, calendar="clock", clause="TF-3.2",
             ladder=[[50, "holder"], [80, "street"], [100, "district"]]),
    ],
    "steps": [
        step("verify", "核实报告", "task", out("true", "属实，启动处置", "respond"), out("untrue", "不属实", "untrue", told=True, ending="untrue"),
             who="place", clause="TF-3.1", limit=limit(30, "clock", [[50, "holder"], [100, "street"], [200, "district"]], "TF-3.1")),
        step("respond", "现场处置", "task", out("held", "险情控制住了", "follow", told=True), who="street", clause="TF-3.3",
             limit=limit(DAY, "clock", [[50, "responsible"], [100, "district"]], "TF-3.3")),
        step("follow", "善后和查明原因", "task", out("done", "善后完成", "report", told=True, result=True, ending="done"), who="same",
             clause="TF-4.1", limit=limit(7, "days", SECTION, "TF-4.1")),
        step("report", "总结报告", "task", out("report", "报告完成", "end", "progress", "cause", "response", "follow_up", "paper"), who="same", clause="TF-4.2",
             limit=limit(15, "days", SECTION, "TF-4.2")),
        UNTRUE, END,
    ],
}  # fmt: skip

BAD_OPINION: Data = {
    "first": "assess",
    "open_by": ["grid_worker", "community_head", "centre", "stability_centre"],
    "confidential": True,
    "limits": [],
    "steps": [
        step("assess", "研判", "assess",
             out("level1", "一级：报街道牵头处置", "act1"), out("level2", "二级：社区书记出面说明", "act2"),
             out("level3", "三级：群主提醒", "act3"), out("none", "正常意见，不处置", "untrue", ending="untrue"),
             who="head", clause="YQ-2.1", matrix=[[3, 3, 2], [3, 2, 1], [2, 1, 1]], limit=limit(2 * HOUR, "clock", SECTION, "YQ-2.1")),
        step("act1", "街道牵头处置", "task", out("done", "处置完毕", "objection", told=True), who="street", clause="YQ-3.1",
             limit=limit(DAY, "clock", [[80, "responsible"], [100, "district"]], "YQ-3.1")),
        step("act2", "社区出面说明", "task", out("done", "说明完毕", "objection", told=True), who="head", clause="YQ-3.2",
             limit=limit(DAY, "clock", [[80, "responsible"], [100, "street"]], "YQ-3.2")),
        step("act3", "群主提醒", "task", out("done", "提醒完毕", "objection", told=True), who="place", clause="YQ-3.3",
             limit=limit(OFFICE_DAY, "hours", LADDER, "YQ-3.3")),
        step("objection", "等当事人意见", "wait", out("objection", "当事人有异议", "ruling"), out("over", "没有异议", "end", FREE, result=True, ending="done"),
             who="same", clause="YQ-4.1",
             limit=limit(3, "days", [[80, "responsible"], [100, "responsible", "pass", "over"]], "YQ-4.1")),
        step("ruling", "另一单位复核", "review", out("upheld", "处置得当", "end", told=True, ending="done"),
             out("undone", "处置不当，撤回", "end", told=True, ending="undone"), who="other_body", clause="YQ-4.2",
             limit=limit(5, "days", SECTION, "YQ-4.2")),
        UNTRUE, END,
    ],
}  # fmt: skip

SENSOR: Data = {
    "first": "check",
    "open_by": ["grid_worker", "community_head", "front_desk", "duty_officer", "centre"],
    "way": "sensor",
    "limits": [],
    "steps": [
        step("check", "到场查看", "task", out("true", "确有情况", "work"), out("solved", "当场排除", "end", ending="done"),
             out("untrue", "误报", "untrue", ending="untrue"), who="place", clause="GZ-2.1",
             limit=limit(30, "clock", [[50, "holder"], [100, "community_head"], [200, "street"]], "GZ-2.1")),
        step("work", "处置", "task", out("done", "处置完毕", "end", ending="done"), out("no", "本社区办不了，说明原因", "raised"),
             who="same", clause="GZ-2.2", limit=limit(DAY, "clock", LADDER, "GZ-2.2")),
        step("raised", "街道科室处置", "task", out("done", "处置完毕", "end", ending="done"),
             out("no", "办不了，如实说明", "end", ending="no"), who="section", clause="GZ-2.3", limit=limit(3, "days", SECTION, "GZ-2.3")),
        UNTRUE, END,
    ],
}  # fmt: skip

ITEM: Data = {
    "first": "check",
    "open_by": ["front_desk", "line_worker", "grid_worker"],
    "limits": [],
    "steps": [
        step("check", "收件核对", "task", out("whole", "材料齐全，受理", "decide", FREE),
             out("missing", "材料不全，一次告知", "materials", "words", "date", told=True),
             out("visit", "约到窗口来办", APPOINTMENT, "words", "date", told=True),
             out("not_ours", "不属于本处办理", "rate", "words", "law", told=True, ending="not_ours"),
             who="front_desk", clause="SX-2.1", limit=limit(1, "days", LADDER, "SX-2.1")),
        step(APPOINTMENT, "等约好的日子", "wait", out("came", "人来了，接着核对", "check", FREE),
             out("again", "改约", APPOINTMENT, "words", "date", told=True),
             out("given_up", "申请人不办了", "rate", told=True, ending="no"), who="same", clause="SX-1.3"),
        step("materials", "等申请人补材料", "wait", out("whole", "材料补齐", "check", FREE),
             out("given_up", "申请人不办了", "rate", told=True, ending="no"), who="same", clause="SX-2.2"),
        step("decide", "审核决定", "task", out("granted", "同意", "deliver", told=True), out("refused", "不同意，说明依据", "rate", "words", "law", told=True, ending="no"),
             out("missing", "还缺材料", "materials", "words", "date", told=True),
             who="section", clause="SX-2.3", limit=limit(5, "days", SECTION, "SX-2.3")),
        step("deliver", "送达", "task", out("done", "办好送达", "rate", told=True, ending="done"), who="front_desk", clause="SX-2.4",
             limit=limit(1, "days", LADDER, "SX-2.4")),
        rate(), *review(), END,
    ],
    "again": {"to": "check", "at_most": 1, "then": "review"},
}  # fmt: skip

JOINT: Data = {
    "first": "lead",
    "open_by": ["street_leader", "street_section", "centre", "district_body", "community_head"],
    "limits": [
        over("answer", "答复", "open", "answer", amount=1, calendar="days", ladder=SECTION, clause="XT-2.1"),
        over("solve", "办结", "open", "handle", ladder=SECTION, clause="XT-2.2"),
    ],
    "steps": [
        step("lead", "牵头办理", "task", *results(children=True), who="section", clause="XT-2.2"), rate(), *review(), END,
    ],
    "again": {"to": "lead", "at_most": 2, "then": "review"},
}  # fmt: skip

TASK: Data = {
    "first": "work",
    "limits": [],
    "steps": [
        step("work", "协办", "task", out("done", "办好了", "end", ending="done"), out("no", "办不了，说明原因", "end", ending="no"),
             out("not_ours", "不归我们管，说明归谁", "end", "words", "law", ending="not_ours"), who="named", clause="XT-2.3",
             limit=limit(3, "days", [[80, "responsible"], [100, "opener"], [150, "street"]], "XT-2.3")),
        END,
    ],
}  # fmt: skip


def watch(label: str, clause: str) -> Data:
    """An order on an order: answered by whoever has that one, closed by who issued it."""
    return {
        "first": "reply",
        "limits": [],
        "steps": [
            step("reply", f"{label}答复", "task", out("said", "已答复", "check"), who="parent", clause=clause,
                 limit=limit(2, "days", [[80, "responsible"], [100, "opener"], [150, "street"]], clause)),
            step("check", "发起人查看", "task", out("content", "可以了，销号", "end", ending="done", result=True),
                 out("again", "不行，再答复", "reply"), who="opener", clause=clause,
                 limit=limit(3, "days", [[80, "responsible"], [100, "opener"]], clause)),
            END,
        ],
    }  # fmt: skip


PROCEDURES: list[tuple[str, str, str, Data]] = [
    ("group_appeal", "群诉求", "WXQ-4.2", appeal(LADDER, "WXQ-4.2")),
    ("sensitive", "重大敏感", "TSCL-5.1", appeal(LADDER, "TSCL-5.1") | {"confidential": True}),
    ("question", "居民提问", "XQHF-3.1", appeal(LADDER, "XQHF-3.1")),
    ("complaint", "作风投诉", "TSCL-6.1", appeal(LADDER_UP, "TSCL-6.1") | {"confidential": True}),
    ("pool", "问题流转", "WTLZ-3.1", pool("claim")),
    ("patrol", "巡查上报", "WTLZ-2.1", pool("found")),
    ("golden_eye", "黄金眼", "HJY-3.1", GOLDEN_EYE),
    ("early_warning", "三级预警", "YJ-2.1", EARLY_WARNING),
    ("deputies", "人大代表工作", "DB-2.1", DEPUTIES),
    ("hotline", "12345 转办", "RX-2.2", HOTLINE),
    ("repair", "物业报修", "WYFW-4.2", REPAIR),
    ("message_board", "民情留言", "MQ-2.1", MESSAGE_BOARD),
    ("correction", "数据更正", "SJ-3.1", CORRECTION),
    ("emergency", "突发事件", "TF-3.1", EMERGENCY),
    ("bad_opinion", "不良舆论处置", "YQ-2.1", BAD_OPINION),
    ("sensor", "感知预警", "GZ-2.1", SENSOR),
    ("item", "事项办理", "SX-2.1", ITEM),
    ("joint", "协同办理", "XT-2.1", JOINT),
    ("task", "协办任务", "XT-2.3", TASK),
    ("supervision", "督办", "DC-2.1", watch("督办", "DC-2.1")),
    ("inspection", "督查", "DC-2.2", watch("督查", "DC-2.2")),
]
