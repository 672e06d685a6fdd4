"""Phone codes, personal links and notices on their way outside. Until a vendor is connected: the console, or a file that the tests read.

LINLI_SMS_BACKEND chooses; a code never goes into a log. Call it after the commit of what made the code.
"""

import json
import os
import re
import sys
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from linli.kernel import clock
from linli.kernel.errors import BadInput
from linli.kernel.masking import mask_phone

_PHONE = re.compile(r"1[3-9]\d{9}", re.ASCII)
_SIGN = "邻里"


def send_code(phone: str, code: str, *, minutes: int = 10) -> None:
    """Send a sign-in or proof code, valid for so many minutes, to a mobile number of mainland China.

    Raises BadInput for a number that cannot be one, ImproperlyConfigured for an unknown back end.
    """
    text = f"【{_SIGN}】您的验证码是 {code}，{minutes}分钟内有效。工作人员不会向您要验证码，请不要告诉别人。"
    _send(phone, text)


def send_link(phone: str, link: str) -> None:
    """Send somebody the personal link of a matter that was taken down for her. Raises as `send_code`."""
    _send(phone, f"【{_SIGN}】您反映的事已经登记，点开看进展和结果：{link} 这个链接是给您一个人的。")


def send_notice(phone: str, text: str) -> None:
    """Send a colleague a sentence that names nobody. Raises as `send_code`."""
    _send(phone, f"【{_SIGN}】{text}")


def _send(phone: str, text: str) -> None:
    if not _PHONE.fullmatch(phone):
        raise BadInput("请填写11位手机号码。")
    backend = BACKENDS.get(settings.LINLI_SMS_BACKEND)
    if backend is None:
        raise ImproperlyConfigured(f"LINLI_SMS_BACKEND is one of {', '.join(BACKENDS)}")
    backend(phone, text)


def _console(phone: str, text: str) -> None:
    sys.stdout.write(f"SMS → {mask_phone(phone)}: {text}\n")
    sys.stdout.flush()


def _file(phone: str, text: str) -> None:
    """Append one JSON line to LINLI_VAR/sms/<local day>.jsonl, readable by this user only."""
    now = clock.now()
    folder = Path(settings.LINLI_VAR) / "sms"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    line = json.dumps({"at": now.isoformat(), "phone": phone, "text": text}, ensure_ascii=False) + "\n"
    fd = os.open(folder / f"{clock.local_day(now)}.jsonl", os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    with os.fdopen(fd, "ab") as file:
        file.write(line.encode())  # one write: lines of two processes do not mix


BACKENDS = {"console": _console, "file": _file}
