"""`linli evaluate golden`: a model on our own kept sentences, which decide whether it may be promoted."""

from pathlib import Path
from typing import Any

from linli.language.golden import no_worse, score
from linli.language.model import load


def evaluate(model: str | Path = "", against: str | Path = "") -> dict[str, Any]:
    """Figures of the model in folder `model` (without: the shipped one); with `against`, in what it is worse than that one.
    Raises ModelMissing."""
    found = score(load(Path(model)) if model else load())
    out = found.as_json()
    if against:
        out["worse"] = [w._asdict() for w in no_worse(found, score(load(Path(against))))]
    return out
