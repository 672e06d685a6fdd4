"""From an account to the Actor of a request; who may change places and duty."""

from uuid import UUID

from linli.accounts.models import Account
from linli.grid import selectors
from linli.grid.models import Area, Post
from linli.kernel.actors import GUEST, Actor, PostRef
from linli.kernel.errors import Forbidden
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


# Who looks at places, colleagues and duty from the desk: staff, not firms or the property company.
NO_POST = frozenset({Role.RESIDENT, Role.PARTY_MEMBER})
OUTSIDE = NO_POST | {
    Role.GROUP_OWNER, Role.PROPERTY, Role.FIRM, Role.MERCHANT, Role.SOCIAL_ORG, Role.GOLDEN_EYE, Role.DEPUTY,
}  # fmt: skip
SEE = frozenset(Role) - OUTSIDE
#: roles that carry orders and so stand on rosters or in for each other
ON_DUTY = frozenset({
    Role.GRID_WORKER, Role.LINE_WORKER, Role.COMMUNITY_HEAD, Role.DUTY_OFFICER, Role.GRID_MANAGER, Role.FRONT_DESK,
    Role.STREET_SECTION, Role.STABILITY_CENTRE,
})  # fmt: skip

#: who may open room numbers: those who go to the doors (`residents.access.READ`), in their whole community
DOORS = frozenset({
    Role.GRID_WORKER, Role.LINE_WORKER, Role.GRID_MANAGER, Role.COMMUNITY_HEAD, Role.DUTY_OFFICER, Role.FRONT_DESK,
    Role.COLLECTOR,
})  # fmt: skip

# Who may change places, colleagues, duty and working time. The reach of the post must hold the place, but for the system's
# administrator, who sets up the whole district.
SETTERS = frozenset({Role.ADMIN_SYSTEM})
ROSTER = SETTERS | {Role.COMMUNITY_HEAD, Role.STREET_LEADER}
HOURS = ROSTER | {Role.BIG_DATA}
RIGHTS: dict[str, frozenset[Role]] = {
    "add_area": SETTERS,
    "change_area": SETTERS,
    "restore_area": SETTERS,
    "add_organisation": SETTERS,
    "change_organisation": SETTERS,
    "add_building": SETTERS,
    "change_building": SETTERS,
    "add_homes": SETTERS,
    "view_homes": DOORS,
    "add_post": SETTERS,
    "end_post": SETTERS,
    "change_colleague": SETTERS,
    "renew_link": SETTERS,
    "add_absence": ROSTER,
    "end_absence": ROSTER,
    "set_roster_shift": ROSTER,
    "remove_roster_shift": ROSTER,
    "set_hours": HOURS,
    "drop_hours": HOURS,
    "set_special_days": HOURS,
    "drop_special_days": HOURS,
}
#: what is done for the whole district, by whom besides the administrator
DISTRICT = {verb: frozenset({Role.BIG_DATA}) for verb in ("set_hours", "drop_hours", "set_special_days", "drop_special_days")}
#: a worker of one grid does these in her whole community: people come to her counter, not to a polygon
WHOLE_COMMUNITY = frozenset({"view_homes"})


def may(actor: Actor, verb: str, area: Area | None) -> bool:
    """May the actor do the verb at this place (None: the whole district)? The system's administrator anywhere; a
    community's head and a street's leader within their own reach. Raises KeyError for an unknown verb."""
    roles = RIGHTS[verb]
    if actor.is_machine:
        return True
    if actor.kind != "worker":
        return False
    whole = area is None or area.level == Area.DISTRICT
    for post in actor.posts:
        if post.role not in roles:
            continue
        if post.role == Role.ADMIN_SYSTEM:
            return True
        if area is None or whole:
            if post.role in DISTRICT.get(verb, ()) and post.reach()[0] == "district":
                return True
            continue
        grid_id = area.id if area.level == Area.GRID else None
        if post.covers(street_id=area.street_id, community_id=area.community_id, grid_id=grid_id):
            return True
        if verb in WHOLE_COMMUNITY and post.community_id and post.community_id == area.community_id:
            return True
    return False


def ask(actor: Actor, verb: str, area: Area | None) -> None:
    """Raises Forbidden unless `may`."""
    if not may(actor, verb, area):
        raise Forbidden()


#: where the duty book looks for them (`grid.duty`): a post at another level would never be found
POST_AT: dict[Role, tuple[str, ...]] = {
    Role.GRID_WORKER: (Area.GRID, Area.COMMUNITY),
    Role.COMMUNITY_HEAD: (Area.COMMUNITY,),
    Role.DUTY_OFFICER: (Area.STREET,),
    Role.STREET_LEADER: (Area.STREET,),
    Role.STABILITY_CENTRE: (Area.STREET,),
    Role.CENTRE: (Area.DISTRICT,),
    Role.ADMIN_SYSTEM: (Area.DISTRICT,),
    Role.ADMIN_SECURITY: (Area.DISTRICT,),
    Role.ADMIN_AUDIT: (Area.DISTRICT,),
}


def sees_colleague(actor: Actor, account_id: UUID) -> bool:
    """May the actor look at a colleague's page: the administrator, or whoever keeps the roster of a place of hers?"""
    areas = [p.area for p in selectors.roles_of(account_id)] or [None]
    return any(may(actor, "change_colleague", a) or may(actor, "add_absence", a) for a in areas)


def home_area(account_id: UUID) -> Area | None:
    """Where a colleague works: the area of her first post in force; None for the district or for nobody."""
    posts = sorted(selectors.posts_of(account_id), key=lambda p: p.id)
    return next((p.area for p in posts if p.area), None)
