"""The bytes say what they are, the name does not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.files import sniff
from tests.files import samples


@pytest.mark.parametrize("kind", sorted(samples.VOICES))
def test_each_kind_of_voice_is_known(kind):
    assert sniff.media_type(samples.VOICES[kind]) == kind


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF", "BMP"])
def test_each_kind_of_picture_is_known(kind):
    assert sniff.media_type(samples.picture(kind)) == f"image/{kind.lower()}"


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (samples.mp4(b"vide"), "video/mp4"),
        (samples.mp4(b"text"), ""),
        (samples.webm(b"V_VP8"), "video/webm"),
        (b"OggS" + bytes(24) + b"\x80theora", "video/ogg"),
        (b"OggS" + bytes(100), ""),
        (b"\0\0\0\x18ftypheic\0\0\0\0", "image/heic"),
        (b"ID3\x04\0\0\0\0\0\0\0\0", "audio/mpeg"),
        (b"\xff\xfb\x90\x00 only one frame", ""),
        (b"\xff\xf1 not AAC at all", ""),
        (b"<html><script>alert(1)</script>", ""),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", ""),
        (b"%PDF-1.7", ""),
        (b"PK\x03\x04", ""),
        (b"BM and then words, not a bitmap", ""),
        (b"RIFF\0\0\0\0AVI LIST", ""),
        (b"", ""),
    ],
)
def test_the_rest_is_named_or_refused(data, kind):
    assert sniff.media_type(data) == kind


@pytest.mark.parametrize(("kind", "length"), [("audio/wav", 1.0), ("audio/ogg", 2.0), ("audio/mp4", 3.0)])
def test_length_where_the_container_tells(kind, length):
    assert sniff.seconds(samples.VOICES[kind], kind) == length


@given(st.binary(max_size=200), st.sampled_from(sorted(samples.VOICES)), st.integers(0, 120))
def test_no_bytes_upset_it(data, kind, cut):
    for hostile in (data, samples.VOICES[kind][:cut] + data):
        assert isinstance(sniff.media_type(hostile), str)
        assert isinstance(sniff.seconds(hostile, kind), float | None)
