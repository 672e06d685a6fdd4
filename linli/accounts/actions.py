"""The only writer of accounts."""

import hashlib
import hmac
import secrets
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.db.models import F
from django.utils.crypto import salted_hmac

from linli.accounts.models import Account, ApiKey, OneTimeLink, PhoneCode
from linli.kernel import clock, crypto, ids, locks
from linli.kernel.actors import Actor
from linli.kernel.errors import BadInput, Conflict, NotFound, TooMany
from linli.ledger.record import Row, record

CODE_MINUTES = 10
CODES_AN_HOUR = 5
CODE_TRIES = 5
KEY_DAYS = 365


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _code_hash(phone_index: str, code: str) -> str:
    return salted_hmac("linli.phone-code", f"{phone_index}:{code}", algorithm="sha256").hexdigest()


def clean_phone(phone: str) -> str:
    """Digits of a mainland mobile or fixed number. Raises BadInput with a plain sentence."""
    digits = "".join(c for c in phone.translate(str.maketrans("０１２３４５６７８９", "0123456789")) if c.isdigit())
    if digits.startswith("86") and len(digits) == 13:
        digits = digits[2:]
    if not (7 <= len(digits) <= 12):
        raise BadInput("电话号码好像不对，请再看一眼。", "bad_phone")
    return digits


@transaction.atomic
def add_account(*, by: Actor, kind: str, login: str = "", name: str = "", phone: str = "", password: str | None = None, encoded: str = "") -> Account:
    """Make an account; without a password nobody can sign in with one. Raises Conflict when the login is taken.

    encoded: a password that `make_password` has hashed before, where many accounts are made at once.
    """
    account_id = ids.new()
    digits = clean_phone(phone) if phone else ""
    try:
        with transaction.atomic():
            account = Account.objects.create(
                id=account_id, kind=kind, login=login or f"r-{account_id.hex}", name=name.strip(),
                phone=digits, phone_index=crypto.ring().index(digits), created_at=clock.now(),
                password=encoded or make_password(password),
            )  # fmt: skip
    except IntegrityError as exc:
        raise Conflict("这个登录名已经有人用了。", "login_taken") from exc
    record(by, "accounts.add_account", Row("account", account.id, facts={"kind": kind}))
    return account


@transaction.atomic
def make_one_time_link(*, by: Actor, account: Account, hours: int = 72) -> str:
    """Return the token of a link that signs the account in once within so many hours; an earlier one ends."""
    _end_links(account)
    token = secrets.token_urlsafe(24)
    OneTimeLink.objects.create(
        account=account, token_hash=_hash(token), expires_at=clock.wall() + timedelta(hours=hours)
    )
    record(by, "accounts.make_one_time_link", Row("account", account.id, facts={"hours": hours}))
    return token


@transaction.atomic
def use_one_time_link(*, token: str, password: str) -> Account:
    """Set a password by a one-time link and use it up. Raises NotFound, or BadInput for a weak password."""
    link = OneTimeLink.objects.select_related("account").filter(token_hash=_hash(token), used_at=None).first()
    if link is None or link.expires_at <= clock.wall() or not link.account.is_active:
        raise NotFound("这个链接已经用过或过期了，请让管理员再发一个。", "link_gone")
    account = link.account
    try:
        validate_password(password, account)
    except ValidationError as exc:
        raise BadInput("密码至少 10 位，不要太常见。", "weak_password") from exc
    if not OneTimeLink.objects.filter(id=link.id, used_at=None).update(used_at=clock.wall()):
        raise NotFound("这个链接已经用过了。", "link_gone")
    account.set_password(password)
    account.save(update_fields=["password"])
    record(Actor("worker", account.id), "accounts.use_one_time_link", Row("account", account.id))
    return account


@transaction.atomic
def add_api_key(*, by: Actor, account: Account, name: str, days: int = KEY_DAYS) -> tuple[ApiKey, str]:
    """A key by which a machine acts as this account for so many days; the key itself is shown this once.

    Raises BadInput for a resident's or a stopped account, a key without a name, or a time that is none.
    """
    if account.kind != Account.STAFF or not account.is_active:
        raise BadInput("只能给在用的工作人员账号发接口钥匙。", "bad_account")
    if not name.strip() or not 1 <= days <= 3650:
        raise BadInput("请写明这把钥匙给谁用，有效期 1 到 3650 天。", "bad_key")
    key, now = f"lk_{secrets.token_urlsafe(32)}", clock.wall()
    made = ApiKey.objects.create(
        account=account, name=name.strip()[:64], key_hash=_hash(key), created_at=now, expires_at=now + timedelta(days=days)
    )
    record(by, "accounts.add_api_key", Row("account", account.id, facts={"key": str(made.id), "days": days}))
    return made, key


