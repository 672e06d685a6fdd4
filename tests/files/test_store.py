"""What comes in: judged by content, cleaned, sealed, stored once."""

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from linli.files import vault as vaults
from linli.files.actions import MB, read_blob, store_upload
from linli.files.models import Blob
from linli.files.selectors import get_blob, get_blobs
from linli.kernel import crypto, ids
from linli.kernel.actors import GUEST
from linli.kernel.errors import BadInput, NotFound
from tests.files import samples

pytestmark = pytest.mark.django_db


def store(data, name="a.jpg", kinds=("image", "audio")):
    return store_upload(GUEST, SimpleUploadedFile(name, data), kinds=kinds)


def files(folder):
    return [p for p in folder.rglob("*") if p.is_file()]


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_picture_is_turned_upright_and_tells_nothing_but_itself(kind):
    raw = samples.picture(kind, (400, 300), exif=True)
    assert b"OWNER-CANARY" in raw
    blob = store(raw)
    data, media_type = read_blob(blob)
    kept = data.read()
    assert (media_type, blob.width, blob.height, blob.size) == (f"image/{kind.lower()}", 300, 400, len(kept))
    assert b"CANARY" not in kept and b"Exif" not in kept
    with Image.open(BytesIO(kept)) as image:
        assert not image.getexif() and image.size == (300, 400)
        red, green, _ = image.convert("RGB").getpixel((290, 10))
        assert red > 150 and green < 60, "the red corner came to the top right"


def test_a_long_side_is_shortened_and_a_small_picture_stays():
    big, small = store(samples.picture("JPEG", (5200, 1000))), store(samples.picture("PNG", (30, 20)))
    assert (big.width, small.width, small.height) == (2560, 30, 20)
    assert 490 <= big.height <= 494


def test_transparency_and_animation_become_a_plain_png():
    assert store(samples.picture("PNG", mode="RGBA")).media_type == "image/png"
    assert store(samples.picture("GIF")).media_type == "image/png"
    assert store(samples.picture("BMP")).media_type == "image/jpeg"
    assert store(samples.picture("JPEG", mode="L")).media_type == "image/jpeg"


@pytest.mark.parametrize("kind", sorted(samples.VOICES))
def test_a_voice_is_kept_as_it_came(kind):
    blob = store(samples.VOICES[kind], "voice.exe")
    stream, media_type = read_blob(blob)
    assert (stream.read(), media_type) == (samples.VOICES[kind], kind)
    assert blob.is_audio and not blob.is_image and blob.width is None


def test_the_same_content_is_stored_once(vault):
    first, second = store(samples.wav()), store(samples.wav(), "other name.wav")
    assert first.id == second.id and Blob.objects.count() == 1 and len(files(vault)) == 1
    assert store(samples.picture()).id == store(samples.picture()).id


def test_on_the_disk_nothing_can_be_read_and_no_part_is_left(vault):
    blob = store(samples.mp4())
    [path] = files(vault)
    assert path.relative_to(vault).parts == (blob.sha256[:2], blob.sha256[2:4], blob.sha256)
    raw = path.read_bytes()
    assert raw.startswith(b"LNL1\x03old") and b"ftyp" not in raw
    assert path.stat().st_mode & 0o777 == 0o600
    assert vaults.key_id_of(blob.sha256) == "old"


def test_a_new_key_reads_what_the_old_one_sealed(monkeypatch):
    old = crypto.new_key("old")
    monkeypatch.setenv(crypto.ENV, old)
    first = store(samples.wav(1))
    monkeypatch.setenv(crypto.ENV, f"{crypto.new_key('new')},{old}")
    second = store(samples.wav(2))
    assert [vaults.key_id_of(b.sha256) for b in (first, second)] == ["old", "new"]
    assert read_blob(first)[0].read() == samples.wav(1)


def test_a_lost_key_or_a_changed_byte_is_told_and_a_new_upload_mends_it(vault, monkeypatch):
    blob = store(samples.wav())
    [path] = files(vault)
    path.write_bytes(path.read_bytes()[:-1] + b"?")
    with pytest.raises(vaults.Unreadable):
        read_blob(blob)
    assert store(samples.wav()).id == blob.id
    assert read_blob(blob)[0].read() == samples.wav()
    monkeypatch.setenv(crypto.ENV, crypto.new_key("other"))
    with pytest.raises(vaults.Unreadable):
        read_blob(blob)
    path.write_bytes(b"junk")
    with pytest.raises(vaults.Unreadable):
        read_blob(blob)
    path.unlink()
    with pytest.raises(NotFound):
        read_blob(blob)
    store(samples.wav())
    assert read_blob(blob)[0].read() == samples.wav()


def test_a_file_that_cannot_be_written_leaves_no_row_and_no_part(vault, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(vaults.os, "replace", full)
    with pytest.raises(OSError):
        store(samples.wav())
    assert not Blob.objects.exists() and files(vault) == []


@pytest.mark.parametrize(
    ("data", "kinds", "code"),
    [
        (b"", ("image", "audio"), "empty"),
        (b"<html>hello</html>", ("image", "audio"), "wrong_kind"),
        (b"MZ\x90\0", ("image",), "wrong_kind"),
        (samples.mp4(b"vide"), ("image", "audio"), "wrong_kind"),
        (b"\0\0\0\x18ftypheic\0\0\0\0", ("image",), "wrong_kind"),
        (samples.wav(), ("image",), "wrong_kind"),
        (samples.picture(), ("audio",), "wrong_kind"),
        (samples.picture("PNG")[:120], ("image",), "broken_picture"),
        (samples.picture("JPEG")[:300], ("image",), "broken_picture"),
        (b"\xff\xd8\xff\xe0 junk", ("image",), "broken_picture"),
    ],
)
def test_what_cannot_be_used_is_refused_in_plain_words(vault, data, kinds, code):
    with pytest.raises(BadInput) as told:
        store(data, kinds=kinds)
    assert told.value.code == code
    assert any("一" <= c <= "鿿" for c in told.value.message)
    assert not Blob.objects.exists() and files(vault) == []


def test_size_is_measured_not_believed(settings):
    settings.LINLI_MAX_IMAGE_MB, settings.LINLI_MAX_AUDIO_MB = 1, 2
    with pytest.raises(BadInput) as told:
        store(samples.picture() + bytes(MB))
    assert told.value.code == "too_large" and "1MB" in told.value.message
    with pytest.raises(BadInput) as told:
        store(samples.wav() + bytes(2 * MB))
    assert told.value.code == "too_large" and "2MB" in told.value.message
    assert store(samples.wav() + bytes(MB)).size > MB


def test_a_picture_bomb_is_refused_before_it_is_unpacked():
    with pytest.raises(BadInput) as told:
        store(samples.picture("PNG", (10_001, 5_000), mode="L"))
    assert told.value.code == "too_many_pixels"


def test_blobs_are_found_by_id():
    blob = store(samples.wav())
    assert get_blob(blob.id) == blob
    assert get_blobs([blob.id, ids.new()]) == {blob.id: blob}
    with pytest.raises(NotFound):
        get_blob(ids.new())
