"""Who acts. An Actor is built once per request, immutable, and passed explicitly as `by=`."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID

from linli.kernel.roles import Role

KINDS = ("guest", "link", "resident", "worker", "bot", "clock", "system")


@dataclass(frozen=True, slots=True)
class PostRef:
    """One post of an account: a role at an area or organisation, for a line of duty ("" = every line).

    `area_codes` would be wrong here: filtering is by equality on the stamped ids, so the reach is one of
    street_id, community_id, grid_id (the narrowest that is set), or the whole district when none is set.
    """

    id: UUID
    role: Role
    street_id: UUID | None = None
    community_id: UUID | None = None
    grid_id: UUID | None = None
    org_id: UUID | None = None
    line: str = ""

    def reach(self) -> tuple[str, UUID | None]:
        """("grid_id" | "community_id" | "street_id" | "district", the id): what the post covers."""
        for name in ("grid_id", "community_id", "street_id"):
            value = getattr(self, name)
            if value:
                return name, value
        return "district", None

    def covers(self, *, street_id: UUID | None, community_id: UUID | None, grid_id: UUID | None) -> bool:
        """Does the post's reach hold a row stamped with these ids?"""
        name, value = self.reach()
        stamped = {"street_id": street_id, "community_id": community_id, "grid_id": grid_id}
        return name == "district" or stamped[name] == value


@dataclass(frozen=True, slots=True)
class Actor:
    """kind: one of KINDS; id: account id for residents and workers, member or voice id for links."""

    kind: str
    id: UUID | None = None
    posts: tuple[PostRef, ...] = ()
    purpose: str = ""
    name: str = field(default="", compare=False)

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"unknown kind of actor: {self.kind}")

    def with_role(self, *roles: Role) -> Iterable[PostRef]:
        """The posts that have one of the roles."""
        return (p for p in self.posts if p.role in roles)

    def has_role(self, *roles: Role) -> bool:
        """True when some post has one of the roles."""
        return any(p.role in roles for p in self.posts)

    @property
    def is_machine(self) -> bool:
        """bot, clock or system: the product itself acts."""
        return self.kind in ("bot", "clock", "system")


GUEST = Actor("guest")
BOT = Actor("bot", name="小栖")
CLOCK = Actor("clock", name="时钟")
SYSTEM = Actor("system", name="系统")
