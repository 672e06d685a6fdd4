"""Letters and text messages go out beside the worker's other work, so that a slow server holds up nobody's word."""

import logging
from concurrent.futures import Future, ThreadPoolExecutor

from django.core.exceptions import ImproperlyConfigured
from django.db import connections

from linli.channels.outside import words
from linli.kernel import clock
from linli.kernel.errors import BadInput
from linli.notices import sms
from linli.notices.models import Sending, Way
from linli.notices.outside import actions, mail

log = logging.getLogger("linli.outside")
THREADS = 2
_pool = ThreadPoolExecutor(THREADS, thread_name_prefix="outside")
_running: list[Future[int]] = []


def send_outside() -> None:
    """Owe what has to go out; send what is due, each thread one after another."""
    actions.give_up_taken()
    actions.owe()
    _running[:] = [f for f in _running if not f.done()]
    waiting = Sending.objects.filter(state=Sending.PENDING, due_at__lte=clock.wall())[:THREADS].count()
    for _ in range(min(waiting, THREADS - len(_running))):
        _running.append(_pool.submit(_in_thread))


def _in_thread() -> int:
    try:
        return send_due()
    except Exception:
        log.exception("sending notices failed")
        return 0
    finally:
        connections.close_all()


def send_due(most: int = 200) -> int:
    """Send what is due, one after another. Returns how many were taken."""
    for made in range(most):
        sending = actions.take()
        if sending is None:
            return made
        make(sending)
    return most


def make(sending: Sending) -> None:
    """One call, outside any transaction, and what came of it. Never raises for what the other side does."""
    said = words.of(sending)
    if said is None:
        actions.settle(sending, Sending.DROPPED)
        return
    try:
        if sending.channel == Way.MAIL:
            mail.send(said.to, said.subject, said.text, sending.id.hex)
        else:
            sms.send_notice(said.to, said.short)
    except mail.Unsure as exc:
        actions.settle(sending, Sending.UNSURE, str(exc))
    except mail.Unsent as exc:
        if exc.again:
            actions.try_later(sending, str(exc))
        else:
            actions.settle(sending, Sending.FAILED, str(exc))
    except BadInput:
        actions.settle(sending, Sending.FAILED, "bad number")
    except ImproperlyConfigured:
        actions.try_later(sending, "settings")
    else:
        actions.settle(sending, Sending.SENT)