@transaction.atomic
def end_api_key(*, by: Actor, key_id: UUID) -> None:
    """From now on the key opens nothing. Raises NotFound when there is no such key in use."""
    made = ApiKey.objects.filter(id=key_id, ended_at=None).first()
    if made is None or not ApiKey.objects.filter(id=key_id, ended_at=None).update(ended_at=clock.wall()):
        raise NotFound("没有这把在用的钥匙。", "key_gone")
    record(by, "accounts.end_api_key", Row("account", made.account_id, facts={"key": str(key_id)}))


@transaction.atomic
def send_phone_code(*, phone: str) -> tuple[str, str]:
    """Make a code for a number, which ends the one before; returns (digits, code) for the caller to send. Raises TooMany, BadInput."""
    digits = clean_phone(phone)
    index, now = crypto.ring().index(digits), clock.wall()
    locks.queue(f"phone-code:{index}")
    PhoneCode.objects.filter(phone_index=index, used_at=None, expires_at__gt=now).update(expires_at=now)
    recent = PhoneCode.objects.filter(phone_index=index, created_at__gt=now - timedelta(hours=1)).count()
    if recent >= CODES_AN_HOUR:
        raise TooMany("验证码发得太多了，请一小时后再试。", "too_many_codes")
    code = f"{secrets.randbelow(1_000_000):06d}"
    PhoneCode.objects.create(
        phone_index=index, code_hash=_code_hash(index, code), created_at=now,
        expires_at=now + timedelta(minutes=CODE_MINUTES),
    )  # fmt: skip
    return digits, code


def check_phone_code(*, phone: str, code: str) -> str:
    """Use up a code; returns the digits. Raises BadInput for a wrong or old one. A wrong try is counted for good."""
    digits = clean_phone(phone)
    index, now = crypto.ring().index(digits), clock.wall()
    row = PhoneCode.objects.filter(phone_index=index, used_at=None, expires_at__gt=now).order_by("-id").first()
    # The try is taken before it is looked at: a hundred guesses at the same moment are five as well.
    if row is None or not PhoneCode.objects.filter(id=row.id, tries__lt=CODE_TRIES).update(tries=F("tries") + 1):
        raise BadInput("验证码过期了，请重新获取。", "code_gone")
    if not hmac.compare_digest(row.code_hash, _code_hash(index, code.strip())):
        raise BadInput("验证码不对，请再看一眼短信。", "code_wrong")
    if not PhoneCode.objects.filter(id=row.id, used_at=None).update(used_at=now):
        raise BadInput("验证码已经用过了。", "code_gone")
    return digits


def prove_phone(*, by: Actor, account_id: UUID, phone: str, code: str) -> Account:
    """Tie a proved number to an account; if another resident's account has it, that account is returned instead,
    so that another phone of the same person comes back to her own matters.

    The code is checked outside the transaction: a wrong try must stay counted although the call fails.
    """
    digits = check_phone_code(phone=phone, code=code)
    return _tie_phone(by, account_id, digits)


@transaction.atomic
def _tie_phone(by: Actor, account_id: UUID, digits: str) -> Account:
    index = crypto.ring().index(digits)
    other = Account.objects.filter(phone_index=index, phone_proved_at__isnull=False, kind=Account.RESIDENT).first()
    if other and other.id != account_id:
        return other
    account = Account.objects.get(id=account_id)
    account.phone, account.phone_index, account.phone_proved_at = digits, index, clock.now()
    account.save(update_fields=["phone", "phone_index", "phone_proved_at"])
    record(by, "accounts.prove_phone", Row("account", account.id))
    return account


@transaction.atomic
def change_account(*, by: Actor, account_id: UUID, name: str | None = None, phone: str | None = None, active: bool | None = None) -> Account:
    """Change a person's name or number, stop the account or start it again. A stopped account's unused links end with it.
    Raises NotFound, BadInput."""
    rows = Account.objects.filter(id=account_id)
    account = (rows.select_for_update() if connection.features.has_select_for_update else rows).first()
    if account is None:
        raise NotFound()
    wanted: dict[str, Any] = {}
    if name is not None:
        wanted["name"] = name.strip()
    if phone is not None:
        wanted["phone"] = clean_phone(phone) if phone.strip() else ""
    if active is not None:
        wanted["is_active"] = active
    changed = [k for k, v in wanted.items() if getattr(account, k) != v]
    if not changed:
        return account
    for field in changed:
        setattr(account, field, wanted[field])
    written = list(changed)
    if "phone" in changed:
        account.phone_index = crypto.ring().index(account.phone)
        account.phone_proved_at = None  # what somebody else wrote down is proved by nobody
        written += ["phone_index", "phone_proved_at"]
    account.save(update_fields=written)
    if not account.is_active:
        _end_links(account)
    named = [{"is_active": "active"}.get(k, k) for k in changed]
    record(by, "accounts.change_account", Row("account", account.id, facts={"fields": named}))
    return account


def _end_links(account: Account) -> None:
    OneTimeLink.objects.filter(account=account, used_at=None, expires_at__gt=clock.wall()).update(expires_at=clock.wall())
