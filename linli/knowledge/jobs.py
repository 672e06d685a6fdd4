"""By the clock: entries past their day, and learning from wordings in a process of its own."""

import subprocess
from hashlib import sha256

from django.conf import settings

from linli.kernel.actors import CLOCK
from linli.knowledge import actions, index
from linli.language import apart
from linli.ledger.handlers import every

_under_way: dict[str, subprocess.Popen[bytes]] = {}


@every(3600, name="knowledge.expire_entries")
def expire_entries() -> None:
    """At most an hour after midnight; nobody was told a past entry before that either."""
    actions.expire_entries(by=CLOCK)


@every(600, name="knowledge.learn_weights")
def learn_weights() -> None:
    """Start learning when entries have changed since what was learned last, also by another process before this one; every
    process swaps the new file in when it is there."""
    running = _under_way.get("child")
    if not settings.LINLI_LEARN or running is not None and running.poll() is None:
        return
    _under_way.clear()
    rows = index.served()
    newest = rows.order_by("-updated_at").values_list("id", "updated_at")[:1]
    mark = sha256(repr((tuple(newest), rows.count())).encode()).hexdigest()
    target = index.weights_file()
    if mark == apart.mark_of(target):
        return
    entries = [index.texts_of(e) for e in rows.order_by("id")]
    if any(len(texts) > 1 for _, texts, _ in entries):
        _under_way["child"] = apart.start_learning(entries, target, mark)
