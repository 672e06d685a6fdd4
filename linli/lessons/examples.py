"""Keeping what a person decided, in the transaction of her decision. Nothing sealed is ever kept."""

from collections.abc import Iterable
from dataclasses import dataclass

from linli.kernel import clock, crypto
from linli.kernel.actors import Actor
from linli.language import CATEGORIES, DAILY, INTENTS, neutral, normalise, understand_many
from linli.language.neutral import names_somebody
from linli.language.staff import against_staff
from linli.lessons.models import Example

SEALED = ("sensitive", "emergency")
PERHAPS_SENSITIVE = 0.3
"""So likely sensitive, words are treated as if they were: an example lost is nothing, a secret kept is much."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What somebody decided about `words` ("" where she decided nothing). `source`: one of Example's."""

    words: str
    source: str
    intent: str = ""
    kind: str = ""
    category: str = ""
    urgency: int | None = None


def keep(by: Actor, decisions: Iterable[Decision]) -> int:
    """Store decisions of a person; returns how many were kept. Machines decide nothing; what is sealed, complains of our own
    people, or cannot be said without telling who said it, is left out. Call it inside the deciding transaction."""
    found = [] if by.is_machine else [d for d in decisions if _says_something(d)]
    rows = []
    for decision, understood in zip(found, understand_many([d.words for d in found]), strict=True):
        said = neutral(decision.words)
        if understood.intent in SEALED or understood.probs["sensitive"] >= PERHAPS_SENSITIVE or against_staff(decision.words):
            continue
        if not said or names_somebody(said):
            continue
        rows.append(
            Example(
                key=_key(said), text=said, intent=decision.intent, source=decision.source, urgency=decision.urgency,
                kind=decision.kind if decision.kind in DAILY else "",
                category=decision.category if decision.category in CATEGORIES else "",
                decided_at=clock.now(), decided_kind=by.kind, decided_by=by.id,
            )
        )  # fmt: skip
    # Of the same words in one batch the last decision counts; of older ones this one.
    last = {row.key: row for row in rows}
    Example.objects.bulk_create(
        last.values(), update_conflicts=True, unique_fields=["key"],
        update_fields=["intent", "kind", "category", "urgency", "source", "decided_at", "decided_kind", "decided_by"],
    )  # fmt: skip
    return len(last)


def forget(words: Iterable[str]) -> int:
    """A matter has turned out to be sealed: what was kept of its words goes. Returns how many."""
    keys = [_key(said) for w in words if (said := neutral(w))]
    gone, _ = Example.objects.filter(key__in=keys).delete() if keys else (0, {})
    return gone


def _says_something(decision: Decision) -> bool:
    told = decision.intent in INTENTS and decision.intent not in SEALED or not decision.intent and decision.kind in DAILY
    return told and bool(normalise(decision.words))


def _key(said: str) -> str:
    return crypto.ring().index(normalise(said).lower())
