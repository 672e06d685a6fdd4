"""Which keys the sealed data needs, and whether the ring at hand really opens it."""

import os
from collections.abc import Iterable, Mapping
from pathlib import Path

from django.apps import apps

from linli.kernel import crypto
from linli.kernel.fields import EncryptedTextField


def sealed_columns() -> set[tuple[str, str]]:
    """(table, column) of every sealed column of the code's tables."""
    return {
        (model._meta.db_table, str(field.column))
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.concrete_fields
        if isinstance(field, EncryptedTextField)
    }


def held() -> dict[str, bytes]:
    """The keys of the environment by id; empty when there is no usable ring."""
    try:
        return dict(crypto.ring().keys)
    except ValueError:
        return {}


def closed(needed: Iterable[str], samples: Mapping[str, str]) -> list[str]:
    """What stands between this ring and the data: ids that it lacks, keys that have the id and do not open the sample."""
    there = held()
    found = []
    for key_id in sorted(needed):
        if key_id not in there:
            found.append(f"缺少钥匙 {key_id}：LINLI_DATA_KEYS 里没有它，用它加密的姓名、电话、照片都打不开")
        elif key_id in samples and not _opens(samples[key_id]):
            found.append(f"钥匙 {key_id} 不对：编号相同，但打不开数据，不是原来那一把")
    return found


def _opens(token: str) -> bool:
    try:
        crypto.ring().open(token)
    except (ValueError, crypto.KeyMissing):
        return False
    return True


def write(path: Path) -> None:
    """Write the environment's keys apart from the backup, readable by their owner only. Raises FileExistsError."""
    names = ("LINLI_SECRET_KEY", crypto.ENV)
    fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(fd, "w", encoding="utf-8") as handle:
        handle.write("".join(f"{name}={os.environ.get(name, '')}\n" for name in names))
        handle.flush()
        os.fsync(handle.fileno())
