"""States of an entry and the verbs that move it: written, read by a second person, served, no longer served."""

from enum import StrEnum

from linli.kernel.machine import Machine, Move


class EntryState(StrEnum):
    """Only what is in force is told to anybody."""

    DRAFT = "draft"
    REVIEW = "review"
    IN_FORCE = "in_force"
    EXPIRED = "expired"


S = EntryState
LABELS = {S.DRAFT: "草稿", S.REVIEW: "待审核", S.IN_FORCE: "正在用", S.EXPIRED: "不再用"}

MOVES = Machine(
    EntryState,
    {
        "submit_entry": Move(from_={S.DRAFT}, to=S.REVIEW),
        "return_entry": Move(from_={S.REVIEW}, to=S.DRAFT, needs={"words"}),
        "approve_entry": Move(from_={S.REVIEW}, to=S.IN_FORCE),
        "retire_entry": Move(from_={S.DRAFT, S.REVIEW, S.IN_FORCE}, to=S.EXPIRED),
        "expire_entry": Move(from_={S.IN_FORCE}, to=S.EXPIRED),
    },
)
