"""The only writer of blobs."""

from collections.abc import Collection
from io import BytesIO
from typing import Protocol

from django.conf import settings
from django.db import transaction

from linli.files import pictures, sniff, vault
from linli.files.models import Blob
from linli.kernel import clock
from linli.kernel.actors import Actor
from linli.kernel.errors import BadInput

MB = 1024 * 1024


class Upload(Protocol):
    """An uploaded file, or any open binary file."""

    def read(self, size: int = -1, /) -> bytes:
        """Up to `size` bytes."""


def store_upload(by: Actor, uploaded_file: Upload, *, kinds: Collection[str] = ("image", "audio")) -> Blob:
    """Keep a picture or a voice; the name and type that the sender claims are not believed.

    Pictures are made anew (upright, without EXIF, longest side 2560), voices kept as they are. The sealed file is on
    the disk before the row commits; the same content is stored once and gives the same blob. Who may upload where is
    asked by the caller's slice. Raises BadInput (codes empty, too_large, too_many_pixels, wrong_kind, broken_picture).
    """
    limits = {"image": settings.LINLI_MAX_IMAGE_MB, "audio": settings.LINLI_MAX_AUDIO_MB}
    most = max(limits[kind] for kind in kinds)
    data = uploaded_file.read(most * MB + 1)
    if not data:
        raise BadInput("文件是空的，请重新选一个。", "empty")
    media_type = sniff.media_type(data)
    kind = media_type.partition("/")[0]
    if len(data) > limits.get(kind, most) * MB:
        what = {"image": "图片", "audio": "录音"}.get(kind, "文件")
        raise BadInput(f"{what}太大了，请控制在{limits.get(kind, most)}MB以内。", "too_large")
    if kind not in kinds or media_type == "image/heic":
        raise BadInput(_refusal(media_type, kinds), "wrong_kind")
    if kind == "audio":
        length = sniff.seconds(data, media_type)
        return _keep(data, media_type, seconds=length if length and length > 0 else None)
    picture = pictures.clean(data)
    return _keep(picture.data, picture.media_type, width=picture.width, height=picture.height)


def read_blob(blob: Blob) -> tuple[BytesIO, str]:
    """The content as a stream, and its media type. Raises NotFound, vault.Unreadable."""
    return BytesIO(vault.get(blob.sha256)), blob.media_type


def _keep(
    data: bytes,
    media_type: str,
    *,
    width: int | None = None,
    height: int | None = None,
    seconds: float | None = None,
) -> Blob:
    sha256 = vault.put(data)
    with transaction.atomic():
        blob, _ = Blob.objects.get_or_create(
            sha256=sha256,
            defaults={
                "size": len(data),
                "media_type": media_type,
                "width": width,
                "height": height,
                "seconds": seconds,
                "created_at": clock.now(),
            },
        )
    return blob


def _refusal(media_type: str, kinds: Collection[str]) -> str:
    if media_type == "image/heic":
        return "这种照片格式（HEIC）暂时打不开，请在手机相机设置里选“兼容性最佳”，或截个图再传。"
    if media_type.startswith("video/"):
        return "暂时不能传视频，请拍张照片，或者录一段语音。"
    takes: dict[tuple[str, ...], str] = {
        ("image",): "图片（JPG、PNG、WebP）",
        ("audio",): "录音（手机录音机录的都可以）",
    }
    return f"这个文件不能用，请传{takes.get(tuple(sorted(kinds)), '图片或录音')}。"
