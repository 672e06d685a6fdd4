"""Small procedures drawn at random, valid or not, with every field that a procedure has."""

from hypothesis import strategies as st

from linli.kernel.roles import Role
from linli.standards.flow import ACTS, ENDINGS, FROM, NEEDS, UNTIL, WHO, WHOM

WORDS = st.text("办查看修剪树木核实送ABc3<&\"'", min_size=1, max_size=8)
CALENDARS = {"clock": "clock", "hours": "hours", "days": "days"}
CLAUSE = st.sampled_from(["", "WXQ-4.2", "HJY-3.1"])
ROLES = st.lists(st.sampled_from(["grid_worker", "line_worker", "street_section", Role.CENTRE.value]), unique=True, max_size=3)


@st.composite
def ladders(draw, outcomes):
    percents = sorted(draw(st.lists(st.sampled_from([20, 50, 80, 95, 100, 120, 150, 300]), min_size=1, max_size=3)))
    rows = []
    for percent in percents:
        act = draw(st.sampled_from(list(ACTS)))
        rows.append([percent, draw(st.sampled_from(list(WHOM))), act, draw(st.sampled_from(outcomes)) if act == "pass" and outcomes else ""])
    return rows


@st.composite
def limits(draw, outcomes=()):
    if draw(st.integers(0, 4)) == 0:
        return {"amount": 0, "calendar": "", "by_kind": True, "clause": draw(CLAUSE), "ladder": draw(ladders(list(outcomes)))}
    calendar = draw(st.sampled_from(list(CALENDARS)))
    amount = draw(st.integers(1, 40)) * (1 if calendar == "days" else draw(st.sampled_from([1, 60, 1440])))
    return {"amount": amount, "calendar": calendar, "by_kind": False, "clause": draw(CLAUSE), "ladder": draw(ladders(list(outcomes)))}


@st.composite
def outcomes(draw, n, targets):
    row = {
        "code": f"o{n}", "label": draw(WORDS), "to": draw(st.sampled_from(targets)),
        "needs": draw(st.lists(st.sampled_from(list(NEEDS)), unique=True)), "ending": draw(st.sampled_from(["", *ENDINGS])),
    }  # fmt: skip
    row |= {name: draw(st.booleans()) for name in ("told", "result", "second", "children", "shows")}
    if draw(st.booleans()):
        row["within"] = [draw(st.integers(1, 99)), draw(st.sampled_from(list(CALENDARS)))]
    return row


@st.composite
def steps(draw, code, type_, targets):
    row = {"code": code, "label": draw(WORDS), "type": type_, "clause": draw(CLAUSE)}
    if type_ == "end":
        return row | {"ending": draw(st.sampled_from(["", "void", "done"]))}
    row["outcomes"] = [draw(outcomes(n, targets)) for n in range(draw(st.integers(0, 3)))]
    if type_ == "claim":
        row |= {"roles": draw(ROLES), "cap": draw(st.integers(0, 20))}
    elif type_ == "rate":
        return row | {"days": draw(st.integers(1, 60))}
    else:
        row |= {"who": draw(st.sampled_from(list(WHO))), "pauses": draw(st.booleans())}
    if type_ == "assess":
        row["matrix"] = draw(st.lists(st.lists(st.integers(1, 3), min_size=3, max_size=3), min_size=3, max_size=3))
    if draw(st.booleans()):
        row["limit"] = draw(limits([o["code"] for o in row["outcomes"]]))
    return row


@st.composite
def procedures(draw):
    """A procedure in its stored form."""
    types = draw(st.lists(st.sampled_from(["task", "claim", "assess", "wait", "review", "rate"]), min_size=1, max_size=4))
    codes = [f"s{n}" for n in range(len(types))] + ["end"]
    rows = [draw(steps(code, type_, codes)) for code, type_ in zip(codes, [*types, "end"], strict=True)]
    moments = [f"step:{c}" for c in codes]
    whole = [
        draw(limits()) | {"code": f"l{n}", "label": draw(WORDS), "starts": draw(st.sampled_from([*FROM, *moments])),
                          "until": draw(st.sampled_from([*UNTIL, *moments]))}
        for n in range(draw(st.integers(0, 2)))
    ]  # fmt: skip
    entries = draw(st.dictionaries(st.sampled_from(["grid_helper", "grid_worker"]), st.sampled_from(codes), max_size=2))
    scores = draw(st.lists(st.fixed_dictionaries({"on": st.sampled_from(["reopen", "late:s0"]), "points": st.integers(-9, 9), "clause": CLAUSE}, optional={"to": st.just("finder")}), max_size=2))
    return {
        "first": draw(st.sampled_from(codes)), "open_by": draw(ROLES), "entries": entries,
        "confidential": draw(st.booleans()), "way": draw(st.sampled_from(["", "staff"])), "steps": rows, "limits": whole,
        "again": {"to": draw(st.sampled_from(["", *codes])), "at_most": draw(st.integers(0, 3)), "then": draw(st.sampled_from(["", *codes]))},
        "scores": {"on": bool(scores) and draw(st.booleans()), "rows": scores},
    }  # fmt: skip
