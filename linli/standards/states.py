"""States of a procedure's version, and the verbs that move it."""

from enum import StrEnum

from linli.kernel.machine import Machine, Move


class ProcedureState(StrEnum):
    """Written, read by a second person, used for new orders, replaced, taken out of use. Orders keep theirs for good."""

    DRAFT = "draft"
    REVIEW = "review"
    IN_FORCE = "in_force"
    SUPERSEDED = "superseded"
    WITHDRAWN = "withdrawn"


S = ProcedureState
LABELS = {S.DRAFT: "草稿", S.REVIEW: "待审核", S.IN_FORCE: "正在用", S.SUPERSEDED: "旧版", S.WITHDRAWN: "已撤下"}

# What approving does to the version before it (IN_FORCE → SUPERSEDED) happens inside approve_procedure.
PROCEDURE_MOVES = Machine(
    ProcedureState,
    {
        "change_procedure": Move(from_={S.DRAFT}),
        "submit_procedure": Move(from_={S.DRAFT}, to=S.REVIEW),
        "return_procedure": Move(from_={S.REVIEW}, to=S.DRAFT, needs={"words"}),
        "approve_procedure": Move(from_={S.REVIEW}, to=S.IN_FORCE),
        "withdraw_procedure": Move(from_={S.DRAFT, S.REVIEW, S.IN_FORCE}, to=S.WITHDRAWN),
    },
)
