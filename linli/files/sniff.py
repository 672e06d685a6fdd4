"""What the bytes are, whatever name and type the sender gave them. No Django, no decoding."""

import struct

# What a video in the same container carries; we take voices only.
_WEBM_VIDEO = (b"V_VP8", b"V_VP9", b"V_AV1", b"V_MPEG")
_HEIF = (b"heic", b"heix", b"heif", b"hevc", b"mif1", b"msf1", b"avif")
_MP3_KBIT = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
_MP3_KBIT_LOW = (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)
_MP3_HZ = (44100, 48000, 32000)


def media_type(data: bytes) -> str:
    """The media type of a picture, a voice or a refused kind that deserves its own word; "" for all else."""
    return _image(data) or _audio(data)


def _image(data: bytes) -> str:
    if data.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    if data.startswith((b"GIF87a", b"GIF89a")):
        return "image/gif"
    if data[:2] == b"BM" and len(data) > 26 and data[14:18] in (b"\x28\0\0\0", b"\x6c\0\0\0", b"\x7c\0\0\0"):
        return "image/bmp"
    if data[4:8] == b"ftyp" and data[8:12] in _HEIF:
        return "image/heic"
    return ""


def _audio(data: bytes) -> str:
    if data.startswith(b"\x1a\x45\xdf\xa3") and (b"webm" in data[:64] or b"matroska" in data[:64]):
        return "video/webm" if any(v in data[:8192] for v in _WEBM_VIDEO) else "audio/webm"
    if data.startswith(b"OggS"):
        head = data[:512]
        if b"theora" in head:
            return "video/ogg"
        return "audio/ogg" if any(c in head for c in (b"OpusHead", b"vorbis", b"Speex", b"FLAC")) else ""
    if data[4:8] == b"ftyp":
        handlers = _handlers(data)
        if "vide" in handlers:
            return "video/mp4"
        return "audio/mp4" if "soun" in handlers else ""
    if data[:4] == b"RIFF" and data[8:12] == b"WAVE" and b"fmt " in data[12:64]:
        return "audio/wav"
    if data.startswith((b"#!AMR\n", b"#!AMR-WB\n")):
        return "audio/amr"
    if data.startswith(b"ID3") and len(data) > 10:
        return "audio/mpeg"
    if len(data) > 8 and data[0] == 0xFF and data[1] & 0xE0 == 0xE0:
        # Two bytes prove little: the next frame has to stand where this one says that it ends.
        adts = data[1] & 0xF6 == 0xF0
        step = _adts_step(data) if adts else _mp3_step(data)
        if step and data[step : step + 1] == b"\xff" and data[step + 1 : step + 2] == data[1:2]:
            return "audio/aac" if adts else "audio/mpeg"
    return ""


def _handlers(data: bytes) -> set[str]:
    """Kinds of track in an MP4 file: the handler type stands 12 bytes after the word hdlr."""
    found, at = set(), data.find(b"hdlr")
    while at >= 0:
        found.add(data[at + 12 : at + 16].decode("latin-1"))
        at = data.find(b"hdlr", at + 4)
    return found


def _adts_step(data: bytes) -> int:
    return (data[3] & 3) << 11 | data[4] << 3 | data[5] >> 5


def _mp3_step(data: bytes) -> int:
    version, layer = data[1] >> 3 & 3, data[1] >> 1 & 3
    rate, hertz, padding = data[2] >> 4, data[2] >> 2 & 3, data[2] >> 1 & 1
    if layer != 1 or version == 1 or not 0 < rate < 15 or hertz == 3:
        return 0
    if version == 3:
        return 144_000 * _MP3_KBIT[rate] // _MP3_HZ[hertz] + padding
    return 72_000 * _MP3_KBIT_LOW[rate] // (_MP3_HZ[hertz] // (2 if version == 2 else 4)) + padding


def seconds(data: bytes, kind: str) -> float | None:
    """How long a voice is, where its container says so plainly; None otherwise."""
    try:
        if kind == "audio/wav":
            rate = struct.unpack_from("<I", data, data.index(b"fmt ") + 16)[0]
            body = data.index(b"data")
            return round(min(struct.unpack_from("<I", data, body + 4)[0], len(data) - body - 8) / rate, 2)
        if kind == "audio/ogg" and b"OpusHead" in data[:512]:
            return round(struct.unpack_from("<q", data, data.rindex(b"OggS") + 6)[0] / 48_000, 2)
        if kind == "audio/mp4":
            at = data.index(b"mvhd") + 4
            wide = data[at] == 1
            scale, length = struct.unpack_from(">IQ" if wide else ">II", data, at + (20 if wide else 12))
            return round(length / scale, 2) or None
    except (ValueError, IndexError, struct.error, ZeroDivisionError):
        return None
    return None
