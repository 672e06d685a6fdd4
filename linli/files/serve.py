"""A blob as an answer to a browser. The caller has already asked the `access` of the slice that owns the link."""

import logging
import re

from django.http import HttpResponse
from django.utils.http import content_disposition_header

from linli.files import vault
from linli.files.models import Blob
from linli.kernel.actors import Actor

log = logging.getLogger("linli.files")
_INLINE = ("image/jpeg", "image/png", "image/webp")
_ENDING = {
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/webp": ".webp",
    "audio/webm": ".webm",
    "audio/ogg": ".ogg",
    "audio/mp4": ".m4a",
    "audio/mpeg": ".mp3",
    "audio/wav": ".wav",
    "audio/amr": ".amr",
    "audio/aac": ".aac",
}
_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")


def blob_response(blob: Blob, download_name: str, viewer: Actor, *, range_header: str = "") -> HttpResponse:
    """The content with headers that keep it private and harmless. Raises NotFound, vault.Unreadable.

    download_name: without ending; it must tell nothing about people. viewer: who opens it (logged by id).
    range_header: the request's Range; voices answer it with 206 or 416, since phones do not play them otherwise.
    """
    data = vault.get(blob.sha256)
    log.info("blob %s opened by %s %s", blob.id, viewer.kind, viewer.id)
    part, status = (0, len(data)), 200
    wanted = _wanted(range_header, len(data)) if blob.is_audio else None
    if wanted:
        part, status = wanted, 206
        if part[0] >= len(data):
            return _private(HttpResponse(status=416, headers={"Content-Range": f"bytes */{len(data)}"}))
    response = HttpResponse(data[part[0] : part[1]], status=status, content_type=blob.media_type)
    response["Content-Length"] = str(part[1] - part[0])
    shown = blob.is_audio or blob.media_type in _INLINE
    name = download_name + _ENDING.get(blob.media_type, ".bin")
    response["Content-Disposition"] = content_disposition_header(not shown, name) or "attachment"
    if blob.is_audio:
        response["Accept-Ranges"] = "bytes"
    if status == 206:
        response["Content-Range"] = f"bytes {part[0]}-{part[1] - 1}/{len(data)}"
    return _private(response)


def _private(response: HttpResponse) -> HttpResponse:
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    return response


def _wanted(header: str, size: int) -> tuple[int, int] | None:
    """[from, to) of one byte range; None for no range or one that we may ignore. From `size` on lies outside."""
    match = _RANGE.fullmatch(header.strip())
    if not match:
        return None
    first, last = match.groups()
    if not first:
        return (size - min(int(last), size), size) if last else None
    if last and int(last) < int(first):
        return None
    return int(first), min(int(last) + 1, size) if last else size
