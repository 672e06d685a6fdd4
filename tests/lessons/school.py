"""A small school: trainings of a few hundred of our sentences, in this process, judged on a few golden ones."""

import tempfile
from functools import cache
from pathlib import Path

from django.conf import settings

from linli.kernel.actors import SYSTEM
from linli.language import apart, examples, trial, versions
from linli.language.golden import Golden, golden
from linli.language.model import load
from linli.language.train import build
from linli.language.understand import understand_many
from linli.lessons import actions
from linli.lessons.models import ModelVersion

EVERY = 12
"""Each twelfth sentence of ours is taught."""
SURE = 0.7


PIGEONS = ("顶楼养的鸽子屎掉得到处都是", "鸽子屎掉一阳台，衣服白洗了", "鸽子毛飞得满屋都是，怎么管管", "鸽子成群落在窗台上，屎都糊窗户上了")
"""What people here file under neighbours' disputes (dispute, culture), and the small model does not."""
MORE_PIGEONS = "又是鸽子屎，掉得满阳台都是"


@cache
def lessons() -> list[examples.Example]:
    """Some hundred sentences of ours, always the same."""
    return examples.read()[::EVERY]


def appeals() -> list[str]:
    """Appeals of ours that the school has not taught: who calls them small talk teaches it wrongly."""
    return [e.text for e in examples.read()[5::EVERY] if e.intent == "appeal"]


@cache
def well_known() -> tuple[Golden, ...]:
    """The golden sentences that the small model understands rightly and surely: what it may not unlearn."""
    rows = golden()
    found = understand_many([r.text for r in rows], using=load(small()))
    return tuple(
        r for r, u in zip(rows, found, strict=True)
        if (r.intent, r.category) == (u.intent, u.category) and u.confidence > SURE and (not r.category or u.category_confidence > SURE)
    )  # fmt: skip


@cache
def small() -> Path:
    """A model of those sentences, built once a process."""
    folder = Path(tempfile.mkdtemp(prefix="small-", dir=settings.LINLI_VAR))
    build(lessons(), folder)
    return folder


class School:
    """`with School(tmp_path, monkeypatch) as school`: its own home of versions, with a small model in use, and `learn()`."""

    def __init__(self, folder: Path, monkeypatch):  # type: ignore[no-untyped-def]
        self.folder, self.monkeypatch = folder, monkeypatch
        self.home = folder / "models"
        self.judged = well_known()

    def __enter__(self) -> "School":
        self.small = versions.promote(small(), self.home)
        self.monkeypatch.setattr(settings, "LINLI_MODELS", self.home)
        self.monkeypatch.setattr(settings, "LINLI_VAR", self.folder)
        versions.settle(self.home)
        self.monkeypatch.setattr(apart, "start_trial", self._start)
        return self

    def __exit__(self, *_: object) -> None:
        self.monkeypatch.undo()
        versions.settle(settings.LINLI_MODELS)

    def _start(self, decisions, out, home):  # type: ignore[no-untyped-def]
        trial.trial(decisions, out, self.judged, lessons(), load(small()))
        return Ended()

    def learn(self, by=SYSTEM) -> ModelVersion:  # type: ignore[no-untyped-def]
        """Train, then judge; the row as it is then."""
        row = actions.train_model(by=by)
        assert actions.judge_model(by=SYSTEM, version_id=row.id) is not None
        row.refresh_from_db()
        return row


class Ended:
    """A process that has done its work."""

    def poll(self) -> int:
        """Ended well."""
        return 0
