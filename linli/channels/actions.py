"""The only writer of mappings and batches of old orders."""

import logging
import os
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from itertools import islice
from pathlib import Path
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from linli.channels import access
from linli.channels.archive import mapping, rows
from linli.channels.archive.rows import PORTION, Places, Read, Wrong
from linli.channels.bulk.source import Unreadable
from linli.channels.models import Batch, SheetMapping
from linli.files import vault
from linli.kernel import clock, ids
from linli.kernel.actors import SYSTEM, Actor
from linli.kernel.errors import BadInput, NotFound, WrongState
from linli.ledger.record import Row, record
from linli.orders import actions as orders

log = logging.getLogger("linli.channels")
SHOWN = 200
LEASE = timedelta(minutes=1)
MOST_BYTES = 64 * 1024 * 1024


@transaction.atomic
def save_mapping(*, by: Actor, name: str, columns: mapping.Columns) -> SheetMapping:
    """Keep a mapping under a name; the same name again replaces it. Raises Forbidden, BadInput."""
    access.ask(by, "save_mapping")
    name = name.strip()
    if not name or len(name) > 40:
        raise BadInput("请给对照表起个名字（40 字以内），下次同一个系统导出的表直接用。", "missing_name")
    row, _ = SheetMapping.objects.update_or_create(
        name=name, defaults={"data": columns.data(), "account_id": by.id, "made_at": clock.now()}
    )
    record(by, "channels.save_mapping", Row("mapping", row.id, facts={"columns": sum(map(len, columns.columns.values()))}))
    return row


@transaction.atomic
def begin_batch(*, by: Actor, name: str, columns: mapping.Columns, total: int = 0, data: bytes = b"") -> Batch:
    """A file that is going to be filed. `data`: its content, where a worker process files it later; it lies sealed in the vault
    until then. Raises Forbidden, BadInput."""
    access.ask(by, "begin_batch")
    if len(data) > MOST_BYTES:
        raise BadInput("这份表超过 64 MB，请按年份拆开，或者请管理员用 linli import orders 导。", "too_large")
    where = access.communities(by)
    batch = Batch.objects.create(
        name=name[:200], mapping=columns.data(), total=total, account_id=by.id, made_at=clock.now(),
        sha256=vault.put(data) if data else "", state=Batch.LOOKED if data else Batch.RUNNING,
        communities=None if where is None else sorted(str(i) for i in where),
    )  # fmt: skip
    record(by, "channels.begin_batch", Row("batch", ids.new(), facts={"batch": batch.code}))
    return batch


@transaction.atomic
def start_batch(*, by: Actor, batch: Batch, columns: mapping.Columns) -> None:
    """The mapping was looked at: a worker may file it. Raises Forbidden, BadInput when a column is missing, WrongState."""
    access.ask(by, "begin_batch")
    if missing := columns.missing():
        raise BadInput(f"还没选：{'、'.join(missing)}。", "missing_columns")
    if not Batch.objects.filter(id=batch.id, state=Batch.LOOKED).update(state=Batch.WAITING, mapping=columns.data()):
        raise WrongState("这份表已经在导了。")
    record(by, "channels.start_batch", Row("batch", ids.new(), facts={"batch": batch.code}))


@transaction.atomic
def file_portion(*, by: Actor, batch: Batch, found: Sequence[Read | Wrong]) -> None:
    """File some hundred lines and count them, in one transaction. `batch` is brought up to date."""
    reads = [r for r in found if isinstance(r, Read)]
    filed = orders.file_history(by=by, batch=batch.code, old=[r.old for r in reads])
    taken = {id(reads[n]) for n in filed.taken}
    wrongs = [w if isinstance(w, Wrong) else _number_taken(w) for w in found if isinstance(w, Wrong) or id(w) in taken]
    batch.lines += len(found)
    batch.new += len(filed.made)
    batch.known += filed.known
    batch.wrong += len(wrongs)
    batch.problems += [[w.sheet, w.line, w.why] for w in wrongs[: max(0, SHOWN - len(batch.problems))]]
    batch.save(update_fields=["lines", "new", "known", "wrong", "problems"])


def _number_taken(row: Read) -> Wrong:
    return Wrong(row.sheet, row.line, f"编号 {row.old.number} 已经用过，内容却不一样")


@transaction.atomic
def end_batch(*, by: Actor, batch: Batch, state: str = Batch.DONE) -> None:
    """The file is through, or cannot be read on; its content is dropped."""
    batch.state, batch.finished_at, sha256, batch.sha256 = state, clock.now(), batch.sha256, ""
    batch.save(update_fields=["state", "finished_at", "sha256", "problems"])
    record(by, "channels.end_batch", Row("batch", ids.new(), facts={"batch": batch.code, "new": batch.new, "wrong": batch.wrong}))
    if sha256 and not Batch.objects.filter(sha256=sha256).exists():
        transaction.on_commit(lambda: vault.drop(sha256))


