"""A colleague's own page: how she wants to be told."""

from django.test import Client

from linli.notices.models import Notice, Way
from tests.desk import opened, sign_in, text


def test_she_chooses_for_herself(cast, at, settings):
    settings.LINLI_MAIL_BACKEND = "file"
    li = sign_in(cast, "li_min")
    said = text(li.get("/desk/me/"))
    assert "还没有接短信服务商" in said and "22:00 到 07:00 不打扰您" in said and "08:30" in said
    assert cast.account["li_min"].phone not in li.get("/desk/me/").content.decode()
    done = li.post("/desk/me/", {"mail_how": "digest", "mail": " li@example.cn ", "sms_how": "urgent"})
    assert done.status_code == 302 and "记下了" in text(li.get(done["Location"]))
    page = li.get("/desk/me/").content.decode()
    assert 'name="mail_how" value="digest" checked' in page and 'name="sms_how" value="urgent" checked' in page
    assert 'value="li@example.cn"' in page
    assert "li@example.cn" not in sign_in(cast, "zhao_hui").get("/desk/me/").content.decode()


def test_a_wrong_address_changes_nothing_and_keeps_what_she_typed(cast, at, settings):
    settings.LINLI_MAIL_BACKEND = "file"
    li = sign_in(cast, "li_min")
    answer = li.post("/desk/me/", {"mail_how": "each", "mail": "li@example", "sms_how": "urgent"})
    assert answer.status_code == 422 and "邮箱地址好像不对" in text(answer) and 'value="li@example"' in answer.content.decode()
    assert 'name="mail_how" value="each" checked' in answer.content.decode()
    assert not Way.objects.exists()
    assert li.post("/desk/me/", {"mail_how": "off", "mail": "", "sms_how": "hourly"}).status_code == 422
    assert not Way.objects.exists()


def test_where_there_is_no_mail_it_says_so(cast, at, settings):
    settings.LINLI_MAIL_BACKEND = "off"
    li = sign_in(cast, "li_min")
    assert "没有开通邮件提醒" in text(li.get("/desk/me/")) and "mail_how" not in li.get("/desk/me/").content.decode()
    li.post("/desk/me/", {"mail_how": "each", "mail": "li@example.cn", "sms_how": "each"})
    assert list(Way.objects.values_list("channel", flat=True)) == ["sms"]
    assert sign_in(cast, "zhou").get("/desk/me/").status_code == 403


def test_the_link_of_a_letter_leads_through_the_sign_in(cast, at, deliver):
    order = opened(cast)
    deliver()
    notice = Notice.objects.get(account_id=cast.account["li_min"].id)
    there = f"/desk/notices/{notice.id}/"
    guest = Client()
    for page in (there, "/desk/notices/", "/desk/me/"):
        assert guest.get(page)["Location"] == f"/sign-in/?next={page}"
    assert Notice.objects.get().read_at is None, "who is not signed in reads nothing"
    li = cast.account["li_min"]
    li.set_password("correct horse battery")
    li.save()
    answer = guest.post("/sign-in/", {"login": li.login, "password": "correct horse battery", "next": there}, REMOTE_ADDR="127.0.0.1")
    assert answer["Location"] == there and guest.get(there)["Location"] == f"/desk/orders/{order.id}/"
