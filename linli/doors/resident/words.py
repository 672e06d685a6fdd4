"""What somebody sends: text, up to nine photos, a voice message. Checked here, stored by `groups.receive` before it is
acknowledged. A refused message changes nothing, so that the form can keep every word."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest

from linli.files import actions as files
from linli.groups import actions as groups
from linli.groups.inbound import Inbound, page_key
from linli.groups.models import Group, Member, Message
from linli.kernel import clock, ids
from linli.kernel.actors import Actor
from linli.kernel.errors import BadInput

MOST_WORDS = 2000
MOST_PHOTOS = 9
MOST_BYTES = 60 * 1024 * 1024
KEY = 40


@dataclass(slots=True)
class Sent:
    """What came with a form."""

    text: str
    photos: Sequence[UploadedFile] = ()
    voice: UploadedFile | None = None
    key: str = ""
    blob_ids: list[str] = field(default_factory=list)

    @property
    def kind(self) -> str:
        """text, voice or photo: words go before sound, sound before pictures."""
        return "text" if self.text.strip() else "voice" if self.voice else "photo"


def of(request: HttpRequest) -> Sent:
    """Read the form. Raises BadInput in plain words when it is empty or too much."""
    text = request.POST.get("text", "").replace("\r\n", "\n").strip()
    photos = [f for f in request.FILES.getlist("photos") if f.size or f.name]
    sent = Sent(text, photos, request.FILES.get("voice"), request.POST.get("key", "")[:KEY])
    if not text and not photos and sent.voice is None:
        raise BadInput("还没有内容：写一句、说一段，或者放一张照片，再点发送。", "empty")
    if len(text) > MOST_WORDS:
        raise BadInput(f"写了 {len(text)} 个字，一次最多 {MOST_WORDS} 个字。分几次发就好，写好的都还在。", "too_long")
    if len(photos) > MOST_PHOTOS:
        raise BadInput(f"照片一次最多 {MOST_PHOTOS} 张，请去掉几张再发。", "too_many_photos")
    if sum(f.size or 0 for f in [*photos, *([sent.voice] if sent.voice else [])]) > MOST_BYTES:
        raise BadInput("照片或录音太大，少选几张再发。写好的都还在。", "too_large")
    return sent


def keep_files(by: Actor, sent: Sent) -> list[str]:
    """Store photos and voice. Raises BadInput for what is neither."""
    if not sent.blob_ids:
        kept = [files.store_upload(by, f, kinds=("image",)) for f in sent.photos]
        if sent.voice:
            kept.append(files.store_upload(by, sent.voice, kinds=("audio",)))
        sent.blob_ids = [str(b.id) for b in kept]
    return sent.blob_ids


def _dedupe_key(member: Member, sent: Sent) -> str:
    with_it = "|".join(f"{f.name}:{f.size}" for f in [*sent.photos, *([sent.voice] if sent.voice else [])])
    return page_key(member.id, sent.key or str(ids.new()), sent.text, with_it)


def say(by: Actor, member: Member, group: Group, sent: Sent, *, hint: dict[str, Any] | None = None, own: bool = False) -> UUID | None:
    """Store one message, once by its key; returns its id, None when the key had been used. `own`: not for the group."""
    inbound = Inbound(
        group_id=group.id, community_id=group.community_id, account=f"page:{group.id}",
        dedupe_key=_dedupe_key(member, sent), text=sent.text, member_id=member.id,
        sent_at=clock.now(), kind=sent.kind, blob_ids=keep_files(by, sent), hint=hint or {"door": "group"},
        audience=Message.OWN if own else Message.GROUP,
    )  # fmt: skip
    stored = groups.receive(by, [inbound])
    return stored[0].id if stored else None
