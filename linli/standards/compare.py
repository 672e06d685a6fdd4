"""Two versions of a standard side by side: what was added, removed and changed, words and values. No Django."""

from dataclasses import dataclass
from difflib import SequenceMatcher

from linli.standards.documents import ClauseText, DocumentText, Head, Value, place_of

SAME, ADDED, REMOVED = "", "ins", "del"
ADDED_CLAUSE, REMOVED_CLAUSE, CHANGED_CLAUSE = "added", "removed", "changed"
LABELS = {ADDED_CLAUSE: "新增", REMOVED_CLAUSE: "删去", CHANGED_CLAUSE: "改动"}
HEAD = (
    ("title", "名称"), ("place", "子体系和模块"), ("scope", "范围"), ("object", "对象"), ("flow", "流程"), ("requirement", "要求"),
    ("valid_until", "有效期至"),
)  # fmt: skip

Pieces = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Change:
    """One difference. kind: "added", "removed", "changed"; `pieces`: (SAME | ADDED | REMOVED, words) of the text;
    `values`: (label, words before or "", words after or "")."""

    kind: str
    where: str
    title: str
    pieces: Pieces
    values: tuple[tuple[str, str, str], ...] = ()

    @property
    def label(self) -> str:
        """新增, 删去, 改动"""
        return LABELS[self.kind]


def pieces(before: str, after: str) -> Pieces:
    """The words of both, marked: character by character, pieces shorter than two characters joined to their neighbours."""
    found: list[tuple[str, str]] = []
    for tag, a1, a2, b1, b2 in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            if a2 - a1 < 2 and found and a2 < len(before):
                found += [(REMOVED, before[a1:a2]), (ADDED, before[a1:a2])]
            else:
                found.append((SAME, before[a1:a2]))
            continue
        if a2 > a1:
            found.append((REMOVED, before[a1:a2]))
        if b2 > b1:
            found.append((ADDED, after[b1:b2]))
    return _joined(found)


def _joined(found: list[tuple[str, str]]) -> Pieces:
    """Between two pieces that stayed: what went away first, then what came."""
    joined: list[tuple[str, str]] = []
    gone, come = "", ""
    for mark, words in [*found, (SAME, "")]:
        if mark == REMOVED:
            gone += words
        elif mark == ADDED:
            come += words
        else:
            joined += [(m, w) for m, w in ((REMOVED, gone), (ADDED, come), (SAME, words)) if w]
            gone, come = "", ""
    return tuple(joined)


def compare(before: DocumentText, after: DocumentText) -> list[Change]:
    """All differences: the head's first, then the clauses by number. [] when the two say the same."""
    found = []
    old_head, new_head = _head(before.head), _head(after.head)
    for name, label in HEAD:
        if old_head[name] != new_head[name]:
            found.append(Change(CHANGED_CLAUSE, "", label, pieces(old_head[name], new_head[name])))
    old, new = ({c.number: c for c in d.clauses} for d in (before, after))
    for number in sorted({*old, *new}, key=lambda n: (old.get(n) or new[n]).order):
        change = _clause(old.get(number), new.get(number))
        if change:
            found.append(change)
    return found


def _head(head: Head) -> dict[str, str]:
    names = ("title", "scope", "object", "requirement", "valid_from", "valid_until")
    return {n: getattr(head, n) for n in names} | {"place": place_of(head.subsystem, head.module), "flow": " → ".join(head.flow)}


def _clause(old: ClauseText | None, new: ClauseText | None) -> Change | None:
    if old == new:
        return None
    if old is None or new is None:
        only = new or old
        assert only is not None
        mark, kind = (ADDED, ADDED_CLAUSE) if old is None else (REMOVED, REMOVED_CLAUSE)
        said = tuple((v.label, "" if old is None else v.words, v.words if old is None else "") for v in only.values)
        return Change(kind, only.number, only.title, ((mark, only.text),), said)
    words = pieces(old.text, new.text)
    if old.title != new.title:
        words = (*pieces(old.title, new.title), (SAME, "："), *words)
    if old.chapter != new.chapter:
        words = ((SAME, "章名："), *pieces(old.chapter, new.chapter), (SAME, "。"), *words)
    return Change(CHANGED_CLAUSE, new.number, new.title, words, values(old.values, new.values))


def values(before: tuple[Value, ...], after: tuple[Value, ...]) -> tuple[tuple[str, str, str], ...]:
    """(label, before, after) of those values that differ; "" where there was or is none."""
    old, new = ({v.code: v for v in rows} for rows in (before, after))
    return tuple(
        ((new.get(code) or old[code]).label, old[code].words if code in old else "", new[code].words if code in new else "")
        for code in dict.fromkeys([*old, *new]) if old.get(code) != new.get(code)
    )  # fmt: skip
