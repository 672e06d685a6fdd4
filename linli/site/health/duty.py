"""Is there a person behind each minute of the next seven days?"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from linli.accounts.models import Account
from linli.grid import selectors as places
from linli.grid.duty import DutyBook
from linli.grid.duty import book as duty_book
from linli.grid.models import Area, Post
from linli.grid.selectors import Stamp
from linli.kernel import clock
from linli.kernel.roles import Role
from linli.site.health.report import BAD, OK, WARN, Finding

DAYS, STEP = 7, timedelta(minutes=30)
SHOWN = 8


def check_people() -> Iterator[Finding]:
    """Somebody who may administer; a head for each community, a worker for each grid."""
    posts = [p for p in Post.objects.select_related("area") if places.in_force(p)]
    active = {a.id: a for a in Account.objects.filter(kind=Account.STAFF, is_active=True)}
    admins = [active[p.account_id] for p in posts if p.role == Role.ADMIN_SYSTEM and p.account_id in active]
    if not admins:
        yield Finding("人员", BAD, "没有系统管理员", "运行 linli init")
    elif not any(a.has_usable_password() for a in admins):
        yield Finding("人员", WARN, "系统管理员还没设密码", f"linli init --link {admins[0].login}")
    for level, role, what in (
        (Area.COMMUNITY, Role.COMMUNITY_HEAD, "社区没有社区书记"),
        (Area.GRID, Role.GRID_WORKER, "网格没有责任社工，由同社区的同事顶上"),
    ):
        held = {p.area.id for p in posts if p.role == role and p.area and p.account_id in active}
        lacking = [a.name for a in places.areas(level) if a.id not in held]
        if lacking:
            yield Finding(
                "人员",
                WARN,
                f"{len(lacking)} 个{what}：{_some(lacking)}",
                "在工作台或开通用表的“岗位”里补上。",
            )
    if not Area.objects.exists():
        yield Finding(
            "人员",
            WARN,
            "还没有导入区、街道、社区",
            "linli init --template 开通.xlsx，填好后 linli init --from",
        )
    elif admins:
        yield Finding("人员", OK, f"{len(active)} 位工作人员，{len(posts)} 个岗位")


def check_roster() -> Iterator[Finding]:
    """Gaps of the roster: minutes for which the centre or a leader would have to stand in, or nobody at all."""
    communities = places.areas(Area.COMMUNITY)
    if not communities:
        return
    book = duty_book()
    if not book.centre():
        yield Finding(
            "值班",
            WARN,
            "没有云平台中心的岗位：值班表空着的时候，事情落到社区书记或街道领导手里",
            "设一个“云平台中心”岗位（全区）。",
        )
    gaps: dict[str, list[str]] = {}
    nobody = False
    for area in communities:
        if area.street_id is None:
            continue
        spans, empty = _gaps(book, Stamp(area.street_id, area.id))
        nobody = nobody or empty
        for span in spans:
            gaps.setdefault(span, []).append(area.name)
    for span, names in list(gaps.items())[:SHOWN]:
        level = BAD if nobody else WARN
        yield Finding(
            "值班",
            level,
            f"{span} 没有人值班：{_some(names)}",
            "在工作台的值班表，或开通用表的“值班”里排上。",
        )
    if len(gaps) > SHOWN:
        yield Finding("值班", WARN, f"另有 {len(gaps) - SHOWN} 段时间没有人值班")
    if not gaps:
        yield Finding("值班", OK, f"今后 {DAYS} 天，每一刻都有人接")


def _gaps(book: DutyBook, stamp: Stamp) -> tuple[list[str], bool]:
    """Spans without anybody on duty at a community, as people read them; and whether the last resort is lacking too."""
    at = clock.now()
    end = at + timedelta(days=DAYS)
    spans: list[tuple[datetime, datetime]] = []
    empty = False
    while at < end:
        holder = book.holder(stamp, at)
        if holder.via == "gap":
            empty = empty or holder.account_id is None
            if spans and spans[-1][1] == at:
                spans[-1] = (spans[-1][0], at + STEP)
            else:
                spans.append((at, at + STEP))
        at += STEP
    return [f"{clock.local(a):%m-%d %H:%M} 至 {clock.local(b):%m-%d %H:%M}" for a, b in spans], empty


def _some(names: list[str]) -> str:
    return "、".join(names[:3]) + (f" 等 {len(names)} 个" if len(names) > 3 else "")
