"""Tables of sign-in."""

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models

from linli.kernel import ids
from linli.kernel.fields import BlindIndexField, EncryptedTextField


class AccountManager(BaseUserManager["Account"]):
    """Accounts are made by `accounts.actions`; this only serves Django's sign-in."""

    def get_by_natural_key(self, username: str | None) -> "Account":
        return self.get(login=username)


class Account(AbstractBaseUser):
    """AUTH_USER_MODEL. kind: staff (has posts in `grid`) or resident (has members in `groups`)."""

    STAFF, RESIDENT = "staff", "resident"

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    login = models.CharField(max_length=64, unique=True)
    kind = models.CharField(max_length=8, choices=[(STAFF, "staff"), (RESIDENT, "resident")])
    name = EncryptedTextField(default="", blank=True)
    phone = EncryptedTextField(default="", blank=True)
    phone_index = BlindIndexField(db_index=True)
    phone_proved_at = models.DateTimeField(null=True)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField()

    USERNAME_FIELD = "login"
    objects = AccountManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["phone_index"], name="phone_of_one_account",
                condition=models.Q(phone_proved_at__isnull=False) & ~models.Q(phone_index=""),
            )
        ]  # fmt: skip


class PhoneCode(models.Model):
    """A six-digit code sent to a number: hashed, five tries, ten minutes."""

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    phone_index = BlindIndexField(db_index=True)
    code_hash = models.CharField(max_length=64)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    tries = models.SmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True)


class OneTimeLink(models.Model):
    """A link that signs an account in once (first administrator, new worker, lost password); only its hash is kept."""

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    account = models.ForeignKey(Account, on_delete=models.CASCADE)
    token_hash = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)


class ApiKey(models.Model):
    """A machine's key: it acts as its account, with that account's rights. Only the hash is kept."""

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    account = models.ForeignKey(Account, on_delete=models.CASCADE)
    name = models.CharField(max_length=64)
    key_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
