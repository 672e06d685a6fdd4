"""Training, promoting, going back: the verbs of the model's life."""

import logging
import shutil
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, connection, transaction

from linli.kernel import clock, ids
from linli.kernel.actors import Actor
from linli.kernel.errors import BadInput, NotFound, WrongState
from linli.language import apart, versions
from linli.ledger.record import Row, record
from linli.lessons import access
from linli.lessons.models import Example, ModelVersion

log = logging.getLogger("linli.lessons")
ENOUGH = 50
"""So many new decisions start a training by themselves."""
LONGEST = timedelta(minutes=30)


def fresh() -> int:
    """Decisions that no training has seen yet."""
    last = ModelVersion.objects.exclude(state=ModelVersion.FAILED).order_by("-began_at").values_list("newest_at", flat=True).first()
    return Example.objects.filter(decided_at__gt=last).count() if last else Example.objects.count()


def train_model(*, by: Actor) -> ModelVersion:
    """Start learning from all decisions, in a process of its own. Raises BadInput where there is nothing to learn from,
    WrongState while one is learning, Forbidden."""
    access.ask(by, "train_model")
    rows = list(Example.objects.order_by("decided_at", "id"))
    if not rows:
        raise BadInput("还没有人工判断过的话，先不用学。", "nothing_to_learn")
    now = clock.now()
    row = ModelVersion(
        id=ids.new(), began_at=now, given_up_at=clock.wall() + LONGEST, asked_by=None if by.is_machine else by.id,
        examples=len(rows), fresh=fresh(), newest_at=rows[-1].decided_at,
    )  # fmt: skip
    try:
        with transaction.atomic():
            row.save(force_insert=True)
            record(by, "lessons.train_model", Row("model", row.id, facts={"examples": row.examples, "fresh": row.fresh}))
    except IntegrityError as exc:
        raise WrongState("小栖正在学，等它学完再看。") from exc
    try:
        _children.append(apart.start_trial([(e.text, e.intent, e.kind, e.category) for e in rows], folder(row), home()))
    except OSError:
        log.exception("training could not be started")
        judge_model(by=by, version_id=row.id, lost=True)
    return row


#: kept so that an ended process is collected
_children: list = []


def home() -> Path:
    """Where the learned versions are, and which one is used; every process of this district reads it."""
    return Path(settings.LINLI_MODELS)


def folder(row: ModelVersion) -> Path:
    """Where a training puts its model until it is judged."""
    return Path(settings.LINLI_VAR) / "training" / str(row.id)


def judge_model(*, by: Actor, version_id: UUID, lost: bool = False) -> ModelVersion | None:
    """A training has ended: promote its model where it is no worse in any important class, else refuse it with the reasons.
    None while it still learns (`lost`: its process is gone). The second call changes nothing."""
    _children[:] = [c for c in _children if c.poll() is None]
    with transaction.atomic():
        rows = ModelVersion.objects.filter(id=version_id)
        row = (rows.select_for_update() if connection.features.has_select_for_update else rows).first()
        if row is None:
            raise NotFound()
        found = apart.verdict(folder(row))
        if row.state != ModelVersion.TRAINING or (found is None and not lost):
            return None
        row.ended_at = clock.now()
        if found is None:
            row.state, row.reasons = ModelVersion.FAILED, [{"what": "lost"}]
        else:
            row.digest, row.scores, row.before, row.reasons = found["digest"], found["scores"], found["before"], found["worse"]
            row.state = ModelVersion.REFUSED if row.reasons else ModelVersion.PROMOTED
        row.save()
        facts = {"state": row.state, "examples": row.examples, "worse": len(row.reasons)}
        record(by, "lessons.judge_model", Row("model", row.id, facts=facts))
        if row.state == ModelVersion.PROMOTED:
            # Last of all: should the file not move, the row is not written either.
            row.version = versions.promote(folder(row), home())
            row.save(update_fields=["version"])
    shutil.rmtree(folder(row), ignore_errors=True)
    return row


def advance_training(*, by: Actor) -> ModelVersion | None:
    """By the clock: judge what has ended, give up what is gone, start when enough is new. Returns the row that changed."""
    learning = ModelVersion.objects.filter(state=ModelVersion.TRAINING).first()
    if learning:
        return judge_model(by=by, version_id=learning.id, lost=learning.given_up_at < clock.wall())
    if not settings.LINLI_LEARN or fresh() < ENOUGH:
        return None
    try:
        return train_model(by=by)
    except WrongState:
        return None


@transaction.atomic
def back_model(*, by: Actor) -> str:
    """The model before the one in use takes its place; returns its name, "" for the shipped one. Raises WrongState when there
    is none before, Forbidden."""
    access.ask(by, "back_model")
    if versions.current(home()) == versions.SHIPPED:
        raise WrongState("用的就是出厂的那一版，前面没有了。", "nothing_before")
    record(by, "lessons.back_model", Row("model", ids.new(), facts={"from": versions.current(home())}))
    return versions.back(home())
