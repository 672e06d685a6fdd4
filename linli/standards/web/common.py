"""What the pages of procedures share."""

from typing import Any

from django.http import HttpRequest

from linli.kernel.actors import Actor
from linli.kernel.errors import Forbidden
from linli.standards import access, selectors
from linli.standards.drawing import draw
from linli.standards.flow import Flow, Limit
from linli.standards.models import Procedure
from linli.standards.wording import from_until, how_long, rung_words, step_notes, who_words


def worker(request: HttpRequest) -> Actor:
    """The colleague who asks. Raises Forbidden for anybody else."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if actor.kind != "worker":
        raise Forbidden("请用工作人员的账号登录。", "not_staff")
    access.ask_read(actor)
    return actor


def page(actor: Actor, here: str, **more: Any) -> dict[str, Any]:
    """Context of every page; `here` is the branch of the tree that is open."""
    writing = Procedure.objects.filter(state__in=(Procedure.DRAFT, Procedure.REVIEW)).count()
    tree = [
        ("in_force", "正在用的", "/desk/procedures/", None), ("written", "在写的、待审的", "/desk/procedures/?state=written", writing),
        ("drawn", "画在一起看", "/desk/procedures/all/", None),
    ]  # fmt: skip
    return {
        "room": "standards", "tree_label": "流程", "tree": tree, "here": here, "writes": access.may(actor, "draft_procedure"), **more,
    }  # fmt: skip


def scale(request: HttpRequest) -> float:
    """How large the drawing is: words of 14 px, of 19 px in 长辈版."""
    return 1.36 if request.COOKIES.get("elder") == "1" else 1


def shown(request: HttpRequest, flow: Flow, calendars: dict[str, str]) -> dict[str, Any]:
    """A flow for the page: its drawing, and the same in words."""
    clauses = selectors.clauses()

    def clause(code: str) -> str:
        found = clauses.get(code)
        return f"{found.document} {found.number}" if found else code

    def of_limit(limit: Limit) -> dict[str, Any]:
        step = flow.steps.get(limit.code)
        return {
            "label": limit.label, "long": how_long(limit, calendars), "when": from_until(flow, limit), "clause": clause(limit.clause),
            "rungs": [rung_words(r, step) for r in limit.ladder],
        }  # fmt: skip

    own = {x.code: of_limit(x) for x in flow.limits.values() if x.code in flow.steps}
    return {
        "drawing": draw(flow, calendars, scale(request)),
        "limits": [of_limit(x) for x in flow.limits.values() if x.code not in flow.steps],
        "steps": [
            {"code": s.code, "label": s.label, "who": who_words(s), "limit": own.get(s.code), "notes": step_notes(s), "clause": clause(s.clause),
             "outs": [(o.label, flow.steps[o.to].label if o.to in flow.steps else "") for o in s.outcomes]}
            for s in flow.steps.values()
        ],
    }  # fmt: skip
