"""Which model is used: the shipped one, or one that was learned here and promoted. A pointer file says it to all processes.

`home` is a folder of versions (one folder each, named by its digest) and the pointer `current`: a line for each promotion, the
last one is used. To go back takes the last line away; without a line it is the shipped model, which no version replaces.
A version that is absent, damaged or of an older program is passed over: understanding goes on with the shipped model.
"""

import json
import logging
import os
import shutil
import threading
from dataclasses import dataclass
from pathlib import Path

from linli.language.model import CARD, MODEL_DIR, WEIGHTS, Model, ModelMissing, load

POINTER = "current"
SHIPPED = ""
"""The name of the shipped model."""
NAME_LENGTH = 12

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Version:
    """A learned model in a folder of versions. `outdated`: the shipped examples have changed since it was trained."""

    name: str
    examples: int
    extra: int
    outdated: bool


@dataclass(slots=True)
class _State:
    home: Path | None = None
    mark: tuple[int, int, int] | None = None
    used: Model | None = None


_state = _State()
_lock = threading.Lock()


def settle(home: Path | None) -> None:
    """Say where this process finds its versions (None: the shipped model only). Called once, when a process starts."""
    with _lock:
        _state.home, _state.mark, _state.used = home, None, None


def model() -> Model:
    """The model in use; a changed pointer is noticed at the next call. Raises ModelMissing without a shipped model."""
    mark = _mark(_state.home)
    used = _state.used
    if used is not None and mark == _state.mark:
        return used
    with _lock:
        if _state.used is None or mark != _state.mark:
            _state.used, _state.mark = _best(_state.home), mark
        return _state.used


def current(home: Path) -> str:
    """The name of the version that `home` points to; "" is the shipped model."""
    names = _names(home)
    return names[-1] if names else SHIPPED


def versions(home: Path) -> list[Version]:
    """The learned versions kept in `home`, by name; a damaged card counts as none."""
    shipped = _card(MODEL_DIR).get("base", "")
    found = []
    for folder in sorted(home.iterdir()) if home.is_dir() else []:
        card = _card(folder) if folder.is_dir() else {}
        if card:
            found.append(Version(folder.name, card.get("examples", 0), card.get("extra", 0), card.get("base", "") != shipped))
    return found


def promote(folder: Path, home: Path) -> str:
    """Use the model in `folder` from now on, in every process that is settled in `home`; returns its name. It is copied,
    checked, then pointed to. Raises ModelMissing, and changes nothing, when it cannot be loaded."""
    name = load(folder).digest[:NAME_LENGTH]
    target = home / name
    if not target.is_dir():
        part = home / f".{name}.{os.getpid()}"
        part.mkdir(parents=True, exist_ok=True)
        for file in (WEIGHTS, CARD):
            shutil.copyfile(folder / file, part / file)
        os.replace(part, target)
    load(target)
    names = _names(home)
    if names[-1:] != [name]:
        _point(home, [*names, name])
    return name


def back(home: Path) -> str:
    """Use what was used before the last promotion; returns its name ("": the shipped model). Nothing to go back from is no
    error."""
    names = _names(home)[:-1]
    _point(home, names)
    return names[-1] if names else SHIPPED


def _names(home: Path) -> list[str]:
    try:
        lines = (home / POINTER).read_text(encoding="ascii").split()
    except (OSError, UnicodeDecodeError):
        return []
    return [n for n in lines if n.isalnum()]


def _point(home: Path, names: list[str]) -> None:
    home.mkdir(parents=True, exist_ok=True)
    part = home / f".{POINTER}.{os.getpid()}"
    with part.open("w", encoding="ascii") as file:
        file.writelines(f"{n}\n" for n in names)
        file.flush()
        os.fsync(file.fileno())
    os.replace(part, home / POINTER)


def _mark(home: Path | None) -> tuple[int, int, int] | None:
    if home is None:
        return None
    try:
        found = os.stat(home / POINTER)
    except OSError:
        return None
    return found.st_mtime_ns, found.st_ino, found.st_size


def _best(home: Path | None) -> Model:
    name = current(home) if home else SHIPPED
    if home and name:
        try:
            return load(home / name)
        except ModelMissing as error:
            log.warning("the learned language model %s is passed over: %s", name, error)
    return load()


def _card(folder: Path) -> dict:
    try:
        card = json.loads((folder / CARD).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return card if isinstance(card, dict) else {}
