"""A base asks itself what it does not know: some entries are left out with all their wordings, some wordings of the others
are kept back, and both are asked, with some small talk. So it learns how to mix what speaks for an entry, and when to
trust the first hit."""

import random
from collections.abc import Callable, Sequence

import numpy as np
from scipy.optimize import minimize

from linli.language.lexicon import DATA, read_rows
from linli.language.retrieval.block import MIX
from linli.language.retrieval.trust import PLAIN, SHARP
from linli.language.retrieval.weights import Weights
from linli.language.retriever import Retriever

Entries = Sequence[tuple[str, Sequence[str], str]]
LEFT_OUT, KEPT_BACK = 0.15, 0.2
"""Shares of the entries left out, and of the others' wordings kept back."""
LEAST = 150
"""So many wordings must be kept back at least."""
MOST = 2500
"""So many questions of either kind are asked at most."""
TALK = 200
"""So many lines of small talk (our own examples) are asked, whatever the base."""
SHARES = (0.5, 0.4, 0.1)
"""How much the known, the unknown and the small talk count."""
SEED = 3


def judged(entries: Entries, teach: Callable[[Entries], Weights | None]) -> tuple[np.ndarray, np.ndarray] | None:
    """(mix, trust) for `Weights`; None for a base with too few wordings to judge itself by."""
    base, known, unknown = divided(entries)
    if len(known) < LEAST or not unknown:
        return None
    taught = teach(base)
    if taught is None:
        return None
    retriever = Retriever.build(base, taught)
    taught.mix = mix = _mixed(retriever, known)
    asked = ([q for q, _ in known], unknown, _small_talk())
    found = [np.array([s for q in part if (s := retriever.signals(q)) is not None]) for part in asked]
    return mix, _trust([part.reshape(-1, len(PLAIN) - 1) for part in found])


def _small_talk() -> list[str]:
    lines = [row[0] for row in read_rows(DATA / "examples.tsv", 4) if row[1] == "small_talk"]
    return random.Random(SEED).sample(lines, min(TALK, len(lines)))  # noqa: S311


def divided(entries: Entries) -> tuple[list[tuple[str, Sequence[str], str]], list[tuple[str, str]], list[str]]:
    """(the base that is left, questions kept back with their entry, questions about the entries left out)."""
    dice = random.Random(SEED)  # noqa: S311
    gone = set(dice.sample(range(len(entries)), int(LEFT_OUT * len(entries))))
    base: list[tuple[str, Sequence[str], str]] = []
    known: list[tuple[str, str]] = []
    unknown: list[str] = []
    for i, (name, texts, answer) in enumerate(entries):
        if i in gone:
            unknown.extend(texts)
            continue
        others = list(texts[1:])
        dice.shuffle(others)
        back = round(KEPT_BACK * len(others)) if len(others) > 1 else 0
        known.extend((text, name) for text in others[:back])
        base.append((name, [*texts[:1], *others[back:]], answer))
    return base, dice.sample(known, min(MOST, len(known))), dice.sample(unknown, min(MOST, len(unknown)))


def _mixed(retriever: Retriever, known: Sequence[tuple[str, str]]) -> np.ndarray:
    """How the parts are mixed so that the right entry comes first: a softmax over the candidates, held near MIX."""
    parts, own = [], []
    for query, name in known:
        candidates = retriever.candidates(query)
        names = [entry for entry, _ in candidates]
        if name in names:
            parts.append(np.array([p for _, p in candidates]))
            own.append(names.index(name))
    if not parts:
        return MIX

    def loss(mix: np.ndarray) -> tuple[float, np.ndarray]:
        total, slope = 0.0, np.zeros_like(mix)
        for rows, at in zip(parts, own, strict=True):
            z = SHARP * (rows @ mix)
            p = np.exp(z - z.max())
            p /= p.sum()
            total -= float(np.log(p[at] + 1e-12))
            slope += SHARP * (p @ rows - rows[at])
        away = mix - MIX
        return total / len(parts) + 0.05 * float(away @ away), slope / len(parts) + 0.1 * away

    bounds = [(0.0, 3.0)] * len(MIX)
    return minimize(loss, MIX.astype(float), jac=True, method="L-BFGS-B", bounds=bounds).x.astype(np.float32)


def _trust(parts: Sequence[np.ndarray]) -> np.ndarray:
    """Logistic weights, the constant last, from the signals of what is known, what is not, and small talk."""
    rows = np.concatenate(parts)
    mean, spread = rows.mean(axis=0), rows.std(axis=0) + 1e-6
    design = np.column_stack(((rows - mean) / spread, np.ones(len(rows))))
    sign = np.concatenate([np.full(len(part), 1.0 if i == 0 else -1.0) for i, part in enumerate(parts)])
    share = np.concatenate([np.full(len(part), s / max(1, len(part))) for part, s in zip(parts, SHARES, strict=True)])

    def loss(w: np.ndarray) -> tuple[float, np.ndarray]:
        z = sign * (design @ w)
        p = 1 / (1 + np.exp(np.clip(z, -30, 30)))
        held = np.append(w[:-1], 0.0)
        return float(share @ np.logaddexp(0, -z)) + 1e-3 * float(held @ held), design.T @ (-share * sign * p) + 2e-3 * held

    w = minimize(loss, np.zeros(len(PLAIN)), jac=True, method="L-BFGS-B").x
    return np.append(w[:-1] / spread, w[-1] - float((w[:-1] / spread) @ mean))
