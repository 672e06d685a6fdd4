"""Who writes, approves and answers. Entries are public answers: all staff read them.

A department's queue is seen by its own people (a post as DEPARTMENT or DISTRICT_BODY whose line is the department's
name) and by editors within the reach of their posts; the centre sees all, so that a department without people is seen.
"""

from django.db.models import Q, QuerySet

from linli.kernel.actors import Actor
from linli.kernel.errors import Forbidden, NotFound
from linli.kernel.roles import Role
from linli.knowledge.models import Entry, Gap

R = Role
EDITORS = frozenset({R.COMMUNITY_HEAD, R.CENTRE, R.DISTRICT_BODY, R.STREET_SECTION, R.LINE_WORKER})
OFFICES = frozenset({R.DEPARTMENT, R.DISTRICT_BODY})
OUTSIDE = frozenset({R.PROPERTY, R.FIRM, R.MERCHANT, R.SOCIAL_ORG, R.GOLDEN_EYE, R.GROUP_OWNER, R.RESIDENT, R.PARTY_MEMBER})


def may_edit(actor: Actor) -> bool:
    """May this actor approve, change and retire entries, and fill in local facts?"""
    return actor.is_machine or actor.has_role(*EDITORS)


def ask_edit(actor: Actor) -> None:
    """Raises Forbidden unless `may_edit`."""
    if not may_edit(actor):
        raise Forbidden("您的岗位可以看知识库，改动请告诉社区书记或平台中心。")


def may_write(actor: Actor) -> bool:
    """May this actor write a draft? Everybody who works here."""
    return actor.is_machine or (actor.kind == "worker" and any(p.role not in OUTSIDE for p in actor.posts))


def visible_to(actor: Actor) -> QuerySet[Entry]:
    """All entries for staff and machines; nothing for others here (residents are served by the index)."""
    return Entry.objects.all() if actor.is_machine or actor.kind == "worker" else Entry.objects.none()


def get(actor: Actor, entry_id) -> Entry:  # type: ignore[no-untyped-def]
    """One entry. Raises NotFound."""
    entry = visible_to(actor).filter(id=entry_id).first()
    if entry is None:
        raise NotFound("没有找到这条知识。")
    return entry


def lines(actor: Actor) -> set[str]:
    """The departments whose questions this actor answers."""
    return {p.line for p in actor.posts if p.role in OFFICES and p.line}


def gaps_of(actor: Actor) -> QuerySet[Gap]:
    """The questions in the queues that this actor may see."""
    rows = Gap.objects.all()
    if actor.is_machine or any(p.role in EDITORS and p.reach()[0] == "district" and p.role != R.DISTRICT_BODY for p in actor.posts):
        return rows
    mine = Q(department__in=lines(actor))
    for post in actor.posts:
        name, value = post.reach()
        if post.role in EDITORS and name != "district":
            mine |= Q(**({"community_id": post.community_id} if name == "grid_id" else {name: value}))
    return rows.filter(mine)


def may_answer(actor: Actor, gap: Gap) -> bool:
    """Its department answers, or an editor of the place who knows."""
    return actor.is_machine or gaps_of(actor).filter(id=gap.id).exists()
