"""A procedure drawn: steps in rows from top to bottom, between them what leads from one to the next. No Django.

`edges` says what is to be drawn; `draw` places it (rows by longest way, order by neighbours, columns by least squares), so
that the page only has to write it down. Lengths are pixels at the usual size of type.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from linli.standards.flow import CLAIM, DISPATCH, PASS, RATE, TAKE_BACK, WHOM, Flow
from linli.standards.wording import how_long, who_words

OUT, AUTO, AGAIN = "out", "auto", "again"
NODE, LINE, CHAR, PAD, GAP, BETWEEN = 148, 20, 14, 4, 18, 12
SWEEPS = 12


@dataclass(frozen=True, slots=True)
class Edge:
    """What leads from a step to another: outcomes (OUT), the clock (AUTO), or voices who are not content (AGAIN)."""

    source: str
    target: str
    kind: str
    labels: tuple[str, ...]


@dataclass(slots=True)
class Box:
    """A step, or the words on an edge: its middle, its size, its lines with their base lines."""

    code: str
    cls: str
    x: float
    y: float
    width: float
    height: float
    lines: list[tuple[str, str]] = field(default_factory=list)
    scale: float = 1

    @property
    def left(self) -> int:
        """Left border."""
        return round(self.x - self.width / 2)

    @property
    def top(self) -> int:
        """Upper border."""
        return round(self.y - self.height / 2)

    @property
    def middle(self) -> int:
        """Where its words are centred."""
        return round(self.x)

    @property
    def wide(self) -> int:
        """Whole pixels."""
        return round(self.width)

    @property
    def tall(self) -> int:
        """Whole pixels."""
        return round(self.height)

    @property
    def texts(self) -> list[tuple[int, str, str]]:
        """(base line, class, words) of each line."""
        step = (LINE if self.code else LINE - 2) * self.scale
        first = self.y - (len(self.lines) - 1) * step / 2 + 5 * self.scale
        return [(round(first + n * step), cls, text) for n, (cls, text) in enumerate(self.lines)]


@dataclass(slots=True)
class Line:
    """An edge's path and the box of its words."""

    edge: Edge
    path: str
    box: Box


@dataclass(slots=True)
class Drawing:
    """Everything in its place."""

    width: int
    height: int
    steps: list[Box]
    lines: list[Line]


def edges(flow: Flow) -> list[Edge]:
    """All ways of a flow; the labels of outcomes with the same way stand together. Loose outcomes are left out."""
    found: dict[tuple[str, str, str], list[str]] = {}

    def add(source: str, target: str, kind: str, label: str) -> None:
        if source in flow.steps and target in flow.steps:
            found.setdefault((source, target, kind), []).append(label)

    for step in flow.steps.values():
        for outcome in step.outcomes:
            add(step.code, outcome.to, OUT, outcome.label)
    claim = next((s for s in flow.steps.values() if s.type == CLAIM), None)
    for limit in flow.limits.values():
        own = flow.steps.get(limit.code)
        for rung in limit.ladder:
            if rung.act == DISPATCH and own and own.outcomes:
                add(own.code, own.outcomes[0].to, AUTO, f"没人领，指派给{WHOM.get(rung.whom, '')}")
            elif rung.act == PASS and own and (outcome := own.outcome(rung.outcome)):
                add(own.code, outcome.to, AUTO, f"到时自动：{outcome.label}")
            elif rung.act == TAKE_BACK and claim:
                start = limit.starts.removeprefix("step:")
                add(start if start in flow.steps else claim.outcomes[0].to if claim.outcomes else "", claim.code, AUTO, "没有动静，收回")
    for step in flow.steps.values():
        if step.type == RATE:
            add(step.code, flow.again_to, AGAIN, f"没解决，重办（最多 {flow.again_at_most} 次）")
            add(step.code, flow.again_then, AGAIN, "再不行，请另一单位看")
    return [Edge(*key, tuple(labels)) for key, labels in found.items()]


def wrap(text: str, most: int) -> list[str]:
    """Lines of at most so many wide characters."""
    lines, width = [""], 0.0
    for char in text:
        size = 0.55 if ord(char) < 128 else 1
        if width + size > most and char not in "，。、：；）”":
            lines.append("")
            width = 0.0
        lines[-1] += char
        width += size
    return [x for x in lines if x]


