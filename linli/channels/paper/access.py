"""Who prints blanks, hands photos in and types them: the front desk, workers of grids and lines, the head, each for the
communities of her posts. The photo shows a reporter, so nobody else opens it here; later it is sealed with the order."""

from uuid import UUID

from linli.channels.models import PaperSheet
from linli.grid import selectors as places
from linli.grid.models import Area
from linli.kernel.actors import Actor
from linli.kernel.errors import Forbidden, NotFound
from linli.kernel.roles import Role

HANDS = frozenset({Role.FRONT_DESK, Role.GRID_WORKER, Role.LINE_WORKER, Role.COMMUNITY_HEAD})


def types(actor: Actor) -> bool:
    """Has this actor to do with paper at all?"""
    return actor.kind == "worker" and actor.has_role(*HANDS)


def communities(actor: Actor) -> list[Area]:
    """The communities whose sheets she handles. Raises Forbidden where there is none."""
    posts = list(actor.with_role(*HANDS)) if actor.kind == "worker" else []
    # A worker of one grid types for her whole community: its sheets lie on one table.
    found = [
        a for a in places.areas(Area.COMMUNITY)
        if any(p.community_id == a.id or p.covers(street_id=a.street_id, community_id=a.id, grid_id=None) for p in posts)
    ]  # fmt: skip
    if not found:
        raise Forbidden("纸质单由社区前台、社工和书记来录，您的岗位没有这一项。")
    return found


def community(actor: Actor, community_id: UUID) -> Area:
    """One of her communities. Raises Forbidden."""
    found = next((a for a in communities(actor) if a.id == community_id), None)
    if found is None:
        raise Forbidden("这张单子不是您社区的。")
    return found


def check(actor: Actor, sheet: PaperSheet | None) -> PaperSheet:
    """The sheet, where she handles it. Raises Forbidden, NotFound for another community's."""
    mine = {a.id for a in communities(actor)}
    if sheet is None or sheet.community_id not in mine:
        raise NotFound("没有找到这张单子。")
    return sheet


def turn(actor: Actor, sheet: PaperSheet) -> str:
    """What this actor may do with the sheet now: "enter", "settle" or nothing."""
    if sheet.state == PaperSheet.NEW or (sheet.state == PaperSheet.TYPED and sheet.first_by != actor.id):
        return "enter"
    return "settle" if sheet.state == PaperSheet.DIFFERS and sheet.second_by == actor.id else ""
