"""Who may see and change the base data of a person: staff of the place who serve her at the door, and nobody else.

A Person is stamped with the community only, so a worker of one grid covers her whole community here.
"""

from uuid import UUID

from django.db.models import Q, QuerySet

from linli.grid.models import Area
from linli.kernel.actors import Actor, PostRef
from linli.kernel.errors import Forbidden, NotFound
from linli.kernel.roles import Role
from linli.residents.models import Person

READ = frozenset({
    Role.GRID_WORKER, Role.LINE_WORKER, Role.GRID_MANAGER, Role.COMMUNITY_HEAD, Role.DUTY_OFFICER, Role.FRONT_DESK,
    Role.COLLECTOR,
})  # fmt: skip
WRITE = READ - {Role.DUTY_OFFICER}
RIGHTS: dict[str, frozenset[Role]] = {
    "read": READ,
    "view_person": READ,
    "add_person": WRITE,
    "change_person": WRITE,
    "link_account": WRITE,
    "link_member": WRITE,
    "end_link": WRITE,
}


def _reach(post: PostRef) -> Q:
    if post.community_id:
        return Q(community_id=post.community_id)
    if post.street_id:
        return Q(community_id__in=Area.objects.filter(street_id=post.street_id, level=Area.COMMUNITY).values("id"))
    return Q()


def visible_to(actor: Actor) -> QuerySet[Person]:
    """The people whose base data the actor may know of; residents see their own through their own page only."""
    if actor.is_machine:
        return Person.objects.all()
    found = None
    for post in actor.posts if actor.kind == "worker" else ():
        if post.role in READ:
            found = _reach(post) if found is None else found | _reach(post)
    return Person.objects.none() if found is None else Person.objects.filter(found)


def may(actor: Actor, verb: str, community_id: UUID | None) -> bool:
    """May the actor do the verb for people of this community? Raises KeyError for an unknown verb."""
    roles = RIGHTS[verb]
    if actor.is_machine:
        return True
    if actor.kind != "worker":
        return False
    street_id = None
    for post in actor.posts:
        if post.role not in roles:
            continue
        if not post.street_id or (community_id and post.community_id == community_id):
            return True
        if community_id and not post.community_id:
            street_id = street_id or Area.objects.filter(id=community_id).values_list("street_id", flat=True).first()
            if post.street_id == street_id:
                return True
    return False


def ask(actor: Actor, verb: str, community_id: UUID | None) -> None:
    """Raises Forbidden unless `may`."""
    if not may(actor, verb, community_id):
        raise Forbidden()


def get(actor: Actor, person_id: UUID, verb: str = "read") -> Person:
    """The person, if the actor may know of and do this. Raises NotFound, Forbidden."""
    person = visible_to(actor).filter(id=person_id).first()
    if person is None:
        raise NotFound()
    ask(actor, verb, person.community_id)
    return person