def _wide(text: str) -> float:
    return sum(CHAR * (0.55 if ord(c) < 128 else 1) for c in text)


def draw(flow: Flow, calendars: Mapping[str, str], scale: float = 1) -> Drawing:
    """Steps and edges with their places. `scale`: so many times as large (长辈版)."""
    ways = edges(flow)
    rank = _ranks(flow, ways)
    boxes = {code: _step_box(flow, code, calendars) for code in flow.steps}
    plan = _Plan(boxes, rank)
    chains = [plan.chain(edge) for edge in ways]
    plan.place()
    for box in plan.all:
        box.x, box.y, box.width, box.height, box.scale = box.x * scale, box.y * scale, box.width * scale, box.height * scale, scale
    lines = [Line(edge, _path(boxes, edge, chain), chain[0]) for edge, chain in zip(ways, chains, strict=True)]
    width = max((b.x + b.width / 2 for b in plan.all), default=0) + PAD
    height = max((b.y + b.height / 2 for b in plan.all), default=0) + PAD
    return Drawing(round(width), round(height), list(boxes.values()), lines)


def _step_box(flow: Flow, code: str, calendars: Mapping[str, str]) -> Box:
    step = flow.steps[code]
    rows = [("name", x) for x in wrap(step.label or "（没有名字）", 9)]
    rows += [("who", x) for x in wrap(who_words(step), 9)[:2]]
    if own := flow.limits.get(code):
        rows += [("limit", x) for x in wrap(how_long(own, calendars), 9)]
    box = Box(code, f"{step.type}{' first' if code == flow.first else ''}", 0, 0, NODE, len(rows) * LINE + 14)
    box.lines = rows
    return box


def _ranks(flow: Flow, ways: Sequence[Edge]) -> dict[str, int]:
    """Longest way from the beginning; edges that lead back count the other way round."""
    targets: dict[str, list[str]] = {code: [] for code in flow.steps}
    for edge in ways:
        if edge.source != edge.target and edge.kind != AGAIN:
            targets[edge.source].append(edge.target)
    for edge in ways:
        if edge.kind == AGAIN:
            targets[edge.source].append(edge.target)
    rank: dict[str, int] = {}
    order: list[str] = []
    state: dict[str, int] = {}
    back: set[tuple[str, str]] = set()

    def visit(code: str) -> None:
        state[code] = 1
        for target in targets[code]:
            if state.get(target) == 1:
                back.add((code, target))
            elif target not in state:
                visit(target)
        state[code] = 2
        order.append(code)

    for code in [flow.first, *flow.entries.values(), *flow.steps]:
        if code in flow.steps and code not in state:
            visit(code)
    for code in reversed(order):
        rank.setdefault(code, 0)
        for target in targets[code]:
            if (code, target) not in back and target != code:
                rank[target] = max(rank.get(target, 0), rank[code] + 1)
    # Each step as low as what follows it allows, so that an entry from aside stands near where it leads.
    for code in order:
        below = [rank[t] for t in targets[code] if (code, t) not in back and t != code]
        if below and code != flow.first:
            rank[code] = max(rank[code], min(below) - 1)
    return rank