def take_back_batch(*, by: Actor, batch: Batch, at_most: int = 0) -> int:
    """Remove what a batch filed, in portions; may be called again after a break. Returns how many orders went. `at_most`: more than that
    (0: all) are left to the worker.

    Raises Forbidden; NotFound for a batch of places that are not hers; WrongState while it is being filed."""
    access.ask(by, "take_back_batch")
    where = access.communities(by)
    if where is not None and (batch.communities is None or not {UUID(i) for i in batch.communities} <= where):
        raise NotFound("没有这一批。")
    if batch.state in (Batch.WAITING, Batch.RUNNING) and batch.sha256:
        raise WrongState("这一批还在导，导完才能撤回。")
    with transaction.atomic():
        Batch.objects.filter(id=batch.id).update(state=Batch.LEAVING)
        record(by, "channels.take_back_batch", Row("batch", ids.new(), facts={"batch": batch.code}))
    gone = 0
    while n := orders.take_back_history(by=SYSTEM, batch=batch.code):
        gone += n
        if at_most and gone >= at_most:
            return gone
    Batch.objects.filter(id=batch.id).update(state=Batch.GONE)
    return gone


def finish_leaving(*, seconds: float = 0.8) -> None:
    """Go on with batches that are being taken back, for a moment."""
    until = time.monotonic() + seconds
    for batch in Batch.objects.filter(state=Batch.LEAVING).order_by("id"):
        while n := orders.take_back_history(by=SYSTEM, batch=batch.code):
            if time.monotonic() > until:
                return
        if not n:
            Batch.objects.filter(id=batch.id, state=Batch.LEAVING).update(state=Batch.GONE)


def file_batches(*, seconds: float = 0.8) -> int:
    """Go on with the file that waits longest, for a moment; a worker that dies is followed by another one, which finds what
    is filed already and goes on. Returns how many lines were read."""
    now = clock.wall()
    me = f"{os.getpid()}:{_BORN}"
    free = Q(held_until=None) | Q(held_until__lt=now) | Q(holder=me)
    batch = Batch.objects.filter(free, state__in=(Batch.WAITING, Batch.RUNNING)).exclude(sha256="").order_by("id").first()
    if batch is None:
        return 0
    mine = Batch.objects.filter(free, id=batch.id)
    if not mine.update(holder=me, held_until=now + LEASE, state=Batch.RUNNING):
        return 0
    batch.state, began, done = Batch.RUNNING, batch.lines, 0
    try:
        reader = _reader(batch)
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            found = list(islice(reader, PORTION))
            if not found:
                end_batch(by=SYSTEM, batch=batch)
                break
            file_portion(by=SYSTEM, batch=batch, found=found)
            done = batch.lines - began
    except (Unreadable, vault.Unreadable, NotFound) as exc:
        log.warning("batch %s cannot be read on: %s", batch.code, type(exc).__name__)
        batch.problems += [["", 0, str(exc)[:300]]]
        end_batch(by=SYSTEM, batch=batch, state=Batch.BROKEN)
    if batch.state != Batch.RUNNING:
        _readers.pop(batch.id, None)
    return done


_BORN = ids.new().hex[:8]
_readers: dict[int, tuple[int, Iterator[Read | Wrong]]] = {}


def _reader(batch: Batch) -> Iterator[Read | Wrong]:
    """The lines that are still to be filed: this process's own reader, where it stands at the right line, else a new one."""
    kept = _readers.get(batch.id)
    reader = kept[1] if kept and kept[0] == batch.lines else None
    if reader is None:
        reader = _lines(batch)
        for _ in islice(reader, batch.lines):
            pass

    def counted() -> Iterator[Read | Wrong]:
        at = batch.lines
        for row in reader:
            at += 1
            _readers[batch.id] = (at, reader)
            yield row

    _readers.clear()  # one file at a time is open
    return counted()


def _lines(batch: Batch) -> Iterator[Read | Wrong]:
    columns = mapping.parse(batch.mapping)
    known = Places(None if batch.communities is None else {UUID(i) for i in batch.communities})
    with unsealed(batch) as path:
        yield from rows.read(path, columns, known, batch=batch.code, name=batch.name)


@contextmanager
def unsealed(batch: Batch) -> Iterator[Path]:
    """The content of a batch's file under a path, for as long as it is needed. Raises NotFound, vault.Unreadable."""
    with tempfile.NamedTemporaryFile(prefix="linli-import-") as file:
        file.write(vault.get(batch.sha256))
        file.flush()
        yield Path(file.name)
