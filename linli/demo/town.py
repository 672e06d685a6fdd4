"""Who speaks where in the demo, and how: shared by the past and by the simulator."""

import re
from collections import defaultdict
from datetime import datetime
from random import Random
from uuid import UUID

from linli.demo.cast import Cast
from linli.demo.people import NEIGHBOURS
from linli.demo.places import BUILDINGS, GROUPS
from linli.grid import access as grid_access
from linli.groups import actions as groups
from linli.groups.inbound import Inbound
from linli.groups.models import Group, Message
from linli.kernel.actors import SYSTEM, Actor, PostRef
from linli.kernel.roles import Role

_SLOT = re.compile(r"\{(楼|单元|路|地标)\}")
_HOMES = {n.key: n.home for n in NEIGHBOURS}


class Town:
    """The cast with a voice. `rng` makes everything repeatable."""

    def __init__(self, cast: Cast, rng: Random):
        self.cast, self.rng = cast, rng
        self.speakers: dict[str, list[str]] = defaultdict(list)
        for neighbour in NEIGHBOURS:
            for ref in neighbour.groups:
                if ref.rstrip("*") in cast.group:
                    self.speakers[ref.rstrip("*")].append(neighbour.key)
        self.groups = sorted(self.speakers)
        self._actors: dict[UUID, Actor] = {}
        self._accounts = {a.id: a for a in cast.account.values()}

    def actor(self, account_id: UUID | None) -> Actor | None:
        """The Actor of an account of the cast, built once; None for nobody."""
        account = self._accounts.get(account_id) if account_id else None
        if account is None:
            return None
        if account.id not in self._actors:
            self._actors[account.id] = grid_access.actor_for(account)
        return self._actors[account.id]

    def head_of(self, account_id: UUID) -> Actor:
        """The head of the community where a colleague works. KeyError where there is none."""
        community = next((p.community_id for p in self._posts(account_id) if p.community_id), None)
        return self.head(community)

    def head(self, community_id: UUID | None) -> Actor:
        """The head of a community. KeyError where there is none."""
        for account_id in self._accounts:
            if any(p.role == Role.COMMUNITY_HEAD and p.community_id == community_id for p in self._posts(account_id)):
                return self._actors[account_id]
        raise KeyError(community_id)

    def _posts(self, account_id: UUID) -> tuple[PostRef, ...]:
        actor = self.actor(account_id)
        return actor.posts if actor else ()

    def places_of(self, group: str, speaker: str = "") -> dict[str, str]:
        """What the slots become in this group: the speaker's own building and unit where she names none."""
        _, community, building, _ = GROUPS[group]
        home = _HOMES.get(speaker, ("", "", ""))
        at = building or home[0]
        if at not in BUILDINGS or BUILDINGS[at][0][:-1] != community:
            at = next(k for k, row in BUILDINGS.items() if row[0][:-1] == community)
        unit = home[1] if home[0] == at else f"{self.rng.randint(1, BUILDINGS[at][3])}单元"
        area = self.cast.community[community]
        return {"楼": BUILDINGS[at][2], "单元": unit, "路": self.rng.choice(area.roads), "地标": self.rng.choice(area.landmarks)}

    @staticmethod
    def fill(text: str, places: dict[str, str]) -> str:
        """Put the places into a text's slots."""
        return _SLOT.sub(lambda m: places[m[1]], text)

    def speaker(self, group: str, but: str = "") -> str:
        """Somebody of the group, not `but` where there is another."""
        people = [p for p in self.speakers[group] if p != but]
        return self.rng.choice(people or self.speakers[group])

    def inbound(self, group: str, speaker: str, text: str, at: datetime, key: str, hint: dict | None = None) -> Inbound:
        """One message as the group's page (or its relay) hands it on."""
        row: Group = self.cast.group[group]
        member = self.cast.member.get(f"{speaker}@{group}")
        return Inbound(
            group_id=row.id, community_id=row.community_id, account=f"{row.channel}:{row.id}", dedupe_key=f"demo:{key}",
            text=text, member_id=member.id if member else None, sent_at=at, hint=hint or {},
        )  # fmt: skip

    def receive(self, inbound: list[Inbound]) -> list[Message]:
        """Hand words in; they wait for the assistant then."""
        return groups.receive(SYSTEM, inbound)