class _Plan:
    """Rows of boxes: steps in the even ones, words and bends of edges between them."""

    def __init__(self, boxes: Mapping[str, Box], rank: Mapping[str, int]):
        self.rank = rank
        self.boxes = boxes
        self.rows: dict[int, list[Box]] = {}
        self.near: dict[int, list[Box]] = {}
        for code, box in boxes.items():
            self.rows.setdefault(2 * rank[code], []).append(box)

    @property
    def all(self) -> list[Box]:
        """Every box."""
        return [b for row in self.rows.values() for b in row]

    def chain(self, edge: Edge) -> list[Box]:
        """The boxes of an edge, beginning with that of its words, which stand near its source."""
        lines = [x for label in edge.labels for x in wrap(label, 8)]
        words = Box("", edge.kind, 0, 0, max(_wide(x) for x in lines) + 10, len(lines) * (LINE - 2) + 4)
        words.lines = [("words", text) for text in lines]
        a, b = 2 * self.rank[edge.source], 2 * self.rank[edge.target]
        way = range(a + 1, b) if a < b else range(a - 1, b, -1) if b < a else range(a + 1, a + 2)
        found: list[Box] = []
        before = self.boxes[edge.source]
        for n, row in enumerate(way):
            box = words if n == 0 else Box("", "bend", 0, 0, 12, 0)
            self.rows.setdefault(row, []).append(box)
            self._link(before, box)
            found.append(box)
            before = box
        self._link(before, self.boxes[edge.target])
        return found

    def _link(self, a: Box, b: Box) -> None:
        self.near.setdefault(id(a), []).append(b)
        self.near.setdefault(id(b), []).append(a)

    def place(self) -> None:
        """Order, columns, then heights."""
        rows = [self.rows[n] for n in sorted(self.rows)]
        for row in rows:
            _spread(row, [n * 10.0 for n in range(len(row))])
        for sweep in range(SWEEPS):
            for row in rows if sweep % 2 == 0 else rows[::-1]:
                wanted = {id(b): self._wish(b, row) for b in row}
                if sweep < SWEEPS - 4:
                    row.sort(key=lambda b: wanted[id(b)])
                _spread(row, [wanted[id(b)] for b in row])
        left = min((b.left for row in rows for b in row), default=0)
        y = float(PAD)
        for row in rows:
            tall = max(max(b.height for b in row), 6)
            for box in row:
                box.x += PAD - left
                box.y = y + tall / 2
            y += tall + GAP

    def _wish(self, box: Box, row: Sequence[Box]) -> float:
        others = [b.x for b in self.near.get(id(box), []) if not any(b is r for r in row)]
        return sum(others) / len(others) if others else box.x


def _spread(row: Sequence[Box], wanted: Sequence[float]) -> None:
    """The places nearest to the wanted ones (least squares) that keep order and distance."""
    offsets = [0.0]
    for a, b in zip(row, row[1:], strict=False):
        offsets.append(offsets[-1] + (a.width + b.width) / 2 + BETWEEN)
    blocks: list[tuple[float, int]] = []
    for wish, offset in zip(wanted, offsets, strict=True):
        mean, count = wish - offset, 1
        while blocks and blocks[-1][0] > mean:
            before, n = blocks.pop()
            mean, count = (before * n + mean * count) / (n + count), n + count
        blocks.append((mean, count))
    places = [mean for mean, count in blocks for _ in range(count)]
    for box, place, offset in zip(row, places, offsets, strict=True):
        box.x = place + offset


def _path(boxes: Mapping[str, Box], edge: Edge, chain: Sequence[Box]) -> str:
    """A curve from the source through the chain to the target; it enters and leaves rows upright."""
    a, b = boxes[edge.source], boxes[edge.target]
    if a is b:
        x, y = a.x, a.y + a.height / 2
        low = chain[0].y
        return f"M {x - 30:.0f} {y:.0f} C {x - 30:.0f} {low + 24:.0f} {x + 30:.0f} {low + 24:.0f} {x + 30:.0f} {y + 7:.0f}"
    down = a.y < b.y
    side = 1 if down else -1
    points = [(_port(a, chain[0]), a.y + side * a.height / 2)]
    for box in chain:
        points += [(box.x, box.y - side * box.height / 2), (box.x, box.y + side * box.height / 2)]
    points.append((_port(b, chain[-1]), b.y - side * (b.height / 2 + 7)))
    path = f"M {points[0][0]:.0f} {points[0][1]:.0f}"
    for (x1, y1), (x2, y2) in zip(points, points[1:], strict=False):
        middle = (y1 + y2) / 2
        path += f" L {x2:.0f} {y2:.0f}" if x1 == x2 else f" C {x1:.0f} {middle:.0f} {x2:.0f} {middle:.0f} {x2:.0f} {y2:.0f}"
    return path


def _port(step: Box, other: Box) -> float:
    """Where on a step's border an edge meets it: towards the other end, so that lines do not lie upon each other."""
    return max(step.x - step.width * 0.36, min(step.x + step.width * 0.36, other.x))
