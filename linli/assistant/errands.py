"""The scribe's errands: noted with the batch that they come from, run in a thread of their own, and never waited for.

The plain answer stands in the group before an errand begins and stands there unchanged when it fails. What is sent: for an
answer only public text (the entry's question and its answer as told here); for a word that was not understood its neutral
form, never of sealed, sensitive or urgent matters.
"""

import logging
import threading
from collections.abc import Mapping, Sequence
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db import connections

from linli.assistant.models import Errand
from linli.assistant.plans import Plan
from linli.assistant.scribe import tasks
from linli.assistant.scribe.client import Breaker, Endpoint, Failed
from linli.groups import actions as groups
from linli.groups.models import Message
from linli.kernel import clock, ids
from linli.kernel.actors import BOT
from linli.kernel.bulk import insert_rows
from linli.kernel.errors import LinliError
from linli.knowledge.models import Entry
from linli.orders import actions as orders
from linli.orders.models import Doubt, Order, Voice

log = logging.getLogger("linli.assistant")
LATE = timedelta(seconds=60)
"""An answer that old has been read; another wording of it would only disturb."""
KEPT = timedelta(days=7)
REMEMBERED = 500

breaker = Breaker()
_running = threading.Lock()
_said: dict[str, str] = {}


def endpoint() -> Endpoint | None:
    """Where the scribe is; None while there is none, which is how it comes."""
    if not settings.LINLI_SCRIBE_URL:
        return None
    return Endpoint(settings.LINLI_SCRIBE_URL, settings.LINLI_SCRIBE_MODEL, settings.LINLI_SCRIBE_KEY, settings.LINLI_SCRIBE_SECONDS)


def note(plans: Sequence[Plan], made: Mapping[int, Order]) -> None:
    """Inside the batch's transaction: what the scribe may do afterwards. Nothing at all while there is none."""
    if endpoint() is None:
        return
    now = clock.wall()
    rows = [Errand(id=ids.new(), kind=Errand.REWORD, subject_id=p.message.id, at=now) for p in plans if p.outcome == "answered"]
    unsure = [made[id(d)] for p in plans for d in p.drafts if d.unsure and not p.private]
    rows += [Errand(id=ids.new(), kind=Errand.FILL, subject_id=o.id, at=now) for o in unsure if not o.confidential and not o.urgency]
    insert_rows(rows)


def begin() -> None:
    """Run what waits, beside the caller; nothing when it runs already."""
    if endpoint() is None or not Errand.objects.filter(state=Errand.WAITING).exists() or _running.locked():
        return
    threading.Thread(target=_aside, daemon=True, name="scribe").start()


def _aside() -> None:
    if not _running.acquire(blocking=False):
        return
    try:
        run()
    except Exception:
        log.exception("the scribe's errands failed")
    finally:
        _running.release()
        connections.close_all()


def run() -> int:
    """Every waiting errand, the newest first. Returns how many were tried. Call it outside of a transaction."""
    tried = 0
    while (place := endpoint()) is not None:
        errand = Errand.objects.filter(state=Errand.WAITING).order_by("-id").first()
        if errand is None or not Errand.objects.filter(id=errand.id, state=Errand.WAITING).update(state=Errand.TAKEN):
            return tried
        tried += 1
        try:
            if clock.wall() - errand.at > LATE:
                raise Failed("late")
            (_reword if errand.kind == Errand.REWORD else _fill)(place, errand.subject_id)
            state, reason = Errand.DONE, ""
        except Failed as failed:
            state, reason = Errand.LEFT, failed.code
        except LinliError as gone:
            state, reason = Errand.LEFT, gone.code
        except Exception:
            log.exception("an errand of the scribe failed")
            state, reason = Errand.LEFT, "error"
        Errand.objects.filter(id=errand.id).update(state=state, reason=reason[:24])
    return tried


def _reword(place: Endpoint, message_id: UUID) -> None:
    reply = Message.objects.filter(reply_to=message_id, direction=Message.OUT, outcome="answer").order_by("id").first()
    entry = Entry.objects.filter(id=(reply.card if reply else {}).get("entry")).first()
    if reply is None or entry is None or entry.choices:
        raise Failed("gone")
    said = _said.get(reply.text)
    if said is None:
        said = tasks.reword(place, reply.text, entry.question, breaker)
        if len(_said) >= REMEMBERED:
            _said.clear()
        _said[reply.text] = said
    groups.reword_message(by=BOT, message_id=reply.id, words=said)


def _fill(place: Endpoint, order_id: UUID) -> None:
    doubt = Doubt.objects.filter(order_id=order_id, settled_at=None, order__confidential=False).first()
    voice = Voice.objects.filter(order_id=order_id, state=Voice.ACTIVE).order_by("id").first()
    words = tasks.sendable(voice.words) if doubt and voice else ""
    if not words:
        raise Failed("not_sent")
    guess = tasks.fill(place, words, breaker)
    orders.suggest_fields(by=BOT, order_id=order_id, kind=guess.kind, category=guess.category, place=guess.place)


def tidy() -> int:
    """Errands of last week go; one whose process died is left. Returns how many were removed."""
    now = clock.wall()
    Errand.objects.filter(state=Errand.TAKEN, at__lt=now - LATE).update(state=Errand.LEFT, reason="late")
    return Errand.objects.filter(at__lt=now - KEPT).delete()[0]
