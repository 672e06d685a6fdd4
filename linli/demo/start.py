"""Make the demo ready, once; then only let its clock go on. Prints each phase's seconds and whom to log in as."""

import shutil
import sys
import time
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.db import transaction

from linli.demo import cast, past
from linli.demo.people import NEIGHBOURS, PASSWORD, WORKERS
from linli.kernel import clock
from linli.kernel.roles import LABELS, Role
from linli.ledger import clockrow

DAYS = 30
#: where somebody with a role begins; the first that she has counts
DESK = "/desk/"
HOME = "/"
RESIDENTS = frozenset({Role.RESIDENT, Role.PARTY_MEMBER})
FILES = ("simulator.json", "simulator-status.json")


def say(line: str) -> None:
    """One line for whoever started us."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


@contextmanager
def phase(name: str, told: Callable[[str], None]) -> Iterator[None]:
    """Tell how many seconds a phase took."""
    began = time.perf_counter()
    yield
    told(f"{name}：{time.perf_counter() - began:.1f} 秒")


def prepare(*, days: int = DAYS, told: Callable[[str], None] = say) -> None:
    """Tables, cast, past and clock. Safe to call again: what is there stays, and the clock goes on from its minute.

    Raises ImproperlyConfigured outside demo mode.
    """
    _only_demo()
    with phase("数据表", told):
        call_command("migrate", verbosity=0, interactive=False)
    if cast.loaded():
        cast.seed()
        clockrow.start()
    else:
        end = clock.wall()
        # Cast, past and clock together: whoever interrupts the first start finds an empty database, not half a past.
        with transaction.atomic():
            with phase("人和地方", told):
                cast.load()
            with phase(f"{days} 天的往事", told):
                messages, orders = past.make_past(days, end=end)
            clockrow.start(at=end, speed=1.0)
        told(f"往事里有 {messages} 条消息、{orders} 张工单")
    for line in guide():
        told(line)


def reset() -> None:
    """Empty the demo's database and folders; the next `prepare` begins at today. Raises ImproperlyConfigured."""
    _only_demo()
    call_command("flush", verbosity=0, interactive=False)
    clockrow.forget()
    shutil.rmtree(settings.LINLI_FILES, ignore_errors=True)
    for name in FILES:
        (Path(settings.LINLI_VAR) / name).unlink(missing_ok=True)


def _only_demo() -> None:
    if not settings.LINLI_DEMO:
        raise ImproperlyConfigured("LINLI_DEMO is not set: the demo never touches a database with real people")


def guide() -> Iterator[str]:
    """Where to look, and whom to log in as, role by role."""
    yield ""
    yield "看看这里：  /  居民首页（不用登录）    /desk/  工作台    /styleguide  界面样本    /desk/simulator/  演示的快慢"
    yield f"登录（密码都是 {PASSWORD}；演示里也可以在登录页直接点名字）："
    yield _row("角色", "姓名", "登录名", "从哪里看起")
    for role, name, login in who():
        yield _row(LABELS[role], name, login, HOME if role in RESIDENTS else DESK)
    yield ""


def who() -> Iterator[tuple[Role, str, str]]:
    """One person for each role of the closed list: (role, name, log-in name)."""
    people = [(post[0], w.name, w.key) for w in WORKERS for post in w.posts]
    people += [(role, n.nickname, n.key) for n in NEIGHBOURS if n.groups for role in n.roles]
    for role in Role:
        yield next(row for row in people if row[0] == role)


def _row(*cells: str) -> str:
    """Columns that stand under each other, Chinese characters counted as two."""
    widths = (18, 12, 16, 0)
    out = ""
    for cell, width in zip(cells, widths, strict=True):
        wide = sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in cell)
        out += cell + " " * max(width - wide, 1)
    return f"  {out.rstrip()}"
