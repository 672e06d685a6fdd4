"""Who is what, where, until when."""

from datetime import date, timedelta
from uuid import UUID

from django.db import transaction

from linli.accounts.models import Account
from linli.grid import access, selectors
from linli.grid.actions.common import row_at
from linli.grid.models import Area, Organisation, Post
from linli.kernel import clock
from linli.kernel.actors import Actor
from linli.kernel.errors import BadInput, NotFound
from linli.kernel.roles import Role
from linli.ledger.record import record


@transaction.atomic
def add_post(
    *, by: Actor, account_id: UUID, role: Role | str, area: Area | None = None, org: Organisation | None = None,
    line: str = "", title: str = "", starts: date | None = None, ends: date | None = None,
) -> Post:  # fmt: skip
    """Give an account a role at an area (None: the whole district) or organisation, for a line of duty and a period.

    The same post in force is given back. Raises NotFound for an unknown account, BadInput for an unknown role or a
    period that ends before it starts, Forbidden.
    """
    access.ask(by, "add_post", area)
    try:
        role = Role(role)
    except ValueError as exc:
        raise BadInput("没有这个角色。", "bad_role") from exc
    if starts and ends and ends < starts:
        raise BadInput("结束的日子要在开始之后。", "bad_period")
    if not Account.objects.filter(id=account_id).exists():
        raise NotFound("没有找到这个账号。")
    line, title = line.strip()[:24], title.strip()[:32]
    for post in Post.objects.filter(account_id=account_id, role=role.value, area=area, org=org, line=line):
        if selectors.in_force(post) and (post.starts, post.ends) == (starts, ends):
            return post
    post = Post.objects.create(
        account_id=account_id, role=role.value, area=area, org=org, line=line, title=title, starts=starts, ends=ends
    )
    facts = {"account": str(account_id), "role": role.value}
    record(by, "grid.add_post", row_at("post", post.id, area, facts))
    return post


@transaction.atomic
def end_post(*, by: Actor, post_id: UUID, last_day: date | None = None) -> Post:
    """The post is in force to the end of `last_day` (default: yesterday, so it ends at once). Raises NotFound."""
    post = Post.objects.select_related("area").filter(id=post_id).first()
    if post is None:
        raise NotFound("没有找到这个岗位。")
    access.ask(by, "end_post", post.area)
    day = last_day or clock.today() - timedelta(days=1)
    if post.ends is None or post.ends > day:
        post.ends = day
        post.save(update_fields=["ends"])
        facts = {"account": str(post.account_id), "role": post.role, "last_day": day.isoformat()}
        record(by, "grid.end_post", row_at("post", post.id, post.area, facts))
    return post
