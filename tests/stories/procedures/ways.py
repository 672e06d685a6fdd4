"""The stories: for each procedure every way that it can go, told as moves (driver.Walk), and how it ends.

`test_ends` holds them against the data: an outcome that no story takes, or an end that none reaches, is a failing test.
"""

APPEAL = {
    "work:done rate:yes": "end/done",
    "work:done rate:silent": "end/done",
    "work:no rate:yes": "end/no",
    "work:not_ours rate:yes": "end/not_ours",
    "work:done rate:no work:done rate:no work:done rate:no review:final": "reviewed/reviewed",
}
POOL = {
    "claim:claimed work:done rate:yes": "end/done",
    "claim:claimed! work:no rate:silent": "end/no",
    "claim:claimed work:not_ours rate:yes": "end/not_ours",
    "claim:claimed work:done rate:no work:done rate:no work:done rate:no review:final": "reviewed/reviewed",
}
FOUND = {f"found:report verify:true {line}": end for line, end in POOL.items()} | {
    "found:spot": "end/done",
    "found:report verify:solved": "end/done",
    "found:report verify:untrue": "untrue/untrue",
}
WATCH = {"reply:said check:content": "end/done", "reply:said check:again reply:said check:content": "end/done"}

STORIES: dict[str, dict[str, str]] = {
    "group_appeal": APPEAL,
    "sensitive": APPEAL,
    "question": APPEAL,
    "complaint": APPEAL,
    # The two entries: staff put it into the pool at once, a helper solves it on the spot or has it verified.
    "pool": POOL | FOUND,
    "patrol": FOUND,
    "golden_eye": {
        "claim:claimed verify:true work:done rate:yes": "end/done",
        "claim:claimed! verify:true work:done rate:silent": "end/done",
        "claim:claimed verify:dispute ruling:true work:done rate:yes": "end/done",
        "claim:claimed verify:dispute ruling:untrue": "untrue/untrue",
        "claim:claimed verify:true work:done rate:no work:done rate:no work:done rate:no review:final": "reviewed/reviewed",
    },
    "early_warning": {
        **{f"assess:level{n} handle{n}:done inspect{n}:pass": "end/done" for n in (1, 2, 3)},
        **{f"assess:level{n} handle{n}:done inspect{n}:again handle{n}:done inspect{n}:pass": "end/done" for n in (1, 2, 3)},
        "assess:none": "untrue/untrue",
    },
    "deputies": {
        "assign:assign accept:accept work:A deputy:content rate:yes": "end/class_a",
        "assign:assign accept:accept! work:D deputy:silent! rate:silent": "end/class_d",
        "assign:assign accept:return assign:not_ours rate:yes": "end/not_ours",
        "assign:assign accept:accept work:A deputy:again work:A deputy:silent rate:yes": "end/class_a",
        # Once a year until it is solved.
        "assign:assign accept:accept work:B deputy_bc:content yearly:back! department:C deputy_bc:silent! yearly:back! "
        "department:A deputy:content rate:yes": "end/class_a",
        "assign:assign accept:accept work:C deputy_bc:again work:B deputy_bc:silent yearly:back department:B deputy_bc:content "
        "yearly:back! department:A deputy:content rate:yes": "end/class_a",
        "assign:assign accept:accept work:A deputy:content rate:no department:A deputy:content rate:no department:A deputy:content "
        "rate:no review:final": "reviewed/reviewed",
    },
    "hotline": {
        "work:done reply:copied rate:yes": "end/done",
        "work:refuse reply:copied rate:silent": "end/refused",
        "work:beyond reply:copied rate:yes": "end/beyond",
        "work:not_ours reply:copied rate:yes": "end/not_ours",
        "work:tried reply:copied rate:silent": "end/tried",
        "work:done reply:copied rate:no work:done reply:copied rate:no work:done reply:copied rate:no review:final": "reviewed/reviewed",
    },
    "repair": {
        "company:done rate:yes": "end/done",
        "company:contract decide:company company:done rate:yes": "end/done",
        "company:contract decide:ours work:done rate:yes": "end/done",
        "company:contract decide:ours work:no rate:yes": "end/no",
        "company:contract decide:ours work:not_ours rate:yes": "end/not_ours",
        "company:vote decide:no rate:yes": "end/no",
        "company:fund decide:fund wait_fund:later wait_fund:got company:done rate:yes": "end/done",
        "company:fund decide:fund wait_fund:no rate:silent": "end/no",
        "company:vote decide:vote wait_vote:later wait_vote:passed company:done rate:yes": "end/done",
        "company:vote decide:vote wait_vote:passed_fund wait_fund:got company:done rate:yes": "end/done",
        "company:vote decide:vote wait_vote:no rate:yes": "end/no",
        "company:done rate:no company:done rate:no company:done rate:no review:final": "reviewed/reviewed",
    },
    "message_board": {
        "moderate:show reply:public rate:yes": "end/done",
        "moderate:private reply:private rate:silent": "end/done",
        "moderate:show reply:company company:said reply:public rate:yes": "end/done",
        "moderate:show reply:company company:said! reply:not_ours rate:yes": "end/not_ours",
        "moderate:reject": "rejected/rejected",
        "moderate:show reply:public rate:no reply:public rate:no reply:public rate:no review:final": "reviewed/reviewed",
    },
    "correction": {
        "verify:wrong correct:done rate:yes": "end/done",
        "verify:right rate:yes": "end/no",
        "verify:dispute ruling:wrong correct:done rate:yes": "end/done",
        "verify:dispute ruling:right rate:silent": "end/no",
        "verify:right rate:no ruling:right rate:no review:final": "reviewed/reviewed",
    },
    "emergency": {"verify:true respond:held follow:done report:report": "end/done", "verify:untrue": "untrue/untrue"},
    "bad_opinion": {
        "assess:level1 act1:done objection:over!": "end/done",
        "assess:level2 act2:done objection:over": "end/done",
        "assess:level3 act3:done objection:objection ruling:upheld": "end/done",
        "assess:level3 act3:done objection:objection ruling:undone": "end/undone",
        "assess:none": "untrue/untrue",
    },
    "sensor": {
        "check:solved": "end/done",
        "check:untrue": "untrue/untrue",
        "check:true work:done": "end/done",
        "check:true work:no raised:done": "end/done",
        "check:true work:no raised:no": "end/no",
    },
    "item": {
        "check:whole decide:granted deliver:done rate:yes": "end/done",
        "check:missing materials:whole check:whole decide:refused rate:yes": "end/no",
        "check:missing materials:given_up rate:silent": "end/no",
        "check:visit appointment:came check:whole decide:granted deliver:done rate:yes": "end/done",
        "check:visit appointment:again appointment:given_up rate:yes": "end/no",
        "check:whole decide:missing materials:whole check:whole decide:granted deliver:done rate:yes": "end/done",
        "check:not_ours rate:yes": "end/not_ours",
        "check:not_ours rate:no check:not_ours rate:no review:final": "reviewed/reviewed",
    },
    "joint": {
        "lead:done rate:yes": "end/done",
        "lead:no rate:yes": "end/no",
        "lead:not_ours rate:silent": "end/not_ours",
        "lead:done rate:no lead:done rate:no lead:done rate:no review:final": "reviewed/reviewed",
    },
    "task": {"work:done": "end/done", "work:no": "end/no", "work:not_ours": "end/not_ours"},
    "supervision": WATCH,
    "inspection": WATCH,
}  # fmt: skip
