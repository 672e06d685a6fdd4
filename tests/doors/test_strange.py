"""Malformed, huge, empty, wrongly encoded: a clear refusal or nothing, never a broken page."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from linli.groups.models import Message
from tests.doors.people import signed_in, work

pytestmark = pytest.mark.django_db
ODD = ["\x00", "a\x00b", "\ud800", "🙏" * 50, "%", "' OR 1=1 --", "\u202e", "{{ 7*7 }}", "‮"]


@pytest.mark.parametrize("odd", ODD)
def test_odd_words_harm_nothing(cast, at, odd):
    zhou, guest = signed_in(cast, "zhou"), Client()
    group = cast.group["jx3"].id
    odd_bytes = odd.encode("utf-8", "surrogatepass")
    answers = [
        zhou.post(reverse("talk_say", args=[group]), {"text": odd_bytes, "key": odd_bytes}),
        zhou.post(reverse("report"), {"text": odd_bytes, "member": odd_bytes, "behalf": odd_bytes, "key": odd_bytes}),
        zhou.post(reverse("report"), {"text": "灯坏了", "behalf": "home", "home_unit": odd_bytes, "home_room": odd_bytes}),
        zhou.get(reverse("talk_since", args=[group]), {"after": odd_bytes, "before": odd_bytes}),
        zhou.get(reverse("mine"), {"skip": odd_bytes}),
        guest.get(reverse("answers"), {"q": odd_bytes}),
        guest.post(reverse("sign_in"), {"login": odd_bytes, "password": odd_bytes, "next": odd_bytes}),
        guest.post(reverse("phone"), {"phone": odd_bytes}),
        guest.post(reverse("phone"), {"phone": "13900000001", "code": odd_bytes}),
        guest.post(f"/join/{cast.group['jx5'].invite}/", {"nickname": odd_bytes}),
        Client().post(
            reverse("at_building", args=[cast.building["jx3"].qr]),
            {"text": "灯坏了", "unit": odd_bytes, "nickname": odd_bytes, "phone": odd_bytes, "key": odd_bytes},
        ),
        Client().post(
            reverse("at_building", args=[cast.building["jx3"].qr]),
            {"text": "灯坏了", "unit": odd_bytes, "nickname": "路过的人", "key": odd_bytes},
        ),
        Client().post(reverse("report"), {"text": "灯坏了", "community": odd_bytes, "nickname": odd_bytes}),
    ]
    assert all(a.status_code < 500 for a in answers), [a.status_code for a in answers]
    work()
    assert not Message.objects.filter(state=Message.STUCK).exists()
    assert zhou.get(reverse("talk", args=[group])).status_code == 200
    assert zhou.get(reverse("mine")).status_code == 200


@pytest.mark.parametrize("path", ["/q/%00/", "/join/%00/", "/v/%00/", "/welcome/%00/", "/q/%ED%A0%80/", "/join/%F0%9F%99%8F/"])
def test_odd_addresses_are_not_found(cast, at, path):
    assert Client().get(path).status_code in (200, 400, 404)
    assert Client().post(path, {"password": "seven wide doors", "again": "seven wide doors"}).status_code in (400, 404, 405)


def test_a_wrong_file_is_refused_in_plain_words(cast, at):
    from_zhou = signed_in(cast, "zhou")
    for field in ("photos", "voice"):
        bad = _file()
        response = from_zhou.post(
            reverse("talk_say", args=[cast.group["jx3"].id]), {"text": "看", field: bad}, headers={"HX-Request": "true"}
        )
        assert response.status_code == 422 and "不能用" in response.content.decode()
    assert not Message.objects.filter(direction="in").exists()


def _file():
    return SimpleUploadedFile("x.jpg", b"MZ\x90\x00 this is no picture", "image/jpeg")
