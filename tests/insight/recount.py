"""The slow recount: every figure said a third time, order by order and voice by voice, without the database's sums."""

from collections import defaultdict
from datetime import date
from uuid import UUID

from linli.insight.figures import NAMES
from linli.insight.models import Cell, ClauseCell
from linli.kernel import clock
from linli.orders.models import Clock, Order, Voice

Key = tuple[date, UUID, str, str, str, str, str]
ASIDE = ("refused", "beyond", "not_ours", "tried")


def people_of(voices: list[Voice]) -> int:
    """Who spoke: a member once, everybody else by her own row."""
    members = {v.member_id for v in voices if v.member_id}
    return len(members) + sum(1 for v in voices if v.member_id is None)


def slowly() -> dict[Key, dict[str, int]]:
    """Figures by (day, community, category, kind, clause, way, result of its own)."""
    found: dict[Key, dict[str, int]] = defaultdict(lambda: dict.fromkeys(NAMES, 0))
    now = clock.now()
    for order in Order.objects.prefetch_related("voices"):
        cell = found[(order.local_day, order.community_id, order.category, order.kind, order.clause, order.way, order.ending if order.handled_at and order.ending in ASIDE else "")]
        if order.history:
            cell["history"] += 1
            continue
        if order.state == "void" or order.relation in ("child", "supervises", "merged"):
            continue
        voices = [v for v in order.voices.all() if v.state == Voice.ACTIVE]
        said = [v.rating for v in voices]
        people = people_of(voices)
        cell["opened"] += 1
        cell["voices"] += people
        for name in ("satisfied", "so_so", "unsolved", "not_reached"):
            cell[name] += said.count(name)
        cell["reopened"] += bool(order.reopened)
        cell["returned"] += bool(order.returned)
        cell["accept_due"] += order.accepted_in_time is not None
        cell["accepted_in_time"] += bool(order.accepted_in_time)
        if order.answered_at:
            cell["answered"] += 1
            cell["answered_in_time"] += bool(order.answered_in_time)
        if order.answered_at or (order.answer_due_at and order.answer_due_at <= now):
            cell["answer_due"] += 1
        done = order.handled_at is not None and order.ending in ("done", "class_a")
        if order.handled_at:
            cell["handled"] += 1
            cell["declined"] += order.ending in ("no", "not_ours", "refused", "beyond")
            cell["unrated"] += max(people - sum(r != "unrated" for r in said), 0)
        if done and "unsolved" not in said:
            cell["solved"] += 1
            cell["solved_in_time"] += bool(order.solved_in_time)
        late = order.handled_at is None and order.solve_due_at is not None and order.solve_due_at <= now
        if done or late or order.state == "review" or order.ending == "reviewed":
            cell["solve_due"] += 1
    return dict(found)


def clauses_slowly() -> dict[tuple[date, UUID, str], dict[str, int]]:
    """Clocks by (day, community, clause): those that had to be met by now, those met in time, those that still have time."""
    found: dict[tuple[date, UUID, str], dict[str, int]] = defaultdict(lambda: {"due": 0, "kept": 0, "running": 0})
    now = clock.now()
    for one in Clock.objects.select_related("order"):
        order = one.order
        if order.history or order.state == "void" or not one.clause:
            continue
        row = found[(order.local_day, order.community_id, one.clause)]
        if one.state == "met":
            row["due"] += 1
            row["kept"] += bool(one.kept)
        elif one.state == "running" and one.due_at <= now or one.state == "stopped" and one.light == "red":
            row["due"] += 1
        elif one.state in ("running", "paused"):
            row["running"] += 1
    return dict(found)


def clause_cells() -> dict[tuple[date, UUID, str], dict[str, int]]:
    """What the roll-ups say of clauses."""
    return {(c.local_day, c.community_id, c.clause): {"due": c.due, "kept": c.kept, "running": c.running} for c in ClauseCell.objects.all()}


def some(rows: dict) -> dict:
    """Without rows of nothing."""
    return {k: v for k, v in rows.items() if any(v.values())}


def cells() -> dict[Key, dict[str, int]]:
    """What the roll-ups say; empty cells left out."""
    rows = Cell.objects.all()
    found = {(c.local_day, c.community_id, c.category, c.kind, c.clause, c.way, c.aside): {n: getattr(c, n) for n in NAMES} for c in rows}
    return {k: v for k, v in found.items() if any(v.values())}


def check() -> None:
    """Cells equal the recount, each figure of each cell; and no part is greater than its whole."""
    slow = {k: v for k, v in slowly().items() if any(v.values())}
    assert cells() == slow
    assert some(clause_cells()) == some(clauses_slowly())
    for row in slow.values():
        for part, whole in (
            ("accepted_in_time", "accept_due"), ("accept_due", "opened"), ("answered_in_time", "answer_due"), ("answered", "answer_due"), ("solved", "handled"),
            ("solved_in_time", "solved"), ("solved_in_time", "solve_due"), ("declined", "handled"), ("reopened", "opened"), ("returned", "opened"),
            ("handled", "opened"), ("solve_due", "opened"), ("answer_due", "opened"),
        ):  # fmt: skip
            assert row[part] <= row[whole], (part, whole)
