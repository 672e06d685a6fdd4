"""By the clock: entries past their day, and learning from wordings in a process of its own."""

import subprocess

from linli.kernel.actors import CLOCK
from linli.knowledge import actions, index
from linli.language.retrieval import learning
from linli.ledger.handlers import every

_under_way: dict[str, subprocess.Popen[bytes]] = {}
_learned: dict[str, object] = {}


@every(3600, name="knowledge.expire_entries")
def expire_entries() -> None:
    """At most an hour after midnight; nobody was told a past entry before that either."""
    actions.expire_entries(by=CLOCK)


@every(600, name="knowledge.learn_weights")
def learn_weights() -> None:
    """Start learning when entries have changed since; every process swaps the new file in when it is there."""
    running = _under_way.get("child")
    if running is not None:
        if running.poll() is None:
            return
        del _under_way["child"]
    rows = index.served()
    mark = tuple(rows.order_by("-updated_at").values_list("id", "updated_at")[:1]), rows.count()
    if mark == _learned.get("mark"):
        return
    entries = [index.texts_of(e) for e in rows.order_by("id")]
    if any(len(texts) > 1 for _, texts, _ in entries):
        _under_way["child"] = learning.start(entries, index.weights_file())
    _learned["mark"] = mark
