"""Small real files, made here: pictures by Pillow, voices byte by byte."""

import struct
from io import BytesIO

from PIL import Image, ImageDraw


def picture(kind="JPEG", size=(400, 300), *, exif=False, mode="RGB"):
    """A picture whose top left corner is red; with `exif`, turned by 90° and carrying place, owner and a comment."""
    image = Image.new(mode, size, {"RGB": (240, 240, 240), "RGBA": (240, 240, 240, 90), "L": 240}[mode])
    ImageDraw.Draw(image).rectangle(
        (0, 0, size[0] // 4, size[1] // 4), fill=(200, 0, 0) if mode != "L" else 0
    )
    more = {}
    if exif:
        tags = Image.Exif()
        tags[0x0112] = 6
        tags[0x013B] = "OWNER-CANARY"
        tags.get_ifd(0x8825)[2] = (32.0, 6.0, 54.0)
        more = {"exif": tags.tobytes()}
        if kind == "JPEG":
            more["comment"] = b"COMMENT-CANARY"
    out = BytesIO()
    image.save(out, kind, **more)
    return out.getvalue()


def wav(seconds=1.0, rate=8000):
    """Silence."""
    body = bytes(int(seconds * rate) * 2)
    head = b"WAVEfmt " + struct.pack("<IHHIIHH", 16, 1, 1, rate, rate * 2, 2, 16)
    return (
        b"RIFF"
        + struct.pack("<I", len(head) + 8 + len(body))
        + head
        + b"data"
        + struct.pack("<I", len(body))
        + body
    )


def _box(name, body):
    return struct.pack(">I", len(body) + 8) + name + body


def mp4(handler=b"soun", seconds=3):
    """The boxes that tell what an MP4 holds."""
    mvhd = _box(b"mvhd", bytes(4) + struct.pack(">IIII", 0, 0, 1000, seconds * 1000) + bytes(80))
    hdlr = _box(b"hdlr", bytes(8) + handler + bytes(13))
    moov = _box(b"moov", mvhd + _box(b"trak", _box(b"mdia", hdlr)))
    return _box(b"ftyp", b"M4A \0\0\0\0isom") + moov + _box(b"mdat", bytes(64))


def ogg(seconds=2):
    """Two pages: an Opus head, and the last one with its position."""

    def page(position, body):
        return b"OggS\0\0" + struct.pack("<q", position) + bytes(12) + bytes([1, len(body)]) + body

    return page(0, b"OpusHead" + bytes(11)) + page(seconds * 48_000, bytes(20))


def webm(codec=b"A_OPUS"):
    """An EBML head with its document type and one codec."""
    return b"\x1a\x45\xdf\xa3\x9f\x42\x82\x84webm" + bytes(40) + codec + bytes(40)


def mp3():
    """Three frames of 128 kbit/s at 44.1 kHz, no tag."""
    return (b"\xff\xfb\x90\x00" + bytes(413)) * 3


def aac():
    """Three ADTS frames of 32 bytes."""
    length = 32
    head = bytes([0xFF, 0xF1, 0x50, 0x80 | length >> 11, length >> 3 & 0xFF, (length & 7) << 5 | 0x1F, 0xFC])
    return (head + bytes(length - 7)) * 3


VOICES = {
    "audio/wav": wav(),
    "audio/mp4": mp4(),
    "audio/ogg": ogg(),
    "audio/webm": webm(),
    "audio/mpeg": mp3(),
    "audio/aac": aac(),
    "audio/amr": b"#!AMR\n" + bytes(96),
}
