"""The worker process: waiting words, deliveries, periodic jobs; asleep on a datagram socket in between."""

import logging
import os
import select
import socket
from collections.abc import Callable

from django.conf import settings
from django.db import DatabaseError, close_old_connections, connection, connections

from linli.assistant import intake
from linli.kernel import clock
from linli.ledger import clockrow, datagram, delivery
from linli.site.wakes import Notified, is_postgres

log = logging.getLogger("linli.worker")
LONGEST_PAUSE = 30.0


class Worker:
    """`run()` until `stop()`, which may be called from a signal handler or another thread."""

    def __init__(self) -> None:
        self._ending = False
        self._ring, self._bell = socket.socketpair()
        self._pause = 0.0
        self._ticked = 0.0

    def stop(self, *_: object) -> None:
        """End after the batch that runs now."""
        self._ending = True
        self._bell.send(b"x")

    def run(self) -> None:
        """Work until told to stop; a database that is away for a while only makes it wait."""
        name = f"{os.getpid()}-{id(self):x}"
        sock = datagram.listen("work", name)
        told = Notified("work") if settings.LINLI_PG_NOTIFY and is_postgres() else None
        if told:
            told.start()
        try:
            while not self._ending:
                busy = self._guarded(self.step)
                if not busy and not self._ending:
                    close_old_connections()
                    select.select([sock, self._ring], [], [], self._pause or 1.0)
                    datagram.drain(sock)
        finally:
            if told:
                told.stop()
            datagram.close(sock)
            connections.close_all()

    def _guarded(self, work: Callable[[], int]) -> int:
        try:
            done = work()
            self._pause = 0.0
            return done
        except DatabaseError as exc:
            self._pause = min(max(self._pause * 2, 0.5), LONGEST_PAUSE)
            log.warning("the database does not answer, again in %.1f s: %s", self._pause, type(exc).__name__)
        except Exception:
            self._pause = min(max(self._pause * 2, 0.5), LONGEST_PAUSE)
            log.exception("a turn of the worker failed, again in %.1f s", self._pause)
        if not connection.in_atomic_block:
            connection.close()
        return 0

    def step(self) -> int:
        """One turn: a batch of words, a batch of deliveries, and each second what is due by the clock."""
        done = intake.take_in(limit=400)
        done += delivery.run_once()
        now = clock.wall().timestamp()
        if now - self._ticked >= 1:
            self._ticked = now
            if settings.LINLI_DEMO:
                clockrow.heartbeat()
            delivery.run_periodics()
        return done
