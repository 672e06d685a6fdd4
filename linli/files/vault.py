"""Sealed files in LINLI_FILES, two levels of folders, named by the SHA-256 of what they hold.

A file is `LNL1`, the length of the key id, the key id, then nonce ‖ ciphertext ‖ tag (see kernel.crypto).
"""

import hashlib
import os
from pathlib import Path

from django.conf import settings

from linli.kernel import crypto, ids
from linli.kernel.errors import LinliError, NotFound

MAGIC = b"LNL1"


class Unreadable(LinliError):
    """The file is there, but its key is not in the ring or its bytes were changed."""

    code, status = "unreadable", 503
    message = "这份图片或录音暂时打不开，请告诉系统管理员。"


def path_of(sha256: str) -> Path:
    """Where the content of that name lies."""
    return Path(settings.LINLI_FILES) / sha256[:2] / sha256[2:4] / sha256


def put(data: bytes) -> str:
    """Seal and write; on return the file is whole on the disk. The same content twice is one file. Returns its name."""
    name = hashlib.sha256(data).hexdigest()
    path = path_of(name)
    if path.exists():
        try:
            get(name)
            return name
        except Unreadable:
            pass  # its key was lost or its bytes decayed: now that the content is here again, write it again
    key_id, sealed = crypto.ring().seal_bytes(data)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    temp = path.with_name(f".{ids.new()}.part")
    try:
        fd = os.open(temp, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(fd, "wb") as file:
            file.write(MAGIC + bytes([len(key_id)]) + key_id.encode() + sealed)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temp, path)
    except BaseException:
        temp.unlink(missing_ok=True)
        raise
    for folder in (path.parent, path.parent.parent, path.parent.parent.parent):
        _sync(folder)
    return name


def key_id_of(sha256: str) -> str:
    """Which key a file needs; for backup and doctor. Raises NotFound, Unreadable."""
    return _parts(sha256)[0]


def get(sha256: str) -> bytes:
    """The content, proved to be what the name says. Raises NotFound, Unreadable."""
    key_id, sealed = _parts(sha256)
    try:
        data = crypto.ring().open_bytes(key_id, sealed)
    except (crypto.KeyMissing, ValueError) as closed:
        raise Unreadable() from closed
    if hashlib.sha256(data).hexdigest() != sha256:
        raise Unreadable()
    return data


def drop(sha256: str) -> None:
    """The content is needed no more. Only for what no Blob names."""
    path_of(sha256).unlink(missing_ok=True)


def _parts(sha256: str) -> tuple[str, bytes]:
    try:
        raw = path_of(sha256).read_bytes()
    except FileNotFoundError:
        raise NotFound("这份图片或录音已经不在了。") from None
    if raw[:4] != MAGIC or len(raw) < 5:
        raise Unreadable()
    end = 5 + raw[4]
    return raw[5:end].decode("ascii", "replace"), raw[end:]


def _sync(folder: Path) -> None:
    """Make a rename in the folder outlive a power cut."""
    fd = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)
