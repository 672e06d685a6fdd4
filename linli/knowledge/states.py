"""States of an entry and of a gap, and the verbs that move them."""

from enum import StrEnum

from linli.kernel.machine import Machine, Move


class EntryState(StrEnum):
    """Written, read by a second person, served, no longer served. Only what is in force is told to anybody."""

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


class GapState(StrEnum):
    """A question waits for its department, is answered, or needs no answer any more."""

    WAITING = "waiting"
    ANSWERED = "answered"
    CLOSED = "closed"


G = GapState
GAP_LABELS = {G.WAITING: "等部门答", G.ANSWERED: "答了", G.CLOSED: "不用答了"}

GAP_MOVES = Machine(
    GapState,
    {
        "word_gap": Move(from_={G.WAITING}, needs={"question"}),
        "move_gap": Move(from_={G.WAITING}, needs={"department", "words"}),
        "answer_gap": Move(from_={G.WAITING}, to=G.ANSWERED, needs={"words"}),
        "close_gap": Move(from_={G.WAITING}, to=G.CLOSED, needs={"words"}),
    },
)
