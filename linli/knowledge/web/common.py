"""What the pages of knowledge share: who may see them, and the tree at the side."""

from typing import Any

from django.http import HttpRequest

from linli.kernel.actors import Actor
from linli.kernel.errors import Forbidden
from linli.knowledge import access, selectors
from linli.knowledge.models import Entry
from linli.knowledge.states import LABELS


def worker(request: HttpRequest) -> Actor:
    """The colleague who asks. Raises Forbidden for anybody else."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if actor.kind != "worker":
        raise Forbidden("请用工作人员的账号登录。", "not_staff")
    return actor


def page(actor: Actor, here: str, **more: Any) -> dict[str, Any]:
    """Context of every page: `here` names the branch of the tree that is open."""
    edits = access.may_edit(actor)
    count = selectors.counts(actor)
    tree = [
        ("entries", "正在用的", "/desk/knowledge/", count.get(Entry.IN_FORCE, 0), 1),
        ("doubted", "有人说没用的", "/desk/knowledge/?doubted=1", count["doubted"], 2),
        ("unread", "来源待核的", "/desk/knowledge/?unread=1", count["unread"], 2),
        (Entry.REVIEW, LABELS[Entry.REVIEW], "/desk/knowledge/?state=review", count.get(Entry.REVIEW, 0), 1),
        (Entry.DRAFT, LABELS[Entry.DRAFT], "/desk/knowledge/?state=draft", count.get(Entry.DRAFT, 0), 1),
        (Entry.EXPIRED, "不再用的", "/desk/knowledge/?state=expired", count.get(Entry.EXPIRED, 0), 1),
        ("gaps", "问了、还不知道的", "/desk/knowledge/asked/", count["gaps"], 1),
        ("facts", "本地信息没填的", "/desk/knowledge/facts/", count["facts"], 1),
    ]  # fmt: skip
    return {"room": "knowledge", "tree_label": "分类", "tree": tree, "here": here, "edits": edits, "writes": access.may_write(actor), **more}
