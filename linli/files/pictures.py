"""Pictures made anew: what a camera wrote beside the pixels (place, time, owner) does not come along. No Django."""

from dataclasses import dataclass
from io import BytesIO

from PIL import Image, ImageOps

from linli.kernel.errors import BadInput

LONGEST = 2560  # pixels
MOST_PIXELS = 50_000_000
_OPENED = ("JPEG", "PNG", "WEBP", "GIF", "BMP")


@dataclass(frozen=True, slots=True)
class Picture:
    """A clean picture: its bytes, type and size in pixels."""

    data: bytes
    media_type: str
    width: int
    height: int


def clean(data: bytes) -> Picture:
    """Decode, turn upright, shrink to LONGEST, write again without metadata. The same input gives the same bytes.

    JPEG stays JPEG, WebP stays WebP, PNG and GIF (first frame) become PNG, BMP becomes JPEG.
    Raises BadInput when the picture is broken or has too many pixels.
    """
    try:
        with Image.open(BytesIO(data), formats=_OPENED) as opened:
            kind = opened.format
            if opened.width * opened.height > MOST_PIXELS:
                raise BadInput(
                    "这张图片的尺寸太大了，请换一张小一些的（5000万像素以内）。", "too_many_pixels"
                )
            opened.draft("RGB", (LONGEST, LONGEST))  # lets the JPEG decoder skip what is thrown away anyway
            opened.load()
            upright = ImageOps.exif_transpose(opened)
    except BadInput:
        raise
    except Exception as broken:  # decoders raise nearly anything on hostile bytes
        raise BadInput("这张图片打不开，可能没有传完整，请重新选一张。", "broken_picture") from broken
    see_through = upright.mode in ("RGBA", "LA", "PA") or "transparency" in upright.info
    keeps_alpha = see_through and kind != "JPEG"
    picture = upright.convert("RGBA" if keeps_alpha else "L" if upright.mode in ("1", "L") else "RGB")
    picture.thumbnail((LONGEST, LONGEST), Image.Resampling.LANCZOS)
    picture.info = {}  # comments and profiles would be written again by some encoders
    out = BytesIO()
    if kind == "WEBP":
        picture.save(out, "WEBP", quality=82, method=4)
    elif kind in ("PNG", "GIF"):
        picture.save(out, "PNG", compress_level=6)
    else:
        picture.save(out, "JPEG", quality=85, optimize=True)
    media_type = {"WEBP": "image/webp", "PNG": "image/png", "GIF": "image/png"}.get(kind or "", "image/jpeg")
    return Picture(out.getvalue(), media_type, picture.width, picture.height)
