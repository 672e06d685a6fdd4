"""Who reads, writes and approves the standards of the library.

What is approved is read by everybody who works here and by those outside who are bound by it (property company, firms);
drafts only by those who may write. The standard holds for the whole district: centre and district bodies approve it.
"""

from django.db.models import QuerySet

from linli.kernel.actors import Actor
from linli.kernel.errors import Forbidden, NotFound
from linli.kernel.roles import Role
from linli.standards.documents import FIXED
from linli.standards.models import Document

R = Role
WRITE = frozenset({R.CENTRE, R.DISTRICT_BODY, R.STREET_SECTION, R.STREET_LEADER})
APPROVE = frozenset({R.CENTRE, R.DISTRICT_BODY})
OUTSIDE = frozenset({
    R.RESIDENT, R.PARTY_MEMBER, R.GROUP_OWNER, R.PROPERTY, R.FIRM, R.MERCHANT, R.SOCIAL_ORG, R.GOLDEN_EYE,
})  # fmt: skip
RIGHTS: dict[str, frozenset[Role]] = {
    "draft_document": WRITE, "revise_document": WRITE, "change_document": WRITE, "save_clause": WRITE, "remove_clause": WRITE,
    "drop_document": WRITE, "submit_document": WRITE, "take_in_documents": WRITE,
    "return_document": APPROVE, "approve_document": APPROVE, "start_document": frozenset(),
    "export_documents": frozenset(Role) - OUTSIDE,
}  # fmt: skip


def may(actor: Actor, verb: str) -> bool:
    """Has the actor the right? Whether she wrote it herself is asked by the action. Raises KeyError for an unknown verb."""
    roles = RIGHTS[verb]
    return actor.is_machine or (actor.kind == "worker" and actor.has_role(*roles))


def ask(actor: Actor, verb: str) -> None:
    """Raises Forbidden unless `may`."""
    if not may(actor, verb):
        raise Forbidden("您的岗位可以看标准。要起草、修改，请找云平台中心或街道科室；审查批准由云平台中心和区级部门来做。")


def visible_to(actor: Actor) -> QuerySet[Document]:
    """The versions that this actor may read."""
    rows = Document.objects.all()
    if actor.is_machine or may(actor, "draft_document"):
        return rows
    return rows.filter(state__in=FIXED) if actor.kind == "worker" else rows.none()


def get(actor: Actor, code: str, version: int) -> Document:
    """One version. Raises NotFound."""
    found = visible_to(actor).filter(code=code, version=version).first()
    if found is None:
        raise NotFound("没有找到这份标准的这一版。")
    return found
