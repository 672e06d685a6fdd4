"""A street's own procedure, 树木修剪, as somebody would write it: two steps with limits, a branch, an escalation."""

from linli.standards import actions, form
from linli.standards.flow import parse, plain
from linli.standards.parts import limit, out, step


def text(name="树木修剪", **changes):
    """What the form sends for it."""
    data = form.new()
    look = step(
        "s1", "现场查看", "task", out("trim", "要修剪", "s2"), out("done", "不用修剪", "rate", told=True, ending="done"), who="place",
        limit=limit(240, "hours", [[80, "responsible"], [100, "community_head"], [150, "street", "raise"]]),
    )  # fmt: skip
    trim = step(
        "s2", "修剪", "task", out("done", "修好了", "rate", "words", "photo", told=True, ending="done"), who="section",
        limit=limit(3, "days", [[80, "responsible"], [100, "street"]]),
    )  # fmt: skip
    data["steps"] = [look, trim, *data["steps"][1:]]
    own = plain(parse(data)) | {"kind": {"label": name, "category": "environment"}}
    return actions.Text(name=name, data=own | changes)


def trees(cast, **changes):
    """It is in force: written by the centre, approved by the street's leader."""
    made = actions.draft_procedure(by=cast.actor("yu_tao"), text=text(**changes))
    actions.submit_procedure(by=cast.actor("yu_tao"), procedure_id=made.id)
    return actions.approve_procedure(by=cast.actor("cao_wei"), procedure_id=made.id)
