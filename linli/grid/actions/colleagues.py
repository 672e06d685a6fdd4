"""Colleagues' accounts as the desk changes them: name, number, stopped and started again, a new link to sign in."""

from uuid import UUID

from django.db import transaction

from linli.accounts import actions as accounts
from linli.accounts.models import Account
from linli.grid import access
from linli.grid.actions.common import locked, row_at, words
from linli.grid.actions.posts import keep_an_admin
from linli.grid.seen import check, seen_of
from linli.kernel import clock
from linli.kernel.actors import Actor
from linli.kernel.errors import Conflict, NotFound
from linli.ledger.record import record


def _colleague(account_id: UUID) -> Account:
    account = locked(Account.objects.filter(id=account_id, kind=Account.STAFF)).first()
    if account is None:
        raise NotFound("没有找到这位同事。")
    return account


@transaction.atomic
def change_colleague(
    *, by: Actor, account_id: UUID, name: str | None = None, phone: str | None = None, active: bool | None = None,
    seen: str | None = None,
) -> Account:  # fmt: skip
    """Change a colleague's name or number, stop her account (she is signed out at once, her posts stay) or start it again.

    Raises NotFound for whoever is no colleague, Forbidden, Stale, BadInput; Conflict for one's own account and for the
    last administrator's.
    """
    area = access.home_area(account_id)
    access.ask(by, "change_colleague", area)
    if active is False:
        if by.id == account_id:
            raise Conflict("不能停用自己的账号，请另一位系统管理员来办。", "own_account")
        keep_an_admin(clock.today(), account_id=account_id)
    account = _colleague(account_id)
    check(seen_of(account), seen)
    if name is not None:
        name = words(name, "姓名", 32)
    before = (account.name, account.phone, account.is_active)
    account = accounts.change_account(by=by, account_id=account_id, name=name, phone=phone, active=active)
    now = (account.name, account.phone, account.is_active)
    changed = [f for f, a, b in zip(("name", "phone", "active"), before, now, strict=True) if a != b]
    if changed:
        facts = {"fields": changed} | ({"active": account.is_active} if "active" in changed else {})
        record(by, "grid.change_colleague", row_at("account", account_id, area, facts))
    return account


@transaction.atomic
def renew_link(*, by: Actor, account_id: UUID) -> str:
    """The token of a new one-time link by which a colleague chooses her password; an earlier link ends. Raises NotFound,
    Forbidden; Conflict for a stopped account."""
    area = access.home_area(account_id)
    access.ask(by, "renew_link", area)
    account = _colleague(account_id)
    if not account.is_active:
        raise Conflict("这个账号停用了，先恢复再发链接。", "stopped")
    token = accounts.make_one_time_link(by=by, account=account)
    record(by, "grid.renew_link", row_at("account", account_id, area))
    return token
