"""One-time links for colleagues who have no password yet, and the groups' invitations, in a file of their own."""

import csv
import io
import os
from pathlib import Path
from urllib.parse import urlsplit

from django.db.models import Q
from openpyxl import Workbook
from openpyxl.utils import get_column_letter

from linli.accounts.actions import make_one_time_link
from linli.accounts.models import Account, OneTimeLink
from linli.groups.models import Group
from linli.kernel import clock
from linli.kernel.actors import SYSTEM
from linli.site import env
from linli.site.saving.manifest import Broken

PEOPLE = ("登录名", "姓名", "手机", "一次性链接（设密码用）")
GROUPS = ("群名", "方式", "邀请链接（发给居民）")


def base_url(given: str = "") -> str:
    """Where people open the pages: what was given, else the first public host of LINLI_HOSTS, else this machine.

    Raises Broken for an address that is none.
    """
    if given:
        parts = urlsplit(given)
        if parts.scheme not in ("http", "https") or not parts.netloc:
            raise Broken(f"网址“{given}”不对，请写成 https://linli.example.gov.cn 这样。")
        return given.rstrip("/")
    return env.address()


def link(account: Account, base: str, hours: int) -> str:
    """A fresh one-time link of one account."""
    return f"{base}/welcome/{make_one_time_link(by=SYSTEM, account=account, hours=hours)}/"


def waiting() -> list[Account]:
    """Colleagues who cannot sign in yet: no password, and no link that still works."""
    live = OneTimeLink.objects.filter(used_at=None, expires_at__gt=clock.wall()).values("account_id")
    staff = Account.objects.filter(Q(kind=Account.STAFF, is_active=True) & ~Q(id__in=live)).order_by("login")
    return [a for a in staff if not a.has_usable_password()]


def rows_of_people(base: str, hours: int) -> list[tuple[str, ...]]:
    """A link for each who waits; must run in a transaction."""
    return [(a.login, a.name, a.phone, link(a, base, hours)) for a in waiting()]


def rows_of_groups(base: str) -> list[tuple[str, ...]]:
    """The invitations of all groups."""
    channel = {Group.PAGE: "网页群", Group.RELAY: "微信群"}
    return [
        (g.name, channel[g.channel], f"{base}/join/{g.invite}/") for g in Group.objects.order_by("name", "id")
    ]


class LinksFile:
    """Made before anything is written to the database, so that no link is lost for want of a place to write it."""

    def __init__(self, path: Path):
        if path.suffix not in (".xlsx", ".csv"):
            raise Broken("--links 的文件名要以 .xlsx 或 .csv 结尾。")
        try:
            self.fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            raise Broken(f"{path} 已经存在，没有覆盖：里面的链接可能还没发出去。") from None
        except OSError as exc:
            raise Broken(f"写不了 {path}：{exc.strerror}。") from exc
        self.path = path

    def write(self, people: list[tuple[str, ...]], groups: list[tuple[str, ...]]) -> None:
        """Both lists, safely on the disk when this returns."""
        data = _csv(people, groups) if self.path.suffix == ".csv" else _xlsx(people, groups)
        with os.fdopen(self.fd, "wb") as handle:
            handle.write(data)
            handle.flush()
            os.fsync(handle.fileno())

    def drop(self) -> None:
        """Nothing came of it."""
        self.path.unlink(missing_ok=True)


def _csv(people: list[tuple[str, ...]], groups: list[tuple[str, ...]]) -> bytes:
    out = io.StringIO()
    rows = csv.writer(out)
    rows.writerows([_harmless(v) for v in row] for row in (PEOPLE, *people, (), GROUPS, *groups))
    return out.getvalue().encode("utf-8-sig")


def _xlsx(people: list[tuple[str, ...]], groups: list[tuple[str, ...]]) -> bytes:
    book = Workbook()
    book.remove(book.worksheets[0])
    for title, head, rows in (("人员", PEOPLE, people), ("群", GROUPS, groups)):
        page = book.create_sheet(title)
        for row in (head, *rows):
            page.append([_harmless(v) for v in row])
        for number in range(1, len(head) + 1):
            page.column_dimensions[get_column_letter(number)].width = 60 if number == len(head) else 20
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _harmless(text: str) -> str:
    """A name that begins like a formula stays a name."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@") else text
