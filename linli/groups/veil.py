"""The property company's and a firm's people may be members of a group: they read what is said there, for it is their work,
and not which neighbour said it nor where she lives."""

from collections.abc import Iterable
from uuid import UUID

from linli.groups.models import Member, Message
from linli.kernel.actors import Actor
from linli.kernel.roles import NEVER_WORDS
from linli.language.neutral import without_people

NEIGHBOUR = "邻居"


def over(by: Actor) -> bool:
    """Does this reader never learn who spoke?"""
    return by.has_role(*NEVER_WORDS)


def covered(by: Actor, members: Iterable[Member]) -> list[Member]:
    """The members as this reader sees them: herself and colleagues by name, each neighbour as a neighbour. Not to be saved."""
    found = list(members)
    if over(by):
        for member in found:
            if not _open(by, member):
                member.nickname = NEIGHBOUR
    return found


def texts(by: Actor, rows: Iterable[Message]) -> dict[UUID, str]:
    """Messages' words as this reader sees them: no neighbour's nickname, home, telephone or identity number; her own as they were."""
    rows = list(rows)
    if not over(by):
        return {r.id: r.text for r in rows}
    people = list(Member.objects.filter(group_id__in={r.group_id for r in rows}))
    own = {m.id for m in people if by.id and m.account_id == by.id}
    names = {m.nickname.strip() for m in people if not _open(by, m) and len(m.nickname.strip()) > 1}
    return {r.id: r.text if r.member_id in own else _without(r.text, names) for r in rows}


def _open(by: Actor, member: Member) -> bool:
    return member.staff or bool(by.id and member.account_id == by.id)


def _without(text: str, names: Iterable[str]) -> str:
    for name in sorted(names, key=len, reverse=True):
        text = text.replace(name, NEIGHBOUR)
    return without_people(text)
