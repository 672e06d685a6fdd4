"""Plans by kind of emergency (clause TF-1.1), as clauses of the library: a district rewrites them like any clause. One thing
stands on each line, headed by the label of its step ("现场处置：…"), or by 又叫, which lists the words it is known by."""

from dataclasses import dataclass

from linli.standards import shelf
from linli.standards.documents import ClauseText

DOCUMENT, CHAPTER, ALSO = "TF", "分类预案", "又叫"


@dataclass(frozen=True, slots=True)
class Plan:
    """`code`: its clause (TF-5.1). `also`: words that people use. `lines`: (head, words) in their order, without 又叫;
    `limits`: its times in words (到场 15 分钟)."""

    code: str
    title: str
    also: tuple[str, ...]
    lines: tuple[tuple[str, str], ...]
    limits: tuple[str, ...]

    def of_step(self, label: str) -> str:
        """What the plan says of a step; "" for nothing."""
        return next((words for head, words in self.lines if head == label), "")

    def beside(self, steps: set[str]) -> list[tuple[str, str]]:
        """The lines that hold at every step: those that no step heads."""
        return [line for line in self.lines if line[0] not in steps]


def read(clause: ClauseText) -> Plan:
    """From the text of its clause."""
    rows = [line.partition("：") for line in clause.text.splitlines() if line.strip()]
    lines = [(head.strip(), words.strip()) if colon else ("", head.strip()) for head, colon, words in rows]
    also = next((words for head, words in lines if head == ALSO), "")
    return Plan(
        f"{DOCUMENT}-{clause.number}", clause.title, tuple(w for w in also.split("、") if w),
        tuple(line for line in lines if line[0] != ALSO), tuple(f"{v.label} {v.words}" for v in clause.values),
    )  # fmt: skip


def plans() -> list[Plan]:
    """All plans in force, by number."""
    return [read(c) for c in shelf.texts(DOCUMENT) if c.chapter == CHAPTER]


def plan_for(words: str) -> Plan | None:
    """The plan whose longest name stands in these words; None when none does."""
    hits = [(len(name), p) for p in plans() for name in (p.title, *p.also) if name in words]
    return max(hits, key=lambda hit: hit[0])[1] if hits else None
