"""What the model in use is good and bad at, on the golden set; what has been learned; the versions. Nothing by person."""

from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.db.models import Count

from linli.kernel.actors import Actor
from linli.language import versions
from linli.language.golden import golden
from linli.language.understand import understand_many
from linli.lessons import access, actions, labels
from linli.lessons.models import Example, ModelVersion

SENTENCES = 2
PAIRS = 9
VERSIONS = 20


@dataclass(frozen=True, slots=True)
class Class:
    """A class on the golden set: of `rows` that are one, `found` were; of `said` that it called one, `right` were."""

    name: str
    rows: int
    found: int
    said: int

    @property
    def recall(self) -> float:
        """Share found, 0–100."""
        return 100 * self.found / self.rows if self.rows else 0.0

    @property
    def precision(self) -> float:
        """Share right of what it called so, 0–100; 0 when it never did."""
        return 100 * self.found / self.said if self.said else 0.0

    @property
    def weak(self) -> bool:
        """Does it deserve a look?"""
        return self.recall < 75 or self.precision < 75


@dataclass(frozen=True, slots=True)
class Pair:
    """What is taken for what, how often, and sentences of ours on which it happened."""

    head: str
    truth: str
    guess: str
    times: int
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """A model on the golden set: its classes by head, worst first, and what it mixes up most."""

    rows: int
    heads: dict[str, list[Class]]
    right: dict[str, int]
    told: dict[str, int]
    pairs: list[Pair]


@lru_cache(maxsize=4)
def report(digest: str) -> Report:
    """The model in use, whose digest this is. Half a second once, then remembered."""
    rows = golden()
    found = understand_many([r.text for r in rows])
    heads: dict[str, list[Class]] = {}
    right, told = {}, {}
    mixed: list[Pair] = []
    for head in labels.HEADS:
        said = [(getattr(r, head), getattr(u, head) or "none", r.text) for r, u in zip(rows, found, strict=True) if getattr(r, head)]
        truths, guesses = Counter(t for t, _, _ in said), Counter(g for _, g, _ in said)
        hits = Counter(t for t, g, _ in said if t == g)
        classes = [Class(labels.name(head, t), n, hits[t], guesses[t]) for t, n in truths.items()]
        heads[head] = sorted(classes, key=lambda c: (min(c.recall, c.precision), c.name))
        right[head], told[head] = hits.total(), len(said)
        wrong = Counter((t, g) for t, g, _ in said if t != g)
        for (truth, guess), times in wrong.most_common(PAIRS):
            sentences = tuple(text for t, g, text in said if (t, g) == (truth, guess))[:SENTENCES]
            mixed.append(Pair(labels.HEADS[head], labels.name(head, truth), labels.name(head, guess), times, sentences))
    mixed.sort(key=lambda p: -p.times)
    return Report(len(rows), heads, right, told, mixed[:PAIRS])


@dataclass(frozen=True, slots=True)
class Line:
    """One training as the page tells it."""

    row: ModelVersion
    state: str
    used: bool
    reasons: list[str]
    figures: list[tuple[str, float | None, float]]

    @property
    def more(self) -> int:
        """Reasons that are not spelt out."""
        return len(self.row.reasons) - len(self.reasons)


def lines(actor: Actor) -> list[Line]:
    """The trainings, newest first."""
    access.ask(actor, "read")
    used = versions.current(actions.home())
    out = []
    newest = True
    for row in ModelVersion.objects.order_by("-began_at", "-id")[:VERSIONS]:
        mine = bool(used) and row.state == ModelVersion.PROMOTED and row.version == used and newest
        newest = newest and not mine
        out.append(Line(row, labels.STATES[row.state], mine, [labels.reason(w) for w in row.reasons[:4]], _figures(row)))
    return out


def _figures(row: ModelVersion) -> list[tuple[str, float | None, float]]:
    """(head, share right before, now) in hundredths."""
    now, before = row.scores.get("accuracy", {}), row.before.get("accuracy", {})
    return [(label, 100 * before[h] if h in before else None, 100 * now[h]) for h, label in labels.HEADS.items() if h in now]


@dataclass(frozen=True, slots=True)
class Learned:
    """Decisions by what they were and by where they were made; how many are new since the last training."""

    total: int
    fresh: int
    enough: int
    by_source: list[tuple[str, int]]


def learned(actor: Actor) -> Learned:
    """What people have decided so far. Counted by door, never by person."""
    access.ask(actor, "read")
    counts = dict(Example.objects.order_by().values_list("source").annotate(n=Count("id")))
    return Learned(
        sum(counts.values()), actions.fresh(), actions.ENOUGH, [(label, counts[s]) for s, label in labels.SOURCES.items() if s in counts]
    )


def overview(actor: Actor) -> dict[str, Any]:
    """Everything that the page shows. Raises Forbidden, ModelMissing."""
    access.ask(actor, "read")
    shown = report(versions.model().digest)
    return {
        "report": shown, "learned": learned(actor), "versions": lines(actor), "shipped": versions.current(actions.home()) == versions.SHIPPED,
        "learning": ModelVersion.objects.filter(state=ModelVersion.TRAINING).exists(),
        "may_train": access.may(actor, "train_model"), "may_back": access.may(actor, "back_model"),
    }  # fmt: skip
