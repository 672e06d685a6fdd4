"""Letters against a real SMTP server: taken, refused, silent, dripping, away. No database."""

import json
import ssl
import subprocess
from datetime import datetime

import pytest
from django.core.exceptions import ImproperlyConfigured

from linli.kernel import clock
from linli.notices.outside import mail
from linli.notices.outside.mail import Unsent, Unsure
from tests.notices.outside.postbox import Postbox


@pytest.fixture
def box(settings, monkeypatch):
    found = Postbox()
    settings.LINLI_MAIL_BACKEND, settings.LINLI_MAIL_FROM = "smtp", "linli@example.cn"
    settings.LINLI_MAIL_URL = f"smtp://127.0.0.1:{found.port}"
    monkeypatch.setattr(mail, "SECONDS", 0.5)
    yield found
    found.close()


def send(name="a1"):
    mail.send("li@example.cn", "邻里：工单 JX-0302-1 有一条新消息", "工单 JX-0302-1 有一条新消息。\n.\n.登录以后看：https://x/", name)


def test_a_letter_arrives_as_it_was_written(box):
    send("0a1b")
    [letter] = box.taken
    assert box.to == ["li@example.cn"] and letter["From"] == "linli@example.cn" and letter["Message-ID"] == "<0a1b@example.cn>"
    assert letter["Subject"] == "邻里：工单 JX-0302-1 有一条新消息" and letter["Auto-Submitted"] == "auto-generated"
    assert letter.get_content().splitlines() == ["工单 JX-0302-1 有一条新消息。", ".", ".登录以后看：https://x/"]


def test_it_signs_in_where_a_user_is_named(box, settings):
    settings.LINLI_MAIL_URL = f"smtp://linli:p%40ss@127.0.0.1:{box.port}"
    send()
    assert [h for h in box.heard if h.startswith("AUTH PLAIN ")] and len(box.taken) == 1
    box.refuse["AUTH"] = b"535 no"
    with pytest.raises(Unsent) as exc:
        send()
    assert (str(exc.value), exc.value.again) == ("smtp 535", True)


@pytest.mark.parametrize("step", ["GREET", "MAIL", "RCPT", "DATA", "DOT"])
@pytest.mark.parametrize("answer", [b"451 later", b"550 no"])
def test_a_no_is_surely_unsent(box, step, answer):
    box.refuse[step] = answer
    with pytest.raises(Unsent) as exc:
        send()
    assert box.taken == [] and str(exc.value) == f"smtp {answer[:3].decode()}"
    assert exc.value.again == (answer[:1] == b"4" or step in ("GREET", "DATA"))


@pytest.mark.parametrize("drip", [False, True])
@pytest.mark.parametrize("step", ["GREET", "MAIL", "RCPT", "DATA", "DOT"])
def test_a_silent_or_dripping_server_is_hung_up_on(box, step, drip):
    box.stall, box.drip = step, drip
    with pytest.raises(Unsure if step in ("DATA", "DOT") else Unsent) as exc:
        send()
    assert str(exc.value) == "timeout"


def test_nobody_at_home(box):
    box.close()
    with pytest.raises(Unsent, match="ConnectionRefusedError"):
        send()


def test_neither_letter_nor_password_goes_over_an_open_line(box, settings, monkeypatch):
    monkeypatch.setattr(mail, "LOOPBACK", ())
    settings.LINLI_MAIL_URL = f"smtp://linli:secret@127.0.0.1:{box.port}"
    with pytest.raises(Unsent, match="SMTPNotSupportedError"):
        send()
    assert not [h for h in box.heard if h[:4] in ("AUTH", "MAIL")]


def test_a_certificate_that_nobody_vouches_for_is_refused(box, settings, tmp_path):
    cert, key = tmp_path / "cert.pem", tmp_path / "key.pem"
    made = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1"]
    subprocess.run([*made, "-addext", "subjectAltName=IP:127.0.0.1", "-out", cert, "-keyout", key], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    box.server.socket = context.wrap_socket(box.server.socket, server_side=True)
    settings.LINLI_MAIL_URL = f"smtps://127.0.0.1:{box.port}"
    with pytest.raises(Unsent, match="SSLCertVerificationError"):
        send()
    assert box.taken == []


def test_the_file_and_the_console_hide_what_they_should(settings, tmp_path, capsys):
    settings.LINLI_VAR, settings.LINLI_MAIL_FROM = tmp_path, "linli@example.cn"
    settings.LINLI_MAIL_BACKEND = "file"
    with clock.frozen(datetime(2026, 3, 2, 23, 30)):
        send("0a1b")
    [path] = (tmp_path / "mail").iterdir()
    assert path.name == "2026-03-02.jsonl" and path.stat().st_mode & 0o777 == 0o600
    said = json.loads(path.read_text())
    assert (said["to"], said["id"]) == ("li@example.cn", "<0a1b@example.cn>") and "JX-0302-1" in said["text"]
    settings.LINLI_MAIL_BACKEND = "console"
    send()
    out = capsys.readouterr().out
    assert "l***@example.cn" in out and "li@example.cn" not in out and "JX-0302-1" in out


@pytest.mark.parametrize("backend,url", [("pigeon", ""), ("smtp", ""), ("smtp", "http://x"), ("smtp", "smtp://x:port")])
def test_a_setting_that_means_nothing_is_loud(settings, backend, url):
    settings.LINLI_MAIL_BACKEND, settings.LINLI_MAIL_URL = backend, url
    with pytest.raises(ImproperlyConfigured):
        send()
