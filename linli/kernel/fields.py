"""Model fields for personal columns: encrypted at rest from their first migration (architecture.md §6)."""

from typing import Any

from django.db import models

from linli.kernel import crypto


class EncryptedTextField(models.TextField):
    """Text sealed with the key ring in the database and plain in Python. It cannot be filtered on."""

    def get_prep_value(self, value: Any) -> Any:
        return value if value is None else crypto.ring().seal(str(value))

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        return value if value is None else crypto.ring().open(value)

    def get_lookup(self, lookup_name: str) -> Any:
        return super().get_lookup(lookup_name) if lookup_name == "isnull" else None


class BlindIndexField(models.CharField):
    """Beside an encrypted column: `crypto.ring().index(plain)`, for finding by equality only."""

    def __init__(self, *args: Any, **kwargs: Any):
        kwargs.setdefault("max_length", 32)
        kwargs.setdefault("blank", True)
        kwargs.setdefault("default", "")
        super().__init__(*args, **kwargs)
