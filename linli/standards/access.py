"""Who reads, writes and approves standards. Procedures hold for the whole district: everybody who works here reads them,
standards managers (centre, sections and leaders of streets, district bodies) write them, and another one of these approves.
"""

from linli.kernel.actors import Actor
from linli.kernel.errors import Forbidden
from linli.kernel.roles import Role

R = Role
WRITE = frozenset({R.CENTRE, R.STREET_SECTION, R.STREET_LEADER, R.DISTRICT_BODY})
APPROVE = frozenset({R.CENTRE, R.STREET_LEADER, R.DISTRICT_BODY})
RIGHTS: dict[str, frozenset[Role]] = {
    "draft_procedure": WRITE, "change_procedure": WRITE, "submit_procedure": WRITE, "return_procedure": APPROVE,
    "approve_procedure": APPROVE, "withdraw_procedure": APPROVE,
}  # fmt: skip
OUTSIDE = frozenset({R.PROPERTY, R.FIRM, R.MERCHANT, R.SOCIAL_ORG, R.GOLDEN_EYE, R.GROUP_OWNER, R.RESIDENT, R.PARTY_MEMBER})


def may(actor: Actor, verb: str) -> bool:
    """Has the actor the right? Whether she wrote it herself is asked by the action."""
    return actor.is_machine or (actor.kind == "worker" and actor.has_role(*RIGHTS[verb]))


def ask(actor: Actor, verb: str) -> None:
    """Raises Forbidden unless `may`."""
    if not may(actor, verb):
        raise Forbidden("您的岗位可以看流程，写和改请找云平台中心或街道科室。")


def reads(actor: Actor) -> bool:
    """May she see procedures? Everybody who works here; not firms, the property company or residents."""
    return actor.is_machine or (actor.kind == "worker" and any(p.role not in OUTSIDE for p in actor.posts))


def ask_read(actor: Actor) -> None:
    """Raises Forbidden unless `reads`."""
    if not reads(actor):
        raise Forbidden("这一页给社区和街道的工作人员看。", "not_staff")
