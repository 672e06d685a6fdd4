"""From an account to the Actor of a request."""

from linli.accounts.models import Account
from linli.grid import selectors
from linli.grid.models import Area, Post
from linli.kernel.actors import GUEST, Actor, PostRef
from linli.kernel.roles import Role


def post_ref(post: Post) -> PostRef:
    """A Post row as the kernel's immutable reference."""
    area: Area | None = post.area
    level = area.level if area else ""
    return PostRef(
        id=post.id,
        role=Role(post.role),
        street_id=area.id if area and level == Area.STREET else (area.street_id if area else None),
        community_id=area.id if area and level == Area.COMMUNITY else (area.community_id if area else None),
        grid_id=area.id if area and level == Area.GRID else None,
        org_id=post.org_id,
        line=post.line,
    )


def actor_for(account: Account | None, purpose: str = "") -> Actor:
    """Build the Actor once per request. A stopped account is a guest."""
    if account is None or not account.is_active:
        return GUEST
    if account.kind == Account.RESIDENT:
        return Actor("resident", account.id, purpose=purpose, name=account.name)
    posts = tuple(post_ref(p) for p in selectors.posts_of(account.id))
    return Actor("worker", account.id, posts=posts, purpose=purpose, name=account.name)
