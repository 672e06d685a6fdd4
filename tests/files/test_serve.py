"""What goes out: private, harmless, and playable on a phone."""

from io import BytesIO

import pytest

from linli.files.actions import store_upload
from linli.files.models import Blob
from linli.files.serve import blob_response
from linli.kernel.actors import GUEST
from tests.files import samples
from tests.files.test_store import store

pytestmark = pytest.mark.django_db
VOICE = samples.wav(0.1)


def ask(range_header, data=VOICE):
    return blob_response(store(data), "录音", GUEST, range_header=range_header)


def test_a_picture_is_shown_and_never_kept_by_anyone():
    blob = store(samples.picture())
    response = blob_response(blob, "现场照片", GUEST, range_header="bytes=0-1")
    assert (response.status_code, response["Content-Type"]) == (200, "image/jpeg")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cache-Control"] == "private, no-store"
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert response["Content-Disposition"].startswith("inline; filename*=utf-8''")
    assert response["Content-Disposition"].endswith(".jpg")
    assert int(response["Content-Length"]) == len(response.content) == blob.size
    assert "Accept-Ranges" not in response


def test_what_is_neither_picture_nor_voice_is_never_shown_inline():
    blob = store(samples.wav())
    Blob.objects.filter(id=blob.id).update(media_type="text/html")
    blob.refresh_from_db()
    assert blob_response(blob, "a", GUEST)["Content-Disposition"].startswith("attachment")


def test_a_voice_is_sent_whole_when_nothing_is_asked():
    response = ask("")
    assert (response.status_code, response.content) == (200, VOICE)
    assert response["Accept-Ranges"] == "bytes" and "Content-Range" not in response


@pytest.mark.parametrize(
    ("header", "part"),
    [
        ("bytes=0-", (0, len(VOICE))),
        ("bytes=0-1", (0, 2)),
        ("bytes=10-19", (10, 20)),
        ("bytes=100-", (100, len(VOICE))),
        ("bytes=-5", (len(VOICE) - 5, len(VOICE))),
        ("bytes=-999999", (0, len(VOICE))),
        ("bytes=10-999999", (10, len(VOICE))),
    ],
)
def test_a_part_of_a_voice(header, part):
    response = ask(header)
    assert response.status_code == 206
    assert response.content == VOICE[part[0] : part[1]]
    assert response["Content-Range"] == f"bytes {part[0]}-{part[1] - 1}/{len(VOICE)}"
    assert int(response["Content-Length"]) == part[1] - part[0]
    assert response["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("header", [f"bytes={len(VOICE)}-", "bytes=999999-", "bytes=-0"])
def test_a_part_that_lies_outside(header):
    response = ask(header)
    assert (response.status_code, response.content) == (416, b"")
    assert response["Content-Range"] == f"bytes */{len(VOICE)}"


@pytest.mark.parametrize(
    "header", ["bytes=5-1", "bytes=-", "bytes=0-1,5-6", "items=0-1", "bytes=a-b", "bytes=0-" + "9" * 40]
)
def test_a_range_that_means_nothing_is_passed_over(header):
    response = ask(header)
    assert (response.status_code, response.content) == (200, VOICE)


def test_a_name_cannot_break_out_of_its_header():
    blob = store_upload(GUEST, BytesIO(VOICE))
    value = blob_response(blob, 'a"; x="\r\nSet-Cookie: b', GUEST)["Content-Disposition"]
    assert "\r" not in value and "\n" not in value
