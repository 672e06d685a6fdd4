"""Who is what, where, until when."""

from datetime import date, timedelta
from uuid import UUID

from django.db import transaction

from linli.accounts.models import Account
from linli.grid import access, selectors
from linli.grid.actions.common import locked, row_at
from linli.grid.models import Area, Organisation, Post
from linli.kernel import clock
from linli.kernel.actors import Actor
from linli.kernel.errors import BadInput, Conflict, NotFound
from linli.kernel.roles import Role
from linli.ledger.record import record


@transaction.atomic
def add_post(
    *, by: Actor, account_id: UUID, role: Role | str, area: Area | None = None, org: Organisation | None = None,
    line: str = "", title: str = "", starts: date | None = None, ends: date | None = None,
) -> Post:  # fmt: skip
    """Give an account a role at an area (None: the whole district) or organisation, for a line of duty and a period.

    The same post of the same period is given back. Raises NotFound for an unknown account, BadInput for an unknown role or a
    period that ends before it starts, Forbidden.
    """
    access.ask(by, "add_post", area)
    try:
        role = Role(role)
    except ValueError as exc:
        raise BadInput("没有这个角色。", "bad_role") from exc
    if starts and ends and ends < starts:
        raise BadInput("结束的日子要在开始之后。", "bad_period")
    # Held, so that two presses at the same moment make one post.
    if locked(Account.objects.filter(id=account_id)).first() is None:
        raise NotFound("没有找到这个账号。")
    line, title = line.strip()[:24], title.strip()[:32]
    same = Post.objects.filter(account_id=account_id, role=role.value, area=area, org=org, line=line)
    there = same.filter(starts=starts, ends=ends).first()
    if there:
        return there
    post = Post.objects.create(
        account_id=account_id, role=role.value, area=area, org=org, line=line, title=title, starts=starts, ends=ends
    )
    facts = {"account": str(account_id), "role": role.value}
    record(by, "grid.add_post", row_at("post", post.id, area, facts))
    return post


@transaction.atomic
def end_post(*, by: Actor, post_id: UUID, last_day: date | None = None) -> Post:
    """The post is in force to the end of `last_day` (default: yesterday, so it ends at once). Raises NotFound."""
    rows = Post.objects.select_related("area").filter(id=post_id)
    post = rows.first()
    if post is None:
        raise NotFound("没有找到这个岗位。")
    access.ask(by, "end_post", post.area)
    day = last_day or clock.today() - timedelta(days=1)
    if post.role == Role.ADMIN_SYSTEM:
        keep_an_admin(day, post_id=post.id)
    post = locked(rows).get()
    if post.ends is None or post.ends > day:
        post.ends = day
        post.save(update_fields=["ends"])
        facts = {"account": str(post.account_id), "role": post.role, "last_day": day.isoformat()}
        record(by, "grid.end_post", row_at("post", post.id, post.area, facts))
    return post


def keep_an_admin(day: date, *, post_id: UUID | None = None, account_id: UUID | None = None) -> None:
    """Raises Conflict when after this day nobody would be left to administer but by this post or account. Holds all
    administrators' posts, so that two of them cannot take each other away at the same moment."""
    admins = list(locked(Post.objects.filter(role=Role.ADMIN_SYSTEM).order_by("id")))
    if not any(p.id == post_id or (p.account_id == account_id and selectors.in_force(p)) for p in admins):
        return
    stay = {
        p.account_id for p in admins
        if p.id != post_id and p.account_id != account_id and selectors.in_force(p) and (p.ends is None or p.ends > day)
    }  # fmt: skip
    if not Account.objects.filter(id__in=stay, kind=Account.STAFF, is_active=True).exists():
        raise Conflict("这是最后一位系统管理员，先给另一位同事加上这个岗位。", "last_admin")
