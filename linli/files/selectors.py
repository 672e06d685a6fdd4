"""Reads. Access is asked by the slice that owns the link to the blob."""

from collections.abc import Iterable
from uuid import UUID

from linli.files.models import Blob
from linli.kernel.errors import NotFound


def get_blob(blob_id: UUID) -> Blob:
    """One blob. Raises NotFound."""
    blob = Blob.objects.filter(id=blob_id).first()
    if blob is None:
        raise NotFound("没有找到这份图片或录音。")
    return blob


def get_blobs(blob_ids: Iterable[UUID]) -> dict[UUID, Blob]:
    """Those that exist, by id, in one statement."""
    return Blob.objects.in_bulk(list(blob_ids))
