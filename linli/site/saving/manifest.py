"""manifest.json: what a backup holds, how much of it, and which keys it needs. It holds no key and no personal data."""

import hashlib
import json
import os
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

FORMAT = 1
NAME = "manifest.json"


class Broken(Exception):
    """A backup cannot be made, read or restored; the message is a plain Chinese sentence."""


@dataclass
class Manifest:
    """tables: name → {rows, sha256, columns}; files: path below `files/` → [bytes, sha256 of the sealed bytes]."""

    version: str
    made_at: str
    vendor: str
    migrations: list[list[str]] = field(default_factory=list)
    tables: dict[str, dict[str, Any]] = field(default_factory=dict)
    database: dict[str, Any] = field(default_factory=dict)
    files: dict[str, list[Any]] = field(default_factory=dict)
    missing_files: list[str] = field(default_factory=list)
    key_ids: list[str] = field(default_factory=list)
    format: int = FORMAT
    product: str = "linli"

    def write(self, folder: Path) -> None:
        """Write it with its own seal, readable by its owner only, and onto the disk."""
        body = asdict(self)
        body["seal"] = _seal(body)
        text = json.dumps(body, ensure_ascii=False, indent=1, sort_keys=True)
        fd = os.open(folder / NAME, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(fd, "w", encoding="utf-8") as handle:
            handle.write(text)
            handle.flush()
            os.fsync(handle.fileno())


def _seal(body: dict[str, Any]) -> str:
    text = json.dumps({k: v for k, v in body.items() if k != "seal"}, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def read(folder: Path) -> Manifest:
    """The manifest of a backup. Raises Broken when it is not there, changed, or newer than this code."""
    path = folder / NAME
    try:
        body = json.loads(path.read_text(encoding="utf-8"))
        seal = body.pop("seal")
    except FileNotFoundError:
        raise Broken(f"{folder} 里没有 {NAME}，不是一份完整的备份。") from None
    except (OSError, ValueError, KeyError, AttributeError) as exc:
        raise Broken(f"{path} 读不出来，可能已经损坏。") from exc
    if seal != _seal(body):
        raise Broken(f"{path} 被改动过或已经损坏（校验值不符）。")
    if body.get("product") != "linli" or body.get("format") != FORMAT:
        raise Broken(f"{path} 的格式是 {body.get('format')}，这个版本的 linli 只认识 {FORMAT}。")
    return Manifest(**body)


def sha256_of(path: Path) -> str:
    """SHA-256 of a file's bytes."""
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()
