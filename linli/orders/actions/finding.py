"""Finding by those who take in no words of others: golden eyes report what they saw (C10), residents write on the message
board (C13), deputies take an opinion up (A9). The finder of the first two is sealed like every reporter."""

from collections.abc import Sequence
from hashlib import sha256
from uuid import UUID

from django.db import transaction

from linli.grid.selectors import Stamp
from linli.kernel import clock
from linli.kernel.actors import SYSTEM, Actor
from linli.kernel.bulk import insert_rows
from linli.kernel.errors import BadInput, Forbidden, WrongState
from linli.orders import access, campaigns, picked
from linli.orders.actions.common import clean_words, tell
from linli.orders.actions.opening import open_order, voice_row
from linli.orders.drafts import Draft, VoiceDraft
from linli.orders.models import Order, Voice
from linli.orders.states import Door
from linli.standards import selectors as standards


def may_find(by: Actor, procedure: str, stamp: Stamp | None = None) -> bool:
    """Does the procedure name a role of the actor's as one that opens it (at this place)?"""
    roles = standards.flow(procedure, standards.procedure(procedure).version).open_by
    mine = [p for p in by.posts if p.role.value in roles]
    if stamp is None:
        return bool(mine)
    here = {"street_id": stamp.street_id, "community_id": stamp.community_id, "grid_id": stamp.grid_id}
    return any(p.covers(**here) or p.community_id == stamp.community_id for p in mine)


@transaction.atomic
def report_find(*, by: Actor, stamp: Stamp, kind: str, words: str, blobs: list[str], key: str = "") -> Order:
    """A golden eye's report, with a picture where she has one (HJY-2.1). Who saw it is sealed: the machine opens the order, the finder is its voice.
    Raises Forbidden elsewhere than where her post is, BadInput without words or one of the kinds in use (`campaigns`). A running campaign of
    that kind and place is carried on the order."""
    if not may_find(by, "golden_eye", stamp):
        raise Forbidden("黄金眼只报自己片区的情况。")
    find = campaigns.find(kind)
    if find is None:
        raise BadInput("请选是哪一种情况。", "bad_kind")
    words = clean_words(words, "看到了什么")
    voice = VoiceDraft(words=words, account_id=by.id, door=Door.GOLDEN_EYE, blob_ids=blobs)
    within = campaigns.campaign_for(stamp, find.code)
    draft = Draft(
        kind=find.kind, stamp=stamp, voice=voice, thing=find.label, procedure="golden_eye", key=f"find:{by.id}:{key}" if key else None,
        campaign_id=within.id if within else None,
    )  # fmt: skip
    return open_order(by=SYSTEM, draft=draft)


@transaction.atomic
def leave_message(
    *, by: Actor, stamp: Stamp, words: str, blobs: list[str], member_id: UUID | None = None, group_id: UUID | None = None, name: str = "", key: str = ""
) -> Order:  # fmt: skip
    """A word on the message board: looked at before others see it, then answered by a named person. `name`: what the writer is
    called in her group, sealed with her words. Raises BadInput."""
    if by.kind not in ("resident", "worker") or by.id is None:
        raise Forbidden()
    words = clean_words(words, "想说的话")
    voice = VoiceDraft(words=words, account_id=by.id, member_id=member_id, group_id=group_id, name=name[:32], door=Door.BOARD, blob_ids=blobs)
    draft = Draft(kind="message", stamp=stamp, voice=voice, procedure="message_board", key=f"message:{by.id}:{key}" if key else None)
    return open_order(by=SYSTEM, draft=draft)


@transaction.atomic
def edit_wording(*, by: Actor, order_id: UUID, words: str) -> Order:
    """The moderator's wording of a message for everybody's eyes; what was written stays sealed with its voice. Raises BadInput,
    WrongState for what is no message of the board."""
    order = access.get_locked(by, order_id, "edit_wording")
    if order.procedure != "message_board" or order.confidential or order.history:
        raise WrongState("只有留言板上的留言有公开的措辞。", "no_message")
    tell(by, "edit_wording", order, words=clean_words(words, "公开的措辞"))
    return order


@transaction.atomic
def raise_picked(*, by: Actor, community_id: str, thing: str) -> Order:
    """A deputy takes up what many asked for: one tap, once a month. Who asked is asked to rate what comes of it; she does not
    learn who they are. Raises Forbidden, BadInput where fewer than `picked.K` people spoke of it."""
    if not may_find(by, "deputies"):
        raise Forbidden("代表意见由人大代表或者区里提出。")
    found = picked.one(by, community_id, thing)
    if found is None:
        raise BadInput("这件事反映的人还不够多，不在清单里。您可以自己提一条意见。", "not_picked")
    key = f"{found.community_id}:{thing}:{clock.today():%Y%m}"
    stamp = picked.stamp_of(found)
    return raise_opinion(by=by, stamp=stamp, thing=thing, words=found.words, key=sha256(key.encode()).hexdigest()[:24], voices=picked.speakers(found))


@transaction.atomic
def raise_opinion(
    *, by: Actor, stamp: Stamp, thing: str, words: str, blobs: list[str] | None = None, key: str = "", voices: Sequence[Voice] = ()
) -> Order:  # fmt: skip
    """A deputy takes an opinion up; it comes back to her to be rated. Her words, and the photo of her form, are no secret.
    `voices`: of other orders, of those who asked for it; they hear and rate here as well, without their words.
    Raises Forbidden, BadInput."""
    if not may_find(by, "deputies", stamp):
        raise Forbidden("代表意见由人大代表或者区里提出。")
    words = clean_words(words, "意见内容")
    if not thing.strip():
        raise BadInput("请用几个字写明是什么事。", "missing_thing")
    draft = Draft(
        kind="deputy", stamp=stamp, thing=thing.strip()[:32], procedure="deputies", door=Door.DEPUTY, opener_id=by.id,
        key=f"opinion:{by.id}:{key}" if key else None,
    )  # fmt: skip
    order = open_order(by=SYSTEM, draft=draft)
    if not order.words.exists():
        _asked_too(order, voices)
        tell(by, "instruct_order", order, {"to": str(order.responsible_id) if order.responsible_id else None}, words=words, blobs=blobs)
    return order


def _asked_too(order: Order, voices: Sequence[Voice]) -> None:
    """Who asked for it gets a voice in the opinion: only how she is reached, none of her words, no number and no home."""
    drafts = [VoiceDraft(group_id=v.group_id, member_id=v.member_id, account_id=v.account_id, door=v.door) for v in voices]
    insert_rows([voice_row(order, d, order.opened_at) for d in drafts])
    order.voice_count = len(drafts)
    order.save(update_fields=["voice_count"])
